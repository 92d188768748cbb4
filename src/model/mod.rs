//! The inside: plain values and functions of them, which know neither JSON, Leptos nor a browser.

pub mod campaign;
pub mod column;
pub mod dates;
pub mod display;
pub mod event;
pub mod export;
pub mod failure;
pub mod field;
pub mod link;
pub mod locale;
pub mod options;
pub mod page;
pub mod query;
pub mod record;
pub mod retry;
pub mod role;
#[cfg(test)]
pub(crate) mod samples;
pub mod series;
pub mod sort;
pub mod status;
pub mod summary;
pub mod support;
pub mod time;
pub mod timeline;
