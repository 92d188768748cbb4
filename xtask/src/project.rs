//! The directories: the checkout, its build output, and the tools directory outside the checkout.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result};

/// The directories of the checkout and the tools.
#[derive(Clone)]
pub(crate) struct Project {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// The directory of the tools, one per user and outside the checkout. The names of its
    /// directories contain versions.
    pub(crate) tools_dir: PathBuf,
    /// The directory of this program. dev-console is built into it too, with the same profile.
    binaries: PathBuf,
    /// Whether the output of set-up commands is shown rather than kept in log files.
    pub(crate) verbose: bool,
}

impl Project {
    pub(crate) fn find(verbose: bool) -> Result<Self> {
        // Cargo sets this variable at run time. The compiled-in path is only for a binary that is
        // started by hand: with a shared target directory it may be the path of another clone.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or_else(|| Failure::new("The checkout was not found: run this as `cargo xtask`."))?
            .to_path_buf();
        let binaries = env::current_exe()
            .ok()
            .and_then(|exe| exe.parent().map(Path::to_path_buf))
            .ok_or_else(|| {
                Failure::new("The build directory was not found: run this as `cargo xtask`.")
            })?;
        let tools_dir = tools_directory(|name| env::var_os(name).map(PathBuf::from), env::consts::OS)
            .ok_or_else(|| {
                Failure::new(
                    "There is no home directory to keep tools in: set REFERRAL_HISTORY_TOOLS to a directory.",
                )
            })?;
        // Commands run in the checkout, so a relative path must be made absolute first.
        let tools_dir = std::path::absolute(&tools_dir).unwrap_or(tools_dir);
        Ok(Self {
            root,
            tools_dir,
            binaries,
            verbose,
        })
    }

    /// The release build.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The directory of the end-to-end tests, with their own Node packages.
    pub(crate) fn end_to_end(&self) -> PathBuf {
        self.root.join("tests").join("e2e")
    }

    /// The built examples, one directory each.
    pub(crate) fn examples(&self) -> PathBuf {
        self.root.join("target").join("examples")
    }

    /// The directory of the tests of the release build in each browser engine.
    pub(crate) fn engines(&self) -> PathBuf {
        self.root.join("tests").join("engines")
    }

    /// The directory of the tests of the npm package and of nginx.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("tests").join("package")
    }

    /// The directory of this program's own files. It is in `target/`, which git ignores.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join("target").join("xtask")
    }

    /// The development console's program. It exists after `cargo build -p dev-console`.
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
        let path = self.root.join(file);
        std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", path.display())))
    }
}

fn tools_directory(variable: impl Fn(&str) -> Option<PathBuf>, os: &str) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.as_os_str().is_empty());
    if let Some(directory) = set("REFERRAL_HISTORY_TOOLS") {
        return Some(directory);
    }
    let cache = match os {
        "windows" => set("LOCALAPPDATA")?,
        "macos" => set("HOME")?.join("Library").join("Caches"),
        // The XDG specification says to ignore relative paths.
        _ => match set("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
            Some(cache) => cache,
            None => set("HOME")?.join(".cache"),
        },
    };
    Some(cache.join("referral-history").join("tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], os: &str) -> Option<String> {
        let found = tools_directory(
            |name| {
                let entry = variables.iter().find(|(key, _)| *key == name);
                entry.map(|(_, value)| PathBuf::from(value))
            },
            os,
        );
        found.map(|path| path.display().to_string())
    }

    #[cfg(unix)]
    #[test]
    fn the_tools_directory_follows_the_environment() {
        let home = ("HOME", "/home/ada");
        assert_eq!(
            with(&[("REFERRAL_HISTORY_TOOLS", "/t"), home], "linux").as_deref(),
            Some("/t")
        );
        assert_eq!(
            with(&[("XDG_CACHE_HOME", "/cache"), home], "linux").as_deref(),
            Some("/cache/referral-history/tools")
        );
        assert_eq!(
            with(&[("XDG_CACHE_HOME", ""), home], "linux").as_deref(),
            Some("/home/ada/.cache/referral-history/tools")
        );
        assert_eq!(
            with(&[home], "macos").as_deref(),
            Some("/home/ada/Library/Caches/referral-history/tools")
        );
        assert_eq!(with(&[], "linux"), None);
    }
}
