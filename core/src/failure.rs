//! Why a request failed.

use core::time::Duration;

use crate::{api::MAX_RETRY_AFTER, charge::Charge};

/// The kind of a failure, as far as it matters to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// 401: there is no session, or it has ended.
    NotSignedIn,
    /// 403: permission, plan or policy.
    NotAllowed,
    /// 429: the plan's requests per minute, or the endpoint's, are used up.
    TooManyRequests,
    /// 5xx: the service failed.
    Service,
    /// 400, 404, 422 and any other 4xx: the service did not accept the request.
    BadRequest,
    /// No status line arrived: the request did not reach the service, or its answer was lost.
    NoConnection,
    /// No answer in time; the request was aborted.
    TimedOut,
    /// An answer arrived, but it is incomplete or not the documented envelope.
    Unreadable,
    /// No request was made: the host set an API on an origin that it did not allow.
    OtherOrigin,
}

/// What helps after a failure, and so what the page offers: at most one button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Another request may succeed.
    TryAgain,
    /// The user signs in.
    SignIn,
    /// Another request may succeed, but support may have to mend something first.
    Support,
    /// Whoever manages the account or the console has to change something. Another request cannot succeed
    /// before.
    Administrator,
}

impl Remedy {
    /// Its name in the style sheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TryAgain => "try-again",
            Self::SignIn => "sign-in",
            Self::Support => "support",
            Self::Administrator => "administrator",
        }
    }

    /// Whether the page offers another request.
    pub fn offers_request(self) -> bool {
        matches!(self, Self::TryAgain | Self::Support)
    }
}

/// A failed request. Every failure becomes this type, so that the page shows all of them in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What the request cost.
    pub charge: Charge,
    /// The HTTP status, if an answer arrived.
    pub status: Option<u16>,
    /// The service's own message. A proxy's error page is not a message.
    pub message: Option<String>,
    /// The service's id for the request.
    pub request_id: Option<String>,
    /// How long the service asked to wait before the next request, at most [`MAX_RETRY_AFTER`].
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of which only the kind and the charge are known.
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

    /// How long no request may be made. Only a rate limit and a failure of the service pass with time: a
    /// `Retry-After` of any other failure is ignored.
    pub fn wait(&self) -> Option<Duration> {
        let passes = matches!(
            self.kind,
            FailureKind::TooManyRequests | FailureKind::Service
        );
        self.retry_after.filter(|wait| passes && !wait.is_zero())
    }

    /// Whether the service asked for a wait of [`MAX_RETRY_AFTER`] or longer.
    pub fn exceeds_max_wait(&self) -> bool {
        self.retry_after == Some(MAX_RETRY_AFTER)
    }
}

impl FailureKind {
    /// Its name in the events for the host.
    pub fn as_str(self) -> &'static str {
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

    /// What helps after a failure of this kind.
    pub fn remedy(self) -> Remedy {
        match self {
            Self::TooManyRequests
            | Self::Service
            | Self::NoConnection
            | Self::TimedOut
            | Self::Unreadable => Remedy::TryAgain,
            Self::NotSignedIn => Remedy::SignIn,
            Self::BadRequest => Remedy::Support,
            Self::NotAllowed | Self::OtherOrigin => Remedy::Administrator,
        }
    }

    /// The kind for an HTTP status that is not a success.
    pub fn from_status(status: u16) -> Self {
        match status {
            401 => Self::NotSignedIn,
            403 => Self::NotAllowed,
            429 => Self::TooManyRequests,
            400..=499 => Self::BadRequest,
            500..=599 => Self::Service,
            // A redirect that was not followed, or a number that is not a status.
            _ => Self::Unreadable,
        }
    }
}
