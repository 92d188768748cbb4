//! The title, what was loaded and when, and Refresh.

use leptos::prelude::*;

use super::{
    ids::Ids,
    words::{Words, datetime},
};
use crate::{
    dom::{Element, Part, Reference, element, part},
    state::History,
    texts::fill,
};

/// The head of the page. `refresh` is Refresh, for whoever gives the focus to it.
pub fn header(history: History, words: Words, ids: Ids, refresh: Reference) -> Element {
    let title = element("h1", "rh-title")
        .set("id", ids.of("title"))
        .text(words.texts.title);
    let scope = element("p", "rh-caption").live(move || scope(history, words));
    element("header", "rh-header")
        .child(element("div", "rh-heading").child(title).child(scope))
        .child(
            element("div", "rh-actions")
                .child(age(history, words))
                .child(refresh_button(history, words, ids).reference(refresh)),
        )
}

/// What the page speaks of.
fn scope(history: History, words: Words) -> String {
    history.shown().with(|shown| {
        let Some(shown) = shown else {
            // A line that is always there, so that nothing moves when its text comes.
            return "\u{a0}".to_owned();
        };
        let loaded = shown.events.len() + shown.unreadable;
        let scope = if shown.may_lack_older() {
            &words.texts.older_not_shown
        } else {
            &words.texts.scope
        };
        words.plural(scope, loaded)
    })
}

/// When the events were loaded.
fn age(history: History, words: Words) -> Part {
    let now = history.clock();
    part(move || {
        let at = history.shown().with(|shown| Some(shown.as_ref()?.at))?;
        let age = element("time", "rh-caption")
            .set("datetime", datetime(at))
            .set("title", words.date_time(at))
            .live(move || fill(words.texts.loaded, &[("ago", &words.ago(at, now.get()))]));
        Some(age)
    })
}

/// Asks again. It stays focusable while it does nothing, so that whoever pressed it keeps their place.
fn refresh_button(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let name = element("span", "")
        .set("id", ids.of("refresh"))
        .text(texts.refresh);
    let cost = element("span", "rh-cost")
        .set("id", ids.of("refresh-cost"))
        .text(texts.cost);
    element("button", "rh-button")
        .set("type", "button")
        .set("aria-labelledby", ids.of("refresh"))
        .set("aria-describedby", ids.of("refresh-cost"))
        .flag("aria-disabled", move || !history.may_ask())
        .press(move || history.refresh())
        .child(name)
        .child(cost)
}
