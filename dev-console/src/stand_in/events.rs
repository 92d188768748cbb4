//! Generated referral events. The same seed gives the same events. Times are relative to the sign-in.
//!
//! The events are consistent: each has the fields that its status implies (a rewarded event has an
//! earlier `qualified_at` and its credits) and none that it excludes (no event qualifies after it
//! expired). Fields that Go's `omitempty` would omit are omitted.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::random::SplitMix64;

/// One record. The fields have the order of the service's struct.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Event {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) campaign: Option<&'static str>,
    role: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward_credits: Option<u32>,
    created_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qualified_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewarded_at: Option<Time>,
}

/// A time that is serialized as in Go: UTC with `Z`, and no trailing zeros in the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Time(DateTime<Utc>);

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = self.0.format("%Y-%m-%dT%H:%M:%S");
        match self.0.timestamp_subsec_micros() {
            0 => serializer.collect_str(&format_args!("{seconds}Z")),
            micros => {
                let fraction = format!("{micros:06}");
                let fraction = fraction.trim_end_matches('0');
                serializer.collect_str(&format_args!("{seconds}.{fraction}Z"))
            }
        }
    }
}

/// The age of the oldest event of a history.
const HISTORY_SPAN: Duration = Duration::days(270);

/// The age from which a referral is no longer open: its attribution window is over.
const MAX_OPEN_AGE: Duration = Duration::days(55);

/// The age before which no referral has expired: the shortest attribution window.
const MIN_EXPIRED_AGE: Duration = Duration::days(14);

/// A history of `count` events, newest first.
pub(crate) fn history(seed: u64, count: u32, now: DateTime<Utc>) -> Vec<Event> {
    let mut random = SplitMix64::new(seed);
    // A referrer has a few codes; a referred user's event has another user's code.
    let own_codes: Vec<String> = (0..3).map(|_| code(&mut random)).collect();
    let mut recent = ShuffleBag::new(&RECENT);
    let mut open = ShuffleBag::new(&OPEN);
    let mut decided = ShuffleBag::new(&DECIDED);
    let mut soon = 0_u32;
    (0..count)
        .map(|position| {
            let age = age(&mut random, position, count);
            let status = if age < MIN_EXPIRED_AGE {
                recent.next(&mut random)
            } else if age < MAX_OPEN_AGE {
                open.next(&mut random)
            } else {
                decided.next(&mut random)
            };
            // Every third open referral expires within the next days.
            let expires_soon = is_open(status) && {
                soon += 1;
                soon % 3 == 1
            };
            event(
                &mut random,
                &own_codes,
                position,
                status,
                age,
                expires_soon,
                now,
            )
        })
        .collect()
}

/// The age of the event at a position: minutes for the first, nine months for the last. It grows
/// with the square of the position, so newer events are closer together.
fn age(random: &mut SplitMix64, position: u32, count: u32) -> Duration {
    // The position in thousandths. The random part is below 1000, so it keeps the order.
    let part = u64::from(position) * 1000 + u64::from(random.below(900));
    let whole = u64::from(count.max(1)) * 1000;
    let span = HISTORY_SPAN.num_seconds().unsigned_abs();
    let seconds = u128::from(span) * u128::from(part) * u128::from(part)
        / (u128::from(whole) * u128::from(whole));
    let minutes_apart = Duration::minutes(3) + Duration::seconds(i64::from(position));
    Duration::seconds(i64::try_from(seconds).unwrap_or(0)) + minutes_apart
}

fn event(
    random: &mut SplitMix64,
    own_codes: &[String],
    position: u32,
    status: &'static str,
    age: Duration,
    expires_soon: bool,
    now: DateTime<Utc>,
) -> Event {
    let created = now - age;
    let created_at = stored_time(random, created);
    let is_referrer = !random.chance(15);
    let code = if is_referrer {
        let position = usize::try_from(random.below(3)).unwrap_or(0);
        own_codes.get(position).cloned()
    } else {
        Some(code(random))
    };
    let qualifies_after = random_fraction(random, age.min(Duration::days(12)), 10, 60);
    let qualified_at =
        has_qualified(status).then(|| stored_time(random, created + qualifies_after));
    let rewarded_at = (status == "rewarded").then(|| {
        let waited = random_fraction(random, age - qualifies_after, 5, 40).min(Duration::days(5));
        stored_time(random, created + qualifies_after + waited)
    });
    let reward_credits = rewarded_at.and_then(|_| {
        random.pick(if is_referrer {
            &[10_000, 10_000, 10_000, 5_000, 25_000]
        } else {
            &[2_000, 2_000, 5_000]
        })
    });
    let expires_at =
        expiry(random, status, age, expires_soon).map(|window| Time(created_at.0 + window));
    Event {
        id: unique_id(random, position),
        // Some records have no code, as old records of the service may.
        code: code.filter(|_| !random.chance(4)),
        campaign: random.pick(&CAMPAIGNS).flatten(),
        role: if is_referrer { "referrer" } else { "referred" },
        status,
        reward_credits,
        created_at,
        expires_at,
        qualified_at,
        rewarded_at,
    }
}

