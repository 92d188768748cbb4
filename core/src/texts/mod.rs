//! Every text that a user reads, in one place.
//!
//! A language is one file beside this one with one value of [`Texts`]; no component holds a text of
//! its own. Numbers and times enter as `{placeholders}`, already formatted for the user's locale, and
//! plurals go by the categories of the user's language, so nothing here counts.

mod ar;
mod de;
mod en;

pub use ar::ARABIC;
pub use de::GERMAN;
pub use en::ENGLISH;

use crate::{
    charge::Charge, column::Column, failure::FailureKind, locale::PluralCategory, role::Role,
    status::Status,
};

/// All languages; the first is everybody's whose own is not here.
pub static LANGUAGES: [&Texts; 3] = [&ENGLISH, &GERMAN, &ARABIC];

/// The texts in the language of a tag such as `de-AT`, or English.
pub fn of(tag: &str) -> &'static Texts {
    let mut languages = LANGUAGES.into_iter();
    languages
        .find(|texts| is_in(tag, texts))
        .unwrap_or(&ENGLISH)
}

/// The tag by which numbers and times go that stand beside these texts: the one that was wished for,
/// with its country, where it is in their language.
pub fn tag<'a>(wished: &'a str, texts: &'static Texts) -> &'a str {
    if is_in(wished, texts) {
        wished
    } else {
        texts.lang
    }
}

fn is_in(tag: &str, texts: &Texts) -> bool {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    language.eq_ignore_ascii_case(texts.lang)
}

/// A text that depends on a count, by the plural categories of the Unicode CLDR. `other` serves every
/// category that a language does not have.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    /// For the category `zero`.
    pub zero: Option<&'static str>,
    /// For the category `one`.
    pub one: Option<&'static str>,
    /// For the category `two`.
    pub two: Option<&'static str>,
    /// For the category `few`.
    pub few: Option<&'static str>,
    /// For the category `many`.
    pub many: Option<&'static str>,
    /// For every other category.
    pub other: &'static str,
}

impl Plural {
    /// A text with a singular and a plural, which is all that many languages have.
    const fn of_two(one: &'static str, other: &'static str) -> Self {
        Self {
            zero: None,
            one: Some(one),
            two: None,
            few: None,
            many: None,
            other,
        }
    }

    /// A text with a form for every category, in the order of the fields.
    const fn of_six([zero, one, two, few, many, other]: [&'static str; 6]) -> Self {
        Self {
            zero: Some(zero),
            one: Some(one),
            two: Some(two),
            few: Some(few),
            many: Some(many),
            other,
        }
    }

    /// The text for a category.
    pub fn of(&self, category: PluralCategory) -> &'static str {
        match category {
            PluralCategory::Zero => self.zero,
            PluralCategory::One => self.one,
            PluralCategory::Two => self.two,
            PluralCategory::Few => self.few,
            PluralCategory::Many => self.many,
            PluralCategory::Other => None,
        }
        .unwrap_or(self.other)
    }
}

/// Why a referral has the status it has. It may say only what the API's documentation supports.
#[derive(Clone, Copy, Debug)]
pub struct StatusTexts {
    /// To a user who referred somebody.
    pub referrer: &'static str,
    /// To a user who was referred.
    pub referred: &'static str,
    /// To a user whose role is not known.
    pub other: &'static str,
    /// What, if anything, the user can do next.
    pub next: &'static str,
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
    /// The language of the texts, as in HTML's `lang`: plurals, numbers and times go by it.
    pub lang: &'static str,
    /// The direction of its writing, as in HTML's `dir`.
    pub dir: &'static str,
    pub title: &'static str,
    /// Stands for a value that was not sent.
    pub missing: &'static str,
    /// Stands for a value that was sent but cannot be read.
    pub unreadable: &'static str,
    /// Beside such a value; `{sent}` is the value as it was sent.
    pub unreadable_hint: &'static str,
    /// Between the members of a list.
    pub list_separator: &'static str,
    pub and_more: Plural,
    /// A distance of less than a minute.
    pub now: &'static str,

    pub loading: &'static str,
    /// `{number}` of `{of}` retries; the page waits or asks.
    pub retrying: &'static str,
    pub retrying_in: &'static str,
    pub stop_waiting: &'static str,
    pub refreshing: &'static str,
    /// `{ago}` is a relative time, "5 minutes ago".
    pub loaded: &'static str,
    pub answer_from: &'static str,
    pub refresh: &'static str,
    pub try_again: &'static str,
    /// Beside "Refresh" and "Try again", and their accessible description.
    pub cost: &'static str,
    pub cost_another: &'static str,
    pub cost_perhaps_another: &'static str,
    pub cost_nothing: &'static str,
    pub cost_one: &'static str,
    pub cost_unknown: &'static str,
    pub asks_for_longest: &'static str,
    /// In "Try again" while it is disabled; `{time}` counts down.
    pub wait: &'static str,
    pub sign_in: &'static str,

