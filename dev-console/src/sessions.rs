//! The sessions of signed-in users, kept on the server, and the cookie with the session id.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};

use crate::random;
use crate::token::Token;

/// The name of the session cookie where the public address is http.
pub const COOKIE_NAME: &str = "console_session";

/// The name of the session cookie where the public address is https. With this prefix a browser takes
/// the cookie only from the host itself, over https and for all paths: no other host can plant one.
pub const SECURE_COOKIE_NAME: &str = "__Host-console_session";

/// How long a session lives without a request.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(8 * 60 * 60);

/// How long a session lives at most.
pub(crate) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

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
    started: Instant,
    last_used: Instant,
}

impl Entry {
    fn is_live(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last_used) < IDLE_TIMEOUT
            && now.saturating_duration_since(self.started) < LIFETIME
    }
}

type Table = HashMap<SessionId, Entry>;

/// Why a session does not start.
#[derive(Debug)]
pub(crate) enum SessionError {
    /// There are too many sessions. None is ended for a new one: its user would be signed out by whoever
    /// signs in often enough.
    TooMany,
    /// The operating system provides no randomness. There is no fallback, because a guessable id is
    /// worse than no session.
    NoRandomness,
}

/// All sessions, and the callback that runs when one ends for any reason.
pub(crate) struct Sessions {
    table: Mutex<Table>,
    max: usize,
    cookie: Cookie,
    on_end: Box<dyn Fn(&Token) + Send + Sync>,
}

impl Sessions {
    pub(crate) fn new(
        max: usize,
        cookie: Cookie,
        on_end: impl Fn(&Token) + Send + Sync + 'static,
    ) -> Self {
        Self {
            table: Mutex::default(),
            max,
            cookie,
            on_end: Box::new(on_end),
        }
    }

    /// Starts a session and returns its `Set-Cookie` value.
    ///
    /// # Errors
    /// When there are too many sessions, or no randomness.
    pub(crate) fn start(&self, session: Session, now: Instant) -> Result<String, SessionError> {
        let id = SessionId::random().map_err(|_| SessionError::NoRandomness)?;
        let set_cookie = self.cookie.set(&id);
        let mut table = self.lock();
        let expired: Vec<_> = table
            .extract_if(|_, entry| !entry.is_live(now))
            .map(|(_, entry)| entry)
            .collect();
        let has_room = table.len() < self.max;
        let session = Arc::new(session);
        if has_room {
            let entry = Entry {
                session: Arc::clone(&session),
                started: now,
                last_used: now,
            };
            table.insert(id, entry);
        }
        drop(table);
        self.notify_ended(&expired);
        if has_room {
            Ok(set_cookie)
        } else {
            (self.on_end)(&session.token);
            tracing::warn!(limit = self.max, "the limit of sessions was hit");
            Err(SessionError::TooMany)
        }
    }

    /// The session of a request's cookie, if it has not ended. Restarts its idle timeout.
    ///
    /// A request with the cookies of two sessions has none: one of them may have been planted, and
    /// nothing says which.
    pub(crate) fn find(&self, headers: &HeaderMap, now: Instant) -> Option<Arc<Session>> {
        let mut table = self.lock();
        let mut ids = self.cookie.ids(headers);
        ids.retain(|id| table.get(id).is_some_and(|entry| entry.is_live(now)));
        let mut ids = ids.iter();
        let id = ids.next()?;
        if ids.any(|other| other != id) {
            tracing::warn!("a request had the cookies of two sessions");
            return None;
        }
        let entry = table.get_mut(id)?;
        entry.last_used = now;
        Some(Arc::clone(&entry.session))
    }

    /// Ends the sessions of a request's cookies.
    pub(crate) fn end(&self, headers: &HeaderMap) {
        let ids = self.cookie.ids(headers);
        let mut table = self.lock();
        let ended: Vec<_> = ids.iter().filter_map(|id| table.remove(id)).collect();
        drop(table);
        self.notify_ended(&ended);
    }

