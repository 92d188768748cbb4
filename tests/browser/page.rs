//! A mounted page, driven by names, roles and texts as a user would.

use js_sys::Reflect;
use leptos::prelude::*;
use referral_history::ReferralHistory;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, ShadowRoot, window,
};

/// How long a test waits for a condition, in milliseconds.
const TIME_OUT_MILLISECONDS: u32 = 4_000;

const TABLE: &str = "table[aria-label='Referrals']";

/// Waits until a condition holds.
pub async fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..TIME_OUT_MILLISECONDS / 10 {
        if holds() {
            return;
        }
        sleep(10).await;
    }
    panic!("timed out: {what}");
}

/// Removes the choices of earlier tests from the address, which a new page would read.
fn reset_address() {
    let window = window().expect("a window");
    let path = window.location().pathname().expect("a path");
    let history = window.history().expect("a history");
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(&path))
        .expect("replaced");
}

async fn sleep(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        window()
            .expect("a window")
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .expect("a timer");
    });
    JsFuture::from(promise).await.expect("time passes");
}

/// Records the warnings in the browser's console until it is dropped.
pub struct Warnings {
    warned: js_sys::Array,
    original: JsValue,
    _closure: Closure<dyn Fn(JsValue)>,
}

impl Warnings {
    pub fn listen() -> Self {
        let warned = js_sys::Array::new();
        let list = warned.clone();
        let closure = Closure::new(move |sentence: JsValue| {
            list.push(&sentence);
        });
        let original = Reflect::get(&Self::console(), &"warn".into()).expect("a function");
        Reflect::set(&Self::console(), &"warn".into(), closure.as_ref()).expect("set");
        Self {
            warned,
            original,
            _closure: closure,
        }
    }

    pub fn all(&self) -> Vec<String> {
        let sentences = self.warned.iter();
        sentences
            .filter_map(|sentence| sentence.as_string())
            .collect()
    }

    fn console() -> JsValue {
        Reflect::get(&js_sys::global(), &"console".into()).expect("a console")
    }
}

impl Drop for Warnings {
    fn drop(&mut self) {
        Reflect::set(&Self::console(), &"warn".into(), &self.original).expect("set");
    }
}

/// The component in the document. Dropping it unmounts the component.
pub struct Page {
    root: HtmlElement,
    _mounted: Box<dyn std::any::Any>,
}

impl Page {
    pub fn mount() -> Self {
        Self::mount_view(|| view! { <ReferralHistory/> })
    }

