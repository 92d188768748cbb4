//! Elements, and the parts of them that change.
//!
//! Leptos' signals and effects drive this page, and its renderer makes the nodes; the views between
//! the two are put together here rather than with `view!`. That macro gives every element, and every
//! element around it, a type of its own, and the compiler writes out rendering, diffing and dropping
//! for each. Here an element is an element of the document from the start, and what can change in it
//! is an effect that knows its node. Nothing is ever made from markup, so there is nothing for the
//! browser's Trusted Types to object to.
//!
//! Effects and listeners belong to the reactive owner they are made under, and end with it.

use leptos::{
    ev::Event,
    prelude::*,
    tachys::renderer::{
        Rndr,
        types::{Element as Node, Node as AnyNode},
    },
    wasm_bindgen::{JsCast, JsValue},
};

/// The namespace of pictures.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element of the document, which is being put together.
#[must_use]
pub struct Element {
    node: Node,
}

/// Children that are put into an element, now and whenever they change.
#[must_use]
pub struct Part(Box<dyn FnOnce(&Node)>);

/// An element with a class.
pub fn element(tag: &'static str, class: &'static str) -> Element {
    let node = Rndr::create_element(tag, None);
    let element = Element { node };
    if class.is_empty() {
        element
    } else {
        element.set("class", class)
    }
}

/// An element of a picture, with a class.
pub fn picture(tag: &'static str, class: &'static str) -> Element {
    let node = Rndr::create_element(tag, Some(SVG));
    Element { node }.set("class", class)
}

impl Element {
    /// An attribute that stays as it is.
    pub fn set(self, name: &'static str, value: impl AsRef<str>) -> Self {
        Rndr::set_attribute(&self.node, name, value.as_ref());
        self
    }

    /// An attribute that is there, as `"true"`, or not.
    pub fn flag(self, name: &'static str, flag: impl Fn() -> bool + 'static) -> Self {
        let node = self.node.clone();
        keep(move || {
            if flag() {
                Rndr::set_attribute(&node, name, "true");
            } else {
                Rndr::remove_attribute(&node, name);
            }
        });
        self
    }

    /// A property that is on or off.
    pub fn is(self, name: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        let node = self.node.clone();
        keep(move || Rndr::set_property(&node, name, &JsValue::from_bool(is())));
        self
    }

    /// What a press does.
    pub fn press(self, action: impl Fn() + 'static) -> Self {
        self.on("click", move |_| action())
    }

    /// What happens on an event of that name.
    pub fn on(self, name: &'static str, action: impl Fn(&Event) + 'static) -> Self {
        let action = Box::new(move |event: JsValue| action(event.unchecked_ref()));
        let listener = Rndr::add_event_listener(&self.node, name, action);
        StoredValue::new_local(listener);
        self
    }

    /// The handle by which others reach the element.
    pub fn reference(self, reference: Reference) -> Self {
        reference.0.set_value(Some(self.node.clone()));
        self
    }

    /// Children.
    pub fn child(self, child: impl Into<Part>) -> Self {
        (child.into().0)(&self.node);
        self
    }

    /// Elements as children.
    pub fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        for child in children {
            Rndr::insert_node(&self.node, &child.node, None);
        }
        self
    }

    /// A text that stays as it is.
    pub fn text(self, text: impl AsRef<str>) -> Self {
        let node = Rndr::create_text_node(text.as_ref());
        Rndr::insert_node(&self.node, &node, None);
        self
    }

    /// A text that changes.
    pub fn live(self, text: impl Fn() -> String + 'static) -> Self {
        let node = Rndr::create_text_node("");
        Rndr::insert_node(&self.node, &node, None);
        keep(move || Rndr::set_text(&node, &text()));
        self
    }

    /// Puts the finished element into one of the document.
    pub fn append_to(self, parent: &Node) {
        Rndr::insert_node(parent, &self.node, None);
    }
}

impl From<Element> for Part {
    fn from(element: Element) -> Self {
        Self(Box::new(move |parent| element.append_to(parent)))
    }
}

