//! Runs the steps of the tests in order, up to the first that fails.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::engine::Engine;
use crate::examples::Example;
use crate::project::Project;
use crate::report::{self, heading, say};
use crate::setup::{self, Need, PAGE_NEEDS, Tools};
use crate::{Failure, Result, process, release, sizes};

/// A step of the tests. The variants are in the order of execution.
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

    /// The time limit, several times what the step takes on two cores with a full compilation.
    fn limit(self) -> Duration {
        let minutes = match self {
            Self::E2e => 35,
            _ => 15,
        };
        Duration::from_secs(60 * minutes)
    }

    /// Whether the step runs once in each engine.
    fn is_per_engine(self) -> bool {
        matches!(self, Self::Browser | Self::Engines)
    }

    /// What the step needs, without the needs of the engine.
    fn needs(self) -> Vec<Need> {
        let mut needs = match self {
            Self::Fmt | Self::Clippy | Self::Native => Vec::new(),
            Self::ClippyWasm => vec![Need::Wasm32],
            Self::Browser => vec![Need::Wasm32, Need::WasmBindgen],
            Self::Build => vec![Need::WasmOpt],
            // The remaining steps may have to make the release build.
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
            needs.extend(PAGE_NEEDS);
        }
        if self == Self::E2e {
            needs.extend(Example::ALL.into_iter().flat_map(Example::needs));
        }
        needs
    }
}

/// One run of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    step: Step,
    /// The engine, for steps that run in each engine.
    engine: Option<Engine>,
}

impl Run {
    fn needs(self) -> Vec<Need> {
        let mut needs = self.step.needs();
        needs.extend(self.engine.into_iter().flat_map(Engine::needs));
        needs
    }

    /// The name in the output: "fmt", "browser in Firefox".
    fn name(self) -> String {
        let step = self.step.name();
        match self.engine {
            Some(engine) => format!("{step} in {}", engine.title()),
            None => step,
        }
    }

    /// The command that runs only this.
    fn command(self) -> String {
        let step = self.step.name();
        let command = format!("cargo xtask test --only {step}");
        match self.engine {
            Some(engine) => format!("{command} --browser {}", engine.name()),
            None => command,
        }
    }

    fn run(self, project: &Project, tools: &Tools) -> Result<()> {
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
                tools
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
                let mut cargo = tools.wasm_cargo(project);
                cargo
                    .args(["test", "--locked", "--test", "browser"])
                    .args(PAGE_PACKAGE)
                    .args(wasm32);
                if let Some(runner) = &tools.test_runner {
                    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
                }
                if let Some(engine) = engine {
                    engine.configure_test_runner(&mut cargo, tools);
                    cargo = engine.with_display(cargo, tools);
                }
                process::run(&mut cargo)
            }
            (Step::Build, _) => {
                release::build(project, tools, release::PUBLIC_URL)?;
                sizes::check(&project.dist(), sizes::BUDGET)
            }
            (Step::Package, _) => package_tests(project, tools),
            (Step::E2e, _) => end_to_end_tests(project, tools),
            (Step::Engines, engine) => engine_tests(project, tools, engine),
        }
    }
}

/// A Node command for tests of the release build. Builds that if it is not current.
fn node_command(project: &Project, tools: &Tools) -> Result<Command> {
    if !release::is_current(project) {
        say("dist/ is not the release build of what is here: building it.");
        release::build(project, tools, release::PUBLIC_URL)?;
    }
    let mut node = Command::new(tools.node.as_deref().unwrap_or("node".as_ref()));
    node.env("DIST", project.dist());
    Ok(node)
}

/// A Node command for tests that also use the development console. Builds that too.
fn node_command_with_console(project: &Project, tools: &Tools) -> Result<Command> {
    let mut node = node_command(project, tools)?;
    process::run(
        project
            .cargo()
            .args(["build", "--package", "dev-console", "--locked"]),
    )?;
    node.env("DEV_CONSOLE", project.dev_console());
    Ok(node)
}

fn package_tests(project: &Project, tools: &Tools) -> Result<()> {
    let mut node = node_command(project, tools)?;
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(project.package());
    // Not NGINX: nginx itself uses that variable, for sockets inherited from another nginx.
    let programs = [("NGINX_PROGRAM", Need::Nginx), ("CHROMIUM", Need::Chromium)];
    for (variable, need) in programs {
        if let Some(program) = tools.program(need) {
            node.env(variable, program);
        }
    }
    process::run(&mut node)
}

