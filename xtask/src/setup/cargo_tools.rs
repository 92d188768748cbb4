//! The tools from cargo's registry: trunk, the wasm-bindgen command, geckodriver, and the crates of
//! Cargo.lock.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Need, Setup, Tools, browser, remove};
use crate::project::Project;
use crate::report::say;
use crate::{Failure, Result, process, versions};

/// A tool from cargo's registry.
struct Tool {
    /// The name in the registry.
    package: &'static str,
    version: String,
    /// The programs of the package. The first one prints the version.
    programs: &'static [&'static str],
    /// More flags for `cargo install`.
    flags: &'static [&'static str],
    /// How long the installation takes on two cores.
    minutes: &'static str,
}

fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: versions::TRUNK.to_owned(),
        programs: &["trunk"],
        // Without these features trunk can neither proxy to HTTPS nor download tools. The console
        // is local, and the set-up installs the tools.
        flags: &["--locked", "--no-default-features"],
        minutes: "2 to 3 minutes",
    }
}

fn wasm_bindgen(project: &Project) -> Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: versions::wasm_bindgen(&project.read("Cargo.lock")?)?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Not --locked: its lock file names versions that some mirrors of the registry lack.
        flags: &[],
        minutes: "about 1 minute",
    })
}

fn geckodriver() -> Tool {
    Tool {
        package: "geckodriver",
        version: versions::GECKODRIVER.to_owned(),
        programs: &["geckodriver"],
        flags: &["--locked"],
        minutes: "1 to 2 minutes",
    }
}

/// Downloads the crates of Cargo.lock if any is missing.
pub(super) fn fetch_crates(setup: &Setup<'_>) -> Result<()> {
    let mut check = setup.project.cargo();
    check
        .args(["metadata", "--offline", "--locked", "--format-version=1"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if check.status().is_ok_and(|status| status.success()) {
        say("crates: downloaded, ready");
        return Ok(());
    }
    say("Downloading the crates of Cargo.lock…");
    let log = "cargo-fetch";
    setup
        .run(setup.project.cargo().args(["fetch", "--locked"]), log)
        .map_err(|_| {
            Failure::new(format!(
                "The crates of Cargo.lock cannot be downloaded: check the network, and that Cargo.lock fits the Cargo.toml files; {}.",
                setup.log_hint(log)
            ))
        })
}

pub(super) fn set_up(
    setup: &mut Setup<'_>,
    tools: &mut Tools,
    needs: &BTreeSet<Need>,
) -> Result<()> {
    if needs.contains(&Need::Trunk) {
        let programs = ensure_installed(setup, &trunk())?;
        tools.trunk = Some(programs.join(program_file("trunk")));
    }
    if needs.contains(&Need::WasmBindgen) {
        let tool = wasm_bindgen(setup.project)?;
        let programs = ensure_installed(setup, &tool)?;
        tools.test_runner = Some(programs.join(program_file("wasm-bindgen-test-runner")));
        // A directory that is already on PATH must not be moved to the front: it could hide other
        // programs.
        if programs.starts_with(&setup.project.tools_dir) {
            tools.path.push(programs);
        }
    }
    if needs.contains(&Need::Geckodriver) {
        let path = if let Some(path) = browser::geckodriver()? {
            say(format!("geckodriver: {}, ready", path.display()));
            path
        } else {
            let programs = ensure_installed(setup, &geckodriver()).map_err(|failure| {
                Failure::new(format!(
                    "{} `cargo xtask test --browser chromium` runs without it.",
                    failure.0
                ))
            })?;
            programs.join(program_file("geckodriver"))
        };
        tools.programs.insert(Need::Geckodriver, path);
    }
    // The tools share crates, so the build directory is kept until all are installed. After an
    // interrupted installation it stays, so that the next one can continue.
    if setup.lock.is_some() {
        remove(&build_directory(setup))?;
    }
    Ok(())
}

/// The directory with the tool's programs. Installs the tool if it is missing.
fn ensure_installed(setup: &mut Setup<'_>, tool: &Tool) -> Result<PathBuf> {
    let name = format!("{}-{}", tool.package, tool.version);
    let label = format!("{} {}", tool.package, tool.version);
    let installed = setup.tool_dir(&name).join("bin");
    if has_programs(&installed, tool) {
        say(format!("{label}: ready"));
        return Ok(installed);
    }
    if let Some(directory) = find_on_path(tool) {
        say(format!("{label}: in {}, ready", directory.display()));
        return Ok(directory);
    }
    // A directory that lacks programs was changed from outside.
    setup.lock()?;
    if !has_programs(&installed, tool) {
        remove(&setup.tool_dir(&name))?;
    }
    let announcement = format!("Installing {label} ({} on two cores)…", tool.minutes);
    let directory = setup.install(&name, &announcement, |setup, directory| {
        let mut cargo = setup.project.cargo();
        cargo
            .args(["install", tool.package, "--version", &tool.version])
            .args(tool.flags)
            .arg("--root")
            .arg(directory)
            .env("CARGO_TARGET_DIR", build_directory(setup))
            // Compiles three times faster, and the tools are fast enough.
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            // The page's compiler flags must not apply to the tools.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        setup.run(&mut cargo, &name).map_err(|_| {
            Failure::new(format!(
                "{label} cannot be installed by cargo: check that its registry can be reached, or install it yourself with `cargo install {} --version {}`; {}.",
                tool.package, tool.version, setup.log_hint(&name)
            ))
        })
    })?;
    Ok(directory.join("bin"))
}

fn build_directory(setup: &Setup<'_>) -> PathBuf {
    setup.tool_dir(".build")
}

fn program_file(program: &str) -> String {
    format!("{program}{}", std::env::consts::EXE_SUFFIX)
}

fn has_programs(directory: &Path, tool: &Tool) -> bool {
    let mut programs = tool.programs.iter();
    programs.all(|program| process::is_program(&directory.join(program_file(program))))
}

/// The directory on PATH that has the tool in the right version.
fn find_on_path(tool: &Tool) -> Option<PathBuf> {
    let program = process::find(tool.programs.first()?)?;
    let directory = program.parent()?;
    let version = process::stdout_of(Command::new(&program).arg("--version"))?;
    (is_version(&version, &tool.version) && has_programs(directory, tool))
        .then(|| directory.to_path_buf())
}

/// Whether a program's output, such as "trunk 0.21.14" or "wasm-bindgen 0.2.1 (abc)", is of this version.
fn is_version(output: &str, version: &str) -> bool {
    output.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_matches() {
        assert!(is_version("trunk 0.21.14", "0.21.14"));
        assert!(is_version("wasm-bindgen 0.2.130 (1a2b3c)", "0.2.130"));
        assert!(!is_version("trunk 0.21.1", "0.21.14"));
        assert!(!is_version("trunk 0.21.14-rc.1", "0.21.14"));
    }
}
