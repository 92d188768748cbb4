//! The examples of other hosts, each built into a directory of `target/examples/`.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process;
use crate::project::Project;
use crate::report::say;
use crate::setup::{Need, PAGE, Tools};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Example {
    Html,
    React,
    Leptos,
}

impl Example {
    /// All examples, the quickest to build first.
    pub(crate) const ALL: [Self; 3] = [Self::Html, Self::React, Self::Leptos];

    /// The name of its directory and of its path in the console.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::React => "react",
            Self::Leptos => "leptos",
        }
    }

    pub(crate) fn needs(self) -> &'static [Need] {
        match self {
            Self::Html => &[],
            Self::React => &[Need::Node, Need::ExamplePackages],
            Self::Leptos => PAGE,
        }
    }

    pub(crate) fn build(self, project: &Project, tools: &Tools) -> Result<()> {
        let name = self.name();
        let source = format!("examples/{name}");
        let output = project.examples().join(name);
        say(format!("Building the example {name}…"));
        // If the build fails, the old example must not be served.
        let _ = fs::remove_dir_all(&output);
        let made = fs::create_dir_all(&output);
        match self {
            Self::Html => made
                .and_then(|()| copy(&project.root.join(&source), &output))
                .context("its files cannot be copied"),
            Self::React => process::run(
                tools
                    .node(project, &source)
                    .args(["node_modules/vite/bin/vite.js", "build", "--emptyOutDir"])
                    // By default Vite writes a file beside the packages to read its configuration. A
                    // running `trunk serve` would see that file and build again.
                    .args(["--configLoader", "native", "--logLevel", "warn", "--outDir"])
                    .arg(&output),
            ),
            Self::Leptos => process::run(
                tools
                    .trunk(project)
                    .args(["build", "--offline", "--skip-version-check", "--dist"])
                    .arg(&output)
                    .current_dir(project.root.join(&source)),
            ),
        }
        .with_context(|| format!("The example {name} does not build"))
    }
}

/// Copies the files of a directory.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory without an `Example` would be neither served nor tested.
    #[test]
    fn every_example_directory_is_built() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let entries = fs::read_dir(root.join("examples"))
            .into_iter()
            .flatten()
            .flatten();
        let directories = entries.filter(|entry| entry.path().is_dir());
        let mut found: Vec<_> = directories.map(|entry| entry.file_name()).collect();
        found.sort();
        assert_eq!(found, ["html", "leptos", "react"]);
    }
}
