//! Programs of the system: browsers, their drivers, a virtual display, and nginx.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::run;
use crate::project::variable;

/// A program of the system.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Program {
    /// The environment variable that may name it.
    variable: &'static str,
    /// Its names on PATH, and where else it may be.
    names: &'static [&'static str],
    /// The Debian packages with it.
    packages: &'static str,
    /// What does the same where there is no Debian.
    elsewhere: Option<&'static Self>,
}

pub(crate) static CHROMIUM: Program = Program {
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
    packages: "chromium",
    elsewhere: None,
};

/// Chromium without windows, in which the end-to-end tests take a quarter less time.
pub(crate) static HEADLESS_CHROMIUM: Program = Program {
    variable: "CHROMIUM",
    names: &["chromium-headless-shell"],
    packages: "chromium-headless-shell",
    elsewhere: Some(&CHROMIUM),
};

pub(crate) static CHROMEDRIVER: Program = Program {
    variable: "CHROMEDRIVER",
    names: &["chromedriver"],
    packages: "chromium-driver",
    elsewhere: None,
};

pub(crate) static FIREFOX: Program = Program {
    variable: "FIREFOX",
    names: &[
        "firefox",
        "firefox-esr",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        "C:\\Program Files\\Mozilla Firefox\\firefox",
    ],
    packages: "firefox-esr",
    elsewhere: None,
};

pub(crate) static WEBKIT_DRIVER: Program = Program {
    variable: "SAFARIDRIVER",
    // On macOS the tests use Safari.
    names: &["WebKitWebDriver", "safaridriver"],
    packages: "webkit2gtk-driver",
    elsewhere: None,
};

/// A virtual display.
pub(crate) static XVFB: Program = Program {
    variable: "XVFB_RUN",
    names: &["xvfb-run"],
    packages: "xvfb xauth",
    elsewhere: None,
};

pub(crate) static NGINX: Program = Program {
    variable: "NGINX_PROGRAM",
    // Debian installs it where only root has it on PATH.
    names: &[
        "nginx",
        "/usr/sbin/nginx",
        "/usr/local/sbin/nginx",
        "/opt/homebrew/bin/nginx",
    ],
    packages: "nginx",
    elsewhere: None,
};

impl Program {
    /// What the environment variable names, or else the first of the names that is there.
    fn find(&self) -> Option<PathBuf> {
        let elsewhere = self.elsewhere.filter(|_| !is_debian());
        variable(self.variable)
            .or_else(|| find(self.names))
            .or_else(|| elsewhere?.find())
    }

    /// The program, once it is set up.
    pub(crate) fn path(&self) -> PathBuf {
        self.find().unwrap_or_else(|| self.names[0].into())
    }
}

/// The first of these programs that is on PATH. A whole path stays as it is when it is joined.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        let mut files = env::split_paths(&path).map(|directory| directory.join(file(name)));
        files.find(|file| file.is_file())
    })
}

/// The name of a program's file.
pub(crate) fn file(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

/// Installs those of these programs that are missing, from Debian, which only root can do.
pub(crate) fn install<'a>(programs: impl Iterator<Item = &'a Program>) -> Result<()> {
    let mut missing: Vec<&Program> = programs
        .filter(|program| program.find().is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|program| program.packages).collect();
    let packages = packages.join(" ");
    if is_debian() {
        println!("Installing {packages} from Debian…");
        // The first attempt fails if the package lists are missing or old.
        let _ = apt("install", &packages)
            .or_else(|_| apt("update", "").and_then(|()| apt("install", &packages)));
        missing.retain(|program| program.find().is_none());
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.iter().map(|program| {
        format!(
            "{} (or the variable {})",
            program.names[0], program.variable
        )
    });
    bail!(
        "Not found: {}. Install what is missing and have it on PATH, on Debian by `sudo apt-get install --no-install-recommends {packages}`; with `--browser chromium` the tests need no other browser.",
        list.collect::<Vec<_>>().join(", ")
    )
}

pub(crate) fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file()
}

/// Downloads a package of Debian into a directory, which needs no root unless the package lists are missing.
pub(crate) fn download(package: &str, directory: &Path) -> Result<()> {
    let download = || {
        let mut apt = Command::new("apt-get");
        run(apt.args(["download", package]).current_dir(directory))
    };
    download().or_else(|_| apt("update", "").and_then(|()| download()))
}

fn apt(command: &str, packages: &str) -> Result<()> {
    let mut apt = Command::new("apt-get");
    // It waits for another apt-get, such as the nightly upgrade.
    apt.args([command, "-y", "--no-install-recommends"])
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(packages.split_whitespace())
        .env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut apt)
}
