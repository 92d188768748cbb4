//! English, and the language of every user whose own is not here.

use super::{FailureTexts, Plural, Texts};

/// A count's text with a singular and a plural, which is all that English has.
const fn plural(one: &'static str, other: &'static str) -> Plural {
    Plural {
        one: Some(one),
        two: None,
        few: None,
        other,
    }
}

/// The English texts.
pub static ENGLISH: Texts = Texts {
    lang: "en",
    title: "Referral history",
    missing: "—",
    unreadable: "Unreadable",
    unreadable_hint: "As sent: {sent}",

    loading: "Loading",
    retrying: "That did not work. Trying again ({number} of {of})…",
    refreshing: "Refreshing",
    loaded: "Loaded {ago}",
    refresh: "Refresh",
    try_again: "Try again",
    cost: "Costs 1 credit",
    wait: "in {time}",
    sign_in: "Sign in",

    scope: plural("{count} event loaded", "{count} events loaded"),
    older_not_shown: plural(
        "Latest event only. Older events are not shown.",
        "Latest {count} events. Older events are not shown.",
    ),
    unreadable_records: plural(
        "{count} record in the answer could not be read and is not shown.",
        "{count} records in the answer could not be read and are not shown.",
    ),

    role: "Role",
    all_roles: "All",
    referrer: "Referrer",
    referred: "Referred",

    status: "Status",
    attributed: "Attributed",
    qualified: "Qualified",
    review_required: "Review required",
    rewarded: "Rewarded",
    expired: "Expired",
    capped: "Capped",
    failed: "Failed",
    rejected: "Rejected",

    clear_filters: "Clear filters",
    choice_events: plural("{count} event", "{count} events"),

    table: "Referral events",
    date: "Date",
    code: "Code",
    campaign: "Campaign",
    reward: "Reward",

    pagination: "Pagination",
    rows_per_page: "Rows per page",
    previous_page: "Previous page",
    next_page: "Next page",
    range: "{first}–{last} of {total}",
    range_of_none: "0 of 0",
    showing: "Showing {range} events",

    empty_title: "No referrals yet",
    empty_meaning: "When somebody signs up with your referral code, or you with somebody else's, \
                    the referral and what became of it appear here.",
    nothing_readable_title: "No record could be read",
    nothing_readable_meaning: "The service sent records, but none in a form this page understands. \
                               If this stays so, tell support.",
    no_match_title: "No events match the filters",
    no_match_meaning: "None of the loaded events is: {filters}.",
    show_all: "Show all events",

    not_signed_in: FailureTexts {
        title: "You are not signed in",
        meaning: "Your session has ended, or you have not signed in yet. Sign in to see your \
                  referral history. This request cost nothing.",
    },
    not_allowed: FailureTexts {
        title: "You are not allowed to see this",
        meaning: "Your account's permissions, plan or policy do not include referral events. \
                  Whoever manages your account can tell you more. This request cost nothing.",
    },
    too_many_requests: FailureTexts {
        title: "Too many requests",
        meaning: "Only so many requests a minute are allowed, and they are used up for now. Wait a \
                  moment, then try again. This request cost nothing.",
    },
    service: FailureTexts {
        title: "The service could not answer",
        meaning: "Something failed at the service. Your referrals are not affected, and this \
                  request cost nothing. Try again in a few minutes.",
    },
    bad_request: FailureTexts {
        title: "The request was not accepted",
        meaning: "The service did not understand what this page asked for, so trying again may not \
                  help. If it stays so, tell support. This request cost nothing.",
    },
    no_connection: FailureTexts {
        title: "No connection",
        meaning: "The service could not be reached. Check your internet connection, then try again.",
    },
    timed_out: FailureTexts {
        title: "The answer took too long",
        meaning: "There was no answer within 15 seconds, so the page stopped waiting. Try again in \
                  a moment.",
    },
    unreadable_answer: FailureTexts {
        title: "The answer cannot be read",
        meaning: "The service answered, but not in a form this page understands, so no events are \
                  shown. Try again; if it stays so, tell support.",
    },
    refresh_failed: "Refresh failed: {title}",
    rows_are_from: "What you see was loaded {ago}, at {time}.",
    service_says: "The service says: {message}",
    request_id: "Request id",
};
