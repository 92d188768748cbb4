//! Any answer is survived. An input is a whole answer: see `invariants::message`.

#![no_main]

#[allow(dead_code, reason = "each target uses its part")]
#[path = "../../core/tests/properties/invariants.rs"]
mod invariants;

use invariants::{check_answer, message};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let input = String::from_utf8_lossy(input);
    let (status, headers, body) = message(&input);
    let _ = check_answer(status, &headers, body);
});
