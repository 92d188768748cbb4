//! Answers that no service should give, and that a browser may still meet on its way to one: for
//! the demo account "Faults on request", and for nobody else.
//!
//! They do not go through the proxy, which would wait for the whole of an answer and refuse some.
//! The page meets one when its API base is `/demo/faults/{cell}/{phase}/{status}/{body}`; it asks
//! `{that}/referrals/me/events?limit=…`.
//!
//! | part | what it is |
//! |---|---|
//! | `cell` | 1 to 64 of `A–Z a–z 0–9 _ -`: whose requests and credits are counted together, and who is "first" |
//! | `phase` | `first`: every request meets the fault; `refresh`: the first of the cell gets a good list, every later one the fault |
//! | `status` | 200 to 599, or `503-retry-45`: with `Retry-After: 45`, whatever text follows (percent-encoded) |
//! | `body` | one of [`BODIES`] |
//!
//! 429 without `-retry-` carries `Retry-After: 2`; the redirections 301, 302, 303, 307 and 308 carry
//! `Location: /sign-in`; 204 and 304 have no body whatever `body` says, unless that is `no-answer`
//! or `no-status-line`. What is no such address is answered with 400, and not counted.
//!
//! A body that is said to be a list is one for 2xx only; for other statuses it is an error with the
//! same damage. `good` and those that begin with `not-` are the same for every status.
//!
//! | address | answer |
//! |---|---|
//! | `GET /demo/faults/usage` | `{"cells":{"<cell>":{"requests":1,"credits":1}}}`: a credit for each 2xx status line |
//! | `GET /demo/faults/bodies` | `["plain-error",…]`: the ids of all bodies |
//!
//! A browser itself repeats a request whose connection broke before the status line, as long as that
//! connection had been used before. So a cell of `no-status-line` may count more requests than the
//! page made: Chromium made up to three of one. It does the same after a 408, which costs nothing.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Json;
use axum::body::{Body as ResponseBody, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use serde_json::json;

use super::accounts::Account;
use super::{Envelope, MOST_RECORDS, Memory, STALLED_ANSWER};
use super::{as_go_writes, events, lock, records_to_return};
use crate::Console;
use crate::accounts::Accounts;
use crate::answer;
use crate::connection::Connection;

/// How many cells a session can have. A run over every body, status and phase needs some hundreds.
const MOST_CELLS: usize = 2_000;

const LONGEST_CELL: usize = 64;

/// How many events the good list has.
const EVENTS: u32 = 7;

/// Far deeper than any reader follows.
const DEPTH: usize = 100_000;

/// Stands where a text is to be replaced by what a serialiser would not write.
const PLACE: &str = "PLACE_OF_THE_DAMAGE";

const MESSAGE: &str = "The fault that was asked for";

const JSON: &str = "application/json; charset=utf-8";

/// What is sent after the headers, or instead of them.
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
    /// A list that is said to be an image.
    WrongContentType,
    /// Said to be compressed by gzip, and not.
    GzipGarbage,
    /// Half of a list; the connection is closed before the announced length is reached.
    Cut,
    /// Half of a list, and then the connection is reset.
    Reset,
    /// Half of a list, and then nothing for a minute.
    Stalled,
    /// Arrays in arrays where the events should be.
    Deep,
    /// A list after a byte order mark.
    Bom,
    /// A list with half a surrogate pair for a campaign.
    LoneSurrogates,
    /// A list with a record that has its campaign twice.
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

/// All bodies, and the ids by which they are asked for.
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
    // With status 200 these look like successes and are none.
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

/// When a request meets the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    First,
    Refresh,
}

/// A fault, as an address asks for it.
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
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=LONGEST_CELL).contains(&cell.len()) || !cell.bytes().all(is_plain) {
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

/// What the requests of one cell came to.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Cell {
    requests: u64,
    credits: u64,
}

/// The cells of one session.
#[derive(Debug, Default)]
pub(super) struct Cells(BTreeMap<String, Cell>);

impl Cells {
    /// Counts a request, and says whether it meets the fault. `None` when there are too many cells.
    fn count(&mut self, fault: &Fault) -> Option<bool> {
        if self.0.len() >= MOST_CELLS && !self.0.contains_key(&fault.cell) {
            return None;
        }
        let cell = self.0.entry(fault.cell.clone()).or_default();
        cell.requests += 1;
        let meets_fault = fault.phase == Phase::First || cell.requests > 1;
        if !meets_fault || (fault.status.is_success() && fault.sends_status_line()) {
            cell.credits += 1;
        }
        Some(meets_fault)
    }
}

