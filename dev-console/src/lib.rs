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
//! - A session cookie that scripts cannot read (`HttpOnly; SameSite=Lax; Path=/`, and `Secure` on
//!   HTTPS). Its value is unguessable. The server ends the session when the user signs out.
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
//! | `sessions` | the signed-in users; the session cookie |
//! | `sign_in` | `/sign-in`, `/sign-out`, `/demo/usage` |
//! | `look` | the language, the theme and the width that the sign-in page offers |
//! | `examples` | the index of the examples, with a snippet of each |
//! | `viewer` | pages in a frame: the preview, and the examples with the log of their events (`events.js`) |
//! | `accounts` | the accounts that can sign in, and their tokens |
//! | `proxy` | the request to the API, and the headers that are forwarded |
//! | `static_files` | the built page and the built examples, with the headers of a production host |
//! | `security_headers` | those headers; the check for cross-origin requests |
//! | `answer` | the API's failure shapes; request ids |
//! | `connection` | the browsers' connections, which a fault can reset |
//! | `token` | the API token, which cannot be printed |
//! | `random`, `html` | randomness; documents and escaping |
//! | `stand_in` | the API as documented, with demo accounts (`accounts.rs`), generated events (`events.rs`), plans (`limits.rs`), raw answers (`fixtures/`) and faults on request (`faults.rs`), which the console answers itself |

mod accounts;
mod answer;
mod connection;
mod examples;
mod html;
mod look;
mod proxy;
mod random;
mod security_headers;
mod sessions;
mod sign_in;
mod stand_in;
mod static_files;
mod token;
mod viewer;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::connection::{Connection, ConnectionListener};
use crate::proxy::{Upstream, UpstreamError};
use crate::sessions::Sessions;
use crate::stand_in::{StandIn, faults};

pub use crate::proxy::MAX_BODY_BYTES;
pub use crate::security_headers::{DATA_POLICY, FRAMED_POLICY, FRAMING_POLICY, PAGE_POLICY};
pub use crate::sessions::COOKIE_NAME;
pub use crate::stand_in::accounts::{Account, AccountInfo, Group};
pub use crate::token::Token;

/// The environment variable that holds the token for `--upstream`.
pub const TOKEN_VARIABLE: &str = "CRAWLORA_JWT";

/// How long running requests may take to end when the console stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// The sign-in form has five short fields.
const MAX_FORM_BYTES: usize = 32 * 1024;

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
}

/// A console that is listening.
#[derive(Debug)]
pub struct RunningConsole {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
    warnings: Vec<String>,
}

impl RunningConsole {
    /// Its address, with the port that it listens on.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Warnings for the user, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Stops the console. It accepts no new requests; running ones have one second to end.
    pub async fn stop(mut self) {
        // Sending fails only when the server has already ended.
        let _ = self.stop.send(());
        if tokio::time::timeout(STOP_TIMEOUT, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }
}

/// Starts the console.
///
/// # Errors
/// When a setting cannot be used. Nothing is left running then.
pub async fn start(settings: Settings) -> Result<RunningConsole, StartError> {
    install_tls_provider();
    if let Some(dist) = &settings.dist
        && !dist.join("index.html").is_file()
    {
        return Err(StartError::NoDist(dist.clone()));
    }
    if let Some(examples) = &settings.examples
        && !examples.is_dir()
    {
        return Err(StartError::NoExamples(examples.clone()));
    }
    let mut warnings = Vec::new();
    let (accounts, base) = match settings.upstream {
        Some(real) => {
            if !settings.host.is_loopback() {
                warnings.push(format!(
                    "Whoever can reach {} can sign in here and use your account: there is no password.",
                    settings.host
                ));
            }
            (Accounts::Real(real.token), real.base)
        }
        None => {
            let stand_in = StandIn::start(settings.seed)
                .await
                .map_err(StartError::NoStandIn)?;
            let base = stand_in.base();
            (Accounts::Demo(stand_in), base)
        }
    };
    let upstream =
        Upstream::new(&base, settings.upstream_timeout).map_err(|problem| match problem {
            UpstreamError::InvalidBase(reason) => StartError::UnusableUpstream(reason),
            UpstreamError::Client(error) => StartError::CannotConnect(error.to_string()),
        })?;
    if upstream.sends_token_unencrypted() {
        warnings.push(
            "The upstream is not on HTTPS: your token crosses the network readable for everyone."
                .to_owned(),
        );
    }
    let address = SocketAddr::new(settings.host, settings.port);
    let listener = listen(address).await?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::CannotListen(address, error))?;

    // A demo token is valid as long as its session.
    let demo_tokens = match &accounts {
        Accounts::Demo(stand_in) => Some(stand_in.tokens().clone()),
        Accounts::Real(_) => None,
    };
    let sessions = Sessions::new(move |token| {
        if let Some(tokens) = &demo_tokens {
            tokens.revoke(token);
        }
    });
    let console = Arc::new(Console {
        sessions,
        accounts,
        upstream,
        examples: settings.examples,
    });
    let router = router(console, settings.dist);
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(async move {
        let router = router.into_make_service_with_connect_info::<Connection>();
        axum::serve(ConnectionListener(listener), router)
            .with_graceful_shutdown(async {
                // A dropped sender ends the server too: nothing could stop it later.
                let _ = stopped.await;
            })
            .await
    });
    Ok(RunningConsole {
        address,
        stop,
        server,
        warnings,
    })
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken(address.port()),
            _ => StartError::CannotListen(address, error),
        })
}

fn router(console: Arc<Console>, dist: Option<PathBuf>) -> Router {
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
        )
        .layer(map_response(proxy::set_data_headers));
    let alone = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-in.css", get(sign_in::style))
        .route("/sign-in/events.js", get(viewer::events_script))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES));
    let framing = Router::new()
        .route(look::PREVIEW, get(viewer::preview))
        .route("/sign-in/examples/{name}", get(viewer::example));
    let framed = Router::new().route(viewer::PREVIEW_FRAME, get(viewer::preview_frame));
    let pages = with_page_headers(alone, PAGE_POLICY)
        .merge(with_page_headers(framing, FRAMING_POLICY))
        .merge(with_page_headers(framed, FRAMED_POLICY));
    let examples = console.examples.as_deref().map(static_files::examples);
    let console = Router::new()
        .merge(data)
        .merge(pages)
        .with_state(console)
        .merge(examples.unwrap_or_default());
    match dist {
        Some(directory) => console.fallback_service(static_files::router(&directory, PAGE_POLICY)),
        None => console
            .route("/", get(|| async { Redirect::to("/sign-in") }))
            .fallback(no_such_page),
    }
}

/// Sets the headers of the console's own pages.
fn with_page_headers(router: Router<Arc<Console>>, policy: &'static str) -> Router<Arc<Console>> {
    router.layer(map_response(move |response| {
        sign_in::set_page_headers(policy, response)
    }))
}

async fn no_such_endpoint() -> axum::response::Response {
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
