//! What comes from npm: wasm-opt, and the packages of the end-to-end tests and of an example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Ready, Setup, remove};
use crate::report::say;
use crate::{Failure, Result, process, versions};

/// Finds Node.js, and npm with it.
pub(super) fn find(ready: &mut Ready) -> Result<()> {
    let wanted = versions::NODE.map(|(major, minor)| format!("{major}.{minor}"));
    let wanted = wanted.join(" or ");
    let missing = |what: &str| {
        Failure::new(format!(
            "{what}: install Node.js {wanted} or newer, with npm, and have it on PATH."
        ))
    };
    let node = process::find("node").ok_or_else(|| missing("Node.js was not found"))?;
    let version = process::answer(Command::new(&node).arg("--version"))
        .ok_or_else(|| missing("Node.js does not start"))?;
    if !is_wanted(&version) {
        return Err(missing(&format!("Node.js {version} does not do")));
    }
    say(format!("Node.js {version}: ready"));
    ready.node = Some(node);
    Ok(())
}

/// "v20.11.1" is 20.
fn major_of(version: &str) -> Option<u32> {
    versions::major(version.trim_start_matches('v'))
        .parse()
        .ok()
}

/// Whether a version such as "v22.12.0" is one that is wanted, or newer than all of them.
fn is_wanted(version: &str) -> bool {
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
pub(super) fn wasm_opt(setup: &mut Setup<'_>, ready: &mut Ready) -> Result<()> {
    let version = versions::BINARYEN;
    let name = format!("binaryen-{version}");
    let programs = |place: &Path| place.join("node_modules").join(".bin");
    let kept = setup.tool(&name);
    if kept.is_dir() {
        say(format!("wasm-opt {version}: ready"));
        ready.path.push(programs(&kept));
        return Ok(());
    }
    if let Some(program) = process::find("wasm-opt")
        && let Some(answer) = process::answer(Command::new(&program).arg("--version"))
        && is_wasm_opt(&answer, version)
    {
        say(format!("wasm-opt {version}: {}, ready", program.display()));
        return Ok(());
    }
    let announcement = format!("Installing binaryen {version} for wasm-opt, from npm…");
    let place = setup.install(&name, &announcement, |setup, place| {
        let mut npm = npm()?;
        npm.args(["install", "--no-save", "--no-audit", "--no-fund"])
            .arg(format!("binaryen@{version}"))
            .arg("--prefix")
            .arg(place)
            .current_dir(place);
        setup.run(&mut npm, &name).map_err(|_| {
            Failure::new(format!(
                "wasm-opt cannot be installed by npm: check that its registry can be reached, or put wasm-opt {} on PATH; {}.",
                versions::major(version), setup.see_log(&name)
            ))
        })
    })?;
    ready.path.push(programs(&place));
    Ok(())
}

/// Whether wasm-opt's answer, such as "wasm-opt version 132 (version_132)", is the pinned version's.
fn is_wasm_opt(answer: &str, version: &str) -> bool {
    answer.split_whitespace().nth(2) == Some(versions::major(version))
}

/// The packages that a folder of the checkout names.
pub(super) struct Packages {
    folder: &'static str,
    /// Whose they are, as in "the …' Node packages".
    whose: &'static str,
}

pub(super) const END_TO_END: Packages = Packages {
    folder: "tests/e2e",
    whose: "end-to-end tests'",
};

pub(super) const REACT_EXAMPLE: Packages = Packages {
    folder: "examples/react",
    whose: "React example's",
};

/// Installs the packages of a folder outside the checkout and links them into it.
pub(super) fn packages(setup: &mut Setup<'_>, ready: &Ready, packages: &Packages) -> Result<()> {
    let Packages { folder, whose } = packages;
    let user = setup.project.root.join(folder);
    let read = |name: &str| setup.project.read(&format!("{folder}/{name}"));
    let (manifest, lock) = (read("package.json")?, read("package-lock.json")?);
    // Packages may have parts made for one version of Node.js.
    let node = ready.node.as_deref().and_then(|node| {
        let version = process::answer(Command::new(node).arg("--version"))?;
        major_of(&version)
    });
    let node = node.unwrap_or_default().to_string();
    let name = format!("node-{}", versions::key(&[&manifest, &lock, &node]));
    if cfg!(windows) {
        return in_place(setup, packages, &user, &name);
    }

    let kept = setup.tool(&name).join("node_modules");
    let link = user.join("node_modules");
    let linked = || fs::read_link(&link).is_ok_and(|to| to == kept);
    if kept.is_dir() && linked() {
        say(format!("{whose} Node packages: ready"));
        return Ok(());
    }
    let announcement = format!("Installing the {whose} Node packages…");
    setup.install(&name, &announcement, |setup, place| {
        for (file, text) in [("package.json", &manifest), ("package-lock.json", &lock)] {
            fs::write(place.join(file), text).map_err(|error| {
                Failure::new(format!("{} cannot be written: {error}.", place.display()))
            })?;
        }
        ci(setup, packages, place, &name)
    })?;
    if !linked() {
        remove(&link)?;
        link_directory(&kept, &link).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", link.display()))
        })?;
    }
    say(format!("{whose} Node packages: linked, ready"));
    Ok(())
}

/// Windows allows links to directories only to some users, so there the packages are in the checkout.
fn in_place(setup: &mut Setup<'_>, packages: &Packages, user: &Path, name: &str) -> Result<()> {
    let stamp = user.join("node_modules").join(".setup");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == name) {
        say(format!("{} Node packages: ready", packages.whose));
        return Ok(());
    }
    setup.lock()?;
    say(format!("Installing the {} Node packages…", packages.whose));
    ci(setup, packages, user, name)?;
    fs::write(&stamp, name)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}.", stamp.display())))
}

fn ci(setup: &Setup<'_>, packages: &Packages, place: &Path, log: &str) -> Result<()> {
    let mut npm = npm()?;
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(place)
        // Some packages download a browser when installed; which one is used is decided here.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    setup.run(&mut npm, log).map_err(|_| {
        Failure::new(format!(
            "The {} Node packages cannot be installed by `npm ci`: check that npm's registry can be reached and that {}/package-lock.json fits package.json; {}.",
            packages.whose, packages.folder,
            setup.see_log(log)
        ))
    })
}

fn npm() -> Result<Command> {
    // On Windows npm is a script, which a program has to name in full.
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
    fn versions_are_read_from_what_programs_print() {
        assert_eq!(major_of("v20.11.1"), Some(20));
        assert_eq!(major_of("nonsense"), None);
        for wanted in ["v20.19.0", "v20.20.1", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(is_wanted(wanted), "{wanted}");
        }
        for other in [
            "v18.20.4", "v20.18.1", "v21.7.3", "v22.11.0", "nonsense", "",
        ] {
            assert!(!is_wanted(other), "{other}");
        }
        assert!(is_wasm_opt("wasm-opt version 132 (version_132)", "132.0.0"));
        assert!(!is_wasm_opt(
            "wasm-opt version 108 (version_108)",
            "132.0.0"
        ));
    }
}
