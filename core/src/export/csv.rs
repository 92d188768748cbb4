//! Writes the events as comma-separated values (RFC 4180) for a spreadsheet.
//!
//! Text from strangers must arrive as it was written, but must not run: a spreadsheet runs a cell that
//! starts like a formula, whether the cell is quoted or not.

use crate::{
    event::Event,
    field::Field,
    role::Role,
    sanitize::{is_invisible, picture},
    status::Status,
    time::iso_8601,
};

/// The API's field names, in the order of the cells in [`push_record`].
const HEADER: &str =
    "id,code,campaign,role,status,reward_credits,created_at,expires_at,qualified_at,rewarded_at";

/// The end of a record in RFC 4180.
const RECORD_END: &str = "\r\n";

/// Writes a header of field names, and one record per event.
pub(super) fn write(events: &[&Event]) -> String {
    let mut csv = String::from(HEADER);
    csv.push_str(RECORD_END);
    for event in events {
        push_record(&mut csv, event);
    }
    csv
}

fn push_record(csv: &mut String, event: &Event) {
    let text = |text: &String| text_cell(text);
    let cells = [
        cell(&event.id, text),
        cell(&event.code, text),
        cell(&event.campaign, text),
        cell(&event.role, |role: &Role| text_cell(role.as_str())),
        cell(&event.status, |status: &Status| text_cell(status.as_str())),
        // A known number is not a formula, even with a minus sign.
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
    csv.push_str(RECORD_END);
}

/// A cell: empty for a missing field, and text, which may be a formula, for an unreadable one.
fn cell<T>(field: &Field<T>, known: fn(&T) -> String) -> String {
    match field {
        Field::Missing => String::new(),
        Field::Unreadable(sent) => text_cell(sent),
        Field::Known(value) => known(value),
    }
}

fn text_cell(text: &str) -> String {
    quote(defuse(text))
}

/// Quotes a text that a reader would otherwise split or trim.
///
/// LibreOffice can split at semicolons and tabs as well as at commas, so they count too.
fn quote(text: String) -> String {
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

/// Puts an apostrophe before text that a spreadsheet would run.
///
/// That is at the start of the text, and wherever the text could start another cell: a spreadsheet whose
/// list separator is the semicolon, as in half of Europe, splits the line at semicolons, finds our
/// quotes in the middle of its cells, and ignores them.
fn defuse(text: &str) -> String {
    let mut defused = String::new();
    if text.starts_with(['\t', '\r', '\n']) || is_formula(text) {
        defused.push('\'');
    }
    for (position, cell) in text.split_inclusive([';', '\r', '\n']).enumerate() {
        // The spreadsheet removes a quote at the start of a cell.
        if position > 0 && is_formula(cell.trim_start_matches(is_stripped)) {
            defused.push('\'');
        }
        defused.extend(cell.chars().map(show_control));
    }
    defused
}

/// Whether a spreadsheet may take a cell for a formula, possibly after it strips the cell's start. East
/// Asian versions also run the full-width signs.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(is_invisible)
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn is_stripped(character: char) -> bool {
    character == '"' || is_invisible(character)
}

/// Replaces a control character other than a tab or line break with its symbol (`␀`). RFC 4180 does not
/// allow them, and a spreadsheet may cut the text at a NUL without a warning. The JSON keeps them as sent.
fn show_control(character: char) -> char {
    match character {
        '\t' | '\r' | '\n' => character,
        other => picture(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_script_is_unchanged() {
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
    fn text_that_could_end_a_cell_is_quoted() {
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
    fn formulas_are_defused() {
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
            assert_eq!(defuse(text), format!("'{text}"));
        }
        assert_eq!(defuse("\0=1+1"), "'␀=1+1");
    }

    /// Where the list separator is the semicolon, `x;=1+1` is a cell `x` and a cell `=1+1`.
    #[test]
    fn formulas_after_a_separator_are_defused() {
        for (text, defused) in [
            ("x;=1+1;y", "x;'=1+1;y"),
            ("x; =1+1", "x;' =1+1"),
            ("x;\"=1+1;", "x;'\"=1+1;"),
            ("x\n=1+1", "x\n'=1+1"),
            ("x\r\n@y", "x\r\n'@y"),
            ("=1;=2", "'=1;'=2"),
        ] {
            assert_eq!(defuse(text), defused);
        }
        for text in ["one\r\ntwo\n\nthree", "a; b;; c;", "x;y=1", "a,=b"] {
            assert_eq!(defuse(text), text);
        }
    }

    #[test]
    fn known_numbers_are_not_defused_but_unreadable_ones_are() {
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
    fn control_characters_become_symbols() {
        assert_eq!(text_cell("A1\0B2"), "A1␀B2");
        assert_eq!(text_cell("\u{1b}[31m\u{7f}"), "␛[31m␡");
    }
}
