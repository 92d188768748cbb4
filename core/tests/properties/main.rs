//! What must hold of any input, tried on input that is made up: `proptest` generates it, and shortens
//! what breaks a property to the least that does.
//!
//! Each run tries other inputs: 256 for each property, [`MANY_TIMES`] as many where an input is small, which
//! takes a few seconds. `PROPTEST_CASES=5000 cargo test -p referral-history-core --test properties` tries 5,000
//! in place of 256. An input that broke a property is kept in `tests/proptest-regressions/`, to be committed,
//! and is tried first from then on. `tests/corpus/` holds the inputs that were thought of by hand, and `fuzz/`
//! tries the same invariants for as long as one likes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test says what must hold by expecting it, and is its own documentation"
)]

use proptest::test_runner::Config;

mod address;
mod corpus;
mod decoder;
mod export;
mod generate;
#[path = "../icalendar/mod.rs"]
mod icalendar;
mod invariants;
mod retry;
#[path = "../rfc_4180/mod.rs"]
mod rfc_4180;

/// How many times as often a property is tried whose inputs are small.
const MANY_TIMES: u32 = 8;

fn many() -> Config {
    let config = Config::default();
    Config {
        cases: config.cases.saturating_mul(MANY_TIMES),
        ..config
    }
}
