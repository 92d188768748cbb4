//! Mounts a page in an element of the host page and connects it to the options, the address and the host's
//! events.

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
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::{
    app::App,
    browser::{Api, Browser, address, remove, style, warn},
    first_rows::{self, FirstRows},
    panic_hook::is_stopped,
    state::{LoadState, ReferralState},
    url_sync,
};

/// What a page has loaded, and what the user has chosen in it, for the next page of the same element.
pub struct Kept {
    pub(crate) options: HostOptions,
    pub(crate) query: Query,
    pub(crate) load: LoadState,
}

/// The page of an element. Dropping it unmounts it: it aborts the request, and ends timers and listeners. The address
/// stays as it is.
///
/// A trait, so that the first file of the element's release does not need the code of [`Mounted`].
pub trait Page {
    /// Passes what an earlier page of the same element has left to the first page, which uses it if its
    /// options request the same events.
    fn resume(&mut self, kept: Kept);

    /// Unmounts the page, and returns what the next page of the same element can show without a request.
    fn keep(self: Box<Self>) -> Option<Kept>;

    /// Renders a page with these options, or updates the rendered page. **The first call makes one
    /// request**, which costs the user a credit. A later call makes another one only if `api_base`,
    /// `api_origin`, `limit` or `session` change.
    ///
    /// Invalid options are replaced in `options`, and reported once in the browser's console.
    fn apply(&mut self, options: &mut HostOptions);

    /// Makes a request, which costs one credit. Does nothing while a request is in flight, or during a wait
    /// that the service requires.
    fn refresh(&self);

    /// Sets the user's choices from the query of an address, without a prefix. They are the host page's, so it
    /// gets no event. What the user is typing is not replaced: the host page may still be following what was
    /// typed before.
    fn set_query(&mut self, search: &str);

    /// The user's choices as the query of an address, without a prefix.
    fn query(&self) -> String;

    /// Removes the user's events and choices from the page. The next request is made by
    /// [`Page::refresh`] or by the user.
    fn clear(&self);
}

/// A page that is mounted in an element of the document.
#[must_use]
pub struct Mounted {
    host: HtmlElement,
    frame: HtmlElement,
    shown: Option<Shown>,
    /// What was there before the first page.
    first_rows: Option<FirstRows>,
    /// The query that the host page has set before the first page.
    query: Option<String>,
    /// What an earlier page of the same element has left for the first page.
    kept: Option<Kept>,
    /// The warnings about options that were written already.
    warned: Vec<String>,
}

impl Mounted {
    /// Prepares `host`, with an open shadow root that is created if there is none. Events are dispatched
    /// on `host`. Nothing is rendered before [`Page::apply`].
    pub fn new(host: HtmlElement) -> Option<Self> {
        let shadow = host.shadow_root().or_else(|| {
            let open = ShadowRootInit::new(ShadowRootMode::Open);
            host.attach_shadow(&open).ok()
        })?;
        style::adopt(&shadow);
        Self::within(host, &shadow, None)
    }

    /// Like [`Mounted::new`], in a shadow root that already has its styles, and perhaps the first rows. The page
    /// replaces them once it is drawn, and uses their request if that has the address of its own.
    pub fn within(
        host: HtmlElement,
        shadow: &ShadowRoot,
        mut first_rows: Option<FirstRows>,
    ) -> Option<Self> {
        let frame = first_rows.as_mut().and_then(FirstRows::take_frame);
        Some(Self {
            host,
            frame: frame.or_else(|| first_rows::add_frame(shadow))?,
            shown: None,
            first_rows,
            query: None,
            kept: None,
            warned: Vec::new(),
        })
    }

    /// The state of the rendered page.
    pub(crate) fn state(&self) -> Option<ReferralState> {
        self.shown.as_ref().map(|shown| shown.state)
    }
}

impl Page for Mounted {
    fn resume(&mut self, kept: Kept) {
        self.kept = Some(kept);
    }

    fn keep(self: Box<Self>) -> Option<Kept> {
        let shown = self.shown.as_ref()?;
        Some(Kept {
            options: shown.options.get_untracked(),
            query: shown.state.query().get_untracked(),
            load: shown.state.settled_load()?,
        })
    }

