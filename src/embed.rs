//! The public component: the one place that knows everybody.

use core::cell::{Cell, RefCell};
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
    // What the last step was a change of, where that can go on letter by letter.
    let typed: Rc<Cell<Option<Typed>>> = Rc::default();
    let typed_before_travel = Rc::clone(&typed);
    effect(move || {
        let now = query.get();
        let Some(before) = before.replace(Some(now.clone())) else {
            return;
        };
        let held = address::search();
        // After going back, the address holds what is shown already.
        if link::read(&held, NAMES_BEGIN) == now {
            return;
        }
        let now_typed = Typed::between(&before, &now);
        let goes_on = now_typed.is_some() && typed.replace(now_typed) == now_typed;
        let written = link::write(&now, &held, NAMES_BEGIN);
        if written != held {
            let _ = address::set_search(&written, !goes_on);
        }
    });
    let listener = address::on_travel(move || {
        typed_before_travel.set(None);
        let now = link::read(&address::search(), NAMES_BEGIN);
        if query.get_untracked() != now {
            history.choose(|query| *query = now);
        }
    });
    StoredValue::new_local(listener);
}

/// What is entered piece by piece. Going back goes to before all of it, not to the piece before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Search,
    Dates,
}

impl Typed {
    /// What was typed to come from one query to the other, if that was all that changed.
    fn between(before: &Query, now: &Query) -> Option<Self> {
        let only = |change: fn(&mut Query, &Query)| {
            let mut changed = before.clone();
            change(&mut changed, now);
            changed.page = now.page;
            changed == *now
        };
        if only(|query, now| query.search.clone_from(&now.search)) {
            Some(Self::Search)
        } else if only(|query, now| query.dates = now.dates) {
            Some(Self::Dates)
        } else {
            None
        }
    }
}
