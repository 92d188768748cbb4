//! The directories: the checkout, its build output, and the tools outside the checkout.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

pub(crate) struct Project {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// The directory of the tools, one per user. The names of its directories contain versions.
    pub(crate) tools: PathBuf,
    /// The directory of this program. dev-console is built into it too, with the same profile.
    binaries: PathBuf,
    /// Whether the output of set-up commands is shown rather than kept in log files.
    pub(crate) verbose: bool,
}

impl Project {
    pub(crate) fn find(verbose: bool) -> Result<Self> {
        // Cargo sets the variable. The compiled-in path may be another clone's, with a shared target.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let exe = env::current_exe().unwrap_or_default();
        let (Some(root), Some(binaries)) = (package.parent(), exe.parent()) else {
            bail!("The checkout was not found: run this as `cargo xtask`");
        };
        let variable = |name: &str| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let cache = || Some(variable("XDG_CACHE_HOME").unwrap_or(env::home_dir()?.join(".cache")));
        let tools = variable("REFERRAL_HISTORY_TOOLS")
            .or_else(|| cache().map(|cache| cache.join("referral-history/tools")))
            .context("There is no home directory: set REFERRAL_HISTORY_TOOLS")?;
        Ok(Self {
            root: root.to_path_buf(),
            // Commands run in the checkout, so a relative path must be made absolute first.
            tools: std::path::absolute(&tools).unwrap_or(tools),
            binaries: binaries.to_path_buf(),
            verbose,
        })
    }

    /// The release build.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The built examples, one directory each.
    pub(crate) fn examples(&self) -> PathBuf {
        self.root.join("target/examples")
    }

    /// A file or directory of this program's own.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.root.join("target/xtask").join(name)
    }

    /// The command that builds the development console. It names the whole workspace and a test, so that
    /// crates get the same features as for the tests, and are compiled once for both.
    pub(crate) fn build_console(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.args([
            "build",
            "--workspace",
            "--bin",
            "dev-console",
            "--test",
            "console",
        ]);
        cargo
    }

    /// The development console's program.
    pub(crate) fn dev_console(&self) -> PathBuf {
        self.binaries
            .join(format!("dev-console{}", env::consts::EXE_SUFFIX))
    }

    /// A command of the cargo that started this program, in the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    pub(crate) fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.root.join(file)).with_context(|| format!("{file} cannot be read"))
    }

    /// Whether a stamp is newer than all of these files and directories of the checkout.
    pub(crate) fn is_current(&self, stamp: &Path, inputs: &[&str]) -> bool {
        let changed = inputs
            .iter()
            .filter_map(|input| last_modified(&self.root.join(input)))
            .max();
        modified(stamp).is_some_and(|built| changed < Some(built))
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|file| file.modified()).ok()
}

/// When a path, or anything below it, was last changed. Removing a file changes its directory.
fn last_modified(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let below = entries.filter_map(|entry| last_modified(&entry.path()));
    below.chain(modified(path)).max()
}

/// Writes a file below a directory that may be missing.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// A hash for the names of files and directories, in hexadecimal.
///
/// FNV-1a, because the standard library's hash may change between compiler versions.
pub(crate) fn fingerprint<T: AsRef<[u8]>>(parts: &[T]) -> String {
    // The zero separates the parts: ["ab", "c"] and ["a", "bc"] have different hashes.
    let bytes = parts
        .iter()
        .flat_map(|part| part.as_ref().iter().chain(&[0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_stable_and_distinguish_inputs() {
        assert_eq!(fingerprint::<&str>(&[]), "cbf29ce484222325");
        assert_ne!(fingerprint(&["lock", "20"]), fingerprint(&["lock", "22"]));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
