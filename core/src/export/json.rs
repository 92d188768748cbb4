//! Writes the records as JSON, exactly as the API sent them.

use crate::event::Event;

/// Writes an array of the records, each byte for byte as sent, including fields that this version does
/// not know. Each record starts a new line.
pub(super) fn write(events: &[&Event]) -> String {
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

/// The event's JSON as sent. An event that did not come from an answer has none; it becomes `{}`,
/// because an array with nothing between two commas is invalid.
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
        assert_eq!(write(&[]), "[]\n");
    }

    #[test]
    fn each_record_is_on_its_own_line() {
        let (one, other) = (sent(r#"{"id": 1.50}"#), sent("{ }"));
        assert_eq!(write(&[&one]), "[\n{\"id\": 1.50}\n]\n");
        assert_eq!(write(&[&one, &other]), "[\n{\"id\": 1.50},\n{ }\n]\n");
    }

    #[test]
    fn an_event_without_json_becomes_an_empty_object() {
        let not_sent = Event::default();
        assert_eq!(write(&[&not_sent, &not_sent]), "[\n{},\n{}\n]\n");
    }
}
