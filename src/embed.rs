//! The public component: the one place that knows everybody.

use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    browser::{Browser, IntlLocale, page},
    model::query::Query,
    state::History,
    texts::ENGLISH,
    view::{self, Words},
};

/// The most records that the API answers with.
const MOST_EVENTS: u8 = 100;

/// What a host may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The path of the API on the page's own origin.
    pub api_base: String,
    /// How many events are asked for, 1 to 100.
    pub limit: u8,
    /// Where the console's users sign in. The page adds where to come back to as `return`.
    pub sign_in_url: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_base: "/api/v1".to_owned(),
            limit: MOST_EVENTS,
            sign_in_url: "/sign-in".to_owned(),
        }
    }
}

/// A signed-in user's referral history.
///
/// **Mounting it makes one request**, which costs the user a credit; another one is made only when the
/// user presses Refresh or Try again. A request that fails in passing is repeated at most twice.
///
/// ```
/// use leptos::prelude::*;
/// use referral_history::ReferralHistory;
///
/// #[component]
/// fn Account() -> impl IntoView {
///     view! { <ReferralHistory/> }
/// }
/// ```
#[component]
pub fn ReferralHistory(
    /// What the host sets; all of it has defaults.
    #[prop(optional)]
    options: Options,
) -> impl IntoView {
    let browser = Browser {
        api_base: options.api_base.trim_end_matches('/').into(),
    };
    let limit = options.limit.clamp(1, MOST_EVENTS);
    let history = History::new(Rc::new(browser), limit, Query::default());
    let words = Words::new(&ENGLISH, IntlLocale::of_user(ENGLISH.lang));
    let sign_in_href = page::sign_in_href(&options.sign_in_url);
    let is_filled = StoredValue::new(false);
    let fill = move |root: web_sys::Element, (): ()| {
        // A host that renders its own view again finds this one as it was.
        if !is_filled.get_value() {
            is_filled.set_value(true);
            view::page(history, words, &sign_in_href).append_to(&root);
        }
    };
    view! { <div use:fill=()></div> }
}
