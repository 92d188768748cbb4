//! A stand-in for the API: a separate server on a loopback port, reached over real HTTP.
//!
//! It follows the documentation of the endpoint: it checks the token, caps `limit`, lists the newest
//! events first, charges a credit only for 2xx answers, and enforces the plan's requests per minute.
//! `account_answer` has the answer of each account; `faults` has answers that no service would give.
//! All state belongs to one token, and each sign-in gets a new token, so tests that run in parallel
//! do not affect each other.

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
use self::limits::SlidingWindow;
use crate::answer;
use crate::token::Token;

/// From the API's documentation: "Maximum records to return, capped at 100".
const MAX_RECORDS: usize = 100;

/// How long the rate-limited account must wait for its first request, from the sign-in.
const RATE_LIMIT_WAIT: Duration = Duration::from_secs(5);
const SLOW_DELAY: Duration = Duration::from_secs(4);
/// Longer than the timeouts of the page and of the proxy.
const STALLED_DELAY: Duration = Duration::from_secs(60);

/// The placeholder for the very long campaign in `fixtures/hostile.json`.
const LONG_TEXT_PLACEHOLDER: &str = "TEN_THOUSAND_CHARACTERS";

/// The running stand-in. It stops when it is dropped.
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
            // Fails only when the listener does; the proxy then reports it as unreachable.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            service,
            server,
        })
    }

    /// The API's base address, as for `--upstream`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    /// The valid tokens.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.service.tokens
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The valid tokens, each with its state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens(Arc<Mutex<HashMap<Token, Arc<Mutex<TokenState>>>>>);

impl Tokens {
    /// A new token for an account, with initial state.
    ///
    /// # Errors
    /// When the operating system provides no randomness.
    pub(crate) fn issue(&self, account: Account) -> Result<Token, getrandom::Error> {
        let token = Token::random()?;
        let state = TokenState::new(account, Instant::now(), Utc::now());
        lock(&self.0).insert(token.clone(), Arc::new(Mutex::new(state)));
        Ok(token)
    }

    /// Makes a token invalid.
    pub(crate) fn revoke(&self, token: &Token) {
        lock(&self.0).remove(token);
    }

    fn state_for_headers(&self, headers: &HeaderMap) -> Option<Arc<Mutex<TokenState>>> {
        self.state_of(&Token::from_authorization(
            headers.get(header::AUTHORIZATION)?,
        )?)
    }

    fn state_of(&self, token: &Token) -> Option<Arc<Mutex<TokenState>>> {
        lock(&self.0).get(token).cloned()
    }
}

/// The state of one token.
#[derive(Debug)]
struct TokenState {
    account: Account,
    window: SlidingWindow,
    /// The requests admitted so far, for accounts whose answer depends on it.
    admitted: u32,
    credits: u32,
    /// The counts of fault requests, which the console answers itself: see [`faults`].
    faults: Cells,
    /// The time of the sign-in. Event times are relative to it, not to the request, so that a
    /// refresh does not change them.
    signed_in: DateTime<Utc>,
}

