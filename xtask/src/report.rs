//! Prints lines, headings, errors and tables, and formats durations.
//!
//! Printing never fails: if the terminal is closed, children must still be ended, and `println!`
//! would panic.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

/// Prints a line about the progress.
pub(crate) fn say(line: impl AsRef<str>) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{}", line.as_ref()).and_then(|()| out.flush());
}

/// Prints a heading.
pub(crate) fn heading(text: &str) {
    if stdout().is_terminal() {
        say(format!("\n\x1b[1m== {text} ==\x1b[0m"));
    } else {
        say(format!("\n== {text} =="));
    }
}

/// Prints lines of another program's output.
pub(crate) fn quote(lines: &str) {
    let _ = writeln!(stderr().lock(), "{lines}");
}

/// Prints the error that ends the command.
pub(crate) fn print_failure(sentence: &str) {
    let mut err = stderr().lock();
    let _ = if err.is_terminal() {
        writeln!(err, "\x1b[1;31merror:\x1b[0m {sentence}")
    } else {
        writeln!(err, "error: {sentence}")
    };
}

/// A duration as text: "0.4 s", "34 s", "2 min 5 s".
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 119.5 {
        format!("{seconds:.0} s")
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {} s", whole / 60, whole % 60)
    }
}

/// The lines of a table: the first column is aligned to the left, the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).enumerate();
            let padded: Vec<String> = cells
                .map(|(column, (cell, &width))| match column {
                    0 => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                })
                .collect();
            padded.join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_fitting_units() {
        let said = |ms| duration(Duration::from_millis(ms));
        assert_eq!(said(380), "0.4 s");
        assert_eq!(said(34_200), "34 s");
        assert_eq!(said(119_600), "2 min 0 s");
        assert_eq!(said(125_000), "2 min 5 s");
    }

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let rows = [
            vec!["a".to_owned(), "1".to_owned()],
            vec!["long".to_owned(), "1000".to_owned()],
        ];
        assert_eq!(table(&rows), ["a        1", "long  1000"]);
    }
}
