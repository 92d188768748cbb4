//! Programs of the system: browsers, their drivers, a virtual display, and nginx.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{Need, Setup};
use crate::process;
use crate::report::say;

/// A program that is found on the system or installed from Debian.
struct Program {
    need: Need,
    /// The environment variable that may name it.
    variable: &'static str,
    /// Its names on PATH, and where else it may be.
    names: &'static [&'static str],
    /// The Debian package with the program.
    package: &'static str,
}

const PROGRAMS: [Program; 7] = [
    Program {
        need: Need::Chromium,
        variable: "CHROMIUM",
        names: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome",
        ],
        package: "chromium",
    },
    Program {
        need: Need::Chromedriver,
        variable: "CHROMEDRIVER",
        names: &["chromedriver"],
        package: "chromium-driver",
    },
    Program {
        need: Need::Firefox,
        variable: "FIREFOX",
        names: &[
            "firefox",
            "firefox-esr",
            "/Applications/Firefox.app/Contents/MacOS/firefox",
            "C:\\Program Files\\Mozilla Firefox\\firefox",
        ],
        package: "firefox-esr",
    },
    Program {
        need: Need::WebkitDriver,
        variable: "SAFARIDRIVER",
        // On macOS the tests use Safari.
        names: &["WebKitWebDriver", "safaridriver"],
        package: "webkit2gtk-driver",
    },
    Program {
        need: Need::Xvfb,
        variable: "XVFB_RUN",
        names: &["xvfb-run"],
        package: "xvfb",
    },
    Program {
        need: Need::Xauth,
        variable: "XAUTH",
        names: &["xauth"],
        package: "xauth",
    },
    Program {
        need: Need::Nginx,
        variable: "NGINX_PROGRAM",
        // Debian installs it where only root has it on PATH.
        names: &[
            "nginx",
            "/usr/sbin/nginx",
            "/usr/local/sbin/nginx",
            "/opt/homebrew/bin/nginx",
        ],
        package: "nginx",
    },
];

pub(super) fn set_up(setup: &mut Setup<'_>, needs: &BTreeSet<Need>) -> Result<()> {
    let needed = PROGRAMS
        .iter()
        .filter(|program| needs.contains(&program.need));
    let needed: Vec<&Program> = needed.collect();
    let mut missing = Vec::new();
    for program in &needed {
        if program.find()?.is_none() {
            missing.push(program.package);
        }
    }
    if !missing.is_empty() && Path::new("/etc/debian_version").is_file() {
        install_from_debian(setup, &missing)?;
    }
    for program in needed {
        let name = program.names[0];
        if let Some(path) = program.find()? {
            say(format!("{name}: {}, ready", path.display()));
            setup.tools.programs.insert(program.need, path);
        } else if program.need != Need::Chromium || playwright_chromium(setup).is_err() {
            bail!(
                "{name} was not found: install it and have it on PATH, or name it in the environment variable {}. \
                 `cargo xtask test --browser chromium` needs no other browser, and `--only` only what its step needs.",
                program.variable
            );
        }
    }
    Ok(())
}

impl Program {
    fn find(&self) -> Result<Option<PathBuf>> {
        find(self.variable, self.names)
    }
}

/// The program that the environment variable names, or else the first of these names on PATH.
pub(super) fn find(variable: &str, names: &[&str]) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(names.iter().find_map(|name| process::find(name)));
    };
    let path = PathBuf::from(path);
    if path.is_file() {
        return Ok(Some(path));
    }
    bail!(
        "The environment variable {variable} names {}, which is not there: correct it or unset it.",
        path.display()
    )
}

fn install_from_debian(setup: &Setup<'_>, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if process::stdout_of(Command::new("id").arg("-u")).as_deref() != Some("0") {
        bail!(
            "Only root can install what is missing: run `sudo apt-get install --no-install-recommends {list}`, then this again."
        );
    }
    say(format!("Installing {list} from Debian (up to a minute)…"));
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        // It waits for another apt-get, such as the nightly upgrade.
        apt.args(arguments).args(["-o", "DPkg::Lock::Timeout=300"]);
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        setup.run(&mut apt, "apt-get", None)
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    // The first attempt fails if the package lists are missing or old.
    apt(&install).or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
}

/// Installs Playwright's own Chromium, for a system without one. Playwright finds it by itself.
fn playwright_chromium(setup: &Setup<'_>) -> Result<()> {
    say("Chromium: asking Playwright for its own…");
    let mut playwright = setup.tools.node(setup.project, "tests/e2e");
    playwright.args([
        "node_modules/@playwright/test/cli.js",
        "install",
        "chromium",
    ]);
    setup.run(&mut playwright, "playwright-install", None)
}
