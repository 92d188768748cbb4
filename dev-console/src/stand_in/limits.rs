//! The rate limits of plans, in requests per minute.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// A plan of the API. Only those that the demo accounts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    Free,
    Business,
}

impl Plan {
    /// Source: the API's published table of plans.
    pub(crate) fn requests_per_minute(self) -> usize {
        match self {
            Self::Free => 5,
            Self::Business => 300,
        }
    }
}

/// A sliding window: it limits the requests in any 60 seconds, not in each minute of the clock.
#[derive(Debug)]
pub(crate) struct SlidingWindow {
    limit: usize,
    /// When each admitted request stops counting, oldest first.
    expirations: VecDeque<Instant>,
}

impl SlidingWindow {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            limit: plan.requests_per_minute(),
            expirations: VecDeque::new(),
        }
    }

    /// A window without room: it has room for one request after `first`, and for one more each
    /// second after that.
    pub(crate) fn exhausted(plan: Plan, first: Duration, now: Instant) -> Self {
        let limit = plan.requests_per_minute();
        let expirations =
            std::iter::successors(Some(now + first), |at| Some(*at + Duration::from_secs(1)))
                .take(limit)
                .collect();
        Self { limit, expirations }
    }

    /// Admits a request if the window has room. A rejected request does not count.
    ///
    /// # Errors
    /// The time until the window has room.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        while self.expirations.front().is_some_and(|free| *free <= now) {
            self.expirations.pop_front();
        }
        match self.expirations.front() {
            Some(free) if self.expirations.len() >= self.limit => Err(*free - now),
            _ => {
                self.expirations.push_back(now + MINUTE);
                Ok(())
            }
        }
    }
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
        let mut window = SlidingWindow::new(Plan::Free);
        for second in 0..5 {
            assert_eq!(window.admit(start + seconds(second * 10)), Ok(()));
        }
        // The sixth request waits until the first is a minute old, not for a full minute.
        assert_eq!(window.admit(start + seconds(50)), Err(seconds(10)));
        assert_eq!(window.admit(start + seconds(60)), Ok(()));
        assert_eq!(window.admit(start + seconds(61)), Err(seconds(9)));
    }

    #[test]
    fn rejected_requests_do_not_count() {
        let start = Instant::now();
        let mut window = SlidingWindow::exhausted(Plan::Free, seconds(5), start);
        for second in 0..5 {
            let now = start + seconds(second);
            assert_eq!(window.admit(now), Err(seconds(5 - second)));
        }
        assert_eq!(window.admit(start + seconds(5)), Ok(()));
        assert_eq!(window.admit(start + seconds(5)), Err(seconds(1)));
        assert_eq!(window.admit(start + seconds(6)), Ok(()));
    }
}
