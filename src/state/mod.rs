//! The page's state and the user's actions, as signals and memos over the core's types.
//!
//! Nothing here renders or uses the browser: the browser comes in as an [`Environment`], so that native
//! tests can drive the whole state.

mod environment;
mod load;
mod referral_state;

pub use environment::Environment;
pub use load::{LoadState, Loaded, ViewState};
pub use referral_state::{ReferralState, RowKey};
