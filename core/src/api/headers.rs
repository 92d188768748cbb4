//! The response headers that the page reads.

use core::time::Duration;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta};

use crate::time::Instant;

/// The longest `Retry-After` that is kept: a day. A longer one counts as a day; see
/// [`Failure::asks_for_longest`](crate::failure::Failure::asks_for_longest).
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Response headers as sent. Repeated headers are joined by commas, as `fetch` joins them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `x-request-id`
    pub request_id: Option<String>,
    /// `retry-after`: seconds or an HTTP date.
    pub retry_after: Option<String>,
    /// `date`: when the answer was made, by the service's clock. The page compares times with it, because
    /// the device's clock may be wrong by a day.
    pub date: Option<String>,
    /// `age`: how many seconds a cache has kept the answer.
    pub age: Option<String>,
}

impl Headers {
    /// When the answer was made, by the service's clock.
    pub(super) fn made_at(&self) -> Option<Instant> {
        http_date(self.date.as_deref()?)
    }

    /// How long a cache has kept the answer (RFC 9111, 5.1); zero if `Age` is missing or invalid.
    pub(super) fn age(&self) -> TimeDelta {
        let seconds = self.age.as_deref().and_then(whole_seconds);
        let age = seconds
            .map(Duration::from_secs)
            .and_then(|age| TimeDelta::from_std(age).ok());
        age.unwrap_or_default()
    }

    /// The time by the service's clock: `Date` plus `Age`.
    pub(super) fn service_clock(&self) -> Option<Instant> {
        self.made_at()?.checked_add_signed(self.age())
    }

    /// How long the service asks to wait, at most [`MAX_RETRY_AFTER`]. The longest of several waits
    /// counts. A date is compared with the service's clock, or with the device's `now` if the service
    /// sends no `Date`.
    pub(super) fn retry_after(&self, now: Instant) -> Option<Duration> {
        let now = self.service_clock().unwrap_or(now);
        let waits = list_members(self.retry_after.as_deref()?);
        let longest = waits.into_iter().filter_map(|value| wait(value, now)).max();
        longest.map(|wait| wait.min(MAX_RETRY_AFTER))
    }
}

/// The first letters of the day names in HTTP dates, whether long or short.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Splits a list at its commas, except at the comma after a date's day name
/// (`Sun, 06 Nov 1994 08:49:37 GMT`).
fn list_members(list: &str) -> Vec<&str> {
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

/// One wait: seconds, or a date that is not in the past.
fn wait(value: &str, now: Instant) -> Option<Duration> {
    match seconds(value) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => http_date(value)?.signed_duration_since(now).to_std().ok(),
    }
}

/// A number of seconds; a fraction is rounded up.
fn seconds(value: &str) -> Option<u64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let seconds = whole_seconds(whole)?;
    let has_fraction = whole_seconds(fraction)? > 0;
    Some(seconds.saturating_add(has_fraction.into()))
}

/// A number in digits; one beyond 64 bits becomes [`u64::MAX`].
fn whole_seconds(value: &str) -> Option<u64> {
    let digits = value.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// An HTTP date in any of its three formats (RFC 9110, 5.6.7).
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
    fn fractions_of_a_second_are_rounded_up() {
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

    /// A wait of more than a day once counted as none, and the page retried at once.
    #[test]
    fn waits_are_capped_at_a_day() {
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

    /// A proxy that adds its own `Retry-After` makes a list of two.
    #[test]
    fn the_longest_wait_of_a_list_counts() {
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
    fn all_three_date_formats_are_read() {
        for sent in [
            "Tue, 12 May 2026 12:00:09 GMT",
            "Tuesday, 12-May-26 12:00:09 GMT",
            "Tue May 12 12:00:09 2026",
        ] {
            assert_eq!(retry_after(sent), Some(9), "{sent}");
        }
    }

    #[test]
    fn invalid_values_and_past_dates_are_ignored() {
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

    /// The device's clock may be a day off, so a date is compared with the service's clock, which went on
    /// while a cache kept the answer.
    #[test]
    fn a_date_is_compared_with_the_services_clock() {
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
        for invalid in ["", "-5", "soon", "1.5"] {
            assert_eq!(clock(invalid), Some(instant("2026-05-12T12:00:00Z")));
        }
        // An age that overflows the date gives no clock.
        assert_eq!(clock("9223372036854775"), None);
    }
}
