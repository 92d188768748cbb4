//! Writes the events as a table for a spreadsheet: a file of separated values (RFC 4180), or tab-separated
//! text for the clipboard.
//!
//! Text from strangers must arrive as it was written, but must not run: a spreadsheet runs a cell that
//! starts like a formula, whether the cell is quoted or not.

use crate::{
    event::Event,
    field::Field,
    role::Role,
    sanitize::{is_invisible, picture},
    status::Status,
    time::{Instant, iso_8601},
};

/// The API's field names, in the order of the cells in [`push_record`]. A spreadsheet reads a time without
/// its zone, so the heading names it.
const HEADINGS: [&str; 10] = [
    "id",
    "code",
    "campaign",
    "role",
    "status",
    "reward_credits",
    "created_at_utc",
    "expires_at_utc",
    "qualified_at_utc",
    "rewarded_at_utc",
];

/// The end of a record in RFC 4180.
const RECORD_END: &str = "\r\n";

/// What Excel takes UTF-8 by. Without it, it reads the file in the system's code page.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What separates the cells of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    /// The separator of files that a spreadsheet expects where numbers are written with this decimal mark:
    /// where the comma divides a number, it cannot divide a record.
    pub(super) fn for_decimal_mark(mark: char) -> Self {
        if mark == ',' {
            Self::Semicolon
        } else {
            Self::Comma
        }
    }

    fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }

    /// Where a spreadsheet could start another cell within a cell. At the separator itself it respects the
    /// quotes; a cell of tab-separated text holds neither tabs nor line breaks.
    fn other_starts(self) -> &'static [char] {
        match self {
            Self::Comma => &[';', '\t', '\r', '\n'],
            Self::Semicolon => &[',', '\t', '\r', '\n'],
            Self::Tab => &[',', ';'],
        }
    }

    fn text_cell(self, text: &str) -> String {
        match self {
            Self::Comma | Self::Semicolon => quote_if_split(defuse(text, self.other_starts())),
            Self::Tab => {
                let line: String = text.chars().map(on_one_line).collect();
                let cell = defuse(&line, self.other_starts());
                // A spreadsheet takes what follows a quote at the start of a cell for one cell, up to the
                // next quote.
                if cell.starts_with('"') {
                    quote(&cell)
                } else {
                    cell
                }
            }
        }
    }

    /// A cell: empty for a missing field, and text, which may be a formula, for an unreadable one.
    fn cell<T>(self, field: &Field<T>, known: impl FnOnce(&T) -> String) -> String {
        match field {
            Field::Missing => String::new(),
            Field::Unreadable(sent) => self.text_cell(sent),
            Field::Known(value) => known(value),
        }
    }
}

/// Writes a file: a byte order mark, the headings, and one record per event.
pub(super) fn write(events: &[&Event], separator: Separator) -> String {
    let mut csv = String::from(BYTE_ORDER_MARK);
    for record in records(events, separator) {
        csv.push_str(&record);
        csv.push_str(RECORD_END);
    }
    csv
}

/// Writes text for the clipboard: a line of headings, and one line per event.
pub(super) fn write_lines(events: &[&Event]) -> String {
    let lines: Vec<String> = records(events, Separator::Tab).collect();
    lines.join("\n")
}

/// The headings and the records, without their ends.
fn records(events: &[&Event], separator: Separator) -> impl Iterator<Item = String> {
    let headings = HEADINGS.map(str::to_owned);
    let cells = events.iter().map(move |event| cells(event, separator));
    let between = separator.character().to_string();
    core::iter::once(headings)
        .chain(cells)
        .map(move |cells| cells.join(&between))
}

fn cells(event: &Event, separator: Separator) -> [String; 10] {
    let text = |text: &String| separator.text_cell(text);
    let time = |at: &Instant| time_cell(*at);
    [
        separator.cell(&event.id, text),
        separator.cell(&event.code, text),
        separator.cell(&event.campaign, text),
        separator.cell(&event.role, |role: &Role| {
            separator.text_cell(role.as_str())
        }),
        separator.cell(&event.status, |status: &Status| {
            separator.text_cell(status.as_str())
        }),
        // A known number is not a formula, even with a minus sign.
        separator.cell(&event.reward_credits, i64::to_string),
        separator.cell(&event.created_at, time),
        separator.cell(&event.expires_at, time),
        separator.cell(&event.qualified_at, time),
        separator.cell(&event.rewarded_at, time),
    ]
}

/// A time as a spreadsheet reads it, in UTC: `2026-05-12 12:03:00`. It takes `T` and `Z` for text.
fn time_cell(at: Instant) -> String {
    iso_8601(at).replace('T', " ").replace('Z', "")
}

