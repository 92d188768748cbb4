//! What needs no browser, tested from the outside on the host.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test says what must hold by expecting it, and is its own documentation"
)]

#[cfg(not(target_arch = "wasm32"))]
mod documents;
#[cfg(not(target_arch = "wasm32"))]
mod referral_state;
#[cfg(not(target_arch = "wasm32"))]
mod tidy;
