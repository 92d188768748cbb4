//! The text about one event that a user sends to support.

use crate::{api::sent_text, event::Event, field::Field, sanitize::sanitize, time::iso_8601};

/// The most characters of a field that are copied.
const FIELD_CHARACTERS: usize = 200;

/// The event in lines such as `id: abc123`, so that support can look it up. Names and values are the
/// API's, times are in UTC. The last line is the id of the event's request, if the service sent one.
///
/// Line breaks within a text are made visible, so that no text can forge a line.
pub fn lines(event: &Event, request_id: Option<&str>) -> String {
    let mut lines = String::new();
    push_line(&mut lines, "id", &field_text(&event.id, String::clone));
    push_line(&mut lines, "code", &field_text(&event.code, String::clone));
    // A known word is known in any spelling; support gets the spelling that was sent.
    let as_sent =
        |name, word: &str| sent_text(&event.sent, name).unwrap_or_else(|| word.to_owned());
    let role = field_text(&event.role, |role| as_sent("role", role.as_str()));
    push_line(&mut lines, "role", &role);
    let status = field_text(&event.status, |status| as_sent("status", status.as_str()));
    push_line(&mut lines, "status", &status);
    for (name, time) in [
        ("created_at", &event.created_at),
        ("expires_at", &event.expires_at),
        ("qualified_at", &event.qualified_at),
        ("rewarded_at", &event.rewarded_at),
    ] {
        push_line(&mut lines, name, &field_text(time, |at| iso_8601(*at)));
    }
    if let Some(id) = request_id {
        push_line(&mut lines, "request_id", id);
    }
    lines
}

fn push_line(lines: &mut String, name: &str, text: &str) {
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines.push_str(name);
    lines.push_str(": ");
    lines.push_str(&sanitize(text, FIELD_CHARACTERS));
}

fn field_text<T>(field: &Field<T>, known: impl FnOnce(&T) -> String) -> String {
    match field {
        Field::Missing => String::from("(not sent)"),
        Field::Unreadable(sent) => {
            let mut text = String::from("(unreadable) ");
            text.push_str(sent);
            text
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
    fn words_are_copied_in_the_spelling_that_was_sent() {
        let sent = Event {
            sent: r#"{"role":" Referrer","status":"REVIEW-REQUIRED"}"#.into(),
            ..event()
        };
        let lines = lines(&sent, None);
        assert!(
            lines.contains("\nrole:  Referrer\nstatus: REVIEW-REQUIRED\n"),
            "{lines}"
        );
    }

    #[test]
    fn each_line_is_a_field_as_the_api_names_it() {
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
    fn direction_characters_are_replaced() {
        let hostile = Event {
            code: Field::Known("A1\u{202e}2B\u{2066}".to_owned()),
            ..Event::default()
        };
        assert!(lines(&hostile, None).contains("\ncode: A1\u{fffd}2B\u{fffd}\n"));
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        let long = Event {
            id: Field::Known("é".repeat(10_000)),
            ..Event::default()
        };
        let text = lines(&long, None);
        let first = text.lines().next().expect("a line");
        assert_eq!(first.chars().count(), "id: ".len() + FIELD_CHARACTERS + 1);
        assert!(first.ends_with('…'));
    }
}
