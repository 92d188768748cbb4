//! The development console: what the real Crawlora web console does for the referral history page,
//! small but real.
//!
//! The page asks `GET /api/v1/referrals/me/events?limit=100` on its own origin and never sees a
//! token. Somebody has to sign the user in, keep the session, and forward that request with the
//! token; in production the console does. This crate does it for `cargo xtask serve` and for the
//! end-to-end tests, over real HTTP and with nothing intercepted, so that what is seen here is what
//! the page does.
//!
//! # What a console must provide
//!
//! - A session cookie that scripts cannot read (`HttpOnly; SameSite=Lax; Path=/`, and `Secure` on
//!   HTTPS), named by an unguessable value, and ended on the server when the user signs out.
//! - `GET /api/v1/referrals/me/events`, forwarded with `Authorization: Token <jwt>` for a valid
//!   session, and answered with 401 in the API's shape without one. The browser's `Cookie` and
//!   `Authorization` stay; so does the upstream's `Set-Cookie`. `x-request-id`, `Retry-After`, `Date`
//!   and `Age` pass.
//! - 504 for an upstream that does not answer in time and 502 for one that cannot be reached or
//!   used, in the API's shape, and `Cache-Control: no-store` on all of it. Its `error.code` is
//!   `upstream_unreachable` only when the API was certainly not reached. No redirects are followed
//!   and nothing is retried: every request costs a credit.
//! - A request that another site started is refused: it would spend the user's credits.
//! - A page at `/sign-in`, which takes a `return` path and goes back to it, on the same origin
//!   only.
//! - `Clear-Site-Data: "cache"` on the answers that sign somebody in or out, so that Back does not
//!   show what the user before could see.
//! - A Content-Security-Policy that allows the page's own WebAssembly and nothing inline
//!   ([`PAGE_POLICY`]).
//!
//! # The modules
//!
//! | module | what it does |
//! |---|---|
//! | `main.rs` | command line, starting and stopping |
//! | `lib.rs` | puts the parts together: [`start`] |
//! | `sessions` | who is signed in; the cookie |
//! | `sign_in` | `/sign-in`, `/sign-out`, `/demo/usage` |
//! | `accounts` | who can sign in, and with which token |
//! | `proxy` | the request to the API, and what may pass |
//! | `static_files` | the built page and the built examples, with the headers of a production host |
//! | `security_headers` | those headers; who may send requests |
//! | `answer` | the API's failure shapes; request ids |
//! | `connection` | the browsers' connections, which a fault can break |
//! | `token` | the secret, which cannot be printed |
//! | `random`, `html` | randomness; escaping |
//! | `stand_in` | the API as documented, with demo accounts (`accounts.rs`), made-up events (`events.rs`), plans (`limits.rs`), raw answers (`fixtures/`) and faults on request (`faults.rs`), which the console answers itself |

mod accounts;
mod answer;
mod connection;
mod html;
mod proxy;
mod random;
mod security_headers;
mod sessions;
mod sign_in;
mod stand_in;
mod static_files;
mod token;

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
use crate::connection::{Connection, Connections};
use crate::proxy::{UnusableBase, Upstream};
use crate::sessions::Sessions;
use crate::stand_in::{StandIn, faults};

pub use crate::proxy::LARGEST_BODY;
pub use crate::security_headers::{DATA_POLICY, PAGE_POLICY};
pub use crate::sessions::COOKIE_NAME;
pub use crate::stand_in::accounts::{About, Account, Group};
pub use crate::token::Token;

/// The environment variable with the token for `--upstream`.
pub const TOKEN_VARIABLE: &str = "CRAWLORA_JWT";

/// How long requests under way may take to end when the console stops.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A form of the sign-in page is two short fields.
const LARGEST_FORM: usize = 32 * 1024;

/// How to start the console.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port; 0 for any free one.
    pub port: u16,
    /// The directory of the built page.
    pub dist: Option<PathBuf>,
    /// The directory of the built examples, one directory each. They may still be made when the
    /// console has started.
    pub examples: Option<PathBuf>,
    /// The real API; without it, the stand-in.
    pub upstream: Option<RealUpstream>,
    /// How long the upstream may take to answer.
    pub upstream_timeout: Duration,
    /// What the demo data is made from.
    pub seed: u64,
}

/// The API itself, and the token to ask it with.
#[derive(Debug, Clone)]
pub struct RealUpstream {
    /// The address that `/referrals/me/events` is appended to.
    pub base: String,
    /// The token of the one account.
    pub token: Token,
}

/// Why the console does not start. Its text is a sentence that says what to do.
#[derive(Debug)]
pub enum StartError {
    /// The port is in use.
    PortTaken(u16),
    /// Listening fails for another reason.
    CannotListen(SocketAddr, io::Error),
    /// The directory of the built page is not one.
    NoDist(PathBuf),
    /// The directory of the built examples is not one.
    NoExamples(PathBuf),
    /// The upstream's address is no address to forward to. It is not repeated: it may hold a
    /// password.
    UnusableUpstream(&'static str),
    /// The machine lacks what connecting to the upstream needs.
    CannotConnect(String),
    /// The stand-in finds no port.
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

/// What the handlers share.
pub(crate) struct Console {
    pub(crate) sessions: Sessions,
    pub(crate) accounts: Accounts,
    pub(crate) upstream: Upstream,
    pub(crate) examples: Option<PathBuf>,
}

/// A console that is listening.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
    warnings: Vec<String>,
}

impl Running {
    /// Where it listens, with the real port.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What whoever started it should know, in sentences.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Stops it: no new requests, and a second for those under way.
    pub async fn stop(mut self) {
        // Nobody listens when the server has already ended by itself, which is as good.
        let _ = self.stop.send(());
        if tokio::time::timeout(LAST_WORDS, &mut self.server)
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
/// When something named in the settings cannot be used; nothing is left running then.
pub async fn start(settings: Settings) -> Result<Running, StartError> {
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
            UnusableBase::Address(reason) => StartError::UnusableUpstream(reason),
            UnusableBase::Client(error) => StartError::CannotConnect(error.to_string()),
        })?;
    if upstream.sends_token_in_the_clear() {
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

    // A demo token lives exactly as long as its session.
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
        axum::serve(Connections(listener), router)
            .with_graceful_shutdown(async {
                // A sender that is gone means that nobody can ask any more, so that ends it too.
                let _ = stopped.await;
            })
            .await
    });
    Ok(Running {
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
        .layer(map_response(proxy::mark_as_data));
    let pages = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-in.css", get(sign_in::style))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(map_response(sign_in::mark_as_page));
    let examples = console.examples.as_deref().map(static_files::examples);
    let console = Router::new()
        .merge(data)
        .merge(pages)
        .with_state(console)
        .merge(examples.unwrap_or_default());
    match dist {
        Some(directory) => console.fallback_service(static_files::router(&directory)),
        None => console
            .route("/", get(|| async { Redirect::to("/sign-in") }))
            .fallback(no_such_page),
    }
}

async fn no_such_endpoint() -> axum::response::Response {
    answer::not_found()
}

async fn no_such_page() -> impl IntoResponse {
    let message = "There is nothing here. The page itself is served with --dist, or by trunk.\n";
    (StatusCode::NOT_FOUND, message)
}

/// Tells rustls which cryptography to use. Once per process; the next times change nothing.
pub fn install_tls_provider() {
    // It fails only when there is one already, and then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
