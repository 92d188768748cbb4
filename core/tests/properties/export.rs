//! The events as a file: `export::export`. The JSON is tried where it is read again, in `decoder.rs`.

use proptest::{collection::vec, prelude::*};
use referral_history_core::{
    event::Event,
    export::{Format, export},
    field::Field,
    sanitize::{is_invisible, picture},
    time::{Date, Instant, iso_8601},
};

use crate::{generate::event, rfc_4180::cells};

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
    let time = |at: &Instant| Cell::Ours(iso_8601(*at));
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

/// The parts of a text that a spreadsheet may make cells of.
fn parts(text: &str) -> Vec<&str> {
    text.split_inclusive([';', '\r', '\n']).collect()
}

/// Nothing of the text is lost: a control character has become its picture, and an apostrophe may stand
/// where a cell could begin.
fn holds(cell: &str, text: &str) -> bool {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '\t' | '\r' | '\n' => character,
            other => picture(other),
        })
        .collect();
    let (cell, shown) = (parts(cell), parts(&shown));
    cell.len() == shown.len()
        && cell
            .iter()
            .zip(shown)
            .all(|(cell, shown)| *cell == shown || cell.strip_prefix('\'') == Some(shown))
}

/// Whether a spreadsheet runs a cell, or a part of it that it takes for one.
fn runs(cell: &str) -> bool {
    let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_passed_over = |character| character == '"' || is_invisible(character);
    cell.starts_with(['\t', '\r', '\n'])
        || is_formula(cell.trim_start_matches(is_invisible))
        || parts(cell)
            .into_iter()
            .skip(1)
            .any(|part| is_formula(part.trim_start_matches(is_passed_over)))
}

proptest! {
    #[test]
    fn the_csv_holds_everything_and_runs_nothing(events in vec(event(), 0..6)) {
        let file = export(Format::Csv, &events.iter().collect::<Vec<_>>(), Date::default());
        let rows = cells(&file.content);
        prop_assert_eq!(rows.len(), 1 + events.len());
        for (event, row) in events.iter().zip(rows.iter().skip(1)) {
            let expected = expected(event);
            prop_assert_eq!(row.len(), expected.len());
            for (cell, expected) in row.iter().zip(expected) {
                match expected {
                    Cell::Ours(value) => prop_assert_eq!(cell, &value),
                    Cell::Text(text) => {
                        prop_assert!(holds(cell, &text), "{:?} is not {:?}", cell, text);
                        prop_assert!(!runs(cell), "{:?} runs", cell);
                    }
                }
            }
        }
    }
}
