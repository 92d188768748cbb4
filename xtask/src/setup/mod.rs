//! Installs the tools that a command needs and that are missing. Each kind of tool has its own file.
//!
//! If nothing is missing, this only checks files and the versions of programs on PATH.

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
    /// The standard library for wasm32, and a compiler for it.
    Wasm32,
    /// The downloaded crates of Cargo.lock, so that trunk can work offline.
    Crates,
    Trunk,
    /// The wasm-bindgen command in exactly the version of Cargo.lock, with its test runner.
    WasmBindgen,
    WasmOpt,
    /// The Node packages of the end-to-end tests.
    NodePackages,
    /// The Node packages of the example in React.
    ExamplePackages,
    /// The browser of the end-to-end tests.
    Chromium,
    Chromedriver,
    Firefox,
    /// Firefox's driver.
    Geckodriver,
    /// `WebKitGTK`'s driver, whose package includes the browser; on macOS Safari's driver.
    WebkitDriver,
    /// A virtual display for `WebKitGTK`.
    Xvfb,
    /// The web server that `docs/nginx.conf` is tested with.
    Nginx,
}

impl Need {
    /// Whether only an engine other than Chromium needs this. Tests in Chromium can run without it.
    fn is_for_another_engine(self) -> bool {
        matches!(
            self,
            Self::Firefox | Self::Geckodriver | Self::WebkitDriver | Self::Xvfb
        )
    }
}

/// The command to set up for.
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
pub(crate) const PAGE_NEEDS: [Need; 4] =
    [Need::Wasm32, Need::Crates, Need::Trunk, Need::WasmBindgen];

impl Purpose {
    pub(crate) fn needs(self) -> BTreeSet<Need> {
        let mut needs = BTreeSet::from(PAGE_NEEDS);
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

/// The tools that were found or installed. Only those that were needed are set.
#[derive(Default)]
pub(crate) struct Tools {
    pub(crate) compiler: Compiler,
    /// Directories to put in front of PATH.
    path: Vec<PathBuf>,
    trunk: Option<PathBuf>,
    pub(crate) test_runner: Option<PathBuf>,
    pub(crate) node: Option<PathBuf>,
    /// Browsers, their drivers, a display, and a web server.
    programs: BTreeMap<Need, PathBuf>,
}

impl Tools {
    /// The path of a browser, driver, display or web server. `None` if it was not needed, or if it is
    /// Playwright's own browser, which Playwright finds itself.
    pub(crate) fn program(&self, need: Need) -> Option<&Path> {
        self.programs.get(&need).map(PathBuf::as_path)
    }

    /// Tools with only this program, for tests.
    #[cfg(test)]
    pub(crate) fn with(need: Need, program: &Path) -> Self {
        Self {
            programs: BTreeMap::from([(need, program.to_path_buf())]),
            ..Self::default()
        }
    }

    /// A trunk command in the checkout that uses these tools and this compiler.
    pub(crate) fn trunk(&self, project: &Project) -> Command {
        let mut trunk = Command::new(self.trunk.as_deref().unwrap_or(Path::new("trunk")));
        self.prepare(project, &mut trunk);
        // trunk parses this variable as a boolean and rejects all values but true and false.
        if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            trunk.env("NO_COLOR", "true");
        }
        // If the user sets RUST_BACKTRACE, trunk would add fifty lines of its own backtrace to each
        // compiler error.
        if std::env::var_os("RUST_LIB_BACKTRACE").is_none() {
            trunk.env("RUST_LIB_BACKTRACE", "0");
        }
        trunk
    }

    /// A cargo command that compiles for wasm32.
    pub(crate) fn wasm_cargo(&self, project: &Project) -> Command {
        let mut cargo = match self.compiler {
            Compiler::Default => project.cargo(),
            // `prepare` puts it first on PATH.
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
            .env("PATH", process::prepend_to_path(&path));
    }
}

/// Sets up what is needed, and prints one line for each tool.
pub(crate) fn run(project: &Project, needs: &BTreeSet<Need>) -> Result<Tools> {
    let mut tools = Tools::default();
    let has = |need| needs.contains(&need);
    let mut setup = Setup {
        project,
        lock: None,
    };

    // Steps that can fail at once come first, so that the user does not wait minutes for the error.
    if has(Need::WasmOpt) || has(Need::NodePackages) || has(Need::ExamplePackages) {
        node::find_node(&mut tools)?;
    }
    if has(Need::Wasm32) {
        target::set_up(&mut setup, &mut tools)?;
    }
    if has(Need::NodePackages) {
        node::install_packages(&mut setup, &tools, &node::END_TO_END)?;
    }
    if has(Need::ExamplePackages) {
        node::install_packages(&mut setup, &tools, &node::REACT_EXAMPLE)?;
    }
    browser::set_up(&mut setup, &mut tools, needs)?;
    if has(Need::WasmOpt) {
        node::install_wasm_opt(&mut setup, &mut tools)?;
    }
    if has(Need::Crates) {
        cargo_tools::fetch_crates(&setup)?;
    }
    if has(Need::Trunk) || has(Need::WasmBindgen) || has(Need::Geckodriver) {
        cargo_tools::set_up(&mut setup, &mut tools, needs)?;
    }
    Ok(tools)
}

/// A running set-up.
struct Setup<'a> {
    project: &'a Project,
    /// Locked before the first change, so that two set-ups do not change the same tool.
    lock: Option<File>,
}

impl Setup<'_> {
    /// Waits until no other set-up changes the tools. A missing tool may be installed afterwards.
    fn lock(&mut self) -> Result<()> {
        if self.lock.is_some() {
            return Ok(());
        }
        let directory = &self.project.tools_dir;
        let failure = |error: &dyn std::fmt::Display| {
            Failure::new(format!(
                "Tools cannot be kept in {}: {error}; set REFERRAL_HISTORY_TOOLS to another directory.",
                directory.display()
            ))
        };
        fs::create_dir_all(directory).map_err(|error| failure(&error))?;
        let file = File::create(directory.join("lock")).map_err(|error| failure(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say("Waiting for another set-up to finish…");
                file.lock().map_err(|error| failure(&error))?;
            }
            Err(TryLockError::Error(error)) => return Err(failure(&error)),
        }
        self.lock = Some(file);
        Ok(())
    }

