//! The style sheet, for hosts that bring none.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, Element, HtmlElement, ShadowRoot, window};

/// The style sheet of the page.
const STYLE: &str = include_str!("../../style/referral-history.css");

thread_local! {
    static SHEET: Option<CssStyleSheet> = CssStyleSheet::new().ok().inspect(|sheet| {
        let _ = sheet.replace_sync(STYLE);
    });
}

/// Gives a shadow root the page's styles. All of a document share one sheet.
pub fn adopt(shadow: &ShadowRoot) {
    SHEET.with(|sheet| {
        if let Some(sheet) = sheet {
            let sheets = Array::of1(sheet);
            // Set as a property: web-sys has no binding for it.
            let _ = Reflect::set(shadow, &"adoptedStyleSheets".into(), &sheets);
        }
    });
}

/// Gives an element of the document, as a custom property, the size of text that the user has set in
/// the browser. No unit of CSS has it: `rem` is whatever size the document has given itself.
pub fn keep_text_size(element: &Element) -> Option<()> {
    let style = element.dyn_ref::<HtmlElement>()?.style();
    style.set_property("font", "medium serif").ok()?;
    let size = window()?.get_computed_style(element).ok()??;
    let size = size.get_property_value("font-size").ok()?;
    style.remove_property("font").ok()?;
    style.set_property("--_medium", &size).ok()
}
