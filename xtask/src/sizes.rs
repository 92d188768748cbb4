//! The sizes of the release build's files, and their budget.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// The maximum size of all files in `dist/` that a page loads, in bytes after brotli. It is well above the
/// actual size: it is for accidents, not for tuning.
pub(crate) const BUDGET: u64 = 280_000;

struct FileSize {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the sizes of a directory's files.
///
/// # Errors
/// When the files together exceed the budget.
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
    let spare = check_budget(&sizes, budget)?;
    println!(
        "Within the budget of {} bytes, {} to spare.",
        group_digits(budget),
        group_digits(spare)
    );
    Ok(())
}

/// How many bytes may still be added.
fn check_budget(sizes: &[FileSize], budget: u64) -> Result<u64> {
    // No browser loads what is for npm: declarations, licences and the package's description. A page loads at most
    // one language.
    let is_optional = |name: &str| {
        name.ends_with(".d.ts")
            || name.starts_with("LICENSE-")
            || name == "package.json"
            || name.starts_with("locale-")
    };
    let loaded = sizes.iter().filter(|size| !is_optional(&size.name));
    let total: u64 = loaded.map(|size| size.brotli).sum();
    let Some(spare) = budget.checked_sub(total) else {
        bail!(
            "The release build has {} bytes in brotli, {} more than the budget of {}: make it smaller, or raise BUDGET in xtask/src/sizes.rs on purpose.",
            group_digits(total),
            group_digits(total - budget),
            group_digits(budget)
        );
    };
    Ok(spare)
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
            ("b.d.ts", 50),
            ("LICENSE-MIT", 50),
            ("package.json", 50),
            ("locale-de-01.json", 50),
        ];
        let sizes = sizes.map(|(name, brotli)| FileSize {
            name: name.to_owned(),
            raw: 9_000,
            brotli,
        });
        assert_eq!(check_budget(&sizes, 1_200).expect("within"), 200);
        assert_eq!(check_budget(&sizes, 1_000).expect("within"), 0);
        assert_eq!(
            check_budget(&sizes, 999).expect_err("over").to_string(),
            "The release build has 1 000 bytes in brotli, 1 more than the budget of 999: make it smaller, or raise BUDGET in xtask/src/sizes.rs on purpose."
        );
    }
}
