//! The tests: a list of steps, run in order up to the first that fails.

use std::fs::{self, File};
use std::path::{self, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use crate::engine::Engine;
use crate::process::{Running, run};
use crate::project::Project;
use crate::setup::{self, Need, RELEASE, WASM32};
use crate::system::{CHROMIUM, HEADLESS_CHROMIUM, NGINX};
use crate::{examples, release, sizes};

struct Step {
    name: &'static str,
    about: &'static str,
    needs: &'static [Need],
    /// Whether it runs in every chosen engine, and needs these too.
    in_engines: bool,
    run: fn(&mut Context<'_>) -> Result<()>,
}

/// All steps. What shows a mistake soonest comes first.
const STEPS: [Step; 10] = [
    Step {
        name: "fmt",
        about: "The code is formatted",
        needs: &[],
        in_engines: false,
        run: |context| run(context.project.cargo().args(["fmt", "--all", "--check"])),
    },
    Step {
        name: "deny",
        about: "The licences, versions and sources of the crates are those that deny.toml allows",
        needs: &[Need::CargoDeny],
        in_engines: false,
        run: check_crates,
    },
    Step {
        name: "clippy",
        about: "Everything compiles for the host, and Clippy finds nothing in it",
        needs: &[],
        in_engines: false,
        run: |context| cargo(context, &["build", "--workspace", "--all-targets"]),
    },
    Step {
        name: "native",
        about: "The tests that need no browser, and the examples in the documentation",
        needs: &[],
        in_engines: false,
        run: |context| cargo(context, &["test", "--workspace"]),
    },
    Step {
        name: "clippy-wasm",
        about: "The page and its tests compile for wasm32, and Clippy finds nothing in them",
        needs: &[Need::Target],
        in_engines: false,
        run: |context| {
            cargo(
                context,
                &[&["build", "--all-targets"], PAGE_PACKAGE].concat(),
            )
        },
    },
    Step {
        name: "browser",
        about: "The tests of the components, in every browser engine",
        needs: &[Need::Page],
        in_engines: true,
        run: browser_tests,
    },
    Step {
        name: BUILD,
        about: "The release build, within its size budget",
        needs: &RELEASE,
        in_engines: false,
        run: release_build,
    },
    Step {
        name: "package",
        about: "The package as npm, TypeScript, bundlers and frameworks take it, and the release build behind nginx",
        needs: &[
            TEST_PACKAGES,
            BUNDLERS,
            examples::PACKAGES,
            Need::BlockerLists,
            Need::Program(&HEADLESS_CHROMIUM),
            Need::Program(&NGINX),
        ],
        in_engines: false,
        run: package_tests,
    },
    Step {
        name: "e2e",
        about: "The end-to-end tests, against the release build served by the development console",
        needs: &[
            TEST_PACKAGES,
            examples::PACKAGES,
            ROUTER_PACKAGES,
            Need::Program(&CHROMIUM),
            Need::Program(&HEADLESS_CHROMIUM),
        ],
        in_engines: false,
        run: end_to_end_tests,
    },
    Step {
        name: "engines",
        about: "What may differ between browser engines in the release build, in every one of them",
        needs: &[TEST_PACKAGES],
        in_engines: true,
        run: engine_tests,
    },
];

/// The step that makes the release build, which all later steps test.
const BUILD: &str = "build";

const TEST_PACKAGES: Need = Need::Packages("tests/e2e");
const BUNDLERS: Need = Need::Packages("tests/package");
const ROUTER_PACKAGES: Need = Need::Packages("tests/routers");

const PAGE_PACKAGE: &[&str] = &["--package", "referral-history", "--target", WASM32];

#[derive(Args)]
pub(crate) struct Options {
    /// Run only the step of this name; may be given several times. Steps keep their usual order, and those that
    /// test the release build make it first.
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(
        STEPS.iter().map(|step| PossibleValue::new(step.name).help(step.about))
    ))]
    only: Vec<String>,
    /// Run what is run in every browser engine only in this one; may be given several times.
    #[arg(long, value_name = "BROWSER", value_enum)]
    browser: Vec<Engine>,
}

