//! Ids that no other page on the same document has.

use core::sync::atomic::{AtomicU32, Ordering};

/// What tells one page's elements from another's in the same document. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Ids(u32);

impl Ids {
    /// Ids that nobody else has.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The id of the element with that name.
    pub fn of(self, name: &str) -> String {
        format!("rh{}-{name}", self.0)
    }
}
