//! Who can sign in: the stand-in's demo accounts, or the one account whose token is in the
//! environment.

use crate::sessions::Session;
use crate::stand_in::StandIn;
use crate::stand_in::accounts::{Account, Group};
use crate::token::Token;

/// An account as the sign-in page offers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) shows: &'static str,
}

/// The account of `--upstream`.
const REAL: Choice = Choice {
    id: "crawlora",
    title: "Crawlora",
    shows: "The account of the token in CRAWLORA_JWT",
};

/// Where the accounts and their tokens come from.
#[derive(Debug)]
pub(crate) enum Accounts {
    /// From the stand-in, which makes a fresh token for every sign-in.
    Demo(StandIn),
    /// From the environment.
    Real(Token),
}

impl Accounts {
    /// What the sign-in page lists: headings, and the accounts below each.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (&'static str, Vec<Choice>)> {
        let groups = match self {
            Self::Demo(_) => Group::ALL
                .into_iter()
                .map(|group| (group.title(), demo_choices(group)))
                .collect(),
            Self::Real(_) => vec![("Account", vec![REAL])],
        };
        groups.into_iter()
    }

    /// A new session of the account with this id, if there is one.
    ///
    /// # Errors
    /// When a fresh token is needed and the operating system gives no randomness.
    pub(crate) fn sign_in(&self, id: &str) -> Option<Result<Session, getrandom::Error>> {
        match self {
            Self::Demo(stand_in) => {
                let account = Account::by_id(id)?;
                let about = account.about();
                let token = stand_in.tokens().mint(account);
                Some(token.map(|token| Session::new(about.id, about.title, token)))
            }
            Self::Real(token) => {
                (id == REAL.id).then(|| Ok(Session::new(REAL.id, REAL.title, token.clone())))
            }
        }
    }
}

fn demo_choices(group: Group) -> Vec<Choice> {
    Account::ALL
        .into_iter()
        .filter(|account| account.about().group == group)
        .map(demo_choice)
        .collect()
}

fn demo_choice(account: Account) -> Choice {
    let about = account.about();
    Choice {
        id: about.id,
        title: about.title,
        shows: about.shows,
    }
}
