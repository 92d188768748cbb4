//! How the events divide among the statuses: one bar, and the status filter as its legend.

use leptos::prelude::*;
use referral_history_core::{
    display::{CELL_CHARACTERS, inert},
    query::Choice,
    status::Status,
    texts::fill,
};

use super::{
    choice::{Control, events_of, group, options},
    icon::{status_icon, tone},
    ids::Ids,
    words::Words,
};
use crate::{
    dom::{Element, Part, element, part},
    state::History,
};

/// The bar and its legend.
pub fn shares(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let choices = Memo::new(move |_| history.status_choices());
    element("section", "rh-card")
        .set("part", "shares")
        .set("aria-labelledby", ids.of("shares"))
        .child(
            element("h2", "rh-card-title")
                .set("id", ids.of("shares"))
                .text(texts.shares),
        )
        .child(element("div", "rh-shares").child(parts(history, words, choices)))
        .child(legend(history, words, ids, choices))
}

/// A part for each status that occurs. Pressing one sets the filter to it, or drops it.
fn parts(history: History, words: Words, choices: Memo<Vec<Choice<Status>>>) -> Part {
    let total = Memo::new(move |_| history.summary().events);
    part(move || {
        let total = total.get();
        let of_statuses: Vec<Choice<Status>> = choices.with(|choices| {
            let choices = choices.iter().filter(|choice| choice.events > 0);
            choices.cloned().collect()
        });
        let counted: usize = of_statuses.iter().map(|choice| choice.events).sum();
        let others = total.saturating_sub(counted);
        let mut parts: Vec<Element> = of_statuses
            .into_iter()
            .map(|choice| share(history, words, choice, total))
            .collect();
        if others > 0 {
            let name = label(words, words.texts.no_status, others, total);
            parts.push(
                size(element("span", "rh-share"), others)
                    .set("role", "img")
                    .set("title", &name)
                    .set("aria-label", name)
                    .child(status_icon(&Status::Unknown("".into()))),
            );
        }
        parts
    })
}

fn share(history: History, words: Words, choice: Choice<Status>, total: usize) -> Element {
    let Choice { value, events } = choice;
    let name = inert(words.texts.status(&value), CELL_CHARACTERS);
    let name = label(words, &name, events, total);
    let (pressed, toggled) = (value.clone(), value.clone());
    let is_chosen = move |status: &Status| {
        history
            .query()
            .with(|query| query.statuses.contains(status))
    };
    size(element("button", "rh-share"), events)
        .set("type", "button")
        .set("data-status", tone(&value))
        .set("title", &name)
        .set("aria-label", name)
        .attribute("aria-pressed", move || is_chosen(&pressed).to_string())
        .press(move || {
            let chosen = untrack(|| is_chosen(&toggled));
            history.choose(|query| query.set_status(toggled.clone(), !chosen));
        })
        .child(status_icon(&value))
}

fn size(part: Element, events: usize) -> Element {
    part.style("--share", u32::try_from(events).unwrap_or(u32::MAX))
}

/// "Rewarded: 12 events, 12 %".
fn label(words: Words, name: &str, events: usize, total: usize) -> String {
    let counted = words.plural(&words.texts.choice_events, events);
    let percent = words.percent(events, total);
    let share = fill(
        words.texts.share,
        &[("events", &counted), ("percent", &percent)],
    );
    [name, ": ", &share].concat()
}

/// Any number of statuses.
fn legend(history: History, words: Words, ids: Ids, choices: Memo<Vec<Choice<Status>>>) -> Element {
    let texts = words.texts;
    let option = move |status: Status| {
        let chosen = status.clone();
        Control {
            kind: "checkbox",
            value: status.word().to_owned(),
            label: inert(texts.status(&status), CELL_CHARACTERS),
            status: Some(status.clone()),
            reference: None,
            events: events_of(history, choices, status.clone()),
            chosen: Box::new(move || {
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
    // Events without a status are no choice, but they are a part of the whole.
    let others = Memo::new(move |_| {
        let counted = choices.with(|choices| choices.iter().map(|choice| choice.events).sum());
        history.summary().events.saturating_sub(counted)
    });
    let others = part(move || {
        let others = others.get();
        (others > 0).then(|| {
            element("span", "rh-chip rh-chip-fixed")
                .child(status_icon(&Status::Unknown("".into())))
                .child(element("span", "").text(texts.no_status))
                .child(element("span", "rh-count").text(words.count(others)))
        })
    });
    group(texts.status, ids.of("status")).child(
        element("div", "rh-chips")
            .child(options(history, choices, option))
            .child(others),
    )
}
