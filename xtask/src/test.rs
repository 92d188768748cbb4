//! The tests: one step after the other, ending at the first that fails.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::engine::Engine;
use crate::examples::Example;
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
    /// The tests that need no browser, and the examples in the documentation.
    Native,
    /// The tests of the components, in every browser engine.
    Browser,
    /// The release build, within its size budget.
    Build,
    /// The package as npm packs it, TypeScript reads it and Vite takes it along, and the release build behind nginx.
    Package,
    /// The end-to-end tests, against the release build served by the development console.
    E2e,
    /// What may differ between browser engines in the release build, in every one of them.
    Engines,
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

    /// How long it may take, with everything to be compiled: some times what it takes on two cores.
    fn limit(self) -> Duration {
        let minutes = match self {
            Self::E2e => 35,
            _ => 15,
        };
        Duration::from_secs(60 * minutes)
    }

    /// Whether it is run once in each engine, rather than once.
    fn is_per_engine(self) -> bool {
        matches!(self, Self::Browser | Self::Engines)
    }

    /// What it needs, beside the engine that it is run in.
    fn needs(self) -> Vec<Need> {
        let mut needs = match self {
            Self::Fmt | Self::Clippy | Self::Native => Vec::new(),
            Self::ClippyWasm => vec![Need::Wasm32],
            Self::Browser => vec![Need::Wasm32, Need::WasmBindgen],
            Self::Build => vec![Need::WasmOpt],
            // The release build may have to be made for them.
            Self::Package => vec![
                Need::WasmOpt,
                Need::NodePackages,
                Need::ExamplePackages,
                Need::Chromium,
                Need::Nginx,
            ],
            Self::E2e => vec![Need::WasmOpt, Need::NodePackages, Need::Chromium],
            Self::Engines => vec![Need::WasmOpt, Need::NodePackages],
        };
        if matches!(
            self,
            Self::Build | Self::Package | Self::E2e | Self::Engines
        ) {
            needs.extend(PAGE);
        }
        if self == Self::E2e {
            needs.extend(Example::ALL.into_iter().flat_map(Example::needs));
        }
        needs
    }
}

/// A step as it is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    step: Step,
    /// Where it is run, if it is one of those that are run in each engine.
    engine: Option<Engine>,
}

impl Run {
    fn needs(self) -> Vec<Need> {
        let mut needs = self.step.needs();
        needs.extend(self.engine.into_iter().flat_map(Engine::needs));
        needs
    }

    /// As it is called in what is printed: "fmt", "browser in Firefox".
    fn name(self) -> String {
        let step = self.step.name();
        match self.engine {
            Some(engine) => format!("{step} in {}", engine.title()),
            None => step,
        }
    }

    /// What to type to run just it.
    fn command(self) -> String {
        let step = self.step.name();
        let command = format!("cargo xtask test --only {step}");
        match self.engine {
            Some(engine) => format!("{command} --browser {}", engine.name()),
            None => command,
        }
    }

    fn run(self, project: &Project, ready: &Ready) -> Result<()> {
        const PAGE_PACKAGE: [&str; 2] = ["--package", "referral-history"];
        const DENY: [&str; 3] = ["--", "-D", "warnings"];
        let wasm32 = ["--target", setup::WASM32];
        match (self.step, self.engine) {
            (Step::Fmt, _) => process::run(project.cargo().args(["fmt", "--all", "--check"])),
            (Step::Clippy, _) => process::run(
                project
                    .cargo()
                    .args(["clippy", "--workspace", "--all-targets", "--locked"])
                    .args(DENY),
            ),
            (Step::ClippyWasm, _) => process::run(
                ready
                    .wasm_cargo(project)
                    .args(["clippy", "--all-targets", "--locked"])
                    .args(PAGE_PACKAGE)
                    .args(wasm32)
                    .args(DENY),
            ),
            (Step::Native, _) => {
                process::run(project.cargo().args(["test", "--workspace", "--locked"]))
            }
            (Step::Browser, engine) => {
                let mut cargo = ready.wasm_cargo(project);
                cargo
                    .args(["test", "--locked", "--test", "browser"])
                    .args(PAGE_PACKAGE)
                    .args(wasm32);
                if let Some(runner) = &ready.test_runner {
                    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
                }
                if let Some(engine) = engine {
                    engine.for_the_test_runner(&mut cargo, ready);
                    cargo = engine.with_display(cargo, ready);
                }
                process::run(&mut cargo)
            }
            (Step::Build, _) => {
                release::build(project, ready, release::PUBLIC_URL)?;
                sizes::check(&project.dist(), sizes::BUDGET)
            }
            (Step::Package, _) => package(project, ready),
            (Step::E2e, _) => end_to_end(project, ready),
            (Step::Engines, engine) => in_engine(project, ready, engine),
        }
    }
}

