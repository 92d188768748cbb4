//! The status of a referral.

use crate::word::matches_word;

/// The status of a referral (`items[].status`). The prose of the API's documentation names four of
/// these values, its schema all eight. The page keeps any other value as sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The sign-up counts as a referral and may still qualify.
    Attributed,
    /// The referral qualifies for a reward that has not been granted yet.
    Qualified,
    /// Held until support rewards or rejects it.
    ReviewRequired,
    /// Ended: credits were granted.
    Rewarded,
    /// Ended: the attribution window passed.
    Expired,
    /// Ended: the referrer's monthly reward limit was reached.
    Capped,
    /// Ended: granting the reward failed.
    Failed,
    /// Ended: not accepted after a review.
    Rejected,
    /// A value that this version does not know, kept as sent.
    Unknown(Box<str>),
}

/// The statuses by what they mean for a reward: it can still come, it came, or it will not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Not ended yet.
    InProgress,
    /// Ended with a reward.
    Rewarded,
    /// Ended without a reward.
    NoReward,
}

impl Family {
    /// All families, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::InProgress, Self::Rewarded, Self::NoReward];

    /// Its statuses, in the order of [`Status::KNOWN`].
    pub fn statuses(self) -> Vec<Status> {
        let known = Status::KNOWN.into_iter();
        known
            .filter(|status| status.family() == Some(self))
            .collect()
    }
}

impl Status {
    /// The statuses of the API's schema, in the order of a referral's life cycle.
    pub const KNOWN: [Self; 8] = [
        Self::Attributed,
        Self::Qualified,
        Self::ReviewRequired,
        Self::Rewarded,
        Self::Expired,
        Self::Capped,
        Self::Failed,
        Self::Rejected,
    ];

    /// Parses the API's value; case and separators do not matter: see [`matches_word`].
    pub fn parse(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|status| matches_word(word, status.as_str()))
            .unwrap_or_else(|| Self::Unknown(word.into()))
    }

    /// The API's value.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Attributed => "attributed",
            Self::Qualified => "qualified",
            Self::ReviewRequired => "review_required",
            Self::Rewarded => "rewarded",
            Self::Expired => "expired",
            Self::Capped => "capped",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Unknown(word) => word,
        }
    }

    /// Whether the referral may still expire: it is attributed or qualified.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Attributed | Self::Qualified)
    }

    /// Its family; `None` for an unknown status.
    pub fn family(&self) -> Option<Family> {
        match self {
            Self::Attributed | Self::Qualified | Self::ReviewRequired => Some(Family::InProgress),
            Self::Rewarded => Some(Family::Rewarded),
            Self::Expired | Self::Capped | Self::Failed | Self::Rejected => Some(Family::NoReward),
            Self::Unknown(_) => None,
        }
    }

    /// The statuses of the referrals that have ended, rewarded or not.
    pub fn ended() -> Vec<Self> {
        [Family::Rewarded.statuses(), Family::NoReward.statuses()].concat()
    }

    /// The position of the status in [`Self::KNOWN`]; an unknown status comes after all known ones.
    pub fn rank(&self) -> usize {
        let mut known = Self::KNOWN.iter();
        known
            .position(|status| status == self)
            .unwrap_or(Self::KNOWN.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_status_has_a_place_in_one_family() {
        let listed: Vec<Status> = Family::ALL.into_iter().flat_map(Family::statuses).collect();
        assert_eq!(listed, Status::KNOWN);
        assert_eq!(Status::ended().len(), 5);
        assert_eq!(Status::parse("on_hold").family(), None);
    }
}
