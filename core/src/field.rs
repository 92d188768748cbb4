//! A field of a record.

/// A field as it arrived. The API's schema makes every field of an event optional, and a field may have
/// another type than the schema gives: then this field alone is unreadable, and the page says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not sent, `null`, a blank text, or Go's zero time.
    #[default]
    Missing,
    /// Sent, but not of the schema's type. Holds the JSON as sent, made safe to show and cut.
    Unreadable(String),
    /// Sent and read.
    Known(T),
}

impl<T> Field<T> {
    /// The value, if it was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }

    /// Applies `change` to a known value; a missing or unreadable field stays as it is.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Missing => Field::Missing,
            Self::Unreadable(sent) => Field::Unreadable(sent),
            Self::Known(value) => Field::Known(change(value)),
        }
    }
}
