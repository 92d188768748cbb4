//! The examples of other hosts, each built into a directory of `target/examples/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::process::run;
use crate::project::Project;
use crate::setup::{self, Need};

/// Builds all examples, the one that needs Node.js last: `serve` does without it.
pub(crate) fn build(project: &Project) -> Result<()> {
    build_html(project)?;
    let output = empty(project, "leptos")?;
    let mut trunk = setup::trunk(project)?;
    trunk
        .args(["build", "--offline", "--dist"])
        .arg(output)
        .current_dir(project.root.join("examples/leptos"));
    run(&mut trunk).context("The example leptos does not build")?;

    setup::set_up(project, [Need::Packages("examples/react")])?;
    let output = empty(project, "react")?;
    let mut vite = project.node("examples/react");
    vite.args(["node_modules/vite/bin/vite.js", "build", "--emptyOutDir"])
        // By default Vite writes a file beside the packages to read its configuration. A running
        // `trunk serve` would see that file and build again.
        .args(["--configLoader", "native", "--logLevel", "warn", "--outDir"])
        .arg(output);
    run(&mut vite).context("The example react does not build")
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
pub(crate) fn build_routers(project: &Project) -> Result<()> {
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
