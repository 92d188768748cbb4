//! The interface between the page and its environment.

use core::{cmp::Ordering, time::Duration};

use futures::future::LocalBoxFuture;
use referral_history_core::{
    api::Answer, export::File, failure::Failure, record::Device, time::Instant,
};

/// The environment of the page: the service, the device, the clock, random numbers. Tests replace it.
pub trait Environment: Device {
    /// Requests the latest `limit` events (1 to 100). **Each call is one request**, which costs the user
    /// a credit when it succeeds. Dropping the future aborts the request.
    ///
    /// # Errors
    /// Any failure of the connection, the service or the response.
    fn fetch(&self, limit: u8) -> LocalBoxFuture<'static, Result<Answer, Failure>>;

    /// The failure after which the service requires a wait, with the remaining wait; `None` if a request
    /// can be made now. The wait belongs to the API, so it outlives the page that received it.
    fn pending_wait(&self) -> Option<Failure>;

    /// Stores the wait that a failure requires, if any.
    fn store_wait(&self, failure: &Failure);

    /// Clears the wait, which was another user's.
    fn clear_wait(&self);

    /// Waits for a duration.
    fn wait(&self, wait: Duration) -> LocalBoxFuture<'static, ()>;

    /// Waits until the browser has painted what is in the document now, and a moment for what others have to do then.
    fn painted(&self) -> LocalBoxFuture<'static, ()>;

    /// Runs a task in the background. The caller cancels it.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);

    /// The device's clock.
    fn now(&self) -> Instant;

    /// A random number in `0.0..1.0`.
    fn random(&self) -> f64;

    /// Compares two names as a language sorts them.
    fn compare_names(&self, language: &str, one: &str, other: &str) -> Ordering;

    /// Copies a text to the clipboard and returns whether that succeeded.
    fn copy(&self, text: &str) -> LocalBoxFuture<'static, bool>;

    /// Starts the download of a file, and returns whether the browser took it. Whether the browser then saves
    /// it, nobody tells the page: the user may be asked first, and a parent of another origin may have forbidden it.
    fn save(&self, file: &File) -> bool;
}
