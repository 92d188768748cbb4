//! The events as a file: `export::export`. The JSON is tried where it is read again, in `decoder.rs`.

use std::collections::HashSet;

use proptest::{collection::vec, prelude::*};
use referral_history_core::{
    event::Event,
    export::{Format, Scope, deadlines, export, export_calendar, table},
    field::Field,
    sanitize::{CELL_CHARACTERS, is_invisible, picture, sanitize},
    texts::english,
    time::Instant,
};

use crate::{generate::event, icalendar::entries, rfc_4180::cells};

/// What a cell is made of: a text of somebody else's, or a value of ours.
enum Cell {
    Text(String),
    Ours(String),
}

fn cell<T>(field: &Field<T>, known: impl Fn(&T) -> Cell) -> Cell {
    match field {
        Field::Missing => Cell::Ours(String::new()),
        Field::Unreadable(sent) => Cell::Text(sent.clone()),
        Field::Known(value) => known(value),
    }
}

/// The cells of an event, in the order of the header.
fn expected(event: &Event) -> [Cell; 10] {
    let text = |text: &String| Cell::Text(text.clone());
    let time = |at: &Instant| Cell::Ours(at.format("%Y-%m-%d %H:%M:%S").to_string());
    [
        cell(&event.id, text),
        cell(&event.code, text),
        cell(&event.campaign, text),
        cell(&event.role, |role| Cell::Text(role.as_str().to_owned())),
        cell(&event.status, |status| {
            Cell::Text(status.as_str().to_owned())
        }),
        cell(&event.reward_credits, |credits| {
            Cell::Ours(credits.to_string())
        }),
        cell(&event.created_at, time),
        cell(&event.expires_at, time),
        cell(&event.qualified_at, time),
        cell(&event.rewarded_at, time),
    ]
}

/// Where a spreadsheet may start another cell, but for the file's own separator.
fn starts(separator: char) -> Vec<char> {
    let all = [',', ';', '\t', '\r', '\n'];
    all.into_iter()
        .filter(|start| *start != separator)
        .collect()
}

/// The parts of a text that a spreadsheet may make cells of.
fn parts<'a>(text: &'a str, starts: &[char]) -> Vec<&'a str> {
    text.split_inclusive(starts).collect()
}

/// Nothing of the text is lost: a control character has become its picture, and an apostrophe may stand
/// where a cell could begin.
fn holds(cell: &str, text: &str, starts: &[char]) -> bool {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '\t' | '\r' | '\n' => character,
            other => picture(other),
        })
        .collect();
    let (cell, shown) = (parts(cell, starts), parts(&shown, starts));
    cell.len() == shown.len()
        && cell
            .iter()
            .zip(shown)
            .all(|(cell, shown)| *cell == shown || cell.strip_prefix('\'') == Some(shown))
}

/// Whether a spreadsheet runs a cell, or a part of it that it takes for one.
fn runs(cell: &str, starts: &[char]) -> bool {
    let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_passed_over = |character| character == '"' || is_invisible(character);
    cell.starts_with(['\t', '\r', '\n'])
        || is_formula(cell.trim_start_matches(is_invisible))
        || parts(cell, starts)
            .into_iter()
            .skip(1)
            .any(|part| is_formula(part.trim_start_matches(is_passed_over)))
}

proptest! {
    #[test]
    fn the_csv_holds_everything_and_runs_nothing(events in vec(event(), 0..6)) {
        for (decimal_mark, separator) in [('.', ','), (',', ';')] {
            let file = export(Format::Csv, &events.iter().collect::<Vec<_>>(), Scope::default(), decimal_mark);
            let rows = cells(&file.content, separator);
            prop_assert_eq!(rows.len(), 1 + events.len());
            let starts = starts(separator);
            for (event, row) in events.iter().zip(rows.iter().skip(1)) {
                let expected = expected(event);
                prop_assert_eq!(row.len(), expected.len());
                for (cell, expected) in row.iter().zip(expected) {
                    match expected {
                        Cell::Ours(value) => prop_assert_eq!(cell, &value),
                        Cell::Text(text) => {
                            prop_assert!(holds(cell, &text, &starts), "{:?} is not {:?}", cell, text);
                            prop_assert!(!runs(cell, &starts), "{:?} runs", cell);
                        }
                    }
                }
            }
        }
    }

    /// A paste splits at tabs and line breaks, whatever the quotes.
    #[test]
    fn the_pasted_table_keeps_its_cells_and_runs_nothing(events in vec(event(), 0..6)) {
        let text = table(&events.iter().collect::<Vec<_>>());
        let rows: Vec<Vec<&str>> = text
            .split(['\r', '\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
            .map(|line| line.split('\t').collect())
            .collect();
        prop_assert_eq!(rows.len(), 1 + events.len());
        for (event, row) in events.iter().zip(rows.iter().skip(1)) {
            let expected = expected(event);
            prop_assert_eq!(row.len(), expected.len());
            for (cell, expected) in row.iter().zip(expected) {
                match expected {
                    Cell::Ours(value) => prop_assert_eq!(*cell, value),
                    Cell::Text(_) => {
                        let quoted = cell.strip_prefix('"');
                        let inside = quoted.map(|quoted| quoted.strip_suffix('"').expect("a quote"));
                        if let Some(inside) = inside {
                            prop_assert!(!inside.replace("\"\"", "").contains('"'), "{:?}", cell);
                        }
                        let read = inside.map(|inside| inside.replace("\"\"", "\""));
                        let read = read.unwrap_or_else(|| (*cell).to_owned());
                        prop_assert!(!runs(&read, &starts('\t')), "{:?} runs", cell);
                    }
                }
            }
        }
    }

    #[test]
    fn the_calendar_has_an_entry_for_each_deadline(events in vec(event(), 0..12), now in 0..1_900_000_000_i64) {
        let now = Instant::from_timestamp(now, 0).expect("in range");
        let events: Vec<&Event> = events.iter().collect();
        let is_due = |event: &&&Event| {
            let status = event.status.known().map(|status| status.as_str());
            matches!(status, Some("attributed" | "qualified"))
                && event.expires_at.known().is_some_and(|at| *at > now)
        };
        let due = events.iter().filter(is_due).count();
        prop_assert_eq!(deadlines(&events, now).len(), due);
        let Some(file) = export_calendar(&events, Scope::default(), english(), now) else {
            prop_assert_eq!(due, 0);
            return Ok(());
        };
        let entries = entries(&file.content);
        prop_assert_eq!(entries.len(), due);
        let uids: HashSet<&str> = entries.iter().map(|entry| entry.value("UID")).collect();
        prop_assert_eq!(uids.len(), due);
        for (entry, (at, event)) in entries.iter().zip(deadlines(&events, now)) {
            let start = at.format("%Y%m%dT%H%M%SZ").to_string();
            prop_assert_eq!(entry.value("DTSTART"), start);
            if let Some(code) = event.code.known() {
                let summary = format!("Referral {} expires", sanitize(code, CELL_CHARACTERS));
                prop_assert_eq!(entry.value("SUMMARY"), summary);
            }
            if let Some(campaign) = event.campaign.known() {
                let campaign = format!("Campaign: {}", sanitize(campaign, CELL_CHARACTERS));
                prop_assert!(entry.value("DESCRIPTION").ends_with(&campaign));
            }
        }
    }
}
