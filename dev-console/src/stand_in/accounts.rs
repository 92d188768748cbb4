//! The demo accounts: ids, titles and descriptions.
//!
//! To add one, add a variant here, its row in [`Account::info`], its place in [`Account::ALL`], and
//! its answer in the stand-in's `account_answer`.

use super::limits::Plan;

/// A demo account of the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// More events than one answer can hold, of every kind.
    Busy,
    /// A handful of events.
    Few,
    /// An empty list.
    Empty,
    /// `null` instead of a list.
    New,
    /// The plan's requests are used up for some seconds.
    Limited,
    /// 500, always.
    Failing,
    /// 502 with a web page.
    Gateway,
    /// 503 with `Retry-After`.
    Unavailable,
    /// 504.
    Timeout,
    /// Answers after some seconds.
    Slow,
    /// Answers after all timeouts.
    Stalled,
    /// 503 twice, then success.
    Flaky,
    /// Success once, then 500.
    Stale,
    /// 401 although the console's session is valid.
    SignedOut,
    /// 403.
    Forbidden,
    /// 422.
    Invalid,
    /// Records with missing and unreadable fields.
    Broken,
    /// Text with markup, control characters and formulas.
    Hostile,
    /// Roles, statuses and fields that are not documented.
    Future,
    /// Truncated JSON.
    Garbled,
    /// A web page with status 200.
    Html,
    /// Many more records than requested.
    Flood,
    /// A handful of events, and the faults that an address asks for.
    Faults,
}

/// The group of an account on the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Realistic histories.
    Histories,
    /// Answers with unexpected data.
    OddData,
    /// Failures and slow answers.
    Failures,
}

impl Group {
    /// All groups, in the order of the sign-in page.
    pub const ALL: [Self; 3] = [Self::Histories, Self::OddData, Self::Failures];

    /// The heading on the sign-in page.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Histories => "Histories",
            Self::Failures => "Failures and waiting",
            Self::OddData => "Odd data",
        }
    }
}

/// An account's texts and its group.
#[derive(Debug, Clone, Copy)]
pub struct AccountInfo {
    /// The id in forms and tests.
    pub id: &'static str,
    /// The accessible name of its button.
    pub title: &'static str,
    /// What the account shows, in one line.
    pub description: &'static str,
    /// Its group on the sign-in page.
    pub group: Group,
}

impl Account {
    /// All accounts, in the order of the sign-in page.
    pub const ALL: [Self; 23] = [
        Self::Busy,
        Self::Few,
        Self::Empty,
        Self::New,
        Self::Limited,
        Self::Failing,
        Self::Gateway,
        Self::Unavailable,
        Self::Timeout,
        Self::Slow,
        Self::Stalled,
        Self::Flaky,
        Self::Stale,
        Self::SignedOut,
        Self::Forbidden,
        Self::Invalid,
        Self::Broken,
        Self::Hostile,
        Self::Future,
        Self::Garbled,
        Self::Html,
        Self::Flood,
        Self::Faults,
    ];

    /// The account with this id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|account| account.info().id == id)
    }

    /// Its texts and its group.
    #[must_use]
    pub fn info(self) -> AccountInfo {
        use Group::{Failures, Histories, OddData};
        let (id, title, group, description) = match self {
            Self::Busy => (
                "busy",
                "Busy",
                Histories,
                "137 referrals of every status; an answer holds the newest 100",
            ),
            Self::Few => ("few", "A few", Histories, "7 referrals"),
            Self::Empty => (
                "empty",
                "Empty",
                Histories,
                "No referrals yet: an empty list",
            ),
            Self::New => (
                "new",
                "Brand new",
                Histories,
                "No referrals yet: null in place of the list",
            ),
            Self::Limited => (
                "limited",
                "Rate limited",
                Failures,
                "429 for 5 s, then 12 referrals",
            ),
            Self::Failing => ("failing", "Failing", Failures, "500 for every request"),
            Self::Gateway => (
                "gateway",
                "Bad gateway",
                Failures,
                "502 with a proxy's error page",
            ),
            Self::Unavailable => (
                "unavailable",
                "Unavailable",
                Failures,
                "503, retry after 1 s",
            ),
            Self::Timeout => (
                "timeout",
                "Gateway time-out",
                Failures,
                "504 from the service",
            ),
            Self::Slow => ("slow", "Slow", Failures, "100 referrals after 4 seconds"),
            Self::Stalled => ("stalled", "Stalled", Failures, "No answer for a minute"),
            Self::Flaky => ("flaky", "Flaky", Failures, "503 twice, then 12 referrals"),
            Self::Stale => (
                "stale",
                "Stale",
                Failures,
                "30 referrals once, then 500 for every refresh",
            ),
            Self::SignedOut => (
                "signed-out",
                "Signed out upstream",
                Failures,
                "401: signed in here, but not at the service",
            ),
            Self::Forbidden => (
                "forbidden",
                "Not allowed",
                Failures,
                "403: the plan does not include referrals",
            ),
            Self::Invalid => (
                "invalid",
                "Bad request",
                Failures,
                "422: the service rejects the request",
            ),
            Self::Broken => (
                "broken",
                "Broken records",
                OddData,
                "Missing, mistyped and unreadable fields among good ones",
            ),
            Self::Hostile => (
                "hostile",
                "Hostile text",
                OddData,
                "Markup, control characters, formulas and very long text",
            ),
            Self::Future => (
                "future",
                "From the future",
                OddData,
                "Roles, statuses and fields that are not known yet",
            ),
            Self::Garbled => ("garbled", "Garbled", OddData, "Truncated JSON"),
            Self::Html => ("html", "HTML answer", OddData, "A web page with status 200"),
            Self::Flood => (
                "flood",
                "Flood",
                OddData,
                "2,500 records, whatever the limit",
            ),
            Self::Faults => (
                "faults",
                "Faults on request",
                OddData,
                "7 referrals; any fault, by an API base below /demo/faults/",
            ),
        };
        AccountInfo {
            id,
            title,
            description,
            group,
        }
    }

    /// The account's plan.
    pub(crate) fn plan(self) -> Plan {
        match self {
            Self::Limited => Plan::Free,
            _ => Plan::Business,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_and_titles_are_unique() {
        for account in Account::ALL {
            let info = account.info();
            assert_eq!(Account::by_id(info.id), Some(account));
            let same_title = |other: &Account| other.info().title == info.title;
            assert_eq!(
                Account::ALL
                    .iter()
                    .filter(|other| same_title(other))
                    .count(),
                1
            );
        }
        assert_eq!(Account::by_id("nobody"), None);
    }
}
