//! Finds the tools that a command needs, and installs those that are missing.
//!
//! Tools are kept per user and per version, outside the checkout. Where nothing is missing, this only
//! looks at files and asks programs for their versions.

mod cargo;
mod npm;
mod system;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::process;
use crate::project::Project;
use crate::report::{self, say};

pub(crate) use cargo::WASM32;

/// Something that can be set up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Need {
    Node,
    /// The standard library for wasm32.
    Target,
    /// wasm-opt and esbuild, from npm.
    BuildPackages,
    /// The Node packages of the end-to-end tests.
    TestPackages,
    /// The Node packages of the example in React.
    ExamplePackages,
    Chromium,
    Chromedriver,
    Firefox,
    WebkitDriver,
    /// A virtual display, and what its script needs.
    Xvfb,
    Xauth,
    Nginx,
    /// The downloaded crates of Cargo.lock: trunk works offline.
    Crates,
    Trunk,
    /// The wasm-bindgen command of exactly the version in Cargo.lock. The tool is its test runner.
    WasmBindgen,
    Geckodriver,
}

/// What a development build of the page needs: no Node.js.
pub(crate) const PAGE: &[Need] = &[Need::Target, Need::Crates, Need::Trunk, Need::WasmBindgen];
/// What a release build needs beside that.
pub(crate) const RELEASE: &[Need] = &[Need::Node, Need::BuildPackages];

/// The tools that were found or installed.
#[derive(Default)]
pub(crate) struct Tools {
    programs: BTreeMap<Need, PathBuf>,
    /// Directories to put in front of PATH.
    path: Vec<PathBuf>,
}

impl Tools {
    /// The path of a tool. `None` if it was not needed, or is a browser that Playwright finds itself.
    pub(crate) fn program(&self, need: Need) -> Option<&Path> {
        self.programs.get(&need).map(PathBuf::as_path)
    }

    /// Node.js, with a script in a directory of the checkout.
    pub(crate) fn node(&self, project: &Project, directory: &str) -> Command {
        let mut node = Command::new(self.program(Need::Node).unwrap_or(Path::new("node")));
        node.current_dir(project.root.join(directory));
        node
    }

    /// A trunk command in the checkout that uses these tools.
    pub(crate) fn trunk(&self, project: &Project) -> Command {
        let mut trunk = Command::new(self.program(Need::Trunk).unwrap_or(Path::new("trunk")));
        trunk
            .current_dir(&project.root)
            .env("PATH", process::path_with(&self.path))
            // With RUST_BACKTRACE trunk adds its own backtrace to each compiler error.
            .env("RUST_LIB_BACKTRACE", "0");
        // trunk rejects all values but true and false.
        if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            trunk.env("NO_COLOR", "true");
        }
        trunk
    }

    #[cfg(test)]
    pub(crate) fn with(need: Need, program: &Path) -> Self {
        let programs = BTreeMap::from([(need, program.to_path_buf())]);
        Self {
            programs,
            ..Self::default()
        }
    }
}

/// Sets up what is needed, and prints one line for each tool.
pub(crate) fn run(project: &Project, needs: &BTreeSet<Need>) -> Result<Tools> {
    let mut setup = Setup {
        project,
        binstall: None,
        tools: Tools::default(),
    };
    // What can fail at once comes first, so that nobody waits minutes for the error.
    npm::set_up(&mut setup, needs)?;
    system::set_up(&mut setup, needs)?;
    cargo::set_up(&mut setup, needs)?;
    Ok(setup.tools)
}

/// A running set-up.
struct Setup<'a> {
    project: &'a Project,
    /// cargo-binstall, once it was looked for.
    binstall: Option<Option<PathBuf>>,
    tools: Tools,
}

impl Setup<'_> {
    /// Runs a command of an installation, with its output in a log, or shown with `--verbose`.
    fn run(&self, command: &mut Command, log: &str, limit: Option<Duration>) -> Result<()> {
        if self.project.verbose {
            return process::run(command);
        }
        let log = self.project.tools.join("logs").join(format!("{log}.log"));
        process::run_logged(command, &log, limit)
    }

    /// The directory of one version of a tool. An installation fills another directory, which is renamed
    /// when it is complete: what was interrupted is never used, and two set-ups do not meet.
    fn install(
        &mut self,
        name: &str,
        make: impl FnOnce(&mut Self, &Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let directory = self.project.tools.join(name);
        if directory.is_dir() {
            return Ok(directory);
        }
        say(format!("Installing {name}…"));
        let start = Instant::now();
        let partial = self.partial(name);
        let made = fs::create_dir_all(&partial)
            .context("Tools cannot be kept there: set REFERRAL_HISTORY_TOOLS to another directory")
            .and_then(|()| make(self, &partial));
        // It fails where another set-up was first.
        if made.is_err() || fs::rename(&partial, &directory).is_err() {
            let _ = fs::remove_dir_all(&partial);
        }
        say(format!("  done in {}", report::duration(start.elapsed())));
        made.map(|()| directory)
    }

    /// A directory of this set-up alone.
    fn partial(&self, name: &str) -> PathBuf {
        self.project
            .tools
            .join(format!(".{name}-{}", std::process::id()))
    }
}
