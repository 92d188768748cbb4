//! When the page asks again by itself, and how long it waits before it does.
//!
//! A request costs the user one of as few as five a minute, so only what the API's documentation
//! calls worth a retry is retried: 500, 503, 504 and a lost connection.

use core::time::Duration;

use crate::failure::{Failure, FailureKind};

/// How often the page asks again by itself after one request of the user's.
pub const RETRIES: u32 = 2;

/// No wait is longer than this, whatever the service asks for: the official client's bound.
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
    if made >= RETRIES || !worth_a_retry(failure) {
        return None;
    }
    let longest = FIRST_WAIT * 2_u32.pow(made);
    let back_off = longest.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0));
    let wait = back_off.max(failure.retry_after.unwrap_or_default());
    Some(Retry {
        number: made + 1,
        wait: wait.min(LONGEST_WAIT),
    })
}

fn worth_a_retry(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::NoConnection => true,
        FailureKind::Service => matches!(failure.status, Some(500 | 503 | 504)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(status: u16) -> Failure {
        Failure {
            status: Some(status),
            ..Failure::of(FailureKind::of_status(status))
        }
    }

    #[test]
    fn only_what_may_pass_by_itself_is_retried() {
        for status in [500, 503, 504] {
            assert!(next(0, &service(status), 0.5).is_some(), "{status}");
        }
        for status in [400, 401, 403, 404, 422, 429, 501, 502, 302] {
            assert_eq!(next(0, &service(status), 0.5), None, "{status}");
        }
        assert!(next(0, &Failure::of(FailureKind::NoConnection), 0.5).is_some());
        for kind in [FailureKind::TimedOut, FailureKind::Unreadable] {
            assert_eq!(next(0, &Failure::of(kind), 0.5), None, "{kind:?}");
        }
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
    fn the_service_may_ask_for_longer_but_not_beyond_the_bound() {
        let asked = |seconds| Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..service(503)
        };
        let wait = |failure: &Failure| next(0, failure, 1.0).map(|retry| retry.wait);
        assert_eq!(wait(&asked(7)), Some(Duration::from_secs(7)));
        assert_eq!(wait(&asked(0)), Some(Duration::from_secs(1)));
        assert_eq!(wait(&asked(86_400)), Some(LONGEST_WAIT));
    }
}
