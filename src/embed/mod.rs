//! A page in an element of a host's: the one place that knows everybody.

mod events;
mod link;

use core::mem;
use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;
use referral_history_core::{
    options::{API_BASE, DEFAULT_API_BASE, DEFAULT_SIGN_IN_URL, Options, Rejected, SIGN_IN_URL},
    query::Query,
    texts,
};
use web_sys::{Element, HtmlElement, ShadowRoot};

use crate::{
    browser::{Api, Browser, IntlLocale, address, document, style, warn},
    dom::{self, element, part},
    state::History,
    stopped::is_stopped,
    view::{self, Words},
};

thread_local! {
    /// Tells pages that the texts of a language have come.
    static LOCALES: ArcTrigger = ArcTrigger::new();
}

/// Reads the texts of a language from its file, for all pages. Until then a page in that language is in
/// English.
pub fn add_locale(json: &str) {
    texts::add(json);
    LOCALES.with(ArcTrigger::notify);
}

/// A page that is shown in an element of the document, until it is dropped: then its request is
/// aborted, its timers and listeners end, and what it wrote into the address goes.
#[must_use]
pub struct Mounted {
    host: HtmlElement,
    root: Element,
    shown: Option<Shown>,
    /// What was told about its options.
    told: Vec<String>,
}

impl Mounted {
    /// A place for a page in an open shadow root of `host`, which is made if there is none. The events
    /// for the host come from `host`. Nothing is shown before [`Mounted::apply`].
    pub fn new(host: HtmlElement) -> Option<Self> {
        let shadow = host.shadow_root().or_else(|| dom::open_shadow(&host))?;
        style::adopt(&shadow);
        Self::within(host, &shadow)
    }

    /// The same in a shadow root that has its styles already.
    pub fn within(host: HtmlElement, shadow: &ShadowRoot) -> Option<Self> {
        // It fails when there is an executor already, which is then the one that is used.
        let _ = Executor::init_wasm_bindgen();
        let root = document()?.create_element("div").ok()?;
        shadow.append_child(&root).ok()?;
        style::keep_text_size(&root);
        root.set_class_name("rh-frame");
        Some(Self {
            host,
            root,
            shown: None,
            told: Vec::new(),
        })
    }

    /// Shows a page with these options, or changes those of the one that is shown. **The first time it
    /// makes one request**, which costs the user a credit, and another one only when something else is
    /// to be asked for: `api_base`, `api_origin`, `limit` or `session`.
    ///
    /// What an option cannot be is put right in `options`, and told to the browser's console once.
    pub fn apply(&mut self, options: &mut Options) {
        let mut rejected = options.check();
        if address::resolve(&options.api_base).is_none() {
            rejected.push(Rejected::new(API_BASE, &options.api_base, DEFAULT_API_BASE));
            DEFAULT_API_BASE.clone_into(&mut options.api_base);
        }
        if !address::is_on_this_origin(&options.sign_in_url) {
            let used = address::on_this_origin(DEFAULT_SIGN_IN_URL);
            if options.sign_in_url != DEFAULT_SIGN_IN_URL {
                rejected.push(Rejected::new(SIGN_IN_URL, &options.sign_in_url, &used));
            }
            options.sign_in_url = used;
        }
        for sentence in rejected.iter().map(Rejected::to_string) {
            if !self.told.contains(&sentence) {
                warn(&sentence);
                self.told.push(sentence);
            }
        }
        let query = match &self.shown {
            Some(shown) if !options.asks_otherwise(&shown.options.get_untracked()) => {
                if *options != shown.options.get_untracked() {
                    shown.options.set(options.clone());
                }
                return;
            }
            // Nothing of another user's stays, neither here nor in the address.
            Some(shown) if options.session != shown.options.get_untracked().session => {
                shown.history.forget_wait();
                Some(Query {
                    per_page: options.page_size,
                    ..Query::default()
                })
            }
            Some(shown) => {
                let mut query = shown.history.query().get_untracked();
                // Who chose other rows keeps them.
                if query.per_page == shown.options.get_untracked().page_size {
                    query.set_per_page(options.page_size);
                }
                Some(query)
            }
            None => None,
        };
        // What was shown ends before the next begins: both write into one address.
        self.shown = None;
        self.shown = Some(Shown::new(&self.host, &self.root, options, query));
    }

    /// Asks again: one credit. Does nothing while that cannot be.
    pub fn refresh(&self) {
        if let Some(shown) = &self.shown {
            shown.history.refresh();
        }
    }

    /// Takes the user's events and choices off the page. Nothing is asked until [`Mounted::refresh`], or
    /// until the user asks.
    pub fn clear(&self) {
        if let Some(shown) = &self.shown {
            shown.history.clear();
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if is_stopped() {
            // Whoever has taken its place has the address too.
            mem::forget(self.shown.take());
            return;
        }
        self.shown = None;
        self.root.remove();
    }
}

/// What is shown, for as long as the same is asked for.
struct Shown {
    owner: Owner,
    root: Element,
    options: RwSignal<Options>,
    history: History,
}

impl Shown {
    fn new(host: &HtmlElement, root: &Element, options: &Options, query: Option<Query>) -> Self {
        // Not a child of whatever owner the host is under, whose effects may run again.
        let owner = Owner::default();
        let api = api(options);
        let (options, history) = untrack(|| {
            owner.with(|| {
                let options = RwSignal::new(options.clone());
                (options, show(host, root, api, options, query))
            })
        });
        Self {
            owner,
            root: root.clone(),
            options,
            history,
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.root.set_text_content(None);
    }
}

/// Where the service is; `None` where it must not be asked.
fn api(options: &Options) -> Option<Api> {
    let api = Api::of(&options.api_base, &options.api_origin);
    if api.is_none() {
        warn(&format_args!(
            "referral-history: api-base {:?} is on another origin than the page. Nothing is asked. \
             If that is meant, name the origin in api-origin.",
            options.api_base
        ));
    }
    api
}

/// Shows a page for as long as the current owner lives.
fn show(
    host: &HtmlElement,
    root: &Element,
    api: Option<Api>,
    options: RwSignal<Options>,
    query: Option<Query>,
) -> History {
    let limit = options.get_untracked().limit;
    let (claim, first) = link::first(&options.get_untracked());
    let history = History::new(Rc::new(Browser { api }), limit, query.unwrap_or(first));
    link::keep(host.clone(), history, options, claim);
    let host_signs_in = events::tell(host.clone(), history, options);
    // The language whose texts are there: English until those of another have come.
    let tag = Memo::new(move |_| {
        LOCALES.with(ArcTrigger::track);
        let lang = match options.with(|options| options.lang.clone()) {
            lang if lang.is_empty() => address::language(),
            lang => lang,
        };
        texts::tag(&lang, texts::of(&lang)).to_owned()
    });
    let around = view::Around {
        theme: Memo::new(move |_| options.with(|options| options.theme)),
        host_signs_in,
        sign_in_href: Rc::new(move || {
            options.with(|options| address::sign_in_href(&options.sign_in_url))
        }),
    };
    // Another language is another page, on the same state.
    let page = part(move || {
        let tag = tag.get();
        let texts = texts::of(&tag);
        untrack(|| {
            let words = Words::new(texts, IntlLocale::new(&tag));
            Some(view::page(history, words, around.clone()))
        })
    });
    element("div", "").child(page).append_to(root);
    history
}
