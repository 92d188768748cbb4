//! The release build in `dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::project::{Project, write};
use crate::setup::Tools;
use anyhow::{Context as _, Result};

/// The default base address. It is relative, so the build works under any path of any host.
pub(crate) const PUBLIC_URL: &str = "./";

/// What the release build is made from.
const INPUTS: [&str; 14] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "core",
    "element",
    "index.html",
    "locales",
    "rust-toolchain.toml",
    "src",
    "style",
    "vendor",
    // The first writes the entry, the other pins what makes the files smaller.
    "xtask/src/entry.rs",
    "xtask/package-lock.json",
];

/// Makes the release build and replaces the last one.
pub(crate) fn build(project: &Project, tools: &Tools, public_url: &str) -> Result<()> {
    process::run(&mut command(project, tools, public_url))
        .context("The release build failed, see above")?;
    finish(project, public_url)
}

/// The command that makes the release build. [`finish`] follows.
pub(crate) fn command(project: &Project, tools: &Tools, public_url: &str) -> Command {
    let _ = fs::remove_file(stamp(project));
    let mut trunk = tools.trunk(project);
    trunk
        // Offline: the tools and crates are set up, so trunk must not download others.
        .args([
            "build",
            "--release",
            "--offline",
            "--dist",
            "dist",
            "--public-url",
            public_url,
        ])
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&crate_sources()));
    trunk
}

/// Notes that the release build is complete.
pub(crate) fn finish(project: &Project, public_url: &str) -> Result<()> {
    write(&stamp(project), stamp_text(project, public_url))
}

/// Whether `dist/` is a release build for any path and newer than all that it is made from.
pub(crate) fn is_current(project: &Project) -> bool {
    // A development build in `dist/` has other hashes in its file names.
    let same = fs::read_to_string(stamp(project))
        .is_ok_and(|text| text == stamp_text(project, PUBLIC_URL));
    same && project.is_current(&stamp(project), &INPUTS)
}

/// The file that describes the last release build: its base address and its file names.
fn stamp(project: &Project) -> PathBuf {
    project.scratch("release")
}

fn stamp_text(project: &Project, public_url: &str) -> String {
    let files = fs::read_dir(project.dist()).into_iter().flatten().flatten();
    let mut names: Vec<_> = files.map(|file| file.file_name()).collect();
    names.sort();
    format!("{public_url} {names:?}\n")
}

/// The compiler's flags, separated by U+001F: the one that erases the types of views, as in
/// `.cargo/config.toml`, whose place the variable takes; and those that leave out where this machine keeps
/// the sources of crates, which panic messages contain: two machines would make different files.
fn flags(sources: &[PathBuf]) -> String {
    let remap = |directory: &PathBuf| format!("\u{1f}--remap-path-prefix={}=", directory.display());
    "--cfg=erase_components".to_owned() + &sources.iter().map(remap).collect::<String>()
}

/// The directories of cargo's crate sources, one for each registry.
fn crate_sources() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sources = home
        .map(|home| home.join("registry/src"))
        .unwrap_or_default();
    let entries = fs::read_dir(Path::new(&sources))
        .into_iter()
        .flatten()
        .flatten();
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
            "--cfg=erase_components\u{1f}--remap-path-prefix=/a b/one=\u{1f}--remap-path-prefix=/two="
        );
    }

    /// A missing input never counts as changed, so a change of it would not be built.
    #[test]
    fn inputs_exist() {
        for input in INPUTS {
            assert!(
                Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                    .join(input)
                    .exists(),
                "{input}"
            );
        }
    }
}
