use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dev_console::Settings;
use reqwest::{Method, StatusCode};
use tokio::sync::Notify;

use crate::support::{self, Answer, Browser, EVENTS, SECRET};

const GOOD: &str = r#"{"code":200,"msg":"ok","data":{"items":[]}}"#;

async fn good(_: HeaderMap) -> Response {
    GOOD.into_response()
}

#[tokio::test]
async fn only_allowed_headers_and_the_limit_are_sent_upstream() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    let request = browser
        .request(
            Method::GET,
            "/api/v1/referrals/me/events?limit=7&secret=1&limit=9",
        )
        .header("accept", "application/json")
        .header("authorization", "Bearer from-the-browser")
        .header("x-request-id", "req_from_the_page")
        .header("x-forwarded-for", "10.0.0.1")
        .header("origin", "http://console.example")
        .header("referer", "http://console.example/?role=referrer")
        .header("accept-language", "de")
        .header("if-none-match", "\"1\"");
    assert_eq!(Answer::fetch(request).await.status, StatusCode::OK);

    let received = received.lock().unwrap();
    let [(path, headers)] = received.as_slice() else {
        panic!("one request, not {received:?}")
    };
    assert_eq!(path, "/api/v1/referrals/me/events?limit=7");
    let mut names: Vec<_> = headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "authorization",
            "host",
            "user-agent",
            "x-request-id"
        ]
    );
    let authorization: Vec<_> = headers.get_all("authorization").iter().collect();
    assert_eq!(authorization, [&format!("Token {SECRET}")]);
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["accept-encoding"], "identity");
    assert_eq!(headers["x-request-id"], "req_from_the_page");
    assert!(
        headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("dev-console/")
    );
}

#[tokio::test]
async fn limit_is_sent_only_when_given_and_stays_encoded() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    browser.get("/api/v1/referrals/me/events").await;
    browser
        .get("/api/v1/referrals/me/events?limit=a%26b%3D1")
        .await;
    let paths: Vec<_> = received
        .lock()
        .unwrap()
        .iter()
        .map(|(path, _)| path.clone())
        .collect();
    let endpoint = "/api/v1/referrals/me/events";
    assert_eq!(
        paths,
        [endpoint.to_owned(), format!("{endpoint}?limit=a%26b%3D1")]
    );
}

#[tokio::test]
async fn only_allowed_headers_are_returned_to_the_browser() {
    let (base, _) = support::upstream(|_| async {
        let headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("retry-after", "3"),
            ("x-request-id", "req_from_upstream"),
            ("date", "Tue, 12 May 2026 14:03:07 GMT"),
            ("age", "3600"),
            ("set-cookie", "upstream=1"),
            ("server", "upstream"),
            ("cache-control", "public, max-age=3600"),
            ("access-control-allow-origin", "*"),
            ("location", "https://elsewhere.example/"),
            ("www-authenticate", "Basic"),
        ];
        (headers, GOOD).into_response()
    })
    .await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.text(), GOOD);
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.header("retry-after"), "3");
    assert_eq!(answer.header("x-request-id"), "req_from_upstream");
    assert_eq!(answer.header("date"), "Tue, 12 May 2026 14:03:07 GMT");
    assert_eq!(answer.header("age"), "3600");
    assert_eq!(answer.header("cache-control"), "no-store");
    for name in [
        "set-cookie",
        "server",
        "access-control-allow-origin",
        "location",
        "www-authenticate",
    ] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

/// Without the sandbox, an upstream's HTML opened in the address bar would run in the console's origin.
#[tokio::test]
async fn html_from_the_upstream_is_sandboxed() {
    let (base, _) = support::upstream(|_| async {
        axum::response::Html("<script>alert(1)</script>").into_response()
    })
    .await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        dev_console::DATA_POLICY
    );
    assert!(dev_console::DATA_POLICY.contains("sandbox"));
}

#[tokio::test]
async fn missing_and_invalid_request_ids_are_replaced() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    let long = "a".repeat(129);
    for unfit in [None, Some("two words"), Some(long.as_str()), Some("")] {
        let mut request = browser.request(Method::GET, EVENTS);
        if let Some(id) = unfit {
            request = request.header("x-request-id", id);
        }
        let answer = Answer::fetch(request).await;
        let sent = received.lock().unwrap().pop().unwrap().1["x-request-id"].clone();
        assert!(sent.to_str().unwrap().starts_with("req_"), "{sent:?}");
        // The upstream returns no id, so the page gets the one that was sent.
        assert_eq!(answer.header("x-request-id"), sent);
    }
}

#[tokio::test]
async fn requests_without_a_session_are_not_forwarded() {
    let (base, received) = support::upstream(good).await;
    let console = dev_console::start(support::settings_with_upstream(&base))
        .await
        .unwrap();
    let mut browser = Browser::new(&console);
    for cookie in [None, Some("0".repeat(64)), Some(String::new())] {
        browser.cookie = cookie;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            answer.text(),
            r#"{"code":401,"msg":"Authentication required"}"#
        );
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(received.lock().unwrap().is_empty());
}

