//! The browser engines that the page is tested in, and what each needs.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

use clap::ValueEnum;

use crate::setup::{Need, Tools};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKit for GTK, and on macOS Safari.
    Webkit,
}

/// The environment variables with which wasm-bindgen's test runner finds a driver. It uses the first that
/// is set, so the others must be removed.
const DRIVER_VARIABLES: [&str; 6] = [
    "GECKODRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER",
    "SAFARIDRIVER",
    "CHROMEDRIVER",
];

impl Engine {
    /// The name in sentences and on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// Its browser, its driver, and a virtual display if it needs one.
    pub(crate) fn needs(self) -> Vec<Need> {
        match self {
            Self::Chromium => vec![Need::Chromium, Need::Chromedriver],
            Self::Firefox => vec![Need::Firefox, Need::Geckodriver],
            Self::Webkit if has_display(env::consts::OS, |name| env::var(name).ok()) => {
                vec![Need::WebkitDriver]
            }
            Self::Webkit => vec![Need::WebkitDriver, Need::Xvfb, Need::Xauth],
        }
    }

    /// The driver, the variable that names it to wasm-bindgen's test runner, and the browser to name to
    /// it. WebKit's driver finds its own.
    fn driver(self) -> (Need, &'static str, Option<Need>) {
        match self {
            Self::Chromium => (Need::Chromedriver, "CHROMEDRIVER", Some(Need::Chromium)),
            Self::Firefox => (Need::Geckodriver, "GECKODRIVER", Some(Need::Firefox)),
            Self::Webkit => (Need::WebkitDriver, "SAFARIDRIVER", None),
        }
    }

    /// Makes wasm-bindgen's test runner use this engine.
    pub(crate) fn configure_test_runner(self, command: &mut Command, tools: &Tools) {
        for variable in DRIVER_VARIABLES {
            command.env_remove(variable);
        }
        let (driver, variable, _) = self.driver();
        if let Some(driver) = tools.program(driver) {
            command.env(variable, driver);
        }
        // By default geckodriver looks only for a program named "firefox".
        if let (Self::Firefox, Some(firefox)) = (self, tools.program(Need::Firefox)) {
            command.env(
                "GECKODRIVER_ARGS",
                format!("--binary='{}'", firefox.display()),
            );
        }
    }

    /// Makes the tests in `tests/engines` use this engine.
    pub(crate) fn configure_engine_tests(self, command: &mut Command, tools: &Tools) {
        let (driver, _, browser) = self.driver();
        command
            .env("BROWSER", self.name())
            .env_remove("BROWSER_PROGRAM");
        if let Some(driver) = tools.program(driver) {
            command.env("DRIVER", driver);
        }
        if let Some(browser) = browser.and_then(|need| tools.program(need)) {
            command.env("BROWSER_PROGRAM", browser);
        }
    }

    /// A command of this program, on a virtual display if this engine needs one: `WebKitGTK` has no
    /// headless mode, and without a display it hangs. The display ends with the program.
    pub(crate) fn command(self, program: &OsStr, tools: &Tools) -> Command {
        match tools.program(Need::Xvfb).filter(|_| self == Self::Webkit) {
            Some(xvfb) => {
                let mut command = Command::new(xvfb);
                command.arg("-a").arg(program);
                command
            }
            None => Command::new(program),
        }
    }
}

/// Whether there is X or Wayland, or a system that uses neither.
fn has_display(os: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    matches!(os, "macos" | "windows") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn only_linux_can_lack_a_display() {
        let none = |_: &str| None;
        let empty = |_: &str| Some(String::new());
        assert!(!has_display("linux", none) && !has_display("linux", empty));
        assert!(has_display("linux", |name| (name == "DISPLAY").then(|| ":0".to_owned())));
        assert!(has_display("macos", none) && has_display("windows", none));
    }

    #[test]
    fn only_the_driver_of_the_engine_is_set() {
        for engine in Engine::value_variants() {
            let (driver, variable, _) = engine.driver();
            let mut command = Command::new("cargo");
            engine.configure_test_runner(
                &mut command,
                &Tools::with(driver, Path::new("/the-driver")),
            );
            let set: Vec<_> = command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            assert_eq!(set, [(OsStr::new(variable), OsStr::new("/the-driver"))]);
            // All variables that the user may have set are removed.
            assert_eq!(command.get_envs().count(), DRIVER_VARIABLES.len());
        }
    }
}
