//! A wait that the service has asked for.

use crate::{
    charge::Charge,
    failure::Failure,
    time::{self, Instant},
};

/// A failure with a wait, and until when it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    failure: Failure,
    since: Instant,
    until: Instant,
}

impl Wait {
    /// The wait that begins with `failure` at `now`; `None` where it asks for none.
    pub fn new(failure: &Failure, now: Instant) -> Option<Self> {
        let wait = failure.retry_after.filter(|wait| !wait.is_zero())?;
        Some(Self {
            failure: failure.clone(),
            since: now,
            until: time::after(now, wait),
        })
    }

    /// Why nobody may ask at `now`, and for how much longer; `None` when the wait is over, and when
    /// the device's clock was set back to before it began. No request was made, so none was charged.
    pub fn left(&self, now: Instant) -> Option<Failure> {
        let left = (self.until - now)
            .to_std()
            .ok()
            .filter(|left| !left.is_zero())?;
        (now >= self.since).then(|| Failure {
            charge: Charge::No,
            status: None,
            message: None,
            request_id: None,
            retry_after: Some(left),
            ..self.failure.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use chrono::TimeDelta;

    use super::*;
    use crate::{failure::FailureKind, samples::now};

    fn limited(seconds: u64) -> Failure {
        Failure {
            status: Some(429),
            message: Some("slow down".to_owned()),
            retry_after: Some(Duration::from_secs(seconds)),
            ..Failure::new(FailureKind::TooManyRequests, Charge::No)
        }
    }

    #[test]
    fn a_wait_lasts_as_long_as_was_asked_for() {
        let wait = Wait::new(&limited(7), now()).expect("a wait");
        let left = |seconds| wait.left(now() + TimeDelta::seconds(seconds));
        let seconds = |seconds| left(seconds).and_then(|failure| failure.retry_after);
        assert_eq!(seconds(0), Some(Duration::from_secs(7)));
        assert_eq!(seconds(5), Some(Duration::from_secs(2)));
        assert_eq!(seconds(7), None);
        let failure = left(1).expect("a failure");
        assert_eq!(
            (failure.kind, failure.charge),
            (FailureKind::TooManyRequests, Charge::No)
        );
        assert_eq!((failure.status, failure.message), (None, None));
    }

    #[test]
    fn what_asks_for_no_wait_begins_none() {
        assert_eq!(Wait::new(&limited(0), now()), None);
        let failure = Failure::new(FailureKind::Service, Charge::No);
        assert_eq!(Wait::new(&failure, now()), None);
    }

    /// A clock that was wrong by a year and is set right once made a wait of a year.
    #[test]
    fn a_clock_that_is_set_back_ends_it() {
        let wait = Wait::new(&limited(7), now()).expect("a wait");
        assert_eq!(wait.left(now() - TimeDelta::days(365)), None);
    }
}
