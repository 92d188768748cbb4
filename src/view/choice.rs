//! The choices of a filter.

use std::rc::Rc;

use leptos::prelude::*;
use referral_history_core::{query::Choice, status::Status};

use super::{
    icon::{status_icon, tone},
    ids::Ids,
    words::Words,
};
use crate::{
    dom::{Element, Key, Part, Reference, each, element, is_checked},
    state::History,
};

/// A group of inputs with a name.
pub fn group(name: &'static str, id: String) -> Element {
    element("fieldset", "rh-fieldset")
        .set("aria-labelledby", id.clone())
        .child(element("legend", "rh-legend").set("id", id).text(name))
}

/// The choices of a filter, each as an element. One that was offered stays until another answer
/// comes, since a choice that went as it was dropped would take the focus along.
pub fn options<T: Clone + PartialEq + Send + Sync + 'static>(
    history: History,
    choices: Memo<Vec<Choice<T>>>,
    option: impl Fn(T) -> Element + 'static,
) -> Part {
    let offered = Memo::new(move |before: Option<&Offered<T>>| {
        let mut offered = before.cloned().unwrap_or_default();
        offered.renew(history.generation(), &choices.get());
        offered
    });
    let keys = move || offered.with(|offered| offered.values.iter().map(|(key, _)| *key).collect());
    each(keys, move |key| {
        let value = offered.with_untracked(|offered| offered.value(key));
        value.map_or_else(|| element("span", ""), &option)
    })
}

/// The values that a filter offers, each with a key that stays its own.
#[derive(Clone, PartialEq)]
struct Offered<T> {
    generation: u32,
    values: Vec<(Key, T)>,
    next: Key,
}

impl<T> Default for Offered<T> {
    fn default() -> Self {
        Self {
            generation: 0,
            values: Vec::new(),
            next: 0,
        }
    }
}

impl<T: Clone + PartialEq> Offered<T> {
    fn renew(&mut self, generation: u32, choices: &[Choice<T>]) {
        // Another answer is in its own order; what comes after it comes last.
        let mut before = Vec::new();
        if generation != self.generation {
            self.generation = generation;
            before = core::mem::take(&mut self.values);
        }
        for Choice { value, .. } in choices {
            let is_it = |(_, known): &&(Key, T)| known == value;
            if !self.values.iter().any(|known| is_it(&known)) {
                let known = before.iter().find(is_it).map(|(key, _)| *key);
                let key = known.unwrap_or_else(|| {
                    self.next += 1;
                    self.next
                });
                self.values.push((key, value.clone()));
            }
        }
    }

    fn value(&self, key: Key) -> Option<T> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == key)
            .map(|(_, value)| value.clone())
    }
}

/// A number of events, where it is known. Reactive.
pub type Counted = Rc<dyn Fn() -> Option<usize>>;

/// How many events a choice would leave; `None` before there are any events, and for a word that is
/// no choice (any more).
pub fn events_of<T: PartialEq + Send + Sync + 'static>(
    history: History,
    choices: Memo<Vec<Choice<T>>>,
    value: T,
) -> Counted {
    Rc::new(move || {
        history.shown().with(Option::is_some).then_some(())?;
        choices.with(|choices| {
            let choice = choices.iter().find(|choice| choice.value == value);
            choice.map(|choice| choice.events)
        })
    })
}

/// One choice of a filter, as a native input and what stands beside it.
pub struct Control {
    /// The type of its input.
    pub kind: &'static str,
    /// The API's own word.
    pub value: String,
    /// What the user reads.
    pub label: String,
    /// Whose icon and colours it wears.
    pub status: Option<Status>,
    /// The handle by which others reach its input.
    pub reference: Option<Reference>,
    /// How many events it would leave.
    pub events: Counted,
    /// Whether it is chosen.
    pub chosen: Box<dyn Fn() -> bool>,
    /// Chooses or drops it.
    pub choose: Box<dyn Fn(bool)>,
}

impl Control {
    /// The label is the input's accessible name and the number of events its description, so that
    /// the name stays what it is.
    pub fn view(self, words: Words, group: Ids) -> Element {
        let Self {
            kind,
            value,
            label,
            status,
            reference,
            events,
            chosen,
            choose,
        } = self;
        let ids = Ids::new();
        let counted = |text: fn(Words, usize) -> String| {
            let events = Rc::clone(&events);
            move || events().map_or_else(String::new, |events| text(words, events))
        };
        let input = element("input", "")
            .set("type", kind)
            .set("name", group.of(kind))
            .set("value", value)
            .set("aria-labelledby", ids.of("name"))
            .set("aria-describedby", ids.of("hint"))
            .is("checked", chosen)
            .on("change", move |event| choose(is_checked(event)));
        let input = match reference {
            Some(reference) => input.reference(reference),
            None => input,
        };
        let name = element("bdi", "").set("id", ids.of("name")).text(label);
        // Empty, but as wide, before there are any events.
        let count = element("span", "rh-count")
            .set("aria-hidden", "true")
            .live(counted(Words::count));
        let hint = element("span", "rh-hidden")
            .set("id", ids.of("hint"))
            .live(counted(|words, events| {
                words.plural(&words.texts.choice_events, events)
            }));
        let label = match status {
            Some(status) => element("label", "rh-chip")
                .set("data-status", tone(&status))
                .child(input)
                .child(status_icon(&status)),
            None => element("label", "rh-segment").child(input),
        };
        label.child(name).child(count).child(hint)
    }
}
