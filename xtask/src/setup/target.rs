//! The standard library for wasm32. It comes from rustup if possible. Otherwise, on Debian, it is built
//! from Debian's sources for Debian's compiler, which needs only Debian's servers.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Setup, Tools, debian_packages, is_debian, is_root, remove, update_debian_lists};
use crate::project::Project;
use crate::report::{self, say};
use crate::{Failure, Result, process};

pub(crate) const WASM32: &str = "wasm32-unknown-unknown";

/// The compiler that builds the page.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) enum Compiler {
    /// The compiler that builds everything else.
    #[default]
    Default,
    /// Debian's compiler, with Debian's linker at this path.
    Debian { linker: PathBuf },
}

impl Compiler {
    /// Sets a command's environment so that cargo and its child processes use this compiler.
    pub(super) fn prepare(
        &self,
        project: &Project,
        command: &mut Command,
        path: &mut Vec<PathBuf>,
    ) {
        let Self::Debian { linker } = self else {
            return;
        };
        path.insert(0, links_directory(project));
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        // rustup and cargo set these for this program. They would select rustup's compiler again.
        for variable in [
            "CARGO",
            "RUSTC",
            "RUSTDOC",
            "RUSTUP_TOOLCHAIN",
            "LD_LIBRARY_PATH",
        ] {
            command.env_remove(variable);
        }
    }
}

/// A directory with links to Debian's compiler only. If /usr/bin were first on PATH, an older Node.js
/// there would hide the user's.
fn links_directory(project: &Project) -> PathBuf {
    project.tools_dir.join("debian-rust")
}

const LINKED_PROGRAMS: [&str; 5] = ["cargo", "rustc", "rustdoc", "cargo-clippy", "clippy-driver"];

pub(super) fn set_up(setup: &mut Setup<'_>, tools: &mut Tools) -> Result<()> {
    if default_has_target(setup.project) {
        let source = match process::find("rustup") {
            Some(_) => "rustup",
            None => "the compiler's own",
        };
        say(format!("wasm32 target: {source}, ready"));
        return Ok(());
    }
    if let Some(compiler) = stamped_compiler(setup.project) {
        say("wasm32 target: Debian's compiler, ready");
        tools.compiler = compiler;
        return Ok(());
    }
    setup.lock()?;
    if default_has_target(setup.project) || add_with_rustup(setup) {
        say("wasm32 target: rustup, ready");
        return Ok(());
    }
    let has_rustup = process::find("rustup").is_some();
    let trouble = if has_rustup {
        format!("rustup cannot download the {WASM32} target")
    } else {
        format!("The Rust compiler has no {WASM32} target and there is no rustup to add it")
    };
    if !is_debian() {
        let advice = if has_rustup {
            format!("check the network, then run `rustup target add {WASM32}`")
        } else {
            "install Rust with rustup".to_owned()
        };
        return Err(Failure::new(format!("{trouble}: {advice}.")));
    }
    say(format!("{trouble}; trying Debian's own compiler."));
    tools.compiler = set_up_debian(setup)?;
    say("wasm32 target: Debian's compiler, ready");
    Ok(())
}

fn default_has_target(project: &Project) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::stdout_of(
        Command::new(rustc)
            .args(["--print", "sysroot"])
            .current_dir(&project.root),
    )
    .is_some_and(|sysroot| {
        let sysroot = Path::new(&sysroot);
        // Debian's own compiler also needs the path of Debian's linker; see `stamped_compiler`.
        has_std(&libraries(sysroot)) && !(is_debian() && sysroot == Path::new("/usr"))
    })
}

fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(WASM32).join("lib")
}

