//! Where things are: the checkout, its build output, and the tools directory outside of it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result};

/// The directories everything else works with.
#[derive(Clone)]
pub(crate) struct Project {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// The tools, outside the checkout: per user, with the version in each directory's name.
    pub(crate) tools: PathBuf,
    /// Where cargo put this program, and puts dev-console, which is built in the same profile.
    binaries: PathBuf,
    /// Whether the output of set-up commands is shown rather than kept in log files.
    pub(crate) verbose: bool,
}

impl Project {
    pub(crate) fn find(verbose: bool) -> Result<Self> {
        // Cargo says at run time where the package is. The path compiled in is only for a binary
        // that is started by hand: with a shared target directory it may be another clone's.
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
        let tools = tools_directory(|name| env::var_os(name).map(PathBuf::from), env::consts::OS)
            .ok_or_else(|| {
                Failure::new(
                    "There is no home directory to keep tools in: set REFERRAL_HISTORY_TOOLS to a directory.",
                )
            })?;
        // Commands are run in the checkout, so a relative directory has to be fixed first.
        let tools = std::path::absolute(&tools).unwrap_or(tools);
        Ok(Self {
            root,
            tools,
            binaries,
            verbose,
        })
    }

    /// The release build.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The end-to-end tests, with their own Node packages.
    pub(crate) fn end_to_end(&self) -> PathBuf {
        self.root.join("tests").join("e2e")
    }

    /// The built examples, a directory each.
    pub(crate) fn examples(&self) -> PathBuf {
        self.root.join("target").join("examples")
    }

    /// The tests of the release build in each browser engine.
    pub(crate) fn engines(&self) -> PathBuf {
        self.root.join("tests").join("engines")
    }

    /// The tests of what a host installs, and of the web server in front of it.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("tests").join("package")
    }

    /// What this program itself leaves in the checkout, beside cargo's output and ignored with it.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join("target").join("xtask")
    }

    /// The development console's program, once `cargo build -p dev-console` was run.
    pub(crate) fn dev_console(&self) -> PathBuf {
        self.binaries
            .join(format!("dev-console{}", env::consts::EXE_SUFFIX))
    }

    /// The cargo that started this, in the checkout.
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
        // A relative XDG directory is to be ignored, says its specification.
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
    fn tools_are_kept_where_the_user_or_the_system_says() {
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
