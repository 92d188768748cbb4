//! What the page asks of the browser: fetch, timers, `Intl`, the clipboard, downloads, its own
//! address. The document itself is behind `dom`.

pub mod address;
mod clipboard;
mod download;
mod intl;
mod service;

pub use intl::IntlLocale;
pub use service::Browser;
