//! The command line of the development console. The library's documentation describes the console.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use dev_console::{
    Allowances, DEFAULT_MAX_SESSIONS, DEFAULT_SIGN_INS, DEFAULT_STOP_TIMEOUT, PASSWORD_VARIABLE,
    Password, PublicUrl, RealUpstream, Settings, TOKEN_VARIABLE, Token,
};
use tracing_subscriber::filter::LevelFilter;

/// The development console for the referral history page: sign-in with demo accounts, the proxy to
/// the API (or to a stand-in for it), and the built page.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value_t = 8090)]
    port: u16,

    /// The IP address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// The directory of the built page, to be served at /
    #[arg(long, value_name = "DIR")]
    dist: Option<PathBuf>,

    /// The directory of the built examples, each to be served at /examples/<its name>/
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,

    /// The real API's base address; the token is taken from the environment variable CRAWLORA_JWT
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,

    /// How long the upstream may take to answer
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    upstream_timeout: Duration,

    /// What the demo data is made from: the same number makes the same data
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,

    /// The address at which browsers reach the console, which answers to no other host; by default the
    /// one that it listens on
    #[arg(long, value_name = "URL", value_parser = PublicUrl::parse, overrides_with = "public_url")]
    public_url: Option<PublicUrl>,

    /// How often a client may sign in at once; it may do so again once every two minutes
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SIGN_INS)]
    sign_ins: NonZeroU32,

    /// A proxy in front of the console sets X-Forwarded-For: its last address is the client's
    #[arg(long)]
    trust_forwarded_for: bool,

    /// Allow listening where other machines can connect
    #[arg(long)]
    allow_remote_clients: bool,

    /// Allow sending the token over the network without encryption
    #[arg(long)]
    allow_unencrypted_upstream: bool,

    /// Allow whoever can reach the console to use the real account; otherwise its password is taken
    /// from the environment variable CONSOLE_PASSWORD
    #[arg(long)]
    allow_no_password: bool,

    /// How the log is written to standard error
    #[arg(long, value_enum, default_value_t = Log::Text)]
    log: Log,
}

/// The forms of the log.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Log {
    /// A line for people
    Text,
    /// A line of JSON
    Json,
    /// Only warnings, for people
    Warnings,
}

impl Log {
    fn start(self) {
        let log = tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_target(false);
        match self {
            Self::Text => log.with_ansi(false).init(),
            Self::Json => log.json().flatten_event(true).init(),
            Self::Warnings => log
                .with_ansi(false)
                .with_max_level(LevelFilter::WARN)
                .init(),
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "write a number of seconds above 0, as in 30 or 0.5".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.log.start();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return exit_with_error(&format!("Cannot start threads: {error}.")),
    };
    let ended = runtime.block_on(run(arguments));
    // Do not wait for blocking tasks, such as a DNS lookup.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => exit_with_error(&sentence),
    }
}

fn exit_with_error(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let settings = settings(arguments)?;
    // Handle signals before the address is printed: a reader of it may stop the program at once.
    let mut signals =
        StopSignals::new().map_err(|error| format!("Cannot await signals: {error}."))?;
    let console = dev_console::start(settings)
        .await
        .map_err(|error| error.to_string())?;
    // The console works even if standard output is closed.
    let _ = writeln!(
        std::io::stdout(),
        "Development console at {}",
        console.url()
    );
    signals.next().await;
    tokio::select! {
        () = console.stop() => {}
        // Whoever asks again does not want to wait for requests under way.
        () = signals.next() => {}
    }
    Ok(())
}

fn settings(arguments: Arguments) -> Result<Settings, String> {
    let upstream = arguments.upstream.map(real_upstream).transpose()?;
    Ok(Settings {
        host: arguments.host,
        port: arguments.port,
        dist: arguments.dist,
        examples: arguments.examples,
        upstream,
        upstream_timeout: arguments.upstream_timeout,
        public_url: arguments.public_url,
        allow: Allowances {
            remote_clients: arguments.allow_remote_clients,
            unencrypted_upstream: arguments.allow_unencrypted_upstream,
            no_password: arguments.allow_no_password,
        },
        sign_ins: arguments.sign_ins,
        max_sessions: DEFAULT_MAX_SESSIONS,
        stop_timeout: DEFAULT_STOP_TIMEOUT,
        trust_forwarded_for: arguments.trust_forwarded_for,
        seed: arguments.seed,
    })
}

fn real_upstream(base: String) -> Result<RealUpstream, String> {
    let token = std::env::var(TOKEN_VARIABLE)
        .ok()
        .and_then(|text| Token::new(&text))
        .ok_or_else(|| {
            format!("--upstream needs your API token of at least 20 characters: put it into the environment variable {TOKEN_VARIABLE}.")
        })?;
    let password = std::env::var(PASSWORD_VARIABLE).ok();
    let password = password.map(|text| {
        Password::new(&text)
            .ok_or_else(|| format!("The password in {PASSWORD_VARIABLE} needs 12 characters."))
    });
    Ok(RealUpstream {
        base,
        token,
        password: password.transpose()?,
    })
}

/// Ctrl-C, and on Unix SIGTERM.
#[cfg(unix)]
struct StopSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // If Ctrl-C cannot be handled, the console runs until its window is closed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
