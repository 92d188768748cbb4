//! Every text that a user reads.
//!
//! A language is one file, `locales/<language>.json`, which a translator edits without Rust. English is
//! compiled in. The page adds another language when its file is loaded ([`load`]); until then, and for each
//! text that the file lacks, English is shown. No component holds a text of its own. Numbers and times
//! replace `{placeholders}` and are already formatted for the user's locale. The locale also chooses the
//! plural category, so nothing here counts.
//!
//! The tests check that every file has the keys and placeholders of English.

mod locale;

use std::sync::{PoisonError, RwLock};

use self::locale::Text;
use crate::{
    charge::Charge,
    column::Column,
    failure::FailureKind,
    json::{InOrder, Members, text},
    locale::PluralCategory,
    role::Role,
    status::Status,
};

/// Declares the supported languages by the names of their files.
macro_rules! languages {
    ($english:literal, $($code:literal),* $(,)?) => {
        /// The tags of the supported languages. English comes first: it is the fallback for all others.
        pub const LANGUAGES: [&str; 1 + [$($code),*].len()] = [$english, $($code),*];

        /// Each of the others with its file, for hosts without files to fetch.
        #[cfg(feature = "bundled-locales")]
        const BUNDLED: [(&str, &str); LANGUAGES.len() - 1] =
            [$(($code, include_str!(concat!("../../locales/", $code, ".json")))),*];
    };
}

languages!["en", "de", "es", "fr", "pt-BR", "ja", "zh-Hans", "ar"];

/// The build script writes the value from `locales/en.json`.
static ENGLISH: Texts = include!(concat!(env!("OUT_DIR"), "/english.rs"));

/// The languages other than English that were read. Each is read once and kept until the program ends.
static READ: RwLock<Vec<&'static Texts>> = RwLock::new(Vec::new());

/// The English texts.
pub fn english() -> &'static Texts {
    &ENGLISH
}

/// The supported language of a tag such as `de-AT`; `None` if it is not supported.
pub fn language(tag: &str) -> Option<&'static str> {
    serving(&LANGUAGES, tag)
}

/// The one of `languages` that serves a tag. A language with a region, such as `pt-BR`, serves every region.
/// A language with a script, such as `zh-Hans`, serves only tags in that script: readers of the other
/// script are served better by their next language. `element/language.js` does the same for the entry.
fn serving<'a>(languages: &[&'a str], tag: &str) -> Option<&'a str> {
    let wanted = subtags(tag);
    let mut languages = languages.iter().copied();
    languages.find(|known| {
        let known = subtags(known);
        let is_in_script = script(&known).is_none_or(|known| script(&wanted) == Some(known));
        known.first() == wanted.first() && is_in_script
    })
}

/// The subtags of a tag in lower case, up to its extensions.
fn subtags(tag: &str) -> Vec<String> {
    let subtags = tag.split(['-', '_']);
    subtags
        .take_while(|subtag| subtag.len() != 1)
        .map(str::to_ascii_lowercase)
        .collect()
}

/// The script of a language. For Chinese it follows from the region if the tag does not name it; for any
/// other language a script that is not named does not matter.
fn script(subtags: &[String]) -> Option<&str> {
    let (language, more) = subtags.split_first()?;
    let is_script =
        |subtag: &&String| subtag.len() == 4 && !subtag.contains(|c: char| !c.is_alphabetic());
    let named = more.iter().find(is_script);
    let of_region = || match more.iter().any(|subtag| TRADITIONAL.contains(&&**subtag)) {
        true => "hant",
        false => "hans",
    };
    named
        .map(String::as_str)
        .or_else(|| (language == "zh").then(of_region))
}

/// The regions that write Chinese in the traditional script.
const TRADITIONAL: [&str; 3] = ["hk", "mo", "tw"];

