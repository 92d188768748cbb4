//! Every text that a user reads, in one place.
//!
//! A language is one file beside this one with one value of [`Texts`]; no component holds a text of
//! its own. Numbers and times enter as `{placeholders}`, already formatted for the user's locale, and
//! plurals go by the categories of the user's language, so nothing here counts.

mod en;

pub use en::ENGLISH;

use crate::model::{
    column::Column, failure::FailureKind, locale::PluralCategory, role::Role, status::Status,
};

/// A text that depends on a count, by the plural categories of the Unicode CLDR. `other` serves every
/// category that a language does not have.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    /// For the category `one`.
    pub one: Option<&'static str>,
    /// For the category `two`.
    pub two: Option<&'static str>,
    /// For the category `few`.
    pub few: Option<&'static str>,
    /// For every other category.
    pub other: &'static str,
}

impl Plural {
    /// The text for a category.
    pub fn of(&self, category: PluralCategory) -> &'static str {
        match category {
            PluralCategory::One => self.one,
            PluralCategory::Two => self.two,
            PluralCategory::Few => self.few,
            PluralCategory::Zero | PluralCategory::Many | PluralCategory::Other => None,
        }
        .unwrap_or(self.other)
    }
}

/// What a failure says: what happened, and what it means for the user and what they can do.
#[derive(Clone, Copy, Debug)]
pub struct FailureTexts {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What it means and what can be done.
    pub meaning: &'static str,
}

/// All texts of one language.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "a text says itself what it is; ENGLISH is the documentation"
)]
pub struct Texts {
    /// The language of the texts, as in HTML's `lang`: plurals and relative times go by it.
    pub lang: &'static str,
    pub title: &'static str,
    /// Stands for a value that was not sent.
    pub missing: &'static str,
    /// Stands for a value that was sent but cannot be read.
    pub unreadable: &'static str,
    /// The hover text of such a value; `{sent}` is the value as it was sent.
    pub unreadable_hint: &'static str,

    pub loading: &'static str,
    /// `{number}` of `{of}` retries; the page waits or asks.
    pub retrying: &'static str,
    pub refreshing: &'static str,
    /// `{ago}` is a relative time, "5 minutes ago".
    pub loaded: &'static str,
    pub refresh: &'static str,
    pub try_again: &'static str,
    /// Beside "Refresh" and "Try again", and their accessible description.
    pub cost: &'static str,
    /// In "Try again" while it is disabled; `{time}` counts down.
    pub wait: &'static str,
    pub sign_in: &'static str,

    /// Scope of the page: `{count}` events were loaded.
    pub scope: Plural,
    /// There are as many records as were asked for, so there may be older ones.
    pub older_not_shown: Plural,
    /// `{count}` records could not be read at all.
    pub unreadable_records: Plural,

    pub role: &'static str,
    pub all_roles: &'static str,
    pub referrer: &'static str,
    pub referred: &'static str,

    pub status: &'static str,
    pub attributed: &'static str,
    pub qualified: &'static str,
    pub review_required: &'static str,
    pub rewarded: &'static str,
    pub expired: &'static str,
    pub capped: &'static str,
    pub failed: &'static str,
    pub rejected: &'static str,

    pub clear_filters: &'static str,
    /// A filter's choice would leave `{count}` events.
    pub choice_events: Plural,

    pub table: &'static str,
    pub date: &'static str,
    pub code: &'static str,
    pub campaign: &'static str,
    pub reward: &'static str,

    pub pagination: &'static str,
    pub rows_per_page: &'static str,
    pub previous_page: &'static str,
    pub next_page: &'static str,
    /// `{first}` to `{last}` of `{total}`.
    pub range: &'static str,
    /// The range of a list with nothing in it.
    pub range_of_none: &'static str,
    /// What a screen reader is told after a change; `{range}` is the range.
    pub showing: &'static str,