/// Replaces a tab or a line break, at which a pasted text is split, with a space.
fn on_one_line(character: char) -> char {
    match character {
        '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        other => other,
    }
}

/// Quotes a text that a reader would otherwise split or trim.
///
/// LibreOffice can split at semicolons and tabs as well as at commas, so they count too.
fn quote_if_split(text: String) -> String {
    let splits = text.contains([',', ';', '\t', '"', '\r', '\n']);
    if !splits && text.trim().len() == text.len() {
        text
    } else {
        quote(&text)
    }
}

fn quote(text: &str) -> String {
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
/// That is at the start of the text, and after each of the characters where the text could start another
/// cell: a spreadsheet whose list separator is the semicolon, as in half of Europe, splits the line at
/// semicolons, finds our quotes in the middle of its cells, and ignores them.
fn defuse(text: &str, other_starts: &[char]) -> String {
    let mut defused = String::new();
    if text.starts_with(['\t', '\r', '\n']) || is_formula(text) {
        defused.push('\'');
    }
    for (position, cell) in text.split_inclusive(other_starts).enumerate() {
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

    const ALL: [Separator; 3] = [Separator::Comma, Separator::Semicolon, Separator::Tab];

    fn file_cell(text: &str) -> String {
        Separator::Comma.text_cell(text)
    }

    fn in_file(text: &str) -> String {
        defuse(text, Separator::Comma.other_starts())
    }

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
            for separator in ALL {
                assert_eq!(separator.text_cell(text), text);
            }
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
            for separator in [Separator::Comma, Separator::Semicolon] {
                assert_eq!(separator.text_cell(text), cell);
            }
        }
    }

    #[test]
    fn pasted_text_stays_in_its_cell() {
        for (text, cell) in [
            ("a\tb", "a b"),
            ("a\r\nb\u{2028}c\u{85}d", "a  b c d"),
            ("\"a\tb", "\"\"\"a b\""),
            ("say \"a\"", "say \"a\""),
            ("a,b;c", "a,b;c"),
            ("\t=1+1", "' =1+1"),
            ("\n@x", "' @x"),
            ("a,=1;+2", "a,'=1;'+2"),
        ] {
            assert_eq!(Separator::Tab.text_cell(text), cell);
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
            for separator in ALL {
                assert_eq!(defuse(text, separator.other_starts()), format!("'{text}"));
            }
        }
        assert_eq!(in_file("\0=1+1"), "'␀=1+1");
    }

    /// Where the list separator is the semicolon, `x;=1+1` is a cell `x` and a cell `=1+1`.
    #[test]
    fn formulas_after_a_separator_are_defused() {
        for (text, defused) in [
            ("x;=1+1;y", "x;'=1+1;y"),
            ("x; =1+1", "x;' =1+1"),
            ("x;\"=1+1;", "x;'\"=1+1;"),
            ("x\t=1+1", "x\t'=1+1"),
            ("x\t \"+1", "x\t' \"+1"),
            ("\t=1", "'\t'=1"),
            ("x\n=1+1", "x\n'=1+1"),
            ("x\r\n@y", "x\r\n'@y"),
            ("=1;=2", "'=1;'=2"),
        ] {
            assert_eq!(in_file(text), defused);
        }
        for text in ["one\r\ntwo\n\nthree", "a; b;; c;", "x;y=1", "a,=b"] {
            assert_eq!(in_file(text), text);
        }
    }

    /// The other way round: where the list separator is the comma, a file separated by semicolons is split
    /// at its commas.
    #[test]
    fn formulas_after_a_comma_are_defused_where_semicolons_separate() {
        let starts = Separator::Semicolon.other_starts();
        assert_eq!(defuse("x,=1+1\t@y;=b", starts), "x,'=1+1\t'@y;=b");
    }

    #[test]
    fn the_decimal_comma_decides_the_separator() {
        for (mark, separator) in [('.', ','), (',', ';'), ('٫', ',')] {
            let found = Separator::for_decimal_mark(mark);
            assert_eq!(found.character(), separator, "{mark}");
        }
    }

    #[test]
    fn known_numbers_are_not_defused_but_unreadable_ones_are() {
        let credits = |field: Field<i64>| Separator::Comma.cell(&field, i64::to_string);
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
    fn times_are_in_utc_without_letters() {
        let at: Instant = "2026-11-26T05:22:22.9Z".parse().expect("an instant");
        assert_eq!(time_cell(at), "2026-11-26 05:22:22");
    }

    #[test]
    fn control_characters_become_symbols() {
        assert_eq!(file_cell("A1\0B2"), "A1␀B2");
        assert_eq!(file_cell("\u{1b}[31m\u{7f}"), "␛[31m␡");
    }
}
