//! The sessions of signed-in users, kept on the server, and the cookie with the session id.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};

use crate::random;
use crate::token::Token;

/// The name of the session cookie.
pub const COOKIE_NAME: &str = "console_session";

/// The number of sessions at which a new one ends the oldest.
pub(crate) const MAX_SESSIONS: usize = 1000;

/// How long a session lives without a request.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(8 * 60 * 60);

/// The id of a session: 256 random bits from the operating system, in hexadecimal. The id is a
/// credential, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(String);

impl SessionId {
    fn random() -> Result<Self, getrandom::Error> {
        random::hex::<32>().map(Self)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionId(redacted)")
    }
}

/// The session of a signed-in user.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) account_id: &'static str,
    pub(crate) account_title: &'static str,
    pub(crate) token: Token,
    pub(crate) usage: Usage,
}

impl Session {
    pub(crate) fn new(account_id: &'static str, account_title: &'static str, token: Token) -> Self {
        let usage = Usage::default();
        Self {
            account_id,
            account_title,
            token,
            usage,
        }
    }
}

/// The requests and credits that one session has used.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    requests: AtomicU64,
    credits: AtomicU64,
}

impl Usage {
    /// Counts a request to the upstream. Called before the answer, so that an aborted request
    /// counts too.
    pub(crate) fn request_sent(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes back the last count: the request did not reach the upstream.
    pub(crate) fn request_not_sent(&self) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    /// Counts a credit. The API charges one for each answer with a 2xx status.
    pub(crate) fn credit_spent(&self) {
        self.credits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn credits(&self) -> u64 {
        self.credits.load(Ordering::Relaxed)
    }
}

struct Entry {
    session: Arc<Session>,
    /// The position in the order of sign-ins. The lowest is removed when there are too many.
    number: u64,
    last_used: Instant,
}

#[derive(Default)]
struct Table {
    entries: HashMap<SessionId, Entry>,
    next_number: u64,
}

/// All sessions, and the callback that runs when one ends for any reason.
pub(crate) struct Sessions {
    table: Mutex<Table>,
    on_end: Box<dyn Fn(&Token) + Send + Sync>,
}

impl Sessions {
    pub(crate) fn new(on_end: impl Fn(&Token) + Send + Sync + 'static) -> Self {
        Self {
            table: Mutex::default(),
            on_end: Box::new(on_end),
        }
    }

    /// Starts a session with a new id.
    ///
    /// # Errors
    /// When the operating system provides no randomness. There is no fallback, because a guessable
    /// id is worse than no session.
    pub(crate) fn start(
        &self,
        session: Session,
        now: Instant,
    ) -> Result<SessionId, getrandom::Error> {
        let id = SessionId::random()?;
        let mut table = self.lock();
        let mut ended = remove_idle(&mut table, now);
        while table.entries.len() >= MAX_SESSIONS {
            let oldest = table
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.number)
                .map(|(id, _)| id.clone());
            ended.extend(oldest.and_then(|id| table.entries.remove(&id)));
        }
        let number = table.next_number;
        table.next_number += 1;
        let session = Arc::new(session);
        let last_used = now;
        table.entries.insert(
            id.clone(),
            Entry {
                session,
                number,
                last_used,
            },
        );
        drop(table);
        self.notify_ended(&ended);
        Ok(id)
    }

    /// The session of a request's cookie, if it has not ended. Restarts its idle timeout.
    pub(crate) fn find(&self, headers: &HeaderMap, now: Instant) -> Option<Arc<Session>> {
        let mut table = self.lock();
        let ended = remove_idle(&mut table, now);
        let found = session_ids(headers).find_map(|id| {
            let entry = table.entries.get_mut(&id)?;
            entry.last_used = now;
            Some(Arc::clone(&entry.session))
        });
        drop(table);
        self.notify_ended(&ended);
        found
    }

    /// Ends the sessions of a request's cookies.
    pub(crate) fn end(&self, headers: &HeaderMap) {
        let mut table = self.lock();
        let ended: Vec<_> = session_ids(headers)
            .filter_map(|id| table.entries.remove(&id))
            .collect();
        drop(table);
        self.notify_ended(&ended);
    }

    fn notify_ended(&self, ended: &[Entry]) {
        for entry in ended {
            (self.on_end)(&entry.session.token);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        // No holder of the lock can leave the table inconsistent, so a poisoned lock is usable.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove_idle(table: &mut Table, now: Instant) -> Vec<Entry> {
    let is_idle = |entry: &Entry| now.saturating_duration_since(entry.last_used) >= IDLE_TIMEOUT;
    table
        .entries
        .extract_if(|_, entry| is_idle(entry))
        .map(|(_, entry)| entry)
        .collect()
}

/// The session ids in a request's cookies. A browser may send several cookies of one name, from
/// different paths.
fn session_ids(headers: &HeaderMap) -> impl Iterator<Item = SessionId> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| SessionId(value.to_owned()))
}

/// The `Set-Cookie` value for a session.
///
/// It has no `Max-Age`, so the browser drops the cookie when it closes. The server ends idle
/// sessions itself.
pub(crate) fn cookie(id: &SessionId, request_headers: &HeaderMap) -> String {
    cookie_text(&id.0, "", request_headers)
}

/// The `Set-Cookie` value that removes the cookie.
pub(crate) fn expired_cookie(request_headers: &HeaderMap) -> String {
    cookie_text("", "; Max-Age=0", request_headers)
}

fn cookie_text(value: &str, age: &str, request_headers: &HeaderMap) -> String {
    let secure = if is_loopback(request_headers) {
        ""
    } else {
        "; Secure"
    };
    format!("{COOKIE_NAME}={value}; HttpOnly; SameSite=Lax; Path=/{age}{secure}")
}

/// Whether the `Host` header names a loopback address. Plain HTTP is safe only there; for any other
/// or unreadable host the cookie is `Secure`.
fn is_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    if let Some(rest) = host.strip_prefix('[') {
        return rest
            .split_once(']')
            .and_then(|(address, _)| address.parse::<std::net::Ipv6Addr>().ok())
            .is_some_and(|address| address.is_loopback());
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use axum::http::HeaderValue;

    use super::*;

    fn session() -> Session {
        Session::new("busy", "Busy", Token::new("secret").unwrap())
    }

    fn cookies(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(text).unwrap());
        headers
    }

