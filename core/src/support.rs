//! What a user sends to support about one event.

use crate::{display::inert, event::Event, field::Field, time::iso_8601};

/// How much of a field is copied, in characters.
const LONGEST: usize = 200;

/// The event in a few lines, in the API's own words and in UTC, so that support can look it up:
/// `id: abc123`. The last names the request that brought it, where the service gave that an id.
///
/// A line break within a text is made visible, so that no text can pass for a line.
pub fn lines(event: &Event, request_id: Option<&str>) -> String {
    let mut lines = String::new();
    push(&mut lines, "id", &said(&event.id, String::clone));
    push(&mut lines, "code", &said(&event.code, String::clone));
    push(
        &mut lines,
        "role",
        &said(&event.role, |role| role.word().to_owned()),
    );
    push(
        &mut lines,
        "status",
        &said(&event.status, |status| status.word().to_owned()),
    );
    for (name, time) in [
        ("created_at", &event.created_at),
        ("expires_at", &event.expires_at),
        ("qualified_at", &event.qualified_at),
        ("rewarded_at", &event.rewarded_at),
    ] {
        push(&mut lines, name, &said(time, |at| iso_8601(*at)));
    }
    if let Some(id) = request_id {
        push(&mut lines, "request_id", id);
    }
    lines
}

fn push(lines: &mut String, name: &str, text: &str) {
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines.push_str(name);
    lines.push_str(": ");
    lines.push_str(&inert(text, LONGEST));
}

fn said<T>(field: &Field<T>, known: fn(&T) -> String) -> String {
    match field {
        Field::Missing => String::from("(not sent)"),
        Field::Unreadable(sent) => {
            let mut said = String::from("(unreadable) ");
            said.push_str(sent);
            said
        }
        Field::Known(value) => known(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{role::Role, status::Status, time::Instant};

    fn event() -> Event {
        Event {
            id: Field::Known("abc123".to_owned()),
            code: Field::Known("A1B2C3D4E5F6".to_owned()),
            role: Field::Known(Role::Referrer),
            status: Field::Known(Status::ReviewRequired),
            created_at: Field::Known(Instant::from_timestamp(1_778_587_380, 0).expect("in range")),
            expires_at: Field::Unreadable("\"soon\"".to_owned()),
            ..Event::default()
        }
    }

    #[test]
    fn every_line_is_a_field_in_the_apis_words() {
        assert_eq!(
            lines(&event(), Some("req_1")),
            "id: abc123\n\
             code: A1B2C3D4E5F6\n\
             role: referrer\n\
             status: review_required\n\
             created_at: 2026-05-12T12:03:00Z\n\
             expires_at: (unreadable) \"soon\"\n\
             qualified_at: (not sent)\n\
             rewarded_at: (not sent)\n\
             request_id: req_1"
        );
    }

    #[test]
    fn without_a_request_id_there_is_no_line_for_it() {
        assert!(!lines(&event(), None).contains("request_id"));
    }

    #[test]
    fn no_text_can_forge_a_line() {
        let forged = "A1\nstatus: rewarded\r\nid: x\u{85}y\u{2028}z\u{2029}\u{b}\u{c}";
        let hostile = Event {
            id: Field::Known(forged.to_owned()),
            code: Field::Unreadable(forged.to_owned()),
            role: Field::Known(Role::Unknown(forged.into())),
            status: Field::Known(Status::Unknown(forged.into())),
            ..Event::default()
        };
        let text = lines(&hostile, Some(forged));
        let breaks = |character: &char| {
            character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
        };
        assert_eq!(text.chars().filter(breaks).count(), 8, "{text}");
        assert_eq!(text.lines().count(), 9);
        assert!(text.contains("code: (unreadable) A1␊status: rewarded␍␊id: x"));
    }

    #[test]
    fn nothing_in_a_line_reverses_the_rest_of_it() {
        let hostile = Event {
            code: Field::Known("A1\u{202e}2B\u{2066}".to_owned()),
            ..Event::default()
        };
        assert!(lines(&hostile, None).contains("\ncode: A1\u{fffd}2B\u{fffd}\n"));
    }

    #[test]
    fn a_text_is_cut_and_says_so() {
        let long = Event {
            id: Field::Known("é".repeat(10_000)),
            ..Event::default()
        };
        let text = lines(&long, None);
        let first = text.lines().next().expect("a line");
        assert_eq!(first.chars().count(), "id: ".len() + LONGEST + 1);
        assert!(first.ends_with('…'));
    }
}
