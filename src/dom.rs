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

use core::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Function, Reflect};
use leptos::{
    prelude::*,
    tachys::renderer::{
        Rndr,
        types::{Element as Node, Node as AnyNode},
    },
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, HtmlDialogElement, HtmlElement, MouseEvent, ShadowRoot, ShadowRootInit, ShadowRootMode,
    UiEvent, window,
};

use crate::stopped::is_stopped;

/// The namespace of pictures.
const SVG: &str = "http://www.w3.org/2000/svg";

/// How far a pointer may move, in CSS pixels, for a press to be one.
const STILL_PIXELS: i32 = 4;

/// An element of the document, which is being put together.
#[must_use]
pub struct Element {
    node: Node,
}

/// Children that are put into an element, now and whenever they change.
#[must_use]
pub struct Part(Children);

enum Children {
    One(Element),
    Changing(Box<dyn FnOnce(&Node)>),
}

/// An element with a class.
pub fn element(tag: &'static str, class: &'static str) -> Element {
    made(tag, None, class)
}

/// An element of a picture, with a class.
pub fn picture(tag: &'static str, class: &'static str) -> Element {
    made(tag, Some(SVG), class)
}

fn made(tag: &'static str, namespace: Option<&'static str>, class: &'static str) -> Element {
    let node = Rndr::create_element(tag, namespace);
    let element = Element { node };
    if class.is_empty() {
        element
    } else {
        element.set("class", class)
    }
}

impl Element {
    /// An attribute that stays as it is.
    pub fn set(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.set_attribute(name, value.as_ref())
    }

    /// An attribute that changes.
    pub fn attribute(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.keep_attribute(name, Box::new(move || Some(value())))
    }

    /// An attribute that is there, as `"true"`, or not.
    pub fn flag(self, name: &'static str, flag: impl Fn() -> bool + 'static) -> Self {
        self.keep_attribute(name, Box::new(move || flag().then(|| "true".to_owned())))
    }

    /// A number for the style sheet, as a custom property such as `--share`. Set as a property of the element,
    /// which a Content-Security-Policy without inline styles allows.
    pub fn style(self, name: &'static str, value: u32) -> Self {
        let style = Rndr::style(&self.node);
        Rndr::set_css_property(&style, name, &value.to_string());
        self
    }

    /// What an input holds.
    pub fn value(self, value: impl Fn() -> String + 'static) -> Self {
        self.keep_value(Box::new(value))
    }

    /// A property that is on or off.
    pub fn is(self, name: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        self.keep_property(name, Box::new(is))
    }

    /// What a press does.
    pub fn press(self, action: impl Fn() + 'static) -> Self {
        self.on("click", move |_| action())
    }

    /// What a press does that does not end a selecting of text, which a press ends too.
    pub fn press_still(self, action: impl Fn() + 'static) -> Self {
        let down = Rc::new(Cell::new((0, 0)));
        let from = Rc::clone(&down);
        let place = |event: &Event| {
            let event: &MouseEvent = event.unchecked_ref();
            (event.client_x(), event.client_y())
        };
        self.on("pointerdown", move |event| down.set(place(event)))
            .on("click", move |event| {
                let (from_x, from_y) = from.get();
                let (x, y) = place(event);
                let moved = (x - from_x).abs().max((y - from_y).abs());
                // A press of a key has no place, and counts no clicks.
                let is_key = event.unchecked_ref::<UiEvent>().detail() == 0;
                if is_key || moved <= STILL_PIXELS {
                    action();
                }
            })
    }

    /// What a press does that is not on the element, nor on anything in it, for as long as the current
    /// owner lives.
    pub fn press_outside(self, action: impl Fn() + 'static) -> Self {
        // Not by the event's path, which ends where a host's closed shadow root begins.
        let is_inside = Rc::new(Cell::new(false));
        let noticed = Rc::clone(&is_inside);
        listen_to_window(
            "pointerdown",
            Box::new(move |_| {
                if !is_inside.take() {
                    action();
                }
            }),
        );
        self.on("pointerdown", move |_| noticed.set(true))
    }

    /// What happens on an event of that name.
    pub fn on(self, name: &'static str, action: impl Fn(&Event) + 'static) -> Self {
        self.listen(name, Box::new(action))
    }

