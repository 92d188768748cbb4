//! Answers in the API's own shapes, and request ids.
//!
//! The API documents two shapes for failures and says that "exact error bodies can vary". This module
//! builds both, for the console and for the stand-in.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::random;

/// The id of one request in the logs of the page, the console and the API.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request id in the headers, if it is valid: 1 to 128 visible ASCII characters.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fit = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    fit.then(|| text.to_owned())
}

/// The request id in the headers, or a new one.
pub(crate) fn request_id_or_new(headers: &HeaderMap) -> String {
    request_id(headers).unwrap_or_else(|| {
        // The id only helps to find a request in logs, so without randomness a constant will do.
        let random = random::hex::<12>().unwrap_or_else(|_| "unknown".to_owned());
        format!("req_{random}")
    })
}

/// `{"code":401,"msg":"…"}`
pub(crate) fn plain_failure(status: StatusCode, message: &str) -> Response {
    let body = json!({ "code": status.as_u16(), "msg": message });
    (status, Json(body)).into_response()
}

/// `{"error":{"code":"…","message":"…","request_id":"…"}}`
pub(crate) fn structured_failure(
    status: StatusCode,
    code: &str,
    message: &str,
    request_id: &str,
) -> Response {
    let body = json!({
        "error": { "code": code, "message": message, "request_id": request_id }
    });
    (status, Json(body)).into_response()
}

/// The answer to a request without a session or without a valid token.
pub(crate) fn authentication_required() -> Response {
    plain_failure(StatusCode::UNAUTHORIZED, "Authentication required")
}

/// The answer to a path that does not exist.
pub(crate) fn not_found() -> Response {
    plain_failure(StatusCode::NOT_FOUND, "Endpoint not found")
}

/// The answer to a method other than `GET`.
pub(crate) fn method_not_allowed() -> Response {
    let mut response = plain_failure(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed");
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET"));
    response
}

/// A wait as the value of `Retry-After`, in seconds. Rounded up, so that a client that waits that
/// long is not early.
pub(crate) fn retry_after_seconds(wait: Duration) -> u64 {
    let rounded_up = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    rounded_up.max(1)
}

/// Sets the request id of an answer, unless it already has one.
pub(crate) fn with_request_id(mut response: Response, request_id: &str) -> Response {
    if !response.headers().contains_key(REQUEST_ID)
        && let Ok(value) = HeaderValue::try_from(request_id)
    {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
        headers
    }

    #[test]
    fn invalid_request_ids_are_ignored() {
        assert_eq!(request_id(&headers(b"abc-1")).as_deref(), Some("abc-1"));
        assert!(request_id(&headers(&[b'a'; 128])).is_some());
        assert_eq!(request_id(&headers(&[b'a'; 129])), None);
        assert_eq!(request_id(&headers(b"")), None);
        assert_eq!(request_id(&headers(b"a b")), None);
        assert_eq!(request_id(&headers("é".as_bytes())), None);
        assert_eq!(request_id(&HeaderMap::new()), None);
    }

    #[test]
    fn new_request_ids_differ() {
        let none = HeaderMap::new();
        let (first, second) = (request_id_or_new(&none), request_id_or_new(&none));
        assert!(first.starts_with("req_"));
        assert_ne!(first, second);
    }

    #[test]
    fn retry_after_is_rounded_up() {
        assert_eq!(retry_after_seconds(Duration::from_millis(4001)), 5);
        assert_eq!(retry_after_seconds(Duration::from_secs(4)), 4);
        assert_eq!(retry_after_seconds(Duration::ZERO), 1);
    }
}
