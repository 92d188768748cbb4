//! The sizes of the release build's files, and their budgets.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::report::{say, table};

/// The maximum size of all files in `dist/` that a page loads, in bytes after brotli. It is well above the
/// actual size: it is for accidents, not for tuning.
pub(crate) const BUDGET: u64 = 215_000;

/// The maximum size of the entry alone, in bytes after brotli.
const ENTRY_BUDGET: u64 = 6_000;

/// The script that hosts load.
const ENTRY: &str = "referral-history.js";

struct FileSize {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the sizes of a directory's files.
///
/// # Errors
/// When the files together exceed the budget, or the entry exceeds its own.
pub(crate) fn check(directory: &Path, budget: u64) -> Result<()> {
    let mut sizes =
        measure(directory).with_context(|| format!("{} cannot be read", directory.display()))?;
    sizes.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    for line in table(&rows(&sizes)) {
        say(line);
    }
    check_budget(&sizes, budget).map(say)
}

fn check_budget(sizes: &[FileSize], budget: u64) -> Result<String> {
    // No browser loads declarations, and a page loads at most one language.
    let is_optional = |name: &str| name.ends_with(".d.ts") || name.starts_with("locale-");
    let loaded = sizes.iter().filter(|size| !is_optional(&size.name));
    let total: u64 = loaded.map(|size| size.brotli).sum();
    let entry = sizes.iter().find(|size| size.name == ENTRY);
    let entry = entry.with_context(|| format!("The release build has no {ENTRY}."))?;
    for (what, size, limit, constant) in [
        (ENTRY, entry.brotli, ENTRY_BUDGET, "ENTRY_BUDGET"),
        ("The release build", total, budget, "BUDGET"),
    ] {
        if size > limit {
            bail!(
                "{what} has {} bytes in brotli, {} more than the budget of {}: make it smaller, or raise {constant} in xtask/src/sizes.rs on purpose.",
                group_digits(size),
                group_digits(size - limit),
                group_digits(limit)
            );
        }
    }
    let [all, spare] = [budget, budget - total].map(group_digits);
    Ok(format!(
        "Within the budget of {all} bytes, {spare} to spare."
    ))
}

fn rows(sizes: &[FileSize]) -> Vec<[String; 3]> {
    let row = |name: &str, raw, brotli| [name.to_owned(), group_digits(raw), group_digits(brotli)];
    let mut rows = vec![["file", "raw", "brotli"].map(str::to_owned)];
    rows.extend(
        sizes
            .iter()
            .map(|size| row(&size.name, size.raw, size.brotli)),
    );
    let sum = |value: fn(&FileSize) -> u64| sizes.iter().map(value).sum();
    rows.push(row("all", sum(|size| size.raw), sum(|size| size.brotli)));
    rows
}

/// Formats 1234567 as "1 234 567".
fn group_digits(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{} {:03}", group_digits(number / 1000), number % 1000),
    }
}

fn measure(directory: &Path) -> io::Result<Vec<FileSize>> {
    let files = fs::read_dir(directory)?.map(|entry| {
        let entry = entry?;
        let content = fs::read(entry.path())?;
        Ok(FileSize {
            name: entry.file_name().to_string_lossy().into_owned(),
            raw: content.len() as u64,
            brotli: compressed_size(&content)?,
        })
    });
    files.collect()
}

fn compressed_size(mut content: &[u8]) -> io::Result<u64> {
    // The defaults of the `brotli` command, and of hosts that compress files in advance.
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut content, &mut output, &parameters)?;
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
            size("a.wasm", 1_250_000, 75_000),
            size("index.html", 900, 400),
        ];
        assert_eq!(
            table(&rows(&sizes)),
            [
                "file              raw  brotli",
                "a.wasm      1 250 000  75 000",
                "index.html        900     400",
                "all         1 250 900  75 400",
            ]
        );
    }

    #[test]
    fn one_byte_over_a_budget_fails() {
        let sizes = |entry| [size("a.wasm", 9_000, 600), size(ENTRY, 9_000, entry)];
        assert!(check_budget(&sizes(400), 1_000).is_ok());
        let message = |entry, budget| {
            let failure = check_budget(&sizes(entry), budget).err();
            failure.map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(message(400, 999).contains("1 more than the budget of 999"));
        assert!(message(ENTRY_BUDGET + 1, 100_000).contains("raise ENTRY_BUDGET"));
        assert!(
            check_budget(&[size("a.wasm", 1, 1)], 1_000).is_err(),
            "there is no entry"
        );
    }

    #[test]
    fn what_no_page_loads_does_not_count() {
        let sizes = [
            size(ENTRY, 9, 6),
            size("b.d.ts", 9, 50),
            size("locale-de-01.json", 9, 50),
        ];
        assert!(check_budget(&sizes, 6).is_ok());
    }

    #[test]
    fn repetitive_content_compresses_well() {
        assert!(compressed_size(&[b'x'; 10_000]).is_ok_and(|size| size < 100));
    }
}
