//! The browser APIs that the page uses: fetch, timers, `Intl`, the clipboard, downloads, events, style
//! sheets, the language around it and the address. Leptos renders the document.

pub mod address;
mod client;
mod clipboard;
pub mod download;
pub mod events;
mod height;
mod intl;
mod js;
pub mod language;
mod response;
pub mod style;

use core::fmt::Display;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, console, window};

pub use client::{Api, Browser, EarlyRequest, ThisDevice, now, painted};
pub use height::HeightObserver;
pub use intl::IntlLocale;

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// Removes an element, if it is somewhere. Old libraries replace `remove` by one that throws where there is nothing to
/// remove.
pub fn remove(element: &Element) {
    if element.parent_node().is_some() {
        element.remove();
    }
}

/// Writes a warning for the developer of the host page to the browser's console.
pub fn warn(message: &dyn Display) {
    console::warn_1(&message.to_string().into());
}

/// An object with these members.
pub fn members<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a property of a new plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}
