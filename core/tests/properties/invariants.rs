//! What must hold of an answer and of an address, whoever made them up. The properties beside this file,
//! the corpus and the targets in `fuzz/` all end here.

use chrono::Datelike;
use form_urlencoded::parse;
use referral_history_core::{
    api::{Answer, Headers, MAX_RECORDS, MAX_RETRY_AFTER, decode},
    campaign::Campaign,
    charge::Charge,
    event::Event,
    failure::{Failure, FailureKind},
    field::Field,
    page::ROWS_PER_PAGE,
    query::{Query, SEARCH_CHARACTERS},
    role::Role,
    sanitize::is_invisible,
    sort::SortKey,
    status::Status,
    time::Instant,
    url::UrlFormat,
};
use serde_json::Value;

/// The device's clock.
pub fn now() -> Instant {
    "2026-05-12T12:00:00Z".parse().expect("a timestamp")
}

/// An answer as a text: `HTTP 429`, a line for each header, an empty line and the body. Without the empty
/// line there is no body, and a text that does not begin so is the body of a success.
pub fn message(text: &str) -> (u16, Headers, Option<&str>) {
    let mut headers = Headers::default();
    let Some(message) = text.strip_prefix("HTTP ") else {
        return (200, headers, Some(text));
    };
    let (head, body) = match message.split_once("\n\n") {
        Some((head, body)) => (head, Some(body)),
        None => (message, None),
    };
    let mut lines = head.lines();
    let status = lines.next().and_then(|status| status.parse().ok());
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let header = match name {
            "x-request-id" => &mut headers.request_id,
            "retry-after" => &mut headers.retry_after,
            "date" => &mut headers.date,
            "age" => &mut headers.age,
            _ => continue,
        };
        *header = Some(value.to_owned());
    }
    (status.unwrap_or_default(), headers, body)
}

/// Decodes an answer and checks what came of it.
pub fn check_answer(status: u16, headers: &Headers, body: Option<&str>) -> Result<Answer, Failure> {
    let decoded = decode(status, headers, body, now());
    // The other way to read it: in whole. It refuses some of what the decoder survives: a number beyond
    // floating point, half a surrogate pair, 128 levels.
    let whole: Option<Value> = body.and_then(|body| serde_json::from_str(body).ok());
    match &decoded {
        Ok(answer) => {
            assert!((200..300).contains(&status), "{status} became a list");
            let body = body.expect("a list has a body");
            check_nothing_is_made_up(answer, body);
            if let Some(whole) = whole {
                check_success(answer, &whole);
            }
        }
        Err(failure) => check_failure(failure, status, whole.as_ref()),
    }
    decoded
}

fn check_nothing_is_made_up(answer: &Answer, body: &str) {
    let mut rest = body;
    for event in &answer.events {
        let at = rest
            .find(&*event.sent)
            .expect("a record stands in the body");
        rest = rest.get(at + event.sent.len()..).unwrap_or_default();
    }
    let items = answer.events.len() + answer.unreadable + answer.not_read;
    assert!(items <= body.matches(',').count() + 1);
    assert!(answer.events.len() + answer.unreadable <= MAX_RECORDS);
    check_request_id(answer.request_id.as_deref());
}

