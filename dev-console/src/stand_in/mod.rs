//! A stand-in for the API: a small server of its own on a loopback port, reached over real HTTP
//! like the real one.
//!
//! It does what the documentation of the endpoint says: checks the token, caps `limit`, answers
//! newest first, charges a credit for 2xx answers only and enforces the plan's requests per minute.
//! What an account then answers is in `answer`, but for what no service would: that is in `faults`. Everything it remembers belongs to one token, and
//! each sign-in has a token of its own, so that tests running side by side do not disturb each
//! other.

pub(crate) mod accounts;
mod events;
pub(crate) mod faults;
mod limits;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::accounts::Account;
use self::events::Event;
use self::faults::Cells;
use self::limits::Window;
use crate::answer;
use crate::token::Token;

/// "Maximum records to return, capped at 100."
const MOST_RECORDS: usize = 100;

/// When the rate-limited account's first request is free again, counted from signing in.
const LIMITED_FOR: Duration = Duration::from_secs(5);
const SLOW_ANSWER: Duration = Duration::from_secs(4);
/// Longer than the page waits, and longer than the proxy does.
const STALLED_ANSWER: Duration = Duration::from_secs(60);

/// Where the fixture of hostile text wants its very long campaign.
const LONG_TEXT_PLACE: &str = "TEN_THOUSAND_CHARACTERS";

/// The running stand-in. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct StandIn {
    address: SocketAddr,
    service: Service,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Starts it on a loopback port that the operating system chooses.
    pub(crate) async fn start(seed: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let service = Service {
            seed,
            tokens: Tokens::default(),
        };
        let router = Router::new()
            .route("/api/v1/referrals/me/events", any(events_endpoint))
            .fallback(|| async { answer::not_found() })
            .with_state(service.clone());
        let server = tokio::spawn(async move {
            // Only a broken listener ends it, and then every request finds it unreachable, which
            // the proxy reports.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            service,
            server,
        })
    }

    /// The API's base address, as `--upstream` would name it.
    pub(crate) fn base(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    /// The tokens it accepts.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.service.tokens
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The tokens that the stand-in accepts, and what it remembers for each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens(Arc<Mutex<HashMap<Token, Arc<Mutex<Memory>>>>>);

impl Tokens {
    /// A fresh token for an account, with everything as at the beginning.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub(crate) fn mint(&self, account: Account) -> Result<Token, getrandom::Error> {
        let token = Token::random()?;
        let memory = Memory::new(account, Instant::now(), Utc::now());
        lock(&self.0).insert(token.clone(), Arc::new(Mutex::new(memory)));
        Ok(token)
    }

    /// The token is no longer valid.
    pub(crate) fn revoke(&self, token: &Token) {
        lock(&self.0).remove(token);
    }

    fn memory(&self, headers: &HeaderMap) -> Option<Arc<Mutex<Memory>>> {
        self.memory_of(&Token::from_authorization(
            headers.get(header::AUTHORIZATION)?,
        )?)
    }

    fn memory_of(&self, token: &Token) -> Option<Arc<Mutex<Memory>>> {
        lock(&self.0).get(token).cloned()
    }
}

/// What the stand-in remembers for one token.
#[derive(Debug)]
struct Memory {
    account: Account,
    window: Window,
    /// Requests admitted so far, for the accounts that answer differently the next time.
    admitted: u32,
    credits: u32,
    /// The requests that did not come here: see [`faults`].
    faults: Cells,
    /// The data is relative to this moment, not to the request's: a refresh must not move every
    /// event.
    signed_in: DateTime<Utc>,
}

impl Memory {
    fn new(account: Account, now: Instant, signed_in: DateTime<Utc>) -> Self {
        let window = match account {
            Account::Limited => Window::used_up(account.plan(), LIMITED_FOR, now),
            _ => Window::new(account.plan()),
        };
        Self {
            account,
            window,
            admitted: 0,
            credits: 0,
            faults: Cells::default(),
            signed_in,
        }
    }
}

#[derive(Debug, Clone)]
struct Service {
    seed: u64,
    tokens: Tokens,
}

