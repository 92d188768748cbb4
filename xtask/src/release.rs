//! The release build in `dist/`.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::Running;
use crate::project::{Project, variable};
use crate::{materials, setup, sizes};

/// The default base address. It is relative, so the build works under any path of any host.
pub(crate) const PUBLIC_URL: &str = "./";

/// Starts the release build, which replaces the last one.
pub(crate) fn start(project: &Project, public_url: &str) -> Result<Running> {
    Running::start(&mut command(project, public_url)?)
}

/// Starts the release build without anything that was compiled before.
pub(crate) fn start_from_nothing(project: &Project) -> Result<Running> {
    let mut command = command(project, PUBLIC_URL)?;
    Running::start(command.env_remove("CARGO_TARGET_DIR"))
}

fn command(project: &Project, public_url: &str) -> Result<Command> {
    let mut trunk = setup::trunk(project)?;
    trunk
        // Offline: the tools and crates are set up, so trunk must not download others.
        .args(["build", "--release", "--offline", "--dist", "dist"])
        .args(["--public-url", public_url])
        .env("REFERRAL_HISTORY_SPLIT", "true")
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&crate_sources()));
    Ok(trunk)
}

/// Waits for the release build, and checks its size.
pub(crate) fn finish(project: &Project, build: Running, budget: u64) -> Result<()> {
    build
        .wait()
        .context("The release build failed, see above")?;
    materials::write(project).context("The bill of materials cannot be written")?;
    sizes::check(&project.dist(), budget)
}

/// The compiler's flags, separated by U+001F. They leave out where this machine keeps the sources of crates, which
/// panic messages contain: two machines would make different files.
fn flags(sources: &[PathBuf]) -> String {
    let remap = |directory: &PathBuf| format!("--remap-path-prefix={}=", directory.display());
    sources.iter().map(remap).collect::<Vec<_>>().join("\u{1f}")
}

/// The directories of cargo's crate sources, one for each registry.
fn crate_sources() -> Vec<PathBuf> {
    let home = variable("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let entries = fs::read_dir(sources).into_iter().flatten().flatten();
    let mut directories: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    directories.sort();
    directories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_does_not_name_where_this_machine_keeps_crates() {
        let sources = [PathBuf::from("/a b/one"), PathBuf::from("/two")];
        assert_eq!(
            flags(&sources),
            "--remap-path-prefix=/a b/one=\u{1f}--remap-path-prefix=/two="
        );
    }
}
