//! The inside: plain values and functions of them, which know neither JSON, Leptos nor a browser.

pub mod column;
pub mod display;
pub mod event;
pub mod failure;
pub mod field;
pub mod locale;
pub mod page;
pub mod query;
pub mod retry;
pub mod role;
pub mod status;
pub mod time;
