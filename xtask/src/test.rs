//! The tests: a list of steps, run in order up to the first that fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use crate::engine::Engine;
use crate::examples::Example;
use crate::process::{self, Program, run};
use crate::project::Project;
use crate::report::{self, heading, say};
use crate::setup::{self, Need, PAGE, RELEASE, Tools, WASM32};
use crate::{release, sizes};

struct Step {
    name: &'static str,
    about: &'static str,
    /// Without the needs of an engine.
    needs: &'static [&'static [Need]],
    run: Action,
}

enum Action {
    Once(fn(&mut Context<'_>) -> Result<()>),
    InEachEngine(fn(&mut Context<'_>, Engine) -> Result<()>),
}
use Action::{InEachEngine, Once};

const fn step(
    name: &'static str,
    about: &'static str,
    needs: &'static [&'static [Need]],
    run: Action,
) -> Step {
    Step {
        name,
        about,
        needs,
        run,
    }
}

/// All steps. What shows a mistake soonest comes first.
#[rustfmt::skip]
const STEPS: [Step; 9] = [
    step("fmt", "The code is formatted", &[],
        Once(|context| run(context.project.cargo().args(["fmt", "--all", "--check"])))),
    step("clippy", "Everything compiles for the host, and Clippy finds nothing in it", &[],
        Once(|context| run(lint(context.project.cargo().args(["build", "--workspace", "--all-targets"]))))),
    step("native", "The tests that need no browser, and the examples in the documentation", &[],
        Once(|context| run(lint(context.project.cargo().args(["test", "--workspace"]))))),
    step("clippy-wasm", "The page and its tests compile for wasm32, and Clippy finds nothing in them", &[&[Need::Target]],
        Once(|context| run(lint(context.project.cargo().args(["build", "--all-targets"]).args(PAGE_PACKAGE))))),
    step("browser", "The tests of the components, in every browser engine", &[&[Need::Target, Need::WasmBindgen]],
        InEachEngine(browser_tests)),
    step("build", "The release build, within its size budget", &[PAGE, RELEASE],
        Once(release_build)),
    step("package", "The package as npm, TypeScript and Vite take it, and the release build behind nginx",
        &[PAGE, RELEASE, &[Need::TestPackages, Need::ExamplePackages, Need::Chromium, Need::Nginx]],
        Once(package_tests)),
    step("e2e", "The end-to-end tests, against the release build served by the development console",
        &[PAGE, RELEASE, &[Need::TestPackages, Need::ExamplePackages, Need::Chromium]],
        Once(end_to_end_tests)),
    step("engines", "What may differ between browser engines in the release build, in every one of them",
        &[PAGE, RELEASE, &[Need::TestPackages]],
        InEachEngine(engine_tests)),
];

const PAGE_PACKAGE: [&str; 4] = ["--package", "referral-history", "--target", WASM32];

#[derive(Args)]
pub(crate) struct Options {
    /// Run only the step of this name; may be given several times. Steps keep their usual order.
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(
        STEPS.iter().map(|step| PossibleValue::new(step.name).help(step.about))
    ))]
    only: Vec<String>,
    /// Run what is run in every browser engine only in this one; may be given several times.
    #[arg(long, value_name = "BROWSER", value_enum)]
    browser: Vec<Engine>,
}

/// What the steps share.
struct Context<'a> {
    project: &'a Project,
    tools: Tools,
    /// The release build, while it is made beside other steps.
    release: Option<Program>,
}

/// Makes a cargo command compile the workspace with Clippy's compiler, and fail where that finds something.
/// `cargo clippy` would only check, and the tests compile all crates a second time. Clippy's compiler does
/// not optimize as usual, which does not matter to these tests.
fn lint(cargo: &mut Command) -> &mut Command {
    // The second variable is how `cargo clippy -- -Dwarnings` tells it.
    cargo
        .arg("--locked")
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-Dwarnings")
}

fn browser_tests(context: &mut Context<'_>, engine: Engine) -> Result<()> {
    let Context { project, tools, .. } = context;
    let mut cargo = engine.command(project.cargo().get_program(), tools);
    lint(&mut cargo)
        .args(["test", "--test", "browser"])
        .args(PAGE_PACKAGE)
        .current_dir(&project.root);
    if let Some(runner) = tools.program(Need::WasmBindgen) {
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    }
    // Seconds for all tests together. The default, 20, is short beside the release build.
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    engine.configure_test_runner(&mut cargo, tools);
    run(&mut cargo)
}

