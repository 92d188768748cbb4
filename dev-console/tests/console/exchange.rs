//! What every answer has, and what the log says of it.

use std::num::NonZeroU32;

use dev_console::Settings;
use reqwest::{Method, StatusCode, header};

use crate::support::{self, Answer, Browser};

fn assert_complete(answer: &Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors "), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
}

#[tokio::test]
async fn every_answer_has_the_security_headers_and_a_request_id() {
    let (_with_dist, with_dist, _) = crate::examples::start("complete").await;
    let settings = Settings {
        sign_ins: NonZeroU32::MIN,
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let without = Browser::new(&console);
    let get = |path: &str| (Method::GET, path.to_owned());
    for (browser, name) in [(&with_dist, "with dist"), (&without, "without")] {
        for (method, path) in [
            get("/"),
            get("/index.html"),
            get("/none"),
            get("/..%2foutside.txt"),
            get("/sign-in"),
            get("/sign-in.css"),
            get("/sign-in/none"),
            get("/sign-in/preview"),
            get("/sign-in/examples/none"),
            get("/examples/react/"),
            get("/examples/none/"),
            get("/api/v1/referrals/me/events"),
            get("/api/none"),
            get("/demo/usage"),
            get("/demo/faults/usage"),
            get("/sign-out"),
            get("/healthz"),
            (Method::POST, "/".to_owned()),
            (Method::POST, "/sign-in".to_owned()),
            (Method::POST, "/sign-in".to_owned()),
            (Method::DELETE, "/sign-in".to_owned()),
            (Method::POST, "/healthz".to_owned()),
            (Method::OPTIONS, "/api/v1/referrals/me/events".to_owned()),
        ] {
            let what = format!("{name}: {method} {path}");
            let request = browser.request(method, &path).form(&[("account", "few")]);
            assert_complete(&Answer::fetch(request).await, &what);
        }
        let foreign = browser
            .anonymous(Method::GET, "/")
            .header(header::HOST, "x");
        let answer = Answer::fetch(foreign).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
        assert_complete(&answer, "another host");
        let unsigned = browser.anonymous(Method::POST, "/sign-in");
        let answer = Answer::fetch(unsigned).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_complete(&answer, "no origin");
        let large = browser.request(Method::POST, "/sign-in");
        let answer = Answer::fetch(large.body("x".repeat(40_000))).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_complete(&answer, "too large");
    }
}

#[tokio::test]
async fn the_request_id_is_the_clients_if_it_is_one() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let with_id = async |id: &str| {
        let request = browser.request(Method::GET, "/none");
        Answer::fetch(request.header("x-request-id", id)).await
    };
    assert_eq!(with_id("req_1").await.header("x-request-id"), "req_1");
    for invalid in ["two words", "", &"x".repeat(129)] {
        let answer = with_id(invalid).await;
        let id = answer.header("x-request-id");
        assert!(id.starts_with("req_") && id != invalid, "{id}");
    }
}

/// A load balancer asks this often, and by the machine's address.
#[tokio::test]
async fn healthz_answers_without_a_session() {
    let console = support::console().await;
    let answer = Browser::new(&console).get("/healthz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text(), "ok\n");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
}
