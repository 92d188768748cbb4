//! What the page asks of the browser: fetch, timers, `Intl`, its own address. The document itself is
//! behind `dom`.

mod intl;
pub mod page;
mod service;

pub use intl::IntlLocale;
pub use service::Browser;
