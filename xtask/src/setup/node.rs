//! The tools from npm: wasm-opt, and the packages of the end-to-end tests and of an example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Setup, Tools, remove};
use crate::report::say;
use crate::{Failure, Result, process, versions};

/// Finds Node.js in a supported version.
pub(super) fn find_node(tools: &mut Tools) -> Result<()> {
    let wanted = versions::NODE.map(|(major, minor)| format!("{major}.{minor}"));
    let wanted = wanted.join(" or ");
    let missing = |what: &str| {
        Failure::new(format!(
            "{what}: install Node.js {wanted} or newer, with npm, and have it on PATH."
        ))
    };
    let node = process::find("node").ok_or_else(|| missing("Node.js was not found"))?;
    let version = process::stdout_of(Command::new(&node).arg("--version"))
        .ok_or_else(|| missing("Node.js does not start"))?;
    if !is_supported(&version) {
        return Err(missing(&format!("Node.js {version} does not do")));
    }
    say(format!("Node.js {version}: ready"));
    tools.node = Some(node);
    Ok(())
}

/// The major version of Node.js: 20 for "v20.11.1".
fn major_version(version: &str) -> Option<u32> {
    versions::major(version.trim_start_matches('v'))
        .parse()
        .ok()
}

/// Whether a version such as "v22.12.0" is supported.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    let newest = versions::NODE.map(|(major, _)| major).into_iter().max();
    Some(major) > newest
        || versions::NODE
            .iter()
            .any(|(wanted, oldest)| major == *wanted && minor >= *oldest)
}

/// Finds or installs `wasm-opt` of the pinned version.
pub(super) fn install_wasm_opt(setup: &mut Setup<'_>, tools: &mut Tools) -> Result<()> {
    let version = versions::BINARYEN;
    let name = format!("binaryen-{version}");
    let programs = |directory: &Path| directory.join("node_modules").join(".bin");
    let installed = setup.tool_dir(&name);
    if installed.is_dir() {
        say(format!("wasm-opt {version}: ready"));
        tools.path.push(programs(&installed));
        return Ok(());
    }
    if let Some(program) = process::find("wasm-opt")
        && let Some(output) = process::stdout_of(Command::new(&program).arg("--version"))
        && is_wasm_opt(&output, version)
    {
        say(format!("wasm-opt {version}: {}, ready", program.display()));
        return Ok(());
    }
    let announcement = format!("Installing binaryen {version} for wasm-opt, from npm…");
    let directory = setup.install(&name, &announcement, |setup, directory| {
        let mut npm = npm()?;
        npm.args(["install", "--no-save", "--no-audit", "--no-fund"])
            .arg(format!("binaryen@{version}"))
            .arg("--prefix")
            .arg(directory)
            .current_dir(directory);
        setup.run(&mut npm, &name).map_err(|_| {
            Failure::new(format!(
                "wasm-opt cannot be installed by npm: check that its registry can be reached, or put wasm-opt {} on PATH; {}.",
                versions::major(version), setup.log_hint(&name)
            ))
        })
    })?;
    tools.path.push(programs(&directory));
    Ok(())
}

/// Whether wasm-opt's output, such as "wasm-opt version 132 (version_132)", is of this version.
fn is_wasm_opt(output: &str, version: &str) -> bool {
    output.split_whitespace().nth(2) == Some(versions::major(version))
}

/// The Node packages of a folder in the checkout.
pub(super) struct Packages {
    folder: &'static str,
    /// The owner, as in "the {owner} Node packages".
    owner: &'static str,
}

pub(super) const END_TO_END: Packages = Packages {
    folder: "tests/e2e",
    owner: "end-to-end tests'",
};

pub(super) const REACT_EXAMPLE: Packages = Packages {
    folder: "examples/react",
    owner: "React example's",
};

