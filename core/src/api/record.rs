//! One record of `data.items`.

use chrono::DateTime;
use serde_json::value::RawValue;

use crate::json::{Members, integer, text};
use crate::{
    display::inert, event::Event, field::Field, role::Role, status::Status, time::Instant,
};

/// How much of an unreadable field is kept to be shown, in characters.
const UNREADABLE_CHARACTERS: usize = 200;

/// Reads a record; `None` where it is no object.
pub(super) fn event(record: &RawValue) -> Option<Event> {
    let members = Members::parse(record.get())?;
    Some(Event {
        id: words(&members, "id"),
        code: words(&members, "code"),
        campaign: words(&members, "campaign"),
        role: words(&members, "role").map(|word| Role::from_word(&word)),
        status: words(&members, "status").map(|word| Status::from_word(&word)),
        reward_credits: field(&members, "reward_credits", |value| integer(value).map(Some)),
        created_at: timestamp(&members, "created_at"),
        expires_at: timestamp(&members, "expires_at"),
        qualified_at: timestamp(&members, "qualified_at"),
        rewarded_at: timestamp(&members, "rewarded_at"),
        sent: record.get().into(),
    })
}

/// The text that a record has under a name, exactly as it was sent.
pub fn sent_text(record: &str, name: &str) -> Option<String> {
    Members::parse(record)?.get(name).and_then(text)
}

/// A field that `read` understands as missing or as a value; what it does not understand is
/// unreadable.
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
            None => Field::Unreadable(inert(value.get(), UNREADABLE_CHARACTERS)),
        },
    }
}

/// A text; one of nothing but white space says nothing.
fn words(members: &Members<'_>, name: &str) -> Field<String> {
    field(members, name, |value| {
        let text = text(value)?;
        Some(Some(text).filter(|text| !text.trim().is_empty()))
    })
}

/// An RFC 3339 timestamp, as Go marshals its times. Go's zero time, which it writes for a time that
/// was never set, is no time.
fn timestamp(members: &Members<'_>, name: &str) -> Field<Instant> {
    const GO_ZERO: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_300_799;
    field(members, name, |value| {
        let text = text(value)?;
        if text.trim().is_empty() {
            return Some(None);
        }
        let seconds = DateTime::parse_from_rfc3339(text.trim()).ok()?.timestamp();
        // Years that have four digits in UTC too. Fractions of a second are of no use to anybody here.
        let is_showable = (GO_ZERO..=LAST).contains(&seconds);
        let instant = DateTime::from_timestamp(seconds, 0).filter(|_| is_showable)?;
        Some(Some(instant).filter(|_| seconds != GO_ZERO))
    })
}
