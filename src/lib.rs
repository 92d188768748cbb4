//! The referral history of a Crawlora console user: a Leptos component, and a page around it.
//!
//! One endpoint, `GET /referrals/me/events`, tells a signed-in user what became of their latest
//! referrals. This crate asks it once a view, through the console's same-origin proxy and with the
//! console's session cookie, and shows the answer with filters and pages.
//!
//! # The map
//! An answer travels one way: `browser::client` → [`api::decode`](referral_history_core::api::decode) →
//! `state::LoadState` → [`Query`](referral_history_core::query::Query) → `components`.
//!
//! | module | what it holds |
//! |---|---|
//! | [`referral_history_core`] | events, filters, order, pages, figures, links, files, failures, the retry policy; the JSON as sent; every text a user reads. A crate of its own that knows neither Leptos nor a browser |
//! | `state` | what there is to show, the user's intents. It knows no browser |
//! | `app` | [`ReferralHistory`], and which parts the page has |
//! | `components` | the parts of the page, one file each |
//! | `context` | what every component needs: `use_shared()` |
//! | `i18n` | the texts and formats of the page's language |
//! | `browser` | fetch, timers, `Intl`, the clipboard, downloads, the address |
//! | `panic_hook` | what a panic leaves: a report, and nothing that goes on |
//! | `embed` | the page in an element of a host: options, events |
//! | `url_sync` | the choices in the address |
//!
//! # What never happens
//! - The page never sees, stores or asks for a token.
//! - It never makes a request that the user did not ask for, except the one that a view is, and at
//!   most two retries of one that failed in passing.
//! - It never asks another origin, unless the host names that origin.
//! - It never shows an error as an empty list, and never inserts text as markup.

#![forbid(unsafe_code)]

mod app;
mod browser;
mod components;
mod context;
mod embed;
mod i18n;
mod panic_hook;
pub mod state;
mod url_sync;

pub use app::{ReferralHistory, ReferralHistoryHandle};
pub use browser::EarlyRequest;
pub use embed::Mounted;
pub use i18n::add_locale;
pub use panic_hook::on_panic;
pub use referral_history_core::options::{HostOptions, Theme, UrlSync};