    /// The handle by which others reach the element.
    pub fn reference(self, reference: Reference) -> Self {
        reference.0.set_value(Some(self.node.clone()));
        self
    }

    /// Children.
    pub fn child(self, child: impl Into<Part>) -> Self {
        self.append(child.into())
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
        self.append_text(text.as_ref())
    }

    /// A text that changes.
    pub fn live(self, text: impl Fn() -> String + 'static) -> Self {
        self.keep_text(Box::new(text))
    }

    /// Puts the finished element into one of the document.
    pub fn append_to(self, parent: &Node) {
        Rndr::insert_node(parent, &self.node, None);
    }
}

impl From<Element> for Part {
    fn from(element: Element) -> Self {
        Self(Children::One(element))
    }
}

// What follows takes closures of one type, so that it is compiled once and not for each of them.

impl Element {
    #[inline(never)]
    fn set_attribute(self, name: &'static str, value: &str) -> Self {
        Rndr::set_attribute(&self.node, name, value);
        self
    }

    fn keep_attribute(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let node = self.node.clone();
        keep(Box::new(move || match value() {
            Some(value) => Rndr::set_attribute(&node, name, &value),
            None => Rndr::remove_attribute(&node, name),
        }));
        self
    }

    fn keep_property(self, name: &'static str, is: Box<dyn Fn() -> bool>) -> Self {
        let node = self.node.clone();
        keep(Box::new(move || {
            Rndr::set_property(&node, name, &JsValue::from_bool(is()));
        }));
        self
    }

    fn keep_value(self, value: Box<dyn Fn() -> String>) -> Self {
        let node = self.node.clone();
        keep(Box::new(move || {
            let value = JsValue::from(value());
            // Setting what is there already would move the cursor of whoever types.
            if Reflect::get(&node, &"value".into()).as_ref() != Ok(&value) {
                Rndr::set_property(&node, "value", &value);
            }
        }));
        self
    }

    fn keep_text(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = Rndr::create_text_node("");
        Rndr::insert_node(&self.node, &node, None);
        keep(Box::new(move || Rndr::set_text(&node, &text())));
        self
    }

    #[inline(never)]
    fn append_text(self, text: &str) -> Self {
        let node = Rndr::create_text_node(text);
        Rndr::insert_node(&self.node, &node, None);
        self
    }

    fn listen(self, name: &'static str, action: Box<dyn Fn(&Event)>) -> Self {
        let action = Box::new(move |event: JsValue| {
            if !is_stopped() {
                action(event.unchecked_ref());
            }
        });
        let listener = Rndr::add_event_listener(&self.node, name, action);
        StoredValue::new_local(listener);
        self
    }

    #[inline(never)]
    fn append(self, part: Part) -> Self {
        match part.0 {
            Children::One(element) => element.append_to(&self.node),
            Children::Changing(put_into) => put_into(&self.node),
        }
        self
    }
}

/// Elements that are made anew whenever what `part` reads changes.
pub fn part<I: IntoIterator<Item = Element>>(part: impl Fn() -> I + 'static) -> Part {
    part_of(Box::new(move || part().into_iter().collect()))
}

