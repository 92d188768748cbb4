//! The browsers that the page is tested in, their drivers, a virtual display, and nginx.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::{Need, Setup, Tools, debian_packages, is_debian};
use crate::report::say;
use crate::{Failure, Result, process};

const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const CHROMIUM_PATHS: [&str; 4] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];
const FIREFOX: [&str; 2] = ["firefox", "firefox-esr"];
const FIREFOX_PATHS: [&str; 2] = [
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];
/// On macOS the WebKit tests use Safari and its driver.
const WEBKIT_DRIVER: &str = if cfg!(target_os = "macos") {
    "safaridriver"
} else {
    "WebKitWebDriver"
};
/// Debian installs nginx in a directory that only root has on PATH.
const NGINX_PATHS: [&str; 3] = [
    "/usr/sbin/nginx",
    "/usr/local/sbin/nginx",
    "/opt/homebrew/bin/nginx",
];

/// A program that is found on the system or installed from Debian.
struct Program {
    need: Need,
    name: &'static str,
    find: fn() -> Result<Option<PathBuf>>,
    /// The Debian packages with the program.
    packages: &'static [&'static str],
    /// The error if the program is missing and this is not Debian.
    missing: &'static str,
}

const PROGRAMS: [Program; 6] = [
    Program {
        need: Need::Chromium,
        name: "Chromium",
        find: || find_program("CHROMIUM", &CHROMIUM, &CHROMIUM_PATHS),
        packages: &["chromium"],
        missing: "Chromium was not found and Playwright cannot download it: install Chromium or Chrome, or name one in the environment variable CHROMIUM.",
    },
    Program {
        need: Need::Chromedriver,
        name: "chromedriver",
        find: || find_program("CHROMEDRIVER", &["chromedriver"], &[]),
        packages: &["chromium-driver"],
        missing: "chromedriver was not found: install it in the version of your Chromium or Chrome and have it on PATH, or name it in the environment variable CHROMEDRIVER.",
    },
    Program {
        need: Need::Firefox,
        name: "Firefox",
        find: || find_program("FIREFOX", &FIREFOX, &FIREFOX_PATHS),
        packages: &["firefox-esr"],
        missing: "Firefox was not found: install it, or name it in the environment variable FIREFOX; `cargo xtask test --browser chromium` runs without it.",
    },
    Program {
        need: Need::WebkitDriver,
        name: WEBKIT_DRIVER,
        find: || find_program("SAFARIDRIVER", &[WEBKIT_DRIVER], &[]),
        packages: &["webkit2gtk-driver"],
        missing: if cfg!(target_os = "macos") {
            "safaridriver was not found: it comes with Safari; `cargo xtask test --browser chromium` runs without it."
        } else if cfg!(windows) {
            "There is no WebKit for Windows: `cargo xtask test --browser chromium --browser firefox` runs without it."
        } else {
            "WebKitWebDriver was not found: install WebKitGTK with its driver and have that on PATH, or name it in the environment variable SAFARIDRIVER; `cargo xtask test --browser chromium` runs without it."
        },
    },
    Program {
        need: Need::Xvfb,
        name: "xvfb-run",
        // xvfb-run fails without xauth.
        find: || Ok(process::find("xauth").and_then(|_| process::find("xvfb-run"))),
        packages: &["xvfb", "xauth"],
        missing: "xvfb-run or xauth, which give WebKit a display where there is none, were not found: install both, or run this in a desktop session; `cargo xtask test --browser chromium` runs without them.",
    },
    Program {
        need: Need::Nginx,
        name: "nginx",
        find: || find_program("NGINX_PROGRAM", &["nginx"], &NGINX_PATHS),
        packages: &["nginx"],
        missing: "nginx was not found: install it and have it on PATH, or name it in the environment variable NGINX_PROGRAM; only the step `package` needs it, and `cargo xtask test --only` runs others without it.",
    },
];