/// A command of Node's for tests of the release build, which is made.
fn node(project: &Project, ready: &Ready) -> Result<Command> {
    if !release::is_current(project) {
        say("dist/ is not the release build of what is here: building it.");
        release::build(project, ready, release::PUBLIC_URL)?;
    }
    let mut node = Command::new(ready.node.as_deref().unwrap_or("node".as_ref()));
    node.env("DIST", project.dist());
    Ok(node)
}

/// The same for tests behind the development console, which is made too.
fn node_tests(project: &Project, ready: &Ready) -> Result<Command> {
    let mut node = node(project, ready)?;
    process::run(
        project
            .cargo()
            .args(["build", "--package", "dev-console", "--locked"]),
    )?;
    node.env("DEV_CONSOLE", project.dev_console());
    Ok(node)
}

fn package(project: &Project, ready: &Ready) -> Result<()> {
    let mut node = node(project, ready)?;
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(project.package());
    // Not NGINX, in which an nginx that replaces another finds the sockets it is to take over.
    let programs = [("NGINX_PROGRAM", Need::Nginx), ("CHROMIUM", Need::Chromium)];
    for (variable, need) in programs {
        if let Some(program) = ready.program(need) {
            node.env(variable, program);
        }
    }
    process::run(&mut node)
}

fn end_to_end(project: &Project, ready: &Ready) -> Result<()> {
    let mut playwright = node_tests(project, ready)?;
    for example in Example::ALL {
        example.build(project, ready)?;
    }
    playwright
        .env("EXAMPLES", project.examples())
        // Playwright's program itself rather than npx: one process less between it and a Ctrl-C.
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(project.end_to_end());
    if let Some(chromium) = ready.program(Need::Chromium) {
        playwright.env("CHROMIUM", chromium);
    }
    process::run(&mut playwright)
}

fn in_engine(project: &Project, ready: &Ready, engine: Option<Engine>) -> Result<()> {
    let mut node = node_tests(project, ready)?;
    // The host that needs nothing to be built.
    Example::Html.build(project, ready)?;
    node.env("EXAMPLES", project.examples())
        .args(["--test", "--test-reporter=spec", "page.spec.mjs"])
        .current_dir(project.engines());
    if let Some(engine) = engine {
        engine.for_the_engine_tests(&mut node, ready);
        node = engine.with_display(node, ready);
    }
    process::run(&mut node)
}

/// Runs the chosen steps, or all of them, in the chosen engines, or all of them.
pub(crate) fn run(project: &Project, only: &[Step], browsers: &[Engine]) -> Result<()> {
    let runs = chosen(only, browsers);
    let mut times: Vec<(String, Duration)> = Vec::new();

    let start = Instant::now();
    let needs: BTreeSet<Need> = runs.iter().flat_map(|run| run.needs()).collect();
    heading("setup: what the tests need");
    let ready = setup::run(project, &needs)?;
    times.push(("setup".to_owned(), start.elapsed()));

    for (index, run) in runs.iter().enumerate() {
        let (name, title) = (run.name(), run.step.title());
        heading(&format!(
            "{name} ({} of {}): {title}",
            index + 1,
            runs.len()
        ));
        let start = Instant::now();
        let result = process::within(run.step.limit(), || run.run(project, &ready));
        let time = start.elapsed();
        times.push((name.clone(), time));
        if let Err(Failure(sentence)) = result {
            summary(&times);
            return Err(Failure::new(format!(
                "The step \"{name}\" failed: {sentence} To run just it: `{}`.",
                run.command()
            )));
        }
        say(format!("{name}: passed in {}", report::duration(time)));
    }
    summary(&times);
    say("\nEverything passed.");
    Ok(())
}