    pub fn mount_view<N: IntoView + 'static>(view: impl FnOnce() -> N + 'static) -> Self {
        let document = document();
        reset_address();
        let root: HtmlElement = document
            .create_element("div")
            .expect("an element")
            .unchecked_into();
        document
            .body()
            .expect("a body")
            .append_child(&root)
            .expect("appended");
        let mounted = mount_to(root.clone(), view);
        Self {
            root,
            _mounted: Box::new(mounted),
        }
    }

    /// The shadow root of the page, once it is attached.
    fn shadow(&self) -> Option<ShadowRoot> {
        self.root.first_element_child()?.shadow_root()
    }

    /// Sets `lang` on an element around the page.
    pub fn set_lang_around(&self, lang: &str) {
        self.root.set_attribute("lang", lang).expect("set");
    }

    /// The texts of the host's elements that a slot of the page shows.
    pub fn slotted(&self, selector: &str) -> Vec<String> {
        let found = self.root.query_selector_all(selector).expect("a selector");
        let elements = (0..found.length()).filter_map(|position| found.get(position));
        elements
            .map(JsCast::unchecked_into::<Element>)
            .filter(|element| {
                let slot = Reflect::get(element, &"assignedSlot".into()).expect("a property");
                !slot.is_null()
            })
            .map(|element| text(&element))
            .collect()
    }

    pub fn find(&self, selector: &str) -> Element {
        let mut found = self.all(selector).into_iter();
        found
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {}", self.text()))
    }

    /// An element within the rows.
    pub fn find_in_rows(&self, selector: &str) -> Element {
        self.find(&format!("{TABLE} tbody {selector}"))
    }

    pub fn rows(&self) -> usize {
        self.count(&format!("{TABLE} tbody tr"))
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let Some(shadow) = self.shadow() else {
            return Vec::new();
        };
        let found = shadow.query_selector_all(selector).expect("a selector");
        (0..found.length())
            .filter_map(|position| found.get(position))
            .map(JsCast::unchecked_into)
            .collect()
    }

    pub fn count(&self, selector: &str) -> usize {
        self.all(selector).len()
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let elements = self.all(selector);
        elements
            .iter()
            .filter_map(|element| element.get_attribute(name))
            .collect()
    }

    pub fn text(&self) -> String {
        let shadow = self.shadow();
        shadow
            .and_then(|shadow| shadow.text_content())
            .unwrap_or_default()
    }

    /// The last announcement.
    pub fn status(&self) -> String {
        let region = self.all("[role=status]").into_iter().next();
        let announced = region.as_ref().map(text).unwrap_or_default();
        announced.trim_end().to_owned()
    }

    /// Waits until the page shows that many rows, and all that is drawn after them.
    pub async fn shows_rows(&self, rows: usize) {
        let is_complete = || !self.all(".rh-pager").is_empty();
        eventually(&format!("{rows} rows"), || {
            self.rows() == rows && is_complete()
        })
        .await;
    }

    pub fn headings(&self) -> Vec<String> {
        let headings = format!("{TABLE} thead th");
        self.all(&headings).iter().map(heading).collect()
    }

    /// The texts of a row's cells.
    pub fn row(&self, row: usize) -> Vec<String> {
        let row = row + 1;
        let cells = format!("{TABLE} tbody tr:nth-child({row}) td:not([data-column=details])");
        self.all(&cells).iter().map(text).collect()
    }

    /// The button with an accessible name.
    pub fn button(&self, name: &str) -> Option<HtmlElement> {
        let buttons = self.all("button");
        let button = buttons
            .into_iter()
            .find(|button| accessible_name(button) == name);
        button.map(JsCast::unchecked_into)
    }

    pub fn press(&self, name: &str) {
        let button = self
            .button(name)
            .unwrap_or_else(|| panic!("no button {name}"));
        button.click();
    }

    /// Whether the button has `aria-disabled`.
    pub fn disabled(&self, name: &str) -> Option<bool> {
        Some(self.button(name)?.get_attribute("aria-disabled").as_deref() == Some("true"))
    }

    /// Whether the button has `disabled`.
    pub fn really_disabled(&self, name: &str) -> Option<bool> {
        Some(self.button(name)?.matches(":disabled").expect("a selector"))
    }

    pub fn description_of(&self, name: &str) -> String {
        description(
            &self
                .button(name)
                .unwrap_or_else(|| panic!("no button {name}")),
        )
    }

    /// The choice of a filter, by the API's word.
    pub fn choice(&self, word: &str) -> Choice {
        Choice(self.find(&format!("input[value={word}]")).unchecked_into())
    }

    fn select(&self) -> HtmlSelectElement {
        self.find("select:has([value='25'])").unchecked_into()
    }

    pub fn rows_per_page(&self) -> String {
        self.select().value()
    }

    pub fn select_rows_per_page(&self, rows: &str) {
        let select = self.select();
        select.set_value(rows);
        let init = EventInit::new();
        init.set_bubbles(true);
        let change = Event::new_with_event_init_dict("change", &init).expect("an event");
        select.dispatch_event(&change).expect("dispatched");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}

pub struct Choice(HtmlInputElement);

impl Choice {
    pub fn check(&self) {
        self.0.click();
    }

    pub fn focus(&self) {
        self.0.focus().expect("focused");
    }

    pub fn has_focus(&self) -> bool {
        self.0.matches(":focus").expect("a selector")
    }

    pub fn is_checked(&self) -> bool {
        self.0.checked()
    }

    pub fn name(&self) -> String {
        accessible_name(&self.0)
    }

    pub fn description(&self) -> String {
        description(&self.0)
    }
}

fn text(element: &Element) -> String {
    element.text_content().unwrap_or_default()
}

/// The name of a heading: a sortable one has it twice, in the button and for narrow screens.
fn heading(heading: &Element) -> String {
    let name = heading.query_selector(".rh-heading-name");
    text(&name.expect("a selector").unwrap_or_else(|| heading.clone()))
}

fn named_by(element: &Element, attribute: &str) -> Option<String> {
    let ids = element.get_attribute(attribute)?;
    let named = ids.split_whitespace().map(|id| {
        let root: ShadowRoot = element.get_root_node().unchecked_into();
        let named = root.get_element_by_id(id);
        text(&named.unwrap_or_else(|| panic!("{attribute} has no target: {id}")))
    });
    Some(named.collect::<Vec<_>>().join(" "))
}

fn accessible_name(element: &Element) -> String {
    named_by(element, "aria-labelledby")
        .or_else(|| element.get_attribute("aria-label"))
        .unwrap_or_else(|| text(element))
}

fn description(element: &Element) -> String {
    named_by(element, "aria-describedby").unwrap_or_default()
}
