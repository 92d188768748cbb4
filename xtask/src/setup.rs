//! Installs what a command needs and is missing.
//!
//! Tools in Rust are kept per user and per version, outside the checkout. Node packages are in the folders
//! that use them. Browsers, their drivers and nginx are the system's. Where nothing is missing, this takes
//! less than a second and no network.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::run;
use crate::project::{Project, variable};
use crate::system::{self, Program, file, find};

/// trunk, which builds and serves the page. The newest version that compiles with the pinned compiler.
const TRUNK: Tool = Tool {
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    // Without its features trunk can neither proxy to HTTPS nor download tools: the console is local, and
    // the set-up installs the tools.
    flags: &["--locked", "--no-default-features"],
};

/// geckodriver, installed if there is none. The tests work with any version.
const GECKODRIVER: Tool = Tool {
    package: "geckodriver",
    version: "0.37.1",
    program: "geckodriver",
    flags: &["--locked"],
};

/// What splits the program of the release, of the project that Leptos' `#[lazy]` comes from.
const WASM_SPLIT: Tool = Tool {
    package: "wasm_split_cli_support",
    version: "0.2.4",
    program: "wasm-split-cli",
    flags: &["--locked", "--features", "build-binary"],
};

/// cargo-deny, which checks what comes with the dependencies.
const CARGO_DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    flags: &["--locked", "--no-default-features"],
};

/// cargo-binstall, which fetches prebuilt tools. One that the user has is used in any version.
const BINSTALL: &str = "1.14.1";

/// Debian's package with the lists of content blockers, and where they are in it.
const UBLOCK: &str = "webext-ublock-origin-chromium";
const UBLOCK_LISTS: &str =
    "usr/share/chromium/extensions/ublock-origin/assets/thirdparties/easylist";

pub(crate) const WASM32: &str = "wasm32-unknown-unknown";

