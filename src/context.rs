//! What every component of the page needs.

use leptos::{html, prelude::*};
use web_sys::HtmlElement;

use crate::{
    components::{details::Details, live_region::LiveRegion},
    i18n::I18n,
    state::ReferralState,
};

/// The page's shared handles. Copies are the same handles.
#[derive(Clone, Copy)]
pub struct Shared {
    /// What there is to show, and what the user can do about it.
    pub state: ReferralState,
    /// The texts and formats of the page's language.
    pub i18n: I18n,
    /// The page's live region.
    pub live_region: LiveRegion,
    /// The panel about one event.
    pub details: Details,
    /// The elements that take the focus when the element that has it goes.
    pub focus: FocusTargets,
}

/// The page's shared handles.
pub fn use_shared() -> Shared {
    expect_context()
}

/// The elements that take the focus when the element that has it goes.
#[derive(Clone, Copy, Default)]
pub struct FocusTargets {
    /// The button that asks again.
    pub refresh: NodeRef<html::Button>,
    /// The input that searches.
    pub search: NodeRef<html::Input>,
    /// What the rows are in.
    pub rows: NodeRef<html::Div>,
}

impl FocusTargets {
    /// Gives the focus to Refresh.
    pub fn focus_refresh(self) {
        if let Some(button) = self.refresh.get_untracked() {
            focus(&button);
        }
    }

    /// Gives the focus to the search.
    pub fn focus_search(self) {
        if let Some(input) = self.search.get_untracked() {
            focus(&input);
        }
    }

    /// Gives the focus to what the rows are in.
    pub fn focus_rows(self) {
        if let Some(rows) = self.rows.get_untracked() {
            focus(&rows);
        }
    }
}

/// Gives the focus to an element.
pub fn focus(element: &HtmlElement) {
    // Focusing throws nothing; the binding only cannot know that.
    let _ = element.focus();
}
