//! Tests that need no browser.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests assert with `expect` and are their own documentation"
)]

#[cfg(not(target_arch = "wasm32"))]
mod documents;
#[cfg(not(target_arch = "wasm32"))]
mod referral_state;
#[cfg(not(target_arch = "wasm32"))]
mod tidy;
