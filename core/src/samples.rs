//! Test data: events, and the user's device.

use core::cmp::Ordering;

use crate::{
    event::Event,
    field::Field,
    record::{Device, Record, campaign_ranks},
    status::Status,
    time::{Date, Instant, date_from_iso},
};

/// A device in Berlin in 2026: one hour ahead of UTC, two in summer.
pub(crate) struct Berlin;

impl Device for Berlin {
    fn fold(&self, text: &str) -> String {
        text.to_lowercase()
    }

    fn utc_offset(&self, at: Instant) -> i32 {
        let summer = instant("2026-03-29T01:00:00Z")..instant("2026-10-25T01:00:00Z");
        if summer.contains(&at) { 7_200 } else { 3_600 }
    }
}

/// An instant as the API writes it.
pub(crate) fn instant(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// A day as a date input writes it.
pub(crate) fn date(text: &str) -> Date {
    date_from_iso(text).expect("a day")
}

/// The current time in all tests.
pub(crate) fn now() -> Instant {
    instant("2026-05-12T12:00:00Z")
}

/// A known text field.
pub(crate) fn text(text: &str) -> Field<String> {
    Field::Known(text.to_owned())
}

/// A known time field.
pub(crate) fn time(text: &str) -> Field<Instant> {
    Field::Known(instant(text))
}

/// A field of the wrong type.
pub(crate) fn unreadable<T>() -> Field<T> {
    Field::Unreadable("[]".to_owned())
}

/// An event with only a status.
pub(crate) fn with_status(status: &str) -> Event {
    Event {
        status: Field::Known(Status::parse(status)),
        ..Event::default()
    }
}

/// A rewarded event with known credits.
pub(crate) fn rewarded(credits: i64) -> Event {
    Event {
        reward_credits: Field::Known(credits),
        ..with_status("rewarded")
    }
}

/// The records of the events on the device in Berlin.
pub(crate) fn records(events: impl IntoIterator<Item = Event>) -> Vec<Record> {
    let events = events.into_iter();
    events.map(|event| Record::new(event, &Berlin)).collect()
}

/// The ranks of the records' campaigns, without regard to case.
pub(crate) fn ranks(records: &[Record]) -> Vec<usize> {
    let compare =
        |one: &str, other: &str| -> Ordering { one.to_lowercase().cmp(&other.to_lowercase()) };
    campaign_ranks(records, &compare)
}
