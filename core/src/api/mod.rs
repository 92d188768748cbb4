//! The JSON as the service sends it, and the headers beside it: the only place that knows either.
//!
//! The documented answer is `{"code":200,"msg":"ok","data":{"items":[…]}}`, in which every field of
//! `data` is optional. A failure has one of two documented shapes, `{"code":401,"msg":"…"}` and
//! `{"error":{"code":"…","message":"…","request_id":"…"}}`, and "exact error bodies can vary".
//!
//! Every object is taken apart into its members first and every member by itself after that, so that
//! a bad part costs itself alone: a wrong type one field, a record that is no object one record.

mod json;

use core::time::Duration;

use chrono::DateTime;

use self::json::Json;
use crate::{
    display::inert,
    event::Event,
    failure::{Failure, FailureKind},
    field::Field,
    role::Role,
    status::Status,
    time::Instant,
};

/// How much of an unreadable field is kept to be shown, in characters.
const UNREADABLE_CHARACTERS: usize = 200;

/// How much of a service's message is shown, in characters.
const MESSAGE_CHARACTERS: usize = 300;

/// How much of a request id is shown, in characters.
const REQUEST_ID_CHARACTERS: usize = 100;

/// The longest wait a service is believed to ask for. What asks for more asks for nothing readable.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// The headers of an answer that mean something here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `x-request-id`
    pub request_id: Option<String>,
    /// `retry-after`: seconds or an HTTP date.
    pub retry_after: Option<String>,
    /// `date`: the service's clock, against which times are held: the device's may be wrong by a day.
    pub date: Option<String>,
}

/// What a successful answer held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The records that could be read, in the order the API sent them: newest first.
    pub events: Vec<Event>,
    /// How many records could not be read at all.
    pub unreadable: usize,
    /// The id under which the service knows the request.
    pub request_id: Option<String>,
    /// When it was answered, by the service's clock.
    pub date: Option<Instant>,
}

/// Reads an answer. `now` is the device's clock, used where the service did not send its own.
///
/// # Errors
/// Any HTTP status that is not a success, and a success that is not the documented envelope.
pub fn decode(status: u16, headers: &Headers, body: &str, now: Instant) -> Result<Answer, Failure> {
    let envelope = Json::of(body).and_then(members);
    let service = Service::of(envelope.as_ref());
    let request_id = service
        .request_id
        .or_else(|| headers.request_id.as_deref().and_then(shown_request_id));
    let failure = |kind| Failure {
        kind,
        status: Some(status),
        message: service.message,
        request_id: request_id.clone(),
        retry_after: headers
            .retry_after
            .as_deref()
            .and_then(|value| retry_after(value, headers.date.as_deref(), now)),
    };
    if !(200..300).contains(&status) {
        return Err(failure(FailureKind::of_status(status)));
    }
    // An error in the body of a success is no list, least of all an empty one.
    match items(envelope.as_ref()).filter(|_| !service.is_error) {
        None => Err(failure(FailureKind::Unreadable)),
        Some(items) => {
            let events: Vec<Event> = items.iter().copied().filter_map(event).collect();
            Ok(Answer {
                unreadable: items.len() - events.len(),
                events,
                request_id,
                date: headers.date.as_deref().and_then(http_date),
            })
        }
    }
}

/// The members of a JSON object, unread and in the order they were sent.
///
/// A list, since objects here have ten members and a map's code would weigh more than it saves.
#[derive(Default)]
struct Members<'a>(Vec<(String, Json<'a>)>);

impl<'a> Members<'a> {
    /// The member of that name. Of one that stands twice the last counts, as in every browser.
    fn get(&self, name: &str) -> Option<Json<'a>> {
        let mut members = self.0.iter().rev();
        members
            .find(|(known, _)| known == name)
            .map(|(_, json)| *json)
    }
}

fn members(json: Json<'_>) -> Option<Members<'_>> {
    json.members().map(Members)
}

/// The records of the documented envelope; `None` where it is not that envelope. `data` without
/// `items`, or with `null` (how Go writes an empty slice), is a documented answer without records.
fn items<'a>(envelope: Option<&Members<'a>>) -> Option<Vec<Json<'a>>> {
    let data = members(envelope?.get("data")?)?;
    match data.get("items").filter(|items| !items.is_null()) {
        None => Some(Vec::new()),
        Some(items) => items.items(),
    }
}

/// What the service itself says about the answer, in either documented shape.
#[derive(Default)]
struct Service {
    message: Option<String>,
    request_id: Option<String>,
    /// The body says that it is an error, whatever the HTTP status says.
    is_error: bool,
}

