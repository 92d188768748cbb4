//! Exports events as files.

mod csv;
mod json;

use crate::{
    event::Event,
    time::{Date, iso_date},
};

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

/// An exported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name: `referral-events-2026-11-23.csv`.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: String,
}

/// Writes the events into a file, in the order given. `today` is the date in the file's name.
pub fn export(format: Format, events: &[&Event], today: Date) -> File {
    let mut name = String::from("referral-events-");
    name.push_str(&iso_date(today));
    name.push('.');
    name.push_str(format.extension());
    File {
        name,
        media_type: format.media_type(),
        content: match format {
            Format::Csv => csv::write(events),
            Format::Json => json::write(events),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_has_the_date_and_the_extension() {
        let today = Date::from_ymd_opt(2026, 1, 3).expect("a day");
        let names = Format::ALL.map(|format| export(format, &[], today).name);
        assert_eq!(
            names,
            [
                "referral-events-2026-01-03.csv",
                "referral-events-2026-01-03.json"
            ]
        );
    }

    #[test]
    fn the_media_type_matches_the_format() {
        for format in Format::ALL {
            let file = export(format, &[], Date::default());
            assert_eq!(file.media_type, format.media_type());
            assert!(file.media_type.contains(format.extension()));
        }
    }
}
