//! The console's proxy: it forwards the page's request with the token that only the server knows.
//!
//! Headers are forwarded only if they are on a list, in both directions. So neither the browser's
//! cookies, nor the upstream's, nor headers unknown to the proxy are forwarded.
//!
//! A request costs a credit, so the console's own failures say in `error.code` whether the API was
//! reached:
//!
//! | status | `error.code` | was the API reached? |
//! |---|---|---|
//! | 502 | `upstream_unreachable` | certainly not: no connection was made, or nothing was sent |
//! | 502 | `upstream_lost` | not known: the connection broke before the answer was complete |
//! | 502 | `upstream_unusable` | yes, but its answer cannot be forwarded |
//! | 504 | `upstream_timeout` | not known: the answer was not complete in time |

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reqwest::Url;

use crate::Console;
use crate::answer::{self, REQUEST_ID};
use crate::public_url::is_cross_site;
use crate::sessions::Session;
use crate::token::Token;

/// The maximum size of an answer's body, in bytes. A hundred records are about 30 kB.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The maximum time for connecting. It is also limited to half of the request's timeout, so that a
/// connect timeout comes first: then it is certain that nothing was sent.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(10);

/// The headers of an answer that are forwarded unchanged. The request id is forwarded if it is valid.
/// `Date` and `Age` together say how old an answer is: a cache in front of the API may have kept it.
const FORWARDED_HEADERS: [HeaderName; 4] = [
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

/// Why an upstream cannot be used.
#[derive(Debug)]
pub(crate) enum UpstreamError {
    /// The address is invalid, for this reason.
    InvalidBase(&'static str),
    /// The HTTP client cannot be built.
    Client(reqwest::Error),
}

impl Upstream {
    pub(crate) fn new(base: &str, timeout: Duration) -> Result<Self, UpstreamError> {
        let base = parse_base(base).map_err(UpstreamError::InvalidBase)?;
        let mut events = base.clone();
        events.set_path(&format!(
            "{}/referrals/me/events",
            base.path().trim_end_matches('/')
        ));
        let mut client = reqwest::Client::builder()
            .user_agent(concat!("dev-console/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(MAX_CONNECT_TIME.min(timeout / 2))
            // A followed redirect could send the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            // A request costs a credit: only the page decides on a retry.
            .retry(reqwest::retry::never());
        if base.scheme() == "http" {
            // Plain HTTP needs no certificates, so it must work on a machine without any.
            client = client.tls_certs_only([]);
        }
        if is_loopback(&base) {
            // An HTTP proxy from the environment would resolve the loopback address to itself.
            client = client.no_proxy();
        }
        let client = client.build().map_err(UpstreamError::Client)?;
        Ok(Self {
            client,
            events,
            timeout,
        })
    }

    /// Whether the token is sent over a network unencrypted.
    pub(crate) fn sends_token_unencrypted(&self) -> bool {
        self.events.scheme() == "http" && !is_loopback(&self.events)
    }

    /// Sends one request and returns its complete answer, within the timeout.
    async fn request_events(
        &self,
        session: &Session,
        limit: Option<&str>,
        accept: HeaderValue,
        request_id: &str,
    ) -> Result<Response, Failure> {
        let authorization = session
            .token
            .authorization()
            .ok_or_else(|| Failure::Unreachable("the token cannot be sent".to_owned()))?;
        let mut url = self.events.clone();
        if let Some(limit) = limit {
            url.query_pairs_mut().append_pair("limit", limit);
        }
        let request = self
            .client
            .get(url)
            .header(header::ACCEPT, accept)
            // The body is forwarded without decoding, so it must not be compressed.
            .header(header::ACCEPT_ENCODING, "identity")
            .header(REQUEST_ID, request_id)
            .header(header::AUTHORIZATION, authorization);
        session.usage.request_sent();
        let exchange = async {
            let answer = request.send().await.map_err(|error| {
                let failure = Failure::from(error);
                if matches!(failure, Failure::Unreachable(_)) {
                    session.usage.request_not_sent();
                }
                failure
            })?;
            if answer.status().is_success() {
                session.usage.credit_spent();
            }
            forward_response(answer, &session.token).await
        };
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or(Err(Failure::TimedOut))
            .inspect_err(|failure| failure.log(request_id))
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

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why there is no answer to forward.
#[derive(Debug)]
enum Failure {
    /// The request was not sent, for this reason: the API did not get it.
    Unreachable(String),
    /// The timeout was reached. The API may have got the request.
    TimedOut,
    /// The connection broke after it was made, for this reason. The API may have got the request.
    Lost(String),
    /// The answer must not be forwarded to the page, for this reason.
    Unusable(&'static str),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // The innermost cause says what happened ("Connection refused"). The outer errors only
        // repeat the address.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        // Checked first: a connect timeout is both a connect error and a timeout.
        if error.is_connect() || error.is_builder() {
            Self::Unreachable(cause.to_string())
        } else if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Lost(cause.to_string())
        }
    }
}

async fn forward_response(
    mut answer: reqwest::Response,
    token: &Token,
) -> Result<Response, Failure> {
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
    for name in FORWARDED_HEADERS {
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
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Failure::Unusable("The service's answer is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    // An upstream's debug page may print the request with its token.
    let leaks = headers
        .values()
        .any(|value| token.occurs_in(value.as_bytes()));
    if leaks || token.occurs_in(&body) {
        return Err(Failure::Unusable("The service's answer holds a secret"));
    }
    Ok((status, headers, body).into_response())
}

impl Failure {
    /// The value of `error.code`: see the table of this module.
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "upstream_unreachable",
            Self::TimedOut => "upstream_timeout",
            Self::Lost(_) => "upstream_lost",
            Self::Unusable(_) => "upstream_unusable",
        }
    }

    fn log(&self, request_id: &str) {
        let reason = match self {
            Self::Unreachable(reason) | Self::Lost(reason) => reason,
            Self::Unusable(reason) => *reason,
            Self::TimedOut => "no complete answer in time",
        };
        tracing::warn!(code = self.code(), reason, request_id, "upstream fault");
    }

    fn into_response(self, request_id: &str) -> Response {
        let (status, message) = match self {
            Self::Unreachable(_) => (StatusCode::BAD_GATEWAY, "The service cannot be reached"),
            Self::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                "The service did not answer in time",
            ),
            Self::Lost(_) => (
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
/// When the browser disconnects, the server drops this future, which cancels the upstream request.
pub(crate) async fn events(
    State(console): State<Arc<Console>>,
    method: Method,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let request_id = answer::request_id_or_new(&headers);
    forward_request(&console, &method, &query, &headers, &request_id).await
}

async fn forward_request(
    console: &Console,
    method: &Method,
    query: &[(String, String)],
    headers: &HeaderMap,
    request_id: &str,
) -> Response {
    if method != Method::GET {
        return answer::method_not_allowed();
    }
    if is_cross_site(headers) {
        // With `SameSite=Lax` a link on another site sends the cookie, and each request costs a
        // credit.
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
        .request_events(&session, limit, accept, request_id)
        .await
        .unwrap_or_else(|failure| failure.into_response(request_id))
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
    fn the_endpoint_is_appended_to_the_base() {
        crate::install_tls_provider();
        let expected = "http://127.0.0.1:9/api/v1/referrals/me/events";
        assert_eq!(events_of("http://127.0.0.1:9/api/v1"), expected);
        assert_eq!(events_of("http://127.0.0.1:9/api/v1/"), expected);
        let at_root = "http://127.0.0.1:9/referrals/me/events";
        assert_eq!(events_of("http://127.0.0.1:9"), at_root);
    }

    #[test]
    fn invalid_base_addresses_are_rejected() {
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
    fn an_unencrypted_token_is_detected() {
        crate::install_tls_provider();
        for (base, clear) in [
            ("http://127.0.0.1:1/", false),
            ("http://localhost:1/", false),
            ("http://[::1]:1/", false),
            ("http://api.example/", true),
        ] {
            let upstream = Upstream::new(base, Duration::from_secs(1)).unwrap();
            assert_eq!(upstream.sends_token_unencrypted(), clear, "{base}");
        }
    }
}
