//! An event with values that are derived once, so that filtering and searching need not derive them.

use core::cmp::Ordering;
use std::sync::OnceLock;

use chrono::TimeDelta;

use crate::{
    campaign::Campaign,
    dates::DateField,
    event::Event,
    field::Field,
    sort,
    status::Status,
    time::{Date, Instant, Zone},
    url::is_addressable,
};

/// How long before its expiry a referral counts as expiring soon.
pub const SOON: TimeDelta = TimeDelta::days(7);

/// What the user's device provides.
pub trait Device {
    /// Folds the case of a text: texts that only differ in case become equal.
    fn fold(&self, text: &str) -> String;
    /// How many seconds the user's zone is ahead of UTC at an instant.
    fn utc_offset(&self, at: Instant) -> i32;
}

/// The day of an instant in the user's zone and in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    user: Option<Date>,
    utc: Option<Date>,
}

impl Day {
    /// The day of an instant.
    pub fn new(at: Instant, device: &dyn Device) -> Self {
        let ahead = TimeDelta::seconds(device.utc_offset(at).into());
        Self {
            user: Some((at + ahead).date_naive()),
            utc: Some(at.date_naive()),
        }
    }

    /// The day in a zone; `None` if the instant is not known.
    pub fn in_zone(self, zone: Zone) -> Option<Date> {
        match zone {
            Zone::User => self.user,
            Zone::Utc => self.utc,
        }
    }
}

/// An event with its derived values.
#[derive(Clone, Debug)]
pub struct Record {
    /// The event.
    pub event: Event,
    /// The choice of the campaign filter that it belongs to; `None` if its campaign is unreadable.
    pub campaign: Option<Campaign>,
    /// The day of its creation.
    pub created_on: Day,
    /// The day of its reward.
    pub rewarded_on: Day,
    /// Its id, code and campaign with folded case, once something was searched for.
    searchable: OnceLock<String>,
}

impl Record {
    /// Derives the values of an event.
    pub fn new(event: Event, device: &dyn Device) -> Self {
        let day = |field: &Field<Instant>| {
            field
                .known()
                .map_or_else(Day::default, |at| Day::new(*at, device))
        };
        Self {
            campaign: Campaign::from_event(&event),
            created_on: day(&event.created_at),
            rewarded_on: day(&event.rewarded_at),
            searchable: OnceLock::new(),
            event,
        }
    }

    /// The day of its date.
    pub fn day(&self, field: DateField) -> Day {
        match field {
            DateField::Created => self.created_on,
            DateField::Rewarded => self.rewarded_on,
        }
    }

    /// Whether the referral is still open and expires within [`SOON`] of `now`.
    pub fn expires_soon(&self, now: Instant) -> bool {
        let is_open = self.event.status.known().is_some_and(Status::is_open);
        let remaining = self.event.expires_at.known().map(|at| *at - now);
        let is_soon = |remaining| (TimeDelta::zero()..=SOON).contains(&remaining);
        is_open && remaining.is_some_and(is_soon)
    }

    /// Whether a search for a text with folded case finds the event. An empty search finds every event.
    pub fn matches_search(&self, folded: &str, device: &dyn Device) -> bool {
        folded.is_empty() || self.searchable(device).contains(folded)
    }

    fn searchable(&self, device: &dyn Device) -> &str {
        self.searchable.get_or_init(|| {
            let Event {
                id, code, campaign, ..
            } = &self.event;
            let texts = [id, code, campaign].map(|field| field.known().map_or("", String::as_str));
            // A search field cannot hold a line break, so a line break between the texts keeps a search
            // from matching across two of them.
            device.fold(&texts.join("\n"))
        })
    }
}

/// The position of the record with an id. `None` if no record has it, or several: an id may repeat, and then
/// it names none of them.
pub fn position_of(records: &[Record], id: &str) -> Option<usize> {
    let has_id = |record: &Record| record.event.id.known().is_some_and(|known| known == id);
    let position = records.iter().position(has_id)?;
    let mut later = records.iter().skip(position + 1);
    (!later.any(has_id)).then_some(position)
}

