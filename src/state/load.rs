//! What is loaded, and what the page shows of it.

use std::sync::Arc;

use chrono::TimeDelta;
use referral_history_core::{
    api::Answer,
    failure::Failure,
    record::{Device, Record},
    retry::Retry,
    time::Instant,
};

/// The greatest age, by the device's clock, at which an answer still counts as new.
const MAX_AGE: TimeDelta = TimeDelta::hours(1);

/// The events of one successful response.
#[derive(Debug)]
pub struct Loaded {
    /// The number of the request, from 1. Rows of different responses are different rows, even if their
    /// records have equal ids.
    pub generation: u32,
    /// The events, in the order the API sent them: newest first.
    pub records: Vec<Record>,
    /// How many records could not be read at all.
    pub unreadable: usize,
    /// How many further records the response has, beyond the most that are read.
    pub not_read: usize,
    /// How many records were requested.
    pub limit: u8,
    /// When the response was made, by the service's clock if it sent one, and by the device's otherwise.
    pub at: Instant,
    /// Whether the response is old by the device's clock: it comes from a cache, or one of the clocks is
    /// wrong. The page cannot tell which, so it shows the date instead of "just now".
    pub is_old: bool,
    /// How far the device's clock is ahead of the service's.
    pub clock_ahead: TimeDelta,
    /// The service's id of the request.
    pub request_id: Option<String>,
}

impl Loaded {
    /// The events of an answer that is used `now`, by the device's clock.
    pub fn new(
        answer: Answer,
        generation: u32,
        limit: u8,
        device: &dyn Device,
        now: Instant,
    ) -> Self {
        let now = answer.received_at.unwrap_or(now);
        let at = answer.made_at.unwrap_or(now);
        let service_clock = at.checked_add_signed(answer.age).unwrap_or(now);
        let records = answer.events.into_iter();
        Self {
            generation,
            records: records.map(|event| Record::new(event, device)).collect(),
            unreadable: answer.unreadable,
            not_read: answer.not_read,
            limit,
            at,
            is_old: now - at > MAX_AGE,
            clock_ahead: now - service_clock,
            request_id: answer.request_id,
        }
    }

    /// Whether the response has as many records as were requested, so that there may be older ones.
    pub fn may_lack_older(&self) -> bool {
        self.records.len() + self.unreadable + self.not_read >= usize::from(self.limit)
    }
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation
    }
}

/// The state of the request.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadState {
    /// A request is in flight, or waits for its retry.
    Loading {
        /// The events of the previous response, which stay on the page.
        previous: Option<Arc<Loaded>>,
        /// The retry that is pending or in flight.
        retry: Option<Retry>,
    },
    /// The last request succeeded.
    Ready(Arc<Loaded>),
    /// The last request failed, and its retries too.
    Failed {
        /// The events of the previous response, which stay on the page.
        previous: Option<Arc<Loaded>>,
        /// The reason.
        failure: Failure,
    },
    /// The host page has cleared the data, and no request was made since.
    Cleared,
}

impl LoadState {
    /// The loaded events, even if they are from a previous response.
    pub fn shown(&self) -> Option<&Arc<Loaded>> {
        match self {
            Self::Ready(loaded) => Some(loaded),
            Self::Loading { previous, .. } | Self::Failed { previous, .. } => previous.as_ref(),
            Self::Cleared => None,
        }
    }

    /// The failure of the last request, if it failed.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure, .. } => Some(failure),
            Self::Loading { .. } | Self::Ready(_) | Self::Cleared => None,
        }
    }

    /// Whether a request is in flight or waits for its retry.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// Starts a request; the loaded events stay.
    pub(super) fn start_loading(&mut self) {
        *self = Self::Loading {
            previous: self.shown().cloned(),
            retry: None,
        };
    }

    /// Schedules a retry after a transient failure.
    pub(super) fn set_retry(&mut self, next: Retry) {
        if let Self::Loading { retry, .. } = self {
            *retry = Some(next);
        }
    }

    /// Ends the request with its result, at `now` by the device's clock.
    pub(super) fn settle(
        &mut self,
        result: Result<Answer, Failure>,
        generation: u32,
        limit: u8,
        device: &dyn Device,
        now: Instant,
    ) {
        *self = match result {
            Ok(answer) => Self::Ready(Arc::new(Loaded::new(
                answer, generation, limit, device, now,
            ))),
            Err(failure) => Self::Failed {
                previous: self.shown().cloned(),
                failure,
            },
        };
    }
}

/// What the body of the page shows. Each combination of load state and filters has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewState {
    /// The first response has not arrived yet.
    Skeleton,
    /// The request failed and no events are loaded.
    Failure,
    /// The host page has cleared the data.
    Cleared,
    /// The response has no records.
    Empty,
    /// The response has records, but none is readable.
    NothingReadable,
    /// Events are loaded, but none passes the filters.
    NoMatch,
    /// At least one event passes the filters.
    Rows,
}

impl ViewState {
    /// The view state of `load` when `matching` of its events pass the filters.
    pub fn new(load: &LoadState, matching: usize) -> Self {
        match load.shown() {
            None if load.is_loading() => Self::Skeleton,
            None if *load == LoadState::Cleared => Self::Cleared,
            None => Self::Failure,
            Some(shown) if shown.records.is_empty() && shown.unreadable > 0 => {
                Self::NothingReadable
            }
            Some(shown) if shown.records.is_empty() => Self::Empty,
            Some(_) if matching == 0 => Self::NoMatch,
            Some(_) => Self::Rows,
        }
    }

    /// Whether there are events, also if none passes the filters.
    pub fn has_rows(self) -> bool {
        matches!(self, Self::NoMatch | Self::Rows)
    }

    /// Whether the page shows its filters: there are events, or the first ones are loading.
    pub fn has_controls(self) -> bool {
        matches!(self, Self::Skeleton | Self::NoMatch | Self::Rows)
    }
}
