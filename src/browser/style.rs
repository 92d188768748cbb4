//! The page's style sheet, for shadow roots that have none yet.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, Element, HtmlElement, ShadowRoot, window};

use super::document;

/// The style sheet of the page.
const STYLE: &str = concat!(
    include_str!("../../style/referral-history.css"),
    include_str!("../../style/bones.css"),
);

thread_local! {
    static SHEET: Option<CssStyleSheet> = CssStyleSheet::new()
        .ok()
        .filter(|sheet| sheet.replace_sync(STYLE).is_ok());
}

/// Adds the page's styles to a shadow root. All shadow roots share one sheet, if the browser supports it.
pub fn adopt(shadow: &ShadowRoot) {
    // web-sys has no binding for this property.
    let property = "adoptedStyleSheets".into();
    let is_adopted = SHEET.with(|sheet| {
        let is_supported = Reflect::has(shadow, &property) == Ok(true);
        let sheet = sheet.as_ref().filter(|_| is_supported)?;
        Reflect::set(shadow, &property, &Array::of1(sheet)).ok()
    });
    if is_adopted != Some(true)
        && let Some(style) = document().and_then(|document| document.create_element("style").ok())
    {
        style.set_text_content(Some(STYLE));
        let _ = shadow.append_child(&style);
    }
}

/// Sets a custom property of an element to the text size that the user has set in the browser. No CSS unit
/// provides it: `rem` follows the size that the document sets for its root.
pub fn set_text_size(element: &Element) -> Option<()> {
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
