//! The project's commands: `cargo xtask serve`, `test`, `build` and `setup`.
//!
//! The modules: `serve`, `release` and `test` are the commands; `setup/` installs tools; `versions`
//! pins them; `entry` is the hook that trunk runs; `engine` has what each browser engine needs;
//! `examples` builds the examples of other hosts; `sizes` has the size table and the size budget;
//! `process` runs programs and ends them with this one; `report` prints.

mod engine;
mod entry;
mod examples;
mod process;
mod project;
mod release;
mod report;
mod serve;
mod setup;
mod sizes;
mod test;
mod versions;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::engine::Engine;
use crate::project::Project;
use crate::setup::Purpose;

/// An error for the user: a sentence that says what happened and what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

type Result<T> = std::result::Result<T, Failure>;

/// Sets up, serves, builds and tests the referral history page.
///
/// Every command first sets up what it needs and is missing. Tools are kept outside the checkout,
/// per user and per version, so another clone finds them ready: in $REFERRAL_HISTORY_TOOLS, or else
/// in "referral-history/tools" in the user's cache directory.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true,
    after_long_help = HELP_FOOTER
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Show the whole output of the set-up's commands instead of keeping it in log files.
    #[arg(long, short, global = true)]
    verbose: bool,
}

const HELP_FOOTER: &str = "\
Environment:
  REFERRAL_HISTORY_TOOLS  where the tools are kept, instead of the user's cache directory
  CHROMIUM, CHROMEDRIVER  the browser and its driver to test with, instead of those found on PATH
  FIREFOX, GECKODRIVER    the same of Firefox
  SAFARIDRIVER            the same of WebKit: WebKitWebDriver, or on macOS safaridriver
  NGINX_PROGRAM           the web server to test with, instead of the nginx found on PATH

See `cargo xtask <command> --help` for the flags of one command.";

#[derive(Subcommand)]
enum Command {
    /// Build the page and serve it with live reload, together with the development console.
    ///
    /// Sets up what is missing (the wasm32 target, trunk, the wasm-bindgen command of exactly the
    /// version in Cargo.lock), builds and starts dev-console, starts trunk, and prints the addresses
    /// once they answer. Ctrl-C ends everything it started.
    Serve(ServeArgs),
    /// Set up everything the tests need and run all of them, ending at the first that fails.
    #[command(long_about = test::long_help())]
    Test(TestArgs),
    /// Make the release build in dist/ and print each file's raw and compressed size.
    ///
    /// The build is ready for any static host. Fails when the brotli sizes together exceed the budget.
    Build(BuildArgs),
    /// Write referral-history.js into a build. trunk runs this at the end of each build.
    #[command(hide = true)]
    Entry,
    /// Only set up: install what the other commands need and is missing, and build nothing.
    Setup(SetupArgs),
}

#[derive(Args)]
struct ServeArgs {
    /// The port of the page.
    #[arg(long, default_value_t = serve::PORT)]
    port: u16,
    /// The port of the development console, to which the page's requests are passed on.
    #[arg(long, default_value_t = serve::CONSOLE_PORT)]
    console_port: u16,
    /// Open the page in the default browser when it is built.
    #[arg(long)]
    open: bool,
    /// What follows `--` is passed to dev-console, such as `-- --upstream URL`.
    #[arg(last = true, value_name = "DEV-CONSOLE ARGUMENTS")]
    console_args: Vec<String>,
}

#[derive(Args)]
struct TestArgs {
    /// Run only the step of this name; may be given several times. Steps keep their usual order.
    #[arg(long, value_name = "STEP", value_enum, hide_possible_values = true)]
    only: Vec<test::Step>,
    /// Run what is run in every browser engine only in this one; may be given several times.
    #[arg(long, value_name = "BROWSER", value_enum)]
    browser: Vec<Engine>,
}

#[derive(Args)]
struct BuildArgs {
    /// The path under which the page will be hosted; the default works under any.
    #[arg(long, default_value = release::PUBLIC_URL)]
    public_url: String,
    /// The most bytes that all files together may have, compressed with brotli.
    #[arg(long, value_name = "BYTES", default_value_t = sizes::BUDGET)]
    budget: u64,
}

#[derive(Args)]
struct SetupArgs {
    /// Set up only what this command needs.
    #[arg(long = "for", value_name = "COMMAND", value_enum, default_value_t = Purpose::Test)]
    purpose: Purpose,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    process::end_children_on_signals();
    let outcome = run(cli);
    process::end_all();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            report::print_failure(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let project = Project::find(cli.verbose)?;
    match cli.command {
        Command::Setup(args) => setup::run(&project, &args.purpose.needs()).map(|_| ()),
        Command::Serve(args) => serve::run(
            &project,
            &serve::Options {
                port: args.port,
                console_port: args.console_port,
                open: args.open,
                console_args: args.console_args,
            },
        ),
        Command::Build(args) => {
            let tools = setup::run(&project, &Purpose::Build.needs())?;
            release::build(&project, &tools, &args.public_url)?;
            sizes::check(&project.dist(), args.budget)
        }
        Command::Entry => entry::run(&project),
        Command::Test(args) => test::run(&project, &args.only, &args.browser),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_after_two_dashes_go_to_the_console() {
        let cli = Cli::try_parse_from([
            "cargo xtask",
            "serve",
            "--port",
            "9000",
            "--",
            "--upstream",
            "x",
        ]);
        let Ok(Cli {
            command: Command::Serve(args),
            ..
        }) = cli
        else {
            unreachable!("serve was asked for");
        };
        assert_eq!((args.port, args.console_port), (9000, serve::CONSOLE_PORT));
        assert_eq!(args.console_args, ["--upstream", "x"]);
    }
}
