//! English, and the language of every user whose own is not here.

use super::{FailureTexts, Plural, StatusTexts, Texts};

/// The English texts.
pub static ENGLISH: Texts = Texts {
    lang: "en",
    dir: "ltr",
    title: "Referral history",
    missing: "—",
    unreadable: "Unreadable",
    unreadable_hint: "As sent: {sent}",
    list_separator: ", ",
    and_more: Plural::of_two("and {count} more", "and {count} more"),
    now: "just now",

    loading: "Loading",
    retrying: "Couldn’t load. Retrying ({number} of {of})…",
    retrying_in: "Couldn’t load. Retrying ({number} of {of}) in {time}",
    stop_waiting: "Stop waiting",
    refreshing: "Refreshing",
    loaded: "Loaded {ago}",
    answer_from: "Data from {time}",
    refresh: "Refresh",
    try_again: "Try again",
    cost: "Costs 1 credit",
    cost_another: "Costs another credit",
    cost_perhaps_another: "May cost another credit",
    cost_nothing: "This request cost nothing.",
    cost_one: "This request cost 1 credit.",
    cost_unknown: "It is not known whether this request cost a credit.",
    asks_for_longest: "The service asks to wait a day or longer.",
    wait: "in {time}",
    sign_in: "Sign in",

    all_events: Plural::of_two("{count} event", "{count} events"),
    latest_events: Plural::of_two("Latest event", "Latest {count} events"),
    since: "{events}, since {date}.",
    since_unknown: "{events}.",
    older_not_shown: "Older events are not shown.",
    unreadable_records: Plural::of_two(
        "{count} record in the answer could not be read and is not shown.",
        "{count} records in the answer could not be read and are not shown.",
    ),
    records_not_read: Plural::of_two(
        "The answer holds {count} more record than this page reads.",
        "The answer holds {count} more records than this page reads.",
    ),

    times_in: "Times in {zone}",
    show_utc: "Show UTC",
    show_zone: "Show {zone}",

    export: "Export",
    export_events: Plural::of_two(
        "{count} event, as filtered",
        "{count} events, as filtered and sorted",
    ),
    export_csv: "CSV for a spreadsheet",
    export_json: "JSON as the API sent it",
    exported: "Saved as {file}",

    summary: "Summary",
    credits_earned: "Credits earned",
    from_rewards: Plural::of_two("from {count} reward", "from {count} rewards"),
    rewards_unknown: Plural::of_two("{count} of unknown amount", "{count} of unknown amount"),
    too_large: "Too large to add up",
    in_progress: "In progress",
    of_events: Plural::of_two("of {count} event", "of {count} events"),
    rewarded_share: "Rewarded",
    of_ended: Plural::of_two("{rewarded} of {count} ended", "{rewarded} of {count} ended"),
    none_ended: "none has ended yet",
    expiring_soon: "Expiring soon",
    within_7_days: "within 7 days",
    figures_of_all: Plural::of_two(
        "Figures and charts cover the {count} loaded event.",
        "Figures and charts cover all {count} loaded events.",
    ),
    figures_of_some: Plural::of_two(
        "Figures and charts cover {count} of {total} loaded events: they follow every filter \
         except Status and Expiring soon.",
        "Figures and charts cover {count} of {total} loaded events: they follow every filter \
         except Status and Expiring soon.",
    ),

    shares: "What became of them",
    share: "{events}, {percent}",
    no_status: "No status",
    other_statuses: "Other or no status",
    credits_over_time: "Credits over time",
    by_day: "by day",
    by_week: "by week",
    by_month: "by month",
    by_year: "by year",
    week_of: "Week of {date}",
    bar: "{period}: {credits} from {rewards}",
    no_rewards: "No rewards among these events.",
    chart_gap: "Years without rewards",
    rewards_undated: Plural::of_two(
        "{count} reward has no readable date and is not in the chart.",
        "{count} rewards have no readable date and are not in the chart.",
    ),
    numbers: "Numbers",
    period: "Period",
    credits: Plural::of_two("{count} credit", "{count} credits"),
    rewards: Plural::of_two("{count} reward", "{count} rewards"),
    by_campaign: "By campaign",
    column_events: "Events",
    column_rewarded: "Rewarded",
    column_rewards: "Rewards",
    column_credits: "Credits",

    search: "Search code, campaign or id",
    filters: "Filters",
    filters_set: "Filters ({count})",
    counted: "{name} ({count})",
    role: "Role",
    all_roles: "All",
    referrer: "Referrer",
    referred: "Referred",
    any_date: "Any date",
    last_days: Plural::of_two("Last day", "Last {count} days"),
    choose_dates: "Choose dates",
    from: "From",
    to: "To",
    any_campaign: "Any campaign",
    no_campaign: "No campaign",
    sort_by: "Sort by",
    default_order: "Newest first, as the API sends them",
    ascending: "{column}, ascending",
    descending: "{column}, descending",
    sorted: "Sorted by {order}.",

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
    choice_events: Plural::of_two("{count} event", "{count} events"),

    table: "Referral events",
    date: "Date",
    code: "Code",
    campaign: "Campaign",
    reward: "Reward",

    details: "Details",
    details_of: "Details of {event}",
    close: "Close",
    id: "ID",
    created_at: "Created",
    expires_at: "Expires",
    qualified_at: "Qualified",
    rewarded_at: "Rewarded",
    not_sent: "Not sent",
    copy: "Copy",
    copy_of: "Copy {name}",
    copied: "Copied",
    copy_failed: "Copying did not work. Select the text and copy it by hand.",
    copy_for_support: "Copy for support",
    fields: "All fields",

    timeline: "Timeline",
    not_qualified_yet: "Not qualified yet",
    not_rewarded_yet: "Not rewarded yet",
    was_to_expire: "Was to expire",
    time_not_sent: "The service did not say when.",

    overdue_next: "Its time to qualify has passed. If its status does not change, send support the details.",
    why_attributed: StatusTexts {
        referrer: "This referral is attributed to you. It has not qualified for a reward yet.",
        referred: "This referral is attributed to whoever referred you. It has not qualified yet.",
        other: "This referral is attributed. It has not qualified yet.",
        next: "There is nothing to do here. It can still qualify until it expires.",
    },
    why_qualified: StatusTexts::to_all(
        "This referral qualifies. The reward has not been granted yet.",
        "There is nothing to do here. If this does not change, send support the details.",
    ),
    why_review_required: StatusTexts::to_all(
        "This referral is held for review. Support then rewards or rejects it.",
        "There is nothing to do until support has decided. To ask about it, send them the details.",
    ),
    credits_not_said: "the service did not say how many credits",
    why_rewarded: StatusTexts::to_all(
        "This referral was rewarded: {credits}.",
        "It is complete, and there is nothing to do.",
    ),
    why_expired: StatusTexts::to_all(
        "The attribution window passed before this referral was rewarded, so it earned nothing.",
        "It has ended. If you think that it should have been rewarded, send support the details.",
    ),
    why_capped: StatusTexts {
        referrer: "You had reached the month’s reward limit, so this referral earned nothing.",
        referred: "Whoever referred you had reached their monthly reward limit, so this referral \
                   earned nothing.",
        other: "The referrer had reached their monthly reward limit, so this referral earned nothing.",
        next: "It has ended, and there is nothing to do. The limit applies to each month.",
    },
    why_failed: StatusTexts::to_all(
        "Granting the reward failed, so this referral has earned nothing.",
        "Send support the details, and ask what went wrong.",
    ),
    why_rejected: StatusTexts::to_all(
        "This referral was rejected after a review, so it earned nothing.",
        "It has ended. If you think that this is a mistake, send support the details.",
    ),
    why_unknown: StatusTexts::to_all(
        "The service calls this “{status}”, a word that this page does not know yet.",
        "Support can tell you what it means: send them the details.",
    ),
    why_missing: StatusTexts::to_all(
        "The service sent no status for this referral, or one that cannot be read.",
        "Support can tell you what became of it: send them the details.",
    ),

    pagination: "Pagination",
    rows_per_page: "Rows per page",
    previous_page: "Previous page",
    next_page: "Next page",
    range: "{first}–{last} of {total}",
    range_of_none: "0 of 0",
    showing: "Showing {range} events",

    empty_title: "No referrals yet",
    empty_meaning: "When somebody signs up with your referral code, or you with somebody else’s, \
                    the referral and what became of it appear here.",
    nothing_readable_title: "No record could be read",
    nothing_readable_meaning: "The service sent records, but none in a form this page understands. \
                               If this stays so, tell support.",
    cleared_title: "Your referrals are no longer shown",
    cleared_meaning: "They were taken off this page. Load them to see them again.",
    load: "Load referrals",
    no_match_title: "No events match the filters",
    no_match_meaning: "These filters leave none of the loaded events: {filters}.",
    searched: "“{text}”",
    dates_from: "from {date}",
    dates_to: "to {date}",
    show_all: "Show all events",

    not_signed_in: FailureTexts {
        title: "You are not signed in",
        meaning: "Your session has ended, or you have not signed in yet. Sign in to see your referral \
                  history.",
    },
    not_allowed: FailureTexts {
        title: "You are not allowed to see this",
        meaning: "Your account’s permissions, plan or policy do not include referral events. Whoever \
                  manages your account can tell you more.",
    },
    too_many_requests: FailureTexts {
        title: "Too many requests",
        meaning: "Only so many requests a minute are allowed, and they are used up for now. Wait a moment, \
                  then try again.",
    },
    service: FailureTexts {
        title: "The service could not answer",
        meaning: "Something failed at the service. Your referrals are not affected. Try again in a few \
                  minutes.",
    },
    bad_request: FailureTexts {
        title: "The request was not accepted",
        meaning: "The service did not understand what this page asked for, so trying again may not help. \
                  If it stays so, tell support.",
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
    other_origin: FailureTexts {
        title: "The page is not set up",
        meaning: "It was told to ask another site for your referrals, and refuses to. Nothing was asked. \
                  Tell whoever runs this console.",
    },
    refresh_failed: "Refresh failed: {title}",
    rows_are_from: "What you see was loaded {ago}, at {time}.",
    rows_are_old: "What you see is from {time}.",
    service_says: "The service says: {message}",
    request_id: "Request ID",
};
