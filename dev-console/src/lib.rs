//! The development console: what the real Crawlora web console does for the referral history page,
//! small but real.
//!
//! The page requests `GET /api/v1/referrals/me/events?limit=100` on its own origin and never sees a
//! token. In production the console signs the user in, keeps the session, and forwards that request
//! with the token. This crate does the same for `cargo xtask serve` and for the end-to-end tests. It
//! uses real HTTP and intercepts nothing, so the page behaves here as in production.
//!
//! # What a console must provide
//!
//! - A session cookie that scripts cannot read (`HttpOnly; SameSite=Lax; Path=/`; on HTTPS `Secure`, and
//!   with the prefix `__Host-`). Its value is unguessable. The server ends the session when the user
//!   signs out, after 8 hours without a request, and after 24 hours in any case.
//! - Answers for its public address only ([`PublicUrl`]), and no request that changes something unless a
//!   page of its own made it.
//! - Limits for what a client can hold or repeat: connections, sign-ins, sessions, sizes and times.
//! - `GET /api/v1/referrals/me/events`. With a valid session it is forwarded with
//!   `Authorization: Token <jwt>`; without one the answer is 401 in the API's shape. The browser's
//!   `Cookie` and `Authorization` are not forwarded, nor is the upstream's `Set-Cookie`.
//!   `x-request-id`, `Retry-After`, `Date` and `Age` are.
//! - 504 for an upstream that does not answer in time, 502 for one that cannot be reached or used,
//!   both in the API's shape and with `Cache-Control: no-store`. `error.code` is
//!   `upstream_unreachable` only when the API was certainly not reached. Redirects are not followed
//!   and requests are not retried: each request costs a credit.
//! - A request that another site started is rejected: it would spend the user's credits.
//! - A page at `/sign-in`, which takes a `return` path and redirects to it, on the same origin only.
//! - `Clear-Site-Data: "cache"` on the answers that sign a user in or out, so that Back does not
//!   show the previous user's data.
//! - A Content-Security-Policy that allows the page's own WebAssembly and nothing inline
//!   ([`PAGE_POLICY`]).
//!
//! # The modules
//!
//! | module | what it does |
//! |---|---|
//! | `main.rs` | command line, starting and stopping |
//! | `lib.rs` | puts the parts together: [`start`] |
//! | `server` | the accept loop, with timeouts and a cap on connections; the end |
//! | `exchange` | what each request and answer has: a request id, security headers, a line in the log |
//! | `public_url` | the hosts and origins that the console answers to |
//! | `sessions` | the signed-in users; the session cookie |
//! | `sign_in_limits` | how often a client and an account may sign in |
//! | `sign_in` | `/sign-in`, `/sign-out`, `/demo/usage` |
//! | `look` | the language, the theme and the width that the sign-in page offers |
//! | `examples` | the index of the examples, with a snippet of each |
//! | `viewer` | pages in a frame: the preview, and the examples with the log of their events (`events.js`) |
//! | `accounts` | the accounts that can sign in, and their tokens |
//! | `proxy` | the request to the API, and the headers that are forwarded |
//! | `static_files` | the built page and the built examples, with the headers of a production host |
//! | `files` | files in memory, compressed once |
//! | `security_headers` | the headers of a production host |
//! | `answer` | the API's failure shapes; request ids |
//! | `connection` | the browsers' connections, which a fault can reset |
//! | `token` | the API token, which cannot be printed |
//! | `random`, `html` | randomness; documents and escaping |
//! | `stand_in` | the API as documented, with demo accounts (`accounts.rs`), generated events (`events.rs`), plans (`limits.rs`), raw answers (`fixtures/`) and faults on request (`faults.rs`), which the console answers itself |

mod accounts;
mod answer;
mod connection;
mod examples;
mod exchange;
mod files;
mod html;
mod look;
mod proxy;
mod public_url;
mod random;
mod security_headers;
mod server;
mod sessions;
mod sign_in;
mod sign_in_limits;
mod stand_in;
mod static_files;
mod token;
mod viewer;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::accounts::Accounts;
use crate::connection::Connection;
use crate::exchange::Exchanges;
use crate::files::Files;
use crate::proxy::{Upstream, UpstreamError};
use crate::sessions::{Cookie, Sessions};
use crate::sign_in_limits::SignInLimits;
use crate::stand_in::{StandIn, faults};

