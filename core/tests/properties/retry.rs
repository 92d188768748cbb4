//! How long the service asks to wait (`Retry-After`), and what the page makes of it (`retry::next`).

use core::time::Duration;

use chrono::TimeDelta;
use proptest::{collection::vec, option, prelude::*, sample::select};
use referral_history_core::{
    api::{Headers, MAX_RETRY_AFTER},
    charge::Charge,
    failure::{Failure, FailureKind},
    retry::{RETRIES, next},
    time::Instant,
};

use crate::{
    generate::{headers, text},
    invariants::{check_answer, now},
};

const DAY: i64 = 24 * 60 * 60;

/// The wait that a rate limit with these headers asks for.
fn wait_of(headers: &Headers) -> Option<Duration> {
    let answer = check_answer(429, headers, None);
    answer.expect_err("a failure").retry_after
}

fn wait(retry_after: &str) -> Option<Duration> {
    wait_of(&Headers {
        retry_after: Some(retry_after.to_owned()),
        ..Headers::default()
    })
}

fn seconds(seconds: u64) -> Option<Duration> {
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}

/// The three forms of an HTTP date (RFC 9110, 5.6.7).
fn http_dates(at: Instant) -> [String; 3] {
    [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ]
    .map(|form| at.format(form).to_string())
}

/// An instant of the years that a two-digit year can mean, often close to now.
fn instant() -> impl Strategy<Value = Instant> {
    let year_2069 = 3_155_759_999_i64;
    prop_oneof![
        2 => (-2 * DAY..2 * DAY).prop_map(|seconds| now() + TimeDelta::seconds(seconds)),
        1 => (0..=year_2069).prop_map(|seconds| Instant::UNIX_EPOCH + TimeDelta::seconds(seconds)),
    ]
}

/// A member of a list: a wait, a date in one of its forms, or nonsense that ends where it should.
fn member() -> impl Strategy<Value = String> {
    let number = prop_oneof![0..100_000_u64, any::<u64>()].prop_map(|seconds| seconds.to_string());
    let date = (instant(), 0..3_usize).prop_map(|(at, form)| {
        let [full, of_850, of_c] = http_dates(at);
        match form {
            0 => full,
            1 => of_850,
            _ => of_c,
        }
    });
    let nonsense = text().prop_map(|text| text.replace(',', ""));
    prop_oneof![3 => number, 3 => date, 1 => nonsense, 1 => Just(String::new())]
}

proptest! {
    #![proptest_config(crate::many())]

    #[test]
    fn any_headers_are_survived(headers in headers()) {
        prop_assert!(wait_of(&headers) <= Some(MAX_RETRY_AFTER));
    }

    #[test]
    fn a_fraction_of_a_second_counts_as_a_whole_one(
        whole in prop_oneof![0..100_000_u64, any::<u64>()],
        fraction in "[0-9]{1,30}",
        space in select(vec!["", " ", "\t"]),
    ) {
        let has_fraction = fraction.bytes().any(|digit| digit != b'0');
        let sent = format!("{space}{whole}.{fraction}{space}");
        prop_assert_eq!(wait(&sent), seconds(whole.saturating_add(has_fraction.into())));
        prop_assert_eq!(wait(&whole.to_string()), seconds(whole));
    }

    #[test]
    fn of_a_list_the_longest_wait_counts(members in vec(member(), 1..6)) {
        let longest = members.iter().filter_map(|member| wait(member)).max();
        prop_assert_eq!(wait(&members.join(",")), longest);
        prop_assert_eq!(wait(&members.join(" , ")), longest);
    }

    #[test]
    fn the_three_forms_of_a_date_agree(at in instant()) {
        let left = u64::try_from(at.signed_duration_since(now()).num_seconds());
        for date in http_dates(at) {
            prop_assert_eq!(wait(&date), left.ok().and_then(seconds), "{}", date);
        }
    }

    /// `None` is shorter than any wait.
    #[test]
    fn who_asks_for_more_waits_no_less(
        one in instant(),
        other in instant(),
        less in 0..100_000_u32,
        more in any::<u32>(),
    ) {
        let (early, late) = (one.min(other), one.max(other));
        for (early, late) in http_dates(early).iter().zip(http_dates(late)) {
            prop_assert!(wait(early) <= wait(&late));
        }
        let (less, more) = (less.min(more), less.max(more));
        prop_assert!(wait(&less.to_string()) <= wait(&more.to_string()));
    }

    /// The device's clock may be a day off: with the service's own at hand, it plays no part.
    #[test]
    fn a_date_is_held_against_the_services_clock(
        at in instant(),
        left in 0..DAY,
        kept in 0..DAY,
        form in 0..3_usize,
    ) {
        let until = at + TimeDelta::seconds(left);
        let [until, ..] = http_dates(until);
        let headers = |age: Option<i64>| Headers {
            retry_after: Some(until.clone()),
            date: http_dates(at).get(form).cloned(),
            age: age.map(|age| age.to_string()),
            ..Headers::default()
        };
        let wait = |seconds: i64| u64::try_from(seconds).ok().map(Duration::from_secs);
        prop_assert_eq!(wait_of(&headers(None)), wait(left));
        prop_assert_eq!(wait_of(&headers(Some(kept))), wait(left - kept));
    }

    /// The page asks again by itself at most twice, only what cost nothing and may pass, never sooner than
    /// the service asks and never after more than half a minute.
    #[test]
    fn a_retry_costs_nothing_and_comes_in_time(
        made in prop_oneof![3 => 0..4_u32, 1 => any::<u32>()],
        status in option::of(prop_oneof![
            3 => select(vec![500, 503]),
            1 => select(vec![200, 429, 501, 502, 504]),
            1 => any::<u16>(),
        ]),
        charge in select(vec![Charge::No, Charge::No, Charge::Yes, Charge::Unknown]),
        kind in select(vec![FailureKind::Service, FailureKind::TimedOut, FailureKind::Unreadable]),
        asked_for in option::of(prop_oneof![
            2 => 0..40_000_u64,
            1 => select(vec![0, 500, 30_000, 30_001]),
            1 => any::<u64>(),
        ]),
        random in prop_oneof![3 => 0.0..1.0, 1 => any::<f64>()],
    ) {
        let failure = Failure {
            status,
            retry_after: asked_for.map(Duration::from_millis),
            ..Failure::new(kind, charge)
        };
        let may_retry = made < RETRIES
            && charge == Charge::No
            && matches!(status, Some(500 | 503))
            && asked_for.is_none_or(|asked_for| asked_for <= 30_000);
        let retry = next(made, &failure, random);
        prop_assert_eq!(retry.is_some(), may_retry);
        if let Some(retry) = retry {
            prop_assert_eq!(retry.number, made + 1);
            prop_assert!(retry.wait >= Duration::from_millis(500));
            prop_assert!(retry.wait <= Duration::from_secs(30));
            prop_assert!(retry.wait >= failure.retry_after.unwrap_or_default());
        }
    }
}
