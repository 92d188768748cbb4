//! The release build in `dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::project::Project;
use crate::setup::Tools;
use crate::{Failure, Result, process};

/// The default base address. It is relative, so the build works under any path of any host.
pub(crate) const PUBLIC_URL: &str = "./";

/// The files and directories that the release build is made from.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "Trunk.toml",
    "index.html",
    "element",
    "src",
    "style",
    // It writes the entry and the package files.
    "xtask/src/entry.rs",
];

/// Makes the release build and replaces the last one.
pub(crate) fn build(project: &Project, tools: &Tools, public_url: &str) -> Result<()> {
    let _ = fs::remove_file(stamp_path(project));
    let mut trunk = tools.trunk(project);
    trunk
        // Offline: the tools and crates are set up, so trunk must not download others.
        .args(["build", "--release", "--offline", "--dist", "dist"])
        .args(["--public-url", public_url])
        .env(
            FLAGS,
            flags(&crate_source_directories(), |name| env::var(name).ok()),
        );
    process::run(&mut trunk).map_err(|failure| {
        Failure::new(format!(
            "The release build failed, see above: {}",
            failure.0
        ))
    })?;
    // Without the stamp the next end-to-end tests only build once more.
    let _ = fs::create_dir_all(project.scratch())
        .and_then(|()| fs::write(stamp_path(project), stamp_text(project, public_url)));
    Ok(())
}

/// The compiler's flags, each ended by U+001F but the last.
const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// One type for all views of the page, instead of one for each, which makes the module a tenth smaller.
/// `.cargo/config.toml` has it for all other builds, but the variable takes that file's place.
const ERASED: &str = "--cfg=erase_components";

/// The flags that the environment has, the one that erases the types of views, and those that leave out of
/// the build where this machine keeps the sources of crates: a defect is told with its place, which would
/// name it, and two machines would not make the same files.
fn flags(sources: &[PathBuf], variable: impl Fn(&str) -> Option<String>) -> String {
    let encoded = |flags: String| flags.split_whitespace().collect::<Vec<_>>().join("\u{1f}");
    let given = variable(FLAGS).or_else(|| variable("RUSTFLAGS").map(encoded));
    let ours = sources
        .iter()
        .map(|directory| format!("--remap-path-prefix={}=", directory.display()));
    let all = given.filter(|flags| !flags.is_empty()).into_iter();
    let all = all.chain([ERASED.to_owned()]);
    all.chain(ours).collect::<Vec<_>>().join("\u{1f}")
}

/// The directories of cargo's crate sources, one for each registry.
fn crate_source_directories() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.map(|home| home.join("registry").join("src"));
    let entries = sources.and_then(|directory| fs::read_dir(directory).ok());
    let mut directories: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    directories.sort();
    directories
}

/// Whether `dist/` is a release build for any path and newer than all its inputs.
pub(crate) fn is_current(project: &Project) -> bool {
    let stamp = stamp_path(project);
    // A development build in `dist/` has other hashes in its file names.
    let same = fs::read_to_string(&stamp).is_ok_and(|text| text == stamp_text(project, PUBLIC_URL));
    let Some(built) = modified(&stamp).filter(|_| same) else {
        return false;
    };
    all_older(built, project, &INPUTS)
}

/// Whether a file exists and is newer than all of these inputs in the checkout.
pub(crate) fn is_newer_than(file: &Path, project: &Project, inputs: &[&str]) -> bool {
    modified(file).is_some_and(|built| all_older(built, project, inputs))
}

fn all_older(built: SystemTime, project: &Project, inputs: &[&str]) -> bool {
    inputs
        .iter()
        .filter_map(|input| last_modified(&project.root.join(input)))
        .all(|changed| changed < built)
}

/// The file that describes the last release build: its base address and its file names.
fn stamp_path(project: &Project) -> PathBuf {
    project.scratch().join("release")
}

fn stamp_text(project: &Project, public_url: &str) -> String {
    let files = fs::read_dir(project.dist()).into_iter().flatten().flatten();
    let mut names: Vec<String> = files
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    format!("{public_url}\n{}\n", names.join("\n"))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|file| file.modified()).ok()
}

/// When a path, or anything below it, was last changed. Removing a file changes its directory.
fn last_modified(path: &Path) -> Option<SystemTime> {
    let own = modified(path);
    let Ok(entries) = fs::read_dir(path) else {
        return own;
    };
    let below = entries
        .flatten()
        .filter_map(|entry| last_modified(&entry.path()));
    below.chain(own).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_does_not_name_where_this_machine_keeps_crates() {
        let sources = [PathBuf::from("/a b/one"), PathBuf::from("/two")];
        let ours = "--cfg=erase_components\u{1f}--remap-path-prefix=/a b/one=\u{1f}--remap-path-prefix=/two=";
        let with = |variables: &[(&str, &str)]| {
            flags(&sources, |name| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[]), ours);
        // The user's flags are kept. As in cargo, the encoded variable takes precedence.
        let given = [("RUSTFLAGS", " -Cdebuginfo=1  -g ")];
        assert_eq!(with(&given), format!("-Cdebuginfo=1\u{1f}-g\u{1f}{ours}"));
        let both = [given[0], (FLAGS, "-O")];
        assert_eq!(with(&both), format!("-O\u{1f}{ours}"));
    }

    /// A missing input never counts as changed, so a change of it would not be built.
    #[test]
    fn inputs_exist() {
        for input in INPUTS {
            let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
            assert!(root.join(input).exists(), "{input}");
        }
    }
}
