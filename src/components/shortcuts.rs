//! The keys that act on the page, and the dialog that lists them.

use leptos::{ev, html, prelude::*};
use referral_history_core::shortcuts::{Action, Focus, Key, Layer, action};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::{
    icon::Cross,
    table::{focus_button, row_around},
};
use crate::{
    context::{Shared, focus_node, use_shared},
    panic_hook::effect,
    state::ViewState,
};

/// Opens and closes the dialog with the keys. Copies are the same handle.
#[derive(Clone, Copy)]
pub struct KeyList {
    dialog: NodeRef<html::Dialog>,
    is_open: RwSignal<bool>,
}

impl KeyList {
    /// A closed dialog.
    pub fn new() -> Self {
        Self {
            dialog: NodeRef::new(),
            is_open: RwSignal::new(false),
        }
    }

    fn open(self) {
        self.is_open.set(true);
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    fn is(self, element: &Element) -> bool {
        let dialog = self.dialog.get_untracked();
        dialog.is_some_and(|dialog| **dialog == *element)
    }
}

/// Keeps what is typed into the page's fields from the host page. Its shortcuts cannot know that somebody is
/// typing: outside the shadow root the target of the event is the element, not the field.
pub fn keep_typed(event: &ev::KeyboardEvent) {
    let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
    let target = event.target().and_then(|target| target.dyn_into().ok());
    let is_typing = target.is_some_and(|target: Element| is_typed_into(&target));
    let key = event.key();
    let is_text = key.chars().count() == 1 || ["Backspace", "Delete", "Enter"].contains(&&*key);
    if is_typing && is_text && !has_modifier {
        event.stop_propagation();
    }
}

/// Handles a key that is pressed while the focus is in the page. A key that acts goes no further, so that it
/// does nothing in the host page. A listener within the page that has used the key has prevented its default.
pub fn press(shared: Shared, event: &ev::KeyboardEvent) {
    keep_typed(event);
    let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
    if event.default_prevented() || event.is_composing() || has_modifier {
        return;
    }
    if act(shared, event).is_some() {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Does what a key does; `None` if it does nothing.
fn act(shared: Shared, event: &ev::KeyboardEvent) -> Option<()> {
    let Shared {
        state,
        i18n,
        details,
        export,
        keys,
        focus,
        ..
    } = shared;
    let page: Node = event.current_target()?.dyn_into().ok()?;
    let target: Element = event.target()?.dyn_into().ok()?;
    // What the host page has put into a slot is not in the page.
    if !page.contains(Some(&target)) {
        return None;
    }
    let layer = match target.closest("dialog").ok()? {
        None => Layer::Page,
        Some(dialog) if details.is(&dialog) => Layer::Details,
        Some(dialog) if keys.is(&dialog) => Layer::Help,
        Some(_) => return None,
    };
    let row = row_around(&target);
    let focused = if is_typed_into(&target) {
        Focus::Typing
    } else if row.is_some() {
        Focus::Row
    } else {
        Focus::Other
    };
    // When a browser fills in a field it dispatches an event that has no key.
    if layer == Layer::Page && focused == Focus::Typing {
        return None;
    }
    let key = Key {
        key: &event.key(),
        code: &event.code(),
        shift: event.shift_key(),
    };
    match action(key, layer, focused, i18n.texts.dir == "rtl")? {
        Action::Search => {
            focus.search.get_untracked()?;
            focus_node(focus.search);
        }
        Action::Next | Action::Previous if layer == Layer::Page => {
            let forwards = action(key, layer, focused, false) == Some(Action::Next);
            move_focus(focus.rows.get_untracked()?.as_ref(), row.as_ref(), forwards)?;
        }
        Action::Next => details.walk(true),
        Action::Previous => details.walk(false),
        Action::Export => {
            let has_rows = state.view_state().get_untracked() == ViewState::Rows;
            has_rows.then(|| export.open())?;
        }
        Action::Help => keys.open(),
        Action::Close if layer == Layer::Help => keys.close(),
        Action::Close => details.close(),
    }
    Some(())
}

/// Focuses the row after or before a row, or else the first or last one. At the ends the focus stays. `None`
/// if there are no rows.
fn move_focus(rows: &Element, from: Option<&Element>, forwards: bool) -> Option<()> {
    let next = match from {
        Some(row) if forwards => row.next_element_sibling(),
        Some(row) => row.previous_element_sibling(),
        None => {
            let end = if forwards { "first" } else { "last" };
            let row = [".rh-table:not([hidden]) > tbody > tr:", end, "-child"].concat();
            Some(rows.query_selector(&row).ok()??)
        }
    };
    if let Some(row) = next {
        focus_button(&row);
    }
    Some(())
}

/// Whether an element needs its keys.
fn is_typed_into(element: &Element) -> bool {
    const FIELDS: &str = "input:not([type=checkbox], [type=radio]), select, textarea";
    let element = element.dyn_ref::<HtmlElement>();
    element.is_some_and(|element| {
        element.is_content_editable() || element.matches(FIELDS).unwrap_or(false)
    })
}

/// The button to the list of keys, and its dialog.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let Shared { i18n, keys, .. } = use_shared();
    let texts = i18n.texts;
    // Runs after the content has rendered, so that the button in it gets the focus.
    effect(move || {
        if keys.is_open.get()
            && let Some(dialog) = keys.dialog.get_untracked()
        {
            // Throws only if the dialog is open already.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <p class="rh-keys-line">
            <button
                class="rh-button rh-button-quiet"
                type="button"
                aria-haspopup="dialog"
                on:click=move |_| keys.open()
            >
                {texts.shortcuts}
            </button>
        </p>
        <dialog
            class="rh-keys"
            aria-labelledby="rh-keys"
            node_ref=keys.dialog
            on:close=move |_| keys.is_open.set(false)
            on:click=move |event| {
                // A press on the backdrop: the content covers the dialog itself.
                if event.target().is_some() && event.target() == event.current_target() {
                    keys.close();
                }
            }
        >
            {move || keys.is_open.get().then(|| view! { <KeyListContent/> })}
        </dialog>
    }
}

/// The keys and what they do, rendered when the dialog is opened.
#[component]
fn KeyListContent() -> impl IntoView {
    let Shared { i18n, keys, .. } = use_shared();
    let texts = i18n.texts;
    let line = |(names, text): (&'static [&'static str], &'static str)| {
        let names = names
            .iter()
            .map(|name| view! { <kbd class="rh-key">{*name}</kbd> });
        view! {
            <div class="rh-field">
                <dt>{names.collect_view()}</dt>
                <dd>{text}</dd>
            </div>
        }
    };
    // Not translated: this is what is printed on the keys.
    let lines: [(&[&str], _); 7] = [
        (&["/"], texts.key_search),
        (&["J", "\u{2193}"], texts.next_event),
        (&["K", "\u{2191}"], texts.previous_event),
        (&["Enter"], texts.key_open),
        (&["E"], texts.export),
        (&["Esc"], texts.close),
        (&["?"], texts.shortcuts),
    ];
    view! {
        <div class="rh-keys-content" tabindex="-1">
            <div class="rh-details-header">
                <h2 class="rh-keys-title" id="rh-keys">{texts.shortcuts}</h2>
                <button
                    class="rh-button rh-button-icon"
                    type="button"
                    aria-label=texts.close
                    autofocus=""
                    on:click=move |_| keys.close()
                >
                    <Cross/>
                </button>
            </div>
            <dl class="rh-key-list">{lines.map(line)}</dl>
        </div>
    }
}
