//! Why there is no answer: one type for everything that can go wrong with a request.

use core::time::Duration;

use crate::{api::LONGEST_RETRY_AFTER, charge::Charge};

/// What kind of failure it was, as far as a user is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// 401: no session, or one that has ended.
    NotSignedIn,
    /// 403: permission, plan or policy.
    NotAllowed,
    /// 429: the plan's requests per minute, or the endpoint's, are used up.
    TooManyRequests,
    /// 5xx: the service failed.
    Service,
    /// 400, 404, 422 and any other 4xx: the service did not accept the request.
    BadRequest,
    /// No status line came: the request did not reach the service, or its answer was lost.
    NoConnection,
    /// No answer in time; the request was aborted.
    TimedOut,
    /// An answer came, but not the documented envelope, or not all of it.
    Unreadable,
    /// Nothing was asked: the host names an API on an origin that it did not allow.
    OtherOrigin,
}

/// A failed request. Everything that can fail ends here, so that every failure has one face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind it was.
    pub kind: FailureKind,
    /// What the request has cost.
    pub charge: Charge,
    /// The HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The service's own message. Never markup: a proxy's error page is not a message.
    pub message: Option<String>,
    /// The id under which the service knows the request.
    pub request_id: Option<String>,
    /// How long the service asked to wait before the next request, at most [`LONGEST_RETRY_AFTER`].
    /// Until then nobody asks again, whatever the failure was.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure about which nothing is known but its kind and what it has cost.
    pub fn new(kind: FailureKind, charge: Charge) -> Self {
        Self {
            kind,
            charge,
            status: None,
            message: None,
            request_id: None,
            retry_after: None,
        }
    }

    /// Whether the service asks for the longest wait that is kept, or for more.
    pub fn asks_for_longest(&self) -> bool {
        self.retry_after == Some(LONGEST_RETRY_AFTER)
    }
}

impl FailureKind {
    /// The word for it in the events that a host is told.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::NotAllowed => "not_allowed",
            Self::TooManyRequests => "too_many_requests",
            Self::Service => "service",
            Self::BadRequest => "bad_request",
            Self::NoConnection => "no_connection",
            Self::TimedOut => "timed_out",
            Self::Unreadable => "unreadable",
            Self::OtherOrigin => "other_origin",
        }
    }

    /// The kind of an HTTP status that is not a success.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::NotSignedIn,
            403 => Self::NotAllowed,
            429 => Self::TooManyRequests,
            400..=499 => Self::BadRequest,
            500..=599 => Self::Service,
            // A redirect that was not followed, or a number that is no status.
            _ => Self::Unreadable,
        }
    }
}
