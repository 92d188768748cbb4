//! The browser engines that the page is tested in, and what each needs.

use std::ffi::OsStr;
use std::process::Command;

use clap::ValueEnum;

use crate::project::Project;
use crate::setup::{Need, geckodriver};
use crate::system::{CHROMEDRIVER, CHROMIUM, FIREFOX, WEBKIT_DRIVER, XVFB};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKit for GTK, and on macOS Safari.
    Webkit,
}

/// The environment variables that name a driver to wasm-bindgen's test runner.
const DRIVERS: [&str; 3] = ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER"];

impl Engine {
    /// Its browser, its driver, and a virtual display if it needs one.
    pub(crate) fn needs(self) -> Vec<Need> {
        match self {
            Self::Chromium => vec![Need::Program(&CHROMIUM), Need::Program(&CHROMEDRIVER)],
            Self::Firefox => vec![Need::Program(&FIREFOX), Need::Geckodriver],
            Self::Webkit if self.needs_display() => {
                vec![Need::Program(&WEBKIT_DRIVER), Need::Program(&XVFB)]
            }
            Self::Webkit => vec![Need::Program(&WEBKIT_DRIVER)],
        }
    }

    /// `WebKitGTK` has no headless mode, and without a display it hangs.
    fn needs_display(self) -> bool {
        self == Self::Webkit && cfg!(target_os = "linux")
    }

    /// A command of a program that tests in this engine: wasm-bindgen's test runner, or `tests/engines`.
    pub(crate) fn command(self, project: &Project, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        if self.needs_display() {
            // The display ends with the program.
            command = Command::new(XVFB.path());
            command.arg("-a").arg(program);
        }
        // The test runner takes the first that is set.
        for name in DRIVERS {
            command.env_remove(name);
            command.env_remove(format!("{name}_REMOTE"));
        }
        let (name, variable, driver) = match self {
            Self::Chromium => ("chromium", "CHROMEDRIVER", CHROMEDRIVER.path()),
            Self::Firefox => ("firefox", "GECKODRIVER", geckodriver(project)),
            Self::Webkit => ("webkit", "SAFARIDRIVER", WEBKIT_DRIVER.path()),
        };
        command
            .env(variable, &driver)
            .env("DRIVER", driver)
            .env("BROWSER", name);
        match self {
            Self::Chromium => command.env("BROWSER_PROGRAM", CHROMIUM.path()),
            Self::Firefox => {
                let firefox = FIREFOX.path();
                // By default geckodriver looks only for a program named "firefox".
                let arguments = format!("--binary='{}'", firefox.display());
                command
                    .env("GECKODRIVER_ARGS", arguments)
                    .env("BROWSER_PROGRAM", firefox)
            }
            // Its driver finds it.
            Self::Webkit => command.env_remove("BROWSER_PROGRAM"),
        };
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With two, the test runner could test in another engine than it says.
    #[test]
    fn only_the_driver_of_the_engine_is_set() {
        let project = Project::find().expect("a checkout");
        for engine in Engine::value_variants() {
            let command = engine.command(&project, OsStr::new("cargo"));
            let drivers = command.get_envs().filter(|(name, value)| {
                value.is_some() && DRIVERS.iter().any(|driver| name == driver)
            });
            assert_eq!(drivers.count(), 1, "{engine:?}");
        }
    }
}
