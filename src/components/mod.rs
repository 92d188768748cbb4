//! The components of the page, one file each. They get the page's handles from
//! [`crate::context::use_shared`].

pub mod active_filters;
pub mod answer;
pub mod badge;
pub mod campaigns;
pub mod choice;
pub mod copy_button;
pub mod credits_card;
pub mod credits_chart;
pub mod credits_table;
pub mod details;
pub mod empty_notice;
pub mod export_menu;
pub mod failure_notice;
pub mod footer;
pub mod header;
pub mod icon;
pub mod list;
pub mod live_region;
pub mod pager;
pub mod period_filter;
pub mod request_button;
pub mod rows;
pub mod shortcuts;
pub mod status_filter;
pub mod summary;
pub mod table;
pub mod toolbar;
