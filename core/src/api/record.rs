//! Reads one record of `data.items`.

use chrono::DateTime;
use serde_json::value::RawValue;

use crate::json::{Members, integer, text};
use crate::{
    event::Event, field::Field, role::Role, sanitize::sanitize, status::Status, time::Instant,
};

/// The most characters of an unreadable field that are kept.
const UNREADABLE_CHARACTERS: usize = 200;

/// Parses a record; `None` if it is not an object.
pub(super) fn parse(record: &RawValue) -> Option<Event> {
    let members = Members::parse(record.get())?;
    Some(Event {
        id: text_field(&members, "id"),
        code: text_field(&members, "code"),
        campaign: text_field(&members, "campaign"),
        role: text_field(&members, "role").map(|word| Role::parse(&word)),
        status: text_field(&members, "status").map(|word| Status::parse(&word)),
        reward_credits: field(&members, "reward_credits", |value| integer(value).map(Some)),
        created_at: timestamp(&members, "created_at"),
        expires_at: timestamp(&members, "expires_at"),
        qualified_at: timestamp(&members, "qualified_at"),
        rewarded_at: timestamp(&members, "rewarded_at"),
        sent: record.get().into(),
    })
}

/// The text of a record's member, exactly as sent.
pub fn sent_text(record: &str, name: &str) -> Option<String> {
    Members::parse(record)?.get(name).and_then(text)
}

/// A field. `read` returns `Some(None)` for a missing value, and `None` for an unreadable one.
fn field<T>(
    members: &Members<'_>,
    name: &str,
    read: impl FnOnce(&RawValue) -> Option<Option<T>>,
) -> Field<T> {
    match members.get(name) {
        None => Field::Missing,
        Some(value) if value.get() == "null" => Field::Missing,
        Some(value) => match read(value) {
            Some(Some(value)) => Field::Known(value),
            Some(None) => Field::Missing,
            None => Field::Unreadable(sanitize(value.get(), UNREADABLE_CHARACTERS)),
        },
    }
}

/// A text field; a blank text counts as missing.
fn text_field(members: &Members<'_>, name: &str) -> Field<String> {
    field(members, name, |value| {
        let text = text(value)?;
        Some(Some(text).filter(|text| !text.trim().is_empty()))
    })
}

/// An RFC 3339 timestamp, as Go marshals its times. Go writes its zero time for a time that was never
/// set, so it counts as missing.
fn timestamp(members: &Members<'_>, name: &str) -> Field<Instant> {
    const GO_ZERO: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_300_799;
    field(members, name, |value| {
        let text = text(value)?;
        if text.trim().is_empty() {
            return Some(None);
        }
        let seconds = DateTime::parse_from_rfc3339(text.trim()).ok()?.timestamp();
        // The year must have four digits in UTC too. Fractions of a second are dropped: the page never
        // shows them.
        let is_in_range = (GO_ZERO..=LAST).contains(&seconds);
        let instant = DateTime::from_timestamp(seconds, 0).filter(|_| is_in_range)?;
        Some(Some(instant).filter(|_| seconds != GO_ZERO))
    })
}
