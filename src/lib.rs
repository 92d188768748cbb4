//! The referral history of a Crawlora console user: a Leptos component, and a page around it.
//!
//! One endpoint, `GET /referrals/me/events`, returns the latest referral events of a signed-in user. This
//! crate requests it once per view, through the console's same-origin proxy and with the console's session
//! cookie, and shows the events with filters and pages.
//!
//! # Modules
//! Data flows one way: `browser::client` → [`api::decode`](referral_history_core::api::decode) →
//! `state::LoadState` → [`Query`](referral_history_core::query::Query) → `components`.
//!
//! | module | contents |
//! |---|---|
//! | [`referral_history_core`] | the API's JSON, filters, order, pages, figures, URL parameters, export files, failures, the retry policy and all texts. A separate crate that depends on neither Leptos nor a browser |
//! | `state` | signals, memos and user actions. It does not use the browser |
//! | `app` | [`ReferralHistory`] and the layout of the page |
//! | `first_rows` | the first request, and the rows that the element shows before the page is there |
//! | `components` | the components of the page, one file each |
//! | `context` | the handles that every component needs: `use_shared()` |
//! | `i18n` | the texts and formats of the page's language |
//! | `browser` | fetch, timers, `Intl`, the clipboard, downloads, the address |
//! | `panic_hook` | reports a panic and stops listeners, effects and tasks after it |
//! | `embed` | the page in an element of the host page: options, events |
//! | `url_sync` | the user's choices in the address |
//!
//! # Guarantees
//! - The page never reads, stores or requests a token.
//! - It makes one request when it is mounted. Every further request is the user's or the host's, except
//!   at most two retries of a transient failure.
//! - It never sends a request to another origin, unless the host page names that origin.
//! - It never shows an error as an empty list, and never inserts text as markup.

#![forbid(unsafe_code)]

mod app;
mod browser;
mod components;
mod context;
mod embed;
mod first_rows;
mod i18n;
mod panic_hook;
pub mod state;
mod url_sync;

pub use app::{ReferralHistory, ReferralHistoryHandle};
pub use browser::EarlyRequest;
pub use embed::{Kept, Mounted, Page};
pub use first_rows::FirstRows;
pub use i18n::add_locale;
pub use panic_hook::on_panic;
pub use referral_history_core::options::{HostOptions, Theme, UrlSync};
