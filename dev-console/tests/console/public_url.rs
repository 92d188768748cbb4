//! What follows from the public address: the hosts, the origins, and the cookie.

use dev_console::{PublicUrl, RunningConsole, SECURE_COOKIE_NAME, Settings};
use reqwest::{Method, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{self, Answer, Browser, EVENTS};

const PUBLIC: &str = "https://console.example";

async fn public() -> (RunningConsole, Browser) {
    let settings = Settings {
        public_url: Some(PublicUrl::parse(PUBLIC).unwrap()),
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::new(&console);
    (console, browser)
}

fn sign_in(browser: &Browser, origin: &str) -> reqwest::RequestBuilder {
    browser
        .anonymous(Method::POST, "/sign-in")
        .header(header::HOST, "console.example")
        .header(header::ORIGIN, origin)
        .form(&[("account", "few")])
}

#[tokio::test]
async fn another_host_is_answered_with_421() {
    let (_console, browser) = public().await;
    for (host, status) in [
        ("console.example", StatusCode::OK),
        ("CONSOLE.EXAMPLE:443", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("console.example:80", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1", StatusCode::MISDIRECTED_REQUEST),
        ("localhost", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/sign-in", "/sign-in.css"] {
            let request = browser.anonymous(Method::GET, path);
            let request = request
                .header(header::HOST, host)
                // What a proxy or a client says of the host changes nothing.
                .header("x-forwarded-host", "console.example")
                .header("forwarded", "host=console.example;proto=https");
            let answer = Answer::fetch(request).await;
            assert_eq!(answer.status, status, "{host} {path}");
        }
    }
    // Watchers know the console by its address.
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_host_is_named_and_no_other_in_the_request_line() {
    let (console, _) = public().await;
    let address = console.url().replace("http://", "").replace('/', "");
    for (head, status) in [
        ("GET /sign-in HTTP/1.1\r\nhost: console.example", "200"),
        (
            "GET https://console.example/sign-in HTTP/1.1\r\nhost: console.example",
            "200",
        ),
        (
            "GET https://evil.example/sign-in HTTP/1.1\r\nhost: console.example",
            "421",
        ),
        (
            "GET /sign-in HTTP/1.1\r\nhost: console.example\r\nhost: evil.example",
            "421",
        ),
        ("GET /sign-in HTTP/1.1\r\nx: 1", "421"),
        ("GET /sign-in HTTP/1.0\r\nx: 1", "421"),
    ] {
        let mut connection = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!("{head}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.unwrap();
        let line = String::from_utf8_lossy(&answer);
        assert_eq!(line.split(' ').nth(1), Some(status), "{head}");
    }
}

#[tokio::test]
async fn a_post_needs_a_good_signal_of_its_origin() {
    let (_console, browser) = public().await;
    for (origin, site, status) in [
        (Some(PUBLIC), None, 303),
        (None, Some("same-origin"), 303),
        (None, Some("none"), 303),
        (Some(PUBLIC), Some("same-origin"), 303),
        (None, None, 403),
        (Some("null"), None, 403),
        (Some("http://console.example"), None, 403),
        (Some("https://evil.example"), None, 403),
        (Some("https://evil.example"), Some("same-origin"), 403),
        (Some(PUBLIC), Some("cross-site"), 403),
        (Some(PUBLIC), Some("same-site"), 403),
        (None, Some("same-site"), 403),
    ] {
        for path in ["/sign-in", "/sign-out"] {
            let mut request = browser
                .anonymous(Method::POST, path)
                .header(header::HOST, "console.example")
                .form(&[("account", "few")]);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let answer = Answer::fetch(request).await;
            assert_eq!(answer.status, status, "{origin:?} {site:?} {path}");
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(answer.headers.contains_key("set-cookie"), !refused);
        }
    }
}

/// The console answers by http: that browsers reach it by https is known from `--public-url` alone.
#[tokio::test]
async fn the_cookie_is_secure_and_of_this_host_where_the_public_address_is_https() {
    let (_console, browser) = public().await;
    let answer = Answer::fetch(sign_in(&browser, PUBLIC)).await;
    let set = answer.header("set-cookie");
    let attributes = "; Secure; HttpOnly; SameSite=Lax; Path=/";
    assert!(set.starts_with("__Host-console_session="), "{set}");
    assert!(set.ends_with(attributes), "{set}");
    let pair = set.split(';').next().unwrap().to_owned();
    let id = pair.split_once('=').unwrap().1.to_owned();
    let events = async |cookie: &str| {
        let request = browser
            .anonymous(Method::GET, EVENTS)
            .header(header::HOST, "console.example")
            .header(header::COOKIE, cookie);
        Answer::fetch(request).await.status
    };
    assert_eq!(events(&pair).await, StatusCode::OK);
    // Without the prefix, another host may have set it.
    let plain = format!("console_session={id}");
    assert_eq!(events(&plain).await, StatusCode::UNAUTHORIZED);
    let request = browser
        .anonymous(Method::POST, "/sign-out")
        .header(header::HOST, "console.example")
        .header(header::ORIGIN, PUBLIC);
    let answer = Answer::fetch(request).await;
    assert_eq!(
        answer.header("set-cookie"),
        format!("{SECURE_COOKIE_NAME}={attributes}; Max-Age=0")
    );
}

/// A planted cookie signs a user in as the attacker, who then reads what the user does.
#[tokio::test]
async fn two_live_cookies_are_refused() {
    let console = support::console().await;
    let mut mine = Browser::signed_in(&console, "few").await;
    let planted = Browser::signed_in(&console, "busy").await;
    let pair = |browser: &Browser| {
        let id = browser.cookie.as_deref().unwrap_or_default();
        format!("{}={id}", dev_console::COOKIE_NAME)
    };
    for cookies in [
        format!("{}; {}", pair(&mine), pair(&planted)),
        format!("{}; {}", pair(&planted), pair(&mine)),
    ] {
        let request = browser_request(&mine, &cookies);
        let answer = Answer::fetch(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let stale = format!("{}; {}=stale", pair(&mine), dev_console::COOKIE_NAME);
    let answer = Answer::fetch(browser_request(&mine, &stale)).await;
    assert_eq!(answer.status, StatusCode::OK);
    // Signing in ends both.
    let both = format!("{}; {}", pair(&planted), pair(&mine));
    let request = mine.anonymous(Method::POST, "/sign-in");
    let request = request.header(header::COOKIE, both);
    let request = request.header("sec-fetch-site", "same-origin");
    let answer = Answer::fetch(request.form(&[("account", "few")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(planted.get(EVENTS).await.status, StatusCode::UNAUTHORIZED);
    mine.cookie = None;
}

fn browser_request(browser: &Browser, cookies: &str) -> reqwest::RequestBuilder {
    let request = browser.anonymous(Method::GET, EVENTS);
    request.header(header::COOKIE, cookies)
}
