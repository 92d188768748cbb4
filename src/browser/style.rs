//! The style sheet, for hosts that bring none.

use js_sys::{Array, Reflect};
use web_sys::{CssStyleSheet, ShadowRoot};

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
