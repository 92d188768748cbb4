//! Campaigns as something to choose.

use crate::{event::Event, field::Field};

/// How many characters of a campaign's name are kept where it names a choice.
const KEY_CHARACTERS: usize = 100;

/// The longest key, in characters: the beginning of a name, an ellipsis and 16 digits.
const LONGEST_KEY: usize = KEY_CHARACTERS + 1 + 16;

/// What the campaign filter can be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Campaign {
    /// Events without a campaign.
    None,
    /// Events of the campaign with this name, in the form of [`key`].
    Named(String),
}

impl Campaign {
    /// The choice that an event belongs to; `None` where its campaign cannot be read.
    pub fn of(event: &Event) -> Option<Self> {
        match &event.campaign {
            Field::Missing => Some(Self::None),
            Field::Known(name) => Some(Self::Named(key(name))),
            Field::Unreadable(_) => None,
        }
    }

    /// The choice of the campaign that an address names: by its key, or by a longer name, whose key it
    /// gets.
    pub fn from_key(named: &str) -> Self {
        let is_key = named.chars().nth(LONGEST_KEY).is_none();
        Self::Named(if is_key { named.to_owned() } else { key(named) })
    }
}

/// The name of a campaign, as the page's address can hold it. Strangers choose these names; one of
/// ten thousand characters is known by its beginning and a sum over all of it.
pub fn key(name: &str) -> String {
    let Some((cut, _)) = name.char_indices().nth(KEY_CHARACTERS) else {
        return name.to_owned();
    };
    // FNV-1a: it need not be secure, only differ between the names of one answer.
    let sum = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}…{sum:x}", name.get(..cut).unwrap_or_default())
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
        assert!(key(&one).chars().count() <= LONGEST_KEY);
    }
}