/// A session of the account that may ask for faults.
pub(crate) struct FaultsSession {
    memory: Arc<Mutex<Memory>>,
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
        let memory = service.tokens.memory_of(&session.token);
        match memory.filter(|memory| lock(memory).account == Account::Faults) {
            Some(memory) => Ok(Self {
                memory,
                seed: service.seed,
            }),
            None => Err(answer::not_found()),
        }
    }
}

/// `GET /demo/faults/usage`
pub(crate) async fn usage(session: FaultsSession) -> Response {
    let cells = &lock(&session.memory).faults.0;
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
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
) -> Response {
    let bad_request = |message| answer::plain_failure(StatusCode::BAD_REQUEST, message);
    let fault = match Fault::parse(&cell, &phase, &status, &body) {
        Ok(fault) => fault,
        Err(message) => return bad_request(message),
    };
    let (meets_fault, signed_in) = {
        let mut memory = lock(&session.memory);
        let Some(meets_fault) = memory.faults.count(&fault) else {
            return bad_request("This session has too many cells: sign in again");
        };
        (meets_fault, memory.signed_in)
    };
    let limit = query.iter().find(|(name, _)| name == "limit");
    let limit = records_to_return(limit.map(|(_, value)| value.as_str())).unwrap_or(MOST_RECORDS);
    let mut list = events::history(session.seed, EVENTS, signed_in);
    list.truncate(limit);
    let request_id = answer::request_id_or_fresh(&headers);
    let response = if meets_fault {
        faulty(&fault, list, &request_id, &connection).await
    } else {
        let good = as_go_writes(&Envelope::of(Some(list)));
        ([(header::CONTENT_TYPE, JSON)], good).into_response()
    };
    answer::with_request_id(response, &request_id)
}

async fn faulty(
    fault: &Fault,
    list: Vec<events::Event>,
    request_id: &str,
    connection: &Connection,
) -> Response {
    if !fault.sends_status_line() {
        if fault.body == Body::NoAnswer {
            tokio::time::sleep(STALLED_ANSWER).await;
        }
        connection.break_off();
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
            breaks_off(half(&bytes), async {})
        }
        Body::Reset => {
            let connection = connection.clone();
            breaks_off(half(&bytes), async move { connection.break_off() })
        }
        Body::Stalled => breaks_off(half(&bytes), tokio::time::sleep(STALLED_ANSWER)),
        _ => bytes.into(),
    };
    (fault.status, headers, body).into_response()
}

/// The bytes of a body as if it were sent whole, and their type.
fn content(fault: &Fault, list: Vec<events::Event>, request_id: &str) -> (&'static str, Vec<u8>) {
    let list_or_error = |list| {
        if fault.status.is_success() {
            as_go_writes(&Envelope::of(Some(list)))
        } else {
            plain_error(fault.status, MESSAGE)
        }
    };
    // `text` makes JSON for the value of the key that it is given.
    let damaged = |mut list: Vec<events::Event>, text: fn(&str) -> String| {
        let (whole, key) = if fault.status.is_success() {
            let has_campaign = |event: &events::Event| event.campaign.is_some();
            let position = list.iter().position(has_campaign).unwrap_or(0);
            if let Some(event) = list.get_mut(position) {
                event.campaign = Some(PLACE);
            }
            (as_go_writes(&Envelope::of(Some(list))), "campaign")
        } else {
            (plain_error(fault.status, PLACE), "msg")
        };
        whole.replace(&format!("\"{PLACE}\""), &text(key))
    };
    let json = match fault.body {
        Body::PlainError => plain_error(fault.status, MESSAGE),
        Body::StructuredError => json!({
            "error": { "code": "fault_requested", "message": MESSAGE, "request_id": request_id }
        })
        .to_string(),
        Body::Good => as_go_writes(&Envelope::of(Some(list))),
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
            let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
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

/// These bytes; then, when `wait` is over, the body ends in an error, and with it the connection.
fn breaks_off(bytes: Vec<u8>, wait: impl Future<Output = ()> + Send + 'static) -> ResponseBody {
    let sent = stream::once(async { Ok(Bytes::from(bytes)) });
    let broken = stream::once(async {
        // An error takes along what is not sent yet, and the server sends when it has to wait.
        tokio::task::yield_now().await;
        wait.await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    ResponseBody::from_stream(sent.chain(broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_addresses_are_faults() {
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
    fn every_body_has_an_id_of_its_own() {
        let ids: std::collections::BTreeSet<_> = BODIES.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), BODIES.len());
    }
}