    pub empty_title: &'static str,
    pub empty_meaning: &'static str,
    pub nothing_readable_title: &'static str,
    pub nothing_readable_meaning: &'static str,
    pub no_match_title: &'static str,
    /// `{filters}` are the choices that are set.
    pub no_match_meaning: &'static str,
    /// The way back from there.
    pub show_all: &'static str,

    pub not_signed_in: FailureTexts,
    pub not_allowed: FailureTexts,
    pub too_many_requests: FailureTexts,
    pub service: FailureTexts,
    pub bad_request: FailureTexts,
    pub no_connection: FailureTexts,
    pub timed_out: FailureTexts,
    pub unreadable_answer: FailureTexts,
    /// Title when a refresh failed; the failure's own title follows it.
    pub refresh_failed: &'static str,
    /// How old the rows are that a failed refresh left; `{ago}` is a relative time, `{time}` the time.
    pub rows_are_from: &'static str,
    /// `{message}` is the service's own.
    pub service_says: &'static str,
    pub request_id: &'static str,
}

impl Texts {
    /// A status as the user reads it; a word that is not known is read as it was sent.
    pub fn status<'a>(&self, status: &'a Status) -> &'a str {
        match status {
            Status::Attributed => self.attributed,
            Status::Qualified => self.qualified,
            Status::ReviewRequired => self.review_required,
            Status::Rewarded => self.rewarded,
            Status::Expired => self.expired,
            Status::Capped => self.capped,
            Status::Failed => self.failed,
            Status::Rejected => self.rejected,
            Status::Unknown(word) => word,
        }
    }

    /// A role as the user reads it; a word that is not known is read as it was sent.
    pub fn role<'a>(&self, role: &'a Role) -> &'a str {
        match role {
            Role::Referrer => self.referrer,
            Role::Referred => self.referred,
            Role::Unknown(word) => word,
        }
    }

    /// A column's heading.
    pub fn column(&self, column: Column) -> &'static str {
        match column {
            Column::Date => self.date,
            Column::Role => self.role,
            Column::Status => self.status,
            Column::Code => self.code,
            Column::Campaign => self.campaign,
            Column::Reward => self.reward,
        }
    }

    /// What a failure says.
    pub fn failure(&self, kind: FailureKind) -> &FailureTexts {
        match kind {
            FailureKind::NotSignedIn => &self.not_signed_in,
            FailureKind::NotAllowed => &self.not_allowed,
            FailureKind::TooManyRequests => &self.too_many_requests,
            FailureKind::Service => &self.service,
            FailureKind::BadRequest => &self.bad_request,
            FailureKind::NoConnection => &self.no_connection,
            FailureKind::TimedOut => &self.timed_out,
            FailureKind::Unreadable => &self.unreadable_answer,
        }
    }
}

/// A text with its `{placeholders}` replaced. What is put in is never searched for placeholders
/// itself: it may come from strangers.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, placeholder)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = placeholder.split_once('}').unwrap_or((placeholder, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_once() {
        let filled = fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(filled, "{b} of 2");
    }

    #[test]
    fn a_text_without_placeholders_stays() {
        assert_eq!(fill("Loading", &[("a", "1")]), "Loading");
        assert_eq!(fill("", &[]), "");
    }

    #[test]
    fn a_category_that_a_language_lacks_falls_back() {
        let days = Plural {
            one: Some("day"),
            two: None,
            few: None,
            other: "days",
        };
        assert_eq!(days.of(PluralCategory::One), "day");
        assert_eq!(days.of(PluralCategory::Two), "days");
        assert_eq!(days.of(PluralCategory::Many), "days");
    }

    #[test]
    fn unknown_words_are_read_as_they_were_sent() {
        assert_eq!(ENGLISH.status(&Status::from_word("on_hold")), "on_hold");
        assert_eq!(ENGLISH.role(&Role::from_word("partner")), "partner");
        assert_eq!(
            ENGLISH.status(&Status::from_word("review_required")),
            "Review required"
        );
    }
}
