//! Chromium for the end-to-end tests, and its driver for the browser tests.
//!
//! Other engines would get their own search here; only the names and the packages differ.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::{Ready, Setup, debian_packages, is_debian};
use crate::report::say;
use crate::{Failure, Result, process};

const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const MAC_BROWSERS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const WINDOWS_BROWSERS: [&str; 2] = [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

pub(super) fn set_up(setup: &mut Setup<'_>, ready: &mut Ready, driver: bool) -> Result<()> {
    let (mut found_browser, mut found_driver) = (browser()?, self::driver()?);
    let missing = found_browser.is_none() || (driver && found_driver.is_none());
    if missing && is_debian() {
        let packages = ["chromium", "chromium-driver"].map(str::to_owned);
        say("Installing Chromium and its driver from Debian (about half a minute)…");
        debian_packages(setup, &packages, "Chromium and its driver")?;
        (found_browser, found_driver) = (browser()?, self::driver()?);
    }

    match &found_browser {
        Some(path) => say(format!("Chromium: {}, ready", path.display())),
        None => playwrights_own(setup, ready)?,
    }
    ready.chromium = found_browser;
    if driver {
        let path = found_driver.ok_or_else(|| {
            Failure::new(
                "chromedriver was not found: install it in the version of your Chromium or Chrome and have it on PATH, or name it in the environment variable CHROMEDRIVER.",
            )
        })?;
        say(format!("chromedriver: {}, ready", path.display()));
        ready.driver = Some(path);
    }
    Ok(())
}

fn browser() -> Result<Option<PathBuf>> {
    if let Some(path) = named("CHROMIUM")? {
        return Ok(Some(path));
    }
    let elsewhere = MAC_BROWSERS.iter().chain(&WINDOWS_BROWSERS);
    Ok(BROWSERS
        .iter()
        .find_map(|name| process::find(name))
        .or_else(|| {
            elsewhere
                .map(PathBuf::from)
                .find(|path| process::is_program(path))
        }))
}

fn driver() -> Result<Option<PathBuf>> {
    Ok(named("CHROMEDRIVER")?.or_else(|| process::find("chromedriver")))
}

/// The program that an environment variable names.
fn named(variable: &str) -> Result<Option<PathBuf>> {
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

/// Where the system has no Chromium, Playwright downloads one, which it then finds by itself.
fn playwrights_own(setup: &Setup<'_>, ready: &Ready) -> Result<()> {
    let Some(node) = &ready.node else {
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

fn no_browser() -> Failure {
    Failure::new(
        "Chromium was not found and Playwright cannot download it: install Chromium or Chrome, or name one in the environment variable CHROMIUM.",
    )
}