    fn apply(&mut self, options: &mut HostOptions) {
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
        let (first_rows, kept) = (self.first_rows.take(), self.kept.take());
        let is_of_another = |kept: &Kept| kept.options.session != options.session;
        let mut is_other_user = kept.as_ref().is_some_and(is_of_another)
            || first_rows
                .as_ref()
                .is_some_and(|rows| rows.are_of_another_session(options));
        let query = match &self.shown {
            Some(shown) if !options.needs_new_request(&shown.options.get_untracked()) => {
                if *options != shown.options.get_untracked() {
                    shown.set_options.set(options.clone());
                }
                return;
            }
            // Another user: drop the choices too, here and in the address.
            Some(shown) if options.session != shown.options.get_untracked().session => {
                is_other_user = true;
                Some(Query::with_rows_per_page(options.page_size))
            }
            Some(shown) => {
                let mut query = shown.state.query().get_untracked();
                // A page size that the user chose stays.
                if query.per_page == shown.options.get_untracked().page_size {
                    query.set_per_page(options.page_size);
                }
                Some(query)
            }
            None => self
                .query
                .as_ref()
                .map(|query| url_sync::plain_format(options).read(query))
                .or_else(|| is_other_user.then(|| Query::with_rows_per_page(options.page_size))),
        };
        let kept = kept.filter(|kept| !options.needs_new_request(&kept.options));
        // Unmount the previous page first: both write to the same address.
        self.shown = None;
        let shown = Shown::new(&self.host, &self.frame, options, query, kept, first_rows);
        if is_other_user {
            shown.state.clear_wait();
        }
        if self.query.is_some() {
            shown.state.expect_host_queries();
        }
        self.shown = Some(shown);
    }

    fn refresh(&self) {
        if let Some(shown) = &self.shown {
            shown.state.refresh();
        }
    }

    fn set_query(&mut self, search: &str) {
        match &self.shown {
            Some(shown) => {
                let query = url_sync::plain_format(&shown.options.get_untracked()).read(search);
                shown.state.choose_for_host(query);
            }
            None => self.query = Some(search.to_owned()),
        }
    }

    fn query(&self) -> String {
        match &self.shown {
            Some(shown) => {
                let query = shown.state.settled_query().get_untracked();
                url_sync::plain_format(&shown.options.get_untracked()).write(&query, "")
            }
            None => self.query.clone().unwrap_or_default(),
        }
    }

    fn clear(&self) {
        if let Some(shown) = &self.shown {
            shown.state.clear();
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if is_stopped() {
            // No cleanup after a panic: the page that replaces this one owns the address.
            mem::forget(self.shown.take());
            return;
        }
        self.shown = None;
        remove(&self.frame);
    }
}

/// The rendered page. Options that need a new request replace it.
struct Shown {
    owner: Owner,
    options: Signal<HostOptions>,
    set_options: WriteSignal<HostOptions>,
    state: ReferralState,
    _view: Box<dyn Any>,
}

impl Shown {
    fn new(
        host: &HtmlElement,
        frame: &HtmlElement,
        options: &HostOptions,
        query: Option<Query>,
        kept: Option<Kept>,
        first_rows: Option<FirstRows>,
    ) -> Self {
        // Not a child of the caller's owner, whose effects may run again.
        let owner = Owner::default();
        let api = api(options);
        // If options ask for something else since, this removes the rows, and aborts their request.
        let mut first_rows = first_rows.filter(|rows| !rows.needs_new_request(options));
        untrack(|| {
            owner.with(|| {
                let (options, set_options) = signal(options.clone());
                let options: Signal<HostOptions> = options.into();
                let (host_signs_in, set_host_signs_in) = signal(false);
                let limit = options.get_untracked().limit;
                let (early, claim) = first_rows
                    .as_mut()
                    .map(FirstRows::take_request)
                    .unwrap_or_default();
                let (claim, initial) = url_sync::initial(&options.get_untracked(), claim);
                let browser = Browser::new(api, early);
                let browser = Rc::new(browser);
                let initial = query.or(initial);
                let state = match kept {
                    Some(kept) => {
                        let query = initial.unwrap_or(kept.query);
                        ReferralState::resume(browser, limit, query, kept.load)
                    }
                    None => {
                        let default =
                            || Query::with_rows_per_page(options.get_untracked().page_size);
                        ReferralState::new(browser, limit, initial.unwrap_or_else(default))
                    }
                };
                let (host, within) = (host.clone(), frame.clone());
                let first_rows = StoredValue::new_local(first_rows);
                let app = move || {
                    url_sync::sync(within.clone(), state, options, claim);
                    events::emit(host, state, options, set_host_signs_in);
                    view! { <App state options host_signs_in set_host_signs_in first_rows/> }
                };
                let view = Box::new(mount_to(frame.clone(), app));
                Self {
                    owner: owner.clone(),
                    options,
                    set_options,
                    state,
                    _view: view,
                }
            })
        })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // Explicit, because another reference may keep the owner alive.
        self.owner.cleanup();
    }
}

/// The API; `None` if its origin is not allowed.
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
