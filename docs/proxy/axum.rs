//! The console's proxy with axum and reqwest. The tests hold it to `docs/console-contract.md`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use reqwest::redirect::Policy;
use serde_json::json;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::RETRY_AFTER,
    header::DATE,
    header::AGE,
    REQUEST_ID,
];
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// What the proxy needs to know.
pub struct Proxy {
    /// The API's base address, without a slash at the end.
    pub api: String,
    /// The console's own host, as in `Host`.
    pub host: String,
    /// The token of the one live session whose cookie is among these headers; none for none and for two.
    pub token_of: fn(&HeaderMap) -> Option<String>,
}

/// The proxy, to be merged with the console's other routes.
///
/// # Errors
/// When the HTTP client cannot be built.
pub fn router(proxy: Proxy) -> Result<Router, reqwest::Error> {
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        // The token would go along to wherever it leads.
        .redirect(Policy::none())
        // Each request costs a credit.
        .retry(reqwest::retry::never())
        .build()?;
    let state = Arc::new((proxy, client));
    Ok(Router::new()
        .route(
            "/api/v1/referrals/me/events",
            get(events).fallback(|| async {
                plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed")
            }),
        )
        .fallback(|| async { plain(StatusCode::NOT_FOUND, "Endpoint not found") })
        .layer(middleware::from_fn_with_state(Arc::clone(&state), frame))
        .with_state(state))
}

type Shared = Arc<(Proxy, reqwest::Client)>;

/// What every request and every answer has.
async fn frame(State(state): State<Shared>, mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let is_ours = request
        .headers()
        .get(header::HOST)
        .is_some_and(|host| *host == state.0.host);
    let mut response = if is_ours {
        next.run(request).await
    } else {
        let message = "This console is not for that host";
        plain(StatusCode::MISDIRECTED_REQUEST, message)
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(REQUEST_ID).or_insert(id);
    response
}

/// The browser's id if it may stand in a log, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(REQUEST_ID).filter(|id| {
        (1..=128).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    });
    given.cloned().unwrap_or_else(|| {
        // Any id that no other request has: your framework has better ones.
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed();
        let id = format!("req_{:x}", now.unwrap_or_default().as_nanos());
        HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("req_unknown"))
    })
}

async fn events(
    State(state): State<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let (proxy, client) = &*state;
    // A link on another site would spend the user's credits.
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if !sites.all(|site| site == "same-origin" || site == "none") {
        let message = "This address answers only to its own pages";
        return plain(StatusCode::FORBIDDEN, message);
    }
    let Some(token) = (proxy.token_of)(&headers) else {
        return plain(StatusCode::UNAUTHORIZED, "Authentication required");
    };
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    // Neither the browser's cookie nor its Authorization goes up. The body is passed on as it is.
    let request = client
        .get(format!("{}/referrals/me/events{query}", proxy.api))
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::AUTHORIZATION, format!("Token {token}"))
        .header(REQUEST_ID, &headers[REQUEST_ID]);
    match pass_on(request, &token).await {
        Ok(response) => response,
        Err((status, code, message)) => {
            let id = headers[REQUEST_ID].to_str().unwrap_or_default();
            let error = json!({ "code": code, "message": message, "request_id": id });
            (status, axum::Json(json!({ "error": error }))).into_response()
        }
    }
}

type Failure = (StatusCode, &'static str, &'static str);

async fn pass_on(request: reqwest::RequestBuilder, token: &str) -> Result<Response, Failure> {
    let unusable = |message| (StatusCode::BAD_GATEWAY, "upstream_unusable", message);
    let mut answer = request.send().await.map_err(failure)?;
    if answer.status().is_redirection() {
        return Err(unusable("The service answered with a redirect"));
    }
    let mut headers = HeaderMap::new();
    for name in FORWARDED {
        if let Some(value) = answer.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let mut body = Vec::new();
    while let Some(bytes) = answer.chunk().await.map_err(failure)? {
        if body.len() + bytes.len() > MAX_BYTES {
            return Err(unusable("The service's answer is too large"));
        }
        body.extend_from_slice(&bytes);
    }
    // An error page may print the request with its token.
    if body
        .windows(token.len())
        .any(|part| part == token.as_bytes())
    {
        return Err(unusable("The service's answer holds a secret"));
    }
    Ok((answer.status(), headers, body).into_response())
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_connect() {
        // Nothing was sent, so nothing was charged.
        let message = "The service cannot be reached";
        (StatusCode::BAD_GATEWAY, "upstream_unreachable", message)
    } else if error.is_timeout() {
        let message = "The service did not answer in time";
        (StatusCode::GATEWAY_TIMEOUT, "upstream_timeout", message)
    } else {
        let message = "The connection to the service broke";
        (StatusCode::BAD_GATEWAY, "upstream_lost", message)
    }
}

fn plain(status: StatusCode, message: &str) -> Response {
    let body = json!({ "code": status.as_u16(), "msg": message });
    (status, axum::Json(body)).into_response()
}