#[derive(Args)]
pub(crate) struct BenchOptions {
    /// How often each view and each interaction is measured; the table has medians.
    #[arg(long, default_value_t = 5)]
    runs: u8,
    /// Also write the medians to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What the steps share.
struct Context<'a> {
    project: &'a Project,
    engines: Vec<Engine>,
    /// The release build, while it is made beside other steps.
    release: Option<Running>,
    /// The examples and the hosts with routers, while they are built beside other steps.
    hosts: Option<Running>,
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

fn cargo(context: &Context<'_>, arguments: &[&str]) -> Result<()> {
    run(lint(context.project.cargo().args(arguments)))
}

fn check_crates(context: &mut Context<'_>) -> Result<()> {
    let project = context.project;
    let check = ["check", "--deny", "warnings"];
    run(setup::cargo_deny(project)
        .args(check)
        .args(["licenses", "bans", "sources"]))?;
    // Its database is a repository of its own. Where that cannot be reached, no change here is at fault.
    if let Err(error) = run(setup::cargo_deny(project).args(["fetch", "db"])) {
        println!(
            "ADVISORIES NOT CHECKED: the database of advisories cannot be had here ({error:#})."
        );
        return Ok(());
    }
    run(setup::cargo_deny(project)
        .arg("--offline")
        .args(check)
        .arg("advisories"))
}

fn browser_tests(context: &mut Context<'_>) -> Result<()> {
    let project = context.project;
    let runner = setup::wasm_bindgen_test_runner(project)?;
    in_each_engine(context, "browser", |engine| {
        let mut cargo = engine.command(project, project.cargo().get_program());
        lint(&mut cargo)
            .args(["test", "--test", "browser"])
            .args(PAGE_PACKAGE)
            .current_dir(&project.root)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
            // Seconds for all tests together. The default, 20, is short beside the release build.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        cargo
    })
}

/// Runs a step's tests in all chosen engines at once: for a good part of their time they wait. What each says is
/// kept until those before it have ended, so that the engines do not talk at the same time.
fn in_each_engine(
    context: &Context<'_>,
    step: &str,
    command: impl Fn(Engine) -> Command,
) -> Result<()> {
    let directory = context.project.root.join("target/xtask");
    fs::create_dir_all(&directory)?;
    let start = |engine: Engine| {
        let output = directory.join(format!("{step}-{engine:?}.txt"));
        let file = File::create(&output)?;
        let mut command = command(engine);
        command.stdout(file.try_clone()?).stderr(file);
        Ok((engine, output, Running::start(&mut command)?))
    };
    let running: Result<Vec<_>> = context.engines.iter().copied().map(start).collect();
    for (engine, output, tests) in running? {
        let result = tests.wait();
        println!("-- {engine:?} --\n{}", fs::read_to_string(output)?);
        result.with_context(|| format!("The tests in {engine:?}"))?;
    }
    Ok(())
}

fn release_build(context: &mut Context<'_>) -> Result<()> {
    let project = context.project;
    let build = match context.release.take() {
        Some(build) => build,
        None => release::start(project, release::PUBLIC_URL)?,
    };
    release::finish(project, build, sizes::BUDGET)
}

fn package_tests(context: &mut Context<'_>) -> Result<()> {
    let mut node = context.project.node("tests/package");
    run(lint(&mut context.project.build_console()))?;
    node.args(["--test", "--test-reporter=spec"])
        // On two cores it would run one file after the other. Some wait for most of their time.
        .arg("--test-concurrency=3")
        .env("DIST", context.project.dist())
        .env("DEV_CONSOLE", &context.project.dev_console)
        .env("CONTRACT", &context.project.contract)
        .env("CHROMIUM", HEADLESS_CHROMIUM.path())
        // Not NGINX: nginx itself uses that variable, for sockets inherited from another nginx.
        .env("NGINX_PROGRAM", NGINX.path());
    if let Some(lists) = setup::blocker_lists(context.project) {
        node.env("BLOCKER_LISTS", lists);
    }
    run(&mut node)
}

fn end_to_end_tests(context: &mut Context<'_>) -> Result<()> {
    match context.hosts.take() {
        Some(hosts) => hosts.wait()?,
        None => examples::build_all(context.project)?,
    }
    let mut playwright = context.project.node("tests/e2e");
    playwright
        // Not npx, so that there is no process between Ctrl-C and Playwright.
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("ROUTERS", context.project.routers())
        .env("CHROMIUM", CHROMIUM.path())
        .env("HEADLESS_CHROMIUM", HEADLESS_CHROMIUM.path());
    run_against_console(context.project, &mut playwright)
}

fn engine_tests(context: &mut Context<'_>) -> Result<()> {
    let project = context.project;
    examples::build_html(project)?;
    run(lint(&mut project.build_console()))?;
    in_each_engine(context, "engines", |engine| {
        let mut node = engine.command(project, "node".as_ref());
        node.args(["--test", "--test-reporter=spec", "page.spec.mjs"])
            .current_dir(project.root.join("tests/engines"));
        with_console(project, &mut node);
        node
    })
}

/// Runs tests that start the development console, which is compiled first.
fn run_against_console(project: &Project, tests: &mut Command) -> Result<()> {
    run(lint(&mut project.build_console()))?;
    with_console(project, tests);
    run(tests)
}

/// Tells tests where what they serve is.
fn with_console(project: &Project, tests: &mut Command) {
    tests
        .env("DIST", project.dist())
        .env("DEV_CONSOLE", &project.dev_console)
        .env("EXAMPLES", project.examples());
}

/// What the benchmark needs.
pub(crate) fn bench_needs() -> Vec<Need> {
    let own = [TEST_PACKAGES, Need::Program(&HEADLESS_CHROMIUM)];
    RELEASE.into_iter().chain(own).collect()
}

/// Measures the release build in a browser.
pub(crate) fn bench(project: &Project, options: &BenchOptions) -> Result<()> {
    let mut node = project.node("tests/e2e");
    node.arg("bench.mjs")
        .args(["--runs", &options.runs.to_string()])
        .env("HEADLESS_CHROMIUM", HEADLESS_CHROMIUM.path());
    if let Some(json) = &options.json {
        node.arg("--json").arg(path::absolute(json)?);
    }
    run_against_console(project, &mut node)
}

/// The chosen steps in their usual order, or all. The release build is made before what tests it.
fn select(only: &[String]) -> Vec<&'static Step> {
    let is_chosen = |step: &Step| only.is_empty() || only.iter().any(|name| name == step.name);
    let build = STEPS.iter().position(|step| step.name == BUILD);
    let needs_build = STEPS.iter().rposition(is_chosen) > build;
    STEPS
        .iter()
        .filter(|step| is_chosen(step) || (step.name == BUILD && needs_build))
        .collect()
}

