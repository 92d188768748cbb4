//! The standalone page: the component, mounted where `index.html` wants it.

#![forbid(unsafe_code)]

use leptos::prelude::*;
use referral_history::{Options, ReferralHistory};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element that the page is mounted into; what it holds until then goes.
const ELEMENT: &str = "referral-history";

fn main() {
    console_error_panic_hook::set_once();
    let Some(element) = document().get_element_by_id(ELEMENT) else {
        leptos::logging::error!("there is no element with the id {ELEMENT}");
        return;
    };
    let options = options(&element);
    element.set_text_content(None);
    mount_to(element.unchecked_into::<HtmlElement>(), move || {
        view! { <ReferralHistory options/> }
    })
    .forget();
}

/// The options that the element carries as attributes.
fn options(element: &web_sys::Element) -> Options {
    let default = Options::default();
    let text = |name: &str, default: String| element.get_attribute(name).unwrap_or(default);
    Options {
        api_base: text("data-api-base", default.api_base),
        limit: element
            .get_attribute("data-limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(default.limit),
        sign_in_url: text("data-sign-in-url", default.sign_in_url),
        lang: document().document_element().map_or(default.lang, |page| {
            page.get_attribute("lang").unwrap_or_default()
        }),
    }
}
