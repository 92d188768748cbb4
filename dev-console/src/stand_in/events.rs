//! Made-up referral events: the same for the same seed, relative to the moment of signing in, and
//! coherent.
//!
//! Coherent means: what a status implies is there (a rewarded event was qualified before and names
//! its credits), and what it excludes is not (nothing qualified after it expired). Fields that Go's
//! `omitempty` would leave out are left out.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::random::Seeded;

/// One record, with the fields in the order in which the service's struct has them.
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

/// A moment as Go writes it: UTC with `Z`, and a fraction only as long as it has to be.
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

/// How old the oldest event of a history is.
const NINE_MONTHS: Duration = Duration::days(270);

/// A referral this old has been decided: its attribution window is over.
const OLDEST_OPEN: Duration = Duration::days(55);

/// One younger than this has not expired yet: the shortest window.
const YOUNGEST_EXPIRED: Duration = Duration::days(14);

/// A history of `count` events, newest first.
pub(crate) fn history(seed: u64, count: u32, now: DateTime<Utc>) -> Vec<Event> {
    let mut random = Seeded::new(seed);
    // A user has a few codes to hand out, and was referred with somebody else's.
    let own_codes: Vec<String> = (0..3).map(|_| code(&mut random)).collect();
    let mut recent = Deck::new(&RECENT);
    let mut open = Deck::new(&OPEN);
    let mut decided = Deck::new(&DECIDED);
    let mut soon = 0_u32;
    (0..count)
        .map(|position| {
            let age = age(&mut random, position, count);
            let status = if age < YOUNGEST_EXPIRED {
                recent.deal(&mut random)
            } else if age < OLDEST_OPEN {
                open.deal(&mut random)
            } else {
                decided.deal(&mut random)
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

/// The first events are minutes old, the last nine months, and newer ones lie closer together.
fn age(random: &mut Seeded, position: u32, count: u32) -> Duration {
    // In thousandths of the way, with some play that keeps the order: each has its own part of the
    // way.
    let part = u64::from(position) * 1000 + u64::from(random.below(900));
    let whole = u64::from(count.max(1)) * 1000;
    let nine_months = NINE_MONTHS.num_seconds().unsigned_abs();
    let seconds = u128::from(nine_months) * u128::from(part) * u128::from(part)
        / (u128::from(whole) * u128::from(whole));
    let minutes_apart = Duration::minutes(3) + Duration::seconds(i64::from(position));
    Duration::seconds(i64::try_from(seconds).unwrap_or(0)) + minutes_apart
}

fn event(
    random: &mut Seeded,
    own_codes: &[String],
    position: u32,
    status: &'static str,
    age: Duration,
    expires_soon: bool,
    now: DateTime<Utc>,
) -> Event {
    let created = now - age;
    let created_at = written(random, created);
    let is_referrer = !random.chance(15);
    let code = if is_referrer {
        let position = usize::try_from(random.below(3)).unwrap_or(0);
        own_codes.get(position).cloned()
    } else {
        Some(code(random))
    };
    let qualifies_after = part_of(random, age.min(Duration::days(12)), 10, 60);
    let qualified_at = has_qualified(status).then(|| written(random, created + qualifies_after));
    let rewarded_at = (status == "rewarded").then(|| {
        let waited = part_of(random, age - qualifies_after, 5, 40).min(Duration::days(5));
        written(random, created + qualifies_after + waited)
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
        // Old records lack what the service did not store yet.
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

/// The attribution window of an event, in whole days from its creation, if it has one.
fn expiry(
    random: &mut Seeded,
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
        // The longest usual window that is over by now.
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

/// A random part of a duration, from so many to so many hundredths of it.
fn part_of(random: &mut Seeded, whole: Duration, from: u32, to: u32) -> Duration {
    let hundredths = from + random.below(to.saturating_sub(from));
    Duration::seconds(whole.num_seconds().max(0) * i64::from(hundredths) / 100)
}

/// A moment in the precision in which the service would have stored it: sometimes whole seconds.
fn written(random: &mut Seeded, moment: DateTime<Utc>) -> Time {
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

fn code(random: &mut Seeded) -> String {
    random.text(UPPERCASE, 12)
}

/// Six characters, of which the last two count: no two events of a history have the same.
fn unique_id(random: &mut Seeded, position: u32) -> String {
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

/// Several campaigns and none. Campaigns are text that strangers choose, so they are not all tidy.
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

/// Statuses dealt like cards: random in order, but each as often as the deck has it, so that every
/// status occurs whatever the seed.
struct Deck {
    all: &'static [&'static str],
    left: Vec<&'static str>,
}

impl Deck {
    fn new(all: &'static [&'static str]) -> Self {
        let left = Vec::new();
        Self { all, left }
    }

    fn deal(&mut self, random: &mut Seeded) -> &'static str {
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
    fn a_seed_always_makes_the_same_events_and_another_seed_others() {
        let text = |seed| serde_json::to_string(&history(seed, 137, now())).unwrap();
        assert_eq!(text(42), text(42));
        assert_ne!(text(42), text(43));
    }

    #[test]
    fn the_newest_hundred_hold_every_status_and_role_whatever_the_seed() {
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
    fn every_event_is_coherent_newest_first_and_has_an_id_of_its_own() {
        for seed in 0..50 {
            for count in [7, 137, 2500] {
                let events = history(seed, count, now());
                assert_eq!(events.len(), usize::try_from(count).unwrap());
                assert!(events.is_sorted_by(|newer, older| newer.created_at >= older.created_at));
                let ids: HashSet<_> = events.iter().map(|event| &event.id).collect();
                assert_eq!(ids.len(), events.len());
                events.iter().for_each(assert_coherent);
            }
        }
    }

    fn assert_coherent(event: &Event) {
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
    fn ids_and_codes_look_like_the_documented_ones() {
        for event in history(42, 137, now()) {
            assert_eq!(event.id.len(), 6);
            if let Some(code) = event.code {
                assert_eq!(code.len(), 12);
                assert!(code.bytes().all(|byte| UPPERCASE.contains(&byte)));
            }
        }
    }

    #[test]
    fn times_are_written_as_go_writes_them() {
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
    fn fields_come_in_the_order_of_the_services_struct() {
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
