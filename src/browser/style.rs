//! The style sheet, for hosts that bring none.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, Element, HtmlElement, ShadowRoot, window};

use super::document;

/// The style sheet of the page.
const STYLE: &str = include_str!("../../style/referral-history.css");

thread_local! {
    static SHEET: Option<CssStyleSheet> = CssStyleSheet::new()
        .ok()
        .filter(|sheet| sheet.replace_sync(STYLE).is_ok());
}

/// Gives a shadow root the page's styles. All of a document share one sheet, where the browser can.
pub fn adopt(shadow: &ShadowRoot) {
    // Set as a property: web-sys has no binding for it.
    let property = "adoptedStyleSheets".into();
    let is_adopted = SHEET.with(|sheet| {
        let can = Reflect::has(shadow, &property) == Ok(true);
        let sheet = sheet.as_ref().filter(|_| can)?;
        Reflect::set(shadow, &property, &Array::of1(sheet)).ok()
    });
    if is_adopted != Some(true)
        && let Some(style) = document().and_then(|document| document.create_element("style").ok())
    {
        style.set_text_content(Some(STYLE));
        let _ = shadow.append_child(&style);
    }
}

/// Gives an element of the document, as a custom property, the size of text that the user has set in
/// the browser. No unit of CSS has it: `rem` is whatever size the document has given itself.
pub fn keep_text_size(element: &Element) -> Option<()> {
    let style = element.dyn_ref::<HtmlElement>()?.style();
    style.set_property("font", "medium serif").ok()?;
    let size = text_size(element);
    style.remove_property("font").ok()?;
    style.set_property("--_medium", &size?).ok()
}

fn text_size(element: &Element) -> Option<String> {
    let style = window()?.get_computed_style(element).ok()??;
    style.get_property_value("font-size").ok()
}
