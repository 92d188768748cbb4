//! The tests: one step after the other, ending at the first that fails.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::project::Project;
use crate::report::{self, heading, say};
use crate::setup::{self, Need, PAGE, Ready};
use crate::{Failure, Result, process, release, sizes};

/// A step, in the order in which they are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Step {
    /// The code is formatted.
    Fmt,
    /// Clippy finds nothing, for the host.
    Clippy,
    /// Clippy finds nothing in the page, for wasm32.
    ClippyWasm,
    /// The inside of the crate compiles without Leptos and without a browser.
    Inside,
    /// The tests that need no browser, and the examples in the documentation.
    Native,
    /// The tests of the components, in headless Chromium.
    Browser,
    /// The release build, within its size budget.
    Build,
    /// The end-to-end tests, against the release build served by the development console.
    E2e,
}

impl Step {
    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn title(self) -> String {
        let value = self.to_possible_value();
        let help = value.as_ref().and_then(|value| value.get_help());
        help.map_or_else(String::new, ToString::to_string)
    }

    fn needs(self) -> Vec<Need> {
        let mut needs = match self {
            Self::Fmt | Self::Clippy | Self::Inside | Self::Native => Vec::new(),
            Self::ClippyWasm => vec![Need::Wasm32],
            Self::Browser => vec![Need::Wasm32, Need::WasmBindgen, Need::Driver],
            Self::Build => vec![Need::WasmOpt],
            // The release build may have to be made for them.
            Self::E2e => vec![Need::WasmOpt, Need::NodePackages, Need::Chromium],
        };
        if matches!(self, Self::Build | Self::E2e) {
            needs.extend(PAGE);
        }
        needs
    }

    fn run(self, project: &Project, ready: &Ready) -> Result<()> {
        const PAGE_PACKAGE: [&str; 2] = ["--package", "referral-history"];
        const DENY: [&str; 3] = ["--", "-D", "warnings"];
        let wasm32 = ["--target", setup::WASM32];
        match self {
            Self::Fmt => process::run(project.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => process::run(
                project
                    .cargo()
                    .args(["clippy", "--workspace", "--all-targets", "--locked"])
                    .args(DENY),
            ),
            Self::ClippyWasm => process::run(
                ready
                    .wasm_cargo(project)
                    .args(["clippy", "--all-targets", "--locked"])
                    .args(PAGE_PACKAGE)
                    .args(wasm32)
                    .args(DENY),
            ),
            Self::Inside => process::run(
                project
                    .cargo()
                    .args(["check", "--no-default-features", "--locked"])
                    .args(PAGE_PACKAGE),
            ),
            Self::Native => process::run(project.cargo().args(["test", "--workspace", "--locked"])),
            Self::Browser => {
                let mut cargo = ready.wasm_cargo(project);
                cargo
                    .args(["test", "--locked", "--test", "browser"])
                    .args(PAGE_PACKAGE)
                    .args(wasm32);
                drive_chromium(&mut cargo, ready);
                process::run(&mut cargo)
            }
            Self::Build => {
                release::build(project, ready, release::PUBLIC_URL)?;
                sizes::check(&project.dist(), sizes::BUDGET)
            }
            Self::E2e => end_to_end(project, ready),
        }
    }
}

/// Has the browser tests run in Chromium. Other engines differ in the driver's variable alone; only
/// one of these may be set, or the test runner takes another than the one meant.
fn drive_chromium(cargo: &mut Command, ready: &Ready) {
    cargo.env_remove("GECKODRIVER").env_remove("SAFARIDRIVER");
    if let Some(driver) = &ready.driver {
        cargo.env("CHROMEDRIVER", driver);
    }
    if let Some(runner) = &ready.test_runner {
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    }
}

fn end_to_end(project: &Project, ready: &Ready) -> Result<()> {
    if !release::is_current(project) {
        say("dist/ is not the release build of what is here: building it.");
        release::build(project, ready, release::PUBLIC_URL)?;
    }
    process::run(
        project
            .cargo()
            .args(["build", "--package", "dev-console", "--locked"]),
    )?;
    let mut playwright = Command::new(ready.node.as_deref().unwrap_or("node".as_ref()));
    playwright
        // Playwright's program itself rather than npx: one process less between it and a Ctrl-C.
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(project.end_to_end())
        .env("DEV_CONSOLE", project.dev_console())
        .env("DIST", project.dist());
    if let Some(chromium) = &ready.chromium {
        playwright.env("CHROMIUM", chromium);
    }
    process::run(&mut playwright)
}

/// Runs the chosen steps, or all of them.
pub(crate) fn run(project: &Project, only: &[Step]) -> Result<()> {
    let steps = chosen(only);
    let mut times: Vec<(String, Duration)> = Vec::new();

    let start = Instant::now();
    let needs: BTreeSet<Need> = steps.iter().flat_map(|step| step.needs()).collect();
    heading("setup: what the tests need");
    let ready = setup::run(project, &needs)?;
    times.push(("setup".to_owned(), start.elapsed()));

    for (index, step) in steps.iter().enumerate() {
        let (name, title) = (step.name(), step.title());
        heading(&format!(
            "{name} ({} of {}): {title}",
            index + 1,
            steps.len()
        ));
        let start = Instant::now();
        let result = step.run(project, &ready);
        let time = start.elapsed();
        times.push((name.clone(), time));
        if let Err(Failure(sentence)) = result {
            summary(&times);
            return Err(Failure::new(format!(
                "The step \"{name}\" failed: {sentence} To run just it: `cargo xtask test --only {name}`."
            )));
        }
        say(format!("{name}: passed in {}", report::duration(time)));
    }
    summary(&times);
    say("\nEverything passed.");
    Ok(())
}

/// The steps asked for, in their usual order and each once; all when none was.
fn chosen(only: &[Step]) -> Vec<Step> {
    let all = Step::value_variants().iter().copied();
    all.filter(|step| only.is_empty() || only.contains(step))
        .collect()
}

fn summary(times: &[(String, Duration)]) {
    let mut rows = vec![vec!["step".to_owned(), "seconds".to_owned()]];
    let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
    rows.extend(
        times
            .iter()
            .map(|(name, time)| vec![name.clone(), seconds(*time)]),
    );
    let whole = times.iter().map(|(_, time)| *time).sum();
    rows.push(vec!["all".to_owned(), seconds(whole)]);
    heading("times");
    for line in report::table(&rows) {
        say(line);
    }
}

/// The help text, which lists the steps as they are.
pub(crate) fn long_help() -> String {
    let steps = chosen(&[]).into_iter().map(|step| {
        let name = step.name();
        format!("  {name:<12} {}\n", step.title())
    });
    format!(
        "Set up everything the tests need and run all of them, ending at the first that fails.\n\n\
         The steps, in their order:\n{}\n\
         Needs no terminal. What the tests need and is missing is installed first; nothing is skipped.",
        steps.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_are_run_unless_some_are_named() {
        assert_eq!(chosen(&[]).len(), Step::value_variants().len());
        // Asked for twice and out of order: run once and in order.
        assert_eq!(
            chosen(&[Step::E2e, Step::Fmt, Step::E2e]),
            [Step::Fmt, Step::E2e]
        );
    }

    #[test]
    fn quick_steps_ask_for_no_set_up() {
        assert!(Step::Fmt.needs().is_empty());
        assert!(Step::E2e.needs().contains(&Need::Chromium));
    }
}
