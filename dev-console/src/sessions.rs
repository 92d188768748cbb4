//! Who is signed in: sessions on the server, and the cookie that names them.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};

use crate::random;
use crate::token::Token;

/// The cookie that names a session.
pub const COOKIE_NAME: &str = "console_session";

/// How many sessions there can be; beyond that the oldest go.
pub(crate) const MOST_SESSIONS: usize = 1000;

/// How long a session lives without a request.
pub(crate) const IDLE_LIMIT: Duration = Duration::from_secs(8 * 60 * 60);

/// The name of a session: 256 bits from the operating system, in hexadecimal. Whoever knows it is
/// signed in, so `Debug` does not show it.
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

/// What the server knows of one signed-in user.
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

/// What one session has cost so far.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    requests: AtomicU64,
    credits: AtomicU64,
}

impl Usage {
    /// A request is on its way upstream. Counted before the answer, so that one nobody waited for
    /// counts too.
    pub(crate) fn request_sent(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// The request just counted never reached the upstream.
    pub(crate) fn request_did_not_arrive(&self) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    /// The API charges one credit for an answer with a 2xx status.
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
    /// Where in the order of sign-ins: the oldest go first when there are too many.
    number: u64,
    last_used: Instant,
}

#[derive(Default)]
struct Table {
    entries: HashMap<SessionId, Entry>,
    next_number: u64,
}

/// All sessions, and what is to happen when one ends, however it ends.
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

    /// Starts a session under a new name.
    ///
    /// # Errors
    /// When the operating system gives no randomness: a guessable session is worse than none.
    pub(crate) fn start(
        &self,
        session: Session,
        now: Instant,
    ) -> Result<SessionId, getrandom::Error> {
        let id = SessionId::random()?;
        let mut table = self.lock();
        let mut ended = remove_idle(&mut table, now);
        while table.entries.len() >= MOST_SESSIONS {
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
        self.tell_ended(&ended);
        Ok(id)
    }

    /// The session that a request's cookie names, if it is still alive; being asked for keeps it
    /// alive.
    pub(crate) fn find(&self, headers: &HeaderMap, now: Instant) -> Option<Arc<Session>> {
        let mut table = self.lock();
        let ended = remove_idle(&mut table, now);
        let found = named_in(headers).find_map(|id| {
            let entry = table.entries.get_mut(&id)?;
            entry.last_used = now;
            Some(Arc::clone(&entry.session))
        });
        drop(table);
        self.tell_ended(&ended);
        found
    }

    /// Ends every session that a request's cookies name.
    pub(crate) fn end(&self, headers: &HeaderMap) {
        let mut table = self.lock();
        let ended: Vec<_> = named_in(headers)
            .filter_map(|id| table.entries.remove(&id))
            .collect();
        drop(table);
        self.tell_ended(&ended);
    }

    fn tell_ended(&self, ended: &[Entry]) {
        for entry in ended {
            (self.on_end)(&entry.session.token);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        // Nothing that holds the lock can leave the table half changed, so a panic elsewhere does
        // not matter.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove_idle(table: &mut Table, now: Instant) -> Vec<Entry> {
    let is_idle = |entry: &Entry| now.saturating_duration_since(entry.last_used) >= IDLE_LIMIT;
    table
        .entries
        .extract_if(|_, entry| is_idle(entry))
        .map(|(_, entry)| entry)
        .collect()
}

/// The session names in a request's cookies. A browser may hold several cookies of one name (for
/// other paths).
fn named_in(headers: &HeaderMap) -> impl Iterator<Item = SessionId> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| SessionId(value.to_owned()))
}

/// The `Set-Cookie` value that hands a session to the browser.
///
/// No `Max-Age`: it goes when the browser closes, and the server forgets idle sessions anyway.
pub(crate) fn cookie(id: &SessionId, request_headers: &HeaderMap) -> String {
    cookie_text(&id.0, "", request_headers)
}

/// The `Set-Cookie` value that takes the cookie away.
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

/// Whether the browser reached this server by a loopback name. Plain HTTP is safe there and nowhere
/// else, so everywhere else, and when in doubt, the cookie is for HTTPS only.
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
    fn a_session_is_found_by_its_cookie_until_it_is_ended() {
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
    fn a_foreign_cookie_of_the_same_name_does_not_hide_the_session() {
        let (sessions, _) = counting();
        let now = Instant::now();
        let id = sessions.start(session(), now).unwrap();
        let both = cookies(&format!("{COOKIE_NAME}=stale; {COOKIE_NAME}={}", id.0));
        assert!(sessions.find(&both, now).is_some());
    }

    #[test]
    fn idle_sessions_end_and_used_ones_live_on() {
        let (sessions, ended) = counting();
        let start = Instant::now();
        let idle = sessions.start(session(), start).unwrap();
        let used = sessions.start(session(), start).unwrap();
        let later = start + IDLE_LIMIT - Duration::from_secs(1);
        assert!(sessions.find(&cookie_of(&used), later).is_some());
        let much_later = start + IDLE_LIMIT;
        assert!(sessions.find(&cookie_of(&idle), much_later).is_none());
        assert!(sessions.find(&cookie_of(&used), much_later).is_some());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn the_oldest_session_makes_room_for_the_newest() {
        let (sessions, ended) = counting();
        let now = Instant::now();
        let first = sessions.start(session(), now).unwrap();
        let second = sessions.start(session(), now).unwrap();
        for _ in 2..=MOST_SESSIONS {
            sessions.start(session(), now).unwrap();
        }
        assert!(sessions.find(&cookie_of(&first), now).is_none());
        assert!(sessions.find(&cookie_of(&second), now).is_some());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let (sessions, _) = counting();
        let id = sessions.start(session(), Instant::now()).unwrap();
        assert_eq!(format!("{id:?}"), "SessionId(redacted)");
        assert!(!format!("{:?}", session()).contains("secret"));
    }

    #[test]
    fn the_cookie_is_for_https_only_off_loopback() {
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
