use std::io::ErrorKind;
use std::time::Duration;

use dev_console::{COOKIE_NAME, RunningConsole};
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{self, Browser};

const JSON: &str = "application/json; charset=utf-8";

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
    /// It stays open, and nothing more is sent.
    Silence,
}

/// The bytes on the wire, up to the end of the connection.
#[derive(Debug)]
struct Wire {
    /// The status line and headers in lower case; empty without a status line.
    head: String,
    /// The raw body, including the chunk framing.
    body: Vec<u8>,
    end: End,
}

impl Wire {
    fn status(&self) -> u16 {
        let number = self.head.strip_prefix("http/1.1 ").unwrap();
        number.get(..3).unwrap().parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

fn address(cell: &str, phase: &str, status: &str, body: &str) -> String {
    format!("/demo/faults/{cell}/{phase}/{status}/{body}/referrals/me/events?limit=100")
}

/// Sends a request on a new connection. An expected silence is detected after 700 ms.
async fn ask(console: &RunningConsole, browser: &Browser, path: &str, expected: End) -> Wire {
    let url = console.url();
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let cookie = browser.cookie.clone().unwrap_or_default();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {COOKIE_NAME}={cookie}\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let timeout = match expected {
        End::Silence => Duration::from_millis(700),
        End::Closed | End::Reset => Duration::from_secs(20),
    };
    let mut bytes = Vec::new();
    let end = loop {
        match tokio::time::timeout(timeout, connection.read_buf(&mut bytes)).await {
            Err(_) => break End::Silence,
            Ok(Ok(0)) => break End::Closed,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                break End::Reset;
            }
        }
    };
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let body = head_end.map_or(vec![], |position| bytes.split_off(position + 4));
    let head = String::from_utf8(bytes).unwrap().to_lowercase();
    Wire { head, body, end }
}

type MakeBody = Box<dyn Fn(&str) -> Vec<u8>>;

/// The expected bytes of a body id, made from a good list or a plain error.
struct Row {
    id: &'static str,
    content_type: &'static str,
    end: End,
    body: MakeBody,
}

fn row<B: Into<Vec<u8>>>(id: &'static str, body: impl Fn(&str) -> B + 'static) -> Row {
    Row {
        id,
        content_type: JSON,
        end: End::Closed,
        body: Box::new(move |whole| body(whole).into()),
    }
}

fn half(whole: &str) -> &str {
    &whole[..whole.len() / 2]
}

/// One chunk with half of the body, without the final chunk.
fn unfinished_chunks(whole: &str) -> String {
    let half = half(whole);
    format!("{:X}\r\n{half}\r\n", half.len())
}

/// The text before and after the first campaign, or the message of an error, without its quotes.
fn around_text(whole: &str) -> (&str, &str) {
    let key = if whole.contains("\"campaign\"") {
        "\"campaign\":\""
    } else {
        "\"msg\":\""
    };
    let (before, after) = whole.split_once(key).unwrap();
    let (_, after) = after.split_once('"').unwrap();
    (&whole[..before.len() + key.len() - 1], after)
}

/// Replaces the first campaign of a list, or the message of an error, by this JSON.
fn with_text(whole: &str, text: &str) -> String {
    let (before, after) = around_text(whole);
    format!("{before}{text}{after}")
}

fn rows() -> Vec<Row> {
    let bad_gateway = include_str!("../../src/stand_in/fixtures/bad_gateway.html");
    let login = include_str!("../../src/stand_in/fixtures/login.html");
    let is_list = |whole: &str| whole.contains("\"items\"");
    vec![
        row("plain-error", |whole| whole.to_owned()),
        row("structured-error", |whole| whole.to_owned()),
        row("good", |whole| whole.to_owned()),
        row("empty", |_| ""),
        Row {
            content_type: "text/html",
            ..row(
                "html",
                move |whole| {
                    if is_list(whole) { login } else { bad_gateway }
                },
            )
        },
        row("truncated-json", |whole| half(whole).to_owned()),
        row("other-json", |_| r#"{"status":"ok","results":[]}"#),
        Row {
            content_type: "image/png",
            ..row("wrong-content-type", |whole| whole.to_owned())
        },
        row("gzip-garbage", |_| "this is not compressed"),
        row("cut", |whole| half(whole).to_owned()),
        Row {
            end: End::Reset,
            ..row("reset", unfinished_chunks)
        },
        Row {
            end: End::Silence,
            ..row("stalled", unfinished_chunks)
        },
        row("deep", move |whole| {
            let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
            if is_list(whole) {
                format!(r#"{{"code":200,"msg":"ok","data":{{"items":{nested}}}}}"#)
            } else {
                format!(r#"{{"code":500,"msg":{nested}}}"#)
            }
        }),
        row("bom", |whole| [b"\xef\xbb\xbf", whole.as_bytes()].concat()),
        row("lone-surrogates", |whole| with_text(whole, r#""\ud800""#)),
        row("duplicate-keys", move |whole| {
            let key = if is_list(whole) { "campaign" } else { "msg" };
            with_text(whole, &format!(r#""first","{key}":"second""#))
        }),
        row("nul", |whole| with_text(whole, "\"a\0b\"")),
        Row {
            end: End::Reset,
            ..row("no-status-line", |_| "")
        },
        Row {
            end: End::Silence,
            ..row("no-answer", |_| "")
        },
        row(
            "not-code-string",
            |_| r#"{"code":"200x","msg":"ok","data":{"items":[]}}"#,
        ),
        row(
            "not-code-negative",
            |_| r#"{"code":-1,"msg":"failed","data":{"items":[]}}"#,
        ),
        row(
            "not-code-3xx",
            |_| r#"{"code":302,"msg":"moved","data":{"items":[]}}"#,
        ),
        row(
            "not-code-500",
            |_| r#"{"code":500,"msg":"internal execution error","data":{"items":[]}}"#,
        ),
        row(
            "not-success-false",
            |_| r#"{"success":false,"data":{"items":[]}}"#,
        ),
        row(
            "not-status-error",
            |_| r#"{"status":"error","data":{"items":[]}}"#,
        ),
        row(
            "not-error-string",
            |_| r#"{"error":"down","data":{"items":[]}}"#,
        ),
        row(
            "not-error-object",
            |_| r#"{"error":{"code":"upstream_unavailable","message":"down"},"data":{"items":[]}}"#,
        ),
        row(
            "not-errors-array",
            |_| r#"{"errors":[{"message":"down"}],"data":{"items":[]}}"#,
        ),
        row(
            "not-data-error",
            |_| r#"{"code":200,"msg":"ok","data":{"error":"down"}}"#,
        ),
        row(
            "not-data-other-keys",
            |_| r#"{"code":200,"msg":"ok","data":{"rows":[]}}"#,
        ),
        row("not-data-array", |_| r#"{"code":200,"msg":"ok","data":[]}"#),
        row(
            "not-data-null",
            |_| r#"{"code":200,"msg":"ok","data":null}"#,
        ),
        row("not-no-data", |_| r#"{"code":200,"msg":"ok"}"#),
        row(
            "not-items-object",
            |_| r#"{"code":200,"msg":"ok","data":{"items":{}}}"#,
        ),
        row(
            "not-items-string",
            |_| r#"{"code":200,"msg":"ok","data":{"items":"none"}}"#,
        ),
        row(
            "not-items-null-with-error",
            |_| r#"{"code":200,"msg":"ok","error":"down","data":{"items":null}}"#,
        ),
        row("not-top-array", |_| "[]"),
    ]
}

/// A good list. It has a campaign, which damaged lists replace.
async fn good_list(console: &RunningConsole, browser: &Browser) -> String {
    let path = address("reference", "first", "200", "good");
    let good = ask(console, browser, &path, End::Closed).await.text();
    let list: serde_json::Value = serde_json::from_str(&good).unwrap();
    assert_eq!(list["code"], 200);
    assert_eq!(list["data"]["items"].as_array().unwrap().len(), 7);
    assert!(good.contains("\"campaign\""), "{good}");
    good
}

/// Tests of the page rely on these bodies: a fault with the wrong bytes would prove nothing.
#[tokio::test]
async fn each_body_id_sends_the_expected_bytes() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    let good = good_list(&console, &browser).await;
    let listed = browser.get("/demo/faults/bodies").await.json();
    let rows = rows();
    let tested: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(listed, json!(tested));

    for row in &rows {
        for status in [200, 500] {
            let id = row.id;
            let cell = format!("{id}-{status}");
            let path = address(&cell, "first", &status.to_string(), id);
            let wire = ask(&console, &browser, &path, row.end).await;
            assert_eq!(wire.end, row.end, "{cell}");
            let has_status = !matches!(id, "no-status-line" | "no-answer");
            let usage = browser.get("/demo/faults/usage").await.json();
            let credits = u8::from(status == 200 && has_status);
            let expected = json!({ "requests": 1, "credits": credits });
            assert_eq!(usage["cells"][&cell], expected, "{cell}");
            if !has_status {
                assert_eq!((wire.head.as_str(), wire.body.len()), ("", 0), "{cell}");
                continue;
            }

            let request_id = wire.header("x-request-id").unwrap();
            let message = "The fault that was asked for";
            let whole = match id {
                "plain-error" => json!({ "code": status, "msg": message }).to_string(),
                "structured-error" => {
                    let code = "fault_requested";
                    json!({ "error": { "code": code, "message": message, "request_id": request_id } })
                        .to_string()
                }
                _ if status == 200 || id == "good" => good.clone(),
                _ => json!({ "code": status, "msg": message }).to_string(),
            };
            let body = (row.body)(&whole);
            assert_eq!(
                String::from_utf8_lossy(&wire.body),
                String::from_utf8_lossy(&body),
                "{cell}"
            );
            assert_eq!(wire.body, body, "{cell}");
            assert_eq!(wire.status(), status, "{cell}");
            assert_eq!(
                wire.header("content-type"),
                Some(row.content_type),
                "{cell}"
            );
            let encoding = (id == "gzip-garbage").then_some("gzip");
            assert_eq!(wire.header("content-encoding"), encoding, "{cell}");
            let length = match id {
                "cut" => Some(whole.len().to_string()),
                "reset" | "stalled" => None,
                _ => Some(body.len().to_string()),
            };
            assert_eq!(wire.header("content-length"), length.as_deref(), "{cell}");
            assert_eq!(wire.header("connection"), Some("close"), "{cell}");
            assert!(wire.header("date").is_some(), "{cell}");
            assert_eq!(wire.header("cache-control"), Some("no-store"), "{cell}");
            assert_eq!(
                wire.header("content-security-policy"),
                Some(dev_console::DATA_POLICY),
                "{cell}"
            );
        }
    }
}

#[tokio::test]
async fn statuses_have_the_expected_headers_and_bodies() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    for (text, status, location, retry_after) in [
        ("200", 200, None, None),
        ("204", 204, None, None),
        ("301", 301, Some("/sign-in"), None),
        ("302", 302, Some("/sign-in"), None),
        ("304", 304, None, None),
        ("401", 401, None, None),
        ("429", 429, None, Some("2")),
        ("429-retry-", 429, None, Some("")),
        ("429-retry-7", 429, None, Some("7")),
        ("503", 503, None, None),
        ("503-retry-45", 503, None, Some("45")),
        (
            "503-retry-Tue,%2012%20May%202026%2014:03:07%20GMT",
            503,
            None,
            Some("tue, 12 may 2026 14:03:07 gmt"),
        ),
        ("200-retry--1-retry-%252F", 200, None, Some("-1-retry-%2f")),
        ("599", 599, None, None),
    ] {
        let path = address("statuses", "first", text, "plain-error");
        let wire = ask(&console, &browser, &path, End::Closed).await;
        assert_eq!(wire.status(), status, "{text}");
        assert_eq!(wire.header("location"), location, "{text}");
        // A header without a value ends at the colon.
        let empty = wire
            .head
            .lines()
            .any(|line| line.trim_end() == "retry-after:");
        let found = wire.header("retry-after").or(empty.then_some(""));
        assert_eq!(found, retry_after, "{text}");
        let has_body = !matches!(status, 204 | 304);
        assert_eq!(!wire.body.is_empty(), has_body, "{text}");
    }
    // Faults in a body do not delay an answer without one.
    for body in ["cut", "reset", "stalled"] {
        let path = address("statuses", "first", "204", body);
        let wire = ask(&console, &browser, &path, End::Closed).await;
        assert_eq!((wire.status(), wire.body.len()), (204, 0), "{body}");
    }
}

#[tokio::test]
async fn statuses_from_200_to_599_can_be_sent() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    for status in 200..=599_u16 {
        let path = address("all", "first", &status.to_string(), "empty");
        assert_eq!(browser.get(&path).await.status.as_u16(), status);
    }
    let usage = browser.get("/demo/faults/usage").await;
    assert_eq!(
        usage.text(),
        r#"{"cells":{"all":{"credits":100,"requests":400}}}"#
    );
}

#[tokio::test]
async fn refresh_phase_fails_after_the_first_request_of_each_cell() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    let path = |cell| address(cell, "refresh", "503-retry-1", "structured-error");
    let first = browser.get(&path("a")).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.items(), Some(7));
    assert_eq!(first.header("retry-after"), "");
    for _ in 0..2 {
        let later = browser.get(&path("a")).await;
        assert_eq!(later.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(later.header("retry-after"), "1");
    }
    assert_eq!(browser.get(&path("b")).await.items(), Some(7));
    let lost = address("c", "refresh", "200", "no-status-line");
    assert_eq!(browser.get(&lost).await.items(), Some(7));
    assert_eq!(
        ask(&console, &browser, &lost, End::Reset).await.end,
        End::Reset
    );
    let usage = browser.get("/demo/faults/usage").await;
    assert_eq!(
        usage.json(),
        json!({ "cells": {
            "a": { "requests": 3, "credits": 1 },
            "b": { "requests": 1, "credits": 1 },
            "c": { "requests": 2, "credits": 1 },
        } })
    );
    // Fault requests do not count as proxy requests, and another sign-in has its own counts.
    assert_eq!(browser.usage().await, (0, 0));
    let other = Browser::signed_in(&console, "faults").await;
    let usage = other.get("/demo/faults/usage").await;
    assert_eq!(usage.text(), r#"{"cells":{}}"#);
}

#[tokio::test]
async fn the_request_id_is_echoed() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    let request = browser
        .request(
            reqwest::Method::GET,
            &address("a", "first", "500", "structured-error"),
        )
        .header("x-request-id", "req_page");
    let answer = support::Answer::fetch(request).await;
    assert_eq!(answer.header("x-request-id"), "req_page");
    assert_eq!(answer.json()["error"]["request_id"], "req_page");
}

#[tokio::test]
async fn only_the_faults_account_gets_faults() {
    let console = support::console().await;
    let (base, received) = support::upstream(|_| async { unreachable!() }).await;
    let (real, real_browser) = support::signed_in_with_upstream(&base).await;
    let fault = address("a", "first", "200", "good");
    for path in [&fault, "/demo/faults/usage", "/demo/faults/bodies"] {
        let answer = Browser::new(&console).get(path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json()["code"], 401, "{path}");
        for browser in [&Browser::signed_in(&console, "few").await, &real_browser] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(
                answer.text(),
                r#"{"code":404,"msg":"Endpoint not found"}"#,
                "{path}"
            );
        }
    }
    assert!(received.lock().unwrap().is_empty());
    real.stop().await;
}

#[tokio::test]
async fn invalid_addresses_are_rejected_and_not_counted() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    for path in [
        address("a.b", "first", "200", "good"),
        address("a", "once", "200", "good"),
        address("a", "first", "100", "good"),
        address("a", "first", "503-retry-%0A", "good"),
        address("a", "first", "200", "better"),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.json()["code"], 400, "{path}");
    }
    let usage = browser.get("/demo/faults/usage").await;
    assert_eq!(usage.text(), r#"{"cells":{}}"#);
}

#[tokio::test]
async fn a_session_is_limited_to_2000_cells() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "faults").await;
    let path = |cell: u16| address(&cell.to_string(), "first", "200", "empty");
    for cell in 0..2_000 {
        assert_eq!(browser.get(&path(cell)).await.status, StatusCode::OK);
    }
    let one_more = browser.get(&path(2_000)).await;
    assert_eq!(one_more.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&path(1_999)).await.status, StatusCode::OK);
}
