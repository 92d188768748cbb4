//! A page in an element: the one place that knows everybody.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use any_spawner::Executor;
use reactive_graph::owner::{Owner, StoredValue};
use web_sys::Element;

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

/// A page that is shown in an element of the document, until it is dropped.
#[must_use]
pub struct Mounted {
    owner: Owner,
    root: Element,
}

impl Mounted {
    /// Shows a page at the end of an element. **It makes one request**, which costs the user a credit.
    pub fn new(root: Element, options: &Options) -> Self {
        // It fails when there is an executor already, which is then the one that is used.
        let _ = Executor::init_wasm_bindgen();
        let owner = Owner::new();
        owner.with(|| show(&root, options));
        Self { owner, root }
    }

    /// Shows it for as long as the document is there.
    pub fn forget(self) {
        core::mem::forget(self);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.root.set_text_content(None);
    }
}

/// Shows a page for as long as the current owner lives.
fn show(root: &Element, options: &Options) {
    let browser = Browser {
        api_base: options.api_base.trim_end_matches('/').into(),
    };
    let limit = options.limit.clamp(1, MOST_EVENTS);
    let query = link::read(&address::search(), NAMES_BEGIN);
    let history = History::new(Rc::new(browser), limit, query);
    keep_address(history);
    let texts = texts::of(&options.lang);
    let words = Words::new(texts, IntlLocale::new(texts::tag(&options.lang, texts)));
    let sign_in_url = options.sign_in_url.clone();
    let sign_in_href: Rc<dyn Fn() -> String> = Rc::new(move || address::sign_in_href(&sign_in_url));
    view::page(history, words, sign_in_href).append_to(root);
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
        let goes_on = typed.replace(now_typed) == now_typed && now_typed.is_some();
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