impl Service {
    fn of(envelope: Option<&Members<'_>>) -> Self {
        let Some(envelope) = envelope else {
            return Self::default();
        };
        let text = |members: &Members<'_>, name: &str| -> Option<String> {
            members.get(name).and_then(Json::text)
        };
        let error = envelope
            .get("error")
            .filter(|error| !matches!(error.sent(), "null" | "false" | "\"\""));
        let nested = error.and_then(members).unwrap_or_default();
        let code = envelope.get("code").and_then(integer);
        Self {
            message: text(&nested, "message")
                .or_else(|| text(envelope, "msg"))
                .or_else(|| text(envelope, "message"))
                .and_then(|message| shown_message(&message)),
            request_id: text(&nested, "request_id")
                .or_else(|| text(envelope, "request_id"))
                .and_then(|id| shown_request_id(&id)),
            is_error: error.is_some() || code.is_some_and(|code| code >= 400),
        }
    }
}

/// A message that is a web page, or nothing, is no message.
fn shown_message(message: &str) -> Option<String> {
    let message = message.trim();
    let start: String = message
        .chars()
        .take(9)
        .collect::<String>()
        .to_ascii_lowercase();
    let is_page = start == "<!doctype" || start.starts_with("<html");
    (!message.is_empty() && !is_page).then(|| inert(message, MESSAGE_CHARACTERS))
}

fn shown_request_id(id: &str) -> Option<String> {
    let id = id.trim();
    (!id.is_empty()).then(|| inert(id, REQUEST_ID_CHARACTERS))
}

/// `Retry-After`: a number of seconds, or an HTTP date held against the service's own clock, because
/// the device's may be wrong by a day.
fn retry_after(value: &str, date: Option<&str>, now: Instant) -> Option<Duration> {
    let wait = match value.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let from = date.and_then(http_date).unwrap_or(now);
            http_date(value)?
                .signed_duration_since(from)
                .to_std()
                .ok()?
        }
    };
    (wait <= LONGEST_RETRY_AFTER).then_some(wait)
}

/// An HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), by way of the parser that is
/// here for the timestamps: chrono's own for this form is another six kilobytes in the bundle.
fn http_date(value: &str) -> Option<Instant> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut parts = value.split_ascii_whitespace().skip(1);
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = 1 + MONTHS.iter().position(|name| *name == month)?;
    let date = format!("{year}-{month:02}-{day}T{time}Z");
    Some(DateTime::parse_from_rfc3339(&date).ok()?.to_utc())
}

/// One record; `None` where it is no object.
fn event(json: Json<'_>) -> Option<Event> {
    let members = members(json)?;
    Some(Event {
        id: text(&members, "id"),
        code: text(&members, "code"),
        campaign: text(&members, "campaign"),
        role: text(&members, "role").map(|word| Role::from_word(&word)),
        status: text(&members, "status").map(|word| Status::from_word(&word)),
        reward_credits: field(&members, "reward_credits", |json| integer(json).map(Some)),
        created_at: timestamp(&members, "created_at"),
        expires_at: timestamp(&members, "expires_at"),
        qualified_at: timestamp(&members, "qualified_at"),
        rewarded_at: timestamp(&members, "rewarded_at"),
        sent: json.sent().into(),
    })
}

/// A field that `read` understands as missing or as a value; what it does not understand is
/// unreadable.
fn field<T>(
    members: &Members<'_>,
    name: &str,
    read: impl FnOnce(Json<'_>) -> Option<Option<T>>,
) -> Field<T> {
    match members.get(name) {
        None => Field::Missing,
        Some(json) if json.is_null() => Field::Missing,
        Some(json) => match read(json) {
            Some(Some(value)) => Field::Known(value),
            Some(None) => Field::Missing,
            None => Field::Unreadable(inert(json.sent(), UNREADABLE_CHARACTERS)),
        },
    }
}

/// A text; one of nothing but white space says nothing.
fn text(members: &Members<'_>, name: &str) -> Field<String> {
    field(members, name, |json| {
        let text = json.text()?;
        Some(Some(text).filter(|text| !text.trim().is_empty()))
    })
}

/// A whole number. One that passed through a program without integers (`10000.0`) is still one.
///
/// Not read as a floating point number, which would round large ones, and whose parser is ten
/// kilobytes of tables in the bundle.
fn integer(json: Json<'_>) -> Option<i64> {
    let (whole, fraction) = json.sent().split_once('.').unwrap_or((json.sent(), ""));
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    whole.parse().ok().filter(|_| is_whole)
}

/// An RFC 3339 timestamp, as Go marshals its times. Go's zero time, which it writes for a time that
/// was never set, is no time.
fn timestamp(members: &Members<'_>, name: &str) -> Field<Instant> {
    const GO_ZERO: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_300_799;
    field(members, name, |json| {
        let text = json.text()?;
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
