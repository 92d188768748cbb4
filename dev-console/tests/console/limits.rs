//! What a client can hold or repeat has an end, and never at the cost of other users.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use axum::response::IntoResponse;
use dev_console::{Allowances, Password, Settings};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{self, Answer, Browser, EVENTS};

fn limited(sign_ins: u32) -> Settings {
    Settings {
        sign_ins: NonZeroU32::new(sign_ins).unwrap(),
        ..support::settings()
    }
}

/// All bytes until the server closes the connection, and how long that took.
async fn until_closed(address: &str, request: &str) -> (String, Duration) {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let start = Instant::now();
    let mut answer = Vec::new();
    let reading = connection.read_to_end(&mut answer);
    let ended = tokio::time::timeout(Duration::from_secs(20), reading).await;
    ended.expect("the connection to be closed").unwrap();
    (String::from_utf8(answer).unwrap(), start.elapsed())
}

/// The timers of hyper do nothing unless the server has a clock: `axum::serve` has none.
#[tokio::test]
async fn unfinished_heads_bodies_and_idle_connections_time_out() {
    let console = support::console().await;
    let address = console.url().replace("http://", "").replace('/', "");
    let head = format!("POST /sign-in HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n");
    let body = format!(
        "{head}content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\naccount="
    );
    let idle = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let (nothing, head, body, idle) = tokio::join!(
        until_closed(&address, ""),
        until_closed(&address, &head),
        until_closed(&address, &body),
        until_closed(&address, &idle),
    );
    assert_eq!((nothing.0.as_str(), head.0.as_str()), ("", ""));
    assert!(body.0.starts_with("HTTP/1.1 4"), "{}", body.0);
    assert!(idle.0.starts_with("HTTP/1.1 200 OK"), "{}", idle.0);
    for (_, time) in [nothing, head, body, idle] {
        assert!(time > Duration::from_secs(8), "{time:?}");
        assert!(time < Duration::from_secs(15), "{time:?}");
    }
}

#[tokio::test]
async fn requests_have_a_maximum_size() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let large = "x".repeat(33 * 1024);
    let request = browser.request(Method::POST, "/sign-in");
    let answer = Answer::fetch(request.form(&[("account", &large)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let request = browser
        .request(Method::GET, "/sign-in")
        .header("x-large", &large);
    let answer = Answer::fetch(request).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
}

/// A thousand half-open connections kept everybody else out.
#[cfg(unix)]
#[tokio::test]
async fn half_open_connections_do_not_keep_others_out() {
    rlimit::increase_nofile_limit(4096).unwrap();
    let program = env!("CARGO_BIN_EXE_dev-console");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 1024 && exec \"$0\" --port 0", program]);
    let started = crate::command_line::running::start_command(&mut command);
    let address = started.url.replace("http://", "").replace('/', "");
    let mut half_open = Vec::new();
    for _ in 0..1_500 {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        half_open.push(connection);
    }
    let start = Instant::now();
    let page = Browser::at(&started.url).get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    let log = crate::command_line::running::end(started, "-TERM");
    assert!(log.contains("the limit of connections was hit"), "{log}");
}

#[tokio::test]
async fn sign_ins_of_a_client_are_limited() {
    let console = dev_console::start(limited(3)).await.unwrap();
    let mut browser = Browser::new(&console);
    for account in ["few", "busy", "nobody"] {
        browser.sign_in(&[("account", account)]).await;
    }
    let refused = browser.sign_in(&[("account", "few")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=120).contains(&wait), "{wait}");
    assert_eq!(refused.header("set-cookie"), "");
    // Who is signed in stays so, and another client is not concerned.
    assert_eq!(browser.get(EVENTS).await.status, StatusCode::OK);
    let other = Browser::from_address(&console, [127, 0, 0, 2]);
    let answer = other.clone().sign_in(&[("account", "few")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// What a client writes into the header itself stands before what the proxy adds.
#[tokio::test]
async fn a_client_behind_a_proxy_is_known_by_what_the_proxy_says() {
    let settings = Settings {
        trust_forwarded_for: true,
        ..limited(1)
    };
    for (settings, [first, same, other]) in
        [(settings, [303, 429, 303]), (limited(1), [303, 429, 429])]
    {
        let console = dev_console::start(settings).await.unwrap();
        let browser = Browser::new(&console);
        for (client, status) in [
            ("192.0.2.1", first),
            ("198.51.100.7, 192.0.2.1", same),
            ("192.0.2.1, 192.0.2.2", other),
        ] {
            let request = browser.request(Method::POST, "/sign-in");
            let request = request.header("x-forwarded-for", client);
            let answer = Answer::fetch(request.form(&[("account", "few")])).await;
            assert_eq!(answer.status, status, "{client}");
        }
    }
}

/// A thousand anonymous sign-ins ended the sessions of everybody else.
#[tokio::test]
async fn a_full_table_refuses_new_sessions_and_ends_none() {
    let settings = Settings {
        max_sessions: 2,
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let mut first = Browser::signed_in(&console, "few").await;
    let second = Browser::signed_in(&console, "few").await;
    let refused = Browser::new(&console).sign_in(&[("account", "few")]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("set-cookie"), "");
    assert!(refused.text().contains(r#"role="alert""#));
    for browser in [&first, &second] {
        assert_eq!(browser.get(EVENTS).await.status, StatusCode::OK);
    }
    // Whoever has a session may replace it.
    let again = first.sign_in(&[("account", "busy")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_real_account_has_a_password_and_a_limit_of_its_own() {
    let (base, _) = support::upstream(|_| async { "{}".into_response() }).await;
    let mut settings = support::settings_with_upstream(&base);
    settings.allow = Allowances::default();
    settings.sign_ins = NonZeroU32::MIN;
    settings.trust_forwarded_for = true;
    let real = settings.upstream.as_mut().unwrap();
    real.password = Password::new("twelve characters");
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::new(&console);
    let page = browser.get("/sign-in").await.text();
    assert!(
        page.contains(r#"type="password" name="password""#),
        "{page}"
    );

    let sign_in = async |client: u8, password: &str| {
        let request = browser.request(Method::POST, "/sign-in");
        let request = request.header("x-forwarded-for", format!("192.0.2.{client}"));
        let form = [("account", "crawlora"), ("password", password)];
        Answer::fetch(request.form(&form)).await
    };
    for (client, password) in (1..).zip(["", "twelve character", "twelve characters "]) {
        let answer = sign_in(client, password).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{password}");
        assert_eq!(answer.header("set-cookie"), "");
        assert!(answer.text().contains("The password is not right."));
    }
    let right = sign_in(4, "twelve characters").await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    // An account has ten times the attempts of a client, over all clients.
    for client in 5..=10 {
        let answer = sign_in(client, "wrong").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{client}");
    }
    let refused = sign_in(11, "twelve characters").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}