    /// Which records the page speaks of: all that there are.
    pub all_events: Plural,
    /// Which records the page speaks of: as many as were asked for, so there may be older ones.
    pub latest_events: Plural,
    /// `{events}` is either of the two, `{date}` the day of the oldest.
    pub since: &'static str,
    /// `{events}` is either of the two, where no record has a date.
    pub since_unknown: &'static str,
    /// After "latest".
    pub older_not_shown: &'static str,
    /// `{count}` records could not be read at all.
    pub unreadable_records: Plural,
    pub records_not_read: Plural,
    /// `{zone}` is the zone that times are shown in.
    pub times_in: &'static str,
    /// The switch to UTC.
    pub show_utc: &'static str,
    /// The switch back to the user's zone, `{zone}`.
    pub show_zone: &'static str,

    pub export: &'static str,
    /// What is exported: `{count}` events.
    pub export_events: Plural,
    pub export_csv: &'static str,
    pub export_json: &'static str,
    /// `{file}` is the name of a file that was saved.
    pub exported: &'static str,

    pub summary: &'static str,
    pub credits_earned: &'static str,
    /// `{count}` rewards make up the credits earned.
    pub from_rewards: Plural,
    /// `{count}` rewards are not in the sum.
    pub rewards_unknown: Plural,
    /// In place of a sum that is larger than a number can be.
    pub too_large: &'static str,
    pub in_progress: &'static str,
    /// `{count}` events that a figure is a part of.
    pub of_events: Plural,
    /// Title of the rewarded share.
    pub rewarded_share: &'static str,
    /// `{rewarded}` of `{count}` referrals that have ended.
    pub of_ended: Plural,
    pub none_ended: &'static str,
    pub expiring_soon: &'static str,
    pub within_7_days: &'static str,
    /// Which events the figures and the charts speak of: all that were loaded.
    pub figures_of_all: Plural,
    /// Those of the `{total}` loaded that the filters leave, `{count}`.
    pub figures_of_some: Plural,

    pub shares: &'static str,
    /// A part of them: `{events}` ("12 events"), `{percent}` of all.
    pub share: &'static str,
    /// Events without a status, or with one that cannot be read.
    pub no_status: &'static str,
    /// Events with a status that is not offered as a choice, or without one.
    pub other_statuses: &'static str,
    pub credits_over_time: &'static str,
    pub by_day: &'static str,
    pub by_week: &'static str,
    pub by_month: &'static str,
    pub by_year: &'static str,
    /// The week that begins on `{date}`.
    pub week_of: &'static str,
    /// A bar of the chart: `{period}`, `{credits}` ("1,000 credits"), `{rewards}` ("2 rewards").
    pub bar: &'static str,
    pub no_rewards: &'static str,
    /// Years without rewards that are not drawn.
    pub chart_gap: &'static str,
    /// `{count}` rewards are not in the chart.
    pub rewards_undated: Plural,
    pub numbers: &'static str,
    pub period: &'static str,
    pub credits: Plural,
    pub rewards: Plural,
    pub by_campaign: &'static str,
    pub column_events: &'static str,
    pub column_rewarded: &'static str,
    pub column_rewards: &'static str,
    pub column_credits: &'static str,

    pub search: &'static str,
    pub filters: &'static str,
    /// `{count}` filters are set.
    pub filters_set: &'static str,
    /// A choice of a list: `{name}`, and `{count}` events.
    pub counted: &'static str,
    pub role: &'static str,
    pub all_roles: &'static str,
    pub referrer: &'static str,
    pub referred: &'static str,
    pub any_date: &'static str,
    pub last_days: Plural,
    pub choose_dates: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub any_campaign: &'static str,
    pub no_campaign: &'static str,
    pub sort_by: &'static str,
    /// The order in which the API sends events.
    pub default_order: &'static str,
    /// `{column}` is a heading.
    pub ascending: &'static str,
    pub descending: &'static str,
    /// `{order}` is one of the two.
    pub sorted: &'static str,

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

    pub details: &'static str,
    /// `{event}` is the code of an event, or its date where it has none.
    pub details_of: &'static str,
    pub close: &'static str,
    pub id: &'static str,
    pub created_at: &'static str,
    pub expires_at: &'static str,
    pub qualified_at: &'static str,
    pub rewarded_at: &'static str,
    pub not_sent: &'static str,
    pub copy: &'static str,
    /// `{name}` is the name of what is copied.
    pub copy_of: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub copy_for_support: &'static str,
    pub fields: &'static str,

    pub timeline: &'static str,
    pub not_qualified_yet: &'static str,
    pub not_rewarded_yet: &'static str,
    /// An open referral whose time to expire has passed.
    pub was_to_expire: &'static str,
    pub time_not_sent: &'static str,

