//! Exports events as files, and as text for the clipboard.

mod calendar;
mod csv;
mod json;

use crate::{
    dates::{DateField, Dates},
    event::Event,
    texts::Texts,
    time::{Date, Instant, iso_date},
};

pub use calendar::deadlines;

/// A file format for events. To add one, add a variant here and to [`Format::ALL`], and a module in
/// this folder that writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table of the API's ten fields, for a spreadsheet.
    Csv,
    /// The records as the API sent them, for a program.
    Json,
}

impl Format {
    /// All formats, in the order of the export menu.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Json];

    /// The extension of the file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// Which events an export has: what its name says of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The period.
    pub dates: Dates,
    /// The date that the period applies to.
    pub by: DateField,
    /// Whether the period may have events that are not loaded.
    pub is_incomplete: bool,
    /// Today, in the zone of the period's days.
    pub today: Date,
}

impl Scope {
    /// The name of a file of these events, in ASCII and without spaces, which every system takes:
    ///
    /// | period | name |
    /// |---|---|
    /// | both ends | `referrals-2026-10-01-to-2026-10-31.csv` |
    /// | only a beginning | `referrals-from-2026-10-01-as-of-2026-11-26.csv` |
    /// | only an end | `referrals-until-2026-10-31-as-of-2026-11-26.csv` |
    /// | none | `referrals-2026-11-26.csv`, by today's date |
    ///
    /// Where the period is one of rewards, `referrals-rewarded-` begins the name. Where events of the period
    /// may be missing, `-incomplete` ends it: the name cannot disturb a reader of the file, as a line in it
    /// would.
    pub fn file_name(self, extension: &str) -> String {
        let today = iso_date(self.today);
        let Dates { from, to } = self.dates.ordered();
        let period = match (from.map(iso_date), to.map(iso_date)) {
            (Some(from), Some(to)) => [&from, "-to-", &to].concat(),
            (Some(from), None) => ["from-", &from, "-as-of-", &today].concat(),
            (None, Some(to)) => ["until-", &to, "-as-of-", &today].concat(),
            (None, None) => today,
        };
        let start = match self.by {
            DateField::Created => "referrals-",
            DateField::Rewarded => "referrals-rewarded-",
        };
        self.name(start, &period, extension)
    }

    fn name(self, start: &str, period: &str, extension: &str) -> String {
        let incomplete = if self.is_incomplete {
            "-incomplete"
        } else {
            ""
        };
        [start, period, incomplete, ".", extension].concat()
    }
}

/// An exported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name: see [`Scope::file_name`].
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: String,
}

/// Writes the events into a file, in the order given. `decimal_mark` is that of the user's numbers: a
/// spreadsheet that expects a comma in them expects CSV to be separated by semicolons.
pub fn export(format: Format, events: &[&Event], scope: Scope, decimal_mark: char) -> File {
    File {
        name: scope.file_name(format.extension()),
        media_type: format.media_type(),
        content: match format {
            Format::Csv => csv::write(events, csv::Separator::for_decimal_mark(decimal_mark)),
            Format::Json => json::write(events),
        },
    }
}

/// Writes the events as the table of [`Format::Csv`] in tab-separated text, which spreadsheets paste as cells.
pub fn table(events: &[&Event]) -> String {
    csv::write_lines(events)
}

/// Writes the deadlines of the open ones among the events as calendar entries, in the language of the texts.
/// `None` if there are no [`deadlines`]: a calendar must have an entry.
///
/// The name has no period, since a period is one of creations or rewards:
/// `referral-deadlines-2026-11-26.ics`.
pub fn export_calendar(
    events: &[&Event],
    scope: Scope,
    texts: &Texts,
    now: Instant,
) -> Option<File> {
    let deadlines = deadlines(events, now);
    (!deadlines.is_empty()).then(|| File {
        name: scope.name("referral-deadlines-", &iso_date(scope.today), "ics"),
        media_type: "text/calendar;charset=utf-8",
        content: calendar::write(&deadlines, texts, now),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::date;

    fn scope(from: Option<&str>, to: Option<&str>) -> Scope {
        Scope {
            dates: Dates {
                from: from.map(date),
                to: to.map(date),
            },
            by: DateField::Created,
            is_incomplete: false,
            today: date("2026-11-26"),
        }
    }

    #[test]
    fn the_name_has_the_period_and_the_extension() {
        let (from, to) = (Some("2026-10-01"), Some("2026-10-31"));
        for (scope, name) in [
            (scope(from, to), "referrals-2026-10-01-to-2026-10-31.csv"),
            (scope(to, from), "referrals-2026-10-01-to-2026-10-31.csv"),
            (
                scope(from, None),
                "referrals-from-2026-10-01-as-of-2026-11-26.csv",
            ),
            (
                scope(None, to),
                "referrals-until-2026-10-31-as-of-2026-11-26.csv",
            ),
            (scope(None, None), "referrals-2026-11-26.csv"),
            (
                Scope {
                    by: DateField::Rewarded,
                    is_incomplete: true,
                    ..scope(from, to)
                },
                "referrals-rewarded-2026-10-01-to-2026-10-31-incomplete.csv",
            ),
        ] {
            assert_eq!(export(Format::Csv, &[], scope, '.').name, name);
        }
        let json = export(Format::Json, &[], scope(None, None), '.').name;
        assert_eq!(json, "referrals-2026-11-26.json");
    }

    #[test]
    fn the_media_type_matches_the_format() {
        for format in Format::ALL {
            let file = export(format, &[], scope(None, None), '.');
            assert_eq!(file.media_type, format.media_type());
            assert!(file.media_type.contains(format.extension()));
        }
    }
}
