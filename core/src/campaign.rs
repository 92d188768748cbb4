//! The choices of the campaign filter.

use crate::{event::Event, field::Field};

/// How many characters of a campaign's name its key keeps.
const KEY_CHARACTERS: usize = 100;

/// The longest key, in characters: the start of a name, an ellipsis and 16 hexadecimal digits.
const MAX_KEY: usize = KEY_CHARACTERS + 1 + 16;

/// A choice of the campaign filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Campaign {
    /// Events without a campaign.
    None,
    /// Events of the campaign with this name, shortened by [`key`].
    Named(String),
}

impl Campaign {
    /// The choice that an event belongs to; `None` if its campaign is unreadable.
    pub fn from_event(event: &Event) -> Option<Self> {
        match &event.campaign {
            Field::Missing => Some(Self::None),
            Field::Known(name) => Some(Self::Named(key(name))),
            Field::Unreadable(_) => None,
        }
    }

    /// The choice that an address names. A text that is too long for a key is a name, and is shortened.
    pub fn from_key(key_or_name: &str) -> Self {
        let is_key = key_or_name.chars().nth(MAX_KEY).is_none();
        Self::Named(if is_key {
            key_or_name.to_owned()
        } else {
            key(key_or_name)
        })
    }
}

/// The key of a campaign: its name, short enough for the page's address. Strangers choose these names,
/// so the key of a long one is its start and a hash of the whole name.
pub fn key(name: &str) -> String {
    let Some((cut, _)) = name.char_indices().nth(KEY_CHARACTERS) else {
        return name.to_owned();
    };
    let hash = hash(name);
    format!("{}…{hash:x}", name.get(..cut).unwrap_or_default())
}

/// The FNV-1a hash of a text. It need not be secure, it only has to tell the texts of one answer apart.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_ordinary_length_is_its_own_key() {
        assert_eq!(key("spring-launch"), "spring-launch");
        assert_eq!(key(&"é".repeat(100)), "é".repeat(100));
    }

    #[test]
    fn long_names_stay_different_and_become_short() {
        let (one, other) = ("x".repeat(10_000) + "1", "x".repeat(10_000) + "2");
        assert_ne!(key(&one), key(&other));
        assert!(key(&one).chars().count() <= MAX_KEY);
    }
}