fn release_build(context: &mut Context<'_>) -> Result<()> {
    let Context {
        project,
        tools,
        release,
    } = context;
    if let Some(build) = release.take() {
        let built = build.wait(process::LIMIT, |_| ());
        say(fs::read_to_string(project.scratch("release.log")).unwrap_or_default());
        built?;
        release::finish(project, release::PUBLIC_URL)?;
    } else {
        release::build(project, tools, release::PUBLIC_URL)?;
    }
    sizes::check(&project.dist(), sizes::BUDGET)
}

fn package_tests(context: &mut Context<'_>) -> Result<()> {
    context.ensure_release()?;
    let mut node = context.tools.node(context.project, "tests/package");
    node.args(["--test", "--test-reporter=spec"])
        .env("DIST", context.project.dist());
    // Not NGINX: nginx itself uses that variable, for sockets inherited from another nginx.
    for (variable, need) in [("NGINX_PROGRAM", Need::Nginx), ("CHROMIUM", Need::Chromium)] {
        if let Some(program) = context.tools.program(need) {
            node.env(variable, program);
        }
    }
    run(&mut node)
}

fn end_to_end_tests(context: &mut Context<'_>) -> Result<()> {
    context.ensure_served(&Example::ALL)?;
    let mut playwright = context.tools.node(context.project, "tests/e2e");
    // Not npx, so that there is no process between Ctrl-C and Playwright.
    playwright.args(["node_modules/@playwright/test/cli.js", "test"]);
    if let Some(chromium) = context.tools.program(Need::Chromium) {
        playwright.env("CHROMIUM", chromium);
    }
    run(context.name_served(&mut playwright))
}

fn engine_tests(context: &mut Context<'_>, engine: Engine) -> Result<()> {
    // The only example that needs no tools.
    context.ensure_served(&[Example::Html])?;
    let directory = context.project.root.join("tests/engines");
    let mut node = engine.command(
        context.tools.node(context.project, "").get_program(),
        &context.tools,
    );
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(spec_files(&directory))
        .current_dir(directory);
    engine.configure_engine_tests(&mut node, &context.tools);
    run(context.name_served(&mut node))
}

/// The names of a directory's test files. Only later versions of Node.js find them by a pattern.
fn spec_files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".spec.mjs")).collect()
}

impl Context<'_> {
    /// Starts the release build beside the steps that follow: its last part, the optimization of the whole
    /// program, keeps only one core busy.
    fn start_release(&mut self) -> Result<()> {
        let mut command = release::command(self.project, &self.tools, release::PUBLIC_URL);
        process::log_to(&mut command, &self.project.scratch("release.log"))?;
        self.release = Some(Program::start(&mut command)?);
        Ok(())
    }

    fn ensure_release(&self) -> Result<()> {
        if release::is_current(self.project) {
            return Ok(());
        }
        say("dist/ is not the release build of what is here: building it.");
        release::build(self.project, &self.tools, release::PUBLIC_URL)
    }

    /// Builds what the development console serves, and the console.
    fn ensure_served(&self, examples: &[Example]) -> Result<()> {
        self.ensure_release()?;
        run(lint(&mut self.project.build_console()))?;
        examples
            .iter()
            .try_for_each(|example| example.build(self.project, &self.tools))
    }

    /// Tells tests where that is.
    fn name_served<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        tests
            .env("DIST", self.project.dist())
            .env("DEV_CONSOLE", self.project.dev_console())
            .env("EXAMPLES", self.project.examples())
    }
}

