//! The proxy of `docs/proxy/axum.rs` keeps what of the console contract is the proxy's to keep.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use console_contract::{Rule, Target, check};
use reqwest::{StatusCode, Url, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support;

#[path = "../../../docs/proxy/axum.rs"]
mod proxy;

const TOKEN: &str = "token-of-the-user";

fn token_of(headers: &HeaderMap) -> Option<String> {
    let is_signed_in = headers
        .get(header::COOKIE)
        .is_some_and(|cookie| cookie == "session=1");
    is_signed_in.then(|| TOKEN.to_owned())
}

async fn start(api: &str) -> String {
    dev_console::install_tls_provider();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let base = format!("http://{host}/");
    let api = api.to_owned();
    let router = proxy::router(proxy::Proxy {
        api,
        host,
        token_of,
    })
    .unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

fn echo(headers: &HeaderMap) -> Response {
    let body = json!({ "code": 200, "msg": "ok", "data": { "items": [] } });
    let cookie = (header::SET_COOKIE, "of-the-api=1".to_owned());
    let cors = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned());
    let cache = (header::CACHE_CONTROL, "public, max-age=60".to_owned());
    let mut response = ([cookie, cors, cache], axum::Json(body)).into_response();
    if let Some(id) = headers.get("x-request-id") {
        response.headers_mut().insert("x-request-id", id.clone());
    }
    response
}

#[tokio::test]
async fn the_axum_snippet_keeps_the_contract() {
    let (api, received) = support::upstream(|headers| async move { echo(&headers) }).await;
    let target = Target {
        base: Url::parse(&start(&api).await).unwrap(),
        api: "/api/v1".to_owned(),
        cookie: Some("session=1".to_owned()),
        sign_in: None,
        sign_out: None,
        page: None,
        usage: None,
    };
    let report = check(&target).await.unwrap();
    assert!(report.holds(), "{report}");
    assert!(!report.unseen().contains(&Rule::CrossSite), "{report}");

    let received = received.lock().unwrap();
    let [(path, headers)] = &received[..] else {
        panic!("one request went up: {received:?}");
    };
    assert_eq!(path, "/api/v1/referrals/me/events?limit=100");
    assert_eq!(headers["authorization"], format!("Token {TOKEN}"));
    assert!(!headers.contains_key("cookie"));
}

async fn failure_of(api: &str) -> (StatusCode, Value) {
    let url = format!("{}api/v1/referrals/me/events", start(api).await);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .get(url)
        .header("cookie", "session=1")
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"]["code"].clone())
}

#[tokio::test]
async fn the_axum_snippet_says_what_may_have_cost_a_credit() {
    let unreachable = failure_of(&support::unreachable_upstream()).await;
    assert_eq!(
        unreachable,
        (StatusCode::BAD_GATEWAY, "upstream_unreachable".into())
    );

    let closing = support::raw_upstream("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", false);
    let lost = failure_of(&closing.await).await;
    assert_eq!(lost, (StatusCode::BAD_GATEWAY, "upstream_lost".into()));

    for bad in [
        "HTTP/1.1 302 Found\r\nLocation: /sign-in\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Oh\r\nContent-Length: 17\r\n\r\ntoken-of-the-user",
    ] {
        let unusable = failure_of(&support::raw_upstream(bad, false).await).await;
        assert_eq!(
            unusable,
            (StatusCode::BAD_GATEWAY, "upstream_unusable".into())
        );
    }
}
