//! What `referral-history.js` loads: the page for `<referral-history>`, behind a few functions.

#![forbid(unsafe_code)]

use js_sys::{Function, Promise};
use referral_history::{EarlyRequest, HostOptions, Mounted, on_panic};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, HtmlElement, ShadowRoot, console};

fn main() {}

/// Has a panic reported to a function, with its message and its place in the sources.
#[wasm_bindgen(js_name = onPanic)]
pub fn report_panics(report: Function) {
    on_panic(move |message| {
        // What the function itself throws has nobody left to catch it.
        let _ = report.call1(&JsValue::UNDEFINED, &message.into());
    });
}

/// Reads the texts of a language from its file; what is shown in that language changes to them.
#[wasm_bindgen(js_name = addLocale)]
pub fn add_locale(json: &str) {
    referral_history::add_locale(json);
}

/// What one `<referral-history>` shows.
#[wasm_bindgen]
pub struct Instance {
    mounted: Option<Mounted>,
    options: HostOptions,
}

#[wasm_bindgen]
impl Instance {
    /// A page in an element's shadow root, which has its styles. Nothing is shown before `apply`.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, shadow: &ShadowRoot) -> Self {
        Self {
            mounted: Mounted::within(host, shadow),
            options: HostOptions::default(),
        }
    }

    /// Takes over a request that was made while the program was loading: its address, what `fetch`
    /// promised, and what aborts it.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(&mut self, url: String, response: Promise, abort: AbortController) {
        if let Some(mounted) = &mut self.mounted {
            mounted.take_over(EarlyRequest::new(url, response, abort));
        }
    }

    /// Sets the option with an attribute's name; no value is its default.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        if let Err(invalid) = self.options.set(name, value.as_deref()) {
            console::warn_1(&JsValue::from(invalid.to_string()));
        }
    }

    /// Shows the page with the options that are set.
    pub fn apply(&mut self) {
        if let Some(mounted) = &mut self.mounted {
            mounted.apply(&mut self.options);
        }
    }

    /// Takes the user's events and choices off the page.
    pub fn clear(&self) {
        if let Some(mounted) = &self.mounted {
            mounted.clear();
        }
    }

    /// Asks the service again: one credit.
    pub fn refresh(&self) {
        if let Some(mounted) = &self.mounted {
            mounted.refresh();
        }
    }
}
