//! The choices of a filter.

use leptos::prelude::*;
use referral_history_core::{campaign::Campaign, query, role::Role, status::Status};

use super::{
    icon::{StatusIcon, tone},
    list::Key,
};
use crate::{
    context::{memo_text, use_shared},
    state::ReferralState,
};

/// The value of a choice. One type for all filters, because signals and lists are compiled again for each
/// type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A role; `None` for all.
    Role(Option<Role>),
    /// A status.
    Status(Status),
    /// A campaign.
    Campaign(Campaign),
}

/// A choice of a filter, with its number of events.
pub type Choice = query::Choice<Value>;

/// The choices of a filter, each with a stable key. Copies are the same handle.
///
/// A listed choice stays until the next response: a choice that was removed when the user clears it would
/// lose the focus.
#[derive(Clone, Copy)]
pub struct Choices {
    state: ReferralState,
    current: Memo<Vec<Choice>>,
    listed: Memo<KeyedValues>,
}

impl Choices {
    /// The choices that `read` returns for the state.
    pub fn new(state: ReferralState, read: fn(ReferralState) -> Vec<Choice>) -> Self {
        let current = Memo::new(move |_| read(state));
        let listed = Memo::new(move |previous: Option<&KeyedValues>| {
            let mut listed = previous.cloned().unwrap_or_default();
            listed.update(state.generation(), &current.get());
            listed
        });
        Self {
            state,
            current,
            listed,
        }
    }

    /// The keys of all choices, in their order. Reactive.
    pub fn keys(self) -> Signal<Vec<Key>> {
        let listed = self.listed;
        Signal::derive(move || {
            listed.with(|listed| listed.values.iter().map(|(key, _)| *key).collect())
        })
    }

    /// The keys of the choices whose value passes. Reactive.
    pub fn keys_where(self, passes: &dyn Fn(&Value) -> bool) -> Vec<Key> {
        self.listed.with(|listed| {
            let values = listed.values.iter().filter(|(_, value)| passes(value));
            values.map(|(key, _)| *key).collect()
        })
    }

    /// The keys of the choices that have events. Reactive.
    pub fn keys_with_events(self) -> Signal<Vec<Key>> {
        let Self {
            current, listed, ..
        } = self;
        Signal::derive(move || {
            current.with(|choices| {
                let has_events = |value: &Value| {
                    let matches = |choice: &Choice| choice.events > 0 && choice.value == *value;
                    choices.iter().any(matches)
                };
                listed.with(|listed| {
                    let values = listed.values.iter();
                    let values = values.filter(|(_, value)| has_events(value));
                    values.map(|(key, _)| *key).collect()
                })
            })
        })
    }

    /// The value of the choice with a key.
    pub fn value(self, key: Key) -> Option<Value> {
        self.listed.with_untracked(|listed| {
            let mut values = listed.values.iter();
            let found = values.find(|(known, _)| *known == key);
            found.map(|(_, value)| value.clone())
        })
    }

    /// The number of events of a choice; `None` before the first response, and for a value that is no longer
    /// a choice.
    pub fn events(self, value: Value) -> Signal<Option<usize>> {
        let Self { state, current, .. } = self;
        Signal::derive(move || {
            state.shown().with(Option::is_some).then_some(())?;
            current.with(|choices| {
                let choice = choices.iter().find(|choice| choice.value == value);
                choice.map(|choice| choice.events)
            })
        })
    }

    /// The number of events of all choices together. Reactive.
    pub fn all_events(self) -> usize {
        self.current
            .with(|choices| choices.iter().map(|choice| choice.events).sum())
    }
}

/// The listed values of a filter, with their keys.
#[derive(Clone, Default, PartialEq)]
struct KeyedValues {
    generation: u32,
    values: Vec<(Key, Value)>,
    last_key: Key,
}

impl KeyedValues {
    fn update(&mut self, generation: u32, choices: &[Choice]) {
        // A new response replaces the list; within one response, new values are appended.
        let mut previous = Vec::new();
        if generation != self.generation {
            self.generation = generation;
            previous = core::mem::take(&mut self.values);
        }
        for query::Choice { value, .. } in choices {
            let matches = |(_, listed): &&(Key, Value)| listed == value;
            if !self.values.iter().any(|listed| matches(&listed)) {
                let previous_key = previous.iter().find(matches).map(|(key, _)| *key);
                let key = previous_key.unwrap_or_else(|| {
                    self.last_key += 1;
                    self.last_key
                });
                self.values.push((key, value.clone()));
            }
        }
    }
}

/// One choice of a filter: a native input and its label. The label is the input's accessible name; the
/// number of events is its description, so that the name does not change.
#[component]
pub fn ChoiceOption(
    /// The type of its input, `radio` or `checkbox`. Exactly one filter of the page uses each, so the type
    /// is also the input's name.
    kind: &'static str,
    /// Its key among the choices of its filter.
    key: Key,
    /// The API's own word.
    value: String,
    /// The visible label.
    label: String,
    /// The status whose icon and colours it shows.
    status: Option<Status>,
    /// Its number of events.
    events: Signal<Option<usize>>,
    /// Whether it is chosen.
    is_chosen: Signal<bool>,
    /// Called when the user chooses (`true`) or clears it.
    choose: Callback<bool>,
) -> impl IntoView {
    let i18n = use_shared().i18n;
    let id = |suffix: &str| format!("rh-{kind}-{key}-{suffix}");
    let class = match status {
        Some(_) => "rh-chip",
        None => "rh-segment",
    };
    let tone = status.as_ref().map(tone);
    // The name of a status that nobody knew may be cut.
    let title = matches!(status, Some(Status::Unknown(_))).then(|| label.clone());
    let meaning = status
        .as_ref()
        .map(|status| i18n.texts.why(Some(status)).short);
    let icon = status.map(|status| view! { <StatusIcon status=status/> });
    // Before the first response the count is empty but has its width.
    view! {
        <label
            class=class
            data-status=tone
            data-meaning=meaning
            // The style sheet shows what no referral has only while it is chosen or has the focus.
            data-none=move || (events.get() == Some(0)).then_some("true")
        >
            <input
                type=kind
                name=format!("rh-{kind}")
                value=value
                aria-labelledby=id("name")
                aria-describedby=id("hint")
                prop:checked=move || is_chosen.get()
                on:change:target=move |event| choose.run(event.target().checked())
            />
            {icon}
            <bdi id=id("name") title=title>{label}</bdi>
            <span
                class="rh-count"
                aria-hidden="true"
                translate="no"
                prop:textContent=memo_text(move || events.get().map(|events| i18n.count(events)))
            />
            <span
                class="rh-hidden"
                id=id("hint")
                prop:textContent=memo_text(move || {
                    events.get().map(|events| i18n.plural(&i18n.texts.choice_events, events))
                })
            />
        </label>
    }
}
