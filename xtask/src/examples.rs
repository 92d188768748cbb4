//! The examples of other hosts, each built into a directory of `target/examples/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::process::{Running, run};
use crate::project::Project;
use crate::setup::{self, Need};

/// The Node packages of all examples: one workspace.
pub(crate) const PACKAGES: Need = Need::Packages("examples");

/// The examples that Vite builds.
const WITH_VITE: [&str; 5] = ["react", "react-18", "solid", "svelte", "vue"];

/// Starts to build what the end-to-end tests open.
pub(crate) fn start(project: &Project) -> Result<Running> {
    // Not this program itself: cargo may have replaced its file since it was started.
    Running::start(
        project
            .cargo()
            .args(["xtask", "examples", "--with-routers"]),
    )
}

/// Builds what the end-to-end tests open.
pub(crate) fn build_all(project: &Project) -> Result<()> {
    build(project)?;
    build_routers(project)
}

/// Builds all examples, those that need Node.js last: `serve` does without it.
pub(crate) fn build(project: &Project) -> Result<()> {
    build_html(project)?;
    let output = empty(project, "leptos")?;
    let mut trunk = setup::trunk(project)?;
    trunk
        .args(["build", "--offline", "--dist"])
        .arg(output)
        .current_dir(project.root.join("examples/leptos"));
    run(&mut trunk).context("The example leptos does not build")?;

    setup::set_up(project, [PACKAGES])?;
    for example in WITH_VITE {
        build_with_vite(project, example)?;
    }
    build_angular(project)
}

fn build_with_vite(project: &Project, example: &str) -> Result<()> {
    let output = empty(project, example)?;
    let mut vite = project.node(&format!("examples/{example}"));
    vite.args(["../node_modules/vite/bin/vite.js", "build"])
        // By default Vite writes a file beside the packages to read its configuration. A running
        // `trunk serve` would see that file and build again.
        .args(["--emptyOutDir", "--configLoader", "native"])
        .args(["--logLevel", "warn", "--outDir"])
        .arg(output);
    run(&mut vite).with_context(|| format!("The example {example} does not build"))
}

/// Builds the example of Angular, whose configuration says where its output goes.
fn build_angular(project: &Project) -> Result<()> {
    empty(project, "angular")?;
    let mut ng = project.node("examples/angular");
    ng.args(["../node_modules/@angular/cli/bin/ng.js", "build"])
        .arg("--progress=false");
    run(&mut ng).context("The example angular does not build")
}

/// Builds the only example that needs no tools.
pub(crate) fn build_html(project: &Project) -> Result<()> {
    let output = empty(project, "html")?;
    for entry in fs::read_dir(project.root.join("examples/html"))? {
        let entry = entry?;
        fs::copy(entry.path(), output.join(entry.file_name()))?;
    }
    Ok(())
}

/// Builds the hosts of `tests/routers/`, which only the end-to-end tests open.
fn build_routers(project: &Project) -> Result<()> {
    println!("Building the hosts with routers…");
    let mut node = project.node("tests/routers");
    node.arg("build.mjs").arg(project.routers());
    run(&mut node).context("The hosts with routers do not build")
}

/// The directory of an example's files, without the old ones: if the build fails, they must not be served.
fn empty(project: &Project, example: &str) -> Result<PathBuf> {
    println!("Building the example {example}…");
    let directory = project.examples().join(example);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory)?;
    Ok(directory)
}
