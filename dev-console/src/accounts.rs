//! The accounts that can sign in: the stand-in's demo accounts, or the account of the token in the
//! environment.

use crate::sessions::Session;
use crate::stand_in::StandIn;
use crate::stand_in::accounts::{Account, Group};
use crate::token::Token;

/// An account on the sign-in page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
}

/// The account of `--upstream`.
const REAL_ACCOUNT: Choice = Choice {
    id: "crawlora",
    title: "Crawlora",
    description: "The account of the token in CRAWLORA_JWT",
};

/// Where the accounts and their tokens come from.
#[derive(Debug)]
pub(crate) enum Accounts {
    /// From the stand-in, which issues a new token for each sign-in.
    Demo(StandIn),
    /// From the environment.
    Real(Token),
}

impl Accounts {
    /// The headings of the sign-in page, each with its accounts.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'static str, Vec<Choice>)> {
        let groups = match self {
            Self::Demo(_) => Group::ALL
                .into_iter()
                .map(|group| (group.title(), demo_choices(group)))
                .collect(),
            Self::Real(_) => vec![("Account", vec![REAL_ACCOUNT])],
        };
        groups.into_iter()
    }

    /// A new session of the account with this id; `None` for an unknown id.
    ///
    /// # Errors
    /// When a new token is needed and the operating system provides no randomness.
    pub(crate) fn sign_in(&self, id: &str) -> Option<Result<Session, getrandom::Error>> {
        match self {
            Self::Demo(stand_in) => {
                let account = Account::by_id(id)?;
                let info = account.info();
                let token = stand_in.tokens().issue(account);
                Some(token.map(|token| Session::new(info.id, info.title, token)))
            }
            Self::Real(token) => (id == REAL_ACCOUNT.id).then(|| {
                Ok(Session::new(
                    REAL_ACCOUNT.id,
                    REAL_ACCOUNT.title,
                    token.clone(),
                ))
            }),
        }
    }
}

fn demo_choices(group: Group) -> Vec<Choice> {
    Account::ALL
        .into_iter()
        .filter(|account| account.info().group == group)
        .map(demo_choice)
        .collect()
}

fn demo_choice(account: Account) -> Choice {
    let info = account.info();
    Choice {
        id: info.id,
        title: info.title,
        description: info.description,
    }
}