/// Elements that are made anew whenever what `part` reads changes.
pub fn part<I: IntoIterator<Item = Element>>(part: impl Fn() -> I + 'static) -> Part {
    let part: Box<dyn Fn() -> Vec<Element>> = Box::new(move || part().into_iter().collect());
    Part(Box::new(move |parent| {
        let (parent, end) = (parent.clone(), end_of(parent));
        // What is made in here belongs to this run of the effect, and ends before the next.
        let effect = RenderEffect::new(move |before: Option<Vec<Element>>| {
            let now = part();
            for element in before.iter().flatten() {
                Rndr::remove(&element.node);
            }
            for element in &now {
                Rndr::insert_node(&parent, &element.node, Some(&end));
            }
            now
        });
        StoredValue::new_local(effect);
    }))
}

/// An element that is there while a condition holds, and stays the same one all the while.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    then: impl Fn() -> Element + 'static,
) -> Part {
    let condition = Memo::new(move |_| condition());
    part(move || condition.get().then(&then))
}

/// One element for each key, in the order of the keys. An element stays the same one for as long as
/// its key is there; no two keys may be equal.
pub fn each<K: Clone + PartialEq + 'static>(
    keys: impl Fn() -> Vec<K> + 'static,
    row: impl Fn(K) -> Element + 'static,
) -> Part {
    Part(Box::new(move |parent| {
        let (parent, end) = (parent.clone(), end_of(parent));
        let owner = Owner::current().unwrap_or_default();
        let effect = RenderEffect::new(move |before: Option<Vec<Row<K>>>| {
            let mut before = before.unwrap_or_default();
            let mut make = |key| match before.iter().position(|row| row.key == key) {
                Some(position) => before.swap_remove(position),
                None => Row::new(key, &owner, &row),
            };
            let now: Vec<Row<K>> = keys().into_iter().map(&mut make).collect();
            // What is left has no key any more, and leaves the document as it is dropped.
            drop(before);
            let mut next: AnyNode = end.clone();
            for row in now.iter().rev() {
                let node: &AnyNode = row.element.node.as_ref();
                // A row that is where it belongs is not touched: it may have the focus.
                if Rndr::next_sibling(node).as_ref() != Some(&next) {
                    Rndr::insert_node(&parent, node, Some(&next));
                }
                next = node.clone();
            }
            now
        });
        StoredValue::new_local(effect);
    }))
}

/// An element of [`each`], and the owner of what happens in it.
struct Row<K> {
    key: K,
    element: Element,
    owner: Owner,
}

impl<K: Clone> Row<K> {
    fn new(key: K, parent: &Owner, row: &impl Fn(K) -> Element) -> Self {
        let owner = parent.with(Owner::new);
        let element = owner.with(|| row(key.clone()));
        Self {
            key,
            element,
            owner,
        }
    }
}

impl<K> Drop for Row<K> {
    fn drop(&mut self) {
        self.owner.cleanup();
        Rndr::remove(&self.element.node);
    }
}

/// Marks the place in `parent` before which changing children stand.
fn end_of(parent: &Node) -> AnyNode {
    let end = Rndr::create_placeholder();
    Rndr::insert_node(parent, &end, None);
    end.unchecked_into()
}

/// Runs now, and whenever what it reads changes, until the current owner ends.
fn keep(effect: impl Fn() + 'static) {
    let effect: Box<dyn Fn()> = Box::new(effect);
    StoredValue::new_local(RenderEffect::new(move |_| effect()));
}

/// A handle to an element that is, or will be, in the document.
#[derive(Clone, Copy)]
pub struct Reference(StoredValue<Option<Node>, LocalStorage>);

impl Reference {
    /// A handle to an element that is not there yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Gives the focus to the element, if it is there.
    pub fn focus(self) {
        use leptos::web_sys::HtmlElement;
        self.0.with_value(|node| {
            if let Some(element) = node.as_ref().and_then(|node| node.dyn_ref::<HtmlElement>()) {
                // Focusing throws nothing; the binding only cannot know that.
                let _ = element.focus();
            }
        });
    }
}
