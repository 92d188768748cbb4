//! The referral history of a Crawlora console user: a Leptos component, and a page around it.
//!
//! One endpoint, `GET /referrals/me/events`, tells a signed-in user what became of their latest
//! referrals. This crate asks it once a view, through the console's same-origin proxy and with the
//! console's session cookie, and shows the answer with filters and pages.
//!
//! # The map
//! An answer travels one way:
//! `browser::service` → [`wire::decode`] → `state::Load` → [`model::query::Query`] → `view`.
//!
//! | module | what it holds | what it may know |
//! |---|---|---|
//! | [`model`] | events, filters, order, pages, figures, links, files, failures, the retry policy | nothing else |
//! | [`wire`] | the JSON and the headers as sent | `model` |
//! | [`texts`] | every text a user reads | `model` |
//! | `state` | what there is to show, the user's intents | `model`, `wire` |
//! | `view` | the parts of the page | `state`, `model`, `texts`, `dom`, `live` |
//! | `live` | Leptos' signals and memos, in few bytes | `stopped` |
//! | `dom` | elements, and what changes in them | `live`, `stopped` |
//! | `browser` | fetch, timers, `Intl`, the clipboard, downloads, the address | `model`, `wire`, and what `state` asks of it |
//! | `stopped` | what a panic leaves: a report, and nothing that goes on | nothing of ours |
//! | `embed` | the page in an element of a host's: options, address, events | everybody |
//! | `component` | the same as a Leptos component | `embed` |
//!
//! # What never happens
//! - The page never sees, stores or asks for a token.
//! - It never makes a request that the user did not ask for, except the one that a view is, and at
//!   most two retries of one that failed in passing.
//! - It never asks another origin, unless the host names that origin.
//! - It never shows an error as an empty list, and never inserts text as markup.

#![forbid(unsafe_code)]

pub mod model;
pub mod texts;
pub mod wire;

#[cfg(feature = "ui")]
mod browser;
#[cfg(feature = "leptos")]
mod component;
#[cfg(feature = "ui")]
mod dom;
#[cfg(feature = "ui")]
mod embed;
#[cfg(feature = "ui")]
pub mod live;
#[cfg(feature = "ui")]
pub mod state;
#[cfg(feature = "ui")]
mod stopped;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "leptos")]
pub use component::ReferralHistory;
#[cfg(feature = "ui")]
pub use embed::Mounted;
pub use model::options::{Options, Theme, UrlSync};
#[cfg(feature = "ui")]
pub use stopped::on_panic;
