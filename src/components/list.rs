//! A keyed list that keeps its elements and the focus.

use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::context::focus;

/// Identifies an element of a list.
pub type Key = u64;

/// Renders the element of a key.
pub type Make = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;

/// Renders one element per key, in the order of the keys. The element stays as long as its key stays. Keys
/// must be unique. All lists use this component, because `<For>` is compiled again for each item type.
#[component]
pub fn KeyedList(
    keys: Signal<Vec<Key>>,
    make: Make,
    /// The parent of the elements, if they can have the focus.
    #[prop(optional)]
    within: Option<NodeRef<html::Div>>,
) -> impl IntoView {
    let each = move || {
        let keys = keys.get();
        if let Some(parent) = within.and_then(|within| within.get_untracked()) {
            keep_focus(&parent);
        }
        keys
    };
    view! { <For each=each key=|key| *key children=move |key| make(key)/> }
}

/// Keeps the focus when the children of an element are reordered or removed. Call it before the change. If
/// the focused element has moved, it gets the focus back. If it was removed, the child that is now in its
/// position gets the focus, or the last child.
pub fn keep_focus(parent: &Element) {
    let Ok(Some(focused)) = parent.query_selector(":focus") else {
        return;
    };
    let mut position = 0;
    let mut child = parent.first_element_child();
    while let Some(other) = child.filter(|child| !child.contains(Some(&focused))) {
        position += 1;
        child = other.next_element_sibling();
    }
    let parent = parent.clone();
    // The list changes in this task; a microtask runs after it.
    queue_microtask(move || {
        if focused.matches(":focus") == Ok(true) {
            return;
        }
        if focused.is_connected() {
            focus(focused.unchecked_ref());
            return;
        }
        let Some(mut successor) = parent.first_element_child() else {
            return;
        };
        for _ in 0..position {
            match successor.next_element_sibling() {
                Some(next) => successor = next,
                None => break,
            }
        }
        if let Ok(Some(control)) = successor.query_selector("button, input, [href]") {
            focus(control.unchecked_ref());
        } else {
            focus(successor.unchecked_ref());
        }
    });
}
