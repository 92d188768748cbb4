//! Writes deadlines as calendar entries (RFC 5545).
//!
//! Text from strangers must stay in its line: a line break in it would add a property, such as a link.

use chrono::TimeDelta;

use crate::{
    campaign::hash,
    event::Event,
    field::Field,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort,
    status::Status,
    texts::{Texts, fill},
    time::{Instant, iso_8601},
};

/// The longest line, in bytes without the line break. Longer ones are folded.
const LINE_BYTES: usize = 75;

/// How long before the deadline a calendar reminds of it.
const REMINDER: TimeDelta = TimeDelta::days(1);

/// The open ones among the events that will expire, with the time: the next one first.
pub fn deadlines<'a>(events: &[&'a Event], now: Instant) -> Vec<(Instant, &'a Event)> {
    let deadline = |event: &&'a Event| {
        let is_open = event.status.known().is_some_and(Status::is_open);
        let at = event.expires_at.known().filter(|at| is_open && **at > now);
        at.map(|at| (*at, *event))
    };
    let deadlines: Vec<_> = events.iter().filter_map(deadline).collect();
    let at = |position: usize| deadlines.get(position).map(|(at, _)| *at);
    let mut positions: Vec<usize> = (0..deadlines.len()).collect();
    sort::by(&mut positions, &|one, other| at(one).cmp(&at(other)));
    let sorted = positions
        .iter()
        .filter_map(|position| deadlines.get(*position));
    sorted.copied().collect()
}

/// Writes a calendar with an entry for each deadline. An entry takes no time, and leaves its owner free.
pub(super) fn write(deadlines: &[(Instant, &Event)], texts: &Texts, now: Instant) -> String {
    let mut calendar = String::new();
    let mut line = |name: &str, value: &str| push_line(&mut calendar, name, value);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Crawlora//Referral history//EN");
    line("CALSCALE", "GREGORIAN");
    let mut uids: Vec<String> = Vec::new();
    for (at, event) in deadlines {
        let summary = escape(&summary(event, texts));
        let uid = uid(event, &uids);
        line("BEGIN", "VEVENT");
        line("UID", &uid);
        line("DTSTAMP", &time(now));
        line("DTSTART", &time(*at));
        line("SUMMARY", &summary);
        line("DESCRIPTION", &escape(&description(event, texts)));
        line("TRANSP", "TRANSPARENT");
        if *at - now > REMINDER {
            line("BEGIN", "VALARM");
            line("ACTION", "DISPLAY");
            line("DESCRIPTION", &summary);
            line("TRIGGER", "-P1D");
            line("END", "VALARM");
        }
        line("END", "VEVENT");
        uids.push(uid);
    }
    line("END", "VCALENDAR");
    calendar
}

/// An identifier by which a calendar recognizes the entry in a later file. It is a hash of the id, or of the
/// code and the time of creation: a stranger may choose the code. Ids may repeat, but entries with the same
/// identifier would replace each other.
fn uid(event: &Event, used: &[String]) -> String {
    let key = match (&event.id, &event.code) {
        (Field::Known(id), _) => id.clone(),
        (_, code) => {
            let code = code.known().map_or("", String::as_str);
            let created = event.created_at.known().map(|at| iso_8601(*at));
            [code, "\n", &created.unwrap_or_default()].concat()
        }
    };
    let hash = hash(&key);
    let mut uid = format!("{hash:016x}@referral-history");
    let mut number = 1;
    while used.contains(&uid) {
        number += 1;
        uid = format!("{hash:016x}-{number}@referral-history");
    }
    uid
}

fn summary(event: &Event, texts: &Texts) -> String {
    match event.code.known() {
        Some(code) => fill(
            texts.deadline,
            &[("code", &sanitize(code, CELL_CHARACTERS))],
        ),
        None => texts.deadline_without_code.to_owned(),
    }
}

fn description(event: &Event, texts: &Texts) -> String {
    let status = event.status.known();
    let status = status.map_or(texts.missing, |status| texts.status(status));
    let campaign = match &event.campaign {
        Field::Known(name) => sanitize(name, CELL_CHARACTERS),
        Field::Missing => texts.no_campaign.to_owned(),
        Field::Unreadable(_) => texts.unreadable.to_owned(),
    };
    let values = [("status", status), ("campaign", campaign.as_str())];
    fill(texts.deadline_details, &values)
}

/// A time in UTC: `20261126T052222Z`.
fn time(at: Instant) -> String {
    iso_8601(at).replace(['-', ':'], "")
}

