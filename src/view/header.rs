//! The title, what was loaded and when, and Refresh.

use leptos::prelude::*;

use super::{
    ask::ask_button,
    ids::Ids,
    notice::retry_text,
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
                .child(refresh_button(history, words).reference(refresh)),
        )
}

/// What the page speaks of, or that it asks again by itself. The line is always there, so that nothing
/// moves when its text changes.
fn scope(history: History, words: Words) -> String {
    history.load().with(|load| {
        if let Some(retry) = retry_text(load, words) {
            return retry;
        }
        let Some(shown) = load.shown() else {
            return "\u{a0}".to_owned();
        };
        let scope = if shown.may_lack_older() {
            &words.texts.older_not_shown
        } else {
            &words.texts.scope
        };
        words.plural(scope, shown.events.len())
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
fn refresh_button(history: History, words: Words) -> Element {
    ask_button(history, words, words.texts.refresh)
        .flag("aria-disabled", move || !history.may_ask())
        .press(move || history.refresh())
}