/// A step, and the engine that it runs in if it runs in each.
type Run = (&'static Step, Option<Engine>);

/// The chosen steps and engines, or all of them, in their usual order and without duplicates.
fn select(only: &[&str], browsers: &[Engine]) -> Vec<Run> {
    let engines = Engine::value_variants().iter().copied();
    let engines = engines.filter(|engine| browsers.is_empty() || browsers.contains(engine));
    let engines: Vec<_> = engines.map(Some).collect();
    let steps = STEPS
        .iter()
        .filter(|step| only.is_empty() || only.contains(&step.name));
    steps
        .flat_map(|step| {
            let in_each = matches!(step.run, InEachEngine(_));
            let engines = if in_each { &engines[..] } else { &[None] };
            engines.iter().map(move |engine| (step, *engine))
        })
        .collect()
}

fn needs(runs: &[Run]) -> BTreeSet<Need> {
    let steps = runs.iter().flat_map(|(step, _)| step.needs.concat());
    let engines = runs
        .iter()
        .filter_map(|(_, engine)| *engine)
        .flat_map(Engine::needs);
    steps.chain(engines).collect()
}

/// What all steps need in all engines.
pub(crate) fn all_needs() -> BTreeSet<Need> {
    needs(&select(&[], &[]))
}

/// The name of a run in the output and on the command line.
fn name((step, engine): Run) -> String {
    let engine = engine.map(|engine| format!(" --browser {}", engine.name()));
    step.name.to_owned() + &engine.unwrap_or_default()
}

/// Runs the chosen steps.
pub(crate) fn run_steps(project: &Project, options: &Options) -> Result<()> {
    let only: Vec<&str> = options.only.iter().map(String::as_str).collect();
    let runs = select(&only, &options.browser);
    let start = Instant::now();
    heading("setup");
    let tools = setup::run(project, &needs(&runs))?;
    let mut context = Context {
        project,
        tools,
        release: None,
    };
    let mut times = vec![("setup".to_owned(), start.elapsed())];
    let builds = runs.iter().any(|(step, _)| step.name == "build");

    for (index, (step, engine)) in runs.iter().enumerate() {
        let name = name((step, *engine));
        heading(&format!(
            "{name} ({} of {}): {}",
            index + 1,
            runs.len(),
            step.about
        ));
        let start = Instant::now();
        if step.name == "browser" && builds && context.release.is_none() {
            context.start_release()?;
        }
        let result = match step.run {
            Once(run) => run(&mut context),
            InEachEngine(run) => run(&mut context, engine.unwrap_or(Engine::Chromium)),
        };
        times.push((name.clone(), start.elapsed()));
        if result.is_err() {
            print_times(&times);
        }
        result.with_context(|| format!("To run just this: `cargo xtask test --only {name}`"))?;
        say(format!(
            "{name}: passed in {}",
            report::duration(start.elapsed())
        ));
    }
    print_times(&times);
    say("\nEverything passed.");
    Ok(())
}

fn print_times(times: &[(String, Duration)]) {
    let row = |name: &str, time: Duration| [name.to_owned(), format!("{:.1}", time.as_secs_f64())];
    let mut rows = vec![["step", "seconds"].map(str::to_owned)];
    rows.extend(times.iter().map(|(name, time)| row(name, *time)));
    rows.push(row("all", times.iter().map(|(_, time)| *time).sum()));
    heading("times");
    for line in report::table(&rows) {
        say(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], browsers: &[Engine]) -> Vec<String> {
        select(only, browsers).into_iter().map(name).collect()
    }

    #[test]
    fn all_steps_run_unless_some_are_named() {
        assert_eq!(names(&[], &[Engine::Chromium]).len(), STEPS.len());
        // Duplicates are removed, and the order is the usual one.
        assert_eq!(names(&["e2e", "fmt", "e2e"], &[]), ["fmt", "e2e"]);
        assert_eq!(
            names(&["browser"], &[]),
            [
                "browser --browser chromium",
                "browser --browser firefox",
                "browser --browser webkit"
            ]
        );
        assert_eq!(
            names(&["engines"], &[Engine::Webkit]),
            ["engines --browser webkit"]
        );
    }

    /// Users with only one engine can still test in it.
    #[test]
    fn only_what_is_chosen_is_set_up() {
        assert!(needs(&select(&["fmt", "native"], &[])).is_empty());
        let chromium = needs(&select(&[], &[Engine::Chromium]));
        assert!(chromium.contains(&Need::Chromedriver));
        for other in [
            Need::Firefox,
            Need::Geckodriver,
            Need::WebkitDriver,
            Need::Xvfb,
        ] {
            assert!(!chromium.contains(&other), "{other:?}");
        }
        assert!(all_needs().is_superset(&chromium) && all_needs().contains(&Need::Geckodriver));
        assert!(!PAGE.contains(&Need::Node), "serving needs no Node.js");
    }

    #[test]
    fn the_engine_tests_are_found() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/engines");
        assert!(!spec_files(directory.as_ref()).is_empty());
    }
}
