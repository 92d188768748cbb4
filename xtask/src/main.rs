//! The project's commands: `cargo xtask serve`, `test`, `build`, `bench`,
//! `contract`, `release` and `setup`.
//!
//! The modules: `serve`, `release` (the build), `publish` (what is uploaded) and `test` are the commands; `setup` installs tools and pins their
//! versions, and `system` finds the programs of the system; `entry` is the hook that trunk runs, and `split` its part that splits the program; `engine` has
//! what each browser engine needs; `examples` builds the examples of other hosts; `sizes` has the size table
//! and the size budgets; `materials` has the bill of materials and the licences; `process` runs programs and ends them with this one.

#[allow(dead_code, reason = "they are passed on as they were written")]
#[path = "../../contract/src/arguments.rs"]
mod contract_arguments;
mod engine;
mod entry;
mod examples;
mod materials;
mod process;
mod project;
mod publish;
mod release;
mod serve;
mod setup;
mod sizes;
mod split;
mod system;
mod test;

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Parser;

use crate::project::Project;

/// Sets up, serves, builds and tests the referral history page.
///
/// Every command first sets up what it needs and is missing. Tools in Rust are kept outside the checkout,
/// per user and per version, so another clone finds them ready: in $REFERRAL_HISTORY_TOOLS, or else
/// in "referral-history/tools" in the user's cache directory.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true, after_long_help = HELP_FOOTER)]
enum Cli {
    /// Build the page and serve it with live reload, together with the development console.
    ///
    /// Sets up what is missing (the wasm32 target, trunk, the wasm-bindgen command of exactly the
    /// version in Cargo.lock), builds and starts dev-console, starts trunk, and prints the addresses
    /// once they answer. Ctrl-C ends everything it started.
    Serve(serve::Options),
    /// Set up everything the tests need and run all of them, ending at the first that fails.
    Test(test::Options),
    /// Make the release build in dist/ and print each file's raw and compressed size.
    ///
    /// The build is ready for any static host. Fails when it exceeds its size budget.
    Build {
        /// The path under which the page will be hosted; the default works under any.
        #[arg(long, default_value = release::PUBLIC_URL)]
        public_url: String,
        /// The most bytes that a page may load until it shows its rows, compressed with brotli.
        #[arg(long, value_name = "BYTES", default_value_t = sizes::BUDGET)]
        budget: u64,
    },
    /// Measure the release build in a browser: first paint, rows, filters, memory. Nothing passes or fails.
    Bench(test::BenchOptions),
    Contract(contract_arguments::Arguments),
    /// Make what is published in release/: the npm package, the crates, the bill of materials, the changes and the
    /// checksums. Nothing is uploaded.
    Release(publish::Options),
    /// Only set up: install what the other commands need and is missing, and build nothing.
    Setup,
    /// Write referral-history.js into a build. trunk runs this at the end of each build.
    #[command(hide = true)]
    Entry,
    /// Build the examples. `serve` runs this.
    #[command(hide = true)]
    Examples {
        /// Also the hosts of the tests with routers.
        #[arg(long)]
        with_routers: bool,
    },
}

const HELP_FOOTER: &str = "\
Environment:
  REFERRAL_HISTORY_TOOLS  where the tools are kept, instead of the user's cache directory
  CHROMIUM, CHROMEDRIVER  the browser and its driver to test with, instead of those found on PATH
  FIREFOX, GECKODRIVER    the same of Firefox
  SAFARIDRIVER            the same of WebKit: WebKitWebDriver, or on macOS safaridriver
  BLOCKER_LISTS           a directory with easylist.txt and easyprivacy.txt, instead of those of Debian
  NGINX_PROGRAM           the web server to test with, instead of the nginx found on PATH

See `cargo xtask <command> --help` for the flags of one command.";

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::is_interrupted() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    process::watch_signals()?;
    let project = Project::find()?;
    match cli {
        Cli::Setup => {
            setup::set_up(&project, test::all_needs())?;
            println!("Everything is set up.");
            Ok(())
        }
        Cli::Serve(options) => serve::run(&project, options),
        Cli::Build { public_url, budget } => {
            setup::set_up(&project, setup::RELEASE)?;
            let build = release::start(&project, public_url)?;
            release::finish(&project, build, *budget)
        }
        Cli::Test(options) => test::run_steps(&project, options),
        Cli::Bench(options) => {
            setup::set_up(&project, test::bench_needs())?;
            let build = release::start(&project, release::PUBLIC_URL)?;
            release::finish(&project, build, sizes::BUDGET)?;
            test::bench(&project, options)
        }
        Cli::Release(options) => publish::make(&project, options),
        Cli::Contract(_) => contract(&project),
        Cli::Entry => entry::run(&project),
        Cli::Examples { with_routers: true } => examples::build_all(&project),
        Cli::Examples { .. } => examples::build(&project),
    }
}

/// Runs the program of `contract/`: a program of its own, so that this one needs no HTTP client.
fn contract(project: &Project) -> Result<()> {
    process::run(&mut project.build_console())?;
    process::run(Command::new(&project.contract).args(env::args_os().skip(2)))
}
