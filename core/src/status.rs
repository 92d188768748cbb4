//! What became of a referral.

use crate::word::is_word;

/// The state of a referral (`items[].status`). The prose of the API's documentation names four of
/// these words, its schema all eight; the page knows all eight and survives any other.
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
    /// A word this version does not know, kept as sent.
    Unknown(Box<str>),
}

impl Status {
    /// The statuses of the API's schema, in the order of a referral's life.
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

    /// Reads the API's word, however it is written: see [`is_word`].
    pub fn from_word(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|status| is_word(word, status.word()))
            .unwrap_or_else(|| Self::Unknown(word.into()))
    }

    /// The API's word.
    pub fn word(&self) -> &str {
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

    /// Whether the referral may still expire: it is attributed or qualifies.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Attributed | Self::Qualified)
    }

    /// Whether something is still to come of the referral.
    pub fn is_in_progress(&self) -> bool {
        self.is_open() || *self == Self::ReviewRequired
    }

    /// Whether the referral has ended, rewarded or not. Of a word that is not known nobody can tell.
    pub fn has_ended(&self) -> bool {
        match self {
            Self::Rewarded | Self::Expired | Self::Capped | Self::Failed | Self::Rejected => true,
            Self::Attributed | Self::Qualified | Self::ReviewRequired | Self::Unknown(_) => false,
        }
    }

    /// Where the status stands in a referral's life; words that are not known come after all others.
    pub fn rank(&self) -> usize {
        let mut known = Self::KNOWN.iter();
        known
            .position(|status| status == self)
            .unwrap_or(Self::KNOWN.len())
    }
}
