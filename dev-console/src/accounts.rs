//! The accounts that can sign in: the stand-in's demo accounts, or the account of the token in the
//! environment.

use std::fmt;
use std::sync::Arc;

use subtle::ConstantTimeEq as _;

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

/// With the limits of sign-ins, no such password is found by trying.
const MIN_PASSWORD_LENGTH: usize = 12;

/// The account of `--upstream`.
const REAL_ACCOUNT: Choice = Choice {
    id: "crawlora",
    title: "Crawlora",
    description: "The account of the token in CRAWLORA_JWT",
};

/// The password of the real account. It is compared in constant time, and cannot be printed.
#[derive(Clone)]
pub struct Password(Arc<str>);

impl Password {
    /// `None` when it is shorter than 12 characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (text.chars().count() >= MIN_PASSWORD_LENGTH).then(|| Self(text.into()))
    }

    fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(redacted)")
    }
}

/// Where the accounts and their tokens come from.
#[derive(Debug)]
pub(crate) enum Accounts {
    /// From the stand-in, which issues a new token for each sign-in.
    Demo(StandIn),
    /// From the environment.
    Real {
        token: Token,
        password: Option<Password>,
    },
}

/// An account that exists.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Known {
    Demo(Account),
    Real,
}

impl Known {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Demo(account) => account.info().id,
            Self::Real => REAL_ACCOUNT.id,
        }
    }
}

/// Why nobody is signed in.
#[derive(Debug)]
pub(crate) enum SignInError {
    WrongPassword,
    /// A new token is needed and the operating system provides no randomness.
    NoRandomness,
}

impl Accounts {
    /// The headings of the sign-in page, each with its accounts.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'static str, Vec<Choice>)> {
        let groups = match self {
            Self::Demo(_) => Group::ALL
                .into_iter()
                .map(|group| (group.title(), demo_choices(group)))
                .collect(),
            Self::Real { .. } => vec![("Account", vec![REAL_ACCOUNT])],
        };
        groups.into_iter()
    }

    pub(crate) fn has_password(&self) -> bool {
        matches!(self, Self::Real { password, .. } if password.is_some())
    }

    /// The account with this id.
    pub(crate) fn find(&self, id: &str) -> Option<Known> {
        match self {
            Self::Demo(_) => Account::by_id(id).map(Known::Demo),
            Self::Real { .. } => (id == REAL_ACCOUNT.id).then_some(Known::Real),
        }
    }

    /// A new session of an account.
    ///
    /// # Errors
    /// When the password is wrong, or there is no randomness.
    pub(crate) fn sign_in(&self, account: Known, password: &str) -> Result<Session, SignInError> {
        match (self, account) {
            (Self::Demo(stand_in), Known::Demo(account)) => {
                let info = account.info();
                let token = stand_in.tokens().issue(account);
                let token = token.map_err(|_| SignInError::NoRandomness)?;
                Ok(Session::new(info.id, info.title, token))
            }
            (
                Self::Real {
                    token,
                    password: needed,
                },
                Known::Real,
            ) if needed.as_ref().is_none_or(|needed| needed.is(password)) => {
                let Choice { id, title, .. } = REAL_ACCOUNT;
                Ok(Session::new(id, title, token.clone()))
            }
            _ => Err(SignInError::WrongPassword),
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
