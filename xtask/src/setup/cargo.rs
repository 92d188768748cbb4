//! The wasm32 target, the crates of Cargo.lock, and the tools in Rust: trunk, the wasm-bindgen command and
//! geckodriver. Tools are fetched prebuilt where that is possible, and otherwise compiled.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{Need, Setup, system};
use crate::process;
use crate::report::say;
use crate::versions::{self, BINSTALL};

pub(crate) const WASM32: &str = "wasm32-unknown-unknown";

/// How long a prebuilt tool may take to come.
const FETCH_LIMIT: Duration = Duration::from_secs(90);

/// A tool from cargo's registry.
struct Tool {
    need: Need,
    package: &'static str,
    version: String,
    /// The program that prints the version.
    program: &'static str,
    /// The program that the tests use, from the same package.
    wanted: &'static str,
    /// Flags for compiling it.
    flags: &'static [&'static str],
    minutes: &'static str,
}

fn tools(lock: &str) -> Result<[Tool; 3]> {
    let wasm_bindgen = versions::wasm_bindgen(lock)
        .context("Cargo.lock names no version of wasm-bindgen: run `cargo generate-lockfile`")?;
    Ok([
        Tool {
            need: Need::Trunk,
            package: "trunk",
            version: versions::TRUNK.to_owned(),
            program: "trunk",
            wanted: "trunk",
            // Without its features trunk can neither proxy to HTTPS nor download tools: the console is
            // local, and the set-up installs the tools.
            flags: &["--locked", "--no-default-features"],
            minutes: "2 to 3 minutes",
        },
        Tool {
            need: Need::WasmBindgen,
            package: "wasm-bindgen-cli",
            version: wasm_bindgen.to_owned(),
            program: "wasm-bindgen",
            wanted: "wasm-bindgen-test-runner",
            // Not --locked: its lock file names versions that some mirrors of the registry lack.
            flags: &[],
            minutes: "about 1 minute",
        },
        Tool {
            need: Need::Geckodriver,
            package: "geckodriver",
            version: versions::GECKODRIVER.to_owned(),
            program: "geckodriver",
            wanted: "geckodriver",
            flags: &["--locked"],
            minutes: "1 to 2 minutes",
        },
    ])
}

pub(super) fn set_up(setup: &mut Setup<'_>, needs: &BTreeSet<Need>) -> Result<()> {
    if needs.contains(&Need::Target) {
        add_target(setup)?;
    }
    if needs.contains(&Need::Crates) {
        fetch_crates(setup)?;
    }
    let tools = tools(&setup.project.read("Cargo.lock")?)?;
    let mut needed = tools.iter().filter(|tool| needs.contains(&tool.need));
    let installed = needed.try_for_each(|tool| tool.set_up(setup));
    // The tools share crates, so what was compiled is kept until all are installed.
    let _ = fs::remove_dir_all(setup.partial("build"));
    installed
}

fn add_target(setup: &mut Setup<'_>) -> Result<()> {
    let has_target = |root: &Path| {
        let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc
            .args(["--print", "target-libdir", "--target", WASM32])
            .current_dir(root);
        process::stdout_of(&mut rustc).is_some_and(|libraries| Path::new(&libraries).is_dir())
    };
    let root = &setup.project.root;
    if !has_target(root) {
        say("Adding the wasm32 target with rustup…");
        let mut rustup = Command::new("rustup");
        rustup
            .args(["target", "add", WASM32])
            .current_dir(root)
            .env("RUSTUP_MAX_RETRIES", "1");
        let added = setup.run(&mut rustup, "rustup", Some(Duration::from_secs(180)));
        if added.is_err() || !has_target(root) {
            bail!(
                "The Rust compiler lacks the {WASM32} target and rustup cannot add it: check the network and run `rustup target add {WASM32}`, or install Rust with rustup if it was not."
            );
        }
    }
    say("wasm32 target: ready");
    Ok(())
}

/// Downloads the crates of Cargo.lock if any is missing.
fn fetch_crates(setup: &Setup<'_>) -> Result<()> {
    let mut check = setup.project.cargo();
    check.args(["metadata", "--offline", "--locked", "--format-version=1"]);
    if process::stdout_of(&mut check).is_none() {
        say("Downloading the crates of Cargo.lock…");
        let mut fetch = setup.project.cargo();
        fetch.args(["fetch", "--locked"]);
        setup.run(&mut fetch, "cargo-fetch", None).context("The crates of Cargo.lock cannot be downloaded: check the network, and that Cargo.lock fits the Cargo.toml files")?;
    }
    say("crates: ready");
    Ok(())
}

