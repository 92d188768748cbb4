//! Inputs that somebody thought of: real answers, and hostile ones.

use std::{fs, path::Path};

use referral_history_core::{
    api::{Headers, MAX_RETRY_AFTER},
    page::DEFAULT_ROWS_PER_PAGE,
    url::UrlFormat,
};

use crate::invariants::{check_address, check_answer, message};

/// Real answers, and what the development console answers in their place.
pub const DOCUMENTS: [&str; 6] = [
    include_str!("../fixtures/documented.json"),
    include_str!("../../../dev-console/src/stand_in/fixtures/broken.json"),
    include_str!("../../../dev-console/src/stand_in/fixtures/hostile.json"),
    include_str!("../../../dev-console/src/stand_in/fixtures/future.json"),
    include_str!("../../../dev-console/src/stand_in/fixtures/bad_gateway.html"),
    include_str!("../../../dev-console/src/stand_in/fixtures/login.html"),
];

const ADDRESSES: &str = include_str!("../corpus/addresses.txt");
const RETRY_AFTER: &str = include_str!("../corpus/retry-after.txt");

/// The answers of the corpus, in the form of [`message`]; what is not UTF-8 in them is `�`, as in a browser.
fn answers() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/answers");
    let entries = fs::read_dir(folder).expect("the corpus");
    let mut answers: Vec<String> = DOCUMENTS.map(str::to_owned).to_vec();
    for entry in entries {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(path).expect("an answer");
        answers.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    answers
}

#[test]
fn the_answers_of_the_corpus_are_survived() {
    let answers = answers();
    assert!(answers.len() > 20, "a small corpus");
    for answer in answers {
        let (status, headers, body) = message(&answer);
        for status in [status, 200, 204, 302, 401, 429, 500, 502, 503] {
            let _ = check_answer(status, &headers, body);
        }
    }
}

#[test]
fn the_waits_of_the_corpus_are_survived() {
    for value in RETRY_AFTER.lines() {
        let header = Some(value.to_owned());
        let headers = Headers {
            request_id: header.clone(),
            retry_after: header.clone(),
            date: header.clone(),
            age: header,
        };
        let failure = check_answer(429, &headers, None).expect_err("a failure");
        assert!(failure.retry_after <= Some(MAX_RETRY_AFTER), "{value}");
    }
}

#[test]
fn the_addresses_of_the_corpus_are_survived() {
    for search in ADDRESSES.lines() {
        for prefix in ["", "rh-", "ü&", "q"] {
            let link = UrlFormat {
                prefix: prefix.to_owned(),
                per_page: DEFAULT_ROWS_PER_PAGE,
            };
            check_address(&link, search);
        }
    }
}
