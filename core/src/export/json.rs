//! The records as JSON, exactly as the API sent them.

use crate::event::Event;

/// An array of the records, each byte for byte as it was sent, with every field that this version
/// does not know. A record starts a line, and ends it too unless the service broke lines within it.
pub(super) fn of(events: &[&Event]) -> String {
    if events.is_empty() {
        return String::from("[]\n");
    }
    let mut json = String::new();
    for event in events {
        json.push_str(if json.is_empty() { "[\n" } else { ",\n" });
        json.push_str(record(event));
    }
    json.push_str("\n]\n");
    json
}

/// An event that no answer brought was never sent as anything. It is still a record, and an array
/// with nothing between two commas is no JSON.
fn record(event: &Event) -> &str {
    if event.sent.is_empty() {
        "{}"
    } else {
        &event.sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(json: &str) -> Event {
        Event {
            sent: json.into(),
            ..Event::default()
        }
    }

    #[test]
    fn no_events_are_an_empty_array() {
        assert_eq!(of(&[]), "[]\n");
    }

    #[test]
    fn a_record_is_a_line() {
        let (one, other) = (sent(r#"{"id": 1.50}"#), sent("{ }"));
        assert_eq!(of(&[&one]), "[\n{\"id\": 1.50}\n]\n");
        assert_eq!(of(&[&one, &other]), "[\n{\"id\": 1.50},\n{ }\n]\n");
    }

    #[test]
    fn an_event_that_was_never_sent_leaves_no_hole() {
        let never = Event::default();
        assert_eq!(of(&[&never, &never]), "[\n{},\n{}\n]\n");
    }
}
