//! The signed-in user's part in a referral.

use crate::word::is_word;

/// Which side of a referral the signed-in user stands on (`items[].role`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The user referred somebody.
    Referrer,
    /// The user was referred by somebody.
    Referred,
    /// A word this version does not know, kept as sent.
    Unknown(Box<str>),
}

impl Role {
    /// The roles of the API's schema, in the order they are offered.
    pub const KNOWN: [Self; 2] = [Self::Referrer, Self::Referred];

    /// Reads the API's word, however it is written: see [`is_word`].
    pub fn from_word(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|role| is_word(word, role.word()))
            .unwrap_or_else(|| Self::Unknown(word.into()))
    }

    /// The API's word.
    pub fn word(&self) -> &str {
        match self {
            Self::Referrer => "referrer",
            Self::Referred => "referred",
            Self::Unknown(word) => word,
        }
    }
}