    /// What can be done about an open referral whose time has passed.
    pub overdue_next: &'static str,
    pub why_attributed: StatusTexts,
    pub why_qualified: StatusTexts,
    pub why_review_required: StatusTexts,
    /// In place of the credits that a referral was rewarded with.
    pub credits_not_said: &'static str,
    /// `{credits}` is what it was rewarded with.
    pub why_rewarded: StatusTexts,
    pub why_expired: StatusTexts,
    pub why_capped: StatusTexts,
    pub why_failed: StatusTexts,
    pub why_rejected: StatusTexts,
    /// `{status}` is a word that is not known.
    pub why_unknown: StatusTexts,
    pub why_missing: StatusTexts,

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
    pub cleared_title: &'static str,
    pub cleared_meaning: &'static str,
    pub load: &'static str,
    pub no_match_title: &'static str,
    /// `{filters}` are the choices that are set.
    pub no_match_meaning: &'static str,
    /// A search in that list; `{text}` is what is searched for.
    pub searched: &'static str,
    /// The ends of a date range in that list; `{date}` is a day.
    pub dates_from: &'static str,
    pub dates_to: &'static str,
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
    pub other_origin: FailureTexts,
    /// Title when a refresh failed; the failure's own title follows it.
    pub refresh_failed: &'static str,
    /// How old the rows are that a failed refresh left; `{ago}` is a relative time, `{time}` the time.
    pub rows_are_from: &'static str,
    pub rows_are_old: &'static str,
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

    /// Why a referral has its status, and what can be done. A word that is not known stands at
    /// `{status}`.
    pub fn why(&self, status: Option<&Status>) -> &StatusTexts {
        match status {
            None => &self.why_missing,
            Some(Status::Attributed) => &self.why_attributed,
            Some(Status::Qualified) => &self.why_qualified,
            Some(Status::ReviewRequired) => &self.why_review_required,
            Some(Status::Rewarded) => &self.why_rewarded,
            Some(Status::Expired) => &self.why_expired,
            Some(Status::Capped) => &self.why_capped,
            Some(Status::Failed) => &self.why_failed,
            Some(Status::Rejected) => &self.why_rejected,
            Some(Status::Unknown(_)) => &self.why_unknown,
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

    /// What a request has cost.
    pub fn charged(&self, charge: Charge) -> &'static str {
        match charge {
            Charge::No => self.cost_nothing,
            Charge::Yes => self.cost_one,
            Charge::Unknown => self.cost_unknown,
        }
    }

    /// What it costs to ask again after a failure.
    pub fn cost_after(&self, failed: Charge) -> &'static str {
        match failed {
            Charge::No => self.cost,
            Charge::Yes => self.cost_another,
            Charge::Unknown => self.cost_perhaps_another,
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
            FailureKind::OtherOrigin => &self.other_origin,
        }
    }
}

impl StatusTexts {
    /// The same to everybody.
    const fn to_all(meaning: &'static str, next: &'static str) -> Self {
        Self {
            referrer: meaning,
            referred: meaning,
            other: meaning,
            next,
        }
    }

    /// What a user in that role reads.
    pub fn to(&self, role: Option<&Role>) -> &'static str {
        match role {
            Some(Role::Referrer) => self.referrer,
            Some(Role::Referred) => self.referred,
            Some(Role::Unknown(_)) | None => self.other,
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
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// What reads the same in another language as in English.
    const SAME: [&str; 7] = [
        "Code",
        "Credits",
        "Details",
        "ID",
        "Status",
        "in {time}",
        "ltr",
    ];

    /// Every text of a language by its path, `since` or `credits.one`. They are read from what
    /// `Debug` prints, one to a line, so that a text that is added is in here too.
    fn all(texts: &Texts) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut path: Vec<String> = Vec::new();
        for line in format!("{texts:#?}").lines().skip(1) {
            let line = line.trim_start().trim_end_matches(',');
            // A form of a plural stands on a line of its own, in `one: Some(`.
            let (name, value) = match line.split_once(": ") {
                Some((name, value)) if !line.starts_with('"') => (name, value),
                _ => ("", line),
            };
            match value {
                "None" => {}
                "}" | ")" => drop(path.pop()),
                _ if value.ends_with(['{', '(']) => path.push(name.to_owned()),
                _ => {
                    let text = value
                        .strip_prefix('"')
                        .and_then(|text| text.strip_suffix('"'));
                    let text = unescaped(text.unwrap_or_else(|| panic!("no text: {line}")));
                    let names = path.iter().map(String::as_str).chain([name]);
                    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
                    found.insert(names.join("."), text);
                }
            }
        }
        found
    }

