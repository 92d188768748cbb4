//! `cargo xtask release`: makes what is published, in `release/`. Nothing is uploaded.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::process::run;
use crate::project::Project;
use crate::setup::{self, WASM32};
use crate::{release, sizes};

/// The crates for Rust hosts, in the order in which they are uploaded.
const CRATES: [&str; 2] = ["referral-history-core", "referral-history"];

#[derive(Args)]
pub(crate) struct Options {
    /// Do not build a second time, in another folder, to compare the bytes.
    #[arg(long)]
    build_once: bool,
}

/// Makes the npm package, the crates, the bill of materials, the changes and the checksums.
pub(crate) fn make(project: &Project, options: &Options) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let changes = changes(&project.read("CHANGELOG.md")?, version)?;
    ensure!(
        output(project, "git", &["status", "--porcelain"])?.is_empty(),
        "A release is of a commit: commit or remove what `git status` lists"
    );
    setup::set_up(project, setup::RELEASE)?;
    let build = release::start(project, release::PUBLIC_URL)?;
    release::finish(project, build, sizes::BUDGET)?;
    if options.build_once {
        println!("NOT COMPARED: whether a second build has the same bytes.");
    } else {
        compare_second_build(project)?;
    }

    let directory = empty(project.root.join("release"))?;
    fs::write(directory.join("CHANGES.md"), changes)?;
    pack_npm(project, &directory)?;
    package_crates(project, &directory)?;
    copy_files(&project.evidence(), &directory)?;
    let sums = checksums(&directory)?;
    fs::write(directory.join("SHA256SUMS"), &sums)?;
    println!(
        "\n{sums}\nMade in {}. Nothing was uploaded.",
        directory.display()
    );
    Ok(())
}

/// What the changelog says of a version: its section, or before it has one, what is not released.
fn changes(changelog: &str, version: &str) -> Result<String> {
    let section = |title: &str| {
        let mut sections = changelog.split("\n## ").skip(1);
        let section = sections.find(|section| section.split_whitespace().next() == Some(title))?;
        let (_, text) = section.split_once('\n')?;
        Some(text.trim()).filter(|text| !text.is_empty())
    };
    let text = section(version).or_else(|| section("Unreleased"));
    let text = text.context("CHANGELOG.md says nothing of this version")?;
    Ok(format!("# {version}\n\n{text}\n"))
}

/// Builds the commit again in another folder, from nothing, and compares what came out.
fn compare_second_build(project: &Project) -> Result<()> {
    println!("Building a second time in another folder…");
    let root = project.root.join("target/xtask/second build");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet", "--local"]);
    run(clone.arg(&project.root).arg(&root))?;
    let second = Project {
        root,
        tools: project.tools.clone(),
        dev_console: project.dev_console.clone(),
        contract: project.contract.clone(),
    };
    setup::set_up(&second, setup::RELEASE)?;
    release::start_from_nothing(&second)?.wait()?;
    let different = differences(&contents(&project.dist())?, &contents(&second.dist())?);
    ensure!(
        different.is_empty(),
        "Two builds of one commit differ in {}: what of their folder or time is in them?",
        different.join(", ")
    );
    println!("Both builds have the same bytes.");
    // It is as large as a whole target directory.
    Ok(fs::remove_dir_all(&second.root)?)
}

/// The files of a directory by their names.
fn contents(directory: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let entries = fs::read_dir(directory)?;
    entries
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::read(entry.path())?))
        })
        .collect()
}

/// The names of the files that only one side has, or that differ.
fn differences(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let missing = other.keys().filter(|name| !one.contains_key(*name));
    let changed = one
        .iter()
        .filter(|(name, content)| other.get(*name) != Some(content));
    changed
        .map(|(name, _)| name)
        .chain(missing)
        .cloned()
        .collect()
}

/// The release build as npm takes it, with the licences of what is compiled into it.
fn pack_npm(project: &Project, directory: &Path) -> Result<()> {
    let package = empty(project.root.join("target/xtask/npm"))?;
    copy_files(&project.dist(), &package)?;
    let licenses = "THIRD-PARTY-LICENSES.txt";
    fs::copy(project.evidence().join(licenses), package.join(licenses))?;
    let mut npm = setup::npm();
    npm.args([
        "pack",
        "--offline",
        "--ignore-scripts",
        "--pack-destination",
    ])
    .arg(directory)
    .current_dir(package);
    run(&mut npm).context("npm cannot pack the release build")
}

/// The crates, each compiled from its package alone.
fn package_crates(project: &Project, directory: &Path) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["package", "--locked", "--target", WASM32]);
    for name in CRATES {
        cargo.args(["--package", name]);
    }
    run(&mut cargo).context("The crates cannot be packaged")?;
    let target = project.target()?;
    for name in CRATES {
        let file = format!("{name}-{}.crate", env!("CARGO_PKG_VERSION"));
        fs::copy(target.join("package").join(&file), directory.join(&file))
            .with_context(|| format!("cargo made no {file}"))?;
    }
    Ok(())
}

/// As `sha256sum` writes and checks them.
fn checksums(directory: &Path) -> Result<String> {
    let line = |(name, content): (String, Vec<u8>)| {
        let hash = Sha256::digest(content);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hash}  {name}\n")
    };
    Ok(contents(directory)?.into_iter().map(line).collect())
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// This directory, without what was in it.
fn empty(directory: PathBuf) -> Result<PathBuf> {
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

fn output(project: &Project, program: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(&project.root).output();
    let output = output.with_context(|| format!("{program} cannot be started"))?;
    ensure!(
        output.status.success(),
        "{program} ended with {}",
        output.status
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_are_those_of_the_version() {
        let log = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.2.0 (2026-01-01)\n\n- two\n\n## 0.1.0\n\n- one\n";
        assert_eq!(changes(log, "0.2.0").expect("a text"), "# 0.2.0\n\n- two\n");
        assert_eq!(changes(log, "0.1.0").expect("a text"), "# 0.1.0\n\n- one\n");
        assert_eq!(changes(log, "0.3.0").expect("a text"), "# 0.3.0\n\n- new\n");
        assert!(
            changes(
                "# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- one\n",
                "0.2.0"
            )
            .is_err()
        );
    }

    #[test]
    fn a_byte_or_a_file_more_is_a_difference() {
        let build = |files: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
            let file = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
            files.iter().map(file).collect()
        };
        let one = build(&[("a", "1"), ("b", "2")]);
        assert!(differences(&one, &one).is_empty());
        assert_eq!(differences(&one, &build(&[("a", "1"), ("b", "3")])), ["b"]);
        assert_eq!(
            differences(&one, &build(&[("a", "1"), ("b", "2"), ("c", "")])),
            ["c"]
        );
        assert_eq!(differences(&one, &build(&[("a", "1")])), ["b"]);
    }

    #[test]
    fn checksums_are_those_of_sha256sum() {
        let directory = empty(std::env::temp_dir().join("referral-history-checksums"));
        let directory = directory.expect("a directory");
        fs::write(directory.join("abc"), "abc").expect("a file");
        assert_eq!(
            checksums(&directory).expect("a text"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n"
        );
        fs::remove_dir_all(directory).expect("a directory");
    }
}
