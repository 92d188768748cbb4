//! The console's proxy: the page's request goes upstream with the token that only the server knows.
//!
//! What passes is a list of what may, in both directions; everything else stays. So the browser's
//! cookies never go up, the upstream's cookies never come down, and a header invented tomorrow does
//! neither.
//!
//! A request costs a credit, so the console's own failures say in `error.code` whether the API was
//! reached:
//!
//! | status | `error.code` | was the API reached? |
//! |---|---|---|
//! | 502 | `upstream_unreachable` | certainly not: no connection was made, or nothing was sent |
//! | 502 | `upstream_lost` | not known: the connection broke before the answer was complete |
//! | 502 | `upstream_unusable` | yes, but its answer cannot be handed on |
//! | 504 | `upstream_timeout` | not known: the time was over first |

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reqwest::Url;

use crate::Console;
use crate::answer::{self, REQUEST_ID};
use crate::security_headers;
use crate::sessions::Session;
use crate::token::Token;

/// The most that is read of an answer. A hundred records are about 30 kB.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// How long connecting may take. It takes at most half of the time that the whole request has, so
/// that it ends first: then it is certain that nothing was sent.
const CONNECTING: Duration = Duration::from_secs(10);

/// What comes down besides the status and the body, and the request id, which is checked first.
/// `Date` and `Age` tell together how old an answer is: a cache before the API may have kept it.
const PASSED_DOWN: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::RETRY_AFTER,
    header::DATE,
    header::AGE,
];

/// The API that requests are forwarded to.
#[derive(Debug)]
pub(crate) struct Upstream {
    client: reqwest::Client,
    events: Url,
    timeout: Duration,
}