fn end_to_end_tests(project: &Project, tools: &Tools) -> Result<()> {
    let mut playwright = node_command_with_console(project, tools)?;
    for example in Example::ALL {
        example.build(project, tools)?;
    }
    playwright
        .env("EXAMPLES", project.examples())
        // Not npx, so that there is no process between Ctrl-C and Playwright.
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(project.end_to_end());
    if let Some(chromium) = tools.program(Need::Chromium) {
        playwright.env("CHROMIUM", chromium);
    }
    process::run(&mut playwright)
}

fn engine_tests(project: &Project, tools: &Tools, engine: Option<Engine>) -> Result<()> {
    let mut node = node_command_with_console(project, tools)?;
    // The only example that needs no tools.
    Example::Html.build(project, tools)?;
    node.env("EXAMPLES", project.examples())
        .args(["--test", "--test-reporter=spec", "page.spec.mjs"])
        .current_dir(project.engines());
    if let Some(engine) = engine {
        engine.configure_engine_tests(&mut node, tools);
        node = engine.with_display(node, tools);
    }
    process::run(&mut node)
}

/// Runs the chosen steps, or all of them, in the chosen engines, or all of them.
pub(crate) fn run(project: &Project, only: &[Step], browsers: &[Engine]) -> Result<()> {
    let runs = select_runs(only, browsers);
    let mut times: Vec<(String, Duration)> = Vec::new();

    let start = Instant::now();
    let needs: BTreeSet<Need> = runs.iter().flat_map(|run| run.needs()).collect();
    heading("setup: what the tests need");
    let tools = setup::run(project, &needs)?;
    times.push(("setup".to_owned(), start.elapsed()));

    for (index, run) in runs.iter().enumerate() {
        let (name, title) = (run.name(), run.step.title());
        heading(&format!(
            "{name} ({} of {}): {title}",
            index + 1,
            runs.len()
        ));
        let start = Instant::now();
        let result = process::with_deadline(run.step.limit(), || run.run(project, &tools));
        let time = start.elapsed();
        times.push((name.clone(), time));
        if let Err(Failure(sentence)) = result {
            print_times(&times);
            return Err(Failure::new(format!(
                "The step \"{name}\" failed: {sentence} To run just it: `{}`.",
                run.command()
            )));
        }
        say(format!("{name}: passed in {}", report::duration(time)));
    }
    print_times(&times);
    say("\nEverything passed.");
    Ok(())
}

/// The chosen steps and engines, in their usual order and without duplicates; all if none is chosen.
fn select_runs(only: &[Step], browsers: &[Engine]) -> Vec<Run> {
    let steps = select(only).into_iter();
    steps
        .flat_map(|step| {
            let engines = if step.is_per_engine() {
                select(browsers).into_iter().map(Some).collect()
            } else {
                vec![None]
            };
            engines.into_iter().map(move |engine| Run { step, engine })
        })
        .collect()
}

/// The wanted values in their usual order, without duplicates; all if none is wanted.
fn select<T: ValueEnum + Copy + PartialEq>(wanted: &[T]) -> Vec<T> {
    let all = T::value_variants().iter().copied();
    all.filter(|value| wanted.is_empty() || wanted.contains(value))
        .collect()
}

fn print_times(times: &[(String, Duration)]) {
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

/// The help text, with a list of the steps.
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
    fn all_steps_run_unless_some_are_named() {
        let all = Step::value_variants();
        assert_eq!(select::<Step>(&[]), all);
        assert!(
            all.iter()
                .all(|step| select_runs(&[], &[]).iter().any(|run| run.step == *step))
        );
        // Duplicates are removed, and the order is the usual one.
        assert_eq!(
            select(&[Step::E2e, Step::Fmt, Step::E2e]),
            [Step::Fmt, Step::E2e]
        );
    }

    #[test]
    fn browser_steps_run_in_each_engine_and_others_once() {
        let names = |only: &[Step], browsers: &[Engine]| -> Vec<String> {
            let runs = select_runs(only, browsers).into_iter();
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
    fn the_command_reruns_a_single_step() {
        let commands: Vec<String> = select_runs(&[Step::Native, Step::Browser], &[Engine::Webkit])
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
    fn quick_steps_need_no_set_up() {
        assert!(Step::Fmt.needs().is_empty());
        assert!(Step::E2e.needs().contains(&Need::Chromium));
    }

    /// Users with only one engine can still test in it.
    #[test]
    fn an_engine_that_is_not_chosen_is_not_set_up() {
        let needs = |browsers: &[Engine]| -> BTreeSet<Need> {
            let runs = select_runs(&[], browsers).into_iter();
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
        // `cargo xtask setup` sets up exactly what all runs need.
        assert_eq!(needs(&[]), setup::Purpose::Test.needs());
    }
}
