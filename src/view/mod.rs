//! The parts of the page: thin, and each told by its parent what to show.

mod announcement;
mod ask;
mod filters;
mod header;
mod icon;
mod ids;
mod notice;
mod page;
mod pager;
mod table;
mod words;

pub use page::page;
pub use words::Words;
