//! trunk, the wasm-bindgen command and geckodriver, from cargo's registry, and the crates of Cargo.lock.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Need, Ready, Setup, browser, remove};
use crate::project::Project;
use crate::report::say;
use crate::{Failure, Result, process, versions};

/// What is installed from cargo's registry.
struct Tool {
    /// The name in the registry.
    package: &'static str,
    version: String,
    /// The programs it brings, the one that prints its version first.
    programs: &'static [&'static str],
    /// How cargo is to build it, beyond its version.
    flags: &'static [&'static str],
    /// On two cores.
    minutes: &'static str,
}

fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: versions::TRUNK.to_owned(),
        programs: &["trunk"],
        // Without its features trunk cannot pass requests on to https or download tools: the
        // console is local, and the tools are installed here.
        flags: &["--locked", "--no-default-features"],
        minutes: "2 to 3 minutes",
    }
}

fn wasm_bindgen(project: &Project) -> Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: versions::wasm_bindgen(&project.read("Cargo.lock")?)?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Not --locked: its lock file names versions that not every mirror of the registry has.
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

/// Downloads the crates of Cargo.lock unless they are all there.
pub(super) fn crates(setup: &Setup<'_>) -> Result<()> {
    let mut look = setup.project.cargo();
    look.args(["metadata", "--offline", "--locked", "--format-version=1"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if look.status().is_ok_and(|status| status.success()) {
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
                setup.see_log(log)
            ))
        })
}

pub(super) fn set_up(
    setup: &mut Setup<'_>,
    ready: &mut Ready,
    needs: &BTreeSet<Need>,
) -> Result<()> {
    if needs.contains(&Need::Trunk) {
        let programs = programs(setup, &trunk())?;
        ready.trunk = Some(programs.join(file("trunk")));
    }
    if needs.contains(&Need::WasmBindgen) {
        let tool = wasm_bindgen(setup.project)?;
        let programs = programs(setup, &tool)?;
        ready.test_runner = Some(programs.join(file("wasm-bindgen-test-runner")));
        // Directories of PATH are searched anyway, and putting one of them first could hide
        // other programs.
        if programs.starts_with(&setup.project.tools) {
            ready.path.push(programs);
        }
    }
    if needs.contains(&Need::Geckodriver) {
        let path = if let Some(path) = browser::geckodriver()? {
            say(format!("geckodriver: {}, ready", path.display()));
            path
        } else {
            let programs = programs(setup, &geckodriver()).map_err(|failure| {
                Failure::new(format!(
                    "{} `cargo xtask test --browser chromium` runs without it.",
                    failure.0
                ))
            })?;
            programs.join(file("geckodriver"))
        };
        ready.programs.insert(Need::Geckodriver, path);
    }
    // Kept until now for the crates that the tools have in common, and after an interrupted
    // installation for the next, which then goes on from there.
    if setup.lock.is_some() {
        remove(&build_directory(setup))?;
    }
    Ok(())
}

/// The directory with the tool's programs; installs it when there is none.
fn programs(setup: &mut Setup<'_>, tool: &Tool) -> Result<PathBuf> {
    let name = format!("{}-{}", tool.package, tool.version);
    let label = format!("{} {}", tool.package, tool.version);
    let kept = setup.tool(&name).join("bin");
    if has_all(&kept, tool) {
        say(format!("{label}: ready"));
        return Ok(kept);
    }
    if let Some(directory) = on_path(tool) {
        say(format!("{label}: in {}, ready", directory.display()));
        return Ok(directory);
    }
    // A directory without its programs was tampered with.
    setup.lock()?;
    if !has_all(&kept, tool) {
        remove(&setup.tool(&name))?;
    }
    let announcement = format!("Installing {label} ({} on two cores)…", tool.minutes);
    let place = setup.install(&name, &announcement, |setup, place| {
        let mut cargo = setup.project.cargo();
        cargo
            .args(["install", tool.package, "--version", &tool.version])
            .args(tool.flags)
            .arg("--root")
            .arg(place)
            .env("CARGO_TARGET_DIR", build_directory(setup))
            // Three times quicker to build, and quick enough to use.
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            // Flags for the page are not for the tools.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        setup.run(&mut cargo, &name).map_err(|_| {
            Failure::new(format!(
                "{label} cannot be installed by cargo: check that its registry can be reached, or install it yourself with `cargo install {} --version {}`; {}.",
                tool.package, tool.version, setup.see_log(&name)
            ))
        })
    })?;
    Ok(place.join("bin"))
}

fn build_directory(setup: &Setup<'_>) -> PathBuf {
    setup.tool(".build")
}

fn file(program: &str) -> String {
    format!("{program}{}", std::env::consts::EXE_SUFFIX)
}

fn has_all(directory: &Path, tool: &Tool) -> bool {
    let mut programs = tool.programs.iter();
    programs.all(|program| process::is_program(&directory.join(file(program))))
}

/// The directory of PATH that has the tool in the right version.
fn on_path(tool: &Tool) -> Option<PathBuf> {
    let program = process::find(tool.programs.first()?)?;
    let directory = program.parent()?;
    let version = process::answer(Command::new(&program).arg("--version"))?;
    (names_version(&version, &tool.version) && has_all(directory, tool))
        .then(|| directory.to_path_buf())
}

/// Whether a program's answer, such as "trunk 0.21.14" or "wasm-bindgen 0.2.1 (abc)", names a version.
fn names_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exactly_the_version_fits() {
        assert!(names_version("trunk 0.21.14", "0.21.14"));
        assert!(names_version("wasm-bindgen 0.2.130 (1a2b3c)", "0.2.130"));
        assert!(!names_version("trunk 0.21.1", "0.21.14"));
        assert!(!names_version("trunk 0.21.14-rc.1", "0.21.14"));
    }
}
