//! The arguments of `cargo xtask contract`, which xtask shares: it says at once what is wrong with them.

use clap::Args;

/// Ask a running console whether it keeps the console contract, and print what holds, rule by rule.
///
/// Exit code 1 if a rule is broken, or the console does not answer. A run costs the user of the session one
/// credit, and with --sign-out ends the session.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The console's address, as in https://console.example
    #[arg(long, value_name = "URL")]
    pub(crate) base: String,
    /// The cookie of a session. Without it, the one that signing in sets.
    #[arg(long, value_name = "NAME=VALUE", required_unless_present = "sign_in")]
    pub(crate) cookie: Option<String>,
    /// The path of the API on the console
    #[arg(long, value_name = "PATH", default_value = "/api/v1")]
    pub(crate) api: String,
    /// The path that signs in with POST
    #[arg(long, value_name = "PATH", requires = "form")]
    pub(crate) sign_in: Option<String>,
    /// The form that signs in, without `return`, as in account=few
    #[arg(long, value_name = "FORM", requires = "sign_in")]
    pub(crate) form: Option<String>,
    /// The path that signs out with POST
    #[arg(long, value_name = "PATH")]
    pub(crate) sign_out: Option<String>,
    /// The path of a page that shows the element
    #[arg(long, value_name = "PATH")]
    pub(crate) page: Option<String>,
    /// A path that says in JSON, as the number `requests`, how many requests the session has cost
    #[arg(long, value_name = "PATH")]
    pub(crate) usage: Option<String>,
}