/// The texts in the language of a tag such as `de-AT`; English if they were not read.
pub fn get(tag: &str) -> &'static Texts {
    let Some(language) = language(tag) else {
        return english();
    };
    #[cfg(feature = "bundled-locales")]
    add_bundled(language);
    let read = READ.read().unwrap_or_else(PoisonError::into_inner);
    let mut read = read.iter();
    read.find(|texts| texts.lang == language)
        .copied()
        .unwrap_or_else(english)
}

/// Reads the texts of a language from its file, unless they were read before. An invalid file or an
/// unsupported language changes nothing.
pub fn load(json: &str) {
    let members = Members::parse(json).unwrap_or_default();
    let lang = members.get("lang").and_then(text).unwrap_or_default();
    let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
    // Asked before the texts are read, because they are kept until the program ends.
    let is_new = read.iter().all(|other| other.lang != lang) && lang != english().lang;
    if is_new && LANGUAGES.contains(&lang.as_str()) {
        read.push(Box::leak(Box::new(english().read(json))));
    }
}

/// Reads the compiled-in texts of a language, for hosts without files to fetch.
#[cfg(feature = "bundled-locales")]
fn add_bundled(language: &str) {
    if let Some((_, json)) = BUNDLED.iter().find(|(known, _)| *known == language) {
        load(json);
    }
}

/// The tag to format numbers and times with: the wished one, with its country, if its language is that of
/// the texts; otherwise the language of the texts.
pub fn tag<'a>(wished: &'a str, texts: &'static Texts) -> &'a str {
    if language(wished) == Some(texts.lang) {
        wished
    } else {
        texts.lang
    }
}

/// A text that depends on a count, by the plural categories of the Unicode CLDR. `other` stands in for a
/// missing category.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(Default))]
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

/// Why a referral has its status. The texts may only say what the API's documentation supports.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(Default))]
pub struct StatusTexts {
    /// What the status means, whoever reads it and whatever else is known.
    pub short: &'static str,
    /// To a user who referred another account.
    pub referrer: &'static str,
    /// To a user who was referred.
    pub referred: &'static str,
    /// To a user whose role is not known.
    pub other: &'static str,
    /// What, if anything, the user can do next.
    pub next: &'static str,
    /// The same where the referral is known to expire on `{date}`, in `{left}` ("31 days"); `None` for a
    /// status that does not expire.
    pub next_until: Option<&'static str>,
}

/// The texts of a failure.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(Default))]
pub struct FailureTexts {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What it means for the user, and what the user can do.
    pub meaning: &'static str,
}

