//! Faulty answers that a browser may still get from a network: for the demo account "Faults on
//! request" only.
//!
//! They bypass the proxy, which would wait for a complete answer and reject some of them. The page
//! gets one when its API base is `/demo/faults/{cell}/{phase}/{status}/{body}`: it then requests
//! `{base}/referrals/me/events?limit=…`.
//!
//! | segment | meaning |
//! |---|---|
//! | `cell` | 1 to 64 of `A–Z a–z 0–9 _ -`: a counter of requests and credits |
//! | `phase` | `first`: each request gets the fault; `refresh`: the first request of the cell gets a good list, each later one the fault |
//! | `status` | 200 to 599, or for example `503-retry-45` for `Retry-After: 45`; the value may be any percent-encoded text |
//! | `body` | one of [`BODIES`] |
//!
//! 429 without `-retry-` has `Retry-After: 2`. The redirects 301, 302, 303, 307 and 308 have
//! `Location: /sign-in`. 204 and 304 have no body, and `body` matters only if it is `no-answer` or
//! `no-status-line`. An invalid address is answered with 400 and not counted.
//!
//! A body that is described as a list is a list for 2xx only. For other statuses it is an error with
//! the same damage. `good` and the bodies that begin with `not-` are the same for each status.
//!
//! | address | answer |
//! |---|---|
//! | `GET /demo/faults/usage` | `{"cells":{"<cell>":{"requests":1,"credits":1}}}`: a credit for each 2xx status line |
//! | `GET /demo/faults/bodies` | `["plain-error",…]`: the ids of all bodies |
//!
//! A browser by itself repeats a request whose connection broke before the status line, as long as that
//! connection had been used before. So a cell of `no-status-line` may count more requests than the
//! page made: Chromium made up to three of one. It does the same after a 408, which costs nothing. Each answer
//! therefore closes its connection.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Json;
use axum::body::{Body as ResponseBody, Bytes};
use axum::extract::{Extension, FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use serde_json::json;

use super::accounts::Account;
use super::{Envelope, MAX_RECORDS, STALLED_DELAY, TokenState};
use super::{events, lock, parse_limit, to_go_json};
use crate::Console;
use crate::accounts::Accounts;
use crate::answer;
use crate::connection::Connection;

/// The maximum number of cells of a session. A test of all bodies, statuses and phases needs some
/// hundreds.
const MAX_CELLS: usize = 2_000;

const MAX_CELL_LENGTH: usize = 64;

/// The number of events in the good list.
const EVENT_COUNT: u32 = 7;

/// Deeper than JSON parsers accept.
const NESTING_DEPTH: usize = 100_000;

/// Marks the string that is replaced by text that a serializer would not write.
const PLACEHOLDER: &str = "PLACE_OF_THE_DAMAGE";

const MESSAGE: &str = "The fault that was asked for";

const JSON: &str = "application/json; charset=utf-8";

/// The body of an answer, or a fault that occurs before or in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// `{"code":500,"msg":"…"}`
    PlainError,
    /// `{"error":{"code":"…","message":"…","request_id":"…"}}`
    StructuredError,
    /// A list without any fault.
    Good,
    /// No bytes.
    Empty,
    /// A web page.
    Html,
    /// Half of a list, sent as if it were whole.
    TruncatedJson,
    /// A list with the content type of an image.
    WrongContentType,
    /// Plain text with `Content-Encoding: gzip`.
    GzipGarbage,
    /// Half of a list; the connection is closed before `Content-Length` is reached.
    Cut,
    /// Half of a list, and then the connection is reset.
    Reset,
    /// Half of a list, and then nothing for a minute.
    Stalled,
    /// Deeply nested arrays instead of the events.
    Deep,
    /// A list after a byte order mark.
    Bom,
    /// A list with a lone surrogate as a campaign.
    LoneSurrogates,
    /// A list with a record that has the key `campaign` twice.
    DuplicateKeys,
    /// A list with a raw NUL in a campaign.
    Nul,
    /// The connection is reset before any status line.
    NoStatusLine,
    /// Nothing at all for a minute.
    NoAnswer,
    /// This JSON.
    Verbatim(&'static str),
}

/// All bodies, with their ids in addresses.
const BODIES: [(&str, Body); 37] = [
    ("plain-error", Body::PlainError),
    ("structured-error", Body::StructuredError),
    ("good", Body::Good),
    ("empty", Body::Empty),
    ("html", Body::Html),
    ("truncated-json", Body::TruncatedJson),
    (
        "other-json",
        Body::Verbatim(r#"{"status":"ok","results":[]}"#),
    ),
    ("wrong-content-type", Body::WrongContentType),
    ("gzip-garbage", Body::GzipGarbage),
    ("cut", Body::Cut),
    ("reset", Body::Reset),
    ("stalled", Body::Stalled),
    ("deep", Body::Deep),
    ("bom", Body::Bom),
    ("lone-surrogates", Body::LoneSurrogates),
    ("duplicate-keys", Body::DuplicateKeys),
    ("nul", Body::Nul),
    ("no-status-line", Body::NoStatusLine),
    ("no-answer", Body::NoAnswer),
    // With status 200 these look like successes, but must be read as failures.
    (
        "not-code-string",
        Body::Verbatim(r#"{"code":"200x","msg":"ok","data":{"items":[]}}"#),
    ),
    (
        "not-code-negative",
        Body::Verbatim(r#"{"code":-1,"msg":"failed","data":{"items":[]}}"#),
    ),
    (
        "not-code-3xx",
        Body::Verbatim(r#"{"code":302,"msg":"moved","data":{"items":[]}}"#),
    ),
    (
        "not-code-500",
        Body::Verbatim(r#"{"code":500,"msg":"internal execution error","data":{"items":[]}}"#),
    ),
    (
        "not-success-false",
        Body::Verbatim(r#"{"success":false,"data":{"items":[]}}"#),
    ),
    (
        "not-status-error",
        Body::Verbatim(r#"{"status":"error","data":{"items":[]}}"#),
    ),
    (
        "not-error-string",
        Body::Verbatim(r#"{"error":"down","data":{"items":[]}}"#),
    ),
    (
        "not-error-object",
        Body::Verbatim(
            r#"{"error":{"code":"upstream_unavailable","message":"down"},"data":{"items":[]}}"#,
        ),
    ),
    (
        "not-errors-array",
        Body::Verbatim(r#"{"errors":[{"message":"down"}],"data":{"items":[]}}"#),
    ),
    (
        "not-data-error",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":{"error":"down"}}"#),
    ),
    (
        "not-data-other-keys",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":{"rows":[]}}"#),
    ),
    (
        "not-data-array",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":[]}"#),
    ),
    (
        "not-data-null",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":null}"#),
    ),
    ("not-no-data", Body::Verbatim(r#"{"code":200,"msg":"ok"}"#)),
    (
        "not-items-object",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":{"items":{}}}"#),
    ),
    (
        "not-items-string",
        Body::Verbatim(r#"{"code":200,"msg":"ok","data":{"items":"none"}}"#),
    ),
    (
        "not-items-null-with-error",
        Body::Verbatim(r#"{"code":200,"msg":"ok","error":"down","data":{"items":null}}"#),
    ),
    ("not-top-array", Body::Verbatim("[]")),
];

/// The requests of a cell that get the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    First,
    Refresh,
}

/// A fault, parsed from an address.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    cell: String,
    phase: Phase,
    status: StatusCode,
    retry_after: Option<HeaderValue>,
    body: Body,
}

impl Fault {
    fn parse(cell: &str, phase: &str, status: &str, body: &str) -> Result<Self, &'static str> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=MAX_CELL_LENGTH).contains(&cell.len()) || !cell.bytes().all(is_allowed) {
            return Err("The cell must be 1 to 64 of A-Z, a-z, 0-9, _ and -");
        }
        let phase = match phase {
            "first" => Phase::First,
            "refresh" => Phase::Refresh,
            _ => return Err("The phase must be first or refresh"),
        };
        let (status, retry_after) = match status.split_once("-retry-") {
            Some((status, text)) => (status, Some(text)),
            None => (status, (status == "429").then_some("2")),
        };
        let status = status
            .parse()
            .ok()
            .filter(|number| (200..=599).contains(number))
            .and_then(|number| StatusCode::from_u16(number).ok())
            .ok_or("The status must be 200 to 599, alone or with -retry- and a text")?;
        let retry_after = retry_after
            .map(|text| HeaderValue::from_bytes(text.as_bytes()))
            .transpose()
            .map_err(|_| "No header can carry this Retry-After")?;
        let (_, body) = BODIES
            .into_iter()
            .find(|(id, _)| *id == body)
            .ok_or("There is no such body: GET /demo/faults/bodies lists them")?;
        Ok(Self {
            cell: cell.to_owned(),
            phase,
            status,
            retry_after,
            body,
        })
    }

    fn sends_status_line(&self) -> bool {
        !matches!(self.body, Body::NoStatusLine | Body::NoAnswer)
    }
}

/// The counts of one cell.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Cell {
    requests: u64,
    credits: u64,
}

/// The cells of one session.
#[derive(Debug, Default)]
pub(super) struct Cells(BTreeMap<String, Cell>);

impl Cells {
    /// Counts a request and returns whether it gets the fault. `None` when there are too many cells.
    fn count_request(&mut self, fault: &Fault) -> Option<bool> {
        if self.0.len() >= MAX_CELLS && !self.0.contains_key(&fault.cell) {
            return None;
        }
        let cell = self.0.entry(fault.cell.clone()).or_default();
        cell.requests += 1;
        let gets_fault = fault.phase == Phase::First || cell.requests > 1;
        if !gets_fault || (fault.status.is_success() && fault.sends_status_line()) {
            cell.credits += 1;
        }
        Some(gets_fault)
    }
}

/// A session of the account "Faults on request".
pub(crate) struct FaultsSession {
    state: Arc<Mutex<TokenState>>,
    seed: u64,
}

impl FromRequestParts<Arc<Console>> for FaultsSession {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        console: &Arc<Console>,
    ) -> Result<Self, Response> {
        let Some(session) = console.sessions.find(&parts.headers, Instant::now()) else {
            return Err(answer::authentication_required());
        };
        let Accounts::Demo(stand_in) = &console.accounts else {
            return Err(answer::not_found());
        };
        let service = &stand_in.service;
        let state = service.tokens.state_of(&session.token);
        match state.filter(|state| lock(state).account == Account::Faults) {
            Some(state) => Ok(Self {
                state,
                seed: service.seed,
            }),
            None => Err(answer::not_found()),
        }
    }
}

/// `GET /demo/faults/usage`
pub(crate) async fn usage(session: FaultsSession) -> Response {
    let cells = &lock(&session.state).faults.0;
    Json(json!({ "cells": cells })).into_response()
}

/// `GET /demo/faults/bodies`
pub(crate) async fn bodies(_: FaultsSession) -> Response {
    Json(BODIES.map(|(id, _)| id).to_vec()).into_response()
}

/// `GET /demo/faults/{cell}/{phase}/{status}/{body}/referrals/me/events`
pub(crate) async fn events(
    session: FaultsSession,
    Path((cell, phase, status, body)): Path<(String, String, String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
) -> Response {
    let bad_request = |message| answer::plain_failure(StatusCode::BAD_REQUEST, message);
    let fault = match Fault::parse(&cell, &phase, &status, &body) {
        Ok(fault) => fault,
        Err(message) => return bad_request(message),
    };
    let (gets_fault, signed_in) = {
        let mut state = lock(&session.state);
        let Some(gets_fault) = state.faults.count_request(&fault) else {
            return bad_request("This session has too many cells: sign in again");
        };
        (gets_fault, state.signed_in)
    };
    let limit = query.iter().find(|(name, _)| name == "limit");
    let limit = parse_limit(limit.map(|(_, value)| value.as_str())).unwrap_or(MAX_RECORDS);
    let mut list = events::history(session.seed, EVENT_COUNT, signed_in);
    list.truncate(limit);
    let request_id = answer::request_id_or_new(&headers);
    let mut response = if gets_fault {
        faulty_response(&fault, list, &request_id, &connection).await
    } else {
        let good = to_go_json(&Envelope::new(Some(list)));
        ([(header::CONTENT_TYPE, JSON)], good).into_response()
    };
    // So that few requests come on a connection that was used before.
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

async fn faulty_response(
    fault: &Fault,
    list: Vec<events::Event>,
    request_id: &str,
    connection: &Arc<Connection>,
) -> Response {
    if !fault.sends_status_line() {
        if fault.body == Body::NoAnswer {
            tokio::time::sleep(STALLED_DELAY).await;
        }
        connection.reset();
        return StatusCode::OK.into_response();
    }
    let (content_type, bytes) = content(fault, list, request_id);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(value) = &fault.retry_after {
        headers.insert(header::RETRY_AFTER, value.clone());
    }
    if matches!(fault.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        headers.insert(header::LOCATION, HeaderValue::from_static("/sign-in"));
    }
    if matches!(
        fault.status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    ) {
        return (fault.status, headers).into_response();
    }
    let body = match fault.body {
        Body::GzipGarbage => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bytes.into()
        }
        Body::Cut => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            failing_body(half(&bytes), async {})
        }
        Body::Reset => {
            let connection = Arc::clone(connection);
            failing_body(half(&bytes), async move { connection.reset() })
        }
        Body::Stalled => failing_body(half(&bytes), tokio::time::sleep(STALLED_DELAY)),
        _ => bytes.into(),
    };
    (fault.status, headers, body).into_response()
}

/// The content type and the complete bytes of a body, before any cut.
fn content(fault: &Fault, list: Vec<events::Event>, request_id: &str) -> (&'static str, Vec<u8>) {
    let list_or_error = |list| {
        if fault.status.is_success() {
            to_go_json(&Envelope::new(Some(list)))
        } else {
            plain_error(fault.status, MESSAGE)
        }
    };
    // `text` returns the JSON that replaces the value of a key.
    let damaged = |mut list: Vec<events::Event>, text: fn(&str) -> String| {
        let (whole, key) = if fault.status.is_success() {
            let has_campaign = |event: &events::Event| event.campaign.is_some();
            let position = list.iter().position(has_campaign).unwrap_or(0);
            if let Some(event) = list.get_mut(position) {
                event.campaign = Some(PLACEHOLDER);
            }
            (to_go_json(&Envelope::new(Some(list))), "campaign")
        } else {
            (plain_error(fault.status, PLACEHOLDER), "msg")
        };
        whole.replace(&format!("\"{PLACEHOLDER}\""), &text(key))
    };
    let json = match fault.body {
        Body::PlainError => plain_error(fault.status, MESSAGE),
        Body::StructuredError => json!({
            "error": { "code": "fault_requested", "message": MESSAGE, "request_id": request_id }
        })
        .to_string(),
        Body::Good => to_go_json(&Envelope::new(Some(list))),
        Body::Empty | Body::NoStatusLine | Body::NoAnswer => String::new(),
        Body::Html => {
            let page = if fault.status.is_success() {
                include_str!("fixtures/login.html")
            } else {
                include_str!("fixtures/bad_gateway.html")
            };
            return ("text/html", page.into());
        }
        Body::TruncatedJson => return (JSON, half(list_or_error(list).as_bytes())),
        Body::WrongContentType => return ("image/png", list_or_error(list).into()),
        Body::GzipGarbage => "this is not compressed".to_owned(),
        Body::Cut | Body::Reset | Body::Stalled => list_or_error(list),
        Body::Deep => {
            let (open, close) = ("[".repeat(NESTING_DEPTH), "]".repeat(NESTING_DEPTH));
            if fault.status.is_success() {
                format!(r#"{{"code":200,"msg":"ok","data":{{"items":{open}{close}}}}}"#)
            } else {
                format!(
                    r#"{{"code":{},"msg":{open}{close}}}"#,
                    fault.status.as_u16()
                )
            }
        }
        Body::Bom => format!("\u{feff}{}", list_or_error(list)),
        Body::LoneSurrogates => damaged(list, |_| r#""\ud800""#.to_owned()),
        Body::DuplicateKeys => damaged(list, |key| format!(r#""first","{key}":"second""#)),
        Body::Nul => damaged(list, |_| "\"a\0b\"".to_owned()),
        Body::Verbatim(json) => json.to_owned(),
    };
    (JSON, json.into())
}

fn plain_error(status: StatusCode, message: &str) -> String {
    json!({ "code": status.as_u16(), "msg": message }).to_string()
}

fn half(bytes: &[u8]) -> Vec<u8> {
    bytes.get(..bytes.len() / 2).unwrap_or_default().to_vec()
}

/// A body that sends these bytes, waits for `wait`, and then fails, which closes the connection.
fn failing_body(bytes: Vec<u8>, wait: impl Future<Output = ()> + Send + 'static) -> ResponseBody {
    let sent = stream::once(async { Ok(Bytes::from(bytes)) });
    let failure = stream::once(async {
        // An error discards bytes that are not sent yet. The server sends them when this yields.
        tokio::task::yield_now().await;
        wait.await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    ResponseBody::from_stream(sent.chain(failure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_fault_addresses_are_rejected() {
        let fault = Fault::parse("A-z_9", "refresh", "503-retry-1 h", "cut").unwrap();
        assert_eq!(fault.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(fault.retry_after.unwrap(), "1 h");
        let (long, longest) = ("a".repeat(65), "a".repeat(64));
        assert!(Fault::parse(&longest, "first", "599", "good").is_ok());
        for (cell, phase, status, body) in [
            ("", "first", "200", "good"),
            (long.as_str(), "first", "200", "good"),
            ("a.b", "first", "200", "good"),
            ("é", "first", "200", "good"),
            ("a", "second", "200", "good"),
            ("a", "first", "199", "good"),
            ("a", "first", "600", "good"),
            ("a", "first", "ok", "good"),
            ("a", "first", "-retry-1", "good"),
            ("a", "first", "503-retry-1\n2", "good"),
            ("a", "first", "200", "bad"),
            ("a", "first", "200", ""),
        ] {
            let parsed = Fault::parse(cell, phase, status, body);
            assert!(parsed.is_err(), "{cell}/{phase}/{status}/{body}");
        }
    }

    #[test]
    fn body_ids_are_unique() {
        let ids: std::collections::BTreeSet<_> = BODIES.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), BODIES.len());
    }
}
