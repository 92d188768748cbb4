//! What the page needs of the world around it.

use core::{cmp::Ordering, time::Duration};

use futures::future::LocalBoxFuture;
use referral_history_core::{
    api::Answer, export::File, failure::Failure, record::Device, time::Instant,
};

/// The world around the page: the service, the device, the clock, chance.
pub trait Environment: Device {
    /// Asks the service for the latest `limit` events (1 to 100). **Each call is one request**, which
    /// costs the user a credit when it succeeds. Giving up the answer aborts the request.
    ///
    /// # Errors
    /// Everything that can go wrong, as one type.
    fn fetch(&self, limit: u8) -> LocalBoxFuture<'static, Result<Answer, Failure>>;

    /// Why the service must not be asked now: the failure after which it asked to wait, with how much
    /// of that wait is left. The wait belongs to the API, so it outlives the page that met it.
    fn kept_wait(&self) -> Option<Failure>;

    /// Keeps the wait that a failure asks for, if it asks for one.
    fn keep_wait(&self, failure: &Failure);

    /// Forgets the wait, which was another user's.
    fn forget_wait(&self);

    /// Waits.
    fn wait(&self, wait: Duration) -> LocalBoxFuture<'static, ()>;

    /// Runs a task. It has nobody to answer to: who spawns it ends it.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);

    /// The device's clock.
    fn now(&self) -> Instant;

    /// A random number in `0.0..1.0`.
    fn random(&self) -> f64;

    /// The order of two names in a language.
    fn compare_names(&self, language: &str, one: &str, other: &str) -> Ordering;

    /// Puts a text on the clipboard, and says whether it is there.
    fn copy(&self, text: &str) -> LocalBoxFuture<'static, bool>;

    /// Saves a file among the user's downloads.
    fn save(&self, file: &File);
}
