use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dev_console::Settings;
use reqwest::{Method, StatusCode};
use tokio::sync::Notify;

use crate::support::{self, Answer, Browser, EVENTS, SECRET};

const GOOD: &str = r#"{"code":200,"msg":"ok","data":{"items":[]}}"#;

async fn good(_: HeaderMap) -> Response {
    GOOD.into_response()
}

#[tokio::test]
async fn only_the_allowed_headers_and_the_limit_go_up() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_before(&base).await;
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
    assert_eq!(Answer::of(request).await.status, StatusCode::OK);

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
async fn without_a_limit_none_goes_up() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_before(&base).await;
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
async fn only_the_allowed_headers_come_down() {
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
    let (_console, browser) = support::signed_in_before(&base).await;
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

/// An upstream's HTML opened in the address bar would otherwise run in the console's origin.
#[tokio::test]
async fn a_web_page_from_upstream_cannot_run() {
    let (base, _) = support::upstream(|_| async {
        axum::response::Html("<script>alert(1)</script>").into_response()
    })
    .await;
    let (_console, browser) = support::signed_in_before(&base).await;
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
async fn request_ids_pass_up_when_they_are_fit_and_are_made_when_not() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_before(&base).await;
    let long = "a".repeat(129);
    for unfit in [None, Some("two words"), Some(long.as_str()), Some("")] {
        let mut request = browser.request(Method::GET, EVENTS);
        if let Some(id) = unfit {
            request = request.header("x-request-id", id);
        }
        let answer = Answer::of(request).await;
        let sent = received.lock().unwrap().pop().unwrap().1["x-request-id"].clone();
        assert!(sent.to_str().unwrap().starts_with("req_"), "{sent:?}");
        // The upstream said none, so the page is told the one that was sent.
        assert_eq!(answer.header("x-request-id"), sent);
    }
}

#[tokio::test]
async fn without_a_session_nothing_goes_up() {
    let (base, received) = support::upstream(good).await;
    let console = dev_console::start(support::in_front_of(&base))
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
async fn other_methods_and_paths_are_answered_in_the_apis_shape_and_cost_nothing() {
    let (base, received) = support::upstream(good).await;
    let (_console, browser) = support::signed_in_before(&base).await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = Answer::of(browser.request(method, EVENTS)).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.json()["code"], 405);
        assert_eq!(answer.header("allow"), "GET");
    }
    // A HEAD that were served like GET would cost a credit too.
    let answer = Answer::of(browser.request(Method::HEAD, EVENTS)).await;
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
async fn an_upstream_that_is_too_slow_is_504_also_in_the_middle_of_its_body() {
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
            ..support::in_front_of(&base)
        };
        let console = dev_console::start(settings).await.unwrap();
        let browser = Browser::signed_in(&console, "crawlora").await;
        let request = browser
            .request(Method::GET, EVENTS)
            .header("x-request-id", "req_slow");
        let start = Instant::now();
        let answer = Answer::of(request).await;
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

/// The page may only tell its user that nothing was charged when the API was certainly not reached.
/// One code for all of these left it guessing.
#[tokio::test]
async fn a_502_says_whether_the_upstream_was_reached() {
    let reset = support::raw_upstream("", false).await;
    let no_http = support::raw_upstream("SSH-2.0-OpenSSH_9.2\r\n", false).await;
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":200";
    let cut = support::raw_upstream(half, false).await;
    let zipped = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx";
    let zipped = support::raw_upstream(zipped, false).await;
    let (too_large, _) =
        support::upstream(|_| async { vec![b' '; dev_console::LARGEST_BODY + 1].into_response() })
            .await;
    let (leaking, _) = support::upstream(|_| async { SECRET.into_response() }).await;
    let (redirecting, received) = support::upstream(|_| async {
        let headers = [("location", "/api/v1/elsewhere")];
        (StatusCode::FOUND, headers).into_response()
    })
    .await;
    for (what, base, code, usage) in [
        ("refused", support::nobody(), "upstream_unreachable", (0, 0)),
        ("reset", reset, "upstream_lost", (1, 0)),
        ("no HTTP", no_http, "upstream_lost", (1, 0)),
        ("cut short", cut, "upstream_lost", (1, 1)),
        ("compressed", zipped, "upstream_unusable", (1, 1)),
        ("too large", too_large, "upstream_unusable", (1, 1)),
        ("secret", leaking, "upstream_unusable", (1, 1)),
        ("redirect", redirecting, "upstream_unusable", (1, 0)),
    ] {
        let (_console, browser) = support::signed_in_before(&base).await;
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

/// A time-out while connecting is a time-out too, and was told like one of an API that may have
/// charged.
#[tokio::test]
async fn an_upstream_that_accepts_no_connection_in_time_was_not_reached() {
    let full = support::full_upstream().await;
    let settings = Settings {
        upstream_timeout: Duration::from_secs(1),
        ..support::in_front_of(&full.base)
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::signed_in(&console, "crawlora").await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.json()["error"]["code"], "upstream_unreachable");
    assert_eq!(browser.usage().await, (0, 0));
}

#[tokio::test]
async fn credits_count_for_2xx_only_and_other_statuses_pass() {
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
        let (_console, browser) = support::signed_in_before(&base).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.text(), GOOD);
        assert_eq!(browser.usage().await, (1, credits), "{status}");
    }
}

#[tokio::test]
async fn answers_up_to_eight_mebibytes_pass_and_larger_ones_do_not() {
    for (length, status) in [
        (dev_console::LARGEST_BODY, StatusCode::OK),
        (dev_console::LARGEST_BODY + 1, StatusCode::BAD_GATEWAY),
    ] {
        let (base, _) =
            support::upstream(move |_| async move { vec![b' '; length].into_response() }).await;
        let (_console, browser) = support::signed_in_before(&base).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body.len() == length, status == StatusCode::OK);
    }
}

/// Guards against an upstream whose error page prints the request it got, and against one that
/// keeps the token in a header.
#[tokio::test]
async fn the_token_is_in_no_answer() {
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
        (support::nobody(), StatusCode::BAD_GATEWAY),
    ] {
        let settings = support::in_front_of(&base);
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
            Answer::of(browser.request(Method::POST, EVENTS)).await,
        ] {
            assert!(
                !answer.everything().contains(SECRET),
                "{}",
                answer.everything()
            );
        }
    }
}

#[tokio::test]
async fn a_browser_that_goes_away_ends_the_request_upstream() {
    struct SaysWhenDropped(Arc<Notify>);
    impl Drop for SaysWhenDropped {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    let (arrived, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (says_arrived, says_dropped) = (Arc::clone(&arrived), Arc::clone(&dropped));
    let (base, _) = support::upstream(move |_| {
        let guard = SaysWhenDropped(Arc::clone(&says_dropped));
        let says_arrived = Arc::clone(&says_arrived);
        async move {
            says_arrived.notify_one();
            tokio::time::sleep(Duration::from_secs(60)).await;
            drop(guard);
            GOOD.into_response()
        }
    })
    .await;
    let (_console, browser) = support::signed_in_before(&base).await;
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
async fn stopping_does_not_wait_for_long_requests() {
    let (base, received) = support::upstream(|_| async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        GOOD.into_response()
    })
    .await;
    let (console, browser) = support::signed_in_before(&base).await;
    let waiting = tokio::spawn(async move { browser.request(Method::GET, EVENTS).send().await });
    while received.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let start = Instant::now();
    console.stop().await;
    assert!(start.elapsed() < Duration::from_secs(2));
    waiting.abort();
}