/// A request that passed every check.
#[derive(Debug, Clone)]
struct Admitted {
    account: Account,
    /// 1 for the first.
    number: u32,
    limit: usize,
    seed: u64,
    signed_in: DateTime<Utc>,
    request_id: String,
}

async fn events_endpoint(
    State(service): State<Service>,
    method: Method,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let request_id = answer::request_id_or_fresh(&headers);
    let response = if method == Method::GET {
        let limit = query
            .iter()
            .find(|(name, _)| name == "limit")
            .map(|(_, value)| value.as_str());
        checked(&service, limit, &headers, &request_id).await
    } else {
        answer::only_get()
    };
    answer::with_request_id(response, &request_id)
}

async fn checked(
    service: &Service,
    limit: Option<&str>,
    headers: &HeaderMap,
    request_id: &str,
) -> Response {
    let Some(memory) = service.tokens.memory(headers) else {
        return answer::authentication_required();
    };
    let admitted = {
        let mut memory = lock(&memory);
        if let Err(wait) = memory.window.admit(Instant::now()) {
            return too_many_requests(memory.account, wait, request_id);
        }
        let Some(limit) = records_to_return(limit) else {
            let message = "limit must be a positive integer";
            return answer::plain_failure(StatusCode::BAD_REQUEST, message);
        };
        memory.admitted += 1;
        Admitted {
            account: memory.account,
            number: memory.admitted,
            limit,
            seed: service.seed,
            signed_in: memory.signed_in,
            request_id: request_id.to_owned(),
        }
    };
    let response = answer(&admitted).await;
    if response.status().is_success() {
        lock(&memory).credits += 1;
    }
    response
}

/// How many records a `limit` asks for: 100 without one and at most, and none at all for what is no
/// positive integer.
fn records_to_return(limit: Option<&str>) -> Option<usize> {
    let Some(text) = limit else {
        return Some(MOST_RECORDS);
    };
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Only digits, so what does not fit is large, not wrong.
    let number: usize = digits.parse().unwrap_or(usize::MAX);
    (number > 0).then(|| number.min(MOST_RECORDS))
}

/// What each account answers. The only place that tells them apart.
async fn answer(request: &Admitted) -> Response {
    match request.account {
        Account::Busy => history(request, 137),
        Account::Few | Account::Faults => history(request, 7),
        Account::Empty => history(request, 0),
        Account::New => json(&Envelope::of(None)),
        Account::Limited => history(request, 12),
        Account::Failing => execution_error(),
        Account::Gateway => web_page(
            StatusCode::BAD_GATEWAY,
            include_str!("fixtures/bad_gateway.html"),
        ),
        Account::Unavailable => temporarily_unavailable(),
        Account::Timeout => answer::structured_failure(
            StatusCode::GATEWAY_TIMEOUT,
            "upstream_timeout",
            "The service did not answer in time",
            &request.request_id,
        ),
        Account::Slow => {
            tokio::time::sleep(SLOW_ANSWER).await;
            history(request, 100)
        }
        Account::Stalled => {
            tokio::time::sleep(STALLED_ANSWER).await;
            history(request, 7)
        }
        Account::Flaky => match request.number {
            1 | 2 => answer::plain_failure(
                StatusCode::SERVICE_UNAVAILABLE,
                "The service is temporarily unavailable",
            ),
            _ => history(request, 12),
        },
        Account::Stale => match request.number {
            1 => history(request, 30),
            _ => execution_error(),
        },
        Account::SignedOut => answer::authentication_required(),
        Account::Forbidden => answer::structured_failure(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Your plan does not include referrals",
            &request.request_id,
        ),
        Account::Invalid => answer::plain_failure(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The request could not be validated",
        ),
        Account::Broken => raw_json(include_str!("fixtures/broken.json")),
        Account::Hostile => raw_json(
            include_str!("fixtures/hostile.json").replace(LONG_TEXT_PLACE, &"long ".repeat(2_000)),
        ),
        Account::Future => raw_json(include_str!("fixtures/future.json")),
        Account::Garbled => {
            let whole = as_go_writes(&Envelope::of(Some(made_up(request, 12))));
            let cut = whole.len() / 2;
            raw_json(whole.as_bytes().get(..cut).unwrap_or_default())
        }
        Account::Html => web_page(StatusCode::OK, include_str!("fixtures/login.html")),
        Account::Flood => json(&Envelope::of(Some(made_up(request, 2_500)))),
    }
}