/// A list comes of the documented envelope alone, and has all its items.
fn check_success(answer: &Answer, whole: &Value) {
    let code = &whole["code"];
    let is_success = |code: f64| (200.0..300.0).contains(&code);
    assert!(code.is_null() || code.as_f64().is_some_and(is_success));
    assert!(matches!(whole["success"], Value::Null | Value::Bool(true)));
    assert!(!matches!(
        whole["status"].as_str(),
        Some("error" | "failed")
    ));
    let data = &whole["data"];
    for (members, name) in [
        (whole, "error"),
        (whole, "errors"),
        (data, "error"),
        (data, "errors"),
    ] {
        let names_none = match &members[name] {
            Value::Null | Value::Bool(false) => true,
            Value::String(error) => error.bytes().all(|byte| byte == b' '),
            Value::Array(errors) => errors.is_empty(),
            Value::Object(error) => error.is_empty(),
            Value::Bool(true) | Value::Number(_) => false,
        };
        assert!(names_none, "an error became a list");
    }
    assert!(data.is_object());
    let none = Vec::new();
    let items = match data.get("items") {
        None => {
            assert!(data.as_object().is_some_and(|data| data.is_empty()));
            &none
        }
        Some(Value::Null) => &none,
        Some(Value::Array(items)) => items,
        Some(other) => panic!("{other} became a list"),
    };
    let first = items.get(..MAX_RECORDS).unwrap_or(items);
    assert_eq!(answer.not_read, items.len() - first.len());
    let records: Vec<&Value> = first.iter().filter(|item| item.is_object()).collect();
    assert_eq!(answer.unreadable, first.len() - records.len());
    assert_eq!(answer.events.len(), records.len());
    for (event, record) in answer.events.iter().zip(records) {
        check_event(event, record);
    }
}

fn check_event(event: &Event, record: &Value) {
    for (name, field) in [
        ("id", &event.id),
        ("code", &event.code),
        ("campaign", &event.campaign),
        ("role", &event.role.clone().map(|role| role.as_str().into())),
        (
            "status",
            &event.status.clone().map(|status| status.as_str().into()),
        ),
    ] {
        let read = |sent: &String| match name {
            "role" => Role::parse(sent).as_str().to_owned(),
            "status" => Status::parse(sent).as_str().to_owned(),
            _ => sent.clone(),
        };
        match &record[name] {
            Value::Null => assert_eq!(field, &Field::Missing, "{name}"),
            Value::String(sent) if sent.trim().is_empty() => {
                assert_eq!(field, &Field::Missing, "{name}");
            }
            Value::String(sent) => assert_eq!(field, &Field::Known(read(sent)), "{name}"),
            _ => assert!(matches!(field, Field::Unreadable(_)), "{name}"),
        }
    }
    let credits = &record["reward_credits"];
    match credits.as_i64() {
        Some(credits) => assert_eq!(event.reward_credits, Field::Known(credits)),
        // A whole number that passed through a program without integers is read, too.
        None if credits.is_f64() => assert_ne!(event.reward_credits, Field::Missing),
        None if credits.is_null() => assert_eq!(event.reward_credits, Field::Missing),
        None => assert!(matches!(event.reward_credits, Field::Unreadable(_))),
    }
    for (name, time) in [
        ("created_at", &event.created_at),
        ("expires_at", &event.expires_at),
        ("qualified_at", &event.qualified_at),
        ("rewarded_at", &event.rewarded_at),
    ] {
        if let Field::Known(at) = time {
            assert!((1..=9999).contains(&at.year()) && at.timestamp_subsec_nanos() == 0);
        }
        let is_sent = !record[name].is_null();
        assert!(is_sent || *time == Field::Missing, "{name}");
        let is_text = record[name].is_string();
        assert!(!is_sent || is_text || matches!(time, Field::Unreadable(_)));
    }
}

/// The status line decides what a failure is and what it cost.
fn check_failure(failure: &Failure, status: u16, whole: Option<&Value>) {
    // A redirect that was not followed has no status.
    assert_eq!(failure.status, (status != 0).then_some(status));
    let kind = if (200..300).contains(&status) {
        FailureKind::Unreadable
    } else {
        FailureKind::from_status(status)
    };
    assert_eq!(failure.kind, kind, "{status}");
    let code = whole.and_then(|whole| whole["error"]["code"].as_str());
    let is_proxy_that_alone_read_it =
        whole.is_none() && matches!(status, 502 | 504) && failure.charge == Charge::No;
    assert!(
        is_proxy_that_alone_read_it || failure.charge == Charge::from_status(status, code),
        "{status} cost {:?}",
        failure.charge
    );
    if let Some(message) = &failure.message {
        check_shown(message, 300);
        let start = message.to_ascii_lowercase();
        assert!(!start.starts_with("<html") && !start.starts_with("<!doctype"));
    }
    check_request_id(failure.request_id.as_deref());
    assert!(failure.retry_after <= Some(MAX_RETRY_AFTER));
}

