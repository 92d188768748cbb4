//! Test helpers: a console on a free port, a client for it, and fake upstreams.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dev_console::{
    Allowances, COOKIE_NAME, DEFAULT_MAX_SESSIONS, DEFAULT_SIGN_INS, DEFAULT_STOP_TIMEOUT,
    RealUpstream, RunningConsole, Settings, Token,
};
use reqwest::{Method, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

pub(crate) const EVENTS: &str = "/api/v1/referrals/me/events?limit=100";

/// The token for all upstreams of these tests.
pub(crate) const SECRET: &str = "eyJhbGciOi.very-secret.token";

pub(crate) fn settings() -> Settings {
    Settings {
        host: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: 0,
        dist: None,
        examples: None,
        upstream: None,
        upstream_timeout: Duration::from_secs(10),
        public_url: None,
        allow: Allowances::default(),
        sign_ins: DEFAULT_SIGN_INS,
        max_sessions: DEFAULT_MAX_SESSIONS,
        stop_timeout: DEFAULT_STOP_TIMEOUT,
        trust_forwarded_for: false,
        seed: 42,
    }
}

/// The settings of a console with this upstream.
pub(crate) fn settings_with_upstream(base: &str) -> Settings {
    let upstream = Some(RealUpstream {
        base: base.to_owned(),
        token: Token::new(SECRET).unwrap(),
        password: None,
    });
    Settings {
        upstream,
        allow: Allowances {
            no_password: true,
            ..Allowances::default()
        },
        ..settings()
    }
}

pub(crate) async fn console() -> RunningConsole {
    dev_console::start(settings()).await.unwrap()
}

/// A console with this upstream, and a signed-in browser.
pub(crate) async fn signed_in_with_upstream(base: &str) -> (RunningConsole, Browser) {
    let console = dev_console::start(settings_with_upstream(base))
        .await
        .unwrap();
    let browser = Browser::signed_in(&console, "crawlora").await;
    (console, browser)
}

/// A client that keeps its session cookie, says in `Origin` that its requests are from the console's own
/// pages, and does not follow redirects.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    client: reqwest::Client,
    origin: String,
    pub(crate) cookie: Option<String>,
}

impl Browser {
    pub(crate) fn new(console: &RunningConsole) -> Self {
        Self::at(&console.url())
    }

    /// A client of the console at this address.
    pub(crate) fn at(url: &str) -> Self {
        Self::build(url, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// A client with an address of its own.
    pub(crate) fn from_address(console: &RunningConsole, address: [u8; 4]) -> Self {
        Self::build(&console.url(), address.into())
    }

    fn build(url: &str, address: IpAddr) -> Self {
        dev_console::install_tls_provider();
        let client = reqwest::Client::builder()
            .no_proxy()
            .local_address(address)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            origin: url.trim_end_matches('/').to_owned(),
            cookie: None,
        }
    }

    pub(crate) async fn signed_in(console: &RunningConsole, account: &str) -> Self {
        let mut browser = Self::new(console);
        let answer = browser.sign_in(&[("account", account)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let changes = method != Method::GET;
        let mut request = self.anonymous(method, path);
        if changes {
            request = request.header(header::ORIGIN, &self.origin);
        }
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, format!("{COOKIE_NAME}={cookie}")),
            None => request,
        }
    }

    /// A request that says neither who nor whose page makes it.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.origin))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::fetch(self.request(Method::GET, path)).await
    }

    pub(crate) async fn sign_in(&mut self, form: &[(&str, &str)]) -> Answer {
        let answer = Answer::fetch(self.request(Method::POST, "/sign-in").form(form)).await;
        if let Some(cookie) = answer.session_cookie() {
            self.cookie = Some(cookie);
        }
        answer
    }

    /// The requests and credits of the session.
    pub(crate) async fn usage(&self) -> (u64, u64) {
        let usage = self.get("/demo/usage").await.json();
        let number = |name: &str| usage[name].as_u64().unwrap();
        (number("requests"), number("credits"))
    }
}

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn fetch(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        Self {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: answer.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The number of items in a good answer; `None` when the list is `null` or missing.
    pub(crate) fn items(&self) -> Option<usize> {
        self.json()["data"]["items"].as_array().map(Vec::len)
    }

    /// Headers and body as text.
    pub(crate) fn headers_and_body(&self) -> String {
        format!("{:?}\n{}", self.headers, self.text())
    }

    fn session_cookie(&self) -> Option<String> {
        let text = self.header("set-cookie");
        let value = text.strip_prefix(COOKIE_NAME)?.strip_prefix('=')?;
        let value = value.split(';').next()?;
        (!value.is_empty()).then(|| value.to_owned())
    }
}

/// The requests that an upstream received: path with query, and headers.
pub(crate) type ReceivedRequests = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// An upstream that records its requests and answers with `answer`.
pub(crate) async fn upstream<A, R>(answer: A) -> (String, ReceivedRequests)
where
    A: Fn(HeaderMap) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response> + Send,
{
    let received = ReceivedRequests::default();
    let record = Arc::clone(&received);
    let router = Router::new().fallback(move |request: Request| {
        let path = request.uri().to_string();
        let headers = request.headers().clone();
        record.lock().unwrap().push((path, headers.clone()));
        let answer = answer.clone();
        async move { answer(headers).await.into_response() }
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, received)
}

/// An upstream that answers each request with these bytes and then closes the connection, or keeps
/// it open.
pub(crate) async fn raw_upstream(bytes: &'static str, keep_open: bool) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = connection.read(&mut request).await;
                let _ = connection.write_all(bytes.as_bytes()).await;
                if keep_open {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    base
}

/// A base address that refuses connections.
pub(crate) fn unreachable_upstream() -> String {
    // The socket is bound but does not listen. It is leaked, so that no other test gets the port.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let base = format!("http://{}/api/v1", socket.local_addr().unwrap());
    std::mem::forget(socket);
    base
}

/// An upstream with a full connection queue: it neither accepts nor refuses another connection.
pub(crate) struct FullUpstream {
    pub(crate) base: String,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

pub(crate) async fn full_upstream() -> FullUpstream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    // A loopback connection succeeds at once, unless the queue is full.
    while let Ok(connected) =
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
    {
        queued.push(connected.unwrap());
    }
    FullUpstream {
        base: format!("http://{address}/api/v1"),
        _listener: listener,
        _queued: queued,
    }
}
