//! The sizes of the release build's files, and their budgets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::report::{say, table};
use crate::{Failure, Result};

/// The maximum size of all files in `dist/`, in bytes after brotli. Declarations do not count: no
/// browser loads them. Languages do not count either: a page loads at most one. The budget is well above the actual size: it is for accidents, not for tuning.
pub(crate) const BUDGET: u64 = 215_000;

/// The maximum size of the entry alone, in bytes after brotli.
const ENTRY_BUDGET: u64 = 6_000;

/// The script that hosts load.
const ENTRY: &str = "referral-history.js";

struct FileSize {
    /// The path below `dist/`, with slashes.
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the sizes of a directory's files.
///
/// # Errors
/// When the files together exceed the budget, or the entry exceeds its own.
pub(crate) fn check(directory: &Path, budget: u64) -> Result<()> {
    let mut sizes = measure(directory).map_err(|error| {
        Failure::new(format!(
            "{} cannot be read: {error}; run `cargo xtask build` first.",
            directory.display()
        ))
    })?;
    sizes.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    for line in table(&rows(&sizes)) {
        say(line);
    }
    check_budget(&sizes, budget).map(say)
}

fn check_budget(sizes: &[FileSize], budget: u64) -> Result<String> {
    let is_optional = |name: &str| name.ends_with(".d.ts") || name.starts_with("locale-");
    let loaded = sizes.iter().filter(|size| !is_optional(&size.name));
    let total: u64 = loaded.map(|size| size.brotli).sum();
    let Some(entry) = sizes.iter().find(|size| size.name == ENTRY) else {
        return Err(Failure::new(format!("The release build has no {ENTRY}.")));
    };
    if entry.brotli > ENTRY_BUDGET {
        Err(Failure::new(format!(
            "{ENTRY} has {} bytes in brotli, and may have {}: make it smaller, or raise ENTRY_BUDGET in xtask/src/sizes.rs on purpose.",
            group_digits(entry.brotli),
            group_digits(ENTRY_BUDGET)
        )))
    } else if total > budget {
        Err(Failure::new(format!(
            "The release build has {} bytes in brotli, {} more than the budget of {}: make it smaller, or raise BUDGET in xtask/src/sizes.rs on purpose.",
            group_digits(total),
            group_digits(total - budget),
            group_digits(budget)
        )))
    } else {
        Ok(format!(
            "Within the budget of {} bytes, {} to spare.",
            group_digits(budget),
            group_digits(budget - total)
        ))
    }
}

fn rows(sizes: &[FileSize]) -> Vec<Vec<String>> {
    let mut rows = vec![["file", "raw", "brotli"].map(str::to_owned).into()];
    rows.extend(sizes.iter().map(|size| {
        let (raw, brotli) = (group_digits(size.raw), group_digits(size.brotli));
        vec![size.name.clone(), raw, brotli]
    }));
    let sum = |value: fn(&FileSize) -> u64| group_digits(sizes.iter().map(value).sum());
    rows.push(vec![
        "all".to_owned(),
        sum(|size| size.raw),
        sum(|size| size.brotli),
    ]);
    rows
}

/// Formats 1234567 as "1 234 567".
fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn measure(directory: &Path) -> io::Result<Vec<FileSize>> {
    files(directory)?
        .into_iter()
        .map(|path| {
            let content = fs::read(&path)?;
            let name = path.strip_prefix(directory).unwrap_or(&path);
            Ok(FileSize {
                name: name.to_string_lossy().replace('\\', "/"),
                raw: content.len() as u64,
                brotli: compressed_size(&content)?,
            })
        })
        .collect()
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn compressed_size(content: &[u8]) -> io::Result<u64> {
    // The defaults of the `brotli` command, and of hosts that compress files in advance.
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut input = content;
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut input, &mut output, &parameters)?;
    Ok(output.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str, raw: u64, brotli: u64) -> FileSize {
        FileSize {
            name: name.to_owned(),
            raw,
            brotli,
        }
    }

    #[test]
    fn the_table_has_all_files_and_the_sum() {
        let sizes = [
            size("a.wasm", 250_000, 75_000),
            size("index.html", 900, 400),
        ];
        assert_eq!(
            table(&rows(&sizes)),
            [
                "file            raw  brotli",
                "a.wasm      250 000  75 000",
                "index.html      900     400",
                "all         250 900  75 400",
            ]
        );
    }

    #[test]
    fn one_byte_over_the_budget_fails() {
        let sizes = [size("a.wasm", 9_000, 600), size(ENTRY, 900, 400)];
        assert!(check_budget(&sizes, 1_000).is_ok());
        let sentence = check_budget(&sizes, 999).err().map(|failure| failure.0);
        assert!(
            sentence.is_some_and(|sentence| sentence.contains("1 more than the budget of 999"))
        );
    }

    #[test]
    fn declarations_do_not_count_and_the_entry_has_its_own_budget() {
        let sizes = [
            size(ENTRY, 9_000, 600),
            size("b.d.ts", 9_000, 5_000),
            size("locale-de-0123456789abcdef.json", 9_000, 5_000),
        ];
        assert!(check_budget(&sizes, 600).is_ok());
        assert!(check_budget(&sizes[1..], 600).is_err());
        let entry = |brotli| check_budget(&[size(ENTRY, 20_000, brotli)], 100_000);
        assert!(entry(ENTRY_BUDGET).is_ok());
        let sentence = entry(ENTRY_BUDGET + 1).err().map(|failure| failure.0);
        assert!(sentence.is_some_and(|sentence| sentence.contains("ENTRY_BUDGET")));
    }

    #[test]
    fn repetitive_and_empty_content_compresses_well() {
        assert!(compressed_size(&[b'x'; 10_000]).is_ok_and(|size| size < 100));
        assert!(compressed_size(&[]).is_ok_and(|size| size < 10));
    }
}
