//! Decoding survives any answer, and takes none silently for something else.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test may panic, and its name documents it"
)]

use std::time::Duration;

use chrono::{DateTime, Utc};
use referral_history_core::{
    api::{Answer, Headers, MAX_RECORDS, decode, sent_text},
    charge::Charge,
    event::Event,
    failure::{Failure, FailureKind},
    field::Field,
    role::Role,
    status::Status,
};

const DOCUMENTED: &str = include_str!("fixtures/documented.json");
const BROKEN: &str = include_str!("../../dev-console/src/stand_in/fixtures/broken.json");
const HOSTILE: &str = include_str!("../../dev-console/src/stand_in/fixtures/hostile.json");
const FUTURE: &str = include_str!("../../dev-console/src/stand_in/fixtures/future.json");

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a timestamp")
}

fn now() -> DateTime<Utc> {
    at("2026-05-12T12:00:00Z")
}

fn read(status: u16, body: &str) -> Result<Answer, Failure> {
    decode(status, &Headers::default(), Some(body), now())
}

fn items(items: &str) -> Answer {
    read(
        200,
        &format!(r#"{{"code":200,"msg":"ok","data":{{"items":{items}}}}}"#),
    )
    .expect("an answer")
}

/// The kind of failure for a 200 with this body.
fn kind(body: &str) -> Option<FailureKind> {
    read(200, body).err().map(|failure| failure.kind)
}

#[test]
fn the_documented_answer_is_read() {
    let answer = read(200, DOCUMENTED).expect("an answer");
    assert_eq!((answer.events.len(), answer.unreadable), (2, 0));
    let first = &answer.events[0];
    assert_eq!(first.id, Field::Known("abc123".to_owned()));
    assert_eq!(first.role, Field::Known(Role::Referrer));
    assert_eq!(first.status, Field::Known(Status::Rewarded));
    assert_eq!(first.reward_credits, Field::Known(10_000));
    assert_eq!(
        (&first.campaign, &first.created_at),
        (&Field::Missing, &Field::Missing)
    );
    let second = &answer.events[1];
    assert_eq!(second.campaign, Field::Known("spring-launch".to_owned()));
    assert_eq!(second.expires_at, Field::Known(at("2026-04-02T07:30:00Z")));
    assert_eq!(
        second.qualified_at,
        Field::Known(at("2026-03-04T10:11:12Z"))
    );
}

/// Go omits an empty slice or writes it as `null`, and the schema requires nothing inside `data`.
#[test]
fn no_records_are_an_empty_list() {
    for data in [r#"{"items":[]}"#, r#"{"items":null}"#, "{}"] {
        let answer = read(200, &format!(r#"{{"code":200,"msg":"ok","data":{data}}}"#));
        assert_eq!(answer.map(|answer| answer.events.len()), Ok(0), "{data}");
    }
}

#[test]
fn an_undocumented_body_is_never_an_empty_list() {
    for body in [
        "",
        "   ",
        "null",
        "[]",
        "{}",
        "\"ok\"",
        "<!doctype html><title>Sign in</title>",
        r#"{"code":200,"msg":"ok"}"#,
        r#"{"code":200,"msg":"ok","data":null}"#,
        r#"{"code":200,"msg":"ok","data":[]}"#,
        r#"{"code":200,"msg":"ok","data":{"items":{}}}"#,
        r#"{"code":200,"msg":"ok","data":{"items":"none"}}"#,
        r#"{"code":200,"msg":"ok","data":{"items":[{"id":"a"}"#,
        r#"{"code":200,"msg":"ok","data":{"items":[]}} and more"#,
        r#"{"items":[]}"#,
    ] {
        assert_eq!(kind(body), Some(FailureKind::Unreadable), "{body}");
    }
}

/// A proxy that answers everything with 200 must not turn an error into "no events yet".
#[test]
fn an_error_in_the_body_of_a_200_is_a_failure() {
    for body in [
        r#"{"code":500,"msg":"internal execution error","data":{"items":[]}}"#,
        r#"{"error":{"code":"upstream_unavailable","message":"x"},"data":{"items":[]}}"#,
        r#"{"error":"down","data":{"items":[]}}"#,
    ] {
        assert_eq!(kind(body), Some(FailureKind::Unreadable), "{body}");
    }
    let harmless = r#"{"code":200,"error":null,"data":{"items":[{}]}}"#;
    assert_eq!(kind(harmless), None);
}

/// 23 such bodies were once read as empty lists, and the user read "No referrals yet".
#[test]
fn only_a_documented_success_is_accepted() {
    for body in [
        r#"{"code":"E_DOWN","msg":"down","data":{"items":[]}}"#,
        r#"{"code":"200","data":{"items":[]}}"#,
        r#"{"code":-1,"data":{"items":[]}}"#,
        r#"{"code":0,"data":{"items":[]}}"#,
        r#"{"code":302,"data":{"items":[]}}"#,
        r#"{"code":200.5,"data":{"items":[]}}"#,
        r#"{"code":true,"data":{"items":[]}}"#,
        r#"{"success":false,"data":{"items":[]}}"#,
        r#"{"success":"no","data":{"items":[]}}"#,
        r#"{"status":"error","data":{"items":[]}}"#,
        r#"{"status":" Failed ","data":{"items":[]}}"#,
        r#"{"status":500,"data":{"items":[]}}"#,
        r#"{"errors":[{"message":"down"}],"data":{"items":[]}}"#,
        r#"{"errors":"down","data":{"items":null}}"#,
        r#"{"data":{"items":null,"error":"down"}}"#,
        r#"{"data":{"error":{"message":"down"}}}"#,
        r#"{"data":{"errors":["down"],"items":[{"id":"a"}]}}"#,
        r#"{"data":{"rows":[]}}"#,
        r#"{"data":{"message":"down"}}"#,
        r#"{"data":{"Items":[]}}"#,
        r#"{"data":"down"}"#,
    ] {
        assert_eq!(kind(body), Some(FailureKind::Unreadable), "{body}");
    }
    for body in [
        r#"{"data":{}}"#,
        r#"{"code":null,"error":null,"errors":[ ],"success":true,"status":"ok","data":{"items":[]}}"#,
        r#"{"code":204,"error":"","data":{"items":null,"total":0}}"#,
        r#"{"code":200.0,"error":{ },"data":{"errors":false,"items":[]}}"#,
    ] {
        assert_eq!(kind(body), None, "{body}");
    }
}

#[test]
fn the_message_of_an_error_in_a_200_is_shown() {
    let message = |body: &str| read(200, body).expect_err("a failure").message;
    for body in [
        r#"{"error":"down"}"#,
        r#"{"error":{"msg":"down"}}"#,
        r#"{"errors":[{"message":"down"},{"message":"else"}],"msg":"ok"}"#,
        r#"{"errors":["down"]}"#,
        r#"{"success":false,"message":"down"}"#,
        r#"{"code":-1,"msg":"down","data":{"items":[]}}"#,
        r#"{"code":200,"data":{"error":{"detail":"down"}}}"#,
        r#"{"code":200,"data":{"message":"down"}}"#,
    ] {
        assert_eq!(message(body).as_deref(), Some("down"), "{body}");
    }
    for body in [
        r#"{"code":200,"msg":"ok"}"#,
        r#"{"code":200,"msg":"Success","data":null}"#,
        r#"{"error":[[["deep"]]]}"#,
        "",
    ] {
        assert_eq!(message(body), None, "{body}");
    }
}

/// A lost body once outweighed the status: a 401 whose body was cut off was "no connection", and its
/// request was retried.
#[test]
fn the_status_line_decides_even_if_the_body_is_lost() {
    let headers = Headers {
        request_id: Some("req_1".to_owned()),
        retry_after: Some("7".to_owned()),
        ..Headers::default()
    };
    for (status, kind, charge) in [
        (200, FailureKind::Unreadable, Charge::Yes),
        (206, FailureKind::Unreadable, Charge::Yes),
        (302, FailureKind::Unreadable, Charge::Unknown),
        (401, FailureKind::NotSignedIn, Charge::No),
        (403, FailureKind::NotAllowed, Charge::No),
        (418, FailureKind::BadRequest, Charge::No),
        (429, FailureKind::TooManyRequests, Charge::No),
        (500, FailureKind::Service, Charge::No),
        (502, FailureKind::Service, Charge::Unknown),
        (503, FailureKind::Service, Charge::No),
    ] {
        for body in [
            None,
            Some(""),
            Some("{\"code\":"),
            Some("<html>"),
            Some("\u{fffd}\0"),
        ] {
            let failure = decode(status, &headers, body, now()).expect_err("a failure");
            assert_eq!(
                (failure.kind, failure.charge),
                (kind, charge),
                "{status} {body:?}"
            );
            assert_eq!(failure.status, Some(status));
            assert_eq!(failure.request_id.as_deref(), Some("req_1"));
            assert_eq!(failure.retry_after, Some(Duration::from_secs(7)));
        }
    }
}

#[test]
fn a_proxy_that_did_not_reach_the_service_means_no_charge() {
    let charge = |body: &str| read(502, body).expect_err("a failure").charge;
    assert_eq!(
        charge(r#"{"error":{"code":"upstream_unreachable","message":"x"}}"#),
        Charge::No
    );
    for body in [
        r#"{"error":{"code":"upstream_lost"}}"#,
        r#"{"error":"upstream_unreachable"}"#,
        r#"{"code":"upstream_unreachable"}"#,
        "",
    ] {
        assert_eq!(charge(body), Charge::Unknown, "{body}");
    }
}

#[test]
fn records_beyond_the_limit_are_counted() {
    let record = r#"{"id":"a"}"#;
    let with_records = |count: usize| items(&format!("[{}]", vec![record; count].join(",")));
    let at_the_bound = with_records(MAX_RECORDS);
    assert_eq!(
        (at_the_bound.events.len(), at_the_bound.not_read),
        (MAX_RECORDS, 0)
    );
    let beyond = with_records(MAX_RECORDS + 1);
    assert_eq!((beyond.events.len(), beyond.not_read), (MAX_RECORDS, 1));
    assert_eq!(beyond.unreadable, 0);
    assert_eq!(with_records(100_000).not_read, 100_000 - MAX_RECORDS);
}

#[test]
fn an_invalid_record_does_not_affect_the_others() {
    let answer = items(r#"[{"id":"a"},null,"x",7,[{"id":"b"}],true,{"id":"c"},{}]"#);
    let ids: Vec<_> = answer
        .events
        .iter()
        .map(|event| event.id.known().cloned())
        .collect();
    assert_eq!(ids, [Some("a".to_owned()), Some("c".to_owned()), None]);
    assert_eq!(answer.unreadable, 5);
}

#[test]
fn an_invalid_field_does_not_affect_the_others() {
    let answer = items(
        r#"[{"id":17,"code":"GOOD","role":["referrer"],"status":2,"reward_credits":"10000",
            "created_at":1716200000,"expires_at":"yesterday","qualified_at":{},"rewarded_at":"2026-02-30T00:00:00Z"}]"#,
    );
    let event = &answer.events[0];
    let unreadable = |sent: &str| Field::<()>::Unreadable(sent.to_owned());
    assert_eq!(event.id.clone().map(drop), unreadable("17"));
    assert_eq!(event.code, Field::Known("GOOD".to_owned()));
    assert_eq!(event.role.clone().map(drop), unreadable(r#"["referrer"]"#));
    assert_eq!(event.status.clone().map(drop), unreadable("2"));
    assert_eq!(
        event.reward_credits.clone().map(drop),
        unreadable(r#""10000""#)
    );
    assert_eq!(event.created_at.clone().map(drop), unreadable("1716200000"));
    assert_eq!(
        event.expires_at.clone().map(drop),
        unreadable(r#""yesterday""#)
    );
    assert_eq!(event.qualified_at.clone().map(drop), unreadable("{}"));
    assert_eq!(
        event.rewarded_at.clone().map(drop),
        unreadable(r#""2026-02-30T00:00:00Z""#)
    );
}

#[test]
fn empty_values_are_missing() {
    let sent = r#"{"id":null,"code":"","campaign":"  ","role":"","status":null,"reward_credits":null,
            "created_at":"0001-01-01T00:00:00Z","expires_at":"","qualified_at":null}"#;
    let nothing = Event {
        sent: sent.into(),
        ..Event::default()
    };
    assert_eq!(items(&format!("[{sent}]")).events, [nothing]);
}

/// The JSON export writes records as sent, so not even their white space may change.
#[test]
fn a_record_is_kept_exactly_as_sent() {
    let records = [
        "{}",
        "{ \"id\" :\t\"a\",\r\n  \"id\": \"b\" }",
        r#"{"new":{"deep":[1,null]},"id":"\u0061\/\ud800","campaign":"é\u2028"}"#,
        r#"{"reward_credits":123456789012345678901234567890.10e+400}"#,
    ];
    let answer = items(&format!("[ {} ,7\n]", records.join(" ,\n ")));
    let kept: Vec<&str> = answer.events.iter().map(|event| &*event.sent).collect();
    assert_eq!(kept, records);
}

#[test]
fn whole_numbers_are_read_exactly_or_not_at_all() {
    let credits = |sent: &str| {
        items(&format!(r#"[{{"reward_credits":{sent}}}]"#)).events[0]
            .reward_credits
            .clone()
    };
    for (sent, number) in [
        ("0", 0),
        ("-5", -5),
        ("10000.0", 10_000),
        ("9007199254740993", 9_007_199_254_740_993),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(credits(sent), Field::Known(number), "{sent}");
    }
    for sent in [
        "10.5",
        "1e4",
        "9223372036854775808",
        "1e999",
        "-0.1",
        "true",
        "[]",
    ] {
        assert_eq!(credits(sent), Field::Unreadable(sent.to_owned()), "{sent}");
    }
}

#[test]
fn unknown_roles_and_statuses_are_kept() {
    let answer = items(r#"[{"role":"partner","status":"clawed_back"}]"#);
    assert_eq!(
        answer.events[0].role,
        Field::Known(Role::Unknown("partner".into()))
    );
    assert_eq!(
        answer.events[0].status,
        Field::Known(Status::Unknown("clawed_back".into()))
    );
}

/// `REVIEW-REQUIRED` was once a status of its own, which no filter knew.
#[test]
fn case_white_space_and_separators_of_known_words_do_not_matter() {
    let answer = items(r#"[{"role":" Referrer","status":"REVIEW-REQUIRED"}]"#);
    let event = &answer.events[0];
    assert_eq!(event.role, Field::Known(Role::Referrer));
    assert_eq!(event.status, Field::Known(Status::ReviewRequired));
    let sent = sent_text(&event.sent, "status");
    assert_eq!(sent.as_deref(), Some("REVIEW-REQUIRED"));
    assert_eq!(sent_text(&event.sent, "id"), None);
}

/// A record with 500 levels of an unknown field once hid every other record of its answer.
#[test]
fn a_deeply_nested_record_hides_no_other() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let answer = items(&format!(r#"[{{"id":"a","extra":{deep}}},{{"id":"b"}}]"#));
    assert_eq!((answer.events.len(), answer.unreadable), (2, 0));
}

#[test]
fn the_last_of_repeated_members_counts() {
    let answer = items(r#"[{"id":"a","id":"b"}]"#);
    assert_eq!(answer.events[0].id, Field::Known("b".to_owned()));
}

#[test]
fn a_lone_surrogate_makes_only_its_field_unreadable() {
    let answer = items(r#"[{"id":"a","campaign":"\ud800"}]"#);
    assert_eq!(answer.events[0].id, Field::Known("a".to_owned()));
    assert!(matches!(answer.events[0].campaign, Field::Unreadable(_)));
}

/// JSON can hold half a surrogate pair, a `String` cannot: it once made the whole object unreadable.
#[test]
fn a_lone_surrogate_in_a_name_affects_no_other_member() {
    let answer = items(r#"[{"\ud800":1,"id":"a"}]"#);
    assert_eq!(answer.events[0].id, Field::Known("a".to_owned()));
    assert_eq!(kind(r#"{"\udfff":1,"data":{"\ud800":2,"items":[]}}"#), None);
}

#[test]
fn times_without_a_four_digit_year_in_utc_are_unreadable() {
    let created = |sent: &str| {
        let answer = items(&format!(r#"[{{"created_at":"{sent}"}}]"#));
        answer.events[0].created_at.clone()
    };
    assert_eq!(
        created("9999-12-31T23:59:59.9Z"),
        Field::Known(at("9999-12-31T23:59:59Z"))
    );
    assert_eq!(
        created("2016-12-31T23:59:60Z"),
        Field::Known(at("2016-12-31T23:59:59Z"))
    );
    for sent in [
        "9999-12-31T23:59:59-01:00",
        "0000-06-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
    ] {
        assert!(matches!(created(sent), Field::Unreadable(_)), "{sent}");
    }
}

#[test]
fn the_fixtures_of_the_development_console_are_read() {
    let broken = read(200, BROKEN).expect("an answer");
    assert_eq!((broken.events.len(), broken.unreadable), (25, 5));
    let hostile = read(200, HOSTILE).expect("an answer");
    assert_eq!(hostile.unreadable, 0);
    assert!(hostile.events.len() > 10);
    let future = read(200, FUTURE).expect("an answer");
    assert_eq!((future.events.len(), future.unreadable), (8, 0));
}

#[test]
fn both_shapes_of_an_error_are_read() {
    let flat = read(401, r#"{"code":401,"msg":"Authentication required"}"#).expect_err("a failure");
    assert_eq!(flat.kind, FailureKind::NotSignedIn);
    assert_eq!(flat.message.as_deref(), Some("Authentication required"));
    let nested = read(
        502,
        r#"{"error":{"code":"upstream_unavailable","message":"Upstream is down","request_id":"req_1"}}"#,
    )
    .expect_err("a failure");
    assert_eq!(
        (nested.kind, nested.status),
        (FailureKind::Service, Some(502))
    );
    assert_eq!(nested.message.as_deref(), Some("Upstream is down"));
    assert_eq!(nested.request_id.as_deref(), Some("req_1"));
}

#[test]
fn every_status_has_its_kind() {
    for (status, kind) in [
        (400, FailureKind::BadRequest),
        (401, FailureKind::NotSignedIn),
        (403, FailureKind::NotAllowed),
        (404, FailureKind::BadRequest),
        (422, FailureKind::BadRequest),
        (429, FailureKind::TooManyRequests),
        (500, FailureKind::Service),
        (502, FailureKind::Service),
        (503, FailureKind::Service),
        (504, FailureKind::Service),
        (302, FailureKind::Unreadable),
        (0, FailureKind::Unreadable),
    ] {
        // Even with the body of a success.
        let failure = read(status, DOCUMENTED).expect_err("a failure");
        // A redirect that was not followed has no status: a host was told of an HTTP status 0.
        let told = (status != 0).then_some(status);
        assert_eq!((failure.kind, failure.status), (kind, told));
    }
}

#[test]
fn a_web_page_is_never_a_message() {
    for body in [
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
        r#"{"code":502,"msg":"<!DOCTYPE html><title>Bad gateway</title>"}"#,
        r#"{"error":{"message":"  <HTML lang=en><script>alert(1)</script>"}}"#,
        r#"{"code":502,"msg":""}"#,
        r#"{"code":502,"msg":17}"#,
    ] {
        assert_eq!(
            read(502, body).expect_err("a failure").message,
            None,
            "{body}"
        );
    }
}

#[test]
fn a_message_is_cut_and_made_safe_to_show() {
    let body = format!(
        r#"{{"code":500,"msg":"a\u0000\u202e{}"}}"#,
        "x".repeat(10_000)
    );
    let message = read(500, &body)
        .expect_err("a failure")
        .message
        .expect("a message");
    assert!(message.starts_with("a␀\u{fffd}x"), "{message}");
    assert_eq!(message.chars().count(), 301);
}

#[test]
fn the_request_id_comes_from_the_body_or_the_header() {
    let headers = Headers {
        request_id: Some("req_header".to_owned()),
        ..Headers::default()
    };
    let id = |body: &str| {
        decode(500, &headers, Some(body), now())
            .expect_err("a failure")
            .request_id
    };
    assert_eq!(id("").as_deref(), Some("req_header"));
    let body = r#"{"error":{"request_id":"req_body"}}"#;
    assert_eq!(id(body).as_deref(), Some("req_body"));
    assert_eq!(
        decode(200, &headers, Some(DOCUMENTED), now())
            .expect("an answer")
            .request_id
            .as_deref(),
        Some("req_header")
    );
}

#[test]
fn the_time_and_age_of_an_answer_come_from_its_headers() {
    let headers = Headers {
        date: Some("Tue, 12 May 2026 11:00:00 GMT".to_owned()),
        age: Some("120".to_owned()),
        ..Headers::default()
    };
    let answer = decode(200, &headers, Some(DOCUMENTED), now()).expect("an answer");
    assert_eq!(answer.made_at, Some(at("2026-05-12T11:00:00Z")));
    assert_eq!(answer.age.num_seconds(), 120);
}
