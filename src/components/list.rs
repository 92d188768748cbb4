//! Lists whose elements stay the same ones while their order changes.

use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::context::focus;

/// What tells one element of a list from all others.
pub type Key = u64;

/// Makes the element with a key.
pub type Make = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;

/// One element for each key, in the order of the keys. An element stays the same one for as long as its
/// key is there; no two keys may be equal. Every list of the page is this one component, because each
/// type that `<For>` is used with is compiled anew.
#[component]
pub fn KeyedList(
    keys: Signal<Vec<Key>>,
    make: Make,
    /// The parent of the elements, where one of them may have the focus.
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

/// To be called before the children of an element are put in another order, or some of them removed.
/// When what has the focus moved, it has the focus afterwards too; when it is gone, the child in its
/// place has it, or the last one.
pub fn keep_focus(parent: &Element) {
    let Ok(Some(focused)) = parent.query_selector(":focus") else {
        return;
    };
    let mut place = 0;
    let mut child = parent.first_element_child();
    while let Some(other) = child.filter(|child| !child.contains(Some(&focused))) {
        place += 1;
        child = other.next_element_sibling();
    }
    let parent = parent.clone();
    // The list changes before this task ends, and a microtask comes after it.
    queue_microtask(move || {
        if focused.matches(":focus") == Ok(true) {
            return;
        }
        if focused.is_connected() {
            focus(focused.unchecked_ref());
            return;
        }
        let Some(mut heir) = parent.first_element_child() else {
            return;
        };
        for _ in 0..place {
            match heir.next_element_sibling() {
                Some(next) => heir = next,
                None => break,
            }
        }
        if let Ok(Some(control)) = heir.query_selector("button, input, [href]") {
            focus(control.unchecked_ref());
        } else {
            focus(heir.unchecked_ref());
        }
    });
}
