//! JSON taken apart with serde_json, one level at a time, so that a bad part costs itself alone.
//!
//! A derived struct would refuse an object in which a name stands twice, and one field of the wrong
//! type would cost the whole record. So an object is read into its members as [`RawValue`]s first, and
//! each member by itself after that.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::api::MOST_RECORDS;

/// The members of a JSON object, unread and in the order they were sent.
#[derive(Default)]
pub(crate) struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of a JSON text; `None` where it is no object.
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member of that name. Where a name stands twice the last one counts, as in every browser.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut members = self.0.iter().rev();
        members
            .find(|(key, _)| is_name(key, name))
            .map(|(_, value)| *value)
    }
}

/// Whether a key is this name. It is compared as sent first: few writers escape a letter. A name that
/// is no text, such as half a surrogate pair, is nobody's.
fn is_name(key: &RawValue, name: &str) -> bool {
    let sent = key.get();
    let plain = sent.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
    plain == Some(name) || (sent.contains('\\') && text(key).as_deref() == Some(name))
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The first items of a JSON array, unread, and how many follow them.
#[derive(Default)]
pub(crate) struct Items<'a> {
    /// At most [`MOST_RECORDS`] items.
    pub(crate) first: Vec<&'a RawValue>,
    /// How many more there are. They are counted, and not kept.
    pub(crate) more: usize,
}

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array;
        impl<'de> Visitor<'de> for Array {
            type Value = Items<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
                let mut items = Items::default();
                while items.first.len() < MOST_RECORDS {
                    match array.next_element()? {
                        Some(item) => items.first.push(item),
                        None => return Ok(items),
                    }
                }
                while array.next_element::<IgnoredAny>()?.is_some() {
                    items.more += 1;
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(Array)
    }
}

/// A text; `None` where the value is none, or holds half a surrogate pair, which no text can.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A whole number. One that passed through a program without integers (`10000.0`) is still one.
///
/// It is not read as a floating point number, which would round large ones.
pub(crate) fn integer(value: &RawValue) -> Option<i64> {
    let sent = value.get();
    let (whole, fraction) = sent.split_once('.').unwrap_or((sent, ""));
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    whole.parse().ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(json: &str) -> Option<Vec<String>> {
        let members = Members::parse(json)?;
        let keys = members.0.iter();
        Some(keys.map(|(key, _)| key.get().to_owned()).collect())
    }

    #[test]
    fn an_object_is_taken_apart() {
        let json = r#"{"a":1,"b":[1,2,{"c":"},]"}],"d":{"e":{"f":null}}, "" : "" }"#;
        let members = Members::parse(json).expect("an object");
        let sent = |name| members.get(name).map(RawValue::get);
        assert_eq!(sent("a"), Some("1"));
        assert_eq!(sent("b"), Some(r#"[1,2,{"c":"},]"}]"#));
        assert_eq!(sent("d"), Some(r#"{"e":{"f":null}}"#));
        assert_eq!(sent(""), Some(r#""""#));
        assert_eq!(sent("e"), None);
    }

    #[test]
    fn an_escaped_name_is_its_name() {
        let members = Members::parse(r#"{ "\u0061\"b" : 1, "c\\": 2 }"#).expect("an object");
        assert_eq!(members.get("a\"b").map(RawValue::get), Some("1"));
        assert_eq!(members.get("c\\").map(RawValue::get), Some("2"));
    }

    #[test]
    fn what_is_not_json_or_no_object_has_no_members() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":1} 1",
            "[]",
            "null",
            "1",
            "true",
            "\"{}\"",
            "<!doctype html>",
            "{\"a\":nul}",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
        assert_eq!(names(" {} "), Some(Vec::new()));
    }

    #[test]
    fn half_a_pair_is_no_text_and_costs_no_object() {
        for half in [
            r#""\ud83d""#,
            r#""\ude00x""#,
            r#""\ud83d\u0041""#,
            r#""\ud83d\ud83d""#,
        ] {
            let as_value = [r#"{"a":1,"b":"#, half, "}"].concat();
            let members = Members::parse(&as_value).expect("an object");
            assert_eq!(members.get("b").and_then(text), None, "{half}");
            let as_name = [r#"{"a":1,"#, half, ":2}"].concat();
            let members = Members::parse(&as_name).expect("an object");
            assert_eq!(members.get("a").map(RawValue::get), Some("1"), "{half}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = ["{\"a\":", &"[".repeat(200_000), &"]".repeat(200_000), "}"].concat();
        assert_eq!(names(&deep).map(|names| names.len()), Some(1));
        let deep = ["[", &"[".repeat(200_000), &"]".repeat(200_000), "]"].concat();
        let items: Items<'_> = serde_json::from_str(&deep).expect("an array");
        assert_eq!((items.first.len(), items.more), (1, 0));
    }

    #[test]
    fn what_is_beyond_the_bound_is_counted() {
        for (length, kept) in [
            (MOST_RECORDS, MOST_RECORDS),
            (MOST_RECORDS + 1, MOST_RECORDS),
            (100_000, MOST_RECORDS),
        ] {
            let array = format!("[{}]", vec!["{}"; length].join(","));
            let items: Items<'_> = serde_json::from_str(&array).expect("an array");
            assert_eq!((items.first.len(), items.more), (kept, length - kept));
        }
        // What is beyond must be JSON, too: an answer that is cut there is no answer.
        let cut = format!("[{},{{]", vec!["{}"; MOST_RECORDS].join(","));
        assert!(serde_json::from_str::<Items<'_>>(&cut).is_err());
    }
}
