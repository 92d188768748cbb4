//! The choices of a filter.

use leptos::prelude::*;
use referral_history_core::{campaign::Campaign, query, role::Role, status::Status};

use super::{
    icon::{StatusIcon, tone},
    list::Key,
};
use crate::{context::use_shared, state::ReferralState};

/// What a choice stands for. One type for all filters, since the compiler writes the code of signals and
/// lists out for each type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A role; `None` for all.
    Role(Option<Role>),
    /// A status.
    Status(Status),
    /// A campaign.
    Campaign(Campaign),
}

/// A choice of a filter, and how many events it would leave.
pub type Choice = query::Choice<Value>;

/// The choices of a filter, each with a key that stays its own. A handle: copies are the same.
///
/// A choice that was listed stays until another answer comes, since one that went as it was dropped
/// would take the focus along.
#[derive(Clone, Copy)]
pub struct Choices {
    state: ReferralState,
    current: Memo<Vec<Choice>>,
    listed: Memo<KeyedValues>,
}

impl Choices {
    /// The choices that `of` finds in the state.
    pub fn new(state: ReferralState, of: fn(ReferralState) -> Vec<Choice>) -> Self {
        let current = Memo::new(move |_| of(state));
        let listed = Memo::new(move |before: Option<&KeyedValues>| {
            let mut listed = before.cloned().unwrap_or_default();
            listed.update(state.generation(), &current.get());
            listed
        });
        Self {
            state,
            current,
            listed,
        }
    }

    /// The keys of all choices, in their order.
    pub fn keys(self) -> Signal<Vec<Key>> {
        let listed = self.listed;
        Signal::derive(move || {
            listed.with(|listed| listed.values.iter().map(|(key, _)| *key).collect())
        })
    }

    /// The keys of those that would leave any events.
    pub fn keys_with_events(self) -> Signal<Vec<Key>> {
        let Self {
            current, listed, ..
        } = self;
        Signal::derive(move || {
            current.with(|choices| {
                let has_events = |value: &Value| {
                    let is_it = |choice: &Choice| choice.events > 0 && choice.value == *value;
                    choices.iter().any(is_it)
                };
                listed.with(|listed| {
                    let values = listed.values.iter();
                    let values = values.filter(|(_, value)| has_events(value));
                    values.map(|(key, _)| *key).collect()
                })
            })
        })
    }

    /// What is chosen by the choice with a key.
    pub fn value(self, key: Key) -> Option<Value> {
        self.listed.with_untracked(|listed| {
            let mut values = listed.values.iter();
            let found = values.find(|(known, _)| *known == key);
            found.map(|(_, value)| value.clone())
        })
    }

    /// How many events a choice would leave; `None` before there are any events, and for a value that is
    /// no choice (any more).
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

    /// How many events the choices would leave together. Reactive.
    pub fn all_events(self) -> usize {
        self.current
            .with(|choices| choices.iter().map(|choice| choice.events).sum())
    }
}

/// The values that a filter offers, with their keys.
#[derive(Clone, Default, PartialEq)]
struct KeyedValues {
    generation: u32,
    values: Vec<(Key, Value)>,
    last_key: Key,
}

impl KeyedValues {
    fn update(&mut self, generation: u32, choices: &[Choice]) {
        // Another answer is in its own order; what comes after it comes last.
        let mut before = Vec::new();
        if generation != self.generation {
            self.generation = generation;
            before = core::mem::take(&mut self.values);
        }
        for query::Choice { value, .. } in choices {
            let is_it = |(_, known): &&(Key, Value)| known == value;
            if !self.values.iter().any(|known| is_it(&known)) {
                let known = before.iter().find(is_it).map(|(key, _)| *key);
                let key = known.unwrap_or_else(|| {
                    self.last_key += 1;
                    self.last_key
                });
                self.values.push((key, value.clone()));
            }
        }
    }
}

/// One choice of a filter: a native input and its label. The label is the input's accessible name and
/// the number of events its description, so that the name stays what it is.
#[component]
pub fn ChoiceOption(
    /// The type of its input, `radio` or `checkbox`: one filter of the page has each.
    kind: &'static str,
    /// Its key among the choices of its filter.
    key: Key,
    /// The API's own word.
    value: String,
    /// What the user reads.
    label: String,
    /// Whose icon and colours it wears.
    status: Option<Status>,
    /// How many events it would leave.
    events: Signal<Option<usize>>,
    /// Whether it is chosen.
    is_chosen: Signal<bool>,
    /// Chooses or drops it.
    choose: Callback<bool>,
) -> impl IntoView {
    let i18n = use_shared().i18n;
    let id = |part: &str| format!("rh-{kind}-{key}-{part}");
    let class = match status {
        Some(_) => "rh-chip",
        None => "rh-segment",
    };
    let tone = status.as_ref().map(tone);
    let icon = status.map(|status| view! { <StatusIcon status=status/> });
    // The count is empty, but as wide, before there are any events.
    view! {
        <label class=class data-status=tone>
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
            <bdi id=id("name")>{label}</bdi>
            <span class="rh-count" aria-hidden="true">
                {move || events.get().map(|events| i18n.count(events))}
            </span>
            <span class="rh-hidden" id=id("hint")>
                {move || events.get().map(|events| i18n.plural(&i18n.texts.choice_events, events))}
            </span>
        </label>
    }
}
