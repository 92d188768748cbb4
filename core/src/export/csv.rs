//! The events as a table of comma-separated values (RFC 4180), fit for a spreadsheet.
//!
//! Whatever a stranger wrote must arrive as it was written, and must do nothing: a spreadsheet runs a
//! cell that begins like a formula, whether the cell is quoted or not.

use crate::{
    display::{is_invisible, picture},
    event::Event,
    field::Field,
    role::Role,
    status::Status,
    time::iso_8601,
};

/// The API's names of the fields, in the order of the cells below.
const HEADER: &str =
    "id,code,campaign,role,status,reward_credits,created_at,expires_at,qualified_at,rewarded_at";

/// What RFC 4180 ends a record with.
const END: &str = "\r\n";

/// One line of names, and one record an event.
pub(super) fn of(events: &[&Event]) -> String {
    let mut csv = String::from(HEADER);
    csv.push_str(END);
    for event in events {
        push_record(&mut csv, event);
    }
    csv
}

fn push_record(csv: &mut String, event: &Event) {
    let words = |text: &String| text_cell(text);
    let cells = [
        cell(&event.id, words),
        cell(&event.code, words),
        cell(&event.campaign, words),
        cell(&event.role, |role: &Role| text_cell(role.word())),
        cell(&event.status, |status: &Status| text_cell(status.word())),
        // A number of ours is no formula, also with a minus before it.
        cell(&event.reward_credits, |credits| credits.to_string()),
        cell(&event.created_at, |at| iso_8601(*at)),
        cell(&event.expires_at, |at| iso_8601(*at)),
        cell(&event.qualified_at, |at| iso_8601(*at)),
        cell(&event.rewarded_at, |at| iso_8601(*at)),
    ];
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            csv.push(',');
        }
        csv.push_str(cell);
    }
    csv.push_str(END);
}

/// A cell. What is missing leaves it empty; what is unreadable is the service's text, not a value.
fn cell<T>(field: &Field<T>, known: fn(&T) -> String) -> String {
    match field {
        Field::Missing => String::new(),
        Field::Unreadable(sent) => text_cell(sent),
        Field::Known(value) => known(value),
    }
}

fn text_cell(text: &str) -> String {
    quoted(harmless(text))
}

/// The text in quotes, where a reader would otherwise end the cell within it or trim it.
///
/// LibreOffice offers to split at semicolons and tabs as well as at commas, so they count too.
fn quoted(text: String) -> String {
    let splits = text.contains([',', ';', '\t', '"', '\r', '\n']);
    if !splits && text.trim().len() == text.len() {
        return text;
    }
    let mut cell = String::from("\"");
    for character in text.chars() {
        if character == '"' {
            cell.push('"');
        }
        cell.push(character);
    }
    cell.push('"');
    cell
}

/// The text with an apostrophe before what a spreadsheet would run.
///
/// That is at the start of the text, and wherever the text would begin a cell of its own: a
/// spreadsheet whose list separator is the semicolon, as in half of Europe, takes the line apart at
/// semicolons, finds our quotes in the middle of its cells, and does not heed them.
fn harmless(text: &str) -> String {
    let mut harmless = String::new();
    if text.starts_with(['\t', '\r', '\n']) || is_formula(text) {
        harmless.push('\'');
    }
    for (position, part) in text.split_inclusive([';', '\r', '\n']).enumerate() {
        // A quote at the start of a cell is the spreadsheet's to remove.
        if position > 0 && is_formula(part.trim_start_matches(is_passed_over)) {
            harmless.push('\'');
        }
        harmless.extend(part.chars().map(legal));
    }
    harmless
}

/// Whether a spreadsheet may take a cell for a formula, also after what it strips from the cell's
/// start. The wide forms are run where Chinese, Japanese or Korean is written.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(is_invisible)
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn is_passed_over(character: char) -> bool {
    character == '"' || is_invisible(character)
}

/// Control characters other than tabs and line breaks become their pictures (`␀`). RFC 4180 has no
/// place for them, and a spreadsheet may end the text at a NUL: then the rest would be lost without a
/// word. The JSON has them as they were sent.
fn legal(character: char) -> char {
    match character {
        '\t' | '\r' | '\n' => character,
        other => picture(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_script_stays_as_it_is() {
        for text in [
            "spring-launch",
            "a=b",
            "1-2",
            "'90s",
            "حملة الربيع",
            "春のキャンペーン",
            "e\u{301}",
            "A1\u{202e}B2",
            "<b>&",
            "a\u{a0}b c",
        ] {
            assert_eq!(text_cell(text), text);
        }
    }

    #[test]
    fn what_could_end_a_cell_is_quoted_and_otherwise_exact() {
        for (text, cell) in [
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("a\tb", "\"a\tb\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("\"", "\"\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("a\n", "\"a\n\""),
            (" a", "\" a\""),
            ("a\u{3000}", "\"a\u{3000}\""),
        ] {
            assert_eq!(text_cell(text), cell);
        }
    }

    #[test]
    fn what_begins_like_a_formula_is_defused() {
        for text in [
            "=1+1",
            "+A1",
            "-2+3+cmd|' /C calc'!A0",
            "@SUM(A1:A9)",
            "\u{ff1d}1+1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}x",
            "\ttext",
            "\rtext",
            "\ntext",
            "  =1+1",
            "\u{a0}=1+1",
            "\u{feff}=1+1",
            "\u{200b}\u{200b} =1+1",
            "\u{202e}=1+1",
            "\u{e0020}=1+1",
            "\u{85}=1+1",
        ] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("\0=1+1"), "'␀=1+1");
    }

    /// Where lists are separated by semicolons, `x;=1+1` is a cell `x` and a cell `=1+1`.
    #[test]
    fn what_begins_like_a_formula_after_a_separator_is_defused() {
        for (text, defused) in [
            ("x;=1+1;y", "x;'=1+1;y"),
            ("x; =1+1", "x;' =1+1"),
            ("x;\"=1+1;", "x;'\"=1+1;"),
            ("x\n=1+1", "x\n'=1+1"),
            ("x\r\n@y", "x\r\n'@y"),
            ("=1;=2", "'=1;'=2"),
        ] {
            assert_eq!(harmless(text), defused);
        }
        for text in ["one\r\ntwo\n\nthree", "a; b;; c;", "x;y=1", "a,=b"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn a_number_is_never_defused_and_an_unreadable_one_is() {
        let credits = |field: Field<i64>| cell(&field, |credits| credits.to_string());
        assert_eq!(credits(Field::Known(-5)), "-5");
        assert_eq!(
            credits(Field::Known(i64::MIN)),
            "-9223372036854775808",
            "not rounded either"
        );
        assert_eq!(credits(Field::Unreadable("-0.1".to_owned())), "'-0.1");
        assert_eq!(credits(Field::Missing), "");
    }

    #[test]
    fn control_characters_are_shown_and_cut_nothing() {
        assert_eq!(text_cell("A1\0B2"), "A1␀B2");
        assert_eq!(text_cell("\u{1b}[31m\u{7f}"), "␛[31m␡");
    }
}
