//! Elements of one type.
//!
//! Leptos' `view!` gives every element, and every element around it, a type of its own, and the
//! compiler writes out rendering for each. This builder goes through Leptos' type-erased attributes
//! and views instead, so that an element costs what it says and no more; and it never parses markup,
//! which keeps it clear of the browser's Trusted Types.

use leptos::{
    ev::{self, Event},
    prelude::*,
    tachys::html::{
        attribute::{
            any_attribute::{AnyAttribute, IntoAnyAttribute},
            custom::custom_attribute,
        },
        element::{Custom, ElementChild, HtmlElement, custom},
        event::on,
        node_ref::node_ref,
        property::prop,
    },
};

/// A piece of the page.
pub type Part = AnyView;

/// A handle to an element that is, or will be, in the document.
pub type Reference = NodeRef<Custom<&'static str>>;

/// An element that is being put together.
#[must_use]
pub struct Element {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<Part>,
}

/// An element with a class.
pub fn element(tag: &'static str, class: &'static str) -> Element {
    let element = Element {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    if class.is_empty() {
        element
    } else {
        element.set("class", class)
    }
}

impl Element {
    fn attribute(mut self, attribute: AnyAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// An attribute that stays as it is.
    pub fn set(self, name: &'static str, value: &'static str) -> Self {
        self.attribute(custom_attribute(name, value).into_any_attr())
    }

    /// An attribute with a text that was made.
    pub fn set_text(self, name: &'static str, value: String) -> Self {
        self.attribute(custom_attribute(name, value).into_any_attr())
    }

    /// An attribute that is there, as `"true"`, or not.
    pub fn flag(self, name: &'static str, flag: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let flag = signal(flag);
        let flag = Signal::derive(move || flag.get().then_some("true"));
        self.attribute(custom_attribute(name, flag).into_any_attr())
    }

    /// A property that is on or off.
    pub fn is(self, name: &'static str, is: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.attribute(prop(name, signal(is)).into_any_attr())
    }

    /// What a press does.
    pub fn press(self, action: impl Fn() + 'static) -> Self {
        let action: Box<dyn FnMut(ev::MouseEvent)> = Box::new(move |_| action());
        self.attribute(on(ev::click, action).into_any_attr())
    }

    /// What a change of the input does.
    pub fn change(self, action: impl Fn(Event) + 'static) -> Self {
        let action: Box<dyn FnMut(Event)> = Box::new(action);
        self.attribute(on(ev::change, action).into_any_attr())
    }

    /// The handle by which others reach the element.
    pub fn reference(self, reference: Reference) -> Self {
        self.attribute(node_ref::<Custom<&'static str>, _>(reference).into_any_attr())
    }

    /// A child.
    pub fn child(mut self, child: impl Into<Part>) -> Self {
        self.children.push(child.into());
        self
    }

    /// Children.
    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Part::from));
        self
    }

    /// A text that stays as it is.
    pub fn say(self, text: &'static str) -> Self {
        self.child(text.into_any())
    }

    /// A text that was made.
    pub fn text(self, text: String) -> Self {
        self.child(text.into_any())
    }

    /// A text that changes.
    pub fn live(self, text: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.child(signal(text).into_any())
    }
}

impl From<Element> for Part {
    fn from(element: Element) -> Self {
        let whole: HtmlElement<Custom<&'static str>, _, _> = custom(element.tag)
            .add_any_attr(element.attributes)
            .child(element.children);
        whole.into_any()
    }
}

/// What a function says, as a signal. Boxed first, so that there is one type of it for all.
pub fn signal<T: Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Signal<T> {
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    Signal::derive(value)
}

/// What a function says, as a memo. Boxed first, so that there is one type of it for all.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    let value: Box<dyn Fn(Option<&T>) -> T + Send + Sync> = Box::new(move |_| value());
    Memo::new(value)
}

/// A part that is made anew whenever what it reads changes.
pub fn part(part: impl Fn() -> Part + Send + 'static) -> Part {
    let part: Box<dyn Fn() -> Part + Send> = Box::new(part);
    part.into_any()
}

/// A part that is there while a condition holds, and stays the same part all the while.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    then: impl Fn() -> Part + Send + 'static,
) -> Part {
    let condition = memo(condition);
    part(move || if condition.get() { then() } else { nothing() })
}

/// A part that is not there.
pub fn nothing() -> Part {
    ().into_any()
}

/// Gives the focus to an element, if it is there.
pub fn focus(element: Reference) {
    if let Some(element) = element.get_untracked() {
        // Focusing throws nothing; the binding only cannot know that.
        let _ = element.focus();
    }
}
