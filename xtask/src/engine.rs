//! The browser engines that the page is tested in, and what each needs.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;

use crate::setup::{Need, Tools};

/// A browser engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKit for GTK, and on macOS Safari.
    Webkit,
}

/// The environment variables with which wasm-bindgen's test runner finds a driver. It uses the first
/// that is set, so the others must be removed.
const DRIVER_VARIABLES: [&str; 6] = [
    "GECKODRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER",
    "SAFARIDRIVER",
    "CHROMEDRIVER",
];

impl Engine {
    /// The name in sentences.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::Webkit => "WebKit",
        }
    }

    /// The name on the command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Its browser, its driver, and a virtual display if it needs one.
    pub(crate) fn needs(self) -> Vec<Need> {
        match self {
            Self::Chromium => vec![Need::Chromium, Need::Chromedriver],
            Self::Firefox => vec![Need::Firefox, Need::Geckodriver],
            Self::Webkit if lacks_display(env::consts::OS, |name| env::var_os(name)) => {
                vec![Need::WebkitDriver, Need::Xvfb]
            }
            Self::Webkit => vec![Need::WebkitDriver],
        }
    }

    fn driver(self) -> Need {
        match self {
            Self::Chromium => Need::Chromedriver,
            Self::Firefox => Need::Geckodriver,
            Self::Webkit => Need::WebkitDriver,
        }
    }

    /// The browser to name to the driver; `WebKit`'s driver finds its own.
    fn browser(self) -> Option<Need> {
        match self {
            Self::Chromium => Some(Need::Chromium),
            Self::Firefox => Some(Need::Firefox),
            Self::Webkit => None,
        }
    }

    fn driver_variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMEDRIVER",
            Self::Firefox => "GECKODRIVER",
            Self::Webkit => "SAFARIDRIVER",
        }
    }

    /// Sets the environment of wasm-bindgen's test runner for this engine.
    pub(crate) fn configure_test_runner(self, command: &mut Command, tools: &Tools) {
        for variable in DRIVER_VARIABLES {
            command.env_remove(variable);
        }
        if let Some(driver) = tools.program(self.driver()) {
            command.env(self.driver_variable(), driver);
        }
        // By default geckodriver looks only for a program named "firefox".
        if let Some(firefox) = tools
            .program(Need::Firefox)
            .filter(|_| self == Self::Firefox)
        {
            command.env(
                "GECKODRIVER_ARGS",
                format!("--binary='{}'", firefox.display()),
            );
        }
    }

    /// Sets the environment of the tests in `tests/engines` for this engine.
    pub(crate) fn configure_engine_tests(self, command: &mut Command, tools: &Tools) {
        command
            .env("BROWSER", self.name())
            .env_remove("BROWSER_PROGRAM");
        if let Some(driver) = tools.program(self.driver()) {
            command.env("DRIVER", driver);
        }
        if let Some(browser) = self.browser().and_then(|need| tools.program(need)) {
            command.env("BROWSER_PROGRAM", browser);
        }
    }

    /// The command, on a virtual display if this engine needs one: `WebKitGTK` has no headless mode,
    /// and without a display it hangs.
    pub(crate) fn with_display(self, command: Command, tools: &Tools) -> Command {
        match tools.program(Need::Xvfb) {
            Some(xvfb) if self.needs().contains(&Need::Xvfb) => on_virtual_display(xvfb, &command),
            _ => command,
        }
    }
}

/// Whether neither X nor Wayland is available. Always false on macOS and Windows, which use neither.
fn lacks_display(os: &str, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    !matches!(os, "macos" | "windows") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")
}

/// The same command on a virtual display, which ends with the command.
fn on_virtual_display(xvfb: &Path, command: &Command) -> Command {
    let mut on_display = Command::new(xvfb);
    on_display
        .arg("-a")
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => on_display.env(name, value),
            None => on_display.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        on_display.current_dir(directory);
    }
    on_display
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn only_linux_can_lack_a_display() {
        let none = |_: &str| None;
        let x = |name: &str| (name == "DISPLAY").then(|| OsString::from(":0"));
        let empty = |_: &str| Some(OsString::new());
        assert!(lacks_display("linux", none) && lacks_display("linux", empty));
        assert!(!lacks_display("linux", x));
        assert!(!lacks_display("macos", none) && !lacks_display("windows", none));
    }

    #[test]
    fn a_virtual_display_keeps_arguments_environment_and_directory() {
        let mut command = Command::new("/bin/node");
        command
            .args(["--test", "a b"])
            .env("BROWSER", "webkit")
            .env_remove("GECKODRIVER")
            .current_dir("/tmp");
        let on_display = on_virtual_display(Path::new("/usr/bin/xvfb-run"), &command);
        assert_eq!(on_display.get_program(), "/usr/bin/xvfb-run");
        let arguments: Vec<&OsStr> = on_display.get_args().collect();
        assert_eq!(arguments, ["-a", "/bin/node", "--test", "a b"]);
        assert!(on_display.get_envs().eq(command.get_envs()));
        assert_eq!(on_display.get_current_dir(), command.get_current_dir());
    }

    #[test]
    fn only_the_driver_of_the_engine_is_set() {
        for engine in Engine::value_variants() {
            let driver = Path::new("/usr/bin/the-driver");
            let tools = Tools::with(engine.driver(), driver);
            let mut command = Command::new("cargo");
            engine.configure_test_runner(&mut command, &tools);
            let set: Vec<(&OsStr, &OsStr)> = command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            assert_eq!(
                set,
                [(OsStr::new(engine.driver_variable()), driver.as_os_str())]
            );
            // All variables that the user may have set are removed.
            assert_eq!(command.get_envs().count(), DRIVER_VARIABLES.len());
        }
    }
}
