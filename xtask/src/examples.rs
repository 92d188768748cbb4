//! The examples of other hosts, each built into a directory of `target/examples/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::report::say;
use crate::setup::{Need, PAGE_NEEDS, Tools};
use crate::{Failure, Result, process, release};

/// An example in `examples/`.
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

    pub(crate) fn needs(self) -> Vec<Need> {
        match self {
            Self::Html => Vec::new(),
            Self::React => vec![Need::ExamplePackages],
            Self::Leptos => PAGE_NEEDS.to_vec(),
        }
    }

    /// The files and directories it is built from.
    fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["examples/html"],
            // Not the whole directory: it also contains the installed packages.
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

    /// Builds it, unless the last build is newer than its inputs.
    pub(crate) fn build(self, project: &Project, tools: &Tools) -> Result<()> {
        let name = self.name();
        let output = project.examples().join(name);
        // Outside the directory that is served.
        let stamp = project.scratch().join(format!("example-{name}"));
        if output.join("index.html").is_file()
            && release::is_newer_than(&stamp, project, self.inputs())
        {
            say(format!("The example {name} is built already."));
            return Ok(());
        }
        say(format!("Building the example {name}…"));
        let _ = fs::remove_file(&stamp);
        // If the build fails, the old example must not be served.
        let _ = fs::remove_dir_all(&output);
        match self {
            Self::Html => copy(&self.source(project), &output),
            Self::React => process::run(
                Command::new(tools.node.as_deref().unwrap_or("node".as_ref()))
                    .args(["node_modules/vite/bin/vite.js", "build", "--emptyOutDir"])
                    // By default Vite writes a file beside the packages to read its configuration. A
                    // running `trunk serve` would see that file and build again.
                    .args(["--configLoader", "native"])
                    .args(["--logLevel", "warn", "--outDir"])
                    .arg(&output)
                    .current_dir(self.source(project)),
            ),
            Self::Leptos => fs::create_dir_all(&output)
                .map_err(|error| cannot_make(&output, &error))
                .and_then(|()| {
                    process::run(
                        tools
                            .trunk(project)
                            .args(["build", "--offline", "--skip-version-check", "--dist"])
                            .arg(&output)
                            .current_dir(self.source(project)),
                    )
                }),
        }
        .map_err(|Failure(sentence)| {
            Failure::new(format!("The example {name} does not build: {sentence}"))
        })?;
        // Without the stamp the example is only built once more.
        let _ = fs::create_dir_all(project.scratch()).and_then(|()| fs::write(&stamp, ""));
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

fn cannot_make(output: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be made: {error}.", output.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
    }

    /// A directory without an `Example` would be neither served nor tested.
    #[test]
    fn every_example_directory_is_built() {
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

    /// A missing input never counts as changed, so its example would not be built again.
    #[test]
    fn inputs_exist() {
        for input in Example::ALL.into_iter().flat_map(Example::inputs) {
            assert!(root().join(input).exists(), "{input}");
        }
    }
}
