//! What the page needs of the user's language and zone; the browser's `Intl` answers it.

use crate::time::{Date, Instant, Unit, Zone};

/// The plural categories of the Unicode CLDR, as `Intl.PluralRules` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluralCategory {
    /// `zero`
    Zero,
    /// `one`
    One,
    /// `two`
    Two,
    /// `few`
    Few,
    /// `many`
    Many,
    /// `other`
    Other,
}

/// Formats numbers and times the way the user reads them.
pub trait Locale {
    /// A whole number with the locale's grouping.
    fn number(&self, number: i64) -> String;
    /// A share in whole percent: "41 %". `share` is 1 for all.
    fn percent(&self, share: f64) -> String;
    /// The plural category of a count.
    fn plural(&self, count: i64) -> PluralCategory;
    /// Date and time of day, with the name of the zone: what stands behind a shorter form.
    fn full(&self, at: Instant, zone: Zone) -> String;
    /// Date and time of day.
    fn date_time(&self, at: Instant, zone: Zone) -> String;
    /// The same, without the year where that is the year of `now`.
    fn short_date_time(&self, at: Instant, now: Instant, zone: Zone) -> String;
    /// The time of day.
    fn time_of_day(&self, at: Instant, zone: Zone) -> String;
    /// A day, a month or a year of the calendar.
    fn date(&self, date: Date, form: DateForm) -> String;
    /// How far away something is, in words: "5 minutes ago", "in 3 days". Negative counts are past.
    fn relative(&self, count: i64, unit: Unit) -> String;
    /// The name of the user's zone, such as `Europe/Berlin`.
    fn zone_name(&self) -> String;
}

/// How much of a date is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// "3 Mar 2026"
    Day,
    /// "3 Mar"
    DayOfYear,
    /// "Mar 2026"
    Month,
    /// "2026"
    Year,
}
