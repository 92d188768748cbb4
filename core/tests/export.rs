//! Exported data arrives as it was sent, and does not run where it arrives.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test may panic, and its name documents it"
)]

mod icalendar;
mod rfc_4180;

use std::collections::{HashMap, HashSet};

use referral_history_core::{
    api::{Headers, decode},
    event::Event,
    export::{Format, Scope, export, export_calendar, table as pasted},
    field::Field,
    status::Status,
    support,
    texts::{self, Texts, english},
    time::Instant,
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::{icalendar::entries, rfc_4180::cells};

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
    "created_at_utc",
    "expires_at_utc",
    "qualified_at_utc",
    "rewarded_at_utc",
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
    content_with_mark(format, events, '.')
}

fn content_with_mark(format: Format, events: &[Event], decimal_mark: char) -> String {
    let events: Vec<&Event> = events.iter().collect();
    export(format, &events, Scope::default(), decimal_mark).content
}

/// The table of these events without its header.
fn table(events: &[Event]) -> Vec<Vec<String>> {
    let mut records = cells(&content(Format::Csv, events), ',');
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
    let time = |field: &Field<Instant>| expected(field, utc);
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

/// A time as a spreadsheet reads it.
fn utc(at: &Instant) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
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
    cell.split_inclusive([',', ';', '\t', '\r', '\n'])
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
        "\u{feff}id,code,campaign,role,status,reward_credits,\
         created_at_utc,expires_at_utc,qualified_at_utc,rewarded_at_utc\r\n\
         abc123,A1,\"spring, \"\"launch\"\"\",referrer,rewarded,-5,2026-05-12 12:03:00,,,\r\n\
         '=1,,,7,,'-0.1,\"\"\"soon\"\"\",,,\r\n"
    );
}

#[test]
fn where_the_decimal_mark_is_a_comma_semicolons_separate() {
    let all = all_events();
    let records = cells(&content_with_mark(Format::Csv, &all, ','), ';');
    assert_eq!(records[0], NAMES);
    for (event, record) in all.iter().zip(&records[1..]) {
        for (cell, field) in record.iter().zip(fields(event)) {
            let text = without_apostrophes(cell);
            assert!(text == field || without_symbols(&text) == field, "{cell:?}");
        }
    }
}

#[test]
fn the_pasted_table_has_a_line_for_each_event_and_a_tab_between_cells() {
    let events = items(
        r#"[{"id":"abc123","code":"A1","campaign":"spring\tlaunch\n2","role":"referrer",
            "status":"rewarded","reward_credits":-5,"created_at":"2026-05-12T14:03:00.9+02:00"},
            {"id":"=1","code":"\"x","reward_credits":-0.1,"created_at":"soon","expires_at":""}]"#,
    );
    let events: Vec<&Event> = events.iter().collect();
    assert_eq!(
        pasted(&events),
        "id\tcode\tcampaign\trole\tstatus\treward_credits\t\
         created_at_utc\texpires_at_utc\tqualified_at_utc\trewarded_at_utc\n\
         abc123\tA1\tspring launch 2\treferrer\trewarded\t-5\t2026-05-12 12:03:00\t\t\t\n\
         '=1\t\"\"\"x\"\t\t\t\t'-0.1\t\"\"\"soon\"\"\"\t\t\t"
    );
    assert_eq!(pasted(&[]).lines().count(), 1);
}

/// What the calendar of the fixtures says, in a language.
fn entries_of(events: &[Event], texts: &Texts) -> Vec<icalendar::Entry> {
    let events: Vec<&Event> = events.iter().collect();
    let file =
        export_calendar(&events, Scope::default(), texts, Instant::default()).expect("deadlines");
    entries(&file.content)
}

#[test]
fn no_text_of_the_fixtures_breaks_a_calendar() {
    let at = |seconds| Field::Known(Instant::from_timestamp(seconds, 0).expect("in range"));
    let open = all_events().into_iter().zip(0_i64..);
    let open = open.map(|(event, minutes)| Event {
        status: Field::Known(Status::Attributed),
        expires_at: at(1_800_000_000 - 60 * minutes),
        ..event
    });
    let open: Vec<Event> = open.collect();
    for language in texts::LANGUAGES {
        let entries = entries_of(&open, texts::get(language));
        assert_eq!(entries.len(), open.len());
        let starts = entries.iter().map(|entry| entry.value("DTSTART"));
        assert!(starts.clone().is_sorted() && starts.clone().all(|start| start.len() == 16));
        let uids: HashSet<&str> = entries.iter().map(|entry| entry.value("UID")).collect();
        assert_eq!(uids.len(), open.len());
    }
}

#[test]
fn a_calendar_entry_reads_as_it_was_meant() {
    let long = "حملة الربيع، ".repeat(8);
    let events = items(&format!(
        r#"[{{"id":"a","code":"A;1,\\n","campaign":"{long}","status":"qualified","expires_at":"2026-12-01T10:00:00+01:00"}},
            {{"id":"b","status":"capped","expires_at":"2026-12-01T10:00:00Z"}},
            {{"status":"attributed","expires_at":"2026-11-01T10:00:00Z"}}]"#
    ));
    let entries = entries_of(&events, english());
    let values =
        |name: &str| -> Vec<&str> { entries.iter().map(|entry| entry.value(name)).collect() };
    assert_eq!(values("DTSTART"), ["20261101T100000Z", "20261201T090000Z"]);
    assert_eq!(
        values("SUMMARY"),
        ["A referral expires", "Referral A;1,\\n expires"]
    );
    assert_eq!(
        values("DESCRIPTION"),
        [
            "Status: Attributed\nCampaign: No campaign",
            &format!("Status: Qualified\nCampaign: {long}")
        ]
    );
    assert_eq!(values("TRANSP"), ["TRANSPARENT"; 2]);
    assert!(entries.iter().all(|entry| entry.alarms == 1));
}

#[test]
fn a_calendar_without_deadlines_is_none() {
    let ended = items(r#"[{"status":"expired","expires_at":"2026-12-01T10:00:00Z"}]"#);
    let events: Vec<&Event> = ended.iter().collect();
    let calendar = |now| export_calendar(&events, Scope::default(), english(), now);
    assert_eq!(calendar(Instant::default()), None);
    let names = items(r#"[{"status":"qualified","expires_at":"2026-12-01T10:00:00Z"}]"#);
    let events: Vec<&Event> = names.iter().collect();
    let scope = Scope {
        is_incomplete: true,
        ..Scope::default()
    };
    let file = export_calendar(&events, scope, english(), Instant::default()).expect("a file");
    assert_eq!(file.name, "referral-deadlines-1970-01-01-incomplete.ics");
    assert!(file.media_type.starts_with("text/calendar"));
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
