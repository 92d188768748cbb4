//! The API's words, as services write them.

/// Whether `sent` is the API's `word`, which is lower case with `_` between its parts. Case, space
/// around it, and `-` or a space for `_` make no difference: `REVIEW-REQUIRED` is `review_required`.
pub(crate) fn is_word(sent: &str, word: &str) -> bool {
    let sent = sent.trim();
    sent.len() == word.len()
        && sent.bytes().zip(word.bytes()).all(|(sent, word)| {
            sent.eq_ignore_ascii_case(&word) || (word == b'_' && matches!(sent, b'-' | b' '))
        })
}

#[cfg(test)]
mod tests {
    use crate::{role::Role, status::Status};

    #[test]
    fn a_word_is_known_however_it_is_written() {
        for sent in [
            "review_required",
            "REVIEW_REQUIRED",
            "Review-Required",
            "review required",
            " review_required\n",
        ] {
            assert_eq!(Status::from_word(sent), Status::ReviewRequired, "{sent}");
        }
        assert_eq!(Role::from_word("REFERRER"), Role::Referrer);
        assert_eq!(Role::from_word("\treferred "), Role::Referred);
    }

    #[test]
    fn another_word_stays_as_it_was_sent() {
        for sent in [
            "review__required",
            "reviewrequired",
            "review.required",
            "rewarded!",
            "",
            "Clawed Back",
            " on_hold ",
            // A Cyrillic letter that looks like another.
            "r\u{435}warded",
        ] {
            assert_eq!(Status::from_word(sent).word(), sent);
        }
        assert_eq!(Role::from_word("Partner ").word(), "Partner ");
    }
}