/// Declares the struct of all texts, and reads each text from the member with its name.
macro_rules! texts {
    ($($(#[$documentation:meta])* $name:ident: $kind:ty),* $(,)?) => {
        /// All texts of one language.
        #[derive(Clone, Copy, Debug)]
        #[cfg_attr(test, derive(Default))]
        #[expect(
            missing_docs,
            reason = "a text says itself what it is; locales/en.json is the documentation"
        )]
        pub struct Texts {
            $($(#[$documentation])* pub $name: $kind,)*
        }

        impl Texts {
            /// The names of the texts, which are the keys of a file.
            pub const KEYS: &[&str] = &[$(stringify!($name)),*];

            /// Reads a file; a text that is missing stays as it is in `self`.
            fn read(mut self, json: &str) -> Self {
                let mut members = InOrder::new(Members::parse(json).unwrap_or_default());
                $(self.$name.read(members.get(stringify!($name)));)*
                self
            }
        }
    };
}

texts! {
    /// The language of the texts, as in HTML's `lang`. It decides plurals, numbers and times.
    lang: &'static str,
    /// The direction of the writing, as in HTML's `dir`.
    dir: &'static str,
    title: &'static str,
    /// In place of a value that was not sent.
    missing: &'static str,
    /// In place of a value that was sent but is unreadable.
    unreadable: &'static str,
    /// Beside an unreadable value; `{sent}` is the value as sent.
    unreadable_hint: &'static str,
    /// Between the members of a list.
    list_separator: &'static str,
    and_more: Plural,
    /// A distance of less than a minute.
    now: &'static str,

    loading: &'static str,
    /// After a few seconds without an answer.
    still_loading: &'static str,
    /// `{number}` of `{of}` retries: the page waits, or the request is under way.
    retrying: &'static str,
    retrying_in: &'static str,
    stop_waiting: &'static str,
    refreshing: &'static str,
    /// `{ago}` is a relative time, "5 minutes ago".
    loaded: &'static str,
    answer_from: &'static str,
    refresh: &'static str,
    try_again: &'static str,
    /// Beside "Refresh" and "Try again", and their accessible description.
    cost: &'static str,
    cost_another: &'static str,
    cost_perhaps_another: &'static str,
    cost_nothing: &'static str,
    cost_one: &'static str,
    cost_unknown: &'static str,
    asks_for_longest: &'static str,
    /// In "Try again" while it is disabled; `{time}` counts down.
    wait: &'static str,
    sign_in: &'static str,

    /// Which records the page shows: all that exist.
    all_events: Plural,
    /// Which records the page shows: as many as were requested, so there may be older ones.
    latest_events: Plural,
    /// `{events}` is `all_events` or `latest_events`, `{date}` the day of the oldest.
    since: &'static str,
    /// `{events}` as in `since`; no record has a date.
    since_unknown: &'static str,
    /// After "latest".
    older_not_shown: &'static str,
    /// `{count}` records could not be read at all.
    unreadable_records: Plural,
    records_not_read: Plural,
    /// `{zone}` is the zone that times are shown in.
    times_in: &'static str,
    /// The switch to UTC.
    show_utc: &'static str,
    /// The switch back to the user's zone, `{zone}`.
    show_zone: &'static str,
    /// The user's zone: `{zone}` is its city.
    zone_time: &'static str,

    export: &'static str,
    /// What the export contains: `{count}` events.
    export_events: Plural,
    /// The chosen period may have referrals that were not loaded.
    export_incomplete: &'static str,
    export_csv: &'static str,
    export_json: &'static str,
    copy_table: &'static str,
    copy_table_failed: &'static str,
    /// `{count}` open referrals have a deadline.
    export_calendar: &'static str,
    /// `{file}` is the name of a file. Whether the browser saves it, the page cannot know.
    exported: &'static str,
    /// In a frame of another site, which may block downloads.
    exported_perhaps: &'static str,
    /// `{copy}` is `copy_table`.
    export_failed: &'static str,
    /// The title of a calendar entry; `{code}` is the referral's.
    deadline: &'static str,
    deadline_without_code: &'static str,
    /// The notes of a calendar entry.
    deadline_details: &'static str,

    summary: &'static str,
    /// What came of the referrals: `{credits}` ("10,000 credits") from `{count}` of them.
    answer_earned: Plural,
    /// The same of a period by the date of the reward. `{period}` is one of `in_month` to `until_day`.
    answer_earned_in: Plural,
    /// The same of a period by the date of creation, from `{count}` rewards.
    answer_earned_created: Plural,
    answer_nothing: &'static str,
    answer_nothing_in: &'static str,
    answer_nothing_created: &'static str,
    answer_open: Plural,
    answer_expiring: Plural,
    answer_unknown: Plural,
    /// `{month}` is the name of a month, "October".
    in_month: &'static str,
    in_last_days: Plural,
    on_day: &'static str,
    between: &'static str,
    since_day: &'static str,
    until_day: &'static str,
    /// The period begins before the oldest loaded referral, which is of `{date}`, and there may be older ones.
    incomplete_period: &'static str,
    incomplete_undated: &'static str,
    /// Beside the rewards of a period, where there may be referrals older than `{date}`.
    older_rewards: &'static str,
    credits_earned: &'static str,
    /// `{count}` rewards make up the credits earned.
    from_rewards: Plural,
    /// `{count}` rewards are not in the sum.
    rewards_unknown: Plural,
    in_progress: &'static str,
    /// After a figure: it counts some of these `{count}` events.
    of_events: Plural,
    /// Title of the rewarded share.
    rewarded_share: &'static str,
    /// `{rewarded}` of `{count}` referrals that have ended.
    of_ended: Plural,
    none_ended: &'static str,
    expiring_soon: &'static str,
    within_7_days: &'static str,
    /// Which events the figures include, if not all: `{count}` of the `{total}` that were loaded. They pass
    /// all filters except the status filter.
    figures_of_some: &'static str,

    shares: &'static str,
    /// A status in `shares`: `{events}` ("12 events"), `{percent}` of all.
    share: &'static str,
    /// Events without a status, or with one that cannot be read.
    no_status: &'static str,
    /// Events with a status that is not listed as a choice, or without one.
    other_statuses: &'static str,
    credits_over_time: &'static str,
    /// The choice of how long a time one bar covers: `interval_day`, `interval_week` or `interval_month`.
    interval: &'static str,
    interval_day: &'static str,
    interval_week: &'static str,
    interval_month: &'static str,
    /// The tabs of the card: the chart, its numbers, and the numbers of each campaign.
    tab_chart: &'static str,
    tab_table: &'static str,
    tab_campaigns: &'static str,
    /// The week that begins on `{date}`.
    week_of: &'static str,
    /// A bar of the chart: `{period}`, `{credits}` ("1,000 credits"), `{rewards}` ("2 rewards").
    bar: &'static str,
    /// A bar whose amounts are all unknown: `{period}`, `{rewards}` ("2 rewards").
    bar_unknown: &'static str,
    /// A place of the chart without rewards: `{period}`.
    bar_empty: &'static str,
    no_rewards: &'static str,
    /// `{count}` rewards are not in the chart, because their date is missing, unreadable or implausible.
    rewards_undated: Plural,
    period: &'static str,
    credits: Plural,
    rewards: Plural,
    by_campaign: &'static str,
    column_events: &'static str,
    column_rewarded: &'static str,
    column_rewards: &'static str,
    column_credits: &'static str,

    search: &'static str,
    filters: &'static str,
    /// `{count}` filters are set.
    filters_set: &'static str,
    /// Closes the filters and shows the `{count}` that they leave.
    show_found: Plural,
    /// `{found}` of `{count}` pass the filters.
    found_of: Plural,
    remove_filter: &'static str,
    close_filters: &'static str,
    /// The figures and charts on a phone, which are behind it.
    overview: &'static str,
    /// A choice of a list: `{name}`, and `{count}` events.
    counted: &'static str,
    role: &'static str,
    all_roles: &'static str,
    referrer: &'static str,
    referred: &'static str,
    any_date: &'static str,
    this_month: &'static str,
    last_month: &'static str,
    last_days: Plural,
    choose_dates: &'static str,
    /// Which date a period goes by, and its choices.
    by: &'static str,
    by_created: &'static str,
    by_rewarded: &'static str,
    from: &'static str,
    to: &'static str,
    any_campaign: &'static str,
    no_campaign: &'static str,
    sort_by: &'static str,
    /// The order in which the API sends events.
    default_order: &'static str,
    /// `{column}` is a heading.
    ascending: &'static str,
    descending: &'static str,
    /// The orders by the date of expiry, which has no column.
    expires_first: &'static str,
    expires_last: &'static str,
    /// `{order}` is the name of an order, such as `ascending`.
    sorted: &'static str,

    status: &'static str,
    /// The statuses that ended without a reward.
    no_reward: &'static str,
    /// In place of the reward of an open referral; `{when}` is "in 2 days".
    due: &'static str,
    attributed: &'static str,
    qualified: &'static str,
    review_required: &'static str,
    rewarded: &'static str,
    expired: &'static str,
    capped: &'static str,
    failed: &'static str,
    rejected: &'static str,

    clear_filters: &'static str,
    /// A filter's choice would leave `{count}` events.
    choice_events: Plural,

    table: &'static str,
    date: &'static str,
    code: &'static str,
    campaign: &'static str,
    reward: &'static str,

    details: &'static str,
    /// `{event}` is the code of an event, or its date where it has none.
    details_of: &'static str,
    close: &'static str,
    previous_event: &'static str,
    next_event: &'static str,
    /// The place of an event in the list: `{number}` of `{total}`.
    position: &'static str,
    id: &'static str,
    created_at: &'static str,
    expires_at: &'static str,
    qualified_at: &'static str,
    rewarded_at: &'static str,
    not_sent: &'static str,
    copy: &'static str,
    /// `{name}` is the name of what is copied.
    copy_of: &'static str,
    copied: &'static str,
    copy_failed: &'static str,
    copy_for_support: &'static str,
    copy_link: &'static str,
    fields: &'static str,

    timeline: &'static str,
    not_qualified_yet: &'static str,
    not_rewarded_yet: &'static str,
    /// An open referral whose time to expire has passed.
    was_to_expire: &'static str,
    time_not_sent: &'static str,

    /// What can be done about an open referral whose time has passed.
    overdue_next: &'static str,
    why_attributed: StatusTexts,
    why_qualified: StatusTexts,
    why_review_required: StatusTexts,
    /// In place of the credits that a referral was rewarded with.
    credits_not_said: &'static str,
    /// `{credits}` is what it was rewarded with.
    why_rewarded: StatusTexts,
    why_expired: StatusTexts,
    why_capped: StatusTexts,
    why_failed: StatusTexts,
    why_rejected: StatusTexts,
    /// `{status}` is an unknown status as sent.
    why_unknown: StatusTexts,
    why_missing: StatusTexts,

    pagination: &'static str,
    rows_per_page: &'static str,
    previous_page: &'static str,
    next_page: &'static str,
    /// `{first}` to `{last}` of `{total}`.
    range: &'static str,
    /// The range of a list with nothing in it.
    range_of_none: &'static str,
    /// The announcement for screen readers after a change; `{range}` is the range.
    showing: &'static str,

    shortcuts: &'static str,
    /// What a key does: it focuses the search.
    key_search: &'static str,
    /// What a key does: it opens the details of a row.
    key_open: &'static str,

    empty_title: &'static str,
    empty_meaning: &'static str,
    nothing_readable_title: &'static str,
    nothing_readable_meaning: &'static str,
    cleared_title: &'static str,
    cleared_meaning: &'static str,
    load: &'static str,
    no_match_title: &'static str,
    /// None of the `{count}` loaded events matches; `{filters}` are the choices that are set.
    no_match_meaning: Plural,
    /// A search in that list; `{text}` is the text searched for.
    searched: &'static str,
    /// The ends of a date range in that list; `{date}` is a day.
    dates_from: &'static str,
    dates_to: &'static str,
    /// Clears the filters when no event matches.
    show_all: &'static str,

    not_signed_in: FailureTexts,
    not_allowed: FailureTexts,
    too_many_requests: FailureTexts,
    service: FailureTexts,
    bad_request: FailureTexts,
    no_connection: FailureTexts,
    timed_out: FailureTexts,
    unreadable_answer: FailureTexts,
    other_origin: FailureTexts,
    /// Title when a refresh failed; the failure's own title follows it.
    refresh_failed: &'static str,
    /// How old the rows are that a failed refresh left; `{ago}` is a relative time, `{time}` the time.
    rows_are_from: &'static str,
    rows_are_old: &'static str,
    /// `{message}` is the service's own.
    service_says: &'static str,
    request_id: &'static str,
    /// The message if the program cannot be started. The entry holds a copy.
    not_started: &'static str,
    /// The message if the program's files are gone from the server. The entry holds a copy.
    outdated: &'static str,
    /// Follows either message where events were requested already. The entry holds a copy.
    reload_cost: &'static str,
    /// The choice of the language on the standalone page, which holds a copy.
    language: &'static str,
}

impl Texts {
    /// The text for a status; an unknown status is shown as sent.
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

    /// The text for a role; an unknown role is shown as sent.
    pub fn role<'a>(&self, role: &'a Role) -> &'a str {
        match role {
            Role::Referrer => self.referrer,
            Role::Referred => self.referred,
            Role::Unknown(word) => word,
        }
    }

    /// Why a referral has its status, and what the user can do. An unknown status replaces `{status}`.
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

    /// What a request cost.
    pub fn charged(&self, charge: Charge) -> &'static str {
        match charge {
            Charge::No => self.cost_nothing,
            Charge::Yes => self.cost_one,
            Charge::Unknown => self.cost_unknown,
        }
    }

    /// What a request costs after a failed one.
    pub fn cost_after(&self, failed: Charge) -> &'static str {
        match failed {
            Charge::No => self.cost,
            Charge::Yes => self.cost_another,
            Charge::Unknown => self.cost_perhaps_another,
        }
    }

    /// The texts of a failure.
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
    /// The text for a user in that role.
    pub fn to(&self, role: Option<&Role>) -> &'static str {
        match role {
            Some(Role::Referrer) => self.referrer,
            Some(Role::Referred) => self.referred,
            Some(Role::Unknown(_)) | None => self.other,
        }
    }
}