/// The id by which an address can name a record: no other record has it, and it is not too long.
pub fn addressable_id(records: &[Record], position: usize) -> Option<&str> {
    let id = records.get(position)?.event.id.known()?;
    let is_only = position_of(records, id) == Some(position);
    (is_only && is_addressable(id)).then_some(id)
}

/// The place of each record's campaign among the names in the order of `compare`, by the record's position.
/// Records without a named campaign come last.
pub fn campaign_ranks(records: &[Record], compare: &dyn Fn(&str, &str) -> Ordering) -> Vec<usize> {
    let mut names: Vec<&str> = Vec::new();
    for name in records.iter().filter_map(campaign_name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let name_at = |index: usize| names.get(index).copied().unwrap_or_default();
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sort::by(&mut sorted, &|one, other| {
        compare(name_at(one), name_at(other))
    });
    let rank = |record: &Record| {
        let name = campaign_name(record)?;
        sorted.iter().position(|index| name_at(*index) == name)
    };
    let ranks = records.iter().map(rank);
    ranks.map(|rank| rank.unwrap_or(usize::MAX)).collect()
}

fn campaign_name(record: &Record) -> Option<&str> {
    match &record.campaign {
        Some(Campaign::Named(name)) => Some(name),
        Some(Campaign::None) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;
    use crate::samples::{Berlin, date, instant, now, text, time, unreadable, with_status};

    fn record(event: Event) -> Record {
        Record::new(event, &Berlin)
    }

    #[test]
    fn a_day_is_the_calendar_day_in_its_zone() {
        for (at, user, utc) in [
            ("2026-01-31T22:59:59Z", "2026-01-31", "2026-01-31"),
            ("2026-01-31T23:00:00Z", "2026-02-01", "2026-01-31"),
            // An hour earlier in summer.
            ("2026-07-31T21:59:59Z", "2026-07-31", "2026-07-31"),
            ("2026-07-31T22:00:00Z", "2026-08-01", "2026-07-31"),
            ("2025-12-31T23:30:00Z", "2026-01-01", "2025-12-31"),
        ] {
            let day = Day::new(instant(at), &Berlin);
            assert_eq!(day.in_zone(Zone::User), Some(date(user)), "{at}");
            assert_eq!(day.in_zone(Zone::Utc), Some(date(utc)), "{at}");
        }
    }

    #[test]
    fn days_at_the_limits_of_readable_times_do_not_overflow() {
        struct Ahead(i32);
        impl Device for Ahead {
            fn fold(&self, text: &str) -> String {
                text.to_owned()
            }
            fn utc_offset(&self, _: Instant) -> i32 {
                self.0
            }
        }
        for (at, ahead, year) in [
            ("9999-12-31T23:59:59Z", 50_400, 10_000),
            ("0001-01-01T00:00:01Z", -43_200, 0),
        ] {
            let day = Day::new(instant(at), &Ahead(ahead));
            let user = day.in_zone(Zone::User);
            assert_eq!(user.map(|day| day.year()), Some(year), "{at}");
        }
    }

    #[test]
    fn only_an_id_that_no_other_record_has_names_a_record() {
        let with_id = |id: Field<String>| {
            record(Event {
                id,
                ..Event::default()
            })
        };
        let long = "é".repeat(101);
        let records = [
            with_id(text("a")),
            with_id(text("twice")),
            with_id(Field::Missing),
            with_id(text("twice")),
            with_id(unreadable()),
            with_id(text(&long)),
            with_id(text("A")),
        ];
        let named: Vec<_> = (0..8)
            .map(|place| addressable_id(&records, place))
            .collect();
        let only_a = [Some("a"), None, None, None, None, None, Some("A"), None];
        assert_eq!(named, only_a);
        assert_eq!(position_of(&records, "a"), Some(0));
        assert_eq!(position_of(&records, "A"), Some(6));
        // It is found, though an address is too short for it.
        assert_eq!(position_of(&records, &long), Some(5));
        for id in ["twice", "", "b", "[]"] {
            assert_eq!(position_of(&records, id), None, "{id}");
        }
    }

    #[test]
    fn an_unknown_time_has_no_day() {
        let event = Event {
            created_at: unreadable(),
            ..Event::default()
        };
        let record = record(event);
        for zone in [Zone::User, Zone::Utc] {
            assert_eq!(record.created_on.in_zone(zone), None);
            assert_eq!(record.rewarded_on.in_zone(zone), None);
        }
    }

    #[test]
    fn each_day_comes_from_its_own_field() {
        let record = record(Event {
            created_at: time("2026-05-01T12:00:00Z"),
            expires_at: time("2026-05-02T12:00:00Z"),
            qualified_at: time("2026-05-03T12:00:00Z"),
            rewarded_at: time("2026-05-04T12:00:00Z"),
            ..Event::default()
        });
        assert_eq!(
            record.created_on.in_zone(Zone::Utc),
            Some(date("2026-05-01"))
        );
        assert_eq!(
            record.rewarded_on.in_zone(Zone::Utc),
            Some(date("2026-05-04"))
        );
    }

    #[test]
    fn soon_is_from_now_to_a_week_from_now() {
        for (at, is_soon) in [
            ("2026-05-12T11:59:59Z", false),
            ("2026-05-12T12:00:00Z", true),
            ("2026-05-15T00:00:00Z", true),
            ("2026-05-19T12:00:00Z", true),
            ("2026-05-19T12:00:01Z", false),
            ("9999-12-31T23:59:59Z", false),
            ("0001-01-01T00:00:01Z", false),
        ] {
            let record = record(Event {
                expires_at: time(at),
                ..with_status("attributed")
            });
            assert_eq!(record.expires_soon(now()), is_soon, "{at}");
        }
    }

    /// The device's clock has fractions of a second; the API's times are read without.
    #[test]
    fn a_referral_that_has_just_expired_does_not_expire_soon() {
        let record = record(Event {
            expires_at: Field::Known(now()),
            ..with_status("attributed")
        });
        assert!(!record.expires_soon(now() + TimeDelta::milliseconds(1)));
    }

    #[test]
    fn only_open_referrals_expire_soon() {
        let soon: Vec<&str> = [
            "attributed",
            "qualified",
            "review_required",
            "rewarded",
            "expired",
            "capped",
            "failed",
            "rejected",
            "on_hold",
        ]
        .into_iter()
        .filter(|status| {
            let event = Event {
                expires_at: time("2026-05-13T00:00:00Z"),
                ..with_status(status)
            };
            record(event).expires_soon(now())
        })
        .collect();
        assert_eq!(soon, ["attributed", "qualified"]);
        let without_status = Event {
            expires_at: time("2026-05-13T00:00:00Z"),
            ..Event::default()
        };
        assert!(!record(without_status).expires_soon(now()));
    }

    #[test]
    fn without_a_known_expiry_a_referral_does_not_expire_soon() {
        for expires_at in [Field::Missing, unreadable()] {
            let event = Event {
                expires_at,
                ..with_status("attributed")
            };
            assert!(!record(event).expires_soon(now()));
        }
    }

    #[test]
    fn a_search_ignores_unreadable_fields_and_the_status() {
        let record = record(Event {
            id: Field::Unreadable("{\"secret\":1}".to_owned()),
            code: text("A1"),
            ..with_status("rewarded")
        });
        assert!(record.matches_search("a1", &Berlin));
        assert!(record.matches_search("", &Berlin));
        for other in ["secret", "rewarded", "A1"] {
            assert!(!record.matches_search(other, &Berlin), "{other}");
        }
    }
}
