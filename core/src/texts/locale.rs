//! Reads the texts of a language from its file.

use serde_json::value::RawValue;

use super::{FailureTexts, Plural, StatusTexts};
use crate::json::{Members, text};

/// A kind of text in a file.
pub(super) trait Text: Sized {
    /// Takes a value of the file. If it is missing or of another kind, the text stays as it is.
    fn read(&mut self, value: Option<&RawValue>) {
        if let Some(text) = value.and_then(Self::parse) {
            *self = text;
        }
    }

    /// Parses a value.
    fn parse(value: &RawValue) -> Option<Self>;
}

impl Text for &'static str {
    fn parse(value: &RawValue) -> Option<Self> {
        // A language is read once and kept until the program ends, so its texts are leaked.
        text(value).map(|text| &*text.leak())
    }
}

/// `{ "one": "…", "other": "…" }`
impl Text for Plural {
    fn parse(value: &RawValue) -> Option<Self> {
        let members = Members::parse(value.get())?;
        let form = |name| members.get(name).and_then(<&str>::parse);
        Some(Self {
            zero: form("zero"),
            one: form("one"),
            two: form("two"),
            few: form("few"),
            many: form("many"),
            other: form("other")?,
        })
    }
}

/// `{ "short": "…", "referrer": "…", "referred": "…", "other": "…", "next": "…" }`, or `all` for the first three. A
/// status that expires also has `next_until`.
impl Text for StatusTexts {
    fn parse(value: &RawValue) -> Option<Self> {
        let members = Members::parse(value.get())?;
        let sentence = |name| members.get(name).and_then(<&str>::parse);
        let to = |name| sentence("all").or_else(|| sentence(name));
        Some(Self {
            short: sentence("short")?,
            referrer: to("referrer")?,
            referred: to("referred")?,
            other: to("other")?,
            next: sentence("next")?,
            next_until: sentence("next_until"),
        })
    }
}

/// `{ "title": "…", "meaning": "…" }`
impl Text for FailureTexts {
    fn parse(value: &RawValue) -> Option<Self> {
        let members = Members::parse(value.get())?;
        let sentence = |name| members.get(name).and_then(<&str>::parse);
        Some(Self {
            title: sentence("title")?,
            meaning: sentence("meaning")?,
        })
    }
}