pub use crate::accounts::Password;
pub use crate::proxy::MAX_BODY_BYTES;
pub use crate::public_url::PublicUrl;
pub use crate::security_headers::{
    DATA_POLICY, EXAMPLE_POLICY, FRAMED_POLICY, FRAMING_POLICY, PAGE_POLICY,
};
pub use crate::sessions::{COOKIE_NAME, SECURE_COOKIE_NAME};
pub use crate::stand_in::accounts::{Account, AccountInfo, Group};
pub use crate::token::Token;

/// The environment variable that holds the token for `--upstream`.
pub const TOKEN_VARIABLE: &str = "CRAWLORA_JWT";

/// The environment variable that holds the password of the account of `--upstream`.
pub const PASSWORD_VARIABLE: &str = "CONSOLE_PASSWORD";

/// How often a client may sign in at once, unless set.
pub const DEFAULT_SIGN_INS: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// The maximum number of sessions, unless set.
pub const DEFAULT_MAX_SESSIONS: usize = 10_000;

/// How long requests under way may take to end when the console stops, unless set.
pub const DEFAULT_STOP_TIMEOUT: Duration = Duration::from_secs(20);

/// The maximum size of a request's body: the sign-in form has six short fields.
const MAX_REQUEST_BYTES: usize = 32 * 1024;

/// The time for a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The settings of a console.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port; 0 chooses a free one.
    pub port: u16,
    /// The directory of the built page.
    pub dist: Option<PathBuf>,
    /// The directory of the built examples, one directory each. Examples may be built after the
    /// console has started.
    pub examples: Option<PathBuf>,
    /// The real API. `None` uses the stand-in.
    pub upstream: Option<RealUpstream>,
    /// How long the upstream may take to answer.
    pub upstream_timeout: Duration,
    /// The address at which browsers reach the console. `None` where that is the one it listens on.
    pub public_url: Option<PublicUrl>,
    /// What is refused unless it is allowed.
    pub allow: Allowances,
    /// How often a client may sign in at once.
    pub sign_ins: NonZeroU32,
    /// The maximum number of sessions.
    pub max_sessions: usize,
    /// How long requests under way may take to end when the console stops.
    pub stop_timeout: Duration,
    /// Whether a proxy in front of the console says in `X-Forwarded-For` who the client is.
    pub trust_forwarded_for: bool,
    /// The seed of the demo data.
    pub seed: u64,
}

/// The real API, and the token for it.
#[derive(Debug, Clone)]
pub struct RealUpstream {
    /// The base address; `/referrals/me/events` is appended to it.
    pub base: String,
    /// The token of the only account.
    pub token: Token,
    /// What a user must know to sign in as that account.
    pub password: Option<Password>,
}

/// What is refused unless the user says that it is meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowances {
    /// Listening where other machines can connect.
    pub remote_clients: bool,
    /// Sending the token to an upstream without encryption, other than on this machine.
    pub unencrypted_upstream: bool,
    /// A real account for whoever can reach the console.
    pub no_password: bool,
}

/// Why the console does not start. Its text tells the user what to do.
#[derive(Debug)]
pub enum StartError {
    /// The port is in use.
    PortTaken(u16),
    /// Listening fails for another reason.
    CannotListen(SocketAddr, io::Error),
    /// The directory of the built page has no `index.html`.
    NoDist(PathBuf),
    /// The path of the built examples is not a directory.
    NoExamples(PathBuf),
    /// The upstream's address cannot be forwarded to. The text does not repeat the address: it may
    /// contain a password.
    UnusableUpstream(&'static str),
    /// The HTTP client for the upstream cannot be built, such as without CA certificates.
    CannotConnect(String),
    /// The stand-in cannot listen on a port.
    NoStandIn(io::Error),
    /// Other machines could connect, which is not allowed.
    RemoteClients(IpAddr),
    /// Browsers reach the console at an address that it cannot know.
    NoPublicUrl(IpAddr),
    /// The token would cross the network unencrypted, which is not allowed.
    UnencryptedUpstream,
    /// Whoever reaches the console could use the real account, which is not allowed.
    NoPassword,
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortTaken(port) => write!(
                formatter,
                "Port {port} is taken by another program: stop it, or choose another with --port."
            ),
            Self::CannotListen(address, error) => write!(
                formatter,
                "Cannot listen on {address} ({error}): choose another with --host and --port."
            ),
            Self::NoDist(path) => write!(
                formatter,
                "There is no index.html in {}: build the page first (cargo xtask build), or name its directory with --dist.",
                path.display()
            ),
            Self::NoExamples(path) => write!(
                formatter,
                "{} is no directory: name that of the built examples with --examples, or leave it out.",
                path.display()
            ),
            Self::UnusableUpstream(reason) => write!(
                formatter,
                "The upstream cannot be used, because {reason}: name the API's base address with --upstream, as in https://api.example/api/v1."
            ),
            Self::CannotConnect(reason) => write!(
                formatter,
                "Cannot prepare connections to the upstream ({reason}): install the system's CA certificates (Debian: apt-get install ca-certificates)."
            ),
            Self::NoStandIn(error) => write!(
                formatter,
                "The stand-in for the API finds no free port on 127.0.0.1 ({error}): end some programs and start again."
            ),
            Self::RemoteClients(host) => write!(
                formatter,
                "Other machines could connect to {host}: allow it with --allow-remote-clients, or choose 127.0.0.1 with --host."
            ),
            Self::NoPublicUrl(host) => write!(
                formatter,
                "The console listens on {host} and cannot know its public address: name it with --public-url, as in https://console.example."
            ),
            Self::UnencryptedUpstream => write!(
                formatter,
                "The upstream is not on https, so that your token would cross the network readable for everyone: allow it with --allow-unencrypted-upstream."
            ),
            Self::NoPassword => write!(
                formatter,
                "Whoever can reach the console could use your account: put a password into the environment variable {PASSWORD_VARIABLE}, or do without one with --allow-no-password."
            ),
        }
    }
}