pub(super) fn set_up(
    setup: &mut Setup<'_>,
    tools: &mut Tools,
    needs: &BTreeSet<Need>,
) -> Result<()> {
    let needed: Vec<&Program> = PROGRAMS
        .iter()
        .filter(|program| needs.contains(&program.need))
        .collect();
    let mut missing = Vec::new();
    for program in &needed {
        if (program.find)()?.is_none() {
            missing.push(*program);
        }
    }
    if !missing.is_empty() && is_debian() {
        install_from_debian(setup, &missing)?;
    }
    for program in needed {
        match (program.find)()? {
            Some(path) => {
                say(format!("{}: {}, ready", program.name, path.display()));
                tools.programs.insert(program.need, path);
            }
            None if program.need == Need::Chromium => {
                install_playwright_chromium(setup, tools, program)?
            }
            None => return Err(Failure::new(program.missing)),
        }
    }
    Ok(())
}

fn install_from_debian(setup: &mut Setup<'_>, missing: &[&Program]) -> Result<()> {
    let names = join_names(missing);
    let packages: Vec<String> = missing
        .iter()
        .flat_map(|program| program.packages)
        .map(|package| (*package).to_owned())
        .collect();
    say(format!("Installing {names} from Debian (up to a minute)…"));
    debian_packages(setup, &packages, &names).map_err(|failure| {
        if missing
            .iter()
            .all(|program| program.need.is_for_another_engine())
        {
            Failure::new(format!(
                "{} `cargo xtask test --browser chromium` runs without.",
                failure.0
            ))
        } else {
            failure
        }
    })
}

/// The names joined as in a sentence: "A", "A and B", "A, B and C".
fn join_names(programs: &[&Program]) -> String {
    let names: Vec<&str> = programs.iter().map(|program| program.name).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// An installed geckodriver of any version. Debian has no package of it.
pub(super) fn geckodriver() -> Result<Option<PathBuf>> {
    find_program("GECKODRIVER", &["geckodriver"], &[])
}

/// The program that the environment variable names, or else the first of these names on PATH, or else
/// the first of these paths.
fn find_program(variable: &str, names: &[&str], paths: &[&str]) -> Result<Option<PathBuf>> {
    if let Some(path) = program_from_variable(variable)? {
        return Ok(Some(path));
    }
    let on_path = names.iter().find_map(|name| process::find(name));
    Ok(on_path.or_else(|| {
        let mut paths = paths.iter().map(PathBuf::from);
        paths.find(|path| process::is_program(path))
    }))
}

/// The program that an environment variable names.
fn program_from_variable(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    if process::is_program(&path) {
        Ok(Some(path))
    } else {
        Err(Failure::new(format!(
            "The environment variable {variable} names {}, which is not a program: correct it or unset it.",
            path.display()
        )))
    }
}

/// Installs Playwright's own Chromium, for a system without one. Playwright finds it by itself.
fn install_playwright_chromium(setup: &Setup<'_>, tools: &Tools, chromium: &Program) -> Result<()> {
    let no_browser = || Failure::new(chromium.missing);
    let Some(node) = &tools.node else {
        return Err(no_browser());
    };
    say("Chromium: asking Playwright for its own…");
    let mut playwright = Command::new(node);
    playwright
        .args([
            "node_modules/@playwright/test/cli.js",
            "install",
            "chromium",
        ])
        .current_dir(setup.project.end_to_end());
    let log = "playwright-install";
    setup.run(&mut playwright, log).map_err(|_| no_browser())?;
    say("Chromium: Playwright's own, ready");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        let [chromium, driver, firefox, ..] = &PROGRAMS;
        assert_eq!(join_names(&[chromium]), "Chromium");
        assert_eq!(join_names(&[chromium, driver]), "Chromium and chromedriver");
        assert_eq!(
            join_names(&[chromium, driver, firefox]),
            "Chromium, chromedriver and Firefox"
        );
    }

    /// An engine that is not available on a system must not prevent all tests there.
    #[test]
    fn errors_for_other_engines_suggest_chromium() {
        for program in &PROGRAMS {
            let says = program
                .missing
                .contains("`cargo xtask test --browser chromium");
            assert_eq!(
                says,
                program.need.is_for_another_engine(),
                "{}",
                program.name
            );
            assert!(program.missing.ends_with('.'), "{}", program.name);
        }
    }
}
