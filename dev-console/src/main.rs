//! The development console's command line. What it is: the documentation of the library.

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
        Err(error) => return failed(&format!("Cannot start threads: {error}.")),
    };
    let ended = runtime.block_on(run(arguments));
    // Whatever still waits (for a name server, say) must not hold up the end.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => failed(&sentence),
    }
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let settings = settings(arguments)?;
    // Before the address is printed: whoever reads it may stop the program at once.
    let asked_to_stop =
        asked_to_stop().map_err(|error| format!("Cannot await signals: {error}."))?;
    let console = dev_console::start(settings)
        .await
        .map_err(|error| error.to_string())?;
    for warning in console.warnings() {
        eprintln!("{warning}");
    }
    // Without a reader the console is as good as with one.
    let _ = writeln!(
        std::io::stdout(),
        "Development console at {}",
        console.url()
    );
    asked_to_stop.await;
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

/// Ends with Ctrl-C, or with SIGTERM where there is such a thing.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
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
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without signals there is only the window to close, which ends the program anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
