//! What the page knows at any moment, and what the user can do about it.
//!
//! Signals and memos over the model; no markup, and no browser: what the page needs of the world
//! around it comes in as an [`Environment`], so that all of this runs in a test on any machine.

mod environment;
mod load;
mod referral_state;

pub use environment::Environment;
pub use load::{LoadState, Loaded, ViewState};
pub use referral_state::{ReferralState, RowKey};