fn has_std(libraries: &Path) -> bool {
    let Ok(files) = fs::read_dir(libraries) else {
        return false;
    };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn add_with_rustup(setup: &Setup<'_>) -> bool {
    if process::find("rustup").is_none() {
        return false;
    }
    say("Adding the wasm32 target with rustup…");
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", WASM32])
        .current_dir(&setup.project.root);
    if env::var_os("RUSTUP_MAX_RETRIES").is_none() {
        rustup.env("RUSTUP_MAX_RETRIES", "1");
    }
    // If the network drops packets, rustup waits for very long. Its output on failure is not shown:
    // it is long and says no more than the error below.
    let limit = Some(Duration::from_secs(180));
    setup
        .run_with_options(&mut rustup, "rustup", limit, false)
        .is_ok()
        && default_has_target(setup.project)
}

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// The file with the version and the linker of a Debian compiler that works.
fn stamp_path(project: &Project) -> PathBuf {
    project.tools_dir.join("debian-wasm32")
}

fn stamp_text(version: &str, linker: &Path) -> String {
    format!("{}\n{}\n", version.trim(), linker.display())
}

/// The compiler of an earlier set-up, if it is unchanged.
fn stamped_compiler(project: &Project) -> Option<Compiler> {
    let written = fs::read_to_string(stamp_path(project)).ok()?;
    let linker = PathBuf::from(written.trim_end().lines().last()?);
    let version = process::stdout_of(Command::new(RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))?;
    let valid = written == stamp_text(&version, &linker)
        && process::is_program(&linker)
        && has_std(&libraries(Path::new("/usr")))
        && links_directory(project).join("cargo").exists();
    valid.then_some(Compiler::Debian { linker })
}

fn set_up_debian(setup: &mut Setup<'_>) -> Result<Compiler> {
    let start = Instant::now();
    let whole = "The wasm32 target";
    if std_source().is_none() || linker().is_none() || !all_programs() {
        say("Installing Debian's Rust compiler, its sources and lld…");
        // The name of the lld package depends on the package lists, which a new container lacks.
        update_debian_lists(setup)?;
        let lld = newest_lld().ok_or_else(|| {
            Failure::new(format!(
                "{whole} can be had neither from rustup nor from Debian, which offers no lld: check the network, or run `apt-get update` as root, then this again."
            ))
        })?;
        let mut packages: Vec<String> =
            ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"]
                .map(str::to_owned)
                .into();
        packages.push(lld);
        debian_packages(
            setup,
            &packages,
            "Debian's Rust compiler, for the wasm32 target,",
        )?;
    }
    let (Some(source), Some(linker)) = (std_source(), linker()) else {
        return Err(Failure::new(format!(
            "{whole} cannot be had from rustup, and Debian's packages for it lack the library's sources or the linker: check the network, then run `rustup target add {WASM32}`."
        )));
    };
    let version = process::stdout_of(Command::new(RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))
        .ok_or_else(|| Failure::new(format!("{RUSTC} does not start: reinstall rustc-web.")))?;

    let wanted = required_rust_version(&setup.project.read("Cargo.toml")?);
    let release = parse_release(&version).unwrap_or_default();
    if is_older(&release, &wanted) {
        return Err(Failure::new(format!(
            "{whole} cannot be had from rustup, and Debian's compiler {release} is older than the {wanted} that the page needs: check the network, then run `rustup target add {WASM32}`."
        )));
    }

    make_links(setup.project)?;
    let compiler = Compiler::Debian {
        linker: linker.clone(),
    };
    if !(has_std(&libraries(Path::new("/usr"))) && can_compile(setup, &compiler)) {
        if !is_root() {
            return Err(Failure::new(format!(
                "{whole} cannot be had from rustup, and only root can add it to Debian's compiler: check the network, or run `cargo xtask setup` as root once."
            )));
        }
        build_std(setup, &compiler, &source)?;
        if !can_compile(setup, &compiler) {
            return Err(Failure::new(format!(
                "The standard library built for Debian's compiler does not work: {}.",
                setup.log_hint("debian-try")
            )));
        }
        say(format!("  done in {}", report::duration(start.elapsed())));
    }
    fs::write(stamp_path(setup.project), stamp_text(&version, &linker)).map_err(|error| {
        Failure::new(format!(
            "{} cannot be written: {error}.",
            stamp_path(setup.project).display()
        ))
    })?;
    Ok(compiler)
}

fn all_programs() -> bool {
    let mut programs = LINKED_PROGRAMS.iter();
    programs.all(|name| process::is_program(&Path::new("/usr/bin").join(name)))
}

/// Debian's sources of the standard library, with its vendored crates.
fn std_source() -> Option<PathBuf> {
    let version = process::stdout_of(Command::new(RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))?;
    let release = parse_release(&version)?;
    let source = PathBuf::from(format!("/usr/src/rustc-{release}/library"));
    source.join("vendor").is_dir().then_some(source)
}

/// The release in the output of `rustc -vV`.
fn parse_release(version: &str) -> Option<String> {
    let release = |line: &str| line.strip_prefix("release: ").map(str::to_owned);
    version.lines().find_map(release)
}

/// The `rust-version` of the workspace; empty when there is none.
fn required_rust_version(manifest: &str) -> String {
    let mut lines = manifest.lines();
    let value = lines.find_map(|line| line.strip_prefix("rust-version = \""));
    value.map_or_else(String::new, |value| value.trim_end_matches('"').to_owned())
}

fn is_older(release: &str, wanted: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        version
            .split('.')
            .map_while(|part| part.parse().ok())
            .collect()
    };
    numbers(release) < numbers(wanted)
}

/// The newest installed linker. The linkers are named wasm-ld-19, wasm-ld-22 and so on.
fn linker() -> Option<PathBuf> {
    let names = fs::read_dir("/usr/bin").ok()?.flatten();
    let names = names.filter_map(|file| file.file_name().into_string().ok());
    highest_numbered(names, "wasm-ld-").map(|name| Path::new("/usr/bin").join(name))
}

fn newest_lld() -> Option<String> {
    let found = process::stdout_of(Command::new("apt-cache").args(["pkgnames", "lld-"]))?;
    highest_numbered(found.lines().map(str::to_owned), "lld-")
}

/// The name with the highest number, among names that consist of the prefix and a number.
fn highest_numbered(names: impl Iterator<Item = String>, prefix: &str) -> Option<String> {
    let number = |name: &str| name.strip_prefix(prefix)?.parse::<u32>().ok();
    let numbered = names.filter_map(|name| Some((number(&name)?, name)));
    numbered.max().map(|(_, name)| name)
}

