//! The browsers' connections: which one waits for its client, and a stream that a handler can reset.
//!
//! The server itself answers every request. The stand-in's faults include connections that are reset
//! before the answer or in the middle of it, as they occur on real networks.

use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// One connection. Handlers get it as an extension of the request.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: IpAddr,
    opened: Instant,
    /// Milliseconds from `opened` to the last byte that was read or written.
    last_active: AtomicU64,
    /// Whether a request is being answered.
    in_request: AtomicBool,
    /// Whether the client does not accept what is written.
    blocked: AtomicBool,
    reset: AtomicBool,
    close: Notify,
}

impl Connection {
    fn new(client: IpAddr) -> Self {
        Self {
            client,
            opened: Instant::now(),
            last_active: AtomicU64::default(),
            in_request: AtomicBool::default(),
            blocked: AtomicBool::default(),
            reset: AtomicBool::default(),
            close: Notify::default(),
        }
    }

    /// Stops all sending. The connection is reset when the server drops it.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }

    /// Completes when the server needs the connection for another client.
    pub(crate) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Says whether a request is being answered.
    pub(crate) fn set_in_request(&self, in_request: bool) {
        self.in_request.store(in_request, Ordering::Relaxed);
    }

    fn is_reset(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }

    fn transferred(&self) {
        let elapsed = self.opened.elapsed().as_millis();
        let elapsed = u64::try_from(elapsed).unwrap_or(u64::MAX);
        self.last_active.store(elapsed, Ordering::Relaxed);
    }

    /// The time since the last byte.
    fn silence(&self) -> Duration {
        let last_active = Duration::from_millis(self.last_active.load(Ordering::Relaxed));
        self.opened.elapsed().saturating_sub(last_active)
    }

    /// Whether it is the client who must do something: send a request, or take its answer.
    fn waits_for_client(&self) -> bool {
        self.blocked.load(Ordering::Relaxed) || !self.in_request.load(Ordering::Relaxed)
    }

    /// Whether there is neither a request to answer nor an answer to send.
    fn is_done(&self) -> bool {
        !self.blocked.load(Ordering::Relaxed) && !self.in_request.load(Ordering::Relaxed)
    }
}

/// All open connections.
#[derive(Debug, Default, Clone)]
pub(crate) struct Connections(Arc<Mutex<Vec<Arc<Connection>>>>);

impl Connections {
    pub(crate) fn open(&self, client: IpAddr) -> OpenConnection {
        let connection = Arc::new(Connection::new(client));
        self.lock().push(Arc::clone(&connection));
        OpenConnection {
            connection,
            all: self.clone(),
        }
    }

    /// Closes the connection that has waited longest for its client. False if none waits.
    pub(crate) fn close_longest_waiting(&self) -> bool {
        let mut all = self.lock();
        let waiting = all.iter().enumerate();
        let waiting = waiting.filter(|(_, one)| one.waits_for_client());
        let Some((_, index)) = waiting.map(|(index, one)| (one.silence(), index)).max() else {
            return false;
        };
        // Removed here, so that the next call finds another.
        all.swap_remove(index).close.notify_one();
        true
    }

    /// Closes the connections that have waited this long for a request.
    pub(crate) fn close_idle(&self, least: Duration) {
        for connection in self.lock().iter() {
            if connection.is_done() && connection.silence() >= least {
                connection.close.notify_one();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        // No holder of the lock can leave the list inconsistent, so a poisoned lock is usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection as long as it is open.
pub(crate) struct OpenConnection {
    pub(crate) connection: Arc<Connection>,
    all: Connections,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut all = self.all.lock();
        all.retain(|other| !Arc::ptr_eq(other, &self.connection));
    }
}

/// A TCP stream that fails to write once its connection is reset.
pub(crate) struct Stream {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl Stream {
    pub(crate) fn new(stream: TcpStream, connection: Arc<Connection>) -> Self {
        // Send small answers at once. If the option cannot be set, they only come later.
        let _ = stream.set_nodelay(true);
        Self { stream, connection }
    }

    fn write(
        &mut self,
        write: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.connection.is_reset() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let result = write(Pin::new(&mut self.stream));
        let blocked = result.is_pending();
        self.connection.blocked.store(blocked, Ordering::Relaxed);
        if !blocked {
            self.connection.transferred();
        }
        result
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
        self.connection.transferred();
        Poll::Ready(result)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(|stream| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(|stream| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.connection.is_reset() {
            // Makes the close a reset. If the option cannot be set, the connection still closes
            // before its answer is complete.
            let _ = self.stream.set_zero_linger();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_connection_with_a_request_is_not_closed_for_another() {
        let connections = Connections::default();
        let busy = connections.open(Ipv4Addr::LOCALHOST.into());
        busy.connection.set_in_request(true);
        assert!(!connections.close_longest_waiting());
        let waiting = connections.open(Ipv4Addr::LOCALHOST.into());
        assert!(connections.close_longest_waiting());
        assert!(!connections.close_longest_waiting());
        drop(waiting);
        // A client that does not read holds its connection no longer than one that does not write.
        busy.connection.blocked.store(true, Ordering::Relaxed);
        assert!(!busy.connection.is_done());
        assert!(connections.close_longest_waiting());
    }
}
