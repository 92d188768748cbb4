//! The core of the page, without Leptos and without a browser: plain values and functions, tested on any
//! machine.
//!
//! [`api`] reads an answer of the service into [`event::Event`]s or a [`failure::Failure`];
//! [`query::Query`] filters, sorts and pages the events; [`summary`] and [`series`] compute the figures
//! and the chart, [`timeline`] the steps of one referral; [`link`] reads and writes the user's choices in
//! an address; [`texts`] holds the texts that a user reads.

#![forbid(unsafe_code)]

pub mod api;
pub mod campaign;
pub mod charge;
pub mod column;
pub mod dates;
pub mod event;
pub mod export;
pub mod failure;
pub mod field;
mod json;
pub mod locale;
pub mod options;
pub mod page;
pub mod query;
pub mod record;
pub mod retry;
pub mod role;
pub mod roving;
#[cfg(test)]
pub(crate) mod samples;
pub mod sanitize;
pub mod series;
pub mod shortcuts;
pub mod sort;
pub mod status;
pub mod summary;
pub mod support;
pub mod texts;
pub mod time;
pub mod timeline;
pub mod url;
pub mod wait;
mod word;
