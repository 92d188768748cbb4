//! Comparison with the API's values for roles and statuses.

/// Whether `sent` is the API's `word`, which is lower case with `_` as separator. Case and surrounding
/// white space do not matter, nor does `-` or a space instead of `_`: `REVIEW-REQUIRED` is
/// `review_required`.
pub(crate) fn matches_word(sent: &str, word: &str) -> bool {
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
    fn case_white_space_and_separators_do_not_matter() {
        for sent in [
            "review_required",
            "REVIEW_REQUIRED",
            "Review-Required",
            "review required",
            " review_required\n",
        ] {
            assert_eq!(Status::parse(sent), Status::ReviewRequired, "{sent}");
        }
        assert_eq!(Role::parse("REFERRER"), Role::Referrer);
        assert_eq!(Role::parse("\treferred "), Role::Referred);
    }

    #[test]
    fn an_unknown_word_is_kept_as_sent() {
        for sent in [
            "review__required",
            "reviewrequired",
            "review.required",
            "rewarded!",
            "",
            "Clawed Back",
            " on_hold ",
            // A Cyrillic letter that looks like `e`.
            "r\u{435}warded",
        ] {
            assert_eq!(Status::parse(sent).as_str(), sent);
        }
        assert_eq!(Role::parse("Partner ").as_str(), "Partner ");
    }
}
