//! What the page needs of the user's language and zone; the browser's `Intl` answers it.

use super::time::{Instant, Unit};

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
    /// The plural category of a count.
    fn plural(&self, count: usize) -> PluralCategory;
    /// Date and time of day, in the user's zone.
    fn date_time(&self, at: Instant) -> String;
    /// The same, without the year where that is the year of `now`.
    fn short_date_time(&self, at: Instant, now: Instant) -> String;
    /// The time of day, in the user's zone.
    fn time_of_day(&self, at: Instant) -> String;
    /// How long ago, in words: "5 minutes ago". 0 seconds is "now".
    fn ago(&self, count: i64, unit: Unit) -> String;
}
