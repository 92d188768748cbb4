//! The parts of the page: thin, and each told by its parent what to show.

pub mod announcement;
mod ask;
mod campaigns;
mod chart;
mod choice;
mod copy;
pub mod details;
mod export;
mod filters;
mod header;
mod icon;
mod ids;
mod notice;
mod page;
mod pager;
mod shares;
mod summary;
mod table;
mod words;

pub use page::{Around, page};
pub use words::Words;
