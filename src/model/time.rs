//! Instants, and how far apart they are in words.

use core::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A point in time. Times are UTC inside; a zone is chosen only where one is shown.
pub type Instant = DateTime<Utc>;

/// The units in which the page says how long ago something was; the names are those of
/// `Intl.RelativeTimeFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds; only ever as "now".
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days of 24 hours.
    Day,
}

impl Unit {
    /// The name that `Intl.RelativeTimeFormat` knows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

/// How far `at` lies before `now`, in the largest unit that fits. A device's clock may be set back
/// while the page is open; what seems to lie in the future is then "now".
pub fn since(at: Instant, now: Instant) -> (i64, Unit) {
    let seconds = now.signed_duration_since(at).num_seconds().max(0);
    match seconds {
        0..60 => (0, Unit::Second),
        60..3_600 => (seconds / 60, Unit::Minute),
        3_600..86_400 => (seconds / 3_600, Unit::Hour),
        _ => (seconds / 86_400, Unit::Day),
    }
}

/// What is left of a wait that ends at `until`, in whole seconds, rounded up so that "0" means over.
pub fn seconds_left(until: Instant, now: Instant) -> u64 {
    let left = until.signed_duration_since(now).max(TimeDelta::zero());
    u64::try_from(left.num_milliseconds().saturating_add(999) / 1_000).unwrap_or_default()
}

/// A number of seconds as minutes and seconds, the way a countdown shows it: `0:07`, `12:00`,
/// `26:00:00` for a wait of hours.
pub fn countdown(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// The instant `wait` after `from`; the latest one there is, where that would overflow.
pub fn after(from: Instant, wait: Duration) -> Instant {
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| from.checked_add_signed(wait))
        .unwrap_or(Instant::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("in range")
    }

    #[test]
    fn ages_use_the_largest_unit_that_fits() {
        assert_eq!(since(at(0), at(0)), (0, Unit::Second));
        assert_eq!(since(at(0), at(59)), (0, Unit::Second));
        assert_eq!(since(at(0), at(60)), (1, Unit::Minute));
        assert_eq!(since(at(0), at(3_599)), (59, Unit::Minute));
        assert_eq!(since(at(0), at(7_200)), (2, Unit::Hour));
        assert_eq!(since(at(0), at(86_400 * 3)), (3, Unit::Day));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_negative_age() {
        assert_eq!(since(at(86_400), at(0)), (0, Unit::Second));
    }

    #[test]
    fn a_wait_is_over_only_when_it_is_over() {
        assert_eq!(seconds_left(at(5), at(0)), 5);
        assert_eq!(seconds_left(at(1), at(0) + TimeDelta::milliseconds(1)), 1);
        assert_eq!(seconds_left(at(1), at(1)), 0);
        assert_eq!(seconds_left(at(1), at(9)), 0);
    }

    #[test]
    fn countdowns_read_as_a_clock() {
        assert_eq!(countdown(7), "0:07");
        assert_eq!(countdown(125), "2:05");
        assert_eq!(countdown(93_600), "26:00:00");
    }

    #[test]
    fn an_endless_wait_does_not_overflow() {
        assert_eq!(after(at(0), Duration::MAX), Instant::MAX_UTC);
        assert_eq!(after(at(0), Duration::from_secs(2)), at(2));
    }
}
