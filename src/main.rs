//! The WebAssembly module that `referral-history.js` loads: the functions behind `<referral-history>`.

#![forbid(unsafe_code)]

use core::cell::Cell;

use js_sys::{Function, Promise};
#[cfg(split)]
use leptos::prelude::*;
use referral_history::{EarlyRequest, FirstRows, HostOptions, Mounted, Page, on_panic};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{AbortController, HtmlElement, ShadowRoot, console};

fn main() {}

/// Reports a panic to a function, with its message and source location.
#[wasm_bindgen(js_name = onPanic)]
pub fn report_panics(report: Function) {
    on_panic(move |message| {
        // Nothing can catch what the function throws.
        let _ = report.call1(&JsValue::UNDEFINED, &message.into());
    });
}

/// Loads the texts of a language from its file. Pages in that language render again with them.
#[wasm_bindgen(js_name = addLocale)]
pub fn add_locale(json: &str) {
    referral_history::add_locale(json);
}

/// What one `<referral-history>` element shows before its page is there.
#[wasm_bindgen]
pub struct Beginning {
    first_rows: FirstRows,
    options: HostOptions,
}

#[wasm_bindgen]
impl Beginning {
    /// In a shadow root.
    #[wasm_bindgen(constructor)]
    pub fn new(shadow: ShadowRoot) -> Self {
        Self {
            first_rows: FirstRows::new(shadow),
            options: HostOptions::default(),
        }
    }

    /// Takes over a request that the entry made while the module was loading: its address, the promise
    /// that `fetch` returned, and its abort controller.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(&mut self, url: String, response: Promise, abort: AbortController) {
        self.first_rows
            .take_over(EarlyRequest::new(url, response, abort));
    }

    /// Sets the option of an attribute. The page says which are invalid.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        let _ = self.options.set(name, value.as_deref());
    }

    /// Asks for the events, with the options that are set and the choices in the query of an address. **Makes a
    /// request** if none was made, which costs one credit.
    pub fn ask(&mut self, query: Option<String>) {
        self.first_rows.ask(&self.options, query.as_deref());
    }

    /// Whether the options that are set by now ask for anything else than they did. Then the rows are removed, and the
    /// request is aborted.
    pub fn settle(&mut self) -> bool {
        self.first_rows.settle(&self.options)
    }

    /// Waits for the answer.
    pub fn answered(&mut self) -> Promise {
        promise(self.first_rows.answered())
    }

    /// Draws the rows of the answer, in a shadow root that has its styles by now. The promise is fulfilled when they are
    /// painted, or at once if there are none.
    pub fn draw(&self) -> Promise {
        promise(self.first_rows.draw())
    }

    /// Whether the rows are there.
    #[wasm_bindgen(js_name = areRowsThere)]
    pub fn are_rows_there(&self) -> bool {
        self.first_rows.are_drawn()
    }

    /// Removes the rows, and aborts the request.
    pub fn clear(&mut self) {
        self.first_rows.clear();
    }

    /// Removes the rows, and returns what a page of the same element can show without a request.
    pub fn keep(self) -> Option<Kept> {
        self.first_rows.keep().map(Kept)
    }
}

/// A promise that is fulfilled when a future ends.
fn promise(future: impl Future<Output = ()> + 'static) -> Promise {
    future_to_promise(async {
        future.await;
        Ok(JsValue::UNDEFINED)
    })
}

/// Prepares the page of an element with this shadow root and these first rows.
type Prepare = fn(HtmlElement, &ShadowRoot, Option<FirstRows>) -> Option<Box<dyn Page>>;

thread_local! {
    /// Is there once the second file is.
    static PREPARE: Cell<Option<Prepare>> = const { Cell::new(None) };
}

/// The second file of the program, from here. `cargo xtask build` sets `split`, and puts what is only reached from here
/// into a file of its own. Without `split` all is one file, and nothing is waited for.
#[cfg_attr(split, lazy)]
async fn second_file() -> Prepare {
    prepare as Prepare
}

fn prepare(
    host: HtmlElement,
    shadow: &ShadowRoot,
    first_rows: Option<FirstRows>,
) -> Option<Box<dyn Page>> {
    Some(Box::new(Mounted::within(host, shadow, first_rows)?))
}

/// Waits for the second file of the program. Without it there can be no [`Instance`].
#[wasm_bindgen(js_name = loadPage)]
pub async fn load_page() {
    PREPARE.set(Some(second_file().await));
}

/// What the page of an element has loaded, and what the user has chosen in it.
#[wasm_bindgen]
pub struct Kept(referral_history::Kept);

/// The page of one `<referral-history>` element.
#[wasm_bindgen]
pub struct Instance {
    page: Box<dyn Page>,
    options: HostOptions,
}

#[wasm_bindgen]
impl Instance {
    /// Prepares a page in a shadow root that already has its styles. It takes over what the element has shown until
    /// now. `apply` shows it.
    ///
    /// # Errors
    /// The second file is not there, or the document cannot be used: another script has replaced `Window`, say.
    #[wasm_bindgen(constructor)]
    pub fn new(
        host: HtmlElement,
        shadow: &ShadowRoot,
        beginning: Option<Beginning>,
    ) -> Result<Self, JsError> {
        let first_rows = beginning.map(|beginning| beginning.first_rows);
        let prepare = PREPARE.get();
        let page = prepare.and_then(|prepare| prepare(host, shadow, first_rows));
        Ok(Self {
            page: page.ok_or_else(|| JsError::new("the document cannot be used"))?,
            options: HostOptions::default(),
        })
    }

    /// Takes over what an earlier page of the same element has left.
    pub fn resume(&mut self, kept: Kept) {
        self.page.resume(kept.0);
    }

    /// Unmounts the page, and returns what the next page of the same element can show without a request.
    pub fn keep(self) -> Option<Kept> {
        self.page.keep().map(Kept)
    }

    /// Sets the option of an attribute. Without a value it has its default.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        if let Err(invalid) = self.options.set(name, value.as_deref()) {
            console::warn_1(&JsValue::from(invalid.to_string()));
        }
    }

    /// Sets the user's choices from the query of an address.
    #[wasm_bindgen(js_name = setQuery)]
    pub fn set_query(&mut self, search: &str) {
        self.page.set_query(search);
    }

    /// The user's choices as the query of an address.
    pub fn query(&self) -> String {
        self.page.query()
    }

    /// Shows the page with the options that are set.
    pub fn apply(&mut self) {
        self.page.apply(&mut self.options);
    }

    /// Removes the user's events and choices from the page.
    pub fn clear(&self) {
        self.page.clear();
    }

    /// Makes a request, which costs one credit.
    pub fn refresh(&self) {
        self.page.refresh();
    }
}
