//! The sizes of the release build's files, and their budgets.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// The maximum size of the files in `dist/` that a page loads until it shows its rows, in bytes after brotli. It is
/// above the actual size: it is for accidents, not for tuning.
pub(crate) const BUDGET: u64 = 135_000;

/// The maximum size of the part of the program that it loads after them.
const LATER_BUDGET: u64 = 208_000;

struct FileSize {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the sizes of a directory's files.
///
/// # Errors
/// When the files that a page needs for its rows exceed the budget together, or the later part exceeds its own.
pub(crate) fn check(directory: &Path, budget: u64) -> Result<()> {
    let sizes = measure(directory);
    let mut sizes = sizes.with_context(|| format!("{} cannot be read", directory.display()))?;
    sizes.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    let row = |name: &str, raw: &str, brotli: &str| println!("{name:<40}{raw:>10}{brotli:>10}");
    row("file", "raw", "brotli");
    for FileSize { name, raw, brotli } in &sizes {
        row(name, &group_digits(*raw), &group_digits(*brotli));
    }
    let sum = |value: fn(&FileSize) -> u64| group_digits(sizes.iter().map(value).sum());
    row("all", &sum(|size| size.raw), &sum(|size| size.brotli));
    let (first, later) = check_budgets(&sizes, budget)?;
    println!(
        "Within the budgets: {} bytes to spare until the rows, and {} after them.",
        group_digits(first),
        group_digits(later)
    );
    Ok(())
}

/// How many bytes may still be added until the rows, and after them.
fn check_budgets(sizes: &[FileSize], budget: u64) -> Result<(u64, u64)> {
    // No browser loads what is for npm: declarations, licences and the package's description. A page loads at most
    // one language.
    let is_optional = |name: &str| {
        name.ends_with(".d.ts")
            || name.starts_with("LICENSE-")
            || name == "package.json"
            || name.starts_with("locale-")
    };
    let loaded = sizes.iter().filter(|size| !is_optional(&size.name));
    let (later, first): (Vec<_>, Vec<_>) =
        loaded.partition(|size| size.name.starts_with("element-later-"));
    let spare = |files: Vec<&FileSize>, budget: u64, when: &str| {
        let total: u64 = files.iter().map(|size| size.brotli).sum();
        let Some(spare) = budget.checked_sub(total) else {
            bail!(
                "A page loads {} bytes in brotli {when} its rows are there, {} more than the budget of {}: make it smaller, or raise the budget in xtask/src/sizes.rs on purpose.",
                group_digits(total),
                group_digits(total - budget),
                group_digits(budget)
            );
        };
        Ok(spare)
    };
    Ok((
        spare(first, budget, "until")?,
        spare(later, LATER_BUDGET, "after")?,
    ))
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

    #[test]
    fn one_byte_over_the_budget_fails_and_what_no_page_loads_does_not_count() {
        let sizes = [
            ("a.wasm", 1_000),
            ("element-later-01.wasm", LATER_BUDGET),
            ("b.d.ts", 50),
            ("LICENSE-MIT", 50),
            ("package.json", 50),
            ("locale-de-01.json", 50),
        ];
        let mut sizes = sizes.map(|(name, brotli)| FileSize {
            name: name.to_owned(),
            raw: 9_000,
            brotli,
        });
        assert_eq!(check_budgets(&sizes, 1_200).expect("within"), (200, 0));
        assert_eq!(check_budgets(&sizes, 1_000).expect("within"), (0, 0));
        let error = |sizes: &[FileSize], budget| {
            let error = check_budgets(sizes, budget).expect_err("over");
            error.to_string()
        };
        assert_eq!(
            error(&sizes, 999),
            "A page loads 1 000 bytes in brotli until its rows are there, 1 more than the budget of 999: make it smaller, or raise the budget in xtask/src/sizes.rs on purpose."
        );
        sizes[1].brotli += 2;
        assert_eq!(
            error(&sizes, 1_200),
            "A page loads 208 002 bytes in brotli after its rows are there, 2 more than the budget of 208 000: make it smaller, or raise the budget in xtask/src/sizes.rs on purpose."
        );
    }
}
