//! What one field of a record can be.

/// A field as it arrived. Every field of an event is optional in the API's schema, and none may be
/// trusted to have the type the schema gives: a wrong one costs this field alone, and says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not sent, `null`, or an empty stand-in for nothing (an empty text, Go's zero time).
    #[default]
    Missing,
    /// Sent, but not as the schema says. Holds the JSON as it was sent, cut to a showable length.
    Unreadable(String),
    /// Read.
    Known(T),
}

impl<T> Field<T> {
    /// The value, where it was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }

    /// Turns a read value into another one; missing and unreadable stay what they are.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Missing => Field::Missing,
            Self::Unreadable(sent) => Field::Unreadable(sent),
            Self::Known(value) => Field::Known(change(value)),
        }
    }
}