/// Replaces the `{placeholders}` of a text. Placeholders in the values are not replaced: the values may
/// come from strangers.
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

/// Joins sentences to a text.
pub fn join_sentences<S: AsRef<str>>(sentences: impl IntoIterator<Item = S>) -> String {
    let mut joined = String::new();
    for sentence in sentences {
        joined.push_str(space_after(&joined));
        joined.push_str(sentence.as_ref());
    }
    joined
}

/// What separates a text from a sentence that follows it. A full stop that is as wide as a character has its own space.
pub fn space_after(text: &str) -> &'static str {
    if text.is_empty() || text.ends_with('。') {
        ""
    } else {
        " "
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;
    use crate::failure::Remedy;

    #[test]
    fn sentences_are_separated_by_a_space_unless_the_full_stop_has_its_own() {
        assert_eq!(
            join_sentences(["One.", "Two.", "Three."]),
            "One. Two. Three."
        );
        assert_eq!(join_sentences(["一。", "二。"]), "一。二。");
        assert_eq!(join_sentences(Vec::<String>::new()), "");
    }

    /// The texts that are the same in another language as in English.
    const SAME: [&str; 9] = [
        "Code",
        "Credits",
        "Date",
        "Details",
        "ID",
        "Pagination",
        "Status",
        "in {time}",
        "ltr",
    ];

    fn file(language: &str) -> String {
        let path = format!("{}/../locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("a file for each language")
    }

    /// Every text of a language by its path, `since` or `credits.one`.
    fn all(language: &str) -> BTreeMap<String, String> {
        let texts: BTreeMap<String, Value> = serde_json::from_str(&file(language)).expect("JSON");
        let mut found = BTreeMap::new();
        for (name, value) in texts {
            match value {
                Value::String(text) => drop(found.insert(name, text)),
                Value::Object(forms) => found.extend(forms.into_iter().map(|(form, text)| {
                    (
                        format!("{name}.{form}"),
                        text.as_str().expect("a text").to_owned(),
                    )
                })),
                other => panic!("{language}, {name}: {other}"),
            }
        }
        found
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        let after_braces = text.split('{').skip(1);
        after_braces
            .map(|rest| rest.split_once('}').expect("a placeholder ends").0)
            .collect()
    }

    /// The path of the English text for a form, which English may not have.
    fn english_path(path: &str, english: &BTreeMap<String, String>) -> String {
        let Some((text, form)) = path.rsplit_once('.') else {
            return path.to_owned();
        };
        let same = match form {
            _ if english.contains_key(path) => form,
            "zero" | "one" | "two" | "few" | "many" | "all" => "other",
            _ => "all",
        };
        [text, ".", same].concat()
    }

    #[test]
    fn every_file_has_every_text_and_no_other() {
        for language in LANGUAGES {
            let texts: BTreeMap<String, Value> =
                serde_json::from_str(&file(language)).expect("JSON");
            let keys: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
            let expected: BTreeSet<&str> = Texts::KEYS.iter().copied().collect();
            assert_eq!(keys, expected, "{language}");
            // A text of the wrong kind, or with a missing form, would be replaced by English.
            let read = Texts::default().read(&file(language));
            assert_eq!(read.lang, language);
            let debug = format!("{read:?}");
            assert!(
                !debug.contains("\"\""),
                "{language} has a text that cannot be read"
            );
        }
    }

    #[test]
    fn english_is_what_its_file_says() {
        let read = Texts::default().read(&file("en"));
        assert_eq!(format!("{:?}", english()), format!("{read:?}"));
    }

    #[test]
    fn every_language_has_the_placeholders_of_english() {
        let english = all("en");
        for language in LANGUAGES {
            for (path, text) in all(language) {
                let mut missing = placeholders(&english[&english_path(&path, &english)]);
                for placeholder in placeholders(&text) {
                    let is_known = missing.remove(placeholder);
                    assert!(is_known, "{language}, {path}: {{{placeholder}}}");
                }
                // A form for zero, one or two needs no `{count}`. Credits need it, because they may be
                // negative: -1 has the category `one`.
                let is_said =
                    path.ends_with(".zero") || path.ends_with(".one") || path.ends_with(".two");
                if is_said && !path.starts_with("credits.") {
                    missing.remove("count");
                }
                assert!(missing.is_empty(), "{language}, {path}: {missing:?}");
            }
        }
    }

    #[test]
    fn every_text_is_translated() {
        let english = all("en");
        let mut same = BTreeSet::new();
        for language in LANGUAGES.into_iter().skip(1) {
            for (path, text) in all(language) {
                let words = fill(&text, &[]);
                let has_words = words.contains(char::is_alphabetic);
                if has_words && english.get(&path) == Some(&text) {
                    assert!(SAME.contains(&text.as_str()), "{language}, {path}: {text}");
                    same.insert(text);
                }
            }
        }
        // An outdated entry could hide a text that is not translated.
        assert!(same.iter().eq(&SAME), "{same:?}");
    }

    #[test]
    fn a_text_that_a_file_lacks_is_english() {
        let texts = english()
            .read(r#"{"lang":"de","refresh":"Neu laden","close":7,"credits":{"one":"x"}}"#);
        assert_eq!((texts.lang, texts.refresh), ("de", "Neu laden"));
        assert_eq!(texts.title, english().title);
        assert_eq!(texts.close, english().close);
        assert_eq!(texts.credits.other, english().credits.other);
        assert_eq!(texts.why_capped.next, english().why_capped.next);
    }

    #[test]
    fn a_language_is_english_until_it_is_there() {
        // All tests share the languages that were read, so only this one reads Arabic.
        if cfg!(feature = "bundled-locales") {
            assert_eq!(get("ar-EG").lang, "ar");
            return;
        }
        assert_eq!(get("ar-EG").lang, "en");
        load("<!doctype html>");
        load(r#"{"lang":"tlh","refresh":"x"}"#);
        load(r#"{"lang":"en","refresh":"x"}"#);
        assert_eq!(get("ar-EG").lang, "en");
        assert_eq!(get("en").refresh, english().refresh);
        load(&file("ar"));
        let arabic = get("ar-EG");
        assert_eq!((arabic.lang, arabic.dir), ("ar", "rtl"));
        // A language is read only once.
        load(r#"{"lang":"ar","refresh":"x"}"#);
        assert_eq!(get("ar").refresh, arabic.refresh);
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
            ("it", "en"),
            ("den", "en"),
            ("d", "en"),
            ("-de", "en"),
            ("", "en"),
        ] {
            assert_eq!(language(tag).unwrap_or("en"), lang, "{tag}");
        }
    }

    /// Another language needs no more than its file and its tag in `languages!`.
    #[test]
    fn a_language_with_a_region_serves_all_regions_and_one_with_a_script_its_script() {
        let languages = ["en", "de", "ar", "es", "fr", "pt-BR", "ja", "zh-Hans"];
        for language in languages {
            assert_eq!(serving(&languages, language), Some(language));
        }
        for (tag, language) in [
            ("pt", Some("pt-BR")),
            ("pt-PT", Some("pt-BR")),
            ("PT_br", Some("pt-BR")),
            ("es-419", Some("es")),
            ("fr-Latn-CA", Some("fr")),
            ("ja-JP-u-ca-japanese", Some("ja")),
            ("zh", Some("zh-Hans")),
            ("zh-CN", Some("zh-Hans")),
            ("zh_SG", Some("zh-Hans")),
            ("zh-Hans-HK", Some("zh-Hans")),
            ("ZH-HANS", Some("zh-Hans")),
            ("zh-CN-u-nu-hant", Some("zh-Hans")),
            ("zh-Hant", None),
            ("zh-Hant-CN", None),
            ("zh-TW", None),
            ("zh-HK", None),
            ("zh-MO-x-hans", None),
            ("zhx", None),
            ("x-zh", None),
            ("", None),
        ] {
            assert_eq!(serving(&languages, tag), language, "{tag}");
        }
    }

    #[test]
    fn numbers_and_times_go_by_the_country_where_there_is_its_language() {
        load(&file("de"));
        assert_eq!(tag("de-AT", get("de-AT")), "de-AT");
        assert_eq!(tag("it-CH", get("it-CH")), "en");
        // The texts are English, so numbers and times are too.
        assert_eq!(tag("de-AT", english()), "en");
    }

    /// The page once offered to try again while the text said that it would not help.
    #[test]
    fn the_texts_of_a_failure_agree_with_its_button() {
        for kind in [
            FailureKind::NotSignedIn,
            FailureKind::NotAllowed,
            FailureKind::TooManyRequests,
            FailureKind::Service,
            FailureKind::BadRequest,
            FailureKind::NoConnection,
            FailureKind::TimedOut,
            FailureKind::Unreadable,
            FailureKind::OtherOrigin,
        ] {
            let meaning = english().failure(kind).meaning.to_lowercase();
            let asks_to_try = ["try again", "trying again"].map(|words| meaning.contains(words));
            let remedy = kind.remedy();
            assert_eq!(
                asks_to_try.contains(&true),
                remedy.offers_request(),
                "{kind:?}"
            );
            let asks_to_sign_in = meaning.contains("sign in");
            assert_eq!(asks_to_sign_in, remedy == Remedy::SignIn, "{kind:?}");
            let names_support = meaning.contains("support");
            assert!(names_support || remedy != Remedy::Support, "{kind:?}");
        }
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

    fn plural(json: &str) -> Plural {
        Plural::parse(serde_json::from_str(json).expect("JSON")).expect("a plural")
    }

    #[test]
    fn a_category_that_a_language_lacks_falls_back() {
        let days = plural(r#"{"one":"day","other":"days"}"#);
        assert_eq!(days.of(PluralCategory::One), "day");
        assert_eq!(days.of(PluralCategory::Two), "days");
        assert_eq!(days.of(PluralCategory::Many), "days");
    }

    #[test]
    fn each_category_of_a_language_has_its_form() {
        let forms = plural(
            r#"{"zero":"zero","one":"one","two":"two","few":"few","many":"many","other":"other"}"#,
        );
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
        assert_eq!(english().status(&Status::parse("on_hold")), "on_hold");
        assert_eq!(english().role(&Role::parse("partner")), "partner");
        assert_eq!(
            english().status(&Status::parse("review_required")),
            "Under review"
        );
    }
}
