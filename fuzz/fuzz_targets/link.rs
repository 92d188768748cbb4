//! Any address is read, and what was read can be written. An input is the query of an address.

#![no_main]

#[allow(dead_code, reason = "each target uses its part")]
#[path = "../../core/tests/properties/invariants.rs"]
mod invariants;

use invariants::check_address;
use referral_history_core::{url::UrlFormat, page::DEFAULT_ROWS_PER_PAGE};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let search = String::from_utf8_lossy(input);
    for prefix in ["", "rh-", "ü&"] {
        let link = UrlFormat {
            prefix: prefix.to_owned(),
            per_page: DEFAULT_ROWS_PER_PAGE,
        };
        check_address(&link, &search);
    }
});
