//! The columns of the table.

/// A column, in the order of [`Column::ALL`]. To add one: a variant here and in that list; the compiler
/// then asks for its field, its heading in the texts and its cell in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// When the referral was attributed.
    Date,
    /// The user's side.
    Role,
    /// What became of it.
    Status,
    /// The referral code.
    Code,
    /// The UTM campaign.
    Campaign,
    /// The reward in credits.
    Reward,
}

impl Column {
    /// All columns, as shown from the start of a row to its end.
    pub const ALL: [Self; 6] = [
        Self::Date,
        Self::Role,
        Self::Status,
        Self::Code,
        Self::Campaign,
        Self::Reward,
    ];

    /// The API's name of the field that the column shows.
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
