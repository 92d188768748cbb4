//! Parses JSON with serde_json one level at a time, so that an invalid value affects only itself.
//!
//! A derived struct would reject an object with a repeated name, and one field of the wrong type would
//! make the whole record unreadable. So an object is first split into its members as [`RawValue`]s, and
//! each member is then parsed by itself.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::api::MAX_RECORDS;

/// The members of a JSON object, unparsed and in the order sent.
#[derive(Default)]
pub(crate) struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Parses a JSON text; `None` if it is not an object.
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Whether the object has no members.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member with that name. The last one counts if a name repeats, as in every browser.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut members = self.0.iter().rev();
        members
            .find(|(key, _)| is_name(key, name))
            .map(|(_, value)| *value)
    }
}

/// The members of an object that has most of them in the order in which they are asked for.
pub(crate) struct InOrder<'a> {
    members: Members<'a>,
    next: usize,
}

impl<'a> InOrder<'a> {
    /// Starts with the first member.
    pub(crate) fn new(members: Members<'a>) -> Self {
        Self { members, next: 0 }
    }

    /// The member with that name: the next one if the order is kept, which spares comparing it with all of them.
    pub(crate) fn get(&mut self, name: &str) -> Option<&'a RawValue> {
        let (before, from_here) = self.members.0.split_at(self.next);
        let mut positions = (self.next..).zip(from_here).chain((0..).zip(before));
        let (position, (_, value)) = positions.find(|(_, (key, _))| is_name(key, name))?;
        self.next = position + 1;
        Some(value)
    }
}

/// Whether a key is this name. The key is compared as sent first, because most keys have no escapes. A
/// key that is not valid text, such as half a surrogate pair, equals no name.
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

/// The first items of a JSON array, unparsed, and how many follow.
#[derive(Default)]
pub(crate) struct Items<'a> {
    /// At most [`MAX_RECORDS`] items.
    pub(crate) first: Vec<&'a RawValue>,
    /// How many items follow. They are counted, but not kept.
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
                while items.first.len() < MAX_RECORDS {
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

/// A text; `None` if the value is not a string, or holds half a surrogate pair, which a `String` cannot.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A whole number. `10000.0` is accepted too, since a program without integers may have written it.
///
/// The number is not parsed as floating point, which would round large ones.
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
    fn an_object_is_split_into_members() {
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
    fn members_are_found_in_any_order() {
        let members = Members::parse(r#"{"a":1,"b":2,"c":3}"#).expect("an object");
        let mut members = InOrder::new(members);
        for (name, value) in [
            ("a", Some("1")),
            ("c", Some("3")),
            ("b", Some("2")),
            ("d", None),
            ("c", Some("3")),
            ("c", Some("3")),
        ] {
            assert_eq!(members.get(name).map(RawValue::get), value, "{name}");
        }
    }

    #[test]
    fn escaped_names_are_unescaped() {
        let members = Members::parse(r#"{ "\u0061\"b" : 1, "c\\": 2 }"#).expect("an object");
        assert_eq!(members.get("a\"b").map(RawValue::get), Some("1"));
        assert_eq!(members.get("c\\").map(RawValue::get), Some("2"));
    }

    #[test]
    fn only_valid_objects_have_members() {
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
    fn half_a_surrogate_pair_makes_only_its_member_unreadable() {
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
    fn deep_nesting_needs_no_stack() {
        let deep = ["{\"a\":", &"[".repeat(200_000), &"]".repeat(200_000), "}"].concat();
        assert_eq!(names(&deep).map(|names| names.len()), Some(1));
        let deep = ["[", &"[".repeat(200_000), &"]".repeat(200_000), "]"].concat();
        let items: Items<'_> = serde_json::from_str(&deep).expect("an array");
        assert_eq!((items.first.len(), items.more), (1, 0));
    }

    #[test]
    fn items_beyond_the_limit_are_counted() {
        for (length, kept) in [
            (MAX_RECORDS, MAX_RECORDS),
            (MAX_RECORDS + 1, MAX_RECORDS),
            (100_000, MAX_RECORDS),
        ] {
            let array = format!("[{}]", vec!["{}"; length].join(","));
            let items: Items<'_> = serde_json::from_str(&array).expect("an array");
            assert_eq!((items.first.len(), items.more), (kept, length - kept));
        }
        // Items beyond the limit must be valid JSON too: an answer that is cut off there is unreadable.
        let cut = format!("[{},{{]", vec!["{}"; MAX_RECORDS].join(","));
        assert!(serde_json::from_str::<Items<'_>>(&cut).is_err());
    }
}