impl std::error::Error for StartError {}

/// The state that the handlers share.
pub(crate) struct Console {
    pub(crate) sessions: Sessions,
    pub(crate) accounts: Accounts,
    pub(crate) upstream: Upstream,
    pub(crate) examples: Option<PathBuf>,
    pub(crate) sign_in_limits: SignInLimits,
    trust_forwarded_for: bool,
}

impl Console {
    /// The address of a request's client.
    pub(crate) fn client(&self, connection: &Connection, headers: &HeaderMap) -> IpAddr {
        if !self.trust_forwarded_for {
            return connection.client;
        }
        // The last address is what the proxy saw; the client may have written those before it.
        headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok())
            .unwrap_or(connection.client)
    }
}

/// A console that is listening.
#[derive(Debug)]
pub struct RunningConsole {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl RunningConsole {
    /// Its address, with the port that it listens on.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Stops the console. It accepts no new connections; requests under way are finished.
    pub async fn stop(self) {
        // Both fail only when the server has already ended.
        let _ = self.stop.send(());
        let _ = self.server.await;
    }
}

/// Starts the console.
///
/// # Errors
/// When a setting cannot be used. Nothing is left running then.
pub async fn start(settings: Settings) -> Result<RunningConsole, StartError> {
    install_tls_provider();
    check_allowances(&settings)?;
    let dist = settings.dist.as_deref().map(|dist| {
        let has_page = dist.join("index.html").is_file();
        let files = Files::new(dist).ok().filter(|_| has_page);
        files.ok_or_else(|| StartError::NoDist(dist.to_owned()))
    });
    let dist = dist.transpose()?;
    let examples = settings.examples.as_deref().map(|examples| {
        let files = Files::new(examples).ok().filter(|_| examples.is_dir());
        files.ok_or_else(|| StartError::NoExamples(examples.to_owned()))
    });
    let examples = examples.transpose()?;
    let (accounts, base, secret) = match settings.upstream {
        Some(RealUpstream {
            base,
            token,
            password,
        }) => {
            let secret = Some(token.clone());
            (Accounts::Real { token, password }, base, secret)
        }
        None => {
            let stand_in = StandIn::start(settings.seed)
                .await
                .map_err(StartError::NoStandIn)?;
            let base = stand_in.base();
            (Accounts::Demo(stand_in), base, None)
        }
    };
    let upstream =
        Upstream::new(&base, settings.upstream_timeout).map_err(|problem| match problem {
            UpstreamError::InvalidBase(reason) => StartError::UnusableUpstream(reason),
            UpstreamError::Client(error) => StartError::CannotConnect(error.to_string()),
        })?;
    if upstream.sends_token_unencrypted() && !settings.allow.unencrypted_upstream {
        return Err(StartError::UnencryptedUpstream);
    }
    let address = SocketAddr::new(settings.host, settings.port);
    let listener = listen(address).await?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::CannotListen(address, error))?;
    let public_url = match settings.public_url {
        Some(public_url) => public_url,
        None => PublicUrl::parse(&format!("http://{address}"))
            .map_err(|_| StartError::NoPublicUrl(settings.host))?,
    };
    let cookie = if public_url.is_https() {
        Cookie::Secure
    } else {
        Cookie::Plain
    };

