//! A page in an element of a host's: the one place that knows everybody.

mod events;

use core::{any::Any, mem};
use std::rc::Rc;

use leptos::{mount::mount_to, prelude::*};
use referral_history_core::{
    options::{
        API_BASE, DEFAULT_API_BASE, DEFAULT_SIGN_IN_URL, HostOptions, InvalidOption, SIGN_IN_URL,
    },
    query::Query,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::{
    app::App,
    browser::{Api, Browser, EarlyRequest, address, document, style, warn},
    panic_hook::is_stopped,
    state::ReferralState,
    url_sync,
};

/// A page that is shown in an element of the document, until it is dropped: then its request is
/// aborted, its timers and listeners end, and what it wrote into the address goes.
#[must_use]
pub struct Mounted {
    host: HtmlElement,
    frame: HtmlElement,
    shown: Option<Shown>,
    /// The request that the first page takes over.
    early: Option<EarlyRequest>,
    /// What was told about its options.
    warned: Vec<String>,
}

impl Mounted {
    /// A place for a page in an open shadow root of `host`, which is made if there is none. The events
    /// for the host come from `host`. Nothing is shown before [`Mounted::apply`].
    pub fn new(host: HtmlElement) -> Option<Self> {
        let shadow = host.shadow_root().or_else(|| {
            let open = ShadowRootInit::new(ShadowRootMode::Open);
            host.attach_shadow(&open).ok()
        })?;
        style::adopt(&shadow);
        Self::within(host, &shadow)
    }

    /// The same in a shadow root that has its styles already.
    pub fn within(host: HtmlElement, shadow: &ShadowRoot) -> Option<Self> {
        let frame = document()?.create_element("div").ok()?;
        let frame: HtmlElement = frame.dyn_into().ok()?;
        shadow.append_child(&frame).ok()?;
        style::keep_text_size(&frame);
        frame.set_class_name("rh-frame");
        Some(Self {
            host,
            frame,
            shown: None,
            early: None,
            warned: Vec::new(),
        })
    }

    /// Has the first page take over a request that was made while the program was loading, if it asks for
    /// the same.
    pub fn take_over(&mut self, early: EarlyRequest) {
        self.early = Some(early);
    }

    /// Shows a page with these options, or changes those of the one that is shown. **The first time it
    /// makes one request**, which costs the user a credit, and another one only when something else is
    /// to be asked for: `api_base`, `api_origin`, `limit` or `session`.
    ///
    /// What an option cannot be is put right in `options`, and told to the browser's console once.
    pub fn apply(&mut self, options: &mut HostOptions) {
        let mut invalid = options.check();
        if address::resolve(&options.api_base).is_none() {
            invalid.push(InvalidOption::new(
                API_BASE,
                &options.api_base,
                DEFAULT_API_BASE,
            ));
            DEFAULT_API_BASE.clone_into(&mut options.api_base);
        }
        if !address::is_on_this_origin(&options.sign_in_url) {
            let used = address::on_this_origin(DEFAULT_SIGN_IN_URL);
            if options.sign_in_url != DEFAULT_SIGN_IN_URL {
                invalid.push(InvalidOption::new(SIGN_IN_URL, &options.sign_in_url, &used));
            }
            options.sign_in_url = used;
        }
        for sentence in invalid.iter().map(InvalidOption::to_string) {
            if !self.warned.contains(&sentence) {
                warn(&sentence);
                self.warned.push(sentence);
            }
        }
        let query = match &self.shown {
            Some(shown) if !options.needs_new_request(&shown.options.get_untracked()) => {
                if *options != shown.options.get_untracked() {
                    shown.options.set(options.clone());
                }
                return;
            }
            // Nothing of another user's stays, neither here nor in the address.
            Some(shown) if options.session != shown.options.get_untracked().session => {
                shown.state.forget_wait();
                Some(Query {
                    per_page: options.page_size,
                    ..Query::default()
                })
            }
            Some(shown) => {
                let mut query = shown.state.query().get_untracked();
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
        self.shown = Some(Shown::new(
            &self.host,
            &self.frame,
            options,
            query,
            self.early.take(),
        ));
    }

    /// Asks again: one credit. Does nothing while that cannot be.
    pub fn refresh(&self) {
        if let Some(shown) = &self.shown {
            shown.state.refresh();
        }
    }

    /// The state of what is shown.
    pub(crate) fn state(&self) -> Option<ReferralState> {
        self.shown.as_ref().map(|shown| shown.state)
    }

    /// Takes the user's events and choices off the page. Nothing is asked until [`Mounted::refresh`], or
    /// until the user asks.
    pub fn clear(&self) {
        if let Some(shown) = &self.shown {
            shown.state.clear();
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
        self.frame.remove();
    }
}

/// What is shown, for as long as the same is asked for.
struct Shown {
    owner: Owner,
    options: RwSignal<HostOptions>,
    state: ReferralState,
    _view: Box<dyn Any>,
}

impl Shown {
    fn new(
        host: &HtmlElement,
        frame: &HtmlElement,
        options: &HostOptions,
        query: Option<Query>,
        early: Option<EarlyRequest>,
    ) -> Self {
        // Not a child of whatever owner the host is under, whose effects may run again.
        let owner = Owner::default();
        let api = api(options);
        untrack(|| {
            owner.with(|| {
                let options = RwSignal::new(options.clone());
                let limit = options.get_untracked().limit;
                let (reserved, first) = url_sync::first(&options.get_untracked());
                let browser = Browser::new(api, early);
                let state = ReferralState::new(Rc::new(browser), limit, query.unwrap_or(first));
                let host = host.clone();
                let app = move || {
                    url_sync::keep(host.clone(), state, options, reserved);
                    let host_signs_in = events::emit(host, state, options);
                    view! { <App state options host_signs_in/> }
                };
                let view = Box::new(mount_to(frame.clone(), app));
                Self {
                    owner: owner.clone(),
                    options,
                    state,
                    _view: view,
                }
            })
        })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // Not left to the view, which something may still hold on to.
        self.owner.cleanup();
    }
}

/// Where the service is; `None` where it must not be asked.
fn api(options: &HostOptions) -> Option<Api> {
    let api = Api::parse(&options.api_base, &options.api_origin);
    if api.is_none() {
        warn(&format_args!(
            "referral-history: api-base {:?} is on another origin than the page. Nothing is asked. \
             If that is meant, name the origin in api-origin.",
            options.api_base
        ));
    }
    api
}
