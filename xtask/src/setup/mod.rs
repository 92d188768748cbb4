//! Sets up what a command needs and is missing; one file per thing.
//!
//! When all is there this only looks: at files, and at the versions that programs on PATH print.

mod browser;
mod cargo_tools;
mod node;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::ValueEnum;

use crate::engine::Engine;
use crate::project::Project;
use crate::report::{self, say};
use crate::{Failure, Result, process};

pub(crate) use target::{Compiler, WASM32};

/// Something that can be set up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Need {
    /// The standard library for wasm32, and a compiler that uses it.
    Wasm32,
    /// The crates of Cargo.lock, downloaded, so that trunk can work offline.
    Crates,
    Trunk,
    /// The command of exactly Cargo.lock's version, with its test runner.
    WasmBindgen,
    WasmOpt,
    /// The end-to-end tests' Node packages.
    NodePackages,
    /// The Node packages of the example in React.
    ExamplePackages,
    /// The browser of the end-to-end tests, and the first of those that the page is tested in.
    Chromium,
    Chromedriver,
    Firefox,
    /// Firefox' driver.
    Geckodriver,
    /// `WebKitGTK`'s driver, which brings the browser; on macOS Safari's.
    WebkitDriver,
    /// A display for `WebKitGTK`, where there is none.
    Xvfb,
    /// The web server that `docs/nginx.conf` is tested in.
    Nginx,
}

impl Need {
    /// Whether this is for another engine than Chromium, which can be tested in without the others.
    fn is_another_engines(self) -> bool {
        matches!(
            self,
            Self::Firefox | Self::Geckodriver | Self::WebkitDriver | Self::Xvfb
        )
    }
}

/// What is set up for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// What `cargo xtask serve` needs.
    Serve,
    /// What `cargo xtask build` needs.
    Build,
    /// What `cargo xtask test` needs, which is everything.
    Test,
}

/// What every build of the page needs.
pub(crate) const PAGE: [Need; 4] = [Need::Wasm32, Need::Crates, Need::Trunk, Need::WasmBindgen];

impl Purpose {
    pub(crate) fn needs(self) -> BTreeSet<Need> {
        let mut needs = BTreeSet::from(PAGE);
        if self != Self::Serve {
            needs.insert(Need::WasmOpt);
        }
        if self == Self::Test {
            needs.extend([Need::NodePackages, Need::ExamplePackages, Need::Nginx]);
            needs.extend(
                Engine::value_variants()
                    .iter()
                    .flat_map(|engine| engine.needs()),
            );
        }
        needs
    }
}

/// What was found or installed; what was not asked for is missing.
#[derive(Default)]
pub(crate) struct Ready {
    pub(crate) compiler: Compiler,
    /// Directories of tools that have to be found before others of their name.
    path: Vec<PathBuf>,
    trunk: Option<PathBuf>,
    pub(crate) test_runner: Option<PathBuf>,
    pub(crate) node: Option<PathBuf>,
    /// Browsers, their drivers, a display, and a web server.
    programs: BTreeMap<Need, PathBuf>,
}

impl Ready {
    /// The browser, driver, display or web server that was needed; none where it is not for us to name, such as
    /// a browser that Playwright has of its own.
    pub(crate) fn program(&self, need: Need) -> Option<&Path> {
        self.programs.get(&need).map(PathBuf::as_path)
    }

    /// As if this alone had been set up.
    #[cfg(test)]
    pub(crate) fn with(need: Need, program: &Path) -> Self {
        Self {
            programs: BTreeMap::from([(need, program.to_path_buf())]),
            ..Self::default()
        }
    }

    /// A trunk command in the checkout, with the tools and the compiler it is to use.
    pub(crate) fn trunk(&self, project: &Project) -> Command {
        let mut trunk = Command::new(self.trunk.as_deref().unwrap_or(Path::new("trunk")));
        self.prepare(project, &mut trunk);
        // trunk takes this variable's value for a flag's and rejects any word but true and false.
        if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            trunk.env("NO_COLOR", "true");
        }
        // With backtraces on for the page's own code, trunk would add fifty lines of its own inside
        // to every compiler error.
        if std::env::var_os("RUST_LIB_BACKTRACE").is_none() {
            trunk.env("RUST_LIB_BACKTRACE", "0");
        }
        trunk
    }

    /// A cargo command that compiles for wasm32.
    pub(crate) fn wasm_cargo(&self, project: &Project) -> Command {
        let mut cargo = match self.compiler {
            Compiler::Usual => project.cargo(),
            // Found in the prepared PATH.
            Compiler::Debian { .. } => Command::new("cargo"),
        };
        self.prepare(project, &mut cargo);
        cargo
    }

    fn prepare(&self, project: &Project, command: &mut Command) {
        let mut path = self.path.clone();
        self.compiler.prepare(project, command, &mut path);
        command
            .current_dir(&project.root)
            .env("PATH", process::path_with(&path));
    }
}

/// Sets up what is needed; says one line for each thing.
pub(crate) fn run(project: &Project, needs: &BTreeSet<Need>) -> Result<Ready> {
    let mut ready = Ready::default();
    let has = |need| needs.contains(&need);
    let mut setup = Setup {
        project,
        lock: None,
    };

    // What can fail at once comes first, so that nobody waits minutes to hear it.
    if has(Need::WasmOpt) || has(Need::NodePackages) || has(Need::ExamplePackages) {
        node::find(&mut ready)?;
    }
    if has(Need::Wasm32) {
        target::set_up(&mut setup, &mut ready)?;
    }
    if has(Need::NodePackages) {
        node::packages(&mut setup, &ready, &node::END_TO_END)?;
    }
    if has(Need::ExamplePackages) {
        node::packages(&mut setup, &ready, &node::REACT_EXAMPLE)?;
    }
    browser::set_up(&mut setup, &mut ready, needs)?;
    if has(Need::WasmOpt) {
        node::wasm_opt(&mut setup, &mut ready)?;
    }
    if has(Need::Crates) {
        cargo_tools::crates(&setup)?;
    }
    if has(Need::Trunk) || has(Need::WasmBindgen) || has(Need::Geckodriver) {
        cargo_tools::set_up(&mut setup, &mut ready, needs)?;
    }
    Ok(ready)
}

