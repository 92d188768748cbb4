//! The language around an element, as HTML's `lang` says it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, MutationObserver, MutationObserverInit, Node, ShadowRoot};

use super::document;

/// The nearest `lang` around an element, through shadow roots; empty if there is none.
pub fn around(element: &Element) -> String {
    let mut next = Some(element.clone());
    while let Some(element) = next {
        let nearest = element.closest("[lang]").ok().flatten();
        let lang = nearest.and_then(|nearest| nearest.get_attribute("lang"));
        if let Some(lang) = lang.filter(|lang| !lang.is_empty()) {
            return lang;
        }
        next = shadow_root(&element).map(|root| root.host());
    }
    String::new()
}

fn shadow_root(element: &Element) -> Option<ShadowRoot> {
    element.get_root_node().dyn_into().ok()
}

/// Watches every `lang` around an element, until it is dropped.
pub struct LanguageObserver {
    observer: Option<MutationObserver>,
    _on_change: Closure<dyn FnMut()>,
}

impl LanguageObserver {
    /// Calls `on_change` with the language around `element` whenever a `lang` changes.
    pub fn new(element: Element, on_change: impl Fn(String) + 'static) -> Self {
        let mut roots: Vec<Node> = Vec::from_iter(document().map(Into::into));
        let mut inner = shadow_root(&element);
        while let Some(root) = inner {
            inner = shadow_root(&root.host());
            roots.push(root.into());
        }
        let on_change = Closure::new(move || on_change(around(&element)));
        // Without an observer the language stays as it is.
        let observer = MutationObserver::new(on_change.as_ref().unchecked_ref()).ok();
        let options = MutationObserverInit::new();
        options.set_attribute_filter(&Array::of1(&JsValue::from("lang")));
        options.set_subtree(true);
        for root in &roots {
            let observed = observer
                .as_ref()
                .map(|observer| observer.observe_with_options(root, &options));
            // It throws only for options that contradict each other.
            drop(observed);
        }
        Self {
            observer,
            _on_change: on_change,
        }
    }
}

impl Drop for LanguageObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
