//! How the events divide among the statuses: one bar, and the status filter as its legend.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    sanitize::{CELL_CHARACTERS, sanitize},
    status::Status,
    texts::fill,
};

use super::{
    choice::{ChoiceOption, Choices, Value},
    icon::{StatusIcon, UnknownStatusIcon, tone},
    list::KeyedList,
};
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
    state::ReferralState,
};

/// The bar and its legend, in which any number of statuses can be chosen.
#[component]
pub fn StatusFilter() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let choices = Choices::new(state, |state| {
        let choices = state.status_choices().into_iter();
        choices.map(|choice| choice.map(Value::Status)).collect()
    });
    let rest = Memo::new(move |_| {
        let figures = state.summary();
        Rest {
            total: figures.events,
            events: figures.events.saturating_sub(choices.all_events()),
            without_status: figures.without_status,
        }
    });
    view! {
        <section class="rh-card" part="shares" aria-labelledby="rh-shares">
            <h2 class="rh-card-title" id="rh-shares">{texts.shares}</h2>
            <Bar choices=choices rest=rest/>
            <Legend choices=choices rest=rest/>
        </section>
    }
}

/// The events that no choice of the filter leaves.
#[derive(Clone, Copy, PartialEq)]
struct Rest {
    /// Of how many events, all choices and this together.
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

/// A part for each status that occurs, and one for the rest.
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
                    <UnknownStatusIcon/>
                </span>
            }
        })
    };
    view! {
        <div class="rh-shares" node_ref=bar>
            <KeyedList keys=choices.keys_with_events() make=Arc::new(make) within=bar/>
            {move || remainder()}
        </div>
    }
}

/// The part of the bar that a status has. Pressing it sets the filter to the status, or drops it.
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
            data-status=tone
            title=move || name.get()
            aria-label=move || name.get()
            aria-pressed=move || is_chosen.get().to_string()
            style:--share=move || events.get().unwrap_or_default().to_string()
            on:click=toggle
        >
            <StatusIcon status=status/>
        </button>
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

/// The status filter: an option for each status. The rest is no choice, but it is a part of the whole.
#[component]
fn Legend(choices: Choices, rest: Memo<Rest>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let chips = NodeRef::<html::Div>::new();
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
            <div class="rh-chips" node_ref=chips>
                <KeyedList keys=choices.keys() make=Arc::new(make) within=chips/>
                {move || remainder()}
            </div>
        </fieldset>
    }
}
