//! The command line of the development console. The library's documentation describes the console.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use dev_console::{RealUpstream, Settings, TOKEN_VARIABLE, Token};

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
    let stop_signal = stop_signal().map_err(|error| format!("Cannot await signals: {error}."))?;
    let console = dev_console::start(settings)
        .await
        .map_err(|error| error.to_string())?;
    for warning in console.warnings() {
        eprintln!("{warning}");
    }
    // The console works even if standard output is closed.
    let _ = writeln!(
        std::io::stdout(),
        "Development console at {}",
        console.url()
    );
    stop_signal.await;
    console.stop().await;
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
        seed: arguments.seed,
    })
}

fn real_upstream(base: String) -> Result<RealUpstream, String> {
    let token = std::env::var(TOKEN_VARIABLE)
        .ok()
        .and_then(|text| Token::new(&text))
        .ok_or_else(|| {
            format!("--upstream needs your API token: put it into the environment variable {TOKEN_VARIABLE}.")
        })?;
    Ok(RealUpstream { base, token })
}

/// A future that completes at Ctrl-C, and on Unix at SIGTERM.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If Ctrl-C cannot be handled, the console runs until its window is closed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
