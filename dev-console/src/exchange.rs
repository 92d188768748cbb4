//! What every request and answer of the console has: a request id, the security headers, and a line in
//! the log.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::answer::{self, REQUEST_ID};
use crate::connection::Connection;
use crate::security_headers;
use crate::token::Token;

/// The characters of a path that the log has.
const MAX_LOGGED_PATH: usize = 200;

/// Answers requests by a router.
#[derive(Debug, Clone)]
pub(crate) struct Exchanges {
    /// The token of the real account, which no log line and no request id may hold.
    pub(crate) secret: Option<Token>,
}

impl Exchanges {
    pub(crate) fn answer(
        &self,
        router: Router,
        mut request: Request,
        connection: Arc<Connection>,
    ) -> impl Future<Output = Response> + use<> {
        let secret = self.secret.as_ref();
        let is_secret = |text: &str| secret.is_some_and(|token| token.occurs_in(text.as_bytes()));
        let request_id = answer::request_id(request.headers())
            .filter(|id| !is_secret(id))
            .unwrap_or_else(|| answer::request_id_or_new(&HeaderMap::new()));
        let path = match request.uri().path() {
            path if is_secret(path) => "(hidden)",
            path => path,
        };
        let line = LogLine {
            method: request.method().clone(),
            path: path.chars().take(MAX_LOGGED_PATH).collect(),
            request_id,
            received: Instant::now(),
            status: None,
            bytes: 0,
            connection: Arc::clone(&connection),
        };
        connection.set_in_request(true);
        // Visible ASCII is always a header value.
        let request_id = HeaderValue::try_from(&line.request_id).ok();
        if let Some(id) = &request_id {
            request.headers_mut().insert(REQUEST_ID, id.clone());
        }
        request.extensions_mut().insert(connection);
        async move {
            let mut response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let headers = response.headers_mut();
            security_headers::complete(headers);
            if let Some(id) = request_id {
                headers.entry(REQUEST_ID).or_insert(id);
            }
            line.follow(response)
        }
    }
}

/// What the log says of a request. It is written when the answer has ended or the client has left.
struct LogLine {
    method: Method,
    path: String,
    request_id: String,
    received: Instant,
    status: Option<StatusCode>,
    bytes: usize,
    connection: Arc<Connection>,
}

impl LogLine {
    /// Counts the bytes of the answer, and keeps the line open until its end.
    fn follow(mut self, response: Response) -> Response {
        self.status = Some(response.status());
        response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                // The whole line moves in: it is written when the body is dropped.
                let line = &mut self;
                line.bytes += frame.data_ref().map_or(0, |data| data.len());
                frame
            }))
        })
    }
}

impl Drop for LogLine {
    fn drop(&mut self) {
        self.connection.set_in_request(false);
        tracing::info!(
            method = %self.method,
            path = self.path,
            // 0: the client left before there was an answer.
            status = self.status.map_or(0, |status| status.as_u16()),
            ms = u64::try_from(self.received.elapsed().as_millis()).unwrap_or(u64::MAX),
            bytes = self.bytes,
            request_id = self.request_id,
            "request"
        );
    }
}
