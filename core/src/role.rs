//! The signed-in user's role in a referral.

use crate::word::matches_word;

/// The signed-in user's role in a referral (`items[].role`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The user referred another account.
    Referrer,
    /// Another account referred the user.
    Referred,
    /// A value that this version does not know, kept as sent.
    Unknown(Box<str>),
}

impl Role {
    /// The roles of the API's schema, in the order of the role filter.
    pub const KNOWN: [Self; 2] = [Self::Referrer, Self::Referred];

    /// Parses the API's value; case and separators do not matter: see [`matches_word`].
    pub fn parse(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|role| matches_word(word, role.as_str()))
            .unwrap_or_else(|| Self::Unknown(word.into()))
    }

    /// The API's value.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Referrer => "referrer",
            Self::Referred => "referred",
            Self::Unknown(word) => word,
        }
    }
}
