//! The token for the upstream.

use std::fmt;
use std::sync::Arc;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem;

use crate::random;

/// The minimum length of a token. A shorter one can be guessed, and would be found in innocent answers.
const MIN_LENGTH: usize = 20;

/// A token for the API, as sent in `Authorization: Token …`.
///
/// It can be sent, compared and searched for, but not printed: `Debug` hides it and there is no
/// `Display`, so no log line or page contains it by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(Arc<str>);

impl Token {
    /// A token from text, trimmed. `None` when it is shorter than 20 characters, or has characters that
    /// are not visible ASCII.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = text.len() >= MIN_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.into()))
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

    /// Whether the token occurs in these bytes: as it is, escaped as in JSON, or inside base64.
    pub(crate) fn occurs_in(&self, bytes: &[u8]) -> bool {
        let mut text = bytes.to_vec();
        loop {
            let has_token = memmem::find(&text, self.0.as_bytes()).is_some();
            if has_token || self.occurs_in_base64(&text) {
                return true;
            }
            // JSON may hold JSON, so this goes on until nothing is escaped.
            let plain = unescape(&text);
            if plain.len() == text.len() {
                return false;
            }
            text = plain;
        }
    }

    /// Base64 writes three bytes as four characters, so that a text has one of three forms, by where it
    /// begins. Characters that depend on the bytes around it are left out.
    fn occurs_in_base64(&self, text: &[u8]) -> bool {
        let is_break = |byte: &u8| !matches!(byte, b'\r' | b'\n');
        let standard = |byte: u8| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let text: Vec<u8> = text
            .iter()
            .copied()
            .filter(is_break)
            .map(standard)
            .collect();
        [(0, 0), (1, 2), (2, 3)]
            .into_iter()
            .any(|(before, foreign)| {
                let mut bytes = vec![0; before];
                bytes.extend_from_slice(self.0.as_bytes());
                let encoded = STANDARD_NO_PAD.encode(&bytes);
                let after = usize::from(bytes.len() % 3 != 0);
                let own = encoded.as_bytes().get(foreign..encoded.len() - after);
                own.is_some_and(|own| memmem::find(&text, own).is_some())
            })
    }
}

/// The text with JSON's escapes replaced by what they stand for. Each makes it shorter.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let Some((&kind, after)) = after.split_first().filter(|_| first == b'\\') else {
            plain.push(first);
            continue;
        };
        rest = after;
        let code = after.get(..4).filter(|_| kind == b'u');
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        // A token is ASCII: what else an escape stands for does not matter.
        plain.push(code.map_or(kind, |code| u8::try_from(code).unwrap_or(b'?')));
        if code.is_some() {
            rest = rest.get(4..).unwrap_or_default();
        }
    }
    plain
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "eyJhbGciOi.very-secret/token";

    fn token() -> Token {
        Token::new(TEXT).unwrap()
    }

    #[test]
    fn debug_output_hides_the_token() {
        let header = token().authorization().unwrap();
        assert_eq!(format!("{:?}", token()), "Token(redacted)");
        assert_eq!(header, format!("Token {TEXT}"));
        assert!(!format!("{header:?}").contains("eyJ"));
    }

    #[test]
    fn tokens_are_long_and_visible_ascii() {
        for text in [
            "",
            " \n",
            "nineteen-characters",
            "two words of more than 20",
            "line\nbreak-of-more-than-20",
            "not-only-ascii-but-é-as-well",
        ] {
            assert!(Token::new(text).is_none(), "{text}");
        }
        assert!(Token::new("exactly-20-character").is_some());
        assert_eq!(Token::new(&format!("{TEXT}\n")), Some(token()));
    }

    #[test]
    fn the_scheme_must_be_token() {
        let read = |text: &str| Token::from_authorization(&HeaderValue::from_str(text).unwrap());
        assert_eq!(read(&format!("Token {TEXT}")), Some(token()));
        assert_eq!(read(&format!("Bearer {TEXT}")), None);
        assert_eq!(read(TEXT), None);
        assert_eq!(read("Token "), None);
    }

    #[test]
    fn a_token_is_found_inside_other_text() {
        for text in [
            TEXT.to_owned(),
            format!("xx{TEXT}xx"),
            TEXT.replace('/', "\\/"),
            TEXT.replace('-', "\\u002d").replace('e', "\\u0065"),
            TEXT.replace('-', "\\\\u002D"),
        ] {
            assert!(token().occurs_in(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "eyJhbGciOi.very-secret",
            "\\",
            "\\u",
            "\\u00",
            "\\uzzzz",
            "\\ud800",
        ] {
            assert!(!token().occurs_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_token_is_found_inside_base64() {
        for (before, after) in [
            ("", ""),
            ("T", "?"),
            ("To", "??"),
            ("Token ", "\n"),
            ("{\"token\":\"", "\"}"),
        ] {
            let text = format!("{before}{TEXT}{after}");
            let standard = STANDARD_NO_PAD.encode(&text);
            let url_safe = standard.replace('+', "-").replace('/', "_");
            let escaped = standard.replace('/', "\\/");
            let (first, second) = standard.split_at(10);
            let broken = format!("{first}\r\n{second}");
            for encoded in [standard, url_safe, escaped, broken] {
                assert!(token().occurs_in(encoded.as_bytes()), "{text} {encoded}");
            }
        }
        let other = STANDARD_NO_PAD.encode(TEXT.replace("very", "less"));
        assert!(!token().occurs_in(other.as_bytes()));
    }
}
