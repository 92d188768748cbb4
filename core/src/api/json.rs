//! JSON, taken apart one level at a time.
//!
//! `serde_json` says whether a text is JSON at all; what it found well-formed is taken apart here, in
//! the few lines that well-formed JSON needs. Its own reader of objects, lists and texts would bring
//! the printing of floating point numbers along, for messages that nobody reads: kilobytes of the
//! bundle. The tests hold this against it.

use serde::de::IgnoredAny;

/// A well-formed JSON value, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The value that a text is; `None` where it is not JSON.
    pub fn of(text: &'a str) -> Option<Self> {
        let _: IgnoredAny = serde_json::from_str(text).ok()?;
        Some(Self(text.trim_matches(SPACE)))
    }

    /// The value as it was sent.
    pub fn sent(self) -> &'a str {
        self.0
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// The members of an object in the order they were sent; `None` where it is no object.
    pub fn members(self) -> Option<Vec<(String, Self)>> {
        let members = parts(self.0, '{', '}')?.into_iter();
        Some(members.filter_map(member).collect())
    }

    /// The items of a list; `None` where it is none.
    pub fn items(self) -> Option<Vec<Self>> {
        Some(parts(self.0, '[', ']')?.into_iter().map(Self).collect())
    }

    /// A text; `None` where it is none. JSON can say half a surrogate pair, which no text can hold:
    /// it is none.
    pub fn text(self) -> Option<String> {
        unescaped(quoted(self.0)?, None)
    }
}

/// What JSON takes for white space.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The parts between the commas of a list or an object.
fn parts(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let inside = text.strip_prefix(open)?.strip_suffix(close)?;
    let mut parts = Vec::new();
    let (mut start, mut depth, mut rest) = (0, 0_usize, Scan::new(inside));
    while let Some((at, byte)) = rest.next_outside_texts() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.extend(inside.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    // Well-formed JSON has something between two commas, so only nothing at all is nothing.
    parts.extend(
        inside
            .get(start..)
            .filter(|last| !last.trim_matches(SPACE).is_empty()),
    );
    Some(
        parts
            .into_iter()
            .map(|part| part.trim_matches(SPACE))
            .collect(),
    )
}

/// A member: `"name": value`. Half a surrogate pair in its name must not cost the whole object.
fn member(part: &str) -> Option<(String, Json<'_>)> {
    let (colon, _) = Scan::new(part).find(b':')?;
    let (name, value) = part.split_at_checked(colon)?;
    let name = unescaped(
        quoted(name.trim_matches(SPACE))?,
        Some(char::REPLACEMENT_CHARACTER),
    )?;
    let value = value.strip_prefix(':')?.trim_matches(SPACE);
    Some((name, Json(value)))
}

/// The bytes of a JSON text.
struct Scan<'a> {
    bytes: core::iter::Enumerate<core::str::Bytes<'a>>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.bytes().enumerate(),
        }
    }

    /// The next byte that is not part of a text, and where it stands.
    fn next_outside_texts(&mut self) -> Option<(usize, u8)> {
        let (at, byte) = self.bytes.next()?;
        if byte != b'"' {
            return Some((at, byte));
        }
        while let Some((at, byte)) = self.bytes.next() {
            match byte {
                b'\\' => drop(self.bytes.next()),
                b'"' => return Some((at, byte)),
                _ => {}
            }
        }
        None
    }

    fn find(&mut self, wanted: u8) -> Option<(usize, u8)> {
        core::iter::from_fn(|| self.next_outside_texts()).find(|(_, byte)| *byte == wanted)
    }
}

/// What stands between the quotes of a text.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// A text without its escapes. `instead` stands for half a surrogate pair; without it, there is no
/// such text.
fn unescaped(text: &str, instead: Option<char>) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        read.push_str(before);
        let mut after = escape.chars();
        let escaped = match after.next()? {
            'u' => {
                let (character, length) = unicode(escape);
                after = escape.get(length..)?.chars();
                character.or(instead)?
            }
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            itself => itself,
        };
        read.push(escaped);
        rest = after.as_str();
    }
    read.push_str(rest);
    Some(read)
}