/// The attribution window of an event in whole days; `None` when the event has no expiry.
fn expiry(
    random: &mut SplitMix64,
    status: &str,
    age: Duration,
    expires_soon: bool,
) -> Option<Duration> {
    let full_days = age.num_days();
    if is_open(status) {
        let days_left = if expires_soon {
            1 + i64::from(random.below(6))
        } else {
            10 + i64::from(random.below(50))
        };
        return Some(Duration::days(full_days + days_left));
    }
    if status == "expired" {
        // The longest usual window that is already over.
        let window = [90, 60, 30, 14]
            .into_iter()
            .find(|days| *days <= full_days)
            .unwrap_or(full_days);
        return Some(Duration::days(window));
    }
    random
        .chance(60)
        .then(|| Duration::days(if random.chance(50) { 30 } else { 60 }))
}

fn is_open(status: &str) -> bool {
    matches!(status, "attributed" | "qualified")
}

fn has_qualified(status: &str) -> bool {
    matches!(
        status,
        "qualified" | "review_required" | "rewarded" | "capped" | "failed" | "rejected"
    )
}

/// A random fraction of a duration, from `from` to `to` hundredths (exclusive).
fn random_fraction(random: &mut SplitMix64, whole: Duration, from: u32, to: u32) -> Duration {
    let hundredths = from + random.below(to.saturating_sub(from));
    Duration::seconds(whole.num_seconds().max(0) * i64::from(hundredths) / 100)
}

/// A time with random precision: whole seconds, milliseconds or microseconds.
fn stored_time(random: &mut SplitMix64, moment: DateTime<Utc>) -> Time {
    let whole = DateTime::from_timestamp(moment.timestamp(), 0).unwrap_or(moment);
    let micros = match random.below(4) {
        0 => 0,
        1 => random.below(1000) * 1000,
        _ => random.below(1_000_000),
    };
    Time(whole + Duration::microseconds(i64::from(micros)))
}

const LOWERCASE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const UPPERCASE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

fn code(random: &mut SplitMix64) -> String {
    random.text(UPPERCASE, 12)
}

/// A unique id of six characters: three random ones, then the position in base 36.
fn unique_id(random: &mut SplitMix64, position: u32) -> String {
    let base = 36;
    let digit = |place: u32| {
        let index = usize::try_from(place % base).unwrap_or(0);
        LOWERCASE.get(index).copied().map_or('0', char::from)
    };
    let mut id = random.text(LOWERCASE, 3);
    id.extend([
        digit(position / base / base),
        digit(position / base),
        digit(position),
    ]);
    id
}

/// Campaigns are text that anyone can choose, so some have spaces and special characters. `None` is
/// an event without a campaign.
const CAMPAIGNS: [Option<&str>; 9] = [
    Some("spring-launch"),
    Some("spring-launch"),
    Some("newsletter_05"),
    Some("Conference Berlin"),
    Some("q&a-webinar"),
    Some("été-2026"),
    None,
    None,
    None,
];

const RECENT: [&str; 10] = [
    "attributed",
    "attributed",
    "attributed",
    "qualified",
    "qualified",
    "review_required",
    "rewarded",
    "rewarded",
    "capped",
    "failed",
];
const OPEN: [&str; 12] = [
    "attributed",
    "attributed",
    "qualified",
    "review_required",
    "rewarded",
    "rewarded",
    "rewarded",
    "expired",
    "expired",
    "capped",
    "failed",
    "rejected",
];
const DECIDED: [&str; 12] = [
    "rewarded", "rewarded", "rewarded", "rewarded", "expired", "expired", "expired", "expired",
    "capped", "capped", "failed", "rejected",
];

/// Returns items in random order, each as often as it is in `all`, before it starts again. So every
/// status occurs with any seed.
struct ShuffleBag {
    all: &'static [&'static str],
    left: Vec<&'static str>,
}