/// What was asked for, in its usual order and each once; all when nothing was.
fn chosen(only: &[Step], browsers: &[Engine]) -> Vec<Run> {
    let steps = picked(only).into_iter();
    steps
        .flat_map(|step| {
            let engines = if step.is_per_engine() {
                picked(browsers).into_iter().map(Some).collect()
            } else {
                vec![None]
            };
            engines.into_iter().map(move |engine| Run { step, engine })
        })
        .collect()
}

/// Those of all that are among the wanted, in the order of all; all when none is wanted.
fn picked<T: ValueEnum + Copy + PartialEq>(wanted: &[T]) -> Vec<T> {
    let all = T::value_variants().iter().copied();
    all.filter(|value| wanted.is_empty() || wanted.contains(value))
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
    let steps = Step::value_variants().iter().map(|step| {
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
        let all = Step::value_variants();
        assert_eq!(picked::<Step>(&[]), all);
        assert!(
            all.iter()
                .all(|step| chosen(&[], &[]).iter().any(|run| run.step == *step))
        );
        // Asked for twice and out of order: run once and in order.
        assert_eq!(
            picked(&[Step::E2e, Step::Fmt, Step::E2e]),
            [Step::Fmt, Step::E2e]
        );
    }

    #[test]
    fn steps_of_browsers_are_run_in_each_engine_and_others_once() {
        let names = |only: &[Step], browsers: &[Engine]| -> Vec<String> {
            let runs = chosen(only, browsers).into_iter();
            runs.map(Run::name).collect()
        };
        assert_eq!(
            names(&[Step::Browser, Step::Fmt], &[]),
            [
                "fmt",
                "browser in Chromium",
                "browser in Firefox",
                "browser in WebKit"
            ]
        );
        let only = [Step::Engines, Step::E2e];
        let browsers = [Engine::Webkit, Engine::Chromium, Engine::Webkit];
        assert_eq!(
            names(&only, &browsers),
            ["e2e", "engines in Chromium", "engines in WebKit"]
        );
    }

    #[test]
    fn what_failed_can_be_run_alone() {
        let commands: Vec<String> = chosen(&[Step::Native, Step::Browser], &[Engine::Webkit])
            .into_iter()
            .map(Run::command)
            .collect();
        assert_eq!(
            commands,
            [
                "cargo xtask test --only native",
                "cargo xtask test --only browser --browser webkit"
            ]
        );
    }

    #[test]
    fn quick_steps_ask_for_no_set_up() {
        assert!(Step::Fmt.needs().is_empty());
        assert!(Step::E2e.needs().contains(&Need::Chromium));
    }

    /// Whoever has only one engine can test in it.
    #[test]
    fn an_engine_that_is_not_chosen_is_not_set_up() {
        let needs = |browsers: &[Engine]| -> BTreeSet<Need> {
            let runs = chosen(&[], browsers).into_iter();
            runs.flat_map(Run::needs).collect()
        };
        let others = [
            Need::Firefox,
            Need::Geckodriver,
            Need::WebkitDriver,
            Need::Xvfb,
        ];
        let chromium = needs(&[Engine::Chromium]);
        assert!(chromium.contains(&Need::Chromedriver));
        assert!(others.iter().all(|other| !chromium.contains(other)));
        assert!(needs(&[]).is_superset(&needs(&[Engine::Firefox])));
        // What `cargo xtask setup` sets up is what all of them need.
        assert_eq!(needs(&[]), setup::Purpose::Test.needs());
    }
}