/// Installs the packages of a folder outside the checkout and links them into it.
pub(super) fn install_packages(
    setup: &mut Setup<'_>,
    tools: &Tools,
    packages: &Packages,
) -> Result<()> {
    let Packages { folder, owner } = packages;
    let user = setup.project.root.join(folder);
    let read = |name: &str| setup.project.read(&format!("{folder}/{name}"));
    let (manifest, lock) = (read("package.json")?, read("package-lock.json")?);
    // Packages may contain binaries for one version of Node.js.
    let node = tools.node.as_deref().and_then(|node| {
        let version = process::stdout_of(Command::new(node).arg("--version"))?;
        major_version(&version)
    });
    let node = node.unwrap_or_default().to_string();
    let name = format!("node-{}", versions::fingerprint(&[&manifest, &lock, &node]));
    if cfg!(windows) {
        return install_in_checkout(setup, packages, &user, &name);
    }

    let installed = setup.tool_dir(&name).join("node_modules");
    let link = user.join("node_modules");
    let linked = || fs::read_link(&link).is_ok_and(|to| to == installed);
    if installed.is_dir() && linked() {
        say(format!("{owner} Node packages: ready"));
        return Ok(());
    }
    let announcement = format!("Installing the {owner} Node packages…");
    setup.install(&name, &announcement, |setup, directory| {
        for (file, text) in [("package.json", &manifest), ("package-lock.json", &lock)] {
            fs::write(directory.join(file), text).map_err(|error| {
                Failure::new(format!(
                    "{} cannot be written: {error}.",
                    directory.display()
                ))
            })?;
        }
        npm_ci(setup, packages, directory, &name)
    })?;
    if !linked() {
        remove(&link)?;
        link_directory(&installed, &link).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", link.display()))
        })?;
    }
    say(format!("{owner} Node packages: linked, ready"));
    Ok(())
}

/// Installs the packages in the checkout. For Windows, where only some users may create links to
/// directories.
fn install_in_checkout(
    setup: &mut Setup<'_>,
    packages: &Packages,
    user: &Path,
    name: &str,
) -> Result<()> {
    let stamp = user.join("node_modules").join(".setup");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == name) {
        say(format!("{} Node packages: ready", packages.owner));
        return Ok(());
    }
    setup.lock()?;
    say(format!("Installing the {} Node packages…", packages.owner));
    npm_ci(setup, packages, user, name)?;
    fs::write(&stamp, name)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}.", stamp.display())))
}

fn npm_ci(setup: &Setup<'_>, packages: &Packages, directory: &Path, log: &str) -> Result<()> {
    let mut npm = npm()?;
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(directory)
        // The set-up chooses the browser, so packages must not download one.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    setup.run(&mut npm, log).map_err(|_| {
        Failure::new(format!(
            "The {} Node packages cannot be installed by `npm ci`: check that npm's registry can be reached and that {}/package-lock.json fits package.json; {}.",
            packages.owner, packages.folder,
            setup.log_hint(log)
        ))
    })
}

fn npm() -> Result<Command> {
    // On Windows npm is a script, which must be started with its extension.
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let found: Option<PathBuf> = if cfg!(windows) {
        Some(name.into())
    } else {
        process::find(name)
    };
    found
        .map(Command::new)
        .ok_or_else(|| Failure::new("npm was not found: it comes with Node.js; have it on PATH."))
}

#[cfg(unix)]
fn link_directory(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(not(unix))]
fn link_directory(_to: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_parsed_from_program_output() {
        assert_eq!(major_version("v20.11.1"), Some(20));
        assert_eq!(major_version("nonsense"), None);
        for wanted in ["v20.19.0", "v20.20.1", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(is_supported(wanted), "{wanted}");
        }
        for other in [
            "v18.20.4", "v20.18.1", "v21.7.3", "v22.11.0", "nonsense", "",
        ] {
            assert!(!is_supported(other), "{other}");
        }
        assert!(is_wasm_opt("wasm-opt version 132 (version_132)", "132.0.0"));
        assert!(!is_wasm_opt(
            "wasm-opt version 108 (version_108)",
            "132.0.0"
        ));
    }
}
