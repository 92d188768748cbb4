//! The figures above the table.

use leptos::prelude::*;
use referral_history_core::summary::Summary;

use super::{icon::chevron, ids::Ids, words::Words};
use crate::{
    dom::{Element, element},
    state::History,
};

/// Keeps a place while there is nothing to say.
const NOTHING: &str = "\u{a0}";

/// What the loaded events come to.
pub fn summary(history: History, words: Words) -> Element {
    let texts = words.texts;
    let summary = Memo::new(move |_| history.summary());
    // Before there is an answer there are no figures, not even noughts.
    let told = move |text: fn(Words, Summary) -> String| {
        move || {
            if history.generation() == 0 {
                NOTHING.to_owned()
            } else {
                text(words, summary.get())
            }
        }
    };
    let scope = element("p", "rh-caption").live(move || scope(history, words, summary.get()));
    let figures = element("dl", "rh-figures")
        .child(figure(
            texts.credits_earned,
            told(|words, summary| words.credits_figure(summary.credits)),
            told(credits_note),
        ))
        .child(figure(
            texts.in_progress,
            told(|words, summary| words.count(summary.in_progress)),
            told(|words, summary| words.plural(&words.texts.of_events, summary.events)),
        ))
        .child(figure(
            texts.rewarded_share,
            told(|words, summary| match summary.ended {
                0 => words.texts.missing.to_owned(),
                ended => words.percent(summary.credits.rewards, ended),
            }),
            told(ended_note),
        ))
        .child(expiring_soon(history, words, summary));
    element("section", "rh-summary")
        .set("part", "summary")
        .set("aria-label", texts.summary)
        .child(figures)
        .child(scope)
}

fn figure(
    name: &'static str,
    value: impl Fn() -> String + 'static,
    note: impl Fn() -> String + 'static,
) -> Element {
    element("div", "rh-card rh-figure")
        .set("part", "figure")
        .child(element("dt", "rh-figure-name").text(name))
        .child(element("dd", "rh-figure-value").live(value))
        .child(element("dd", "rh-figure-note").live(note))
}

fn credits_note(words: Words, summary: Summary) -> String {
    let rewards = words.plural(&words.texts.from_rewards, summary.credits.rewards);
    match words.rewards_unknown(summary.credits) {
        Some(unknown) => [rewards, unknown].join(words.texts.list_separator),
        None => rewards,
    }
}

fn ended_note(words: Words, summary: Summary) -> String {
    if summary.ended == 0 {
        return words.texts.none_ended.to_owned();
    }
    let rewarded = words.count(summary.credits.rewards);
    let ended = i64::try_from(summary.ended).unwrap_or(i64::MAX);
    words.plural_of(&words.texts.of_ended, ended, &[("rewarded", &rewarded)])
}

/// What is open and expires soon. The whole figure is a button that shows exactly those events.
fn expiring_soon(history: History, words: Words, summary: Memo<Summary>) -> Element {
    let texts = words.texts;
    let ids = Ids::new();
    let is_chosen = move || history.query().with(|query| query.expiring_soon);
    let count = move || summary.with(|summary| summary.expiring_soon);
    let button = element("button", "rh-figure-button")
        .set("type", "button")
        .set(
            "aria-labelledby",
            ["name", "value", "note"].map(|part| ids.of(part)).join(" "),
        )
        .attribute("aria-pressed", move || is_chosen().to_string())
        .flag("aria-disabled", move || count() == 0 && !is_chosen())
        .press(move || {
            let chosen = untrack(is_chosen);
            if chosen || untrack(count) > 0 {
                history.choose(|query| query.set_expiring_soon(!chosen));
            }
        })
        .child(
            element("span", "")
                .set("id", ids.of("value"))
                .live(move || match history.generation() {
                    0 => NOTHING.to_owned(),
                    _ => words.count(count()),
                }),
        );
    element("div", "rh-card rh-figure")
        .set("part", "figure")
        .child(
            element("dt", "rh-figure-name")
                .set("id", ids.of("name"))
                .text(texts.expiring_soon),
        )
        .child(
            element("dd", "rh-figure-value")
                .child(button)
                .child(chevron(true)),
        )
        .child(
            element("dd", "rh-figure-note")
                .set("id", ids.of("note"))
                .text(texts.within_7_days),
        )
}

/// Which events the figures speak of.
fn scope(history: History, words: Words, summary: Summary) -> String {
    let loaded = history
        .shown()
        .with(|shown| shown.as_ref().map(|shown| shown.records.len()));
    match loaded {
        None => NOTHING.to_owned(),
        Some(loaded) if loaded == summary.events => {
            words.plural(&words.texts.figures_of_all, loaded)
        }
        Some(loaded) => {
            let some = i64::try_from(summary.events).unwrap_or(i64::MAX);
            let total = words.count(loaded);
            words.plural_of(&words.texts.figures_of_some, some, &[("total", &total)])
        }
    }
}
