//! Prints lines, headings, errors and tables.
//!
//! Printing never fails: `println!` would panic where the terminal was closed, before children are ended.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

/// Prints a line about the progress.
pub(crate) fn say(line: impl AsRef<str>) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{}", line.as_ref()).and_then(|()| out.flush());
}

pub(crate) fn heading(text: &str) {
    if stdout().is_terminal() {
        say(format!("\n\x1b[1m== {text} ==\x1b[0m"));
    } else {
        say(format!("\n== {text} =="));
    }
}

/// Prints the error that ends the command.
pub(crate) fn print_failure(sentence: &str) {
    let _ = writeln!(stderr().lock(), "error: {sentence}");
}

/// "34.2 s", "2 min 5 s".
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..120 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The lines of a table: the first column is aligned to the left, the others to the right.
pub(crate) fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let cell = |row: &[String; COLUMNS], column: usize| {
        let width = width(column).unwrap_or_default();
        match column {
            0 => format!("{:<width$}", row[column]),
            _ => format!("  {:>width$}", row[column]),
        }
    };
    rows.iter()
        .map(|row| (0..COLUMNS).map(|column| cell(row, column)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let rows = [["a", "1"], ["long", "1000"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), ["a        1", "long  1000"]);
        assert_eq!(duration(Duration::from_millis(34_240)), "34.2 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
    }
}