#[tokio::test]
async fn other_methods_and_paths_get_api_errors_and_are_not_forwarded() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = Answer::fetch(browser.request(method, EVENTS)).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.json()["code"], 405);
        assert_eq!(answer.header("allow"), "GET");
    }
    // A HEAD request served like GET would cost a credit too.
    let answer = Answer::fetch(browser.request(Method::HEAD, EVENTS)).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    for path in [
        "/api",
        "/api/",
        "/api/v1/referrals/me",
        "/api/v1/referrals/me/events/",
        "/api/v2/x",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["code"], 404, "{path}");
        assert!(answer.json()["msg"].is_string());
    }
    assert!(received.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_timeout_before_or_during_the_body_is_504() {
    let (base, _) = support::upstream(|_| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        GOOD.into_response()
    })
    .await;
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":200";
    let silent = support::raw_upstream("", true).await;
    for base in [base, silent, support::raw_upstream(half, true).await] {
        let settings = Settings {
            upstream_timeout: Duration::from_millis(300),
            ..support::settings_with_upstream(&base)
        };
        let console = dev_console::start(settings).await.unwrap();
        let browser = Browser::signed_in(&console, "crawlora").await;
        let request = browser
            .request(Method::GET, EVENTS)
            .header("x-request-id", "req_slow");
        let start = Instant::now();
        let answer = Answer::fetch(request).await;
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
        let error = &answer.json()["error"];
        assert_eq!(error["code"], "upstream_timeout");
        assert_eq!(error["request_id"], "req_slow");
        assert!(error["message"].is_string());
        assert_eq!(answer.header("x-request-id"), "req_slow");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            browser.usage().await.0,
            1,
            "it may have been charged: it counts"
        );
    }
}

/// The page may say that nothing was charged only when the API was certainly not reached. A single
/// code for all of these failures did not tell it.
#[tokio::test]
async fn the_code_of_a_502_says_whether_the_upstream_was_reached() {
    let reset = support::raw_upstream("", false).await;
    let no_http = support::raw_upstream("SSH-2.0-OpenSSH_9.2\r\n", false).await;
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":200";
    let cut = support::raw_upstream(half, false).await;
    let zipped = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx";
    let zipped = support::raw_upstream(zipped, false).await;
    let (too_large, _) = support::upstream(|_| async {
        vec![b' '; dev_console::MAX_BODY_BYTES + 1].into_response()
    })
    .await;
    let (leaking, _) = support::upstream(|_| async { SECRET.into_response() }).await;
    let (escaping, _) = support::upstream(|_| async {
        let escaped = SECRET.replace('e', "\\u0065").replace('.', "\\u002E");
        format!(r#"{{"token":"{escaped}"}}"#).into_response()
    })
    .await;
    let (encoding, _) = support::upstream(|_| async {
        STANDARD
            .encode(format!("Authorization: Token {SECRET}\r\n"))
            .into_response()
    })
    .await;
    let (header, _) = support::upstream(|_| async {
        [("x-request-id", STANDARD.encode(SECRET))].into_response()
    })
    .await;
    let (redirecting, received) = support::upstream(|_| async {
        let headers = [("location", "/api/v1/elsewhere")];
        (StatusCode::FOUND, headers).into_response()
    })
    .await;
    for (what, base, code, usage) in [
        (
            "refused",
            support::unreachable_upstream(),
            "upstream_unreachable",
            (0, 0),
        ),
        ("reset", reset, "upstream_lost", (1, 0)),
        ("no HTTP", no_http, "upstream_lost", (1, 0)),
        ("cut short", cut, "upstream_lost", (1, 1)),
        ("compressed", zipped, "upstream_unusable", (1, 1)),
        ("too large", too_large, "upstream_unusable", (1, 1)),
        ("secret", leaking, "upstream_unusable", (1, 1)),
        ("escaped secret", escaping, "upstream_unusable", (1, 1)),
        ("encoded secret", encoding, "upstream_unusable", (1, 1)),
        ("secret in a header", header, "upstream_unusable", (1, 1)),
        ("redirect", redirecting, "upstream_unusable", (1, 0)),
    ] {
        let (_console, browser) = support::signed_in_with_upstream(&base).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{what}");
        let error = &answer.json()["error"];
        assert_eq!(error["code"], code, "{what}");
        assert_eq!(error["request_id"], answer.header("x-request-id"), "{what}");
        assert_eq!(answer.header("location"), "", "{what}");
        assert_eq!(browser.usage().await, usage, "{what}");
    }
    assert_eq!(
        received.lock().unwrap().len(),
        1,
        "the redirect is not followed"
    );
}

/// A connect timeout was reported as `upstream_timeout`, as if the API might have charged.
#[tokio::test]
async fn a_connect_timeout_is_upstream_unreachable() {
    let full = support::full_upstream().await;
    let settings = Settings {
        upstream_timeout: Duration::from_secs(1),
        ..support::settings_with_upstream(&full.base)
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::signed_in(&console, "crawlora").await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.json()["error"]["code"], "upstream_unreachable");
    assert_eq!(browser.usage().await, (0, 0));
}

#[tokio::test]
async fn only_2xx_costs_a_credit_and_all_statuses_are_forwarded() {
    for (status, credits) in [
        (200, 1),
        (201, 1),
        (400, 0),
        (401, 0),
        (422, 0),
        (429, 0),
        (500, 0),
        (503, 0),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let (base, _) =
            support::upstream(move |_| async move { (status, GOOD).into_response() }).await;
        let (_console, browser) = support::signed_in_with_upstream(&base).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.text(), GOOD);
        assert_eq!(browser.usage().await, (1, credits), "{status}");
    }
}

