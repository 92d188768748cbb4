//! The release build in `dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::project::Project;
use crate::setup::Ready;
use crate::{Failure, Result, process};

/// Relative addresses, so that the build works under any path of any host.
pub(crate) const PUBLIC_URL: &str = "./";

/// What the release build is made from: when none of it is newer, neither is the build.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "Trunk.toml",
    "index.html",
    "element",
    "src",
    "style",
    // It writes the entry, and what lies beside it.
    "xtask/src/entry.rs",
];

/// Makes the release build, replacing the one that was there.
pub(crate) fn build(project: &Project, ready: &Ready, public_url: &str) -> Result<()> {
    let _ = fs::remove_file(note(project));
    let mut trunk = ready.trunk(project);
    trunk
        // Offline: the tools and crates are set up, and trunk is not to look for others.
        .args(["build", "--release", "--offline", "--dist", "dist"])
        .args(["--public-url", public_url])
        .env(
            FLAGS,
            flags(&sources_of_crates(), |name| env::var(name).ok()),
        );
    process::run(&mut trunk).map_err(|failure| {
        Failure::new(format!(
            "The release build failed, see above: {}",
            failure.0
        ))
    })?;
    // Without the note the next end-to-end tests only build once more.
    let _ = fs::create_dir_all(project.scratch())
        .and_then(|()| fs::write(note(project), contents(project, public_url)));
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

/// Where cargo keeps the sources of crates, a directory for each registry.
fn sources_of_crates() -> Vec<PathBuf> {
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

/// Whether `dist/` is a release build for any path, and newer than all it is made from.
pub(crate) fn is_current(project: &Project) -> bool {
    let note = note(project);
    // A development build that trunk made by hand has files of other names: they have hashes.
    let same = fs::read_to_string(&note).is_ok_and(|text| text == contents(project, PUBLIC_URL));
    let Some(built) = modified(&note).filter(|_| same) else {
        return false;
    };
    all_older(built, project, &INPUTS)
}

/// Whether a file is there, and newer than all of these in the checkout.
pub(crate) fn is_newest(file: &Path, project: &Project, inputs: &[&str]) -> bool {
    modified(file).is_some_and(|built| all_older(built, project, inputs))
}

fn all_older(built: SystemTime, project: &Project, inputs: &[&str]) -> bool {
    inputs
        .iter()
        .filter_map(|input| newest(&project.root.join(input)))
        .all(|changed| changed < built)
}

/// What the last release build was: for which address, with which files.
fn note(project: &Project) -> PathBuf {
    project.scratch().join("release")
}

fn contents(project: &Project, public_url: &str) -> String {
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

/// When a file, or anything in a directory, was last changed; a removal changes its directory.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path);
    let Ok(entries) = fs::read_dir(path) else {
        return own;
    };
    let below = entries.flatten().filter_map(|entry| newest(&entry.path()));
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
        // What the user has set stays, the encoded before the other as with cargo.
        let given = [("RUSTFLAGS", " -Cdebuginfo=1  -g ")];
        assert_eq!(with(&given), format!("-Cdebuginfo=1\u{1f}-g\u{1f}{ours}"));
        let both = [given[0], (FLAGS, "-O")];
        assert_eq!(with(&both), format!("-O\u{1f}{ours}"));
    }

    /// One that is gone is never newer, and what it became would not be built.
    #[test]
    fn inputs_are_there() {
        for input in INPUTS {
            let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
            assert!(root.join(input).exists(), "{input}");
        }
    }
}