fn needs(steps: &[&Step], engines: &[Engine]) -> Vec<Need> {
    let of_steps = steps.iter().flat_map(|step| step.needs.iter().copied());
    let in_engines = steps.iter().any(|step| step.in_engines);
    let engines = if in_engines { engines } else { &[] };
    let of_engines = engines.iter().copied().flat_map(Engine::needs);
    of_steps.chain(of_engines).collect()
}

/// What all steps need in all engines.
pub(crate) fn all_needs() -> Vec<Need> {
    needs(&select(&[]), Engine::value_variants())
}

/// Runs the chosen steps.
pub(crate) fn run_steps(project: &Project, options: &Options) -> Result<()> {
    let steps = select(&options.only);
    let mut engines = Engine::value_variants().to_vec();
    engines.retain(|engine| options.browser.is_empty() || options.browser.contains(engine));
    let first = Instant::now();
    setup::set_up(project, needs(&steps, &engines))?;
    let mut context = Context {
        project,
        engines,
        release: None,
        hosts: None,
    };
    let includes = |name| steps.iter().any(|step| step.name == name);
    let mut times = vec![("setup", first.elapsed())];
    let mut result = Ok(());
    for (index, step) in steps.iter().enumerate() {
        let Step { name, about, .. } = step;
        println!("\n== {name} ({} of {}): {about} ==", index + 1, steps.len());
        let start = Instant::now();
        // Beside tests that leave a core free for a part of their time.
        if ["native", "browser"].contains(name) && includes(BUILD) && context.release.is_none() {
            context.release = Some(release::start(project, release::PUBLIC_URL)?);
        } else if *name == "package" && includes("e2e") {
            context.hosts = Some(examples::start(project)?);
        }
        result = (step.run)(&mut context)
            .with_context(|| format!("To run just this: `cargo xtask test --only {name}`"));
        times.push((name, start.elapsed()));
        if result.is_err() {
            break;
        }
    }
    times.push(("all", first.elapsed()));
    println!("\n== seconds ==");
    for (name, time) in times {
        println!("{name:<12}{:>8.1}", time.as_secs_f64());
    }
    result?;
    println!("\nEverything passed.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &[&str]) -> Vec<&'static Step> {
        select(&only.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn all_steps_run_unless_some_are_named() {
        let name = |step: &Step| step.name;
        let names = |only| Vec::from_iter(chosen(only).into_iter().map(name));
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["browser", "fmt", "browser"]), ["fmt", "browser"]);
        assert_eq!(names(&["e2e"]), [BUILD, "e2e"]);
    }

    /// Users with only one engine can still test in it.
    #[test]
    fn only_what_is_chosen_is_set_up() {
        assert!(needs(&chosen(&["fmt", "native"]), Engine::value_variants()).is_empty());
        let chromium = needs(&select(&[]), &[Engine::Chromium]);
        assert!(
            Engine::Chromium
                .needs()
                .iter()
                .all(|need| chromium.contains(need))
        );
        for other in [Engine::Firefox, Engine::Webkit] {
            assert!(!other.needs().iter().any(|need| chromium.contains(need)));
            assert!(other.needs().iter().all(|need| all_needs().contains(need)));
        }
    }
}
