//! Formats for the user's language and zone. The page implements them with the browser's `Intl`.

use crate::time::{Date, Instant, Unit, Zone};

/// The plural categories of the Unicode CLDR, named as in `Intl.PluralRules`.
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

/// Formats numbers and times for the user's language and zone.
pub trait Locale {
    /// A whole number with the locale's grouping.
    fn number(&self, number: i64) -> String;
    /// A text with its digits as the locale writes them: "٠:٠٧" for "0:07" in Egypt.
    fn digits(&self, text: &str) -> String {
        let digit = |character: char| match character.to_digit(10) {
            Some(digit) => self.number(digit.into()),
            None => character.to_string(),
        };
        text.chars().map(digit).collect()
    }
    /// The character before the decimals of a number.
    fn decimal_mark(&self) -> char;
    /// A share in whole percent: "41 %". A `share` of 1 is 100 %.
    fn percent(&self, share: f64) -> String;
    /// The plural category of a count.
    fn plural(&self, count: i64) -> PluralCategory;
    /// Date and time of day with the name of the zone, for tooltips and details.
    fn full(&self, at: Instant, zone: Zone) -> String;
    /// Date and time of day.
    fn date_time(&self, at: Instant, zone: Zone) -> String;
    /// Date and time of day, without the year if it is the year of `now`.
    fn short_date_time(&self, at: Instant, now: Instant, zone: Zone) -> String;
    /// The time of day.
    fn time_of_day(&self, at: Instant, zone: Zone) -> String;
    /// A calendar day or month.
    fn date(&self, date: Date, form: DateForm) -> String;
    /// A relative time: "5 minutes ago", "in 3 days". A negative count is in the past.
    fn relative(&self, count: i64, unit: Unit) -> String;
    /// A duration: "5 minutes", "31 days".
    fn duration(&self, count: i64, unit: Unit) -> String;
    /// The name of the user's zone, such as `Europe/Berlin`.
    fn zone_name(&self) -> String;
}

/// How much of a date is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// "3 Mar 2026"
    Day,
    /// "3 Mar"
    DayOfYear,
    /// "Mar 2026"
    Month,
    /// "March 2026"
    LongMonth,
    /// "March"
    LongMonthOfYear,
}
