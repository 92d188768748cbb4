//! The filters over the loaded events.

use leptos::prelude::*;

use super::{
    icon::{status_icon, tone},
    ids::Ids,
    words::Words,
};
use crate::{
    dom::{Element, Part, Reference, each, element, when},
    model::{
        display::{CELL_CHARACTERS, inert},
        query::{Choice, Query},
        role::Role,
        status::Status,
    },
    state::History,
};

/// Role, status, and the way back to all. `first` is the choice of all roles, for whoever gives the
/// focus to it.
pub fn filters(history: History, words: Words, ids: Ids, first: Reference) -> Element {
    let clear = move || {
        // The button goes with the last filter; the focus must not go with it.
        first.focus();
        history.choose(Query::clear_filters);
    };
    let clear_filters = when(
        move || history.query().with(Query::is_filtered),
        move || {
            element("button", "rh-button rh-button-quiet")
                .set("type", "button")
                .press(clear)
                .text(words.texts.clear_filters)
        },
    );
    element("div", "rh-filters")
        .child(role_filter(history, words, ids, first))
        .child(status_filter(history, words, ids))
        .child(clear_filters)
}

/// One role, or all.
fn role_filter(history: History, words: Words, ids: Ids, first: Reference) -> Element {
    let texts = words.texts;
    let choices = Memo::new(move |_| history.role_choices());
    let option = move |role: Option<Role>| {
        let label = role
            .as_ref()
            .map_or(texts.all_roles, |role| texts.role(role));
        let chosen = role.clone();
        Control {
            kind: "radio",
            value: role.as_ref().map_or("all", Role::word).to_owned(),
            label: inert(label, CELL_CHARACTERS),
            status: None,
            reference: role.is_none().then_some(first),
            events: events_of(history, choices, role.clone()),
            chosen: Signal::derive(move || history.query().with(|query| query.role == chosen)),
            choose: Box::new(move |_| history.choose(|query| query.set_role(role.clone()))),
        }
        .view(words, ids)
    };
    group(texts.role, ids.of("role"))
        .set("role", "radiogroup")
        .child(element("div", "rh-segments").child(options(history, choices, option)))
}

/// Any number of statuses; none means all.
fn status_filter(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let choices = Memo::new(move |_| history.status_choices());
    let option = move |status: Status| {
        let chosen = status.clone();
        Control {
            kind: "checkbox",
            value: status.word().to_owned(),
            label: inert(texts.status(&status), CELL_CHARACTERS),
            status: Some(status.clone()),
            reference: None,
            events: events_of(history, choices, status.clone()),
            chosen: Signal::derive(move || {
                history
                    .query()
                    .with(|query| query.statuses.contains(&chosen))
            }),
            choose: Box::new(move |chosen| {
                history.choose(|query| query.set_status(status.clone(), chosen));
            }),
        }
        .view(words, ids)
    };
    group(texts.status, ids.of("status"))
        .child(element("div", "rh-chips").child(options(history, choices, option)))
}

/// A group of inputs with a name.
fn group(name: &'static str, id: String) -> Element {
    element("fieldset", "rh-fieldset")
        .set("aria-labelledby", id.clone())
        .child(element("legend", "rh-legend").set("id", id).text(name))
}

/// The choices of a filter. One that was offered stays until another answer comes, since a choice that
/// went as it was dropped would take the focus along.
fn options<T: Clone + PartialEq + Send + Sync + 'static>(
    history: History,
    choices: Memo<Vec<Choice<T>>>,
    option: impl Fn(T) -> Element + 'static,
) -> Part {
    let offered = Memo::new(move |before: Option<&(u32, Vec<T>)>| {
        let generation = history.generation();
        let mut values = match before {
            Some((of, values)) if *of == generation => values.clone(),
            _ => Vec::new(),
        };
        choices.with(|choices| {
            for choice in choices {
                if !values.contains(&choice.value) {
                    values.push(choice.value.clone());
                }
            }
        });
        (generation, values)
    });
    each(move || offered.get().1, option)
}

/// How many events a choice would leave; `None` before there are any events, and for a word that is
/// no choice (any more).
fn events_of<T: PartialEq + Send + Sync + 'static>(
    history: History,
    choices: Memo<Vec<Choice<T>>>,
    value: T,
) -> Signal<Option<usize>> {
    Signal::derive(move || {
        history.shown().with(Option::is_some).then_some(())?;
        choices.with(|choices| {
            let choice = choices.iter().find(|choice| choice.value == value);
            choice.map(|choice| choice.events)
        })
    })
}

/// One choice of a filter, as a native input and what stands beside it.
struct Control {
    kind: &'static str,
    /// The API's own word.
    value: String,
    label: String,
    /// Whose icon and colours it wears.
    status: Option<Status>,
    /// The handle by which others reach its input.
    reference: Option<Reference>,
    events: Signal<Option<usize>>,
    chosen: Signal<bool>,
    choose: Box<dyn Fn(bool)>,
}

impl Control {
    /// The label is the input's accessible name and the number of events its description, so that
    /// the name stays what it is.
    fn view(self, words: Words, group: Ids) -> Element {
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
        let counted = move |text: fn(Words, usize) -> String| {
            move || {
                events
                    .get()
                    .map_or_else(String::new, |events| text(words, events))
            }
        };
        let input = element("input", "")
            .set("type", kind)
            .set("name", group.of(kind))
            .set("value", value)
            .set("aria-labelledby", ids.of("name"))
            .set("aria-describedby", ids.of("hint"))
            .is("checked", move || chosen.get())
            .on("change", move |event| choose(event_target_checked(event)));
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
