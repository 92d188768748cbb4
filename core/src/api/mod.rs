//! An answer as the service sends it: the only place that knows its JSON and its headers.
//!
//! The documented answer is `{"code":200,"msg":"ok","data":{"items":[…]}}`, in which every field of
//! `data` is optional. A failure has one of two documented shapes, `{"code":401,"msg":"…"}` and
//! `{"error":{"code":"…","message":"…","request_id":"…"}}`, and "exact error bodies can vary".
//!
//! **The status line decides.** Whatever becomes of the body, a 401 is a 401 and keeps its headers. The
//! body decides only whether a 2xx, which has been charged, can be read.

mod envelope;
mod headers;
mod record;

use chrono::TimeDelta;

use self::envelope::{Envelope, shown_request_id};
pub use self::{
    headers::{Headers, LONGEST_RETRY_AFTER},
    record::sent_text,
};
use crate::{
    charge::Charge,
    event::Event,
    failure::{Failure, FailureKind},
    time::Instant,
};

/// The most of an answer that is read, in bytes: 4 MiB. A hundred records are some 30 kB.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The most records of an answer that are decoded. What is beyond is counted. The API's own bound is 100.
pub const MOST_RECORDS: usize = 1_000;

/// What a successful answer held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The records that could be read, in the order the API sent them: newest first.
    pub events: Vec<Event>,
    /// How many records could not be read at all.
    pub unreadable: usize,
    /// How many records there are beyond [`MOST_RECORDS`], which were not read.
    pub not_read: usize,
    /// The id under which the service knows the request.
    pub request_id: Option<String>,
    /// When the answer was made, by the service's clock (`Date`).
    pub made_at: Option<Instant>,
    /// How long a cache kept it since (`Age`).
    pub age: TimeDelta,
}

/// Reads an answer. `body` is `None` where it was cut, could not be decoded, was larger than
/// [`MOST_BYTES`] or was read by somebody else; `now` is the device's clock, used where the service did
/// not send its own.
///
/// # Errors
/// Any HTTP status that is not a success, and a success that is not the documented envelope.
pub fn decode(
    status: u16,
    headers: &Headers,
    body: Option<&str>,
    now: Instant,
) -> Result<Answer, Failure> {
    let envelope = Envelope::parse(body.unwrap_or_default());
    let request_id = envelope
        .request_id()
        .or_else(|| headers.request_id.as_deref().and_then(shown_request_id));
    let failure = |kind, message| Failure {
        kind,
        charge: Charge::of_status(status, envelope.error_code().as_deref()),
        status: Some(status),
        message,
        request_id: request_id.clone(),
        retry_after: headers.retry_after(now),
    };
    if !(200..300).contains(&status) {
        return Err(failure(FailureKind::of_status(status), envelope.message()));
    }
    let Some(items) = envelope.items() else {
        let message = envelope.message().filter(|message| !is_praise(message));
        return Err(failure(FailureKind::Unreadable, message));
    };
    let events: Vec<Event> = items
        .first
        .iter()
        .filter_map(|item| record::event(item))
        .collect();
    Ok(Answer {
        unreadable: items.first.len() - events.len(),
        not_read: items.more,
        events,
        request_id,
        made_at: headers.made_at(),
        age: headers.age(),
    })
}

/// What a service says of a success explains no failure.
fn is_praise(message: &str) -> bool {
    ["ok", "success"]
        .iter()
        .any(|praise| message.eq_ignore_ascii_case(praise))
}
