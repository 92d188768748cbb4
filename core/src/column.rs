//! The columns of the table.

/// A column. To add one, add a variant here and to [`Column::ALL`]; the compiler then asks for its field,
/// its heading in the texts and its cell in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// When the referral was attributed.
    Date,
    /// The user's role in the referral.
    Role,
    /// The referral's status.
    Status,
    /// The referral code.
    Code,
    /// The UTM campaign.
    Campaign,
    /// The reward in credits.
    Reward,
}

impl Column {
    /// All columns, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::Date,
        Self::Role,
        Self::Status,
        Self::Code,
        Self::Campaign,
        Self::Reward,
    ];

    /// The API's name for the field that the column shows.
    pub fn field(self) -> &'static str {
        match self {
            Self::Date => "created_at",
            Self::Role => "role",
            Self::Status => "status",
            Self::Code => "code",
            Self::Campaign => "campaign",
            Self::Reward => "reward_credits",
        }
    }

    /// Whether the table can be sorted by the column.
    pub fn is_sortable(self) -> bool {
        match self {
            Self::Date | Self::Status | Self::Campaign | Self::Reward => true,
            Self::Role | Self::Code => false,
        }
    }
}