fn made_up(request: &Admitted, count: u32) -> Vec<Event> {
    events::history(request.seed, count, request.signed_in)
}

/// The newest of so many events, as many as were asked for.
fn history(request: &Admitted, count: u32) -> Response {
    let mut events = made_up(request, count);
    events.truncate(request.limit);
    json(&Envelope::of(Some(events)))
}

fn execution_error() -> Response {
    answer::plain_failure(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal execution error",
    )
}

fn temporarily_unavailable() -> Response {
    let mut response = answer::plain_failure(
        StatusCode::SERVICE_UNAVAILABLE,
        "The service is temporarily unavailable",
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn too_many_requests(account: Account, wait: Duration, request_id: &str) -> Response {
    let most = account.plan().requests_per_minute();
    let message = format!("Rate limit exceeded: {most} requests per minute");
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = answer::structured_failure(status, "rate_limited", &message, request_id);
    response.headers_mut().insert(
        header::RETRY_AFTER,
        HeaderValue::from(limits::whole_seconds(wait)),
    );
    response
}

#[derive(Serialize)]
struct Envelope {
    code: u16,
    msg: &'static str,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    items: Option<Vec<Event>>,
}

impl Envelope {
    fn of(items: Option<Vec<Event>>) -> Self {
        let data = Data { items };
        Self {
            code: 200,
            msg: "ok",
            data,
        }
    }
}

fn json(envelope: &Envelope) -> Response {
    raw_json(as_go_writes(envelope))
}

/// Go's encoder escapes what could end a script element. In JSON these characters occur in strings
/// only, so they can be replaced in the finished text.
fn as_go_writes(envelope: &Envelope) -> String {
    serde_json::to_string(envelope)
        .unwrap_or_default()
        .replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

fn raw_json(body: impl AsRef<[u8]>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (headers, body.as_ref().to_vec()).into_response()
}

fn web_page(status: StatusCode, page: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html")];
    (status, headers, page).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is made in one step, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_documented() {
        assert_eq!(records_to_return(None), Some(100));
        assert_eq!(records_to_return(Some("1")), Some(1));
        assert_eq!(records_to_return(Some("+7")), Some(7));
        assert_eq!(records_to_return(Some("100")), Some(100));
        assert_eq!(records_to_return(Some("101")), Some(100));
        assert_eq!(records_to_return(Some(&"9".repeat(40))), Some(100));
        for wrong in ["", "0", "-1", "ten", "1.5", "1e2", " 5", "+", "0x10", "٥"] {
            assert_eq!(records_to_return(Some(wrong)), None, "{wrong:?}");
        }
    }

    #[tokio::test]
    async fn only_2xx_answers_cost_a_credit() {
        let tokens = Tokens::default();
        let service = Service {
            seed: 42,
            tokens: tokens.clone(),
        };
        for (account, credits) in [
            (Account::Few, [1, 2, 3]),
            (Account::Flaky, [0, 0, 1]),
            (Account::Stale, [1, 1, 1]),
            (Account::Failing, [0, 0, 0]),
            (Account::Limited, [0, 0, 0]),
        ] {
            let token = tokens.mint(account).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, token.authorization().unwrap());
            let memory = tokens.memory(&headers).unwrap();
            for expected in credits {
                checked(&service, None, &headers, "req_test").await;
                assert_eq!(lock(&memory).credits, expected, "{account:?}");
            }
        }
    }

    #[test]
    fn the_hostile_fixture_has_a_place_for_the_long_text() {
        assert!(include_str!("fixtures/hostile.json").contains(LONG_TEXT_PLACE));
    }
}