/// Why a base address cannot be used.
#[derive(Debug)]
pub(crate) enum UnusableBase {
    /// The address itself.
    Address(&'static str),
    /// What is needed to connect to it.
    Client(reqwest::Error),
}

impl Upstream {
    pub(crate) fn new(base: &str, timeout: Duration) -> Result<Self, UnusableBase> {
        let base = parse_base(base).map_err(UnusableBase::Address)?;
        let mut events = base.clone();
        events.set_path(&format!(
            "{}/referrals/me/events",
            base.path().trim_end_matches('/')
        ));
        let mut client = reqwest::Client::builder()
            .user_agent(concat!("dev-console/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECTING.min(timeout / 2))
            // Followed, a redirect could carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            // A request costs a credit: only the page decides to ask again.
            .retry(reqwest::retry::never());
        if base.scheme() == "http" {
            // Without TLS there is nothing to verify, and a machine without certificates must do.
            client = client.tls_certs_only([]);
        }
        if is_loopback(&base) {
            // An HTTP proxy from the environment would look for the stand-in on its own machine.
            client = client.no_proxy();
        }
        let client = client.build().map_err(UnusableBase::Client)?;
        Ok(Self {
            client,
            events,
            timeout,
        })
    }

    /// Whether the token would cross a network unencrypted.
    pub(crate) fn sends_token_in_the_clear(&self) -> bool {
        self.events.scheme() == "http" && !is_loopback(&self.events)
    }

    /// One request and its whole answer, in the time there is.
    async fn ask(
        &self,
        session: &Session,
        limit: Option<&str>,
        accept: HeaderValue,
        request_id: &str,
    ) -> Result<Response, Failure> {
        let authorization = session.token.authorization().ok_or(Failure::Unreachable)?;
        let mut url = self.events.clone();
        if let Some(limit) = limit {
            url.query_pairs_mut().append_pair("limit", limit);
        }
        let request = self
            .client
            .get(url)
            .header(header::ACCEPT, accept)
            // The body is handed on as it is, so it has to come as it is.
            .header(header::ACCEPT_ENCODING, "identity")
            .header(REQUEST_ID, request_id)
            .header(header::AUTHORIZATION, authorization);
        session.usage.request_sent();
        let exchange = async {
            let answer = request.send().await.map_err(|error| {
                let failure = Failure::from(error);
                if matches!(failure, Failure::Unreachable) {
                    session.usage.request_did_not_arrive();
                }
                failure
            })?;
            if answer.status().is_success() {
                session.usage.credit_spent();
            }
            pass_down(answer, &session.token).await
        };
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or(Err(Failure::TimedOut))
    }
}

fn parse_base(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "it is not an absolute URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it must begin with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not contain a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must not contain ? or #");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why there is no answer to hand on.
#[derive(Debug)]
enum Failure {
    /// The request never left: the API did not see it.
    Unreachable,
    /// The time was over. The API may have seen the request.
    TimedOut,
    /// The connection broke after it was made. The API may have seen the request.
    Lost,
    /// There is an answer, but not one that the page can be given.
    Unusable(&'static str),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // Asked first, because a time-out while connecting is both.
        let (failure, what) = if error.is_connect() || error.is_builder() {
            (Self::Unreachable, "The upstream cannot be reached")
        } else if error.is_timeout() {
            (Self::TimedOut, "The upstream took too long")
        } else {
            (Self::Lost, "The upstream did not complete its answer")
        };
        // The innermost cause says what happened ("Connection refused"); what surrounds it only
        // repeats the address.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        eprintln!("{what}: {cause}");
        failure
    }
}

async fn pass_down(mut answer: reqwest::Response, token: &Token) -> Result<Response, Failure> {
    let status = answer.status();
    if status.is_redirection() {
        return Err(Failure::Unusable("The service answered with a redirect"));
    }
    if answer
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        return Err(Failure::Unusable(
            "The service compressed an answer it was asked not to compress",
        ));
    }
    let mut headers = HeaderMap::new();
    for name in PASSED_DOWN {
        if let Some(value) = answer.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(id) = answer::request_id(answer.headers())
        && let Ok(value) = HeaderValue::try_from(id)
    {
        headers.insert(REQUEST_ID, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Failure::Unusable("The service's answer is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    // An upstream's debugging page may print the request it got.
    let leaks = headers
        .values()
        .any(|value| token.occurs_in(value.as_bytes()));
    if leaks || token.occurs_in(&body) {
        return Err(Failure::Unusable("The service's answer holds a secret"));
    }
    Ok((status, headers, body).into_response())
}

impl Failure {
    /// What `error.code` says: see the table of this module.
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "upstream_unreachable",
            Self::TimedOut => "upstream_timeout",
            Self::Lost => "upstream_lost",
            Self::Unusable(_) => "upstream_unusable",
        }
    }

    fn into_response(self, request_id: &str) -> Response {
        let (status, message) = match self {
            Self::Unreachable => (StatusCode::BAD_GATEWAY, "The service cannot be reached"),
            Self::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                "The service did not answer in time",
            ),
            Self::Lost => (
                StatusCode::BAD_GATEWAY,
                "The connection to the service broke before its answer was complete",
            ),
            Self::Unusable(reason) => (StatusCode::BAD_GATEWAY, reason),
        };
        answer::structured_failure(status, self.code(), message, request_id)
    }
}

/// `GET /api/v1/referrals/me/events`.
///
/// When the browser goes away, the server drops this future, and with it the request upstream.
pub(crate) async fn events(
    State(console): State<Arc<Console>>,
    method: Method,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let request_id = answer::request_id_or_fresh(&headers);
    let response = forward(&console, &method, &query, &headers, &request_id).await;
    answer::with_request_id(response, &request_id)
}

async fn forward(
    console: &Console,
    method: &Method,
    query: &[(String, String)],
    headers: &HeaderMap,
    request_id: &str,
) -> Response {
    if method != Method::GET {
        return answer::only_get();
    }
    if security_headers::started_elsewhere(headers) {
        // `SameSite=Lax` lets a link on another site bring the cookie along, and each request costs
        // a credit.
        let message = "This address answers only to its own pages";
        return answer::plain_failure(StatusCode::FORBIDDEN, message);
    }
    let Some(session) = console.sessions.find(headers, Instant::now()) else {
        return answer::authentication_required();
    };
    let limit = query
        .iter()
        .find(|(name, _)| name == "limit")
        .map(|(_, value)| value.as_str());
    let accept = headers
        .get(header::ACCEPT)
        .cloned()
        .unwrap_or(HeaderValue::from_static("application/json"));
    console
        .upstream
        .ask(&session, limit, accept, request_id)
        .await
        .unwrap_or_else(|failure| failure.into_response(request_id))
}

/// What every answer under `/api/` and `/demo/` carries: it is one user's, and no page.
pub(crate) async fn mark_as_data(mut response: Response) -> Response {
    let headers = response.headers_mut();
    security_headers::set(headers, security_headers::DATA_POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events_of(base: &str) -> String {
        let upstream = Upstream::new(base, Duration::from_secs(1));
        upstream.map_or_else(
            |error| format!("{error:?}"),
            |upstream| upstream.events.into(),
        )
    }

    #[test]
    fn the_endpoint_is_found_below_the_base() {
        crate::install_tls_provider();
        let expected = "http://127.0.0.1:9/api/v1/referrals/me/events";
        assert_eq!(events_of("http://127.0.0.1:9/api/v1"), expected);
        assert_eq!(events_of("http://127.0.0.1:9/api/v1/"), expected);
        let at_root = "http://127.0.0.1:9/referrals/me/events";
        assert_eq!(events_of("http://127.0.0.1:9"), at_root);
    }

    #[test]
    fn unusable_addresses_are_refused() {
        for text in [
            "",
            "api.example",
            "/api/v1",
            "ftp://api.example/",
            "file:///tmp",
            "https://user:password@api.example/",
            "https://api.example/?key=1",
            "https://api.example/#top",
            "https://",
        ] {
            assert!(parse_base(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_token_in_the_clear_is_noticed() {
        crate::install_tls_provider();
        for (base, clear) in [
            ("http://127.0.0.1:1/", false),
            ("http://localhost:1/", false),
            ("http://[::1]:1/", false),
            ("http://api.example/", true),
        ] {
            let upstream = Upstream::new(base, Duration::from_secs(1)).unwrap();
            assert_eq!(upstream.sends_token_in_the_clear(), clear, "{base}");
        }
    }
}
