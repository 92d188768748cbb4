//! The demo accounts: which there are, what each is called, and what it shows.
//!
//! To add one: a variant here, its row in [`Account::about`], and its answer in the stand-in's
//! `answer`; the compiler names the places.

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
    /// The plan's requests are used up for the next seconds.
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
    /// Answers later than anyone waits.
    Stalled,
    /// 503 twice, then works.
    Flaky,
    /// Works once, then 500.
    Stale,
    /// 401 although the console's session is valid.
    SignedOut,
    /// 403.
    Forbidden,
    /// 422.
    Invalid,
    /// Records with missing and unreadable fields.
    Broken,
    /// Text that tries to be more than text.
    Hostile,
    /// Roles, statuses and fields that the documentation does not name yet.
    Future,
    /// JSON that ends in the middle.
    Garbled,
    /// A web page with status 200.
    Html,
    /// Many more records than asked for.
    Flood,
    /// A handful of events, and whatever fault an address asks for.
    Faults,
}

/// What kind of thing an account shows: the sign-in page lists them by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Histories as users have them.
    Histories,
    /// Failures, and waiting.
    Failures,
    /// Answers that are not what was asked for.
    OddData,
}

impl Group {
    /// All of them, in the order of the sign-in page.
    pub const ALL: [Self; 3] = [Self::Histories, Self::Failures, Self::OddData];

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

/// What there is to say of an account.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The word in forms and tests.
    pub id: &'static str,
    /// The accessible name of its button.
    pub title: &'static str,
    /// What it shows, in one line.
    pub shows: &'static str,
    /// Where it stands on the sign-in page.
    pub group: Group,
}

impl Account {
    /// All of them, in the order of the sign-in page.
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

    /// The account of this id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|account| account.about().id == id)
    }

    /// What there is to say of it.
    #[must_use]
    pub fn about(self) -> About {
        use Group::{Failures, Histories, OddData};
        let (id, title, group, shows) = match self {
            Self::Busy => (
                "busy",
                "Busy",
                Histories,
                "137 events of every status, of which one answer holds the newest 100",
            ),
            Self::Few => ("few", "A few", Histories, "7 events"),
            Self::Empty => ("empty", "Empty", Histories, "No events yet: an empty list"),
            Self::New => (
                "new",
                "Brand new",
                Histories,
                "No events yet: null where the list would be",
            ),
            Self::Limited => (
                "limited",
                "Rate limited",
                Failures,
                "5 requests a minute, used up for the next 5 seconds (429), then 12 events",
            ),
            Self::Failing => (
                "failing",
                "Failing",
                Failures,
                "Every request fails at the service (500)",
            ),
            Self::Gateway => (
                "gateway",
                "Bad gateway",
                Failures,
                "A proxy's error page instead of an answer (502)",
            ),
            Self::Unavailable => (
                "unavailable",
                "Unavailable",
                Failures,
                "Every request is put off by a second (503)",
            ),
            Self::Timeout => (
                "timeout",
                "Gateway time-out",
                Failures,
                "The service says it waited too long (504)",
            ),
            Self::Slow => ("slow", "Slow", Failures, "100 events after 4 seconds"),
            Self::Stalled => ("stalled", "Stalled", Failures, "No answer for a minute"),
            Self::Flaky => (
                "flaky",
                "Flaky",
                Failures,
                "Fails twice (503), then 12 events",
            ),
            Self::Stale => (
                "stale",
                "Stale",
                Failures,
                "30 events once, then every refresh fails (500)",
            ),
            Self::SignedOut => (
                "signed-out",
                "Signed out upstream",
                Failures,
                "Signed in here, but not at the service (401)",
            ),
            Self::Forbidden => (
                "forbidden",
                "Not allowed",
                Failures,
                "The plan does not include referrals (403)",
            ),
            Self::Invalid => (
                "invalid",
                "Bad request",
                Failures,
                "The service rejects the request (422)",
            ),
            Self::Broken => (
                "broken",
                "Broken records",
                OddData,
                "Good records among missing, mistyped and unreadable ones",
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
            Self::Garbled => (
                "garbled",
                "Garbled",
                OddData,
                "An answer that ends in the middle",
            ),
            Self::Html => (
                "html",
                "HTML answer",
                OddData,
                "A web page with status 200 instead of data",
            ),
            Self::Flood => (
                "flood",
                "Flood",
                OddData,
                "2,500 records, whatever was asked for",
            ),
            Self::Faults => (
                "faults",
                "Faults on request",
                OddData,
                "7 events, and below /demo/faults/ any fault that an API base asks for",
            ),
        };
        About {
            id,
            title,
            shows,
            group,
        }
    }

    /// What the account pays for.
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
    fn every_account_has_an_id_and_a_title_of_its_own() {
        for account in Account::ALL {
            let about = account.about();
            assert_eq!(Account::by_id(about.id), Some(account));
            let same_title = |other: &Account| other.about().title == about.title;
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
