//! The WebAssembly module that `referral-history.js` loads: the functions behind `<referral-history>`.

#![forbid(unsafe_code)]

use js_sys::{Function, Promise};
use referral_history::{EarlyRequest, HostOptions, Mounted, on_panic};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};
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

/// What the page of an element has loaded, and what the user has chosen in it.
#[wasm_bindgen]
pub struct Kept(referral_history::Kept);

/// The page of one `<referral-history>` element.
#[wasm_bindgen]
pub struct Instance {
    mounted: Mounted,
    options: HostOptions,
}

#[wasm_bindgen]
impl Instance {
    /// Prepares a page in a shadow root that already has its styles. `apply` shows it.
    ///
    /// # Errors
    /// The document cannot be used: another script has replaced `Window`, say.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, shadow: &ShadowRoot) -> Result<Self, JsError> {
        let mounted = Mounted::within(host, shadow);
        Ok(Self {
            mounted: mounted.ok_or_else(|| JsError::new("the document cannot be used"))?,
            options: HostOptions::default(),
        })
    }

    /// Takes over a request that the entry made while the module was loading: its address, the promise
    /// that `fetch` returned, and its abort controller.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(&mut self, url: String, response: Promise, abort: AbortController) {
        self.mounted
            .take_over(EarlyRequest::new(url, response, abort));
    }

    /// Takes over what an earlier page of the same element has left.
    pub fn resume(&mut self, kept: Kept) {
        self.mounted.resume(kept.0);
    }

    /// Unmounts the page, and returns what the next page of the same element can show without a request.
    pub fn keep(self) -> Option<Kept> {
        self.mounted.keep().map(Kept)
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
        self.mounted.set_query(search);
    }

    /// The user's choices as the query of an address.
    pub fn query(&self) -> String {
        self.mounted.query()
    }

    /// Shows the page with the options that are set.
    pub fn apply(&mut self) {
        self.mounted.apply(&mut self.options);
    }

    /// Removes the user's events and choices from the page.
    pub fn clear(&self) {
        self.mounted.clear();
    }

    /// Makes a request, which costs one credit.
    pub fn refresh(&self) {
        self.mounted.refresh();
    }
}
