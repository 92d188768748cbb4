//! One referral event.

use crate::{field::Field, role::Role, status::Status, time::Instant};

/// One record of `data.items`: one referral, from the signed-in user's side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The API's identifier. It may be missing and may repeat, so nothing is keyed by it.
    pub id: Field<String>,
    /// The referral code that was used.
    pub code: Field<String>,
    /// The UTM campaign: text that strangers can choose.
    pub campaign: Field<String>,
    /// The user's role in the referral.
    pub role: Field<Role>,
    /// The referral's status.
    pub status: Field<Status>,
    /// The reward in credits.
    pub reward_credits: Field<i64>,
    /// When the referral was attributed.
    pub created_at: Field<Instant>,
    /// When an open referral expires.
    pub expires_at: Field<Instant>,
    /// When it qualified.
    pub qualified_at: Field<Instant>,
    /// When the reward was granted.
    pub rewarded_at: Field<Instant>,
    /// The record's JSON exactly as the API sent it, including fields that this version does not know.
    pub sent: Box<str>,
}
