use std::time::{Duration, Instant};

use dev_console::Account;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{self, Answer, Browser, EVENTS};

const JSON: &str = "application/json; charset=utf-8";

/// Checks the status and the item count of each account's first answer. The two slow accounts have
/// their own tests.
#[tokio::test]
async fn each_account_gives_its_expected_answer() {
    let console = support::console().await;
    for account in Account::ALL {
        let (status, items) = match account {
            Account::Slow | Account::Stalled => continue,
            Account::Busy => (200, Some(100)),
            Account::Few | Account::Faults => (200, Some(7)),
            Account::Empty => (200, Some(0)),
            Account::New | Account::Html | Account::Garbled => (200, None),
            Account::Limited => (429, None),
            Account::Failing => (500, None),
            Account::Gateway => (502, None),
            Account::Unavailable | Account::Flaky => (503, None),
            Account::Timeout => (504, None),
            Account::Stale => (200, Some(30)),
            Account::SignedOut => (401, None),
            Account::Forbidden => (403, None),
            Account::Invalid => (422, None),
            Account::Broken => (200, Some(30)),
            Account::Hostile => (200, Some(23)),
            Account::Future => (200, Some(8)),
            Account::Flood => (200, Some(2500)),
        };
        let id = account.info().id;
        let browser = Browser::signed_in(&console, id).await;
        let answer = browser.get(EVENTS).await;
        assert_eq!(answer.status.as_u16(), status, "{id}");
        assert!(!answer.header("x-request-id").is_empty(), "{id}");
        assert!(
            !answer.headers_and_body().contains("demo_"),
            "{id} shows its token"
        );
        let credits = u64::from(answer.status.is_success());
        assert_eq!(browser.usage().await, (1, credits), "{id}");
        // serde_json rejects this account's deep nesting and lone surrogates.
        if account == Account::Broken {
            assert_eq!(answer.text().matches("\n{").count() + 5, 30);
        } else if let Some(items) = items {
            assert_eq!(answer.header("content-type"), JSON, "{id}");
            assert_eq!(answer.items(), Some(items), "{id}");
        }
        check_details(account, &answer);
    }
}

