//! The token for the upstream.

use std::fmt;
use std::sync::Arc;

use axum::http::HeaderValue;

use crate::random;

/// A token for the API, as sent in `Authorization: Token …`.
///
/// It can be sent, compared and searched for, but not printed: `Debug` hides it and there is no
/// `Display`, so no log line or page contains it by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(Arc<str>);

impl Token {
    /// A token from text, trimmed. `None` when it is empty or has characters that are not visible
    /// ASCII.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self(text.into()))
    }

    /// A random token for the stand-in.
    ///
    /// # Errors
    /// When the operating system provides no randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self(format!("demo_{}", random::hex::<32>()?).into()))
    }

    /// The `Authorization` header with this token, marked as sensitive so that HTTP libraries do not
    /// print it.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("Token {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The token in an `Authorization` header, if its scheme is `Token`.
    pub(crate) fn from_authorization(header: &HeaderValue) -> Option<Self> {
        let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("token")
            .then(|| Self::new(token))?
    }

    /// Whether the token occurs in these bytes.
    pub(crate) fn occurs_in(&self, bytes: &[u8]) -> bool {
        let token = self.0.as_bytes();
        bytes.windows(token.len()).any(|part| part == token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_token() {
        let token = Token::new("abc.def.ghi").unwrap();
        assert_eq!(format!("{token:?}"), "Token(redacted)");
        let header = token.authorization().unwrap();
        assert_eq!(header, "Token abc.def.ghi");
        assert!(!format!("{header:?}").contains("abc"));
    }

    #[test]
    fn tokens_are_visible_ascii() {
        assert!(Token::new("").is_none());
        assert!(Token::new(" \n").is_none());
        assert!(Token::new("two words").is_none());
        assert!(Token::new("line\nbreak").is_none());
        assert_eq!(Token::new("abc\n"), Token::new("abc"));
    }

    #[test]
    fn the_scheme_must_be_token() {
        let read = |text: &'static str| Token::from_authorization(&HeaderValue::from_static(text));
        assert_eq!(read("Token abc"), Token::new("abc"));
        assert_eq!(read("Bearer abc"), None);
        assert_eq!(read("abc"), None);
        assert_eq!(read("Token "), None);
    }

    #[test]
    fn a_token_is_found_inside_other_text() {
        let token = Token::new("abc").unwrap();
        assert!(token.occurs_in(b"xxabcxx"));
        assert!(!token.occurs_in(b"xxab"));
        assert!(!token.occurs_in(b""));
    }
}