    // A demo token is valid as long as its session.
    let demo_tokens = match &accounts {
        Accounts::Demo(stand_in) => Some(stand_in.tokens().clone()),
        Accounts::Real { .. } => None,
    };
    let sessions = Sessions::new(settings.max_sessions, cookie, move |token| {
        if let Some(tokens) = &demo_tokens {
            tokens.revoke(token);
        }
    });
    let console = Arc::new(Console {
        sessions,
        accounts,
        upstream,
        examples: settings.examples,
        sign_in_limits: SignInLimits::new(settings.sign_ins),
        trust_forwarded_for: settings.trust_forwarded_for,
    });
    if let Some(dist) = &dist {
        tokio::spawn(dist.clone().load_all());
    }
    let router = router(console, public_url, dist, examples);
    let (stop, stopped) = oneshot::channel();
    let server = server::serve(
        listener,
        router,
        Exchanges { secret },
        stopped,
        settings.stop_timeout,
    );
    Ok(RunningConsole {
        address,
        stop,
        server: tokio::spawn(server),
    })
}

/// What could be meant, and is dangerous when it is not.
fn check_allowances(settings: &Settings) -> Result<(), StartError> {
    let host = settings.host;
    if !host.is_loopback() {
        if !settings.allow.remote_clients {
            return Err(StartError::RemoteClients(host));
        }
        if settings.public_url.is_none() {
            return Err(StartError::NoPublicUrl(host));
        }
    }
    let password = settings.upstream.as_ref().map(|real| &real.password);
    if password.is_some_and(Option::is_none) && !settings.allow.no_password {
        return Err(StartError::NoPassword);
    }
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken(address.port()),
            _ => StartError::CannotListen(address, error),
        })
}

fn router(
    console: Arc<Console>,
    public_url: PublicUrl,
    dist: Option<Files>,
    examples: Option<Files>,
) -> Router {
    let data = Router::new()
        .route("/api/v1/referrals/me/events", any(proxy::events))
        .route("/api", any(no_such_endpoint))
        .route("/api/", any(no_such_endpoint))
        .route("/api/{*rest}", any(no_such_endpoint))
        .route("/demo/usage", get(sign_in::usage))
        .route("/demo/faults/usage", get(faults::usage))
        .route("/demo/faults/bodies", get(faults::bodies))
        .route(
            "/demo/faults/{cell}/{phase}/{status}/{body}/referrals/me/events",
            get(faults::events),
        );
    let alone = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-in.css", get(sign_in::style))
        .route("/sign-in/events.js", get(viewer::events_script));
    let framing = Router::new()
        .route(look::PREVIEW, get(viewer::preview))
        .route("/sign-in/examples/{name}", get(viewer::example));
    let framed = Router::new().route(viewer::PREVIEW_FRAME, get(viewer::preview_frame));
    let pages = with_policy(alone, PAGE_POLICY)
        .merge(with_policy(framing, FRAMING_POLICY))
        .merge(with_policy(framed, FRAMED_POLICY));
    let router = Router::new().merge(data).merge(pages).with_state(console);
    let router = router.merge(examples.map(static_files::examples).unwrap_or_default());
    let router = match dist {
        Some(files) => router.fallback_service(static_files::router(files, PAGE_POLICY)),
        None => router
            .route("/", get(|| async { Redirect::to("/sign-in") }))
            .fallback(no_such_page),
    };
    router
        .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
        .layer(RequestBodyLimitLayer::new(MAX_REQUEST_BYTES))
        .layer(middleware::from_fn_with_state(
            public_url,
            public_url::guard,
        ))
        // For whoever watches over the console, and knows it by another name. It says nothing else.
        .route("/healthz", get(|| async { "ok\n" }))
}

/// Sets the Content-Security-Policy of the console's own pages.
fn with_policy(router: Router<Arc<Console>>, policy: &'static str) -> Router<Arc<Console>> {
    router.layer(SetResponseHeaderLayer::overriding(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    ))
}

async fn no_such_endpoint() -> Response {
    answer::not_found()
}

async fn no_such_page() -> impl IntoResponse {
    let message = "There is nothing here. The page itself is served with --dist, or by trunk.\n";
    (StatusCode::NOT_FOUND, message)
}

/// Sets the cryptography provider of rustls for this process. Later calls change nothing.
pub fn install_tls_provider() {
    // Fails only when a provider is already installed; that one is used then.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
