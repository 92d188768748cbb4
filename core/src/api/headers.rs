//! The headers of an answer that mean something here.

use core::time::Duration;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta};

use crate::time::Instant;

/// The longest wait that is kept, a day. A service that asks for more is taken to ask for this much:
/// see [`Failure::asks_for_longest`](crate::failure::Failure::asks_for_longest).
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// The headers of an answer, as sent; several of one name are joined by commas, as `fetch` joins them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `x-request-id`
    pub request_id: Option<String>,
    /// `retry-after`: seconds or an HTTP date.
    pub retry_after: Option<String>,
    /// `date`: when the answer was made, by the service's clock. Times are held against it, since the
    /// device's clock may be wrong by a day.
    pub date: Option<String>,
    /// `age`: how many seconds the answer has waited in a cache since.
    pub age: Option<String>,
}

impl Headers {
    /// When the answer was made, by the service's clock.
    pub(super) fn made_at(&self) -> Option<Instant> {
        http_date(self.date.as_deref()?)
    }

    /// How long the answer has waited in a cache since it was made (RFC 9111, 5.1).
    pub(super) fn age(&self) -> TimeDelta {
        let seconds = self.age.as_deref().and_then(whole_seconds);
        let age = seconds
            .map(Duration::from_secs)
            .and_then(|age| TimeDelta::from_std(age).ok());
        age.unwrap_or_default()
    }

    /// What the service's clock says now: `Date` and, where a cache kept the answer, its `Age`.
    pub(super) fn service_clock(&self) -> Option<Instant> {
        self.made_at()?.checked_add_signed(self.age())
    }

    /// How long the service asks to wait, at most [`LONGEST_RETRY_AFTER`]; of several waits the longest
    /// counts. A date is held against the service's own clock, and against the device's `now` where
    /// the service does not tell it.
    pub(super) fn retry_after(&self, now: Instant) -> Option<Duration> {
        let now = self.service_clock().unwrap_or(now);
        let waits = members(self.retry_after.as_deref()?);
        let longest = waits.into_iter().filter_map(|value| wait(value, now)).max();
        longest.map(|wait| wait.min(LONGEST_RETRY_AFTER))
    }
}

/// How the days of a date begin, in full and in short.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The members of a list. The comma after the day of a date (`Sun, 06 Nov 1994 08:49:37 GMT`) does not
/// end a member.
fn members(list: &str) -> Vec<&str> {
    let mut members = Vec::new();
    let mut start = 0;
    for (comma, _) in list.match_indices(',') {
        let member = list.get(start..comma).unwrap_or_default().trim();
        let is_day = DAYS.iter().any(|day| member.starts_with(day)) && !member.contains(' ');
        if !is_day {
            members.push(member);
            start = comma + 1;
        }
    }
    members.push(list.get(start..).unwrap_or_default().trim());
    members
}

/// One wait: seconds, or a date that has not passed.
fn wait(value: &str, now: Instant) -> Option<Duration> {
    match seconds(value) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => http_date(value)?.signed_duration_since(now).to_std().ok(),
    }
}

/// A number of seconds, of which a fraction counts as a whole one.
fn seconds(value: &str) -> Option<u64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let seconds = whole_seconds(whole)?;
    let has_fraction = whole_seconds(fraction)? > 0;
    Some(seconds.saturating_add(has_fraction.into()))
}

/// Digits; a number beyond 64 bits is the largest that there is.
fn whole_seconds(value: &str) -> Option<u64> {
    let digits = value.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// An HTTP date in any of its three forms (RFC 9110, 5.6.7).
fn http_date(value: &str) -> Option<Instant> {
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    let since = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    DateTime::from_timestamp(i64::try_from(since.as_secs()).ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{instant, now};

    fn retry_after(value: &str) -> Option<u64> {
        let headers = Headers {
            retry_after: Some(value.to_owned()),
            ..Headers::default()
        };
        headers.retry_after(now()).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_may_have_a_fraction_which_is_rounded_up() {
        for (sent, seconds) in [
            ("7", 7),
            (" 0 ", 0),
            ("1.5", 2),
            ("0.001", 1),
            ("3.0", 3),
            ("3.000000000000000000000000000001", 4),
        ] {
            assert_eq!(retry_after(sent), Some(seconds), "{sent}");
        }
    }

    /// A wait of more than a day once counted as none, and the page asked again at once.
    #[test]
    fn more_than_a_day_is_a_day() {
        for sent in [
            "86400",
            "86401",
            "99999999",
            "99999999999999999999999999",
            "Thu, 12 May 2033 12:00:00 GMT",
        ] {
            assert_eq!(retry_after(sent), Some(86_400), "{sent}");
        }
    }

    /// A proxy that adds a `Retry-After` of its own leaves two.
    #[test]
    fn of_a_list_the_longest_counts() {
        for (sent, seconds) in [
            ("5, 10", 10),
            ("10,5", 10),
            ("5, Tue, 12 May 2026 12:00:30 GMT", 30),
            ("Tue, 12 May 2026 12:00:30 GMT, 45", 45),
            (
                "Tuesday, 12-May-26 12:00:30 GMT, Tue, 12 May 2026 12:00:40 GMT",
                40,
            ),
            ("soon, 7", 7),
            (",,3,", 3),
        ] {
            assert_eq!(retry_after(sent), Some(seconds), "{sent}");
        }
    }

    #[test]
    fn a_date_has_three_forms() {
        for sent in [
            "Tue, 12 May 2026 12:00:09 GMT",
            "Tuesday, 12-May-26 12:00:09 GMT",
            "Tue May 12 12:00:09 2026",
        ] {
            assert_eq!(retry_after(sent), Some(9), "{sent}");
        }
    }

    #[test]
    fn what_asks_for_no_wait_is_none() {
        for sent in [
            "",
            "soon",
            "-1",
            "1e3",
            "1,5.",
            "1.",
            ".5",
            "0x10",
            "٥",
            "NaN",
            "Infinity",
            "+5",
            "Tue, 12 Foo 2026 12:00:09 GMT",
            "Tue, 12 May 2026 11:00:00 GMT",
        ] {
            let expected = (sent == "1,5.").then_some(1);
            assert_eq!(retry_after(sent), expected, "{sent}");
        }
    }

    /// The device's clock may be a day off, so a date is held against the service's own, which has gone
    /// on while a cache kept the answer.
    #[test]
    fn a_date_is_held_against_the_services_clock() {
        let mut headers = Headers {
            retry_after: Some("Mon, 11 May 2026 12:00:30 GMT".to_owned()),
            date: Some("Mon, 11 May 2026 12:00:00 GMT".to_owned()),
            ..Headers::default()
        };
        assert_eq!(headers.retry_after(now()), Some(Duration::from_secs(30)));
        headers.age = Some("10".to_owned());
        assert_eq!(headers.retry_after(now()), Some(Duration::from_secs(20)));
    }

    #[test]
    fn the_age_is_added_to_the_date() {
        let headers = |age: &str| Headers {
            date: Some("Tue, 12 May 2026 12:00:00 GMT".to_owned()),
            age: Some(age.to_owned()),
            ..Headers::default()
        };
        let clock = |age| headers(age).service_clock();
        assert_eq!(clock("90"), Some(instant("2026-05-12T12:01:30Z")));
        for nonsense in ["", "-5", "soon", "1.5"] {
            assert_eq!(clock(nonsense), Some(instant("2026-05-12T12:00:00Z")));
        }
        // An age that leads out of time is no clock.
        assert_eq!(clock("9223372036854775"), None);
    }
}