impl Tool {
    /// Finds the tool, or installs it.
    fn set_up(&self, setup: &mut Setup<'_>) -> Result<()> {
        let Self {
            package, version, ..
        } = self;
        let program = if let Some(program) = self.on_path()? {
            program
        } else {
            let directory =
                setup.install(&format!("{package}-{version}"), |setup, directory| {
                    if self.fetch(setup, directory) {
                        Ok(())
                    } else {
                        self.compile(setup, directory)
                    }
                })?;
            let programs = directory.join("bin");
            setup.tools.path.push(programs.clone());
            programs.join(file(self.wanted))
        };
        say(format!("{package}: {}, ready", program.display()));
        setup.tools.programs.insert(self.need, program);
        Ok(())
    }

    /// The program on PATH, in the right version.
    fn on_path(&self) -> Result<Option<PathBuf>> {
        if self.need == Need::Geckodriver {
            return system::find("GECKODRIVER", &[self.program]);
        }
        let found = process::find(self.program).filter(|program| self.is_right(program));
        let wanted = found.map(|program| program.with_file_name(file(self.wanted)));
        Ok(wanted.filter(|program| program.is_file()))
    }

    fn is_right(&self, program: &Path) -> bool {
        let output = process::stdout_of(Command::new(program).arg("--version"));
        output.is_some_and(|output| is_version(&output, &self.version))
    }

    /// Fetches the tool prebuilt by its own project. Geckodriver's does not name such files.
    fn fetch(&self, setup: &mut Setup<'_>, directory: &Path) -> bool {
        if self.need == Need::Geckodriver {
            return false;
        }
        if setup.binstall.is_none() {
            setup.binstall = Some(find_binstall(setup));
        }
        let Some(Some(binstall)) = &setup.binstall else {
            return false;
        };
        say("  fetching it prebuilt with cargo-binstall");
        let programs = directory.join("bin");
        let mut fetch = Command::new(binstall);
        fetch
            .arg(format!("{}@{}", self.package, self.version))
            .args([
                "--no-confirm",
                "--no-symlinks",
                "--strategies",
                "crate-meta-data",
            ])
            .arg("--install-path")
            .arg(&programs)
            .env("BINSTALL_DISABLE_TELEMETRY", "true");
        let log = format!("{}-prebuilt", self.package);
        // It may have been built for a newer system.
        setup.run(&mut fetch, &log, Some(FETCH_LIMIT)).is_ok()
            && self.is_right(&programs.join(file(self.program)))
    }

    fn compile(&self, setup: &Setup<'_>, directory: &Path) -> Result<()> {
        let Self {
            package,
            version,
            minutes,
            ..
        } = self;
        say(format!(
            "  no prebuilt one can be fetched: compiling it ({minutes} on two cores)"
        ));
        let mut cargo = setup.project.cargo();
        cargo
            .args(["install", "--force", package, "--version", version])
            .args(self.flags)
            .arg("--root")
            .arg(directory)
            .env("CARGO_TARGET_DIR", setup.partial("build"))
            // Compiles three times faster, and the tools are fast enough.
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
            // The page's compiler flags must not apply to the tools.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        setup.run(&mut cargo, package, None).with_context(|| format!("{package} {version} cannot be installed: check that cargo's registry can be reached, or have it on PATH"))
    }
}

/// cargo-binstall: the user's, or else its own prebuilt release. `None` where GitHub does not answer within
/// seconds, as nothing prebuilt can be fetched then.
fn find_binstall(setup: &mut Setup<'_>) -> Option<PathBuf> {
    let mut curl = Command::new("curl");
    curl.args([
        "--silent",
        "--fail",
        "--head",
        "--connect-timeout",
        "3",
        "--max-time",
        "6",
    ]);
    process::stdout_of(curl.arg("https://github.com/"))?;
    if let Some(program) = process::find("cargo-binstall") {
        return Some(program);
    }
    let archive = match env::consts::OS {
        "linux" => format!("{}-unknown-linux-musl.tgz", env::consts::ARCH),
        "macos" => "universal-apple-darwin.zip".to_owned(),
        _ => format!("{}-pc-windows-msvc.zip", env::consts::ARCH),
    };
    let name = format!("cargo-binstall-{BINSTALL}");
    let directory = setup.install(&name, |setup, directory| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--location", "--proto", "=https"])
            .args(["--connect-timeout", "3", "--output", &archive])
            .arg(format!("https://github.com/cargo-bins/cargo-binstall/releases/download/v{BINSTALL}/cargo-binstall-{archive}"))
            .current_dir(directory);
        setup.run(&mut curl, &name, Some(FETCH_LIMIT))?;
        let mut tar = Command::new("tar");
        setup.run(tar.args(["-xf", &archive]).current_dir(directory), &name, None)
    });
    Some(directory.ok()?.join(file("cargo-binstall")))
}

fn file(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

/// Whether a program's output, such as "trunk 0.21.14" or "wasm-bindgen 0.2.1 (abc)", is of this version.
fn is_version(output: &str, version: &str) -> bool {
    output.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_matches() {
        assert!(is_version("trunk 0.21.14", "0.21.14"));
        assert!(is_version("wasm-bindgen 0.2.130 (1a2b3c)", "0.2.130"));
        assert!(!is_version("trunk 0.21.1", "0.21.14"));
    }
}
