//! What a referral history is, without Leptos and without a browser: plain values and functions of
//! them, tested on any machine.
//!
//! [`api`] reads an answer of the service into [`event::Event`]s or a [`failure::Failure`];
//! [`query::Query`] filters, sorts and pages them; [`summary`], [`series`] and [`timeline`] say what
//! they come to; [`link`] writes the user's choices into an address; [`texts`] holds what a user reads.

#![forbid(unsafe_code)]

pub mod api;
pub mod campaign;
pub mod charge;
pub mod column;
pub mod dates;
pub mod display;
pub mod event;
pub mod export;
pub mod failure;
pub mod field;
mod json;
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
pub mod texts;
pub mod time;
pub mod timeline;
pub mod wait;
mod word;