/// The character of `u0041`, or of the pair `ud83d\ude00`, and how long the escape is.
fn unicode(escape: &str) -> (Option<char>, usize) {
    let unit = |escape: Option<&str>| {
        let digits = escape?.strip_prefix('u')?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(Some(escape));
    let second = unit(escape.get(5..).and_then(|rest| rest.strip_prefix('\\')));
    let decode = |units: &[u16]| char::decode_utf16(units.iter().copied()).next()?.ok();
    match (first, second) {
        (Some(first), Some(second)) if (0xd800..0xdc00).contains(&first) => {
            match decode(&[first, second]) {
                Some(character) => (Some(character), 11),
                None => (None, 5),
            }
        }
        (first, _) => (first.and_then(|first| decode(&[first])), 5),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// All of a value, by way of this module, with numbers and words as they were sent.
    fn taken_apart(json: Json<'_>) -> Value {
        if let Some(members) = json.members() {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, json)| (name, taken_apart(json)))
                    .collect(),
            )
        } else if let Some(items) = json.items() {
            Value::Array(items.into_iter().map(taken_apart).collect())
        } else if let Some(text) = json.text() {
            Value::String(text)
        } else {
            serde_json::from_str(json.sent()).expect("a number or a word")
        }
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            "null",
            " true ",
            "-1.5e3",
            "\"\"",
            "[]",
            "[ \t\n\r]",
            "{}",
            "{ }",
            "[[],{},[[]],[{}],\"\",\"[\",\"]\",\"{\",\"}\"]",
            r#"{"a":1,"b":[1,2,{"c":"},]"}],"d":{"e":{"f":null}}, "" : "" }"#,
            r#"{ "a\"b" : "c:\\d" , "e,f" : "\"," , "\\" : "\\\\" }"#,
            r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\uD83D\uDE00x""#,
            "\"\u{202e}é€😀\\u0000\u{7f}\"",
            r#"{"a":1,"a":2}"#,
            include_str!("../../tests/fixtures/documented.json"),
            include_str!("../../../dev-console/src/stand_in/fixtures/hostile.json"),
            include_str!("../../../dev-console/src/stand_in/fixtures/future.json"),
        ] {
            let expected: Value = serde_json::from_str(text).expect(text);
            assert_eq!(taken_apart(Json::of(text).expect(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_none() {
        for text in [
            "",
            " ",
            "[",
            "]",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{a:1}",
            "\"",
            "\"\\x\"",
            "nul",
            "01",
            "1 1",
            "{\"a\":1,}",
            "\"\\u12\"",
            "\"\n\"",
            "<!doctype html>",
        ] {
            assert_eq!(Json::of(text), None, "{text}");
        }
    }

    #[test]
    fn half_a_pair_is_no_text_and_costs_no_object() {
        for text in [
            r#""\ud83d""#,
            r#""\ude00x""#,
            r#""\ud83d\u0041""#,
            r#""\ud83d\ud83d""#,
        ] {
            assert_eq!(Json::of(text).and_then(Json::text), None, "{text}");
            let object = [r#"{"a":1,"#, text, ":2}"].concat();
            let members = Json::of(&object)
                .and_then(Json::members)
                .unwrap_or_default();
            assert_eq!(members.len(), 2, "{text}");
        }
    }

    #[test]
    fn a_value_is_only_what_it_is() {
        for text in ["null", "1", "true"] {
            let json = Json::of(text).expect("JSON");
            assert_eq!(
                (json.members(), json.items(), json.text()),
                (None, None, None)
            );
        }
        let text = Json::of("\"{}\"").expect("JSON");
        assert_eq!((text.members(), text.items()), (None, None));
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = ["[".repeat(200_000), "]".repeat(200_000)].concat();
        let items = Json::of(&deep).and_then(Json::items);
        assert_eq!(items.map(|items| items.len()), Some(1));
    }
}