impl TokenState {
    fn new(account: Account, now: Instant, signed_in: DateTime<Utc>) -> Self {
        let window = match account {
            Account::Limited => SlidingWindow::exhausted(account.plan(), RATE_LIMIT_WAIT, now),
            _ => SlidingWindow::new(account.plan()),
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

/// A request that passed all checks.
#[derive(Debug, Clone)]
struct AdmittedRequest {
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
    let request_id = answer::request_id_or_new(&headers);
    let response = if method == Method::GET {
        let limit = query
            .iter()
            .find(|(name, _)| name == "limit")
            .map(|(_, value)| value.as_str());
        admit_and_answer(&service, limit, &headers, &request_id).await
    } else {
        answer::method_not_allowed()
    };
    answer::with_request_id(response, &request_id)
}

async fn admit_and_answer(
    service: &Service,
    limit: Option<&str>,
    headers: &HeaderMap,
    request_id: &str,
) -> Response {
    let Some(state) = service.tokens.state_for_headers(headers) else {
        return answer::authentication_required();
    };
    let admitted = {
        let mut state = lock(&state);
        if let Err(wait) = state.window.admit(Instant::now()) {
            return too_many_requests(state.account, wait, request_id);
        }
        let Some(limit) = parse_limit(limit) else {
            let message = "limit must be a positive integer";
            return answer::plain_failure(StatusCode::BAD_REQUEST, message);
        };
        state.admitted += 1;
        AdmittedRequest {
            account: state.account,
            number: state.admitted,
            limit,
            seed: service.seed,
            signed_in: state.signed_in,
            request_id: request_id.to_owned(),
        }
    };
    let response = account_answer(&admitted).await;
    if response.status().is_success() {
        lock(&state).credits += 1;
    }
    response
}

/// Parses the `limit` parameter. Without it the limit is 100, and a larger one is capped at 100.
/// `None` when it is not a positive integer.
fn parse_limit(limit: Option<&str>) -> Option<usize> {
    let Some(text) = limit else {
        return Some(MAX_RECORDS);
    };
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The text has only digits, so parsing fails only for numbers that are too large.
    let number: usize = digits.parse().unwrap_or(usize::MAX);
    (number > 0).then(|| number.min(MAX_RECORDS))
}

/// The answer of each account.
async fn account_answer(request: &AdmittedRequest) -> Response {
    match request.account {
        Account::Busy => history(request, 137),
        Account::Few | Account::Faults => history(request, 7),
        Account::Empty => history(request, 0),
        Account::New => json(&Envelope::new(None)),
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
            tokio::time::sleep(SLOW_DELAY).await;
            history(request, 100)
        }
        Account::Stalled => {
            tokio::time::sleep(STALLED_DELAY).await;
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
            include_str!("fixtures/hostile.json")
                .replace(LONG_TEXT_PLACEHOLDER, &"long ".repeat(2_000)),
        ),
        Account::Future => raw_json(include_str!("fixtures/future.json")),
        Account::Garbled => {
            let whole = to_go_json(&Envelope::new(Some(generate_events(request, 12))));
            let cut = whole.len() / 2;
            raw_json(whole.as_bytes().get(..cut).unwrap_or_default())
        }
        Account::Html => web_page(StatusCode::OK, include_str!("fixtures/login.html")),
        Account::Flood => json(&Envelope::new(Some(generate_events(request, 2_500)))),
    }
}

fn generate_events(request: &AdmittedRequest, count: u32) -> Vec<Event> {
    events::history(request.seed, count, request.signed_in)
}

/// The newest events of a history of `count`, up to the request's limit.
fn history(request: &AdmittedRequest, count: u32) -> Response {
    let mut events = generate_events(request, count);
    events.truncate(request.limit);
    json(&Envelope::new(Some(events)))
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
        HeaderValue::from(answer::retry_after_seconds(wait)),
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
    fn new(items: Option<Vec<Event>>) -> Self {
        let data = Data { items };
        Self {
            code: 200,
            msg: "ok",
            data,
        }
    }
}

fn json(envelope: &Envelope) -> Response {
    raw_json(to_go_json(envelope))
}

/// The JSON as Go's encoder writes it: `&`, `<` and `>` are escaped. In JSON they occur only in
/// strings, so they can be replaced in the finished text.
fn to_go_json(envelope: &Envelope) -> String {
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
    // No holder of a lock can leave the data inconsistent, so a poisoned lock is usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_parsed_as_documented() {
        assert_eq!(parse_limit(None), Some(100));
        assert_eq!(parse_limit(Some("1")), Some(1));
        assert_eq!(parse_limit(Some("+7")), Some(7));
        assert_eq!(parse_limit(Some("100")), Some(100));
        assert_eq!(parse_limit(Some("101")), Some(100));
        assert_eq!(parse_limit(Some(&"9".repeat(40))), Some(100));
        for wrong in ["", "0", "-1", "ten", "1.5", "1e2", " 5", "+", "0x10", "٥"] {
            assert_eq!(parse_limit(Some(wrong)), None, "{wrong:?}");
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
            let token = tokens.issue(account).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, token.authorization().unwrap());
            let state = tokens.state_for_headers(&headers).unwrap();
            for expected in credits {
                admit_and_answer(&service, None, &headers, "req_test").await;
                assert_eq!(lock(&state).credits, expected, "{account:?}");
            }
        }
    }

    #[test]
    fn the_hostile_fixture_contains_the_placeholder() {
        assert!(include_str!("fixtures/hostile.json").contains(LONG_TEXT_PLACEHOLDER));
    }
}