/// Something that can be set up. What can fail at once comes first, so that nobody waits minutes for the
/// error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Need {
    /// A program of the system.
    Program(&'static Program),
    /// The Node packages of a folder.
    Packages(&'static str),
    /// The standard library for wasm32.
    Target,
    /// All that builds the page for development: no Node.js.
    Page,
    WasmSplit,
    CargoDeny,
    Geckodriver,
    /// The lists of content blockers, on Debian.
    BlockerLists,
}

/// What a release build needs: wasm-opt and esbuild too.
pub(crate) const RELEASE: [Need; 3] = [Need::Page, Need::WasmSplit, Need::Packages("xtask")];

/// Sets up what is needed.
pub(crate) fn set_up(project: &Project, needs: impl IntoIterator<Item = Need>) -> Result<()> {
    let needs = BTreeSet::from_iter(needs);
    let programs = needs.iter().filter_map(|need| match need {
        Need::Program(program) => Some(*program),
        _ => None,
    });
    system::install(programs)?;
    for need in needs {
        match need {
            Need::Program(_) => {}
            Need::Packages(folder) => install_packages(project, folder)?,
            Need::Target => add_target(project)?,
            Need::Page => {
                add_target(project)?;
                fetch_crates(project)?;
                TRUNK.install(project)?;
                wasm_bindgen(&project.read("Cargo.lock")?)?.install(project)?;
            }
            Need::WasmSplit => WASM_SPLIT.install(project)?,
            Need::CargoDeny => {
                fetch_crates(project)?;
                CARGO_DENY.install(project)?;
            }
            Need::Geckodriver if geckodriver(project).is_file() => {}
            Need::Geckodriver => GECKODRIVER.install(project)?,
            Need::BlockerLists if blocker_lists(project).is_some() || !system::is_debian() => {}
            Need::BlockerLists => unpack_blocker_lists(project)?,
        }
    }
    Ok(())
}

/// A trunk command in the checkout. It and the hook that it runs find their tools on PATH.
pub(crate) fn trunk(project: &Project) -> Result<Command> {
    let wasm_bindgen = wasm_bindgen(&project.read("Cargo.lock")?)?.directory(project);
    let wasm_split = WASM_SPLIT.directory(project);
    let node_packages = project.root.join("xtask/node_modules/.bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = [wasm_bindgen, wasm_split, node_packages]
        .into_iter()
        .chain(env::split_paths(&path));
    let mut trunk = Command::new(TRUNK.path(project));
    trunk
        .current_dir(&project.root)
        .env("PATH", env::join_paths(path)?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    // trunk rejects all values but true and false.
    if variable("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    Ok(trunk)
}

/// The program that runs the tests in a browser.
pub(crate) fn wasm_bindgen_test_runner(project: &Project) -> Result<PathBuf> {
    Ok(wasm_bindgen(&project.read("Cargo.lock")?)?.path(project))
}

pub(crate) fn geckodriver(project: &Project) -> PathBuf {
    variable("GECKODRIVER")
        .or_else(|| find(&["geckodriver"]))
        .unwrap_or_else(|| GECKODRIVER.path(project))
}

/// The directory with EasyList and EasyPrivacy, once it is set up. Only Debian has them as a package.
pub(crate) fn blocker_lists(project: &Project) -> Option<PathBuf> {
    let unpacked = project.tools.join(UBLOCK).join(UBLOCK_LISTS);
    variable("BLOCKER_LISTS").or_else(|| Some(unpacked).filter(|lists| lists.is_dir()))
}

/// Unpacks the lists from Debian's package. It is not installed: Debian's Chromium would load the extension into
/// every test.
fn unpack_blocker_lists(project: &Project) -> Result<()> {
    println!("Downloading {UBLOCK} from Debian…");
    let directory = project.tools.join(UBLOCK);
    fs::create_dir_all(&directory)?;
    system::download(UBLOCK, &directory)?;
    let package = fs::read_dir(&directory)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .with_context(|| format!("apt-get has downloaded no {UBLOCK}"))?;
    let mut dpkg = Command::new("dpkg-deb");
    run(dpkg.arg("--extract").args([&package, &directory]))
}

/// A cargo-deny command in the checkout, for all crates of the workspace.
pub(crate) fn cargo_deny(project: &Project) -> Command {
    let mut deny = Command::new(CARGO_DENY.path(project));
    deny.current_dir(&project.root)
        .args(["--workspace", "--locked"]);
    deny
}

/// A tool from cargo's registry.
struct Tool<'a> {
    package: &'a str,
    version: &'a str,
    /// The program that is used.
    program: &'a str,
    /// Flags for compiling it.
    flags: &'a [&'a str],
}

/// The wasm-bindgen command, of exactly the version in `Cargo.lock`, with its test runner.
fn wasm_bindgen(lock: &str) -> Result<Tool<'_>> {
    let (_, package) = lock
        .split_once("name = \"wasm-bindgen\"\nversion = \"")
        .context("Cargo.lock names no version of wasm-bindgen")?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: package.split('"').next().unwrap_or_default(),
        program: "wasm-bindgen-test-runner",
        // Not --locked: its lock file names versions that some mirrors of the registry lack.
        flags: &[],
    })
}

impl Tool<'_> {
    fn root(&self, project: &Project) -> PathBuf {
        let name = format!("{}-{}", self.package, self.version);
        project.tools.join(name)
    }

    fn directory(&self, project: &Project) -> PathBuf {
        self.root(project).join("bin")
    }

    fn path(&self, project: &Project) -> PathBuf {
        self.directory(project).join(file(self.program))
    }

    fn install(&self, project: &Project) -> Result<()> {
        if self.path(project).is_file() {
            return Ok(());
        }
        let name = format!("{} {}", self.package, self.version);
        println!("Fetching {name} prebuilt, with cargo-binstall…");
        self.fetch(project).or_else(|error| {
            println!("{error:#}\nCompiling {name} instead, which takes minutes…");
            self.compile(project)
                .with_context(|| format!("{name} cannot be installed"))
        })
    }

    /// Fetches the tool prebuilt by its own project.
    fn fetch(&self, project: &Project) -> Result<()> {
        let mut binstall = Command::new(binstall(project)?);
        binstall
            .arg(format!("{}@{}", self.package, self.version))
            .args(["--no-confirm", "--no-symlinks"])
            .args(["--strategies", "crate-meta-data", "--install-path"])
            .arg(self.directory(project))
            .env("BINSTALL_DISABLE_TELEMETRY", "true");
        run(&mut binstall)?;
        // It may have been built for a newer system.
        let program = self.path(project);
        run(Command::new(&program).arg("--version")).inspect_err(|_| {
            let _ = fs::remove_file(program);
        })
    }

    fn compile(&self, project: &Project) -> Result<()> {
        let mut cargo = project.cargo();
        cargo
            .args(["install", "--force", self.package])
            .args(["--version", self.version])
            .args(self.flags)
            .arg("--root")
            .arg(self.root(project))
            // The tools share crates.
            .env("CARGO_TARGET_DIR", project.root.join("target/xtask/tools"))
            // Compiles three times faster, and the tools are fast enough.
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
            // The page's compiler flags must not apply to the tools.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        run(&mut cargo)
    }
}

