//! What a screen reader is told as the page changes.

use leptos::prelude::*;

use super::{
    notice::{failure_title, retry_text},
    words::Words,
};
use crate::{
    dom::{Element, element},
    state::{Face, History, Load},
    texts::fill,
};

/// The page's one live region. It is polite, and speaks when its text changes, so what happens is
/// said once; what counts down is not said at all.
pub fn announcement(history: History, words: Words) -> Element {
    // A region that is born with its text says nothing: it is filled a moment later.
    let (text, set_text) = signal(String::new());
    Effect::new(move |_| set_text.set(what_happened(history, words)));
    element("p", "rh-hidden")
        .set("role", "status")
        .live(move || text.get())
}

fn what_happened(history: History, words: Words) -> String {
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
        Load::Failed {
            before, failure, ..
        } => {
            let title = failure_title(failure, before.is_some(), words);
            format!("{title}. {}", texts.failure(failure.kind).meaning)
        }
        Load::Loaded(_) => match history.face().get() {
            Face::Empty => texts.empty_title.to_owned(),
            Face::NothingReadable => texts.nothing_readable_title.to_owned(),
            Face::NoMatch => texts.no_match_title.to_owned(),
            Face::Skeleton | Face::Failure | Face::Rows => {
                fill(texts.showing, &[("range", &words.range(history.page()))])
            }
        },
    })
}
