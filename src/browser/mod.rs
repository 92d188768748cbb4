//! What the page asks of the browser: fetch, timers, `Intl`, the clipboard, downloads, its own
//! address. The document itself is behind `dom`.

pub mod address;
mod client;
mod clipboard;
mod download;
pub mod events;
mod intl;
mod js;
mod response;
pub mod style;

use core::fmt::Display;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Document, console, window};

pub use client::{Api, Browser, EarlyRequest};
pub use intl::IntlLocale;

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// Tells whoever built the host, in the browser's console.
pub fn warn(message: &dyn Display) {
    console::warn_1(&message.to_string().into());
}

/// An object with these members.
pub fn members<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A plain object that was just made takes any member.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}
