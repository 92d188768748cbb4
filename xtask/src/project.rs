//! The directories: the checkout, its build output, and the tools outside the checkout.

use std::env;
use std::fs;
use std::io;
use std::path::{self, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

pub(crate) struct Project {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// The directory of the tools in Rust, one per user. The names of its directories contain versions.
    pub(crate) tools: PathBuf,
    /// The development console's program, which is built beside this one, with the same profile.
    pub(crate) dev_console: PathBuf,
    /// The program that holds a console to its contract.
    pub(crate) contract: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        // Cargo sets the variable. The compiled-in path may be another clone's, with a shared target.
        let package = variable("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        let root = package.parent().context("Run this as `cargo xtask`")?;
        let cache = || {
            let cache = variable("XDG_CACHE_HOME").or(Some(env::home_dir()?.join(".cache")))?;
            Some(cache.join("referral-history/tools"))
        };
        let tools = variable("REFERRAL_HISTORY_TOOLS").or_else(cache);
        let tools = tools.context("There is no home directory: set REFERRAL_HISTORY_TOOLS")?;
        let beside = |name: &str| {
            let file = format!("{name}{}", env::consts::EXE_SUFFIX);
            Ok::<_, io::Error>(env::current_exe()?.with_file_name(file))
        };
        Ok(Self {
            root: root.to_path_buf(),
            // Commands run in the checkout, so a relative path must be made absolute first.
            tools: path::absolute(tools)?,
            dev_console: beside("dev-console")?,
            contract: beside("console-contract")?,
        })
    }

    /// The release build.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The bill of materials and the licences of the release build.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// The built examples, one directory each.
    pub(crate) fn examples(&self) -> PathBuf {
        self.root.join("target/examples")
    }

    /// The built hosts of `tests/routers/`.
    pub(crate) fn routers(&self) -> PathBuf {
        self.root.join("target/routers")
    }

    /// Where cargo puts what it compiles.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let mut cargo = self.cargo();
        cargo.args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ]);
        let metadata: Value = serde_json::from_slice(&cargo.output()?.stdout)?;
        let target = metadata["target_directory"].as_str();
        Ok(target.context("cargo names no target directory")?.into())
    }

    /// The command that builds the development console and the contract's program. It names the whole workspace and a test, so that
    /// crates get the same features as for the tests, and are compiled once for both.
    pub(crate) fn build_console(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["build", "--quiet", "--workspace"]);
        cargo.args(["--bin", "dev-console", "--test", "console"]);
        cargo.args(["--bin", "console-contract"]);
        cargo
    }

    /// A command of the cargo that started this program, in the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(variable("CARGO").unwrap_or("cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    /// Node.js, in a directory of the checkout.
    pub(crate) fn node(&self, directory: &str) -> Command {
        let mut node = Command::new("node");
        node.current_dir(self.root.join(directory));
        node
    }

    pub(crate) fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.root.join(file)).with_context(|| format!("{file} cannot be read"))
    }
}

/// A path in an environment variable. An empty variable counts as not set.
pub(crate) fn variable(name: &str) -> Option<PathBuf> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}