#[tokio::test]
async fn answers_larger_than_8_mib_are_rejected() {
    for (length, status) in [
        (dev_console::MAX_BODY_BYTES, StatusCode::OK),
        (dev_console::MAX_BODY_BYTES + 1, StatusCode::BAD_GATEWAY),
    ] {
        let (base, _) =
            support::upstream(move |_| async move { vec![b' '; length].into_response() }).await;
        let (_console, browser) = support::signed_in_with_upstream(&base).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body.len() == length, status == StatusCode::OK);
    }
}

/// Guards against an upstream whose error page prints the request, and against one that returns the
/// token in a header.
#[tokio::test]
async fn no_answer_contains_the_token() {
    let (echoing, _) = support::upstream(|headers| async move {
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("debug: {authorization}"),
        )
            .into_response()
    })
    .await;
    let (in_header, _) = support::upstream(|headers| async move {
        let token = headers["authorization"]
            .to_str()
            .unwrap()
            .replace("Token ", "");
        ([("x-request-id", token)], Body::from(GOOD)).into_response()
    })
    .await;
    let (fine, _) = support::upstream(good).await;
    for (base, status) in [
        (echoing, StatusCode::BAD_GATEWAY),
        (in_header, StatusCode::BAD_GATEWAY),
        (fine, StatusCode::OK),
        (support::unreachable_upstream(), StatusCode::BAD_GATEWAY),
    ] {
        let settings = support::settings_with_upstream(&base);
        assert!(!format!("{settings:?}").contains(SECRET));
        let console = dev_console::start(settings).await.unwrap();
        assert!(!format!("{console:?}").contains(SECRET));
        let mut browser = Browser::new(&console);
        let signed_in = browser.sign_in(&[("account", "crawlora")]).await;
        let events = browser.get(EVENTS).await;
        assert_eq!(events.status, status);
        for answer in [
            signed_in,
            events,
            browser.get("/").await,
            browser.get("/sign-in").await,
            browser.get("/demo/usage").await,
            browser.get("/api/v1/nothing").await,
            Answer::fetch(browser.request(Method::POST, EVENTS)).await,
        ] {
            assert!(
                !answer.headers_and_body().contains(SECRET),
                "{}",
                answer.headers_and_body()
            );
        }
    }
}

#[tokio::test]
async fn a_disconnected_browser_cancels_the_upstream_request() {
    struct NotifyOnDrop(Arc<Notify>);
    impl Drop for NotifyOnDrop {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    let (arrived, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (notify_arrived, notify_dropped) = (Arc::clone(&arrived), Arc::clone(&dropped));
    let (base, _) = support::upstream(move |_| {
        let guard = NotifyOnDrop(Arc::clone(&notify_dropped));
        let notify_arrived = Arc::clone(&notify_arrived);
        async move {
            notify_arrived.notify_one();
            tokio::time::sleep(Duration::from_secs(60)).await;
            drop(guard);
            GOOD.into_response()
        }
    })
    .await;
    let (_console, browser) = support::signed_in_with_upstream(&base).await;
    let leaving = browser.clone();
    let request = tokio::spawn(async move { leaving.get(EVENTS).await });
    arrived.notified().await;
    request.abort();
    tokio::time::timeout(Duration::from_secs(5), dropped.notified())
        .await
        .expect("the upstream's handler is dropped with its connection");
    assert_eq!(browser.usage().await, (1, 0));
}

#[tokio::test]
async fn stopping_waits_for_requests_for_a_limited_time() {
    let (base, received) = support::upstream(|_| async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        GOOD.into_response()
    })
    .await;
    let settings = Settings {
        stop_timeout: Duration::from_millis(300),
        ..support::settings_with_upstream(&base)
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::signed_in(&console, "crawlora").await;
    let waiting = tokio::spawn(async move { browser.request(Method::GET, EVENTS).send().await });
    while received.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let start = Instant::now();
    console.stop().await;
    assert!(start.elapsed() < Duration::from_secs(2));
    waiting.abort();
}
