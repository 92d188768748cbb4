//! What every component needs.

// Nothing mounts the components yet; the allowance goes when the page does.
#![allow(dead_code)]

use leptos::{html, prelude::*};

use crate::{
    state::History,
    view::{Words, announcement::Announcer, details::Details},
};

/// What every component needs.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The page's state.
    pub state: History,
    /// The user's language.
    pub words: Words,
    /// The live region.
    pub announcer: Announcer,
    /// The panel that tells of one event.
    pub details: Details,
    /// Where the focus goes when what has it goes.
    pub focus: FocusTargets,
}

/// Elements that take the focus over from others.
#[derive(Clone, Copy, Default)]
pub struct FocusTargets {
    /// The Refresh button.
    pub refresh: NodeRef<html::Button>,
    /// The search.
    pub search: NodeRef<html::Input>,
    /// The frame of the rows.
    pub rows: NodeRef<html::Div>,
}

/// The page's shared handles.
pub fn use_shared() -> Shared {
    expect_context()
}