fn make_links(project: &Project) -> Result<()> {
    let directory = links_directory(project);
    let make = || -> std::io::Result<()> {
        fs::create_dir_all(&directory)?;
        for name in LINKED_PROGRAMS {
            let link = directory.join(name);
            let _ = fs::remove_file(&link);
            link_file(&Path::new("/usr/bin").join(name), &link)?;
        }
        Ok(())
    };
    make().map_err(|error| {
        Failure::new(format!(
            "{} cannot be filled: {error}.",
            directory.display()
        ))
    })
}

#[cfg(unix)]
fn link_file(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(not(unix))]
fn link_file(_to: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Makes an empty crate to build with Debian's cargo.
fn empty_crate(setup: &Setup<'_>) -> Result<PathBuf> {
    let directory = setup.tool_dir(".partial-debian-std");
    remove(&directory)?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2021\"\n\n[workspace]\n";
    fs::create_dir_all(directory.join("src"))
        .and_then(|()| fs::write(directory.join("Cargo.toml"), manifest))
        .and_then(|()| fs::write(directory.join("src/main.rs"), "fn main() {}\n"))
        .map_err(|error| {
            Failure::new(format!(
                "{} cannot be written: {error}.",
                directory.display()
            ))
        })?;
    Ok(directory)
}

fn debian_cargo(setup: &Setup<'_>, compiler: &Compiler, directory: &Path) -> Command {
    let mut cargo = Command::new(CARGO);
    let mut path = Vec::new();
    compiler.prepare(setup.project, &mut cargo, &mut path);
    cargo
        .current_dir(directory)
        .env("PATH", process::prepend_to_path(&path))
        .env("CARGO_TARGET_DIR", directory.join("target"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .args(["build", "--release", "--target", WASM32]);
    cargo
}

/// Whether an empty program can be compiled and linked.
fn can_compile(setup: &Setup<'_>, compiler: &Compiler) -> bool {
    let Ok(directory) = empty_crate(setup) else {
        return false;
    };
    let mut cargo = debian_cargo(setup, compiler, &directory);
    let built = setup.run_with_options(&mut cargo, "debian-try", None, false);
    let _ = remove(&directory);
    built.is_ok()
}

/// Builds the standard library and copies it to the directory where Debian's compiler looks for it.
fn build_std(setup: &Setup<'_>, compiler: &Compiler, source: &Path) -> Result<()> {
    say("Building the standard library for wasm32 from Debian's sources (about half a minute)…");
    let directory = empty_crate(setup)?;
    let log = "debian-std";
    let mut cargo = debian_cargo(setup, compiler, &directory);
    cargo
        .arg("-Zbuild-std=std,test,proc_macro,panic_abort")
        .args(["--config", "source.crates-io.replace-with=\"debian\""])
        .arg("--config")
        .arg(format!(
            "source.debian.directory=\"{}\"",
            source.join("vendor").display()
        ))
        .arg("--offline")
        .env("RUSTC_BOOTSTRAP", "1")
        // Release builds of the page need it for link-time optimization.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    setup.run(&mut cargo, log).map_err(|_| {
        Failure::new(format!(
            "The standard library for wasm32 cannot be built from Debian's sources: {}.",
            setup.log_hint(log)
        ))
    })?;
    let built = directory
        .join("target")
        .join(WASM32)
        .join("release")
        .join("deps");
    let destination = libraries(Path::new("/usr"));
    replace_libraries(&built, &destination).map_err(|error| {
        Failure::new(format!(
            "{} cannot be filled: {error}.",
            destination.display()
        ))
    })?;
    remove(&directory)
}

/// Copies the libraries to a temporary directory, which then replaces the old one.
fn replace_libraries(built: &Path, destination: &Path) -> std::io::Result<()> {
    let partial = destination.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    for file in fs::read_dir(built)? {
        let file = file?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            fs::copy(file.path(), partial.join(&*name))?;
        }
    }
    if destination.exists() {
        fs::remove_dir_all(destination)?;
    }
    fs::rename(&partial, destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_number_is_chosen() {
        let names = ["lld-9", "lld-22", "lld-19", "lld-22-doc", "lld"].map(str::to_owned);
        assert_eq!(
            highest_numbered(names.into_iter(), "lld-").as_deref(),
            Some("lld-22")
        );
        assert_eq!(highest_numbered(std::iter::empty(), "lld-"), None);
    }

    #[test]
    fn compiler_versions_are_compared_numerically() {
        let wanted = required_rust_version("[workspace.package]\nrust-version = \"1.95\"\n");
        assert!(is_older("1.85.0", &wanted));
        assert!(!is_older("1.95.0", &wanted) && !is_older("1.100.0", &wanted));
        let answer = "rustc 1.96.0 (x)\nhost: h\nrelease: 1.96.0";
        assert_eq!(parse_release(answer).as_deref(), Some("1.96.0"));
    }

    #[test]
    fn another_compiler_version_makes_the_stamp_stale() {
        let linker = Path::new("/usr/bin/wasm-ld-22");
        assert_ne!(
            stamp_text("rustc 1.96.0", linker),
            stamp_text("rustc 1.96.1", linker)
        );
    }
}
