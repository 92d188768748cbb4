//! Node.js, and what npm installs: wasm-opt and esbuild, and the packages of tests and of an example.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{Need, Setup};
use crate::process;
use crate::project::fingerprint;
use crate::report::say;

/// The supported versions of Node.js, for Playwright, binaryen and Vite: major versions, each with its
/// lowest minor version. Later major versions are supported too.
const NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

pub(super) fn set_up(setup: &mut Setup<'_>, needs: &BTreeSet<Need>) -> Result<()> {
    if !needs.contains(&Need::Node) {
        return Ok(());
    }
    let advice = "install Node.js 20.19, 22.12 or newer, with npm, and have it on PATH.";
    let node = process::find("node").with_context(|| format!("Node.js was not found: {advice}"))?;
    let version = process::stdout_of(Command::new(&node).arg("--version")).unwrap_or_default();
    if !is_supported(&version) {
        bail!("Node.js {version} does not do: {advice}");
    }
    say(format!("Node.js {version}: ready"));
    setup.tools.programs.insert(Need::Node, node);
    for (need, folder) in [
        (Need::BuildPackages, "xtask"),
        (Need::TestPackages, "tests/e2e"),
        (Need::ExamplePackages, "examples/react"),
    ] {
        if needs.contains(&need) {
            install(setup, need, folder, &version)?;
        }
    }
    Ok(())
}

/// Installs the packages of a folder outside the checkout. Those that scripts import are linked into it.
fn install(setup: &mut Setup<'_>, need: Need, folder: &str, node: &str) -> Result<()> {
    let manifest = setup.project.read(&format!("{folder}/package.json"))?;
    let lock = setup.project.read(&format!("{folder}/package-lock.json"))?;
    // Packages may contain binaries for one version of Node.js.
    let major = node
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    let name = format!("node-{}", fingerprint(&[&manifest, &lock, major]));
    let directory = setup.install(&name, |setup, directory| {
        say(format!("  the Node packages of {folder}, from npm"));
        for (file, text) in [("package.json", &manifest), ("package-lock.json", &lock)] {
            fs::write(directory.join(file), text).with_context(|| format!("{file} cannot be written for npm"))?;
        }
        // On Windows npm is a script, which is only found with its extension.
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.args(["ci", "--no-audit", "--no-fund"])
            .current_dir(directory)
            // The set-up chooses the browser.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        setup.run(&mut npm, &name, None).with_context(|| format!("The Node packages of {folder} cannot be installed: check that npm's registry can be reached"))
    })?;
    let installed = directory.join("node_modules");
    if need == Need::BuildPackages {
        setup.tools.path.push(installed.join(".bin"));
    } else {
        link(
            &installed,
            &setup.project.root.join(folder).join("node_modules"),
        )
        .with_context(|| format!("{folder}/node_modules cannot be linked: remove what is there"))?;
    }
    say(format!("Node packages of {folder}: ready"));
    Ok(())
}

/// Links a directory, in place of an older link.
fn link(to: &Path, link: &Path) -> std::io::Result<()> {
    if fs::read_link(link).is_ok_and(|old| old == to) {
        return Ok(());
    }
    match link.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(link)?,
        Ok(_) => fs::remove_file(link)?,
        Err(_) => {}
    }
    #[cfg(unix)]
    return std::os::unix::fs::symlink(to, link);
    // A junction, since only some users may create links.
    #[cfg(windows)]
    return Command::new("cmd")
        .args(["/C", "mklink", "/J"])
        .arg(link)
        .arg(to)
        .output()
        .map(|_| ());
}

/// Whether a version such as "v22.12.0" is supported.
fn is_supported(version: &str) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    let mut numbers = version.trim_start_matches('v').split('.');
    let (Some(major), Some(minor)) = (number(numbers.next()), number(numbers.next())) else {
        return false;
    };
    let is_listed = |(listed, lowest)| major == listed && minor >= lowest;
    NODE.into_iter().any(is_listed) || NODE.into_iter().all(|(listed, _)| major > listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_numerically() {
        for wanted in ["v20.19.0", "v20.20.1", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(is_supported(wanted), "{wanted}");
        }
        for other in [
            "v18.20.4", "v20.18.1", "v21.7.3", "v22.11.0", "nonsense", "",
        ] {
            assert!(!is_supported(other), "{other}");
        }
    }
}
