//! Instants, days and zones, and how far instants are apart.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};

/// A point in time, kept in UTC. A zone only matters where a time is shown.
pub type Instant = DateTime<Utc>;

/// A calendar day in the zone that is shown.
pub type Date = NaiveDate;

/// The zone in which times are shown and days begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The zone of the user's device.
    #[default]
    User,
    /// Coordinated universal time.
    Utc,
}

impl Zone {
    /// The other zone.
    pub fn other(self) -> Self {
        match self {
            Self::User => Self::Utc,
            Self::Utc => Self::User,
        }
    }
}

/// The units of relative times, as in `Intl.RelativeTimeFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days of 24 hours.
    Day,
    /// Months of 30 days.
    Month,
    /// Years of 365 days.
    Year,
}

impl Unit {
    /// Its name in `Intl.RelativeTimeFormat`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// How far an instant is from now, in the largest unit that fits, rounded towards now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// Less than a minute away.
    Now,
    /// That many units before now, at least 1.
    Ago(i64, Unit),
    /// That many units after now, at least 1.
    Ahead(i64, Unit),
}

/// How far in the future a past event may seem to be, because the device's clock is wrong.
const CLOCK_ERROR: TimeDelta = TimeDelta::hours(26);

/// How far `at` is from `now`.
pub fn distance(at: Instant, now: Instant) -> Distance {
    let seconds = at.signed_duration_since(now).num_seconds();
    let away = seconds.abs();
    let (count, unit) = match away {
        0..60 => return Distance::Now,
        60..3_600 => (away / 60, Unit::Minute),
        3_600..86_400 => (away / 3_600, Unit::Hour),
        86_400..5_184_000 => (away / 86_400, Unit::Day),
        5_184_000..63_072_000 => (away / 2_592_000, Unit::Month),
        _ => (away / 31_536_000, Unit::Year),
    };
    if seconds < 0 {
        Distance::Ago(count, unit)
    } else {
        Distance::Ahead(count, unit)
    }
}

/// How far a past event is from `now`. An event that seems to be at most 26 hours in the future is "now":
/// the device's clock is taken to be wrong.
pub fn distance_back(at: Instant, now: Instant) -> Distance {
    if at > now && at.signed_duration_since(now) <= CLOCK_ERROR {
        Distance::Now
    } else {
        distance(at, now)
    }
}

/// The time from `now` to `until`, in the largest unit that fits, rounded down, but at least a minute. `None`
/// if it is over.
pub fn time_left(until: Instant, now: Instant) -> Option<(i64, Unit)> {
    match distance(until, now) {
        Distance::Ahead(count, unit) => Some((count, unit)),
        Distance::Now if until > now => Some((1, Unit::Minute)),
        Distance::Now | Distance::Ago(..) => None,
    }
}

/// The instant in ISO 8601, in UTC: `2026-05-12T12:03:00Z`.
pub fn iso_8601(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The day in ISO 8601, as in a browser's date input: `2026-05-12`.
pub fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Parses a day in the format of [`iso_date`]; years 1 to 9999.
pub fn date_from_iso(text: &str) -> Option<Date> {
    let mut numbers = text.split('-');
    let mut number = |digits: usize| -> Option<u32> {
        let text = numbers.next()?;
        let is_number = text.len() == digits && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let date = Date::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    (year > 0 && numbers.next().is_none()).then_some(date)
}

/// The seconds from `now` to `until`, rounded up, so that 0 means that a wait is over.
pub fn seconds_left(until: Instant, now: Instant) -> u64 {
    let left = (until - now).to_std().unwrap_or_default();
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// A number of seconds as a countdown: `0:07`, `12:00`, and `26:00:00` for hours.
pub fn countdown(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("in range")
    }

    #[test]
    fn distances_use_the_largest_unit_that_fits() {
        const DAY: i64 = 86_400;
        for (seconds, expected) in [
            (0, Distance::Now),
            (59, Distance::Now),
            (60, Distance::Ago(1, Unit::Minute)),
            (3_599, Distance::Ago(59, Unit::Minute)),
            (7_200, Distance::Ago(2, Unit::Hour)),
            (DAY - 1, Distance::Ago(23, Unit::Hour)),
            (DAY * 59, Distance::Ago(59, Unit::Day)),
            (DAY * 60, Distance::Ago(2, Unit::Month)),
            (DAY * 729, Distance::Ago(24, Unit::Month)),
            (DAY * 730, Distance::Ago(2, Unit::Year)),
            (-59, Distance::Now),
            (-DAY * 3, Distance::Ahead(3, Unit::Day)),
        ] {
            assert_eq!(distance(at(0), at(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn the_time_left_is_at_least_a_minute_and_then_over() {
        for (seconds, expected) in [
            (86_400 * 31 + 5, Some((31, Unit::Day))),
            (7_199, Some((1, Unit::Hour))),
            (60, Some((1, Unit::Minute))),
            (1, Some((1, Unit::Minute))),
            (0, None),
            (-1, None),
            (-86_400, None),
        ] {
            assert_eq!(time_left(at(seconds), at(0)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_past_event_within_the_clock_error_is_now() {
        assert_eq!(distance_back(at(86_400), at(0)), Distance::Now);
        assert_eq!(
            distance_back(at(86_400 * 3), at(0)),
            Distance::Ahead(3, Unit::Day)
        );
        assert_eq!(
            distance_back(at(0), at(120)),
            Distance::Ago(2, Unit::Minute)
        );
        // About the longest distance between two times that can be read.
        let (first, last) = (at(-62_135_596_799), at(253_402_300_799));
        assert_eq!(distance(last, first), Distance::Ahead(10_005, Unit::Year));
    }

    #[test]
    fn days_have_the_format_of_a_date_input() {
        let date = Date::from_ymd_opt(2026, 3, 9).expect("a day");
        assert_eq!(iso_date(date), "2026-03-09");
        assert_eq!(date_from_iso("2026-03-09"), Some(date));
        for wrong in [
            "",
            "2026",
            "2026-02-30",
            "2026-3-9",
            "0000-01-01",
            "2026-03-09-1",
            "+026-03-09",
            "12026-03-09",
            "2026-03-0x",
        ] {
            assert_eq!(date_from_iso(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn seconds_left_are_rounded_up() {
        assert_eq!(seconds_left(at(5), at(0)), 5);
        assert_eq!(seconds_left(at(1), at(0) + TimeDelta::milliseconds(1)), 1);
        assert_eq!(seconds_left(at(1), at(1)), 0);
        assert_eq!(seconds_left(at(1), at(9)), 0);
    }

    #[test]
    fn countdowns_look_like_a_clock() {
        assert_eq!(countdown(7), "0:07");
        assert_eq!(countdown(125), "2:05");
        assert_eq!(countdown(93_600), "26:00:00");
    }
}