    fn cookie_of(id: &SessionId) -> HeaderMap {
        cookies(&format!("other=1; {COOKIE_NAME}={}", id.0))
    }

    fn counting() -> (Sessions, Arc<AtomicUsize>) {
        let ended = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&ended);
        let sessions = Sessions::new(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        (sessions, ended)
    }

    #[test]
    fn a_session_is_found_by_its_cookie_until_it_ends() {
        let (sessions, ended) = counting();
        let now = Instant::now();
        let id = sessions.start(session(), now).unwrap();
        assert_eq!(id.0.len(), 64);
        assert!(sessions.find(&cookie_of(&id), now).is_some());
        assert!(sessions.find(&HeaderMap::new(), now).is_none());
        let wrong = cookies(&format!("{COOKIE_NAME}={}", "0".repeat(64)));
        assert!(sessions.find(&wrong, now).is_none());
        sessions.end(&cookie_of(&id));
        assert!(sessions.find(&cookie_of(&id), now).is_none());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_stale_cookie_of_the_same_name_does_not_hide_the_session() {
        let (sessions, _) = counting();
        let now = Instant::now();
        let id = sessions.start(session(), now).unwrap();
        let both = cookies(&format!("{COOKIE_NAME}=stale; {COOKIE_NAME}={}", id.0));
        assert!(sessions.find(&both, now).is_some());
    }

    #[test]
    fn idle_sessions_expire_and_used_ones_do_not() {
        let (sessions, ended) = counting();
        let start = Instant::now();
        let idle = sessions.start(session(), start).unwrap();
        let used = sessions.start(session(), start).unwrap();
        let later = start + IDLE_TIMEOUT - Duration::from_secs(1);
        assert!(sessions.find(&cookie_of(&used), later).is_some());
        let much_later = start + IDLE_TIMEOUT;
        assert!(sessions.find(&cookie_of(&idle), much_later).is_none());
        assert!(sessions.find(&cookie_of(&used), much_later).is_some());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn the_oldest_session_ends_at_the_limit() {
        let (sessions, ended) = counting();
        let now = Instant::now();
        let first = sessions.start(session(), now).unwrap();
        let second = sessions.start(session(), now).unwrap();
        for _ in 2..=MAX_SESSIONS {
            sessions.start(session(), now).unwrap();
        }
        assert!(sessions.find(&cookie_of(&first), now).is_none());
        assert!(sessions.find(&cookie_of(&second), now).is_some());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn debug_output_hides_secrets() {
        let (sessions, _) = counting();
        let id = sessions.start(session(), Instant::now()).unwrap();
        assert_eq!(format!("{id:?}"), "SessionId(redacted)");
        assert!(!format!("{:?}", session()).contains("secret"));
    }

    #[test]
    fn the_cookie_is_secure_except_on_loopback() {
        for (host, loopback) in [
            ("127.0.0.1:8090", true),
            ("127.9.9.9", true),
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("[::1]:8090", true),
            ("[::1]", true),
            ("console.example", false),
            ("127.0.0.1.example", false),
            ("localhost.example:80", false),
            ("192.168.1.5:8090", false),
            ("[2001:db8::1]:8090", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            assert_eq!(is_loopback(&headers), loopback, "{host:?}");
        }
        assert!(!is_loopback(&HeaderMap::new()));
    }
}
