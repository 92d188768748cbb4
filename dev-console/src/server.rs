//! The accept loop: hyper with timers, a cap on connections, and an end that lets requests finish.
//!
//! `axum::serve` sets no timer, without which hyper's header timeout does nothing, and has no cap.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_io_timeout::TimeoutStream;

use crate::connection::{Connections, OpenConnection, Stream};
use crate::exchange::Exchanges;

/// The maximum number of connections. A request may need two more for the upstream and the stand-in,
/// so that this fits into 1,024 open files, the usual limit of a process.
const MAX_CONNECTIONS: usize = 256;

/// The time for the head of a request, which includes the wait for it: it ends idle connections too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a client may accept no byte of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);

/// The maximum size of a request's head.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// The pause before another try to let a connection in, such as after too many open files.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    exchanges: Exchanges,
    mut stop: oneshot::Receiver<()>,
    stop_timeout: Duration,
) {
    let graceful = GracefulShutdown::new();
    let mut gate = Gate {
        listener,
        connections: Connections::default(),
        permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        warned: None,
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(MAX_HEAD_BYTES)
        .max_buf_size(2 * MAX_HEAD_BYTES);
    loop {
        // A dropped sender stops the server too: nothing could stop it later.
        let accepted = tokio::select! {
            accepted = gate.accept() => accepted,
            _ = &mut stop => break,
        };
        let Some((stream, permit, open)) = accepted else {
            continue;
        };
        let connection = serve_connection(
            &http,
            stream,
            open,
            router.clone(),
            exchanges.clone(),
            graceful.watcher(),
        );
        tokio::spawn(async move {
            connection.await;
            drop(permit);
        });
    }
    let connections = gate.connections.clone();
    drop(gate);
    let mut ended = pin!(graceful.shutdown());
    let stopped = Instant::now();
    while stopped.elapsed() < stop_timeout {
        if tokio::time::timeout(PAUSE, &mut ended).await.is_ok() {
            return;
        }
        // Whoever has sent half a head is not waited for.
        connections.close_idle(Duration::from_millis(500));
    }
    tracing::warn!("requests were still under way when the console stopped");
}

/// Lets connections in.
struct Gate {
    listener: TcpListener,
    connections: Connections,
    permits: Arc<Semaphore>,
    /// When the log last said that the limit was hit.
    warned: Option<Instant>,
}

impl Gate {
    /// Accepts a connection and makes room for it. At the cap, the connection that has waited longest
    /// for its client is closed: whoever sends half a request, or does not take the answer, must not
    /// keep others out.
    async fn accept(&mut self) -> Option<(TcpStream, OwnedSemaphorePermit, OpenConnection)> {
        let (stream, address) = match self.listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_client(&error) {
                    self.connections.close_longest_waiting();
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
                return None;
            }
        };
        let permit = loop {
            let permits = Arc::clone(&self.permits);
            if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
                break permit;
            }
            self.warn();
            self.connections.close_longest_waiting();
            // None may wait now, and one a moment later.
            if let Ok(permit) = tokio::time::timeout(PAUSE, permits.acquire_owned()).await {
                break permit.ok()?;
            }
        };
        Some((stream, permit, self.connections.open(address.ip())))
    }

    /// Says that the limit was hit, at most once a second: the log must not be flooded too.
    fn warn(&mut self) {
        let second = Duration::from_secs(1);
        if self.warned.is_none_or(|warned| warned.elapsed() > second) {
            self.warned = Some(Instant::now());
            tracing::warn!(limit = MAX_CONNECTIONS, "the limit of connections was hit");
        }
    }
}

/// Whether an accept failed because of the client.
fn is_of_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}

fn serve_connection(
    http: &http1::Builder,
    stream: TcpStream,
    open: OpenConnection,
    router: Router,
    exchanges: Exchanges,
    watcher: Watcher,
) -> impl Future<Output = ()> + use<> {
    let connection = Arc::clone(&open.connection);
    let mut stream = TimeoutStream::new(Stream::new(stream, Arc::clone(&connection)));
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let request = request.map(Body::new);
        let exchange = exchanges.answer(router.clone(), request, Arc::clone(&connection));
        async move { Ok::<_, Infallible>(exchange.await) }
    });
    let served = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
    let served = watcher.watch(served);
    async move {
        tokio::select! {
            // A client that goes away is no fault of the console.
            _ = served => {}
            () = open.connection.closed() => {}
        }
    }
}
