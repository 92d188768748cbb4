//! The standalone page: the component, mounted where `index.html` wants it.

#![forbid(unsafe_code)]

use referral_history::{Mounted, Options};
use web_sys::{Document, Element, window};

/// The element that the page is mounted into; what it holds until then goes.
const ELEMENT: &str = "referral-history";

fn main() {
    console_error_panic_hook::set_once();
    let document = window().and_then(|window| window.document());
    let mounted = document.and_then(|document| {
        let element = document.get_element_by_id(ELEMENT)?;
        let options = options(&element, &document);
        element.set_text_content(None);
        Some(Mounted::new(element, &options))
    });
    // Without the element there is nowhere to show anything.
    if let Some(mounted) = mounted {
        mounted.forget();
    }
}

/// The options that the element carries as attributes.
fn options(element: &Element, document: &Document) -> Options {
    let default = Options::default();
    let text = |name: &str, default: String| element.get_attribute(name).unwrap_or(default);
    Options {
        api_base: text("data-api-base", default.api_base),
        limit: element
            .get_attribute("data-limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(default.limit),
        sign_in_url: text("data-sign-in-url", default.sign_in_url),
        lang: document
            .document_element()
            .and_then(|page| page.get_attribute("lang"))
            .unwrap_or(default.lang),
    }
}
