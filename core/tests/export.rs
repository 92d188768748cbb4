//! Exported data arrives as it was sent, and does not run where it arrives.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test may panic, and its name documents it"
)]

mod rfc_4180;

use std::collections::HashMap;

use chrono::NaiveDate;
use referral_history_core::{
    api::{Headers, decode},
    event::Event,
    export::{Format, export},
    field::Field,
    support,
    time::{Instant, iso_8601},
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::rfc_4180::cells;

const DOCUMENTED: &str = include_str!("fixtures/documented.json");
const BROKEN: &str = include_str!("../../dev-console/src/stand_in/fixtures/broken.json");
const HOSTILE: &str = include_str!("../../dev-console/src/stand_in/fixtures/hostile.json");
const FUTURE: &str = include_str!("../../dev-console/src/stand_in/fixtures/future.json");

const NAMES: [&str; 10] = [
    "id",
    "code",
    "campaign",
    "role",
    "status",
    "reward_credits",
    "created_at",
    "expires_at",
    "qualified_at",
    "rewarded_at",
];

fn events(body: &str) -> Vec<Event> {
    decode(200, &Headers::default(), Some(body), Instant::default())
        .expect("an answer")
        .events
}

fn items(items: &str) -> Vec<Event> {
    events(&format!(r#"{{"code":200,"data":{{"items":{items}}}}}"#))
}

/// All records of all fixtures, with the long text at its full length.
fn all_events() -> Vec<Event> {
    let hostile = HOSTILE.replace("TEN_THOUSAND_CHARACTERS", &"x,\u{202e}é=".repeat(2_000));
    let all: Vec<Event> = [DOCUMENTED, BROKEN, &hostile, FUTURE]
        .into_iter()
        .flat_map(events)
        .collect();
    assert!(all.len() > 50, "too few records to check");
    all
}

fn content(format: Format, events: &[Event]) -> String {
    let events: Vec<&Event> = events.iter().collect();
    export(format, &events, NaiveDate::default()).content
}

/// The table of these events without its header.
fn table(events: &[Event]) -> Vec<Vec<String>> {
    let mut records = cells(&content(Format::Csv, events));
    assert_eq!(records.remove(0), NAMES);
    assert_eq!(records.len(), events.len());
    for record in &records {
        assert_eq!(record.len(), NAMES.len());
    }
    records
}

/// The expected text of a cell: the value, nothing, or the text as sent.
fn expected<T: Clone>(field: &Field<T>, known: impl Fn(&T) -> String) -> String {
    match field {
        Field::Missing => String::new(),
        Field::Unreadable(sent) => sent.clone(),
        Field::Known(value) => known(value),
    }
}

fn fields(event: &Event) -> [String; 10] {
    let time = |field: &Field<Instant>| expected(field, |at| iso_8601(*at));
    [
        expected(&event.id, String::clone),
        expected(&event.code, String::clone),
        expected(&event.campaign, String::clone),
        expected(&event.role, |role| role.as_str().to_owned()),
        expected(&event.status, |status| status.as_str().to_owned()),
        expected(&event.reward_credits, i64::to_string),
        time(&event.created_at),
        time(&event.expires_at),
        time(&event.qualified_at),
        time(&event.rewarded_at),
    ]
}

/// Turns the symbols for control characters back into the characters.
fn without_symbols(cell: &str) -> String {
    let control = |character: char| match character {
        '\u{2400}'..='\u{241f}' => char::from_u32(u32::from(character) - 0x2400),
        '\u{2421}' => Some('\u{7f}'),
        other => Some(other),
    };
    cell.chars().filter_map(control).collect()
}

/// The cell without the apostrophes wherever a cell could start.
fn without_apostrophes(cell: &str) -> String {
    cell.split_inclusive([';', '\r', '\n'])
        .map(|cell| cell.strip_prefix('\'').unwrap_or(cell))
        .collect()
}

#[test]
fn the_csv_read_back_is_what_was_sent() {
    let all = all_events();
    for (event, record) in all.iter().zip(table(&all)) {
        for (cell, field) in record.iter().zip(fields(event)) {
            let text = without_apostrophes(cell);
            // An unreadable field holds symbols already, and a service may send them.
            let is_same = text == field || without_symbols(&text) == field;
            assert!(is_same, "{cell:?} is not {field:?}");
        }
    }
}

#[test]
fn no_cell_of_the_csv_can_run_as_a_formula() {
    let all = all_events();
    let mut defused = 0;
    for (event, record) in all.iter().zip(table(&all)) {
        for (name, cell) in NAMES.iter().zip(record) {
            let is_number = *name == "reward_credits" && event.reward_credits.known().is_some();
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            assert!(!runs || is_number, "{name} holds {cell:?}");
            defused += usize::from(cell.starts_with('\''));
        }
    }
    assert!(defused >= 7, "the fixtures hold formulas");
}

#[test]
fn a_long_text_is_not_cut_in_the_csv() {
    let campaign = "\"x,\r\n".repeat(2_000);
    let long = Event {
        campaign: Field::Known(campaign.clone()),
        ..Event::default()
    };
    assert_eq!(table(&[long])[0][2], campaign);
}

#[test]
fn the_csv_has_this_format() {
    let events = items(
        r#"[{"id":"abc123","code":"A1","campaign":"spring, \"launch\"","role":"referrer",
            "status":"rewarded","reward_credits":-5,"created_at":"2026-05-12T14:03:00.9+02:00"},
            {"id":"=1","role":7,"reward_credits":-0.1,"created_at":"soon","expires_at":""}]"#,
    );
    assert_eq!(
        content(Format::Csv, &events),
        "id,code,campaign,role,status,reward_credits,created_at,expires_at,qualified_at,rewarded_at\r\n\
         abc123,A1,\"spring, \"\"launch\"\"\",referrer,rewarded,-5,2026-05-12T12:03:00Z,,,\r\n\
         '=1,,,7,,'-0.1,\"\"\"soon\"\"\",,,\r\n"
    );
}

#[test]
fn no_events_make_a_header_or_an_empty_array() {
    assert_eq!(table(&[]), Vec::<Vec<String>>::new());
    assert_eq!(content(Format::Json, &[]), "[]\n");
}

#[test]
fn events_are_written_in_the_order_given() {
    let all = items(r#"[{"id":"a"},{"id":"b"},{"id":"c"}]"#);
    let chosen = [all[2].clone(), all[0].clone()];
    let ids: Vec<String> = table(&chosen)
        .into_iter()
        .map(|record| record[0].clone())
        .collect();
    assert_eq!(ids, ["c", "a"]);
    assert_eq!(
        content(Format::Json, &chosen),
        "[\n{\"id\":\"c\"},\n{\"id\":\"a\"}\n]\n"
    );
}

/// Compared as raw JSON: a number such as 1e999, which Rust cannot hold, must arrive too.
#[test]
fn the_json_read_back_is_what_was_sent() {
    type Members<'a> = HashMap<String, &'a RawValue>;
    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> T {
        serde_json::from_str(json).expect("JSON of this type")
    }
    for body in [DOCUMENTED, BROKEN, HOSTILE, FUTURE] {
        let envelope: Members = read(body);
        let data: Members = read(envelope["data"].get());
        let mut sent: Vec<&str> = read::<Vec<&RawValue>>(data["items"].get())
            .into_iter()
            .map(RawValue::get)
            .collect();
        // The other items are not records; the page only counts them.
        sent.retain(|record| record.starts_with('{'));
        let json = content(Format::Json, &events(body));
        let kept: Vec<&str> = read::<Vec<&RawValue>>(&json)
            .into_iter()
            .map(RawValue::get)
            .collect();
        assert_eq!(kept, sent);
    }
}

#[test]
fn the_json_keeps_unknown_fields() {
    let events = items(
        r#"[{"id":"a","reward_credits":9007199254740993,"new":{"a":[null,true,"\"],["]}},{"id":7}]"#,
    );
    let read: Value = serde_json::from_str(&content(Format::Json, &events)).expect("JSON");
    assert_eq!(
        read,
        json!([
            {"id": "a", "reward_credits": 9_007_199_254_740_993_i64, "new": {"a": [null, true, "\"],["]}},
            {"id": 7},
        ])
    );
}

/// A number that is parsed as floating point may change: in a browser 9007199254740993 becomes
/// 9007199254740992.
#[test]
fn the_json_is_byte_for_byte_as_sent() {
    let records = [
        r#"{"id":"a","reward_credits":9007199254740993.0,"new":{"z":1,"a":[1e400, -0]}}"#,
        r#"{"id":123456789012345678901234567890,"id":"twice"}"#,
        r#"{"campaign":"\u003cb\u003e \ud83d\ude00 é \u0000"}"#,
        "{\n  \"id\": \"on three lines\"\n}",
    ];
    let events = items(&format!("[{}]", records.join(",")));
    assert_eq!(
        content(Format::Json, &events),
        format!("[\n{}\n]\n", records.join(",\n"))
    );
}

#[test]
fn hostile_texts_cannot_forge_a_line_for_support() {
    for event in all_events() {
        let text = support::lines(&event, Some("req_1\nstatus: rewarded"));
        let names: Vec<&str> = text
            .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
            .map(|line| line.split(": ").next().expect("a name"))
            .collect();
        assert_eq!(
            names,
            [
                "id",
                "code",
                "role",
                "status",
                "created_at",
                "expires_at",
                "qualified_at",
                "rewarded_at",
                "request_id"
            ]
        );
        assert!(text.chars().count() < 2_000, "{text}");
    }
}