fn check_details(account: Account, answer: &Answer) {
    let text = answer.text();
    match account {
        Account::New => assert_eq!(text, r#"{"code":200,"msg":"ok","data":{"items":null}}"#),
        Account::Empty => assert_eq!(text, r#"{"code":200,"msg":"ok","data":{"items":[]}}"#),
        Account::Limited => {
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((4..=5).contains(&wait), "{wait}");
            let error = &answer.json()["error"];
            assert_eq!(error["code"], "rate_limited");
            assert_eq!(error["request_id"], answer.header("x-request-id"));
        }
        Account::Failing => {
            assert_eq!(text, r#"{"code":500,"msg":"internal execution error"}"#);
        }
        Account::Gateway => {
            assert!(answer.header("content-type").starts_with("text/html"));
            assert!(text.contains("<title>502 Bad Gateway</title>") && text.contains("<script>"));
        }
        Account::Unavailable => assert_eq!(answer.header("retry-after"), "1"),
        Account::Timeout => assert_eq!(answer.json()["error"]["code"], "upstream_timeout"),
        Account::SignedOut => {
            assert_eq!(text, r#"{"code":401,"msg":"Authentication required"}"#);
        }
        Account::Forbidden => assert_eq!(answer.json()["error"]["code"], "forbidden"),
        Account::Invalid => assert_eq!(answer.json()["code"], 422),
        Account::Html => assert!(answer.header("content-type").starts_with("text/html")),
        Account::Garbled => {
            assert!(text.starts_with(r#"{"code":200,"msg":"ok","data":{"items":[{"#));
            assert!(serde_json::from_str::<Value>(&text).is_err());
        }
        Account::Broken => {
            for part in [
                r#""id":"good01""#,
                "\"yesterday\"",
                "\\ud800",
                "0001-01-01T00:00:00Z",
                "1e400",
            ] {
                assert!(text.contains(part), "{part}");
            }
            assert!(text.contains(&"{\"a\":".repeat(250)) && text.contains(&"[".repeat(250)));
        }
        Account::Hostile => {
            let data = answer.json();
            let campaigns = data["data"]["items"].as_array().unwrap().iter();
            let longest = campaigns
                .filter_map(|item| item["campaign"].as_str())
                .map(|text| text.chars().count())
                .max();
            assert_eq!(longest, Some(10_000));
            for part in [
                "<img src=x onerror=alert(1)>",
                "\\u202e",
                "\\u0000",
                "=HYPERLINK(",
            ] {
                assert!(text.contains(part), "{part}");
            }
        }
        Account::Future => {
            for part in [
                "\"partner\"",
                "\"on_hold\"",
                "\"clawed_back\"",
                "\"next_cursor\"",
            ] {
                assert!(text.contains(part), "{part}");
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn the_limit_is_capped_and_validated() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "busy").await;
    let events = |limit: &str| {
        let path = format!("/api/v1/referrals/me/events{limit}");
        let browser = browser.clone();
        async move { browser.get(&path).await }
    };
    for (limit, count) in [
        ("", 100),
        ("?limit=5", 5),
        ("?limit=100", 100),
        ("?limit=1000", 100),
    ] {
        assert_eq!(events(limit).await.items(), Some(count), "{limit}");
    }
    for limit in [
        "?limit=0",
        "?limit=-1",
        "?limit=ten",
        "?limit=",
        "?limit=1.5",
    ] {
        let answer = events(limit).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{limit}");
        assert_eq!(answer.json()["code"], 400);
    }
    assert_eq!(browser.usage().await, (9, 4));
}

#[tokio::test]
async fn events_depend_on_the_seed() {
    /// The events without their times, which are relative to the sign-in.
    async fn events(seed: u64) -> Vec<Value> {
        let settings = dev_console::Settings {
            seed,
            ..support::settings()
        };
        let console = dev_console::start(settings).await.unwrap();
        let browser = Browser::signed_in(&console, "busy").await;
        let mut data = browser.get(EVENTS).await.json();
        let items = data["data"]["items"].as_array_mut().unwrap();
        for item in items.iter_mut() {
            item.as_object_mut()
                .unwrap()
                .retain(|name, _| !name.ends_with("_at"));
        }
        items.clone()
    }
    assert_eq!(events(7).await, events(7).await);
    assert_ne!(events(7).await, events(8).await);
}

#[tokio::test]
async fn a_refresh_returns_the_same_events() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "busy").await;
    let first = browser.get(EVENTS).await.text();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(browser.get(EVENTS).await.text(), first);
}

#[tokio::test]
async fn flaky_fails_twice_and_then_works() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "flaky").await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(browser.get(EVENTS).await.status.as_u16());
    }
    assert_eq!(statuses, [503, 503, 200, 200, 200]);
    assert_eq!(browser.usage().await, (5, 3));
}

#[tokio::test]
async fn stale_succeeds_once() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "stale").await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(browser.get(EVENTS).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 500, 500]);
}

#[tokio::test]
async fn sign_ins_have_separate_state() {
    let console = support::console().await;
    let first = Browser::signed_in(&console, "stale").await;
    first.get(EVENTS).await;
    let second = Browser::signed_in(&console, "stale").await;
    assert_eq!(second.get(EVENTS).await.status, StatusCode::OK);
    assert_eq!(
        first.get(EVENTS).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[tokio::test]
async fn a_request_after_retry_after_succeeds() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "limited").await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    tokio::time::sleep(Duration::from_secs(wait)).await;
    let answer = browser.get(EVENTS).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.items(), Some(12));
    // The window had room for only one request.
    assert_eq!(
        browser.get(EVENTS).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(browser.usage().await, (3, 1));
}

#[tokio::test]
async fn the_business_plan_allows_300_requests_per_minute() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "empty").await;
    for number in 0..300 {
        assert_eq!(browser.get(EVENTS).await.status, StatusCode::OK, "{number}");
    }
    assert_eq!(
        browser.get(EVENTS).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn slow_takes_four_seconds_and_does_not_delay_other_requests() {
    let console = support::console().await;
    let slow = Browser::signed_in(&console, "slow").await;
    let start = Instant::now();
    let waiting = tokio::spawn(async move { slow.get(EVENTS).await });
    let busy = Browser::signed_in(&console, "busy").await;
    assert_eq!(busy.get(EVENTS).await.status, StatusCode::OK);
    assert!(start.elapsed() < Duration::from_secs(3));
    let answer = waiting.await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(4));
    assert_eq!(answer.items(), Some(100));
}

#[tokio::test]
async fn stalled_times_out() {
    let settings = dev_console::Settings {
        upstream_timeout: Duration::from_millis(500),
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::signed_in(&console, "stalled").await;
    assert_eq!(
        browser.get(EVENTS).await.status,
        StatusCode::GATEWAY_TIMEOUT
    );
    assert_eq!(browser.usage().await, (1, 0));
}
