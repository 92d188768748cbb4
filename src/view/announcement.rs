//! What a screen reader is told as the page changes.

use leptos::prelude::*;

use super::{
    notice::{failure_title, retry_text},
    words::Words,
};
use crate::{
    dom::{Element, element},
    model::page::Page,
    state::{Face, History, Load},
    texts::fill,
};

/// The page's one live region. It is polite, and what happened last is what it says: what became of a
/// request, or what a filter or another page shows. What counts down is not said at all.
pub fn announcement(history: History, words: Words) -> Element {
    // A region that is born with its text says nothing: it is filled a moment later.
    let (text, set_text) = signal(String::new());
    let say = move |next: Option<String>| {
        if let Some(mut next) = next {
            // The same text again is no news to a screen reader, but it is to the user.
            if text.with_untracked(|text| *text == next) {
                next.push('\u{a0}');
            }
            set_text.set(next);
        }
    };
    Effect::new(move |_| say(Some(after_load(history, words))));
    Effect::new(move |before: Option<()>| {
        history.query().track();
        let shown = after_choice(history.face().get(), history.page(), words);
        // The first time, nobody has chosen anything yet.
        if before.is_some() {
            say(shown);
        }
    });
    element("p", "rh-hidden")
        .set("role", "status")
        .live(move || text.get())
}

/// What became of a request.
fn after_load(history: History, words: Words) -> String {
    let texts = words.texts;
    history.load().with(|load| match load {
        Load::Asking { before, .. } => retry_text(load, words).unwrap_or_else(|| {
            let text = if before.is_some() {
                texts.refreshing
            } else {
                texts.loading
            };
            text.to_owned()
        }),
        Load::Failed { before, failure } => {
            let title = failure_title(failure, before.is_some(), words);
            format!("{title}. {}", texts.failure(failure.kind).meaning)
        }
        Load::Loaded(_) => untrack(|| {
            after_choice(history.face().get(), history.page(), words).unwrap_or_default()
        }),
    })
}

/// What a filter or another page shows; `None` where there is nothing to choose from.
fn after_choice(face: Face, page: Page, words: Words) -> Option<String> {
    let texts = words.texts;
    match face {
        Face::Empty => Some(texts.empty_title.to_owned()),
        Face::NothingReadable => Some(texts.nothing_readable_title.to_owned()),
        Face::NoMatch => Some(texts.no_match_title.to_owned()),
        Face::Rows => Some(fill(texts.showing, &[("range", &words.range(page))])),
        Face::Skeleton | Face::Failure => None,
    }
}
