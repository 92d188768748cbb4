//! What the page reads is what `docs/events.openapi.yaml` describes, no member more or less.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test may panic, and its name documents it"
)]

use referral_history_core::{
    api::{Answer, Headers, decode},
    event::Event,
    failure::Failure,
    field::Field,
    role::Role,
    status::Status,
};
use serde_json::{Value, json};

fn schemas() -> Value {
    let text = include_str!("../../docs/events.openapi.yaml");
    let document: Value = serde_saphyr::from_str(text).expect("YAML");
    document["components"]["schemas"].clone()
}

fn read(status: u16, body: &Value) -> Result<Answer, Failure> {
    let now = "2026-05-12T12:00:00Z".parse().expect("a time");
    decode(status, &Headers::default(), Some(&body.to_string()), now)
}

/// The members of an object's schema, and the examples of each.
fn members(schemas: &Value, schema: &Value) -> Vec<(String, Vec<Value>)> {
    let properties = schema["properties"].as_object().expect("properties");
    let member = |(name, schema): (&String, &Value)| {
        let time = schema["$ref"] == "#/components/schemas/Time";
        let schema = if time { &schemas["Time"] } else { schema };
        let examples = schema["examples"].as_array().cloned();
        (name.clone(), examples.unwrap_or_default())
    };
    properties.iter().map(member).collect()
}

fn is_known<T>(field: &Field<T>) -> bool {
    matches!(field, Field::Known(_))
}

/// The fields of an event by the API's names, and whether each is known. The compiler asks for new ones.
fn fields(event: &Event) -> Vec<(&'static str, bool)> {
    let Event {
        id,
        code,
        campaign,
        role,
        status,
        reward_credits,
        created_at,
        expires_at,
        qualified_at,
        rewarded_at,
        sent: _,
    } = event;
    vec![
        ("id", is_known(id)),
        ("code", is_known(code)),
        ("campaign", is_known(campaign)),
        ("role", is_known(role)),
        ("status", is_known(status)),
        ("reward_credits", is_known(reward_credits)),
        ("created_at", is_known(created_at)),
        ("expires_at", is_known(expires_at)),
        ("qualified_at", is_known(qualified_at)),
        ("rewarded_at", is_known(rewarded_at)),
    ]
}

#[test]
fn every_member_of_a_record_is_read_and_no_other() {
    let schemas = schemas();
    let members = members(&schemas, &schemas["Event"]);
    let mut names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
    let mut read_names: Vec<&str> = fields(&Event::default())
        .iter()
        .map(|(name, _)| *name)
        .collect();
    names.sort_unstable();
    read_names.sort_unstable();
    assert_eq!(names, read_names);

    for (name, examples) in &members {
        assert!(!examples.is_empty(), "{name} has no example");
        for example in examples {
            let body =
                json!({ "code": 200, "msg": "ok", "data": { "items": [{ name: example }] } });
            let answer = read(200, &body).expect("an answer");
            let event = answer.events.first().expect("an event");
            for (field, is_known) in fields(event) {
                assert_eq!(is_known, field == name, "{field} of {name}: {example}");
            }
        }
    }
}

#[test]
fn the_words_are_those_that_the_page_knows() {
    let schemas = schemas();
    let words = |name: &str| schemas["Event"]["properties"][name]["examples"].clone();
    let statuses: Vec<&str> = Status::KNOWN.iter().map(Status::as_str).collect();
    assert_eq!(words("status"), json!(statuses));
    let roles: Vec<&str> = Role::KNOWN.iter().map(Role::as_str).collect();
    assert_eq!(words("role"), json!(roles));
}

#[test]
fn the_envelope_is_the_one_that_is_read() {
    let schemas = schemas();
    let events = &schemas["Events"];
    let names: Vec<String> = members(&schemas, events)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    let mut body = json!({ "data": { "items": [{}] } });
    for (name, examples) in members(&schemas, events) {
        if let Some(example) = examples.first() {
            body[&name] = example.clone();
        }
    }
    assert_eq!(body["code"], 200);
    assert_eq!(body["msg"], "ok");
    assert_eq!(read(200, &body).expect("an answer").events.len(), 1);
}

#[test]
fn both_shapes_of_an_error_are_read() {
    let schemas = schemas();
    let shapes = schemas["Error"]["anyOf"].as_array().expect("shapes");
    let [plain, structured] = &shapes[..] else {
        panic!("{} shapes", shapes.len());
    };
    let example = |members: Vec<(String, Vec<Value>)>| -> Value {
        let example = |(name, examples): (String, Vec<Value>)| {
            let example = examples.first().cloned();
            (name, example.unwrap_or("A message".into()))
        };
        members.into_iter().map(example).collect()
    };
    let failure = read(401, &example(members(&schemas, plain))).expect_err("a failure");
    assert_eq!(failure.message.as_deref(), Some("Authentication required"));

    let error = example(members(&schemas, &structured["properties"]["error"]));
    let failure = read(502, &json!({ "error": error })).expect_err("a failure");
    assert_eq!(failure.message.as_deref(), Some("A message"));
    assert_eq!(failure.request_id.as_deref(), Some("req_123"));
}
