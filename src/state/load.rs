//! The one answer to "what is there to show".

use std::sync::Arc;

use chrono::TimeDelta;
use referral_history_core::{
    api::Answer,
    failure::Failure,
    record::{Device, Record},
    retry::Retry,
    time::Instant,
};

/// How far behind the device's clock an answer may be made and still be called new.
const OLD: TimeDelta = TimeDelta::hours(1);

/// The events of one successful answer.
#[derive(Debug)]
pub struct Loaded {
    /// Which of this page's requests it answers, from 1. Rows of different answers are different
    /// rows, whatever ids their records carry.
    pub generation: u32,
    /// The events, in the order the API sent them: newest first.
    pub records: Vec<Record>,
    /// How many records could not be read at all.
    pub unreadable: usize,
    /// How many records the answer has beyond those that are read.
    pub not_read: usize,
    /// How many records were asked for.
    pub limit: u8,
    /// When the answer was made, by the service's clock where it told it and by the device's otherwise.
    pub at: Instant,
    /// Whether the answer is much older than the device's clock says it should be: a cache kept it, or
    /// one of the clocks is wrong. Nobody here can tell which, so it is never called new.
    pub is_old: bool,
    /// How far the device's clock was ahead of the service's.
    pub clock_ahead: TimeDelta,
    /// The id under which the service knows the request.
    pub request_id: Option<String>,
}

impl Loaded {
    /// Whether the answer holds as many records as were asked for, so that there may be older ones
    /// that are not in it.
    pub fn may_lack_older(&self) -> bool {
        self.records.len() + self.unreadable + self.not_read >= usize::from(self.limit)
    }
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation
    }
}

/// Everything that can be the case between the page and the service.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadState {
    /// A request is under way, or the wait before a retry of it.
    Loading {
        /// What was loaded before and stays on the page meanwhile.
        before: Option<Arc<Loaded>>,
        /// The retry that the page waits for or makes.
        retry: Option<Retry>,
    },
    /// The last request succeeded.
    Ready(Arc<Loaded>),
    /// The last request failed for good.
    Failed {
        /// What was loaded before and stays on the page.
        before: Option<Arc<Loaded>>,
        /// Why.
        failure: Failure,
    },
    /// The host has taken the data off the page, and nothing was asked since.
    Cleared,
}

impl LoadState {
    /// The events that can be shown, however old.
    pub fn shown(&self) -> Option<&Arc<Loaded>> {
        match self {
            Self::Ready(loaded) => Some(loaded),
            Self::Loading { before, .. } | Self::Failed { before, .. } => before.as_ref(),
            Self::Cleared => None,
        }
    }

    /// The failure of the last request, if it failed for good.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure, .. } => Some(failure),
            Self::Loading { .. } | Self::Ready(_) | Self::Cleared => None,
        }
    }

    /// Whether a request is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// A request is made again; what is shown stays.
    pub(super) fn start_loading(&mut self) {
        *self = Self::Loading {
            before: self.shown().cloned(),
            retry: None,
        };
    }

    /// The request under way failed in passing and is made again after a wait.
    pub(super) fn set_retry(&mut self, next: Retry) {
        if let Self::Loading { retry, .. } = self {
            *retry = Some(next);
        }
    }

    /// The request under way came to its end, at `now` by the device's clock.
    pub(super) fn settle(
        &mut self,
        result: Result<Answer, Failure>,
        generation: u32,
        limit: u8,
        device: &dyn Device,
        now: Instant,
    ) {
        *self = match result {
            Ok(answer) => {
                let at = answer.made_at.unwrap_or(now);
                let service_clock = at.checked_add_signed(answer.age).unwrap_or(now);
                let records = answer.events.into_iter();
                Self::Ready(Arc::new(Loaded {
                    generation,
                    records: records.map(|event| Record::new(event, device)).collect(),
                    unreadable: answer.unreadable,
                    not_read: answer.not_read,
                    limit,
                    at,
                    is_old: now - at > OLD,
                    clock_ahead: now - service_clock,
                    request_id: answer.request_id,
                }))
            }
            Err(failure) => Self::Failed {
                before: self.shown().cloned(),
                failure,
            },
        };
    }
}

/// What the body of the page shows. Every state has a view_state, and none has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewState {
    /// Nothing has come yet.
    Skeleton,
    /// Nothing came.
    Failure,
    /// The host has taken the data off the page.
    Cleared,
    /// An answer without records.
    Empty,
    /// An answer of which not one record could be read.
    NothingReadable,
    /// Events, but none that the filters leave.
    NoMatch,
    /// Rows.
    Rows,
}

impl ViewState {
    /// The view_state of `load` when the filters leave `matching` of its events.
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

    /// Whether there is, or will be, something to filter and to page through.
    pub fn has_controls(self) -> bool {
        matches!(self, Self::Skeleton | Self::NoMatch | Self::Rows)
    }
}