fn part_of(part: Box<dyn Fn() -> Vec<Element>>) -> Part {
    Part(Children::Changing(Box::new(move |parent| {
        let (parent, end) = (parent.clone(), end_of(parent));
        // What is made in here belongs to this run of the effect, and ends before the next.
        let effect = RenderEffect::new(move |before: Option<Vec<Element>>| {
            if is_stopped() {
                return before.unwrap_or_default();
            }
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
    })))
}

/// An element that is there while a condition holds, and stays the same one all the while.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    then: impl Fn() -> Element + 'static,
) -> Part {
    let condition = Memo::new(move |_| condition());
    part(move || condition.get().then(&then))
}

/// What tells one element of a list from all others.
pub type Key = u64;

/// One element for each key, in the order of the keys. An element stays the same one for as long as
/// its key is there; no two keys may be equal.
pub fn each(
    keys: impl Fn() -> Vec<Key> + 'static,
    make: impl Fn(Key) -> Element + 'static,
) -> Part {
    each_returning(keys, |_| false, make)
}

/// The same, for elements whose keys come and go: one whose key went and `returns` waits outside of
/// the document, since showing it again costs a fraction of making it.
pub fn each_returning(
    keys: impl Fn() -> Vec<Key> + 'static,
    returns: impl Fn(Key) -> bool + 'static,
    make: impl Fn(Key) -> Element + 'static,
) -> Part {
    let list = List {
        keys: Box::new(keys),
        returns: Box::new(returns),
        make: Box::new(make),
    };
    Part(Children::Changing(Box::new(move |parent| {
        list.put_into(parent);
    })))
}

/// What is known of a list of elements.
struct List {
    keys: Box<dyn Fn() -> Vec<Key>>,
    returns: Box<dyn Fn(Key) -> bool>,
    make: Box<dyn Fn(Key) -> Element>,
}

impl List {
    fn put_into(self, parent: &Node) {
        let (parent, end) = (parent.clone(), end_of(parent));
        let owner = Owner::current().unwrap_or_default();
        let effect = RenderEffect::new(move |before: Option<Rows>| {
            if is_stopped() {
                return before.unwrap_or_default();
            }
            let Rows { shown, mut waiting } = before.unwrap_or_default();
            let mut before = shown;
            let mut row = |key: Key| {
                let row_of = |rows: &mut Vec<Row>| {
                    let position = rows.iter().position(|row| row.key == key)?;
                    Some(rows.swap_remove(position))
                };
                row_of(&mut before)
                    .or_else(|| row_of(&mut waiting))
                    .unwrap_or_else(|| Row::new(key, &owner, &*self.make))
            };
            let mut shown: Vec<Row> = (self.keys)().into_iter().map(&mut row).collect();
            // What is left has no key any more. What does not return ends as it is dropped.
            let has_focus = |row: &&Row| row.element.node.matches(":focus-within") == Ok(true);
            let lost = before.iter().find(has_focus).map(|row| row.place);
            for row in &before {
                Rndr::remove(&row.element.node);
            }
            waiting.extend(before);
            waiting.retain(|row| (self.returns)(row.key));
            let mut next: AnyNode = end.clone();
            for row in shown.iter().rev() {
                let node: &AnyNode = row.element.node.as_ref();
                // A row that is where it belongs is not touched: it may have the focus.
                if Rndr::next_sibling(node).as_ref() != Some(&next) {
                    place(&parent, node, &next);
                }
                next = node.clone();
            }
            for (place, row) in shown.iter_mut().enumerate() {
                row.place = place;
            }
            // A row that goes hands the focus on to the one in its place, or to the last.
            if let Some(heir) = lost.and_then(|place| shown.get(place).or(shown.last())) {
                heir.focus();
            }
            Rows { shown, waiting }
        });
        StoredValue::new_local(effect);
    }
}

/// Puts a node before another. One that is in the parent already is moved where the browser can do that:
/// it costs a quarter of taking it out and putting it in, and the focus goes along.
fn place(parent: &Node, node: &AnyNode, next: &AnyNode) {
    let is_moved =
        node.parent_node().as_ref() == Some(parent) && move_before(parent, node, next).is_some();
    if !is_moved {
        Rndr::insert_node(parent, node, Some(next));
    }
}

/// `moveBefore`, which web-sys has no binding for; `None` where the browser has none, or refuses.
fn move_before(parent: &Node, node: &AnyNode, next: &AnyNode) -> Option<()> {
    let function = Reflect::get(parent, &"moveBefore".into()).ok()?;
    let function: Function = function.dyn_into().ok()?;
    function.call2(parent, node, next).ok().map(drop)
}

/// The elements of a list: those in the document, in their order, and those that wait outside.
#[derive(Default)]
struct Rows {
    shown: Vec<Row>,
    waiting: Vec<Row>,
}

/// An element of a list, and the owner of what happens in it.
struct Row {
    key: Key,
    /// Its place among the elements, from 0.
    place: usize,
    element: Element,
    owner: Owner,
}

impl Row {
    fn new(key: Key, parent: &Owner, make: &dyn Fn(Key) -> Element) -> Self {
        let owner = parent.with(Owner::new);
        let element = owner.with(|| make(key));
        Self {
            key,
            place: 0,
            element,
            owner,
        }
    }

    /// Gives the focus to the first thing in it that takes it.
    fn focus(&self) {
        let found = self.element.node.query_selector("button, input, [href]");
        if let Ok(Some(found)) = found {
            let _ = found.unchecked_into::<HtmlElement>().focus();
        }
    }
}

impl Drop for Row {
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
fn keep(effect: Box<dyn Fn()>) {
    StoredValue::new_local(RenderEffect::new(move |_| {
        if !is_stopped() {
            effect();
        }
    }));
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
        self.with(|element: &HtmlElement| {
            // Focusing throws nothing; the binding only cannot know that.
            let _ = element.focus();
        });
    }

    /// Gives the focus to the element, if nothing in the document has it, or what nobody sees any more in
    /// a dialog that has closed.
    pub fn focus_if_lost(self, closed: Self) {
        let mut is_unseen = false;
        closed.with(|dialog: &HtmlElement| {
            is_unseen = dialog.matches(":focus-within").unwrap_or(false);
        });
        let active = window()
            .and_then(|window| window.document())
            .and_then(|document| document.active_element());
        if is_unseen || active.is_none_or(|active| active.tag_name() == "BODY") {
            self.focus();
        }
    }

    /// Opens the dialog above all else on the page. The browser keeps the focus in it, and gives it
    /// back when the dialog closes.
    pub fn show_modal(self) {
        // It throws when the dialog is open already, which is what was asked for.
        self.with(|dialog: &HtmlDialogElement| drop(dialog.show_modal()));
    }

    /// Closes the dialog.
    pub fn close(self) {
        self.with(|dialog: &HtmlDialogElement| dialog.close());
    }

    fn with<T: JsCast>(self, action: impl FnOnce(&T)) {
        self.0.with_value(|node| {
            if let Some(element) = node.as_ref().and_then(|node| node.dyn_ref()) {
                action(element);
            }
        });
    }
}

/// What the input that an event happened on holds.
pub fn value_of(event: &Event) -> String {
    property_of_target(event, "value")
        .as_string()
        .unwrap_or_default()
}

/// Whether the input that an event happened on is checked.
pub fn is_checked(event: &Event) -> bool {
    property_of_target(event, "checked").is_truthy()
}

fn property_of_target(event: &Event, name: &str) -> JsValue {
    let input = event.target();
    let property = input.and_then(|input| Reflect::get(&input, &name.into()).ok());
    property.unwrap_or_default()
}

/// The key that an event of the keyboard tells of, such as `Escape`.
pub fn key(event: &Event) -> String {
    let key = Reflect::get(event, &"key".into()).unwrap_or_default();
    key.as_string().unwrap_or_default()
}

/// Whether the focus moved from the element that listens for `focusout` to another one outside of it.
pub fn focus_moved_out(event: &Event) -> bool {
    let node =
        |name: &str| -> Option<AnyNode> { Reflect::get(event, &name.into()).ok()?.dyn_into().ok() };
    match (node("currentTarget"), node("relatedTarget")) {
        (Some(element), Some(to)) => !element.contains(Some(&to)),
        // Nothing took the focus: a press on text, or the window lost it.
        _ => false,
    }
}

/// What happens on an event of the window, for as long as the current owner lives.
pub fn on_window(name: &'static str, action: impl Fn() + 'static) {
    listen_to_window(name, Box::new(move |_| action()));
}

fn listen_to_window(name: &'static str, action: Box<dyn Fn(&Event)>) {
    let listener = window().map(|window| {
        EventListener::new(&window, name, move |event| {
            if !is_stopped() {
                action(event);
            }
        })
    });
    StoredValue::new_local(listener);
}

/// Whether an event happened on the very element that listens, and not on something in it.
pub fn is_on_itself(event: &Event) -> bool {
    event.target().is_some() && event.target() == event.current_target()
}

/// An open shadow root for an element; `None` where the element can have none.
pub fn open_shadow(host: &HtmlElement) -> Option<ShadowRoot> {
    host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
        .ok()
}

/// Whether the browser shows that the element which an event happened on has the focus: by keys it does.
pub fn shows_focus(event: &Event) -> bool {
    let target: Option<Node> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|target| target.matches(":focus-visible").unwrap_or(false))
}

/// Whether the disclosure that an event happened on is open now.
pub fn is_open(event: &Event) -> bool {
    let element = event.current_target();
    element.is_some_and(|element| {
        Reflect::get(&element, &"open".into()).is_ok_and(|open| open.is_truthy())
    })
}
