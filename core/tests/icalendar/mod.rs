//! A reader of calendars that forgives nothing.

/// The properties of an entry, by name, with the values of texts unescaped.
#[derive(Debug, Default)]
pub struct Entry {
    pub properties: Vec<(String, String)>,
    pub alarms: usize,
}

impl Entry {
    /// The value of a property that the entry has once.
    pub fn value(&self, name: &str) -> &str {
        let mut values = self.properties.iter().filter(|(known, _)| known == name);
        let (_, value) = values.next().expect(name);
        assert!(values.next().is_none(), "{name} stands twice");
        value
    }
}

/// Reads the entries of a calendar as RFC 5545 has them, and takes nothing else: every line ends with CR LF
/// and has at most 75 bytes, a line that continues one begins with a space, and only known components and
/// properties stand in it, in their places.
pub fn entries(calendar: &str) -> Vec<Entry> {
    let text = calendar.strip_suffix("\r\n").expect("a last line break");
    let mut lines: Vec<String> = Vec::new();
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line:?} is too long");
        assert!(!line.contains(char::is_control), "{line:?}");
        match line.strip_prefix(' ') {
            Some(rest) => lines.last_mut().expect("a line to continue").push_str(rest),
            None => lines.push(line.to_owned()),
        }
    }
    let mut open: Vec<String> = Vec::new();
    let mut entries = Vec::new();
    let mut calendar_properties = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a name and a value");
        let within: Vec<&str> = open.iter().map(String::as_str).collect();
        match (name, value, &within[..]) {
            ("BEGIN", "VCALENDAR", []) => assert!(calendar_properties.is_empty(), "one calendar"),
            ("BEGIN", "VEVENT", ["VCALENDAR"]) => entries.push(Entry::default()),
            ("BEGIN", "VALARM", ["VCALENDAR", "VEVENT"]) => {
                entries.last_mut().expect("an entry").alarms += 1;
            }
            ("END", name, within) => {
                assert_eq!(within.last(), Some(&name));
                open.pop();
                continue;
            }
            ("VERSION" | "PRODID" | "CALSCALE", value, ["VCALENDAR"]) => {
                calendar_properties.push((name.to_owned(), value.to_owned()));
                continue;
            }
            ("ACTION" | "DESCRIPTION" | "TRIGGER", _, ["VCALENDAR", "VEVENT", "VALARM"]) => {
                continue;
            }
            (
                "UID" | "DTSTAMP" | "DTSTART" | "SUMMARY" | "DESCRIPTION" | "TRANSP",
                value,
                ["VCALENDAR", "VEVENT"],
            ) => {
                let entry: &mut Entry = entries.last_mut().expect("an entry");
                entry.properties.push((name.to_owned(), unescaped(value)));
                continue;
            }
            _ => panic!("{line:?} in {within:?}"),
        }
        open.push(value.to_owned());
    }
    assert!(open.is_empty(), "{open:?} do not end");
    assert!(calendar_properties.contains(&("VERSION".to_owned(), "2.0".to_owned())));
    assert!(calendar_properties.iter().any(|(name, _)| name == "PRODID"));
    assert!(!entries.is_empty(), "a calendar has an entry");
    entries
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => text.push(escaped),
                other => panic!("\\{other:?} in {value:?}"),
            },
            ';' | ',' => panic!("{character} is not escaped in {value:?}"),
            other => text.push(other),
        }
    }
    text
}
