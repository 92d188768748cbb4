//! Reads the service's answers: their status, headers and JSON.
//!
//! The documented answer is `{"code":200,"msg":"ok","data":{"items":[…]}}`, in which every field of
//! `data` is optional. A failure has one of two documented shapes, `{"code":401,"msg":"…"}` and
//! `{"error":{"code":"…","message":"…","request_id":"…"}}`, and "exact error bodies can vary".
//!
//! **The status line decides.** A 401 stays a 401 and keeps its headers, even if its body is lost. The
//! body only decides whether a 2xx, which was charged, can be read.

mod envelope;
mod headers;
mod record;

use chrono::TimeDelta;

use self::envelope::{Envelope, sanitize_request_id};
pub use self::{
    headers::{Headers, MAX_RETRY_AFTER},
    record::sent_text,
};
use crate::{
    charge::Charge,
    event::Event,
    failure::{Failure, FailureKind},
    time::Instant,
};

/// The most bytes of an answer that are read: 4 MiB. A hundred records have about 30 kB.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most records of an answer that are decoded; further ones are only counted. The API sends at most
/// 100.
pub const MAX_RECORDS: usize = 1_000;

/// The content of a successful answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The records that could be read, in the order the API sent them: newest first.
    pub events: Vec<Event>,
    /// How many records could not be read at all.
    pub unreadable: usize,
    /// How many records beyond [`MAX_RECORDS`] were not read.
    pub not_read: usize,
    /// The service's id for the request.
    pub request_id: Option<String>,
    /// When the answer was made, by the service's clock (`Date`).
    pub made_at: Option<Instant>,
    /// How long a cache has kept the answer (`Age`).
    pub age: TimeDelta,
    /// When it has come, by the device's clock; `None` if that is when it is used.
    pub received_at: Option<Instant>,
}

/// Reads an answer. `body` is `None` if it was cut off, could not be decoded, was larger than
/// [`MAX_BYTES`] or had already been read by other code. `now` is the device's clock, used if the
/// service sends no `Date`.
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
        .or_else(|| headers.request_id.as_deref().and_then(sanitize_request_id));
    let failure = |kind, message| Failure {
        kind,
        charge: Charge::from_status(status, envelope.error_code().as_deref()),
        // What a browser calls 0 is the status of a redirect that it did not follow.
        status: (status != 0).then_some(status),
        message,
        request_id: request_id.clone(),
        retry_after: headers.retry_after(now),
    };
    if !(200..300).contains(&status) {
        return Err(failure(
            FailureKind::from_status(status),
            envelope.message(),
        ));
    }
    let Some(items) = envelope.items() else {
        let message = envelope
            .message()
            .filter(|message| !is_success_message(message));
        return Err(failure(FailureKind::Unreadable, message));
    };
    let events: Vec<Event> = items
        .first
        .iter()
        .filter_map(|item| record::parse(item))
        .collect();
    Ok(Answer {
        unreadable: items.first.len() - events.len(),
        not_read: items.more,
        events,
        request_id,
        made_at: headers.made_at(),
        age: headers.age(),
        received_at: Some(now),
    })
}

/// A message for a success does not explain a failure.
fn is_success_message(message: &str) -> bool {
    ["ok", "success"]
        .iter()
        .any(|success| message.eq_ignore_ascii_case(success))
}