/// Escapes what has a meaning in a text value. Other control characters are not allowed there at all;
/// [`sanitize`] has replaced them.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Adds a line, folded so that no part is too long: each further part begins with a space, and none begins
/// within a character.
fn push_line(calendar: &mut String, name: &str, value: &str) {
    let mut bytes = 0;
    for character in name.chars().chain([':']).chain(value.chars()) {
        if bytes + character.len_utf8() > LINE_BYTES {
            calendar.push_str("\r\n ");
            bytes = 1;
        }
        calendar.push(character);
        bytes += character.len_utf8();
    }
    calendar.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{now, text, time as known, unreadable, with_status},
        texts::english,
    };

    fn open(code: &str, expires_at: &str) -> Event {
        Event {
            id: text(code),
            code: text(code),
            expires_at: known(expires_at),
            ..with_status("attributed")
        }
    }

    fn calendar(events: &[Event]) -> String {
        let events: Vec<&Event> = events.iter().collect();
        write(&deadlines(&events, now()), english(), now())
    }

    #[test]
    fn an_entry_has_this_format() {
        assert_eq!(
            calendar(&[open("A1B2C3", "2026-05-14T12:03:00Z")]),
            "BEGIN:VCALENDAR\r\n\
             VERSION:2.0\r\n\
             PRODID:-//Crawlora//Referral history//EN\r\n\
             CALSCALE:GREGORIAN\r\n\
             BEGIN:VEVENT\r\n\
             UID:71131b094cd9bf7d@referral-history\r\n\
             DTSTAMP:20260512T120000Z\r\n\
             DTSTART:20260514T120300Z\r\n\
             SUMMARY:Referral A1B2C3 expires\r\n\
             DESCRIPTION:Status: Attributed\\nCampaign: No campaign\r\n\
             TRANSP:TRANSPARENT\r\n\
             BEGIN:VALARM\r\n\
             ACTION:DISPLAY\r\n\
             DESCRIPTION:Referral A1B2C3 expires\r\n\
             TRIGGER:-P1D\r\n\
             END:VALARM\r\n\
             END:VEVENT\r\n\
             END:VCALENDAR\r\n"
        );
    }

    #[test]
    fn only_what_is_open_and_will_expire_has_a_deadline() {
        let open = |status: &str, expires_at: Field<Instant>| Event {
            expires_at,
            ..with_status(status)
        };
        let events = [
            open("qualified", known("2026-06-01T00:00:00Z")),
            open("attributed", known("2026-05-12T12:00:01Z")),
            open("attributed", known("2026-05-12T12:00:00Z")),
            open("attributed", Field::Missing),
            open("attributed", unreadable()),
            open("review_required", known("2026-06-01T00:00:00Z")),
            open("rewarded", known("2026-06-01T00:00:00Z")),
            open("on_hold", known("2026-06-01T00:00:00Z")),
            Event::default(),
        ];
        let events: Vec<&Event> = events.iter().collect();
        let found = deadlines(&events, now());
        let found: Vec<String> = found.iter().map(|(at, _)| iso_8601(*at)).collect();
        assert_eq!(found, ["2026-05-12T12:00:01Z", "2026-06-01T00:00:00Z"]);
    }

    #[test]
    fn a_reminder_that_is_over_already_is_left_out() {
        for (expires_at, reminders) in [
            ("2026-05-13T12:00:01Z", 1),
            ("2026-05-13T12:00:00Z", 0),
            ("2026-05-12T13:00:00Z", 0),
        ] {
            let calendar = calendar(&[open("A", expires_at)]);
            assert_eq!(calendar.matches("BEGIN:VALARM").count(), reminders);
        }
    }

    #[test]
    fn an_identifier_stays_and_is_used_once() {
        let referral = open("A", "2026-05-20T00:00:00Z");
        let later = Event {
            expires_at: known("2026-06-01T00:00:00Z"),
            ..referral.clone()
        };
        assert_eq!(uid(&referral, &[]), uid(&later, &[]));
        let without_id = |code: &str, created_at: &str| Event {
            code: text(code),
            created_at: known(created_at),
            ..Event::default()
        };
        let one = uid(&without_id("A", "2026-05-01T00:00:00Z"), &[]);
        assert_eq!(one, uid(&without_id("A", "2026-05-01T00:00:00Z"), &[]));
        assert_ne!(one, uid(&without_id("A", "2026-05-02T00:00:00Z"), &[]));
        assert_ne!(one, uid(&without_id("B", "2026-05-01T00:00:00Z"), &[]));
        let second = uid(&referral, &[uid(&referral, &[])]);
        assert!(second.ends_with("-2@referral-history"), "{second}");
    }

    #[test]
    fn text_with_a_meaning_is_escaped() {
        assert_eq!(escape("a\\b;c,d\ne:\"f\""), "a\\\\b\\;c\\,d\\ne:\"f\"");
    }

    #[test]
    fn hostile_text_stays_in_its_line() {
        let hostile = "x\r\nURL:https://evil.example\r\nEND:VEVENT\n\u{2028}\u{85};,\\n";
        let event = Event {
            campaign: text(hostile),
            ..open(hostile, "2026-05-20T00:00:00Z")
        };
        let calendar = calendar(&[event]).replace("\r\n ", "");
        assert!(!calendar.contains("\nURL"), "{calendar}");
        let line = "SUMMARY:Referral x␍␊URL:https://evil.example␍␊END:VEVENT␊\u{fffd}\u{fffd}\\;\\,\\\\n expires\r\n";
        assert!(calendar.contains(line), "{calendar}");
        assert_eq!(calendar.matches("\nEND:VEVENT\r\n").count(), 1);
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        for long in ["x".repeat(74), "حملة الربيع ".repeat(20), "😀".repeat(90)] {
            let mut folded = String::new();
            push_line(&mut folded, "SUMMARY", &long);
            let lines: Vec<&str> = folded.split_terminator("\r\n").collect();
            assert!(lines.iter().all(|line| line.len() <= LINE_BYTES));
            assert!(lines.len() > 1 && lines.iter().skip(1).all(|line| line.starts_with(' ')));
            let unfolded = folded.replace("\r\n ", "");
            assert_eq!(unfolded, format!("SUMMARY:{long}\r\n"));
        }
        let mut exact = String::new();
        push_line(&mut exact, "A", &"x".repeat(LINE_BYTES - 2));
        assert_eq!(exact.len(), LINE_BYTES + 2);
    }
}
