//! The page: which of its parts are there.

use leptos::prelude::*;

use super::{
    announcement::announcement,
    filters::filters,
    header::header,
    ids::Ids,
    notice::{failure_notice, nothing_notice, unreadable_notice},
    pager::pager,
    table::{event_table, table_skeleton},
    words::Words,
};
use crate::{
    dom::{Element, Reference, element, when},
    state::{Face, History},
};

/// The whole page. `sign_in_href` is where the console's users sign in.
pub fn page(history: History, words: Words, sign_in_href: &str) -> Element {
    let ids = Ids::new();
    let face = history.face();
    let refresh = Reference::new();
    let first = Reference::new();
    let has_controls = move || face.get().has_controls();
    let rows = element("div", "rh-rows")
        .child(when(
            move || face.get() == Face::Skeleton,
            move || table_skeleton(history, words),
        ))
        .child(when(
            move || face.get() == Face::Rows,
            move || event_table(history, words),
        ))
        .child(nothing_notice(history, words, ids, first));
    element("div", "rh")
        .set("role", "region")
        .set("aria-labelledby", ids.of("title"))
        .child(header(history, words, ids, refresh))
        .child(announcement(history, words))
        .child(failure_notice(
            history,
            words,
            ids,
            sign_in_href.to_owned(),
            refresh,
        ))
        .child(when(has_controls, move || {
            filters(history, words, ids, first)
        }))
        .child(rows)
        .child(unreadable_notice(history, words))
        // Not below the skeleton: it would move when there are fewer rows than bones.
        .child(when(
            move || matches!(face.get(), Face::NoMatch | Face::Rows),
            move || pager(history, words),
        ))
}
