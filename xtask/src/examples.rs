//! The examples of other hosts, built into `target/examples/`, a directory each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::report::say;
use crate::setup::{Need, PAGE, Ready};
use crate::{Failure, Result, process, release};

/// A host in `examples/`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Example {
    Html,
    React,
    Leptos,
}

impl Example {
    /// All of them, those first that are built sooner.
    pub(crate) const ALL: [Self; 3] = [Self::Html, Self::React, Self::Leptos];

    /// The name of its directory, and of its place in the console.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::React => "react",
            Self::Leptos => "leptos",
        }
    }

    pub(crate) fn needs(self) -> Vec<Need> {
        match self {
            Self::Html => Vec::new(),
            Self::React => vec![Need::ExamplePackages],
            Self::Leptos => PAGE.to_vec(),
        }
    }

    /// What it is made from.
    fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["examples/html"],
            // Not the whole directory: its packages are in it too.
            Self::React => &[
                "examples/react/index.html",
                "examples/react/package.json",
                "examples/react/package-lock.json",
                "examples/react/src",
                "examples/react/vite.config.js",
            ],
            Self::Leptos => &[
                "Cargo.lock",
                "Cargo.toml",
                "examples/leptos",
                "rust-toolchain.toml",
                "src",
                "style",
            ],
        }
    }

    fn source(self, project: &Project) -> PathBuf {
        project.root.join("examples").join(self.name())
    }

    /// Builds it, unless that was done since its inputs have changed.
    pub(crate) fn build(self, project: &Project, ready: &Ready) -> Result<()> {
        let name = self.name();
        let place = project.examples().join(name);
        // Outside of what is served.
        let note = project.scratch().join(format!("example-{name}"));
        if place.join("index.html").is_file() && release::is_newest(&note, project, self.inputs()) {
            say(format!("The example {name} is built already."));
            return Ok(());
        }
        say(format!("Building the example {name}…"));
        let _ = fs::remove_file(&note);
        // One that does not build must not be seen as it was.
        let _ = fs::remove_dir_all(&place);
        match self {
            Self::Html => copy(&self.source(project), &place),
            Self::React => process::run(
                Command::new(ready.node.as_deref().unwrap_or("node".as_ref()))
                    .args(["node_modules/vite/bin/vite.js", "build", "--emptyOutDir"])
                    // The usual way to read the configuration writes a file beside the packages: trunk,
                    // which serves the page meanwhile, would see it and build.
                    .args(["--configLoader", "native"])
                    .args(["--logLevel", "warn", "--outDir"])
                    .arg(&place)
                    .current_dir(self.source(project)),
            ),
            Self::Leptos => fs::create_dir_all(&place)
                .map_err(|error| cannot_make(&place, &error))
                .and_then(|()| {
                    process::run(
                        ready
                            .trunk(project)
                            .args(["build", "--offline", "--skip-version-check", "--dist"])
                            .arg(&place)
                            .current_dir(self.source(project)),
                    )
                }),
        }
        .map_err(|Failure(sentence)| {
            Failure::new(format!("The example {name} does not build: {sentence}"))
        })?;
        // Without the note it is only built once more.
        let _ = fs::create_dir_all(project.scratch()).and_then(|()| fs::write(&note, ""));
        Ok(())
    }
}

/// Copies the files of a directory.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(())
    };
    copied().map_err(|error| cannot_make(to, &error))
}

fn cannot_make(place: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be made: {error}.", place.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
    }

    /// A directory that is none of these would be neither served nor tested.
    #[test]
    fn every_directory_of_examples_is_built() {
        let entries = fs::read_dir(root().join("examples"));
        let directories = entries.into_iter().flatten().flatten();
        let mut found: Vec<String> = directories
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        found.sort();
        let mut known = Example::ALL.map(Example::name);
        known.sort_unstable();
        assert_eq!(found, known);
    }

    /// One that is gone is never newer, and its example would not be built again.
    #[test]
    fn inputs_are_there() {
        for input in Example::ALL.into_iter().flat_map(Example::inputs) {
            assert!(root().join(input).exists(), "{input}");
        }
    }
}
