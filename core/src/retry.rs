//! When the page asks again by itself, and how long it waits before it does.
//!
//! A request costs the user one of as few as five a minute, and a credit. So only what the API's
//! documentation calls worth a retry is repeated, and of that only what is known to have cost nothing:
//! 500 and 503.

use core::time::Duration;

use crate::{charge::Charge, failure::Failure};

/// How often the page asks again by itself after one request of the user's.
pub const RETRIES: u32 = 2;

/// The longest wait before a retry, the official client's bound. Where the service asks for more, the
/// page does not ask again by itself.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The wait before the first retry, before jitter; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// A retry that is about to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Which one, from 1 to [`RETRIES`].
    pub number: u32,
    /// How long the page waits before it.
    pub wait: Duration,
}

/// The retry that follows `failure` when `made` retries were made before; `None` where the failure
/// stands. `random` is in `0.0..1.0` and spreads the waits of many pages over half their length.
pub fn next(made: u32, failure: &Failure, random: f64) -> Option<Retry> {
    let asked_for = failure.retry_after.unwrap_or_default();
    if made >= RETRIES || !is_worth_a_retry(failure) || asked_for > LONGEST_WAIT {
        return None;
    }
    let longest = FIRST_WAIT * 2_u32.pow(made);
    let back_off = longest.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0));
    Some(Retry {
        number: made + 1,
        wait: back_off.max(asked_for),
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
        let kind = FailureKind::of_status(status);
        Failure {
            status: Some(status),
            ..Failure::new(kind, Charge::of_status(status, None))
        }
    }

    /// A 504 and a lost connection were repeated once, though each may have cost a credit.
    #[test]
    fn only_what_may_pass_and_is_free_is_retried() {
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
    fn it_stops_after_two() {
        assert_eq!(
            next(1, &service(500), 0.0).map(|retry| retry.number),
            Some(2)
        );
        assert_eq!(next(2, &service(500), 0.0), None);
    }

    #[test]
    fn waits_double_and_spread() {
        let wait = |made, random| next(made, &service(500), random).map(|retry| retry.wait);
        assert_eq!(wait(0, 0.0), Some(Duration::from_millis(500)));
        assert_eq!(wait(0, 1.0), Some(Duration::from_millis(1000)));
        assert_eq!(wait(1, 0.0), Some(Duration::from_millis(1000)));
        assert_eq!(wait(1, 1.0), Some(Duration::from_millis(2000)));
    }

    #[test]
    fn a_service_that_asks_for_more_than_the_bound_is_not_asked_again() {
        let asked = |seconds| Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..service(503)
        };
        let wait = |failure: &Failure| next(0, failure, 1.0).map(|retry| retry.wait);
        assert_eq!(wait(&asked(7)), Some(Duration::from_secs(7)));
        assert_eq!(wait(&asked(0)), Some(Duration::from_secs(1)));
        assert_eq!(wait(&asked(30)), Some(LONGEST_WAIT));
        assert_eq!(wait(&asked(31)), None);
        assert_eq!(wait(&asked(86_400)), None);
    }
}
