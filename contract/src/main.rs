//! `cargo xtask contract`: prints, rule by rule, whether a running console does what
//! `docs/console-contract.md` says.

mod arguments;

use std::process::ExitCode;

use clap::Parser;
use console_contract::{SignIn, Target, check};
use reqwest::Url;

use crate::arguments::Arguments;

#[derive(Parser)]
#[command(name = "cargo xtask contract", bin_name = "cargo xtask contract")]
struct Cli {
    #[command(flatten)]
    arguments: Arguments,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Cli { arguments } = Cli::parse();
    let Ok(base) = Url::parse(&arguments.base) else {
        eprintln!("error: --base is not an address, such as https://console.example");
        return ExitCode::FAILURE;
    };
    let target = Target {
        base,
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
            ExitCode::FAILURE
        }
    }
}
