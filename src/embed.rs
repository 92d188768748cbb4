//! The public component: the one place that knows everybody.

use core::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    browser::{Browser, IntlLocale, address},
    live::effect,
    model::{link, query::Query},
    state::History,
    texts,
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
    /// The language, as in HTML's `lang`; one that there are no texts in is English.
    pub lang: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_base: "/api/v1".to_owned(),
            limit: MOST_EVENTS,
            sign_in_url: "/sign-in".to_owned(),
            lang: texts::ENGLISH.lang.to_owned(),
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
    let query = link::read(&address::search(), NAMES_BEGIN);
    let history = History::new(Rc::new(browser), limit, query);
    keep_address(history);
    let texts = texts::of(&options.lang);
    let words = Words::new(texts, IntlLocale::new(texts::tag(&options.lang, texts)));
    let sign_in_href: Rc<dyn Fn() -> String> =
        Rc::new(move || address::sign_in_href(&options.sign_in_url));
    let is_filled = StoredValue::new(false);
    let fill = move |root: web_sys::Element, (): ()| {
        // A host that renders its own view again finds this one as it was.
        if !is_filled.get_value() {
            is_filled.set_value(true);
            view::page(history, words, Rc::clone(&sign_in_href)).append_to(&root);
        }
    };
    view! { <div use:fill=()></div> }
}

/// What the names of the page's choices begin with in the query of its address.
const NAMES_BEGIN: &str = "";

/// Keeps the user's choices in the page's address, and follows when the user goes back or forward.
fn keep_address(history: History) {
    let query = history.query();
    let before: RefCell<Option<Query>> = RefCell::default();
    effect(move || {
        let now = query.get();
        if let Some(before) = before.replace(Some(now.clone())) {
            let held = address::search();
            // After going back, the address holds what is shown already.
            if link::read(&held, NAMES_BEGIN) != now {
                // Who types goes back to before the search, not letter by letter.
                let is_typing = !before.search.is_empty() && before.search != now.search;
                let written = link::write(&now, &held, NAMES_BEGIN);
                if written != held {
                    let _ = address::set_search(&written, !is_typing);
                }
            }
        }
    });
    let listener = address::on_travel(move || {
        let now = link::read(&address::search(), NAMES_BEGIN);
        if query.get_untracked() != now {
            history.choose(|query| *query = now);
        }
    });
    StoredValue::new_local(listener);
}