/// cargo-binstall: the user's, or else its own prebuilt release.
fn binstall(project: &Project) -> Result<PathBuf> {
    let directory = project.tools.join(format!("cargo-binstall-{BINSTALL}"));
    let program = directory.join(file("cargo-binstall"));
    if let Some(found) = find(&["cargo-binstall"]) {
        return Ok(found);
    }
    if program.is_file() {
        return Ok(program);
    }
    let archive = match env::consts::OS {
        "linux" => format!("{}-unknown-linux-musl.tgz", env::consts::ARCH),
        "macos" => "universal-apple-darwin.zip".to_owned(),
        _ => format!("{}-pc-windows-msvc.zip", env::consts::ARCH),
    };
    let releases = "https://github.com/cargo-bins/cargo-binstall/releases/download";
    fs::create_dir_all(&directory)?;
    let mut curl = Command::new("curl");
    // Where GitHub does not answer within seconds, compiling is sooner done.
    curl.args(["--silent", "--show-error", "--fail", "--location"])
        .args(["--proto", "=https", "--connect-timeout", "3"])
        .args(["--max-time", "90", "--output", &archive])
        .arg(format!("{releases}/v{BINSTALL}/cargo-binstall-{archive}"));
    run(curl.current_dir(&directory))?;
    let mut tar = Command::new("tar");
    run(tar.args(["-xf", &archive]).current_dir(&directory))?;
    Ok(program)
}

/// npm.
pub(crate) fn npm() -> Command {
    node_program("npm")
}

/// A program of npm or of one of its packages. On Windows that is a script, which is only found with its extension.
pub(crate) fn node_program(name: &str) -> Command {
    let ending = if cfg!(windows) { ".cmd" } else { "" };
    Command::new(format!("{name}{ending}"))
}

/// An esbuild command that makes a script smaller.
pub(crate) fn esbuild(from: &Path, to: &Path) -> Command {
    let mut esbuild = node_program("esbuild");
    esbuild
        .arg(from)
        .args(["--minify", "--format=esm"])
        .args(["--target=esnext", "--charset=utf8"])
        .arg("--log-level=warning")
        .arg(format!("--outfile={}", to.display()));
    esbuild
}

fn add_target(project: &Project) -> Result<()> {
    let mut rustup = Command::new("rustup");
    rustup.args(["--quiet", "target", "add", WASM32]);
    run(rustup.current_dir(&project.root)).with_context(|| {
        format!("rustup cannot add the target {WASM32}: check the network, and that Rust is installed by rustup")
    })
}

/// Downloads the crates of `Cargo.lock` that are missing.
fn fetch_crates(project: &Project) -> Result<()> {
    run(project.cargo().args(["fetch", "--locked"])).context(
        "The crates of Cargo.lock cannot be downloaded: check the network, and that it fits the Cargo.toml files",
    )
}

/// Installs the packages of a folder, unless npm has since they were changed last.
fn install_packages(project: &Project, folder: &str) -> Result<()> {
    let directory = project.root.join(folder);
    let modified = |file: &str| directory.join(file).metadata()?.modified();
    // npm writes this file when it is done.
    let done = modified("node_modules/.package-lock.json");
    if done.is_ok_and(|done| modified("package-lock.json").is_ok_and(|changed| changed < done)) {
        return Ok(());
    }
    println!("Installing the Node packages of {folder}…");
    let mut npm = npm();
    npm.args(["ci", "--prefer-offline", "--no-audit", "--no-fund"])
        // No package here needs its scripts, which would run as the user and could download more.
        .arg("--ignore-scripts")
        .current_dir(directory)
        // The tests use the system's browser.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run(&mut npm).with_context(|| {
        format!("The Node packages of {folder} cannot be installed: check the network, and that Node.js is there in a version that the README names")
    })
}
