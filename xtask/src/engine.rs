//! The browser engines that the page is tested in, and what each asks for.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;

use crate::setup::{Need, Ready};

/// An engine, tested in by a browser that is built on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKit for GTK, and on macOS Safari.
    Webkit,
}

/// The variables by which the runner of the browser tests knows a driver. It takes the first that is
/// set, whichever was meant.
const DRIVER_VARIABLES: [&str; 6] = [
    "GECKODRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER",
    "SAFARIDRIVER",
    "CHROMEDRIVER",
];

impl Engine {
    /// As it is written in a sentence.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::Webkit => "WebKit",
        }
    }

    /// As it is chosen on the command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Its browser, its driver, and where that is missing a display.
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

    /// The browser where it is one of several that there may be; `WebKit`'s driver knows its own.
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

    /// Has the runner of the browser tests use this engine.
    pub(crate) fn for_the_test_runner(self, command: &mut Command, ready: &Ready) {
        for variable in DRIVER_VARIABLES {
            command.env_remove(variable);
        }
        if let Some(driver) = ready.program(self.driver()) {
            command.env(self.driver_variable(), driver);
        }
        // geckodriver itself looks only for a program named "firefox".
        if let Some(firefox) = ready
            .program(Need::Firefox)
            .filter(|_| self == Self::Firefox)
        {
            command.env(
                "GECKODRIVER_ARGS",
                format!("--binary='{}'", firefox.display()),
            );
        }
    }

    /// Tells the tests in `tests/engines` what to start.
    pub(crate) fn for_the_engine_tests(self, command: &mut Command, ready: &Ready) {
        command
            .env("BROWSER", self.name())
            .env_remove("BROWSER_PROGRAM");
        if let Some(driver) = ready.program(self.driver()) {
            command.env("DRIVER", driver);
        }
        if let Some(browser) = self.browser().and_then(|need| ready.program(need)) {
            command.env("BROWSER_PROGRAM", browser);
        }
    }

    /// The command as it has to be started for this engine: `WebKitGTK` has no headless mode, and
    /// without a display it hangs.
    pub(crate) fn with_display(self, command: Command, ready: &Ready) -> Command {
        match ready.program(Need::Xvfb) {
            Some(xvfb) if self.needs().contains(&Need::Xvfb) => on_virtual_display(xvfb, &command),
            _ => command,
        }
    }
}

/// Whether programs that draw windows have none to draw them on. Where it is not X or Wayland that
/// draws, there is no such question.
fn lacks_display(os: &str, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    !matches!(os, "macos" | "windows") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")
}

/// The same command, on a virtual display that goes when the command ends.
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
    fn only_linux_without_a_display_lacks_one() {
        let none = |_: &str| None;
        let x = |name: &str| (name == "DISPLAY").then(|| OsString::from(":0"));
        let empty = |_: &str| Some(OsString::new());
        assert!(lacks_display("linux", none) && lacks_display("linux", empty));
        assert!(!lacks_display("linux", x));
        assert!(!lacks_display("macos", none) && !lacks_display("windows", none));
    }

    #[test]
    fn a_virtual_display_changes_nothing_but_the_program() {
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
    fn the_test_runner_knows_only_the_driver_that_is_meant() {
        for engine in Engine::value_variants() {
            let driver = Path::new("/usr/bin/the-driver");
            let ready = Ready::with(engine.driver(), driver);
            let mut command = Command::new("cargo");
            engine.for_the_test_runner(&mut command, &ready);
            let set: Vec<(&OsStr, &OsStr)> = command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            assert_eq!(
                set,
                [(OsStr::new(engine.driver_variable()), driver.as_os_str())]
            );
            // Whatever the user has set is hidden.
            assert_eq!(command.get_envs().count(), DRIVER_VARIABLES.len());
        }
    }
}
