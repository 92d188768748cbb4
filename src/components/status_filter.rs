//! The shares of the statuses as a bar, and the status filter as its legend.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    sanitize::{CELL_CHARACTERS, sanitize},
    status::{Family, Status},
    texts::fill,
};

use super::{
    choice::{ChoiceOption, Choices, Value},
    icon::{UnknownStatusIcon, tone},
    list::KeyedList,
};
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
    state::ReferralState,
};

/// The bar and its legend. Several statuses can be chosen.
#[component]
pub fn StatusFilter() -> impl IntoView {
    let state = use_shared().state;
    let choices = Choices::new(state, |state| {
        let choices = state.status_choices().into_iter();
        choices.map(|choice| choice.map(Value::Status)).collect()
    });
    let rest = Memo::new(move |_| {
        let (total, without_status) = state.status_total();
        Rest {
            total,
            events: total.saturating_sub(choices.all_events()),
            without_status,
        }
    });
    view! {
        <div class="rh-statuses">
            <Bar choices=choices rest=rest/>
            <Legend choices=choices rest=rest/>
        </div>
    }
}

/// The events that no choice of the filter covers.
#[derive(Clone, Copy, PartialEq)]
struct Rest {
    /// The number of all events.
    total: usize,
    events: usize,
    without_status: usize,
}

impl Rest {
    fn name(self, i18n: I18n) -> &'static str {
        if self.events == self.without_status {
            i18n.texts.no_status
        } else {
            i18n.texts.other_statuses
        }
    }
}

/// A segment for each status that occurs, and one for the rest.
#[component]
fn Bar(choices: Choices, rest: Memo<Rest>) -> impl IntoView {
    let i18n = use_shared().i18n;
    let bar = NodeRef::<html::Div>::new();
    let make = move |key| {
        let Some(Value::Status(status)) = choices.value(key) else {
            return ().into_any();
        };
        view! { <Share status=status choices=choices rest=rest/> }.into_any()
    };
    let remainder = move || {
        let rest = rest.get();
        (rest.events > 0).then(|| {
            let name = label(i18n, rest.name(i18n), rest.events, rest.total);
            view! {
                <span
                    class="rh-share"
                    role="img"
                    title=name.clone()
                    aria-label=name
                    style:--share=rest.events.to_string()
                >
                </span>
            }
        })
    };
    view! {
        <div class="rh-shares" part="shares" role="group" aria-label=i18n.texts.shares node_ref=bar>
            <KeyedList keys=choices.keys_with_events() make=Arc::new(make) within=bar/>
            {move || remainder()}
        </div>
    }
}

/// The segment of a status, which turns the filter by that status on and off.
#[component]
fn Share(status: Status, choices: Choices, rest: Memo<Rest>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let events = choices.events(Value::Status(status.clone()));
    let status_name = sanitize(i18n.texts.status(&status), CELL_CHARACTERS);
    let name = Memo::new(move |_| {
        let events = events.get().unwrap_or_default();
        label(i18n, &status_name, events, rest.with(|rest| rest.total))
    });
    let is_chosen = is_chosen(state, status.clone());
    let (tone, toggled) = (tone(&status), status.clone());
    let toggle = move |_| {
        let chosen = is_chosen.get_untracked();
        state.choose(|query| query.set_status(toggled.clone(), !chosen));
    };
    view! {
        <button
            class="rh-share"
            type="button"
            // The choices below do the same by keyboard.
            tabindex="-1"
            data-status=tone
            title=move || name.get()
            aria-label=move || name.get()
            aria-pressed=move || is_chosen.get().to_string()
            style:--share=move || events.get().unwrap_or_default().to_string()
            on:click=toggle
        ></button>
    }
}

/// "Rewarded: 12 events, 12 %".
fn label(i18n: I18n, name: &str, events: usize, total: usize) -> String {
    let counted = i18n.plural(&i18n.texts.choice_events, events);
    let percent = i18n.percent(events, total);
    let share = fill(
        i18n.texts.share,
        &[("events", &counted), ("percent", &percent)],
    );
    [name, ": ", &share].concat()
}

fn is_chosen(state: ReferralState, status: Status) -> Signal<bool> {
    Signal::derive(move || state.query().with(|query| query.statuses.contains(&status)))
}

/// The status filter: the statuses by family, those that nobody knew, and the count of the rest, which cannot
/// be chosen.
#[component]
fn Legend(choices: Choices, rest: Memo<Rest>) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let remainder = move || {
        let rest = rest.get();
        (rest.events > 0).then(|| {
            view! {
                <span class="rh-chip rh-chip-fixed">
                    <UnknownStatusIcon/>
                    <span>{rest.name(i18n)}</span>
                    <span class="rh-count">{i18n.count(rest.events)}</span>
                </span>
            }
        })
    };
    view! {
        <fieldset class="rh-fieldset" aria-labelledby="rh-status">
            <legend class="rh-legend" id="rh-status">{texts.status}</legend>
            <div class="rh-families">
                <FamilyChoices choices name=Some(texts.in_progress) family=Some(Family::InProgress)/>
                <FamilyChoices choices name=None family=Some(Family::Rewarded)/>
                <FamilyChoices choices name=Some(texts.no_reward) family=Some(Family::NoReward)/>
                <FamilyChoices choices name=None family=None/>
                {move || remainder()}
            </div>
        </fieldset>
    }
}

/// An option for each status of a family. Those that no referral has are not shown.
#[component]
fn FamilyChoices(
    choices: Choices,
    /// The visible name of the family, if it needs one.
    name: Option<&'static str>,
    /// The family; `None` for statuses that nobody knew.
    family: Option<Family>,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let chips = NodeRef::<html::Div>::new();
    let keys = Signal::derive(move || {
        choices.keys_where(&|value| match value {
            Value::Status(status) => status.family() == family,
            Value::Role(_) | Value::Campaign(_) => false,
        })
    });
    let make = move |key| {
        let Some(Value::Status(status)) = choices.value(key) else {
            return ().into_any();
        };
        let chosen = status.clone();
        let choose = move |is_chosen| {
            state.choose(|query| query.set_status(chosen.clone(), is_chosen));
        };
        view! {
            <ChoiceOption
                kind="checkbox"
                key=key
                value=status.as_str().to_owned()
                label=sanitize(texts.status(&status), CELL_CHARACTERS)
                events=choices.events(Value::Status(status.clone()))
                is_chosen=is_chosen(state, status.clone())
                choose=Callback::new(choose)
                status=Some(status)
            />
        }
        .into_any()
    };
    let name = name.map(|name| view! { <span class="rh-family-name">{name}</span> });
    view! {
        <div class="rh-family">
            {name}
            <div class="rh-chips" node_ref=chips>
                <KeyedList keys=keys make=Arc::new(make) within=chips/>
            </div>
        </div>
    }
}
