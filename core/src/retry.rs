//! When the page retries a request, and how long it waits before.
//!
//! A successful request costs a credit, and a plan allows as few as five requests a minute. So the page
//! retries only failures that the API's documentation calls worth a retry and that are known to be free:
//! 500 and 503.

use core::time::Duration;

use crate::{charge::Charge, failure::Failure};

/// The most retries after one request by the user.
pub const RETRIES: u32 = 2;

/// The longest wait before a retry, as in the official client. If the service asks for more, the page
/// does not retry.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// The wait before the first retry, without jitter; each further retry doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// A planned retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Its number, from 1 to [`RETRIES`].
    pub number: u32,
    /// How long the page waits before it.
    pub wait: Duration,
}

/// The retry after `failure` when `made` retries came before it; `None` if the page does not retry.
/// `random` is in `0.0..1.0`; it shortens the wait by up to half, so that pages do not retry all at once.
pub fn next(made: u32, failure: &Failure, random: f64) -> Option<Retry> {
    let retry_after = failure.retry_after.unwrap_or_default();
    if made >= RETRIES || !is_worth_a_retry(failure) || retry_after > MAX_WAIT {
        return None;
    }
    let back_off = FIRST_WAIT * 2_u32.pow(made);
    let jittered = back_off.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0));
    Some(Retry {
        number: made + 1,
        wait: jittered.max(retry_after),
    })
}

fn is_worth_a_retry(failure: &Failure) -> bool {
    failure.charge == Charge::No && matches!(failure.status, Some(500 | 503))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureKind;

    fn service(status: u16) -> Failure {
        let kind = FailureKind::from_status(status);
        Failure {
            status: Some(status),
            ..Failure::new(kind, Charge::from_status(status, None))
        }
    }

    /// The page once retried a 504 and a lost connection, though each may have cost a credit.
    #[test]
    fn only_free_temporary_failures_are_retried() {
        for status in [500, 503] {
            assert!(next(0, &service(status), 0.5).is_some(), "{status}");
        }
        for status in [
            200, 206, 302, 400, 401, 403, 404, 408, 418, 422, 429, 451, 501, 502, 504,
        ] {
            assert_eq!(next(0, &service(status), 0.5), None, "{status}");
        }
        for kind in [
            FailureKind::NoConnection,
            FailureKind::TimedOut,
            FailureKind::Unreadable,
            FailureKind::OtherOrigin,
        ] {
            for charge in [Charge::No, Charge::Yes, Charge::Unknown] {
                assert_eq!(next(0, &Failure::new(kind, charge), 0.5), None, "{kind:?}");
            }
        }
        let charged = Failure {
            charge: Charge::Unknown,
            ..service(503)
        };
        assert_eq!(next(0, &charged, 0.5), None);
    }

    #[test]
    fn retries_stop_after_two() {
        assert_eq!(
            next(1, &service(500), 0.0).map(|retry| retry.number),
            Some(2)
        );
        assert_eq!(next(2, &service(500), 0.0), None);
    }

    #[test]
    fn waits_double_with_jitter() {
        let wait = |made, random| next(made, &service(500), random).map(|retry| retry.wait);
        assert_eq!(wait(0, 0.0), Some(Duration::from_millis(500)));
        assert_eq!(wait(0, 1.0), Some(Duration::from_millis(1000)));
        assert_eq!(wait(1, 0.0), Some(Duration::from_millis(1000)));
        assert_eq!(wait(1, 1.0), Some(Duration::from_millis(2000)));
    }

    #[test]
    fn a_retry_after_beyond_the_longest_wait_stops_retries() {
        let with_retry_after = |seconds| Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..service(503)
        };
        let wait = |failure: &Failure| next(0, failure, 1.0).map(|retry| retry.wait);
        assert_eq!(wait(&with_retry_after(7)), Some(Duration::from_secs(7)));
        assert_eq!(wait(&with_retry_after(0)), Some(Duration::from_secs(1)));
        assert_eq!(wait(&with_retry_after(30)), Some(MAX_WAIT));
        assert_eq!(wait(&with_retry_after(31)), None);
        assert_eq!(wait(&with_retry_after(86_400)), None);
    }
}