    /// The directory of one version of a tool. It exists only if the tool is complete.
    fn tool_dir(&self, name: &str) -> PathBuf {
        self.project.tools_dir.join(name)
    }

    fn log_path(&self, name: &str) -> PathBuf {
        self.project
            .tools_dir
            .join("logs")
            .join(format!("{name}.log"))
    }

    /// Runs a command of an installation, with its output in a log.
    fn run(&self, command: &mut Command, log: &str) -> Result<()> {
        self.run_with_options(command, log, None, true)
    }

    fn run_with_options(
        &self,
        command: &mut Command,
        log: &str,
        limit: Option<std::time::Duration>,
        quote: bool,
    ) -> Result<()> {
        process::run_quietly(
            command,
            &process::QuietOptions {
                log: &self.log_path(log),
                limit,
                verbose: self.project.verbose,
                quote,
            },
        )
    }

    /// Says where the output of an installation is, as the end of a sentence.
    fn log_hint(&self, log: &str) -> String {
        if self.project.verbose {
            "its output is above".to_owned()
        } else {
            format!("its output is in {}", self.log_path(log).display())
        }
    }

    /// Installs a tool into a temporary directory and renames that when the tool is complete, so that
    /// an interrupted installation is never used.
    fn install(
        &mut self,
        name: &str,
        announcement: &str,
        make: impl FnOnce(&Self, &Path) -> Result<()>,
    ) -> Result<PathBuf> {
        self.lock()?;
        let directory = self.tool_dir(name);
        if directory.exists() {
            return Ok(directory);
        }
        say(announcement);
        let start = Instant::now();
        // Only the holder of the lock makes such directories, so an existing one is a leftover.
        let partial = self.tool_dir(&format!(".partial-{name}"));
        remove(&partial)?;
        fs::create_dir_all(&partial).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", partial.display()))
        })?;
        if let Err(failure) = make(self, &partial) {
            let _ = remove(&partial);
            return Err(failure);
        }
        fs::rename(&partial, &directory).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", directory.display()))
        })?;
        say(format!("  done in {}", report::duration(start.elapsed())));
        Ok(directory)
    }
}

/// Removes a directory, a file or a link, if it exists.
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

/// Installs Debian packages. `what` names them at the beginning of an error's sentence.
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
    // The first attempt fails if the package lists are missing or old.
    if setup
        .run_with_options(&mut install(), log, None, false)
        .is_ok()
    {
        return Ok(());
    }
    update_debian_lists(setup)?;
    setup.run(&mut install(), log).map_err(|_| {
        Failure::new(format!(
            "{what} cannot be installed by `apt-get install {list}`: check that Debian's servers can be reached; {}.",
            setup.log_hint(log)
        ))
    })
}

/// Updates the package lists. Without the network the old ones are used.
fn update_debian_lists(setup: &mut Setup<'_>) -> Result<()> {
    if is_root() {
        setup.lock()?;
        let _ = setup.run_with_options(&mut apt(&["update"]), "apt-get-update", None, false);
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Waits for another apt-get, such as the nightly upgrade.
        .args(["-o", "DPkg::Lock::Timeout=300"]);
    apt
}

/// Whether this is Debian or a derivative, with apt-get.
fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file() && process::find("apt-get").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_includes_the_needs_of_the_previous() {
        let [serve, build, test] =
            [Purpose::Serve, Purpose::Build, Purpose::Test].map(Purpose::needs);
        assert!(serve.is_subset(&build) && build.is_subset(&test));
        // Serving must not need Node.js.
        assert!(!serve.contains(&Need::WasmOpt) && !serve.contains(&Need::ExamplePackages));
    }
}
