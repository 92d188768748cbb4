//! An answer: `api::decode`.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use referral_history_core::{
    api::{Headers, MAX_RECORDS},
    event::Event,
    export::{Format, Scope, export},
};

use crate::{
    corpus::DOCUMENTS,
    generate::{event, headers, json, json_text, space, status, text},
    invariants::check_answer,
};

/// One item of a list: an event, or what is no record.
#[derive(Clone, Debug)]
enum Item {
    Event(Box<Event>),
    Other(&'static str),
}

fn item() -> impl Strategy<Value = Item> {
    let other = select(vec![
        "null",
        "7",
        "\"a, {b\"",
        "[{\"id\":\"a\"}]",
        "true",
        "1e999",
    ]);
    prop_oneof![
        4 => event().prop_map(|event| Item::Event(Box::new(event))),
        1 => other.prop_map(Item::Other),
    ]
}

/// The items of a list, here and there more than are read.
fn items() -> impl Strategy<Value = Vec<Item>> {
    let times = prop_oneof![30 => Just(1_usize), 1 => 200..400_usize];
    (vec(item(), 0..8), times).prop_map(|(items, times)| {
        let count = items.len() * times;
        items.into_iter().cycle().take(count).collect()
    })
}

/// A documented success with a place for its items, written in one way or another.
fn envelope() -> impl Strategy<Value = (String, String)> {
    let before = select(vec![
        "",
        r#""code":200,"msg":"ok","#,
        r#""code":204.0,"error":null,"#,
    ]);
    let after = select(vec!["", r#","items_total":7"#, r#","error":false"#]);
    let behind = select(vec![
        "",
        r#","trace":{"items":[7]}"#,
        r#","status":"ok","errors":[]"#,
    ]);
    (before, after, behind, any::<bool>()).prop_map(|(before, after, behind, escaped)| {
        let (data, items) = (json_text("data", escaped), json_text("items", escaped));
        (
            format!("{{{before}{data} :{{{items}:"),
            format!("{after}}}{behind}}}\n"),
        )
    })
}

fn list<'a>(items: impl IntoIterator<Item = &'a str>, space: &str) -> String {
    let items: Vec<&str> = items.into_iter().collect();
    format!(
        "[{space}{}{space}]",
        items.join(&format!("{space},{space}"))
    )
}

/// Something that happens to an answer on its way.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Lost(Index, usize),
    Became(Index, u8),
    Put(Index, String),
    Moved(Index, Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let tokens = vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\u",
        "\\ud800",
        "0",
        "-",
        ".",
        "e9",
        "null",
        "\"data\":",
        "\"items\":",
        "\"error\":\"x\"",
        "\0",
        "\u{feff}",
        "\u{2028}",
    ];
    let token = prop_oneof![3 => select(tokens).prop_map(str::to_owned), 1 => json(), 1 => text()];
    prop_oneof![
        1 => any::<Index>().prop_map(Damage::Cut),
        4 => (any::<Index>(), 1..9_usize).prop_map(|(at, length)| Damage::Lost(at, length)),
        4 => (any::<Index>(), prop_oneof![select(&b"{}[]\",:\\0x-.eEn \xff\0u"[..]), any::<u8>()])
            .prop_map(|(at, byte)| Damage::Became(at, byte)),
        4 => (any::<Index>(), token).prop_map(|(at, token)| Damage::Put(at, token)),
        2 => (any::<Index>(), any::<Index>(), 1..400_usize)
            .prop_map(|(from, to, length)| Damage::Moved(from, to, length)),
    ]
}

fn damaged(document: &str, damages: &[Damage]) -> String {
    let mut bytes = document.as_bytes().to_vec();
    for damage in damages {
        let at = |index: &Index| index.index(bytes.len() + 1);
        match damage {
            Damage::Cut(index) => bytes.truncate(at(index)),
            Damage::Lost(index, length) => {
                let start = at(index);
                let end = (start + length).min(bytes.len());
                bytes.drain(start..end);
            }
            Damage::Became(index, byte) => {
                let start = at(index);
                let end = (start + 1).min(bytes.len());
                bytes.splice(start..end, [*byte]);
            }
            Damage::Put(index, token) => {
                let start = at(index);
                bytes.splice(start..start, token.bytes());
            }
            Damage::Moved(from, to, length) => {
                let (from, to) = (at(from), at(to));
                let end = (from + length).min(bytes.len());
                let copy = bytes.get(from..end).unwrap_or_default().to_vec();
                bytes.splice(to..to, copy);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(crate::many())]

    #[test]
    fn any_text_is_survived(status in status(), headers in headers(), body in text()) {
        let _ = check_answer(status, &headers, Some(&body));
        let _ = check_answer(status, &headers, None);
    }

    #[test]
    fn any_json_is_survived(
        status in status(),
        headers in headers(),
        body in json(),
        name in select(vec!["code", "error", "errors", "success", "status"]),
    ) {
        let _ = check_answer(status, &headers, Some(&body));
        let within = format!(r#"{{"code":200,"data":{{"items":{body}}}}}"#);
        let _ = check_answer(status, &headers, Some(&within));
        let beside = format!(r#"{{"{name}":{body},"data":{{"items":[]}}}}"#);
        let _ = check_answer(status, &headers, Some(&beside));
    }

    /// Answers that differ from a real one in a few places. Decoding ends, and makes no records up.
    #[test]
    fn a_damaged_answer_is_survived(document in select(&DOCUMENTS[..]), damages in vec(damage(), 1..6)) {
        let _ = check_answer(200, &Headers::default(), Some(&damaged(document, &damages)));
    }
}

proptest! {
    /// What was encoded as the API documents it is read as what it was, each record with the very text that
    /// it was sent as, and what is no record is counted.
    #[test]
    fn what_was_sent_is_read(items in items(), (start, end) in envelope(), space in space()) {
        let sent = items.iter().map(|item| match item {
            Item::Event(event) => &*event.sent,
            Item::Other(other) => other,
        });
        let body = [start, list(sent, space), end].concat();
        let answer = check_answer(200, &Headers::default(), Some(&body)).expect("an answer");
        let first = items.get(..MAX_RECORDS).unwrap_or(&items);
        let events: Vec<&Event> = first.iter().filter_map(|item| match item {
            Item::Event(event) => Some(&**event),
            Item::Other(_) => None,
        }).collect();
        prop_assert_eq!(answer.events.iter().collect::<Vec<_>>(), events);
        prop_assert_eq!(answer.unreadable, first.len() - answer.events.len());
        prop_assert_eq!(answer.not_read, items.len() - first.len());
    }

    /// The very same answer is none under another status.
    #[test]
    fn only_a_success_is_a_list(status in status(), headers in headers(), events in vec(event(), 0..3)) {
        let items = list(events.iter().map(|event| &*event.sent), "");
        let body = format!(r#"{{"code":200,"data":{{"items":{items}}}}}"#);
        let decoded = check_answer(status, &headers, Some(&body));
        prop_assert_eq!(decoded.is_ok(), (200..300).contains(&status));
    }

    /// What the page saves as JSON is what the service sent: reading it again gives the same events.
    #[test]
    fn exported_json_is_read_again(events in vec(event(), 0..8)) {
        let file = export(Format::Json, &events.iter().collect::<Vec<_>>(), Scope::default(), '.');
        let body = format!(r#"{{"data":{{"items":{}}}}}"#, file.content);
        let answer = check_answer(200, &Headers::default(), Some(&body)).expect("an answer");
        prop_assert_eq!(answer.events, events);
    }
}