    /// The `Set-Cookie` value that removes the cookie.
    pub(crate) fn expired_cookie(&self) -> String {
        self.cookie.text("", "; Max-Age=0")
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

/// The session cookie. It has no `Max-Age`, so the browser drops it when it closes. The server ends
/// sessions itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cookie {
    /// Where the public address is http, for which browsers take no secure cookie.
    Plain,
    /// Where the public address is https.
    Secure,
}

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => COOKIE_NAME,
            Self::Secure => SECURE_COOKIE_NAME,
        }
    }

    /// The `Set-Cookie` value for a session.
    fn set(self, id: &SessionId) -> String {
        self.text(&id.0, "")
    }

    fn text(self, value: &str, age: &str) -> String {
        let name = self.name();
        let secure = match self {
            Self::Plain => "",
            Self::Secure => "; Secure",
        };
        format!("{name}={value}{secure}; HttpOnly; SameSite=Lax; Path=/{age}")
    }

    /// The session ids in a request's cookies. A browser may send several cookies of one name, from
    /// different paths.
    fn ids(self, headers: &HeaderMap) -> Vec<SessionId> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name())
            .map(|(_, value)| SessionId(value.to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use axum::http::HeaderValue;

    use super::*;

    const SECRET: &str = "a-secret-of-the-tests";

    fn session() -> Session {
        Session::new("busy", "Busy", Token::new(SECRET).unwrap())
    }

    /// The headers of a request with these cookies, each as it was set.
    fn cookies<'a>(set: impl IntoIterator<Item = &'a str>) -> HeaderMap {
        let pairs = set.into_iter().map(|text| text.split(';').next().unwrap());
        let text = pairs.fold("other=1".to_owned(), |text, pair| format!("{text}; {pair}"));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&text).unwrap());
        headers
    }

    /// At most three sessions, and how many have ended.
    fn counting() -> (Sessions, Arc<AtomicUsize>) {
        let ended = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&ended);
        let sessions = Sessions::new(3, Cookie::Plain, move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        (sessions, ended)
    }

    #[test]
    fn a_session_is_found_by_its_cookie_until_it_ends() {
        let (sessions, ended) = counting();
        let now = Instant::now();
        let set = sessions.start(session(), now).unwrap();
        let mine = cookies([set.as_str()]);
        assert!(sessions.find(&mine, now).is_some());
        assert!(sessions.find(&HeaderMap::new(), now).is_none());
        let wrong = format!("{COOKIE_NAME}={}", "0".repeat(64));
        assert!(sessions.find(&cookies([wrong.as_str()]), now).is_none());
        sessions.end(&mine);
        assert!(sessions.find(&mine, now).is_none());
        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_stale_cookie_of_the_same_name_does_not_hide_the_session() {
        let (sessions, _) = counting();
        let now = Instant::now();
        let set = sessions.start(session(), now).unwrap();
        let stale = format!("{COOKIE_NAME}=stale");
        assert!(
            sessions
                .find(&cookies([&stale, set.as_str()]), now)
                .is_some()
        );
        assert!(sessions.find(&cookies([set.as_str(), &set]), now).is_some());
    }

    /// Who can plant a cookie signs a user in as somebody else, and reads what the user does there.
    #[test]
    fn two_live_cookies_are_refused() {
        let (sessions, _) = counting();
        let now = Instant::now();
        let [mine, planted] = [(); 2].map(|()| sessions.start(session(), now).unwrap());
        let both = cookies([planted.as_str(), &mine]);
        assert!(sessions.find(&both, now).is_none());
        sessions.end(&cookies([planted.as_str()]));
        assert!(sessions.find(&both, now).is_some());
    }

    #[test]
    fn sessions_end_when_they_are_idle_or_old() {
        let (sessions, _) = counting();
        let start = Instant::now();
        let idle = sessions.start(session(), start).unwrap();
        let used = sessions.start(session(), start).unwrap();
        let is_live = |set: &str, now| sessions.find(&cookies([set]), now).is_some();
        let step = IDLE_TIMEOUT - Duration::from_secs(1);
        assert!(is_live(&used, start + step));
        assert!(!is_live(&idle, start + IDLE_TIMEOUT));
        assert!(is_live(&used, start + step * 2));
        assert!(is_live(&used, start + step * 3));
        assert!(is_live(&used, start + LIFETIME - Duration::from_secs(1)));
        assert!(!is_live(&used, start + LIFETIME));
    }

    /// A thousand anonymous sign-ins signed everybody else out.
    #[test]
    fn a_full_table_ends_no_session() {
        let (sessions, ended) = counting();
        let now = Instant::now();
        let sets = [(); 3].map(|()| sessions.start(session(), now).unwrap());
        let refused = sessions.start(session(), now);
        assert!(matches!(refused, Err(SessionError::TooMany)));
        // Only the one that did not begin.
        assert_eq!(ended.load(Ordering::Relaxed), 1);
        for set in &sets {
            assert!(sessions.find(&cookies([set.as_str()]), now).is_some());
        }
        let later = now + IDLE_TIMEOUT;
        assert!(sessions.start(session(), later).is_ok());
        assert_eq!(ended.load(Ordering::Relaxed), 4);
    }

    #[test]
    fn debug_output_hides_secrets() {
        let id = SessionId::random().unwrap();
        assert_eq!(format!("{id:?}"), "SessionId(redacted)");
        assert!(!format!("{:?}", session()).contains(SECRET));
    }

    #[test]
    fn the_cookie_follows_the_public_address() {
        let id = SessionId("1".to_owned());
        assert_eq!(
            Cookie::Secure.set(&id),
            "__Host-console_session=1; Secure; HttpOnly; SameSite=Lax; Path=/"
        );
        assert_eq!(
            Cookie::Plain.set(&id),
            "console_session=1; HttpOnly; SameSite=Lax; Path=/"
        );
        let headers = cookies(["console_session=1"]);
        assert!(Cookie::Secure.ids(&headers).is_empty());
    }
}
