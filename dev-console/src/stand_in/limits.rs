//! What a plan allows: requests in any minute.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// A plan of the API, as far as the demo accounts use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    Free,
    Business,
}

impl Plan {
    /// From the API's published table of plans.
    pub(crate) fn requests_per_minute(self) -> usize {
        match self {
            Self::Free => 5,
            Self::Business => 300,
        }
    }
}

/// A sliding window: at most so many requests in any 60 seconds, not in each minute of the clock.
///
/// It keeps the moment at which each admitted request stops counting, oldest first.
#[derive(Debug)]
pub(crate) struct Window {
    most: usize,
    free_again: VecDeque<Instant>,
}

impl Window {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            most: plan.requests_per_minute(),
            free_again: VecDeque::new(),
        }
    }

    /// A window that is used up: the first place is free after `first`, the others a second apart.
    pub(crate) fn used_up(plan: Plan, first: Duration, now: Instant) -> Self {
        let most = plan.requests_per_minute();
        let free_again =
            std::iter::successors(Some(now + first), |at| Some(*at + Duration::from_secs(1)))
                .take(most)
                .collect();
        Self { most, free_again }
    }

    /// Admits a request, or says how long to wait until there is a place. A refused request takes
    /// no place.
    ///
    /// # Errors
    /// The time until the next place is free.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        while self.free_again.front().is_some_and(|free| *free <= now) {
            self.free_again.pop_front();
        }
        match self.free_again.front() {
            Some(free) if self.free_again.len() >= self.most => Err(*free - now),
            _ => {
                self.free_again.push_back(now + MINUTE);
                Ok(())
            }
        }
    }
}

/// A wait in whole seconds, as `Retry-After` says it: rounded up, so that whoever waits that long
/// is not early.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    let rounded_up = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    rounded_up.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_window_slides() {
        let start = Instant::now();
        let mut window = Window::new(Plan::Free);
        for second in 0..5 {
            assert_eq!(window.admit(start + seconds(second * 10)), Ok(()));
        }
        // Five in the last minute: the sixth waits until the first is a minute old, not for a full
        // minute.
        assert_eq!(window.admit(start + seconds(50)), Err(seconds(10)));
        assert_eq!(window.admit(start + seconds(60)), Ok(()));
        assert_eq!(window.admit(start + seconds(61)), Err(seconds(9)));
    }

    #[test]
    fn refused_requests_take_no_place() {
        let start = Instant::now();
        let mut window = Window::used_up(Plan::Free, seconds(5), start);
        for second in 0..5 {
            let now = start + seconds(second);
            assert_eq!(window.admit(now), Err(seconds(5 - second)));
        }
        assert_eq!(window.admit(start + seconds(5)), Ok(()));
        assert_eq!(window.admit(start + seconds(5)), Err(seconds(1)));
        assert_eq!(window.admit(start + seconds(6)), Ok(()));
    }

    #[test]
    fn waits_are_rounded_up() {
        assert_eq!(whole_seconds(Duration::from_millis(4001)), 5);
        assert_eq!(whole_seconds(seconds(4)), 4);
        assert_eq!(whole_seconds(Duration::ZERO), 1);
    }
}
