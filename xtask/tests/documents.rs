//! Each `cargo xtask` command in the documents is one that the program accepts.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a test says what must hold by expecting it, and is its own documentation"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether the program accepts these arguments. It stops at `--help`, so that nothing runs.
fn is_accepted(arguments: &[&str]) -> bool {
    let ours = arguments.split(|argument| *argument == "--").next();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(ours.unwrap_or_default())
        .arg("--help")
        .output();
    output.expect("the program runs").status.success()
}

/// The commands in a text: each ends with the line, the code, or a comment.
fn commands(text: &str) -> Vec<Vec<&str>> {
    text.split("cargo xtask ")
        .skip(1)
        .filter_map(|rest| rest.split(['`', '\n', '#']).next())
        .map(|command| command.split_whitespace().collect())
        .collect()
}

#[test]
fn every_command_in_the_documents_is_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut checked = 0;
    for folder in ["", "docs", "examples"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a text");
            for command in commands(&text) {
                let shown = command.join(" ");
                assert!(
                    is_accepted(&command),
                    "{}: cargo xtask {shown}",
                    path.display()
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 8, "only {checked} commands were checked");
}

#[test]
fn a_command_that_does_not_exist_is_noticed() {
    let text = "Run `cargo xtask tests`, then:\n\ncargo xtask test --only all   # no such step\ncargo xtask serve --ports 1\n";
    let found = commands(text);
    assert_eq!(found.len(), 3);
    for command in found {
        assert!(!is_accepted(&command), "{command:?}");
    }
}