fn check_request_id(id: Option<&str>) {
    if let Some(id) = id {
        check_shown(id, 100);
    }
}

/// A text that somebody else wrote can be seen, and disturbs nothing around it.
fn check_shown(text: &str, longest: usize) {
    assert!(text.chars().count() <= longest + "…".chars().count());
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(!text.chars().all(is_invisible), "{text:?}");
}

/// The names of the choices in an address. A copy: hosts keep out of the way of these, so none may be
/// added or lost without somebody noticing.
pub const NAMES: [&str; 13] = [
    "role", "status", "expiring", "campaign", "from", "to", "by", "q", "sort", "page", "per_page",
    "tz", "event",
];

/// Whether a pair of an address is one of the page's.
pub fn is_ours(pair: &str, prefix: &str) -> bool {
    let names = parse(pair.as_bytes()).map(|(name, _)| name);
    let mut ours = names.filter(|name| {
        name.strip_prefix(prefix)
            .is_some_and(|name| NAMES.contains(&name))
    });
    ours.next().is_some()
}

/// The pairs of an address.
pub fn pairs(search: &str) -> Vec<&str> {
    let search = search.strip_prefix('?').unwrap_or(search);
    search.split('&').filter(|pair| !pair.is_empty()).collect()
}

/// Reads an address and checks that it gives choices which can be made, and that writing them loses nothing
/// of them, nor of what others keep in the address.
pub fn check_address(link: &UrlFormat, search: &str) {
    let mut query = link.read(search);
    check_query(&query, link);
    let written = link.write(&query, search);
    // White space around what is searched for changes nothing, and is not written.
    query.search = query.search.trim().to_owned();
    assert_eq!(link.read(&written), query, "{written}");
    assert_eq!(link.write(&query, &written), written);

    let without = link.without(search);
    assert_eq!(link.without(&written), without);
    assert_eq!(link.without(&without), without);
    let (ours, theirs): (Vec<&str>, Vec<&str>) = pairs(&written)
        .into_iter()
        .partition(|pair| is_ours(pair, &link.prefix));
    let kept: Vec<&str> = pairs(search)
        .into_iter()
        .filter(|pair| !is_ours(pair, &link.prefix))
        .collect();
    assert_eq!(theirs, kept);
    for pair in ours {
        let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._+%=,".contains(&byte);
        assert!(pair.bytes().all(is_fit), "{pair}");
    }
    assert!(written.is_empty() || written.starts_with('?'));
}

/// What is read is what a user could have chosen.
fn check_query(query: &Query, link: &UrlFormat) {
    let statuses = &query.statuses;
    assert!(statuses.len() <= 50 && (statuses.is_empty() || !query.expiring_soon));
    for (position, status) in statuses.iter().enumerate() {
        assert!(!statuses.iter().take(position).any(|other| other == status));
    }
    let roles = query.role.iter().map(Role::as_str);
    let words = roles.chain(statuses.iter().map(Status::as_str));
    for word in words.chain(query.event.as_deref()) {
        assert!((1..=100).contains(&word.chars().count()), "{word}");
    }
    assert_ne!(query.campaign, Some(Campaign::Named(String::new())));
    assert!(
        query
            .sort
            .is_none_or(|sort| SortKey::ALL.contains(&sort.key))
    );
    assert!(query.search.chars().count() <= SEARCH_CHARACTERS);
    assert!(!query.search.contains(['\r', '\n']));
    assert!(query.page > 0);
    assert!(query.per_page == link.per_page || ROWS_PER_PAGE.contains(&query.per_page));
}
