//! The handles that every component of the page needs.

use leptos::{
    ev,
    html::{self, ElementType},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    components::{
        details::Details, export_menu::ExportList, live_region::LiveRegion, shortcuts::KeyList,
    },
    first_rows::FirstRows,
    i18n::I18n,
    state::ReferralState,
};

/// The page's shared handles. Copies refer to the same page.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The page's data, and the user's actions.
    pub state: ReferralState,
    /// The texts and formats of the page's language.
    pub i18n: I18n,
    /// The page's live region.
    pub live_region: LiveRegion,
    /// The dialog with the details of one event.
    pub details: Details,
    /// The list of export formats.
    pub export: ExportList,
    /// The dialog with the keys.
    pub keys: KeyList,
    /// Whether the charts are shown on a phone, where they are behind a button.
    pub is_overview_open: RwSignal<bool>,
    /// Elements that receive the focus when the focused element is removed.
    pub focus: FocusTargets,
    /// The rows that are shown until the page has drawn its own.
    pub first_rows: StoredValue<Option<FirstRows>, LocalStorage>,
}

/// The page's shared handles, from the context.
pub fn use_shared() -> Shared {
    expect_context()
}

/// A text that changes, for `prop:textContent`: `{text}` would write to a text node, which page translators replace. By
/// itself the property also replaces a text by the same one, each time that something is read anew which the text is made
/// of: after a choice, of half of the page.
pub fn memo_text<T>(text: impl Fn() -> T + Send + Sync + 'static) -> Memo<Option<String>>
where
    Option<String>: From<T>,
{
    Memo::new(move |_| text().into())
}

/// Elements that receive the focus when the focused element is removed.
#[derive(Clone, Copy, Default)]
pub struct FocusTargets {
    /// The Refresh button.
    pub refresh: NodeRef<html::Button>,
    /// The search input.
    pub search: NodeRef<html::Input>,
    /// The container of the rows.
    pub rows: NodeRef<html::Div>,
    /// The toolbar, which stays above the rows.
    pub toolbar: NodeRef<html::Div>,
}

/// Focuses the element of a reference, if it is mounted.
pub fn focus_node<E>(node: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    if let Some(element) = node.get_untracked() {
        focus(element.as_ref());
    }
}

/// Focuses the child at a position of an element, if there is one.
pub fn focus_child(parent: NodeRef<html::Div>, position: usize) {
    let parent = parent.get_untracked();
    let mut child = parent.and_then(|parent| parent.first_element_child());
    for _ in 0..position {
        child = child.and_then(|child| child.next_element_sibling());
    }
    if let Some(child) = child {
        focus(child.unchecked_ref());
    }
}

/// Whether a key is pressed together with one that makes it the browser's: Alt and an arrow go back.
pub fn is_modified(event: &ev::KeyboardEvent) -> bool {
    event.alt_key() || event.ctrl_key() || event.meta_key()
}

/// Focuses an element.
pub fn focus(element: &HtmlElement) {
    // `focus` never throws; the binding returns a `Result` anyway.
    let _ = element.focus();
}

/// Whether an element has the focus.
pub fn has_focus(element: &HtmlElement) -> bool {
    // `matches` throws only for an invalid selector.
    element.matches(":focus").unwrap_or(false)
}
