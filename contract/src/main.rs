//! `cargo xtask contract`: prints, rule by rule, whether a running console does what
//! `docs/console-contract.md` says.

use std::process::ExitCode;

use clap::Parser;
use console_contract::{SignIn, Target, check};
use reqwest::Url;

/// Ask a running console whether it keeps the console contract, and print what holds, rule by rule.
///
/// Exit code 1 if a rule is broken, 2 if the console does not answer. A run costs the user of the session one
/// credit, and with --sign-out ends the session.
#[derive(Parser)]
#[command(name = "cargo xtask contract", bin_name = "cargo xtask contract")]
struct Arguments {
    /// The console's address, as in https://console.example
    #[arg(long, value_name = "URL")]
    base: Url,
    /// The cookie of a session. Without it, the one that signing in sets.
    #[arg(long, value_name = "NAME=VALUE", required_unless_present = "sign_in")]
    cookie: Option<String>,
    /// The path of the API on the console
    #[arg(long, value_name = "PATH", default_value = "/api/v1")]
    api: String,
    /// The path that signs in with POST
    #[arg(long, value_name = "PATH", requires = "form")]
    sign_in: Option<String>,
    /// The form that signs in, without `return`, as in account=few
    #[arg(long, value_name = "FORM", requires = "sign_in")]
    form: Option<String>,
    /// The path that signs out with POST
    #[arg(long, value_name = "PATH")]
    sign_out: Option<String>,
    /// The path of a page that shows the element
    #[arg(long, value_name = "PATH")]
    page: Option<String>,
    /// A path that says in JSON, as the number `requests`, how many requests the session has cost
    #[arg(long, value_name = "PATH")]
    usage: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let target = Target {
        base: arguments.base,
        api: arguments.api.trim_end_matches('/').to_owned(),
        cookie: arguments.cookie,
        sign_in: arguments
            .sign_in
            .zip(arguments.form)
            .map(|(path, form)| SignIn { path, form }),
        sign_out: arguments.sign_out,
        page: arguments.page,
        usage: arguments.usage,
    };
    match check(&target).await {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(!report.holds()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