    /// A text as it was before `Debug` wrote `\u{a0}` or `\"` into it.
    fn unescaped(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\\') {
            plain.push_str(before);
            let (character, length) = match after
                .strip_prefix("u{")
                .and_then(|code| code.split_once('}'))
            {
                Some((code, _)) => {
                    let character = u32::from_str_radix(code, 16).map(char::from_u32);
                    (character.expect("a number"), code.len() + 3)
                }
                None => (after.chars().next(), 1),
            };
            plain.push(character.expect("a character"));
            rest = &after[length..];
        }
        plain + rest
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        let after_braces = text.split('{').skip(1);
        after_braces
            .map(|rest| rest.split_once('}').expect("a placeholder ends").0)
            .collect()
    }

    /// The text by which a form of a plural goes that English may not have.
    fn english_path(path: &str) -> String {
        match path.rsplit_once('.') {
            Some((text, "zero" | "one" | "two" | "few" | "many")) => [text, ".other"].concat(),
            _ => path.to_owned(),
        }
    }

    #[test]
    fn every_text_is_found() {
        let english = all(&ENGLISH);
        assert_eq!(english["refresh"], ENGLISH.refresh);
        assert_eq!(english["credits.one"], ENGLISH.credits.one.unwrap());
        assert_eq!(english["credits.other"], ENGLISH.credits.other);
        assert_eq!(english["why_capped.next"], ENGLISH.why_capped.next);
        assert_eq!(english["request_id"], ENGLISH.request_id);
        // Those that hold what `Debug` escapes.
        let arabic = all(&ARABIC);
        assert_eq!(arabic["details_of"], ARABIC.details_of);
        assert_eq!(arabic["credits.few"], ARABIC.credits.few.unwrap());
        assert_eq!(unescaped(r#"\u{2068}\"\\\u{a0}x"#), "\u{2068}\"\\\u{a0}x");
    }

    #[test]
    fn every_language_has_the_placeholders_of_english() {
        let english = all(&ENGLISH);
        for language in LANGUAGES {
            for (path, text) in all(language) {
                let mut missing = placeholders(&english[&english_path(&path)]);
                for placeholder in placeholders(&text) {
                    let is_known = missing.remove(placeholder);
                    assert!(is_known, "{}, {path}: {{{placeholder}}}", language.lang);
                }
                // A form for no, one or two things says by itself how many they are. Not so for
                // credits, which may be negative: -1 goes by `one`.
                let is_said =
                    path.ends_with(".zero") || path.ends_with(".one") || path.ends_with(".two");
                if is_said && !path.starts_with("credits.") {
                    missing.remove("count");
                }
                assert!(missing.is_empty(), "{}, {path}: {missing:?}", language.lang);
            }
        }
    }

    #[test]
    fn every_text_is_translated() {
        let english = all(&ENGLISH);
        let mut same = BTreeSet::new();
        for language in LANGUAGES.into_iter().skip(1) {
            for (path, text) in all(language) {
                let words = fill(&text, &[]);
                let has_words = words.contains(char::is_alphabetic);
                if has_words && english.get(&path) == Some(&text) {
                    assert!(
                        SAME.contains(&text.as_str()),
                        "{}, {path}: {text}",
                        language.lang
                    );
                    same.insert(text);
                }
            }
        }
        // What is no longer the same would hide a text that is not translated.
        assert!(same.iter().eq(&SAME), "{same:?}");
    }

    #[test]
    fn a_language_goes_by_its_tag() {
        for (tag, lang) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("de_CH", "de"),
            ("AR", "ar"),
            ("ar-EG", "ar"),
            ("en-GB", "en"),
            ("fr", "en"),
            ("den", "en"),
            ("d", "en"),
            ("-de", "en"),
            ("", "en"),
        ] {
            assert_eq!(of(tag).lang, lang, "{tag}");
        }
    }

    #[test]
    fn numbers_and_times_go_by_the_country_where_there_is_its_language() {
        assert_eq!(tag("de-AT", of("de-AT")), "de-AT");
        assert_eq!(tag("fr-CA", of("fr-CA")), "en");
    }

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
        let days = Plural::of_two("day", "days");
        assert_eq!(days.of(PluralCategory::One), "day");
        assert_eq!(days.of(PluralCategory::Two), "days");
        assert_eq!(days.of(PluralCategory::Many), "days");
    }

    #[test]
    fn each_category_of_a_language_has_its_form() {
        let forms = Plural::of_six(["zero", "one", "two", "few", "many", "other"]);
        for (category, form) in [
            (PluralCategory::Zero, "zero"),
            (PluralCategory::One, "one"),
            (PluralCategory::Two, "two"),
            (PluralCategory::Few, "few"),
            (PluralCategory::Many, "many"),
            (PluralCategory::Other, "other"),
        ] {
            assert_eq!(forms.of(category), form);
        }
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