impl ShuffleBag {
    fn new(all: &'static [&'static str]) -> Self {
        let left = Vec::new();
        Self { all, left }
    }

    fn next(&mut self, random: &mut SplitMix64) -> &'static str {
        if self.left.is_empty() {
            self.left = self.all.to_vec();
            random.shuffle(&mut self.left);
        }
        self.left.pop().unwrap_or("attributed")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const NOW: &str = "2026-05-12T14:03:07Z";
    const STATUSES: [&str; 8] = [
        "attributed",
        "qualified",
        "review_required",
        "rewarded",
        "expired",
        "capped",
        "failed",
        "rejected",
    ];

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    #[test]
    fn events_depend_on_the_seed() {
        let text = |seed| serde_json::to_string(&history(seed, 137, now())).unwrap();
        assert_eq!(text(42), text(42));
        assert_ne!(text(42), text(43));
    }

    #[test]
    fn the_newest_hundred_have_all_statuses_and_roles_for_any_seed() {
        for seed in 0..50 {
            let events = history(seed, 137, now());
            let newest = events.get(..100).unwrap();
            for status in STATUSES {
                assert!(
                    newest.iter().any(|event| event.status == status),
                    "{seed} {status}"
                );
            }
            for role in ["referrer", "referred"] {
                assert!(
                    newest.iter().any(|event| event.role == role),
                    "{seed} {role}"
                );
            }
            let campaigns: HashSet<_> = newest.iter().map(|event| event.campaign).collect();
            assert!(campaigns.len() >= 4 && campaigns.contains(&None));
            let week = Time(now() + Duration::days(7));
            let open = || newest.iter().filter(|event| is_open(event.status));
            assert!(
                open().any(|event| event.expires_at.unwrap() <= week),
                "{seed}"
            );
            assert!(
                open().any(|event| event.expires_at.unwrap() > week),
                "{seed}"
            );
        }
    }

    #[test]
    fn events_are_consistent_sorted_and_have_unique_ids() {
        for seed in 0..50 {
            for count in [7, 137, 2500] {
                let events = history(seed, count, now());
                assert_eq!(events.len(), usize::try_from(count).unwrap());
                assert!(events.is_sorted_by(|newer, older| newer.created_at >= older.created_at));
                let ids: HashSet<_> = events.iter().map(|event| &event.id).collect();
                assert_eq!(ids.len(), events.len());
                events.iter().for_each(assert_consistent);
            }
        }
    }

    fn assert_consistent(event: &Event) {
        let now = Time(now());
        assert!(event.created_at < now, "{event:?}");
        assert_eq!(
            event.qualified_at.is_some(),
            has_qualified(event.status),
            "{event:?}"
        );
        assert_eq!(
            event.rewarded_at.is_some(),
            event.status == "rewarded",
            "{event:?}"
        );
        assert_eq!(
            event.reward_credits.is_some(),
            event.status == "rewarded",
            "{event:?}"
        );
        if let Some(qualified) = event.qualified_at {
            assert!(
                event.created_at <= qualified && qualified <= now,
                "{event:?}"
            );
            if let Some(rewarded) = event.rewarded_at {
                assert!(qualified <= rewarded && rewarded <= now, "{event:?}");
            }
            if let Some(expires) = event.expires_at {
                assert!(qualified <= expires, "{event:?}");
            }
        }
        if is_open(event.status) {
            assert!(event.expires_at.unwrap() > now, "{event:?}");
        }
        if event.status == "expired" {
            assert!(event.expires_at.unwrap() <= now, "{event:?}");
        }
    }

    #[test]
    fn ids_and_codes_have_the_documented_form() {
        for event in history(42, 137, now()) {
            assert_eq!(event.id.len(), 6);
            if let Some(code) = event.code {
                assert_eq!(code.len(), 12);
                assert!(code.bytes().all(|byte| UPPERCASE.contains(&byte)));
            }
        }
    }

    #[test]
    fn times_are_serialized_as_in_go() {
        let written = |text: &str| {
            let time = Time(text.parse().unwrap());
            serde_json::to_value(time).unwrap()
        };
        assert_eq!(written(NOW), NOW);
        assert_eq!(
            written("2026-05-12T14:03:07.120500Z"),
            "2026-05-12T14:03:07.1205Z"
        );
        assert_eq!(
            written("2026-05-12T16:03:07.000001+02:00"),
            "2026-05-12T14:03:07.000001Z"
        );
    }

    #[test]
    fn fields_have_the_order_of_the_service_struct() {
        let mut events = history(42, 137, now());
        events.retain(|event| {
            event.status == "rewarded" && event.campaign.is_some() && event.expires_at.is_some()
        });
        let text = serde_json::to_string(events.first().unwrap()).unwrap();
        let order = [
            "id",
            "code",
            "campaign",
            "role",
            "status",
            "reward_credits",
            "created_at",
            "expires_at",
            "qualified_at",
            "rewarded_at",
        ];
        let places = order.map(|name| text.find(&format!("\"{name}\":")).unwrap());
        assert!(places.is_sorted(), "{text}");
    }
}
