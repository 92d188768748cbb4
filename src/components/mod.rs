//! The parts of the page, one file each.

// Nothing mounts these yet; the allowance goes when the page does.
#![allow(dead_code)]

pub mod campaigns;
pub mod choice;
pub mod credits_chart;
pub mod export_menu;
pub mod icon;
pub mod list;
pub mod status_filter;
pub mod summary;
pub mod toolbar;