/// A set-up under way.
struct Setup<'a> {
    project: &'a Project,
    /// Taken before the first change, so that two set-ups do not work on one thing.
    lock: Option<File>,
}

impl Setup<'_> {
    /// Waits until no other set-up changes the tools; what was missing may be there afterwards.
    fn lock(&mut self) -> Result<()> {
        if self.lock.is_some() {
            return Ok(());
        }
        let tools = &self.project.tools;
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!(
                "Tools cannot be kept in {}: {error}; set REFERRAL_HISTORY_TOOLS to another directory.",
                tools.display()
            ))
        };
        fs::create_dir_all(tools).map_err(|error| cannot(&error))?;
        let file = File::create(tools.join("lock")).map_err(|error| cannot(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say("Waiting for another set-up to finish…");
                file.lock().map_err(|error| cannot(&error))?;
            }
            Err(TryLockError::Error(error)) => return Err(cannot(&error)),
        }
        self.lock = Some(file);
        Ok(())
    }

    /// The directory of one version of a tool. It exists only when the tool is complete.
    fn tool(&self, name: &str) -> PathBuf {
        self.project.tools.join(name)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.project.tools.join("logs").join(format!("{name}.log"))
    }

    /// Runs one command of an installation with its output in a log.
    fn run(&self, command: &mut Command, log: &str) -> Result<()> {
        self.run_within(command, log, None, true)
    }

    fn run_within(
        &self,
        command: &mut Command,
        log: &str,
        limit: Option<std::time::Duration>,
        quote: bool,
    ) -> Result<()> {
        process::run_quietly(
            command,
            &process::Quiet {
                log: &self.log(log),
                limit,
                verbose: self.project.verbose,
                quote,
            },
        )
    }

    /// Where the output of an installation can be read, for the end of a sentence.
    fn see_log(&self, log: &str) -> String {
        if self.project.verbose {
            "its output is above".to_owned()
        } else {
            format!("its output is in {}", self.log(log).display())
        }
    }

    /// Installs a tool into a directory beside its own and moves it there when it is complete, so
    /// that an interrupted installation is never taken for a tool.
    fn install(
        &mut self,
        name: &str,
        announcement: &str,
        make: impl FnOnce(&Self, &Path) -> Result<()>,
    ) -> Result<PathBuf> {
        self.lock()?;
        let place = self.tool(name);
        if place.exists() {
            return Ok(place);
        }
        say(announcement);
        let start = Instant::now();
        // Only who holds the lock makes such directories, so one that is there was left behind.
        let partial = self.tool(&format!(".partial-{name}"));
        remove(&partial)?;
        fs::create_dir_all(&partial).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", partial.display()))
        })?;
        if let Err(failure) = make(self, &partial) {
            let _ = remove(&partial);
            return Err(failure);
        }
        fs::rename(&partial, &place).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", place.display()))
        })?;
        say(format!("  done in {}", report::duration(start.elapsed())));
        Ok(place)
    }
}

/// Removes a directory, a link or nothing.
fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    removed.map_err(|error| Failure::new(format!("{} cannot be removed: {error}.", path.display())))
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Installs Debian packages; `Err` has the sentence to end with, `what` is what they are for.
fn debian_packages(setup: &mut Setup<'_>, packages: &[String], what: &str) -> Result<()> {
    let list = packages.join(" ");
    if !is_root() {
        return Err(Failure::new(format!(
            "{what} can only be installed as root: run `sudo apt-get install --no-install-recommends {list}`, then this again."
        )));
    }
    setup.lock()?;
    let log = "apt-get";
    let install = || {
        let mut install = apt(&["install", "-y", "--no-install-recommends"]);
        install.args(packages);
        install
    };
    // The lists of packages may be missing or old; that they are is only known by trying.
    if setup.run_within(&mut install(), log, None, false).is_ok() {
        return Ok(());
    }
    update_debian_lists(setup)?;
    setup.run(&mut install(), log).map_err(|_| {
        Failure::new(format!(
            "{what} cannot be installed by `apt-get install {list}`: check that Debian's servers can be reached; {}.",
            setup.see_log(log)
        ))
    })
}

/// Fetches the lists of packages; without the network the old ones have to do.
fn update_debian_lists(setup: &mut Setup<'_>) -> Result<()> {
    if is_root() {
        setup.lock()?;
        let _ = setup.run_within(&mut apt(&["update"]), "apt-get-update", None, false);
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Another apt-get, such as the nightly upgrade, may be at work.
        .args(["-o", "DPkg::Lock::Timeout=300"]);
    apt
}

/// Whether this is Debian or made from it, with its package manager.
fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file() && process::find("apt-get").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_needs_what_the_one_before_needs() {
        let [serve, build, test] =
            [Purpose::Serve, Purpose::Build, Purpose::Test].map(Purpose::needs);
        assert!(serve.is_subset(&build) && build.is_subset(&test));
        // Serving must not ask for Node.js.
        assert!(!serve.contains(&Need::WasmOpt) && !serve.contains(&Need::ExamplePackages));
    }
}
