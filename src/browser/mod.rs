//! The browser, touched here and nowhere else.

mod intl;
pub mod page;
mod service;

pub use intl::IntlLocale;
pub use service::Browser;
