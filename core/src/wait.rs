//! A wait that the service asked for.

use crate::{charge::Charge, failure::Failure, time::Instant};

/// A failure whose service asked for a wait, and the start and end of that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    failure: Failure,
    start: Instant,
    end: Instant,
}

impl Wait {
    /// The wait that `failure` asks for from `now` on; `None` if it asks for none.
    pub fn new(failure: &Failure, now: Instant) -> Option<Self> {
        let wait = failure.wait()?;
        Some(Self {
            failure: failure.clone(),
            start: now,
            end: now + wait,
        })
    }

    /// The failure to show instead of a request at `now`, with the time that remains; `None` if the wait
    /// is over, or if the device's clock was set back to before its start. No request was made, so there
    /// is no charge.
    pub fn left(&self, now: Instant) -> Option<Failure> {
        let remaining = (self.end - now)
            .to_std()
            .ok()
            .filter(|remaining| !remaining.is_zero())?;
        (now >= self.start).then(|| Failure {
            charge: Charge::No,
            status: None,
            message: None,
            request_id: None,
            retry_after: Some(remaining),
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
    fn a_wait_lasts_as_long_as_the_service_asked() {
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
    fn no_retry_after_starts_no_wait() {
        assert_eq!(Wait::new(&limited(0), now()), None);
        // Waiting does not give anybody the permission.
        let forbidden = Failure {
            retry_after: Some(Duration::from_secs(3_600)),
            ..Failure::new(FailureKind::NotAllowed, Charge::No)
        };
        assert_eq!(Wait::new(&forbidden, now()), None);
        let failure = Failure::new(FailureKind::Service, Charge::No);
        assert_eq!(Wait::new(&failure, now()), None);
    }

    /// Correcting a clock that was a year ahead once made a wait of a year.
    #[test]
    fn setting_the_clock_back_ends_the_wait() {
        let wait = Wait::new(&limited(7), now()).expect("a wait");
        assert_eq!(wait.left(now() - TimeDelta::days(365)), None);
    }
}
