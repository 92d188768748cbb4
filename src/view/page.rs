//! The page: which of its parts are there.

use std::rc::Rc;

use leptos::prelude::*;
use referral_history_core::options::Theme;

use super::{
    announcement::{Announcer, announcement},
    campaigns::campaigns,
    chart::chart,
    details::Details,
    filters::filters,
    header::header,
    ids::Ids,
    notice::{failure_notice, nothing_notice, unreadable_notice},
    pager::pager,
    shares::shares,
    summary::summary,
    table::{event_table, table_skeleton},
    words::Words,
};
use crate::{
    dom::{Element, Reference, element, when},
    state::{Face, History, Load},
};

/// What the host around the page wants of it.
#[derive(Clone)]
pub struct Around {
    /// The colours.
    pub theme: Memo<Theme>,
    /// Whether the host signs its users in by itself, so that the page does not say how.
    pub host_signs_in: Signal<bool>,
    /// Where the console's users sign in, to come back to what is shown by then. Reactive.
    pub sign_in_href: Rc<dyn Fn() -> String>,
}

/// The whole page.
pub fn page(history: History, words: Words, around: Around) -> Element {
    let theme = around.theme;
    let ids = Ids::new();
    let face = history.face();
    let refresh = Reference::new();
    let first = Reference::new();
    let announcer = Announcer::new();
    let rows_reference = Reference::new();
    let details = Details::new(history, rows_reference);
    let has_controls = move || face.get().has_controls();
    let rows = element("div", "rh-rows")
        .set("tabindex", "-1")
        .reference(rows_reference)
        .flag("data-busy", move || {
            matches!(face.get(), Face::NoMatch | Face::Rows) && history.load().with(Load::is_asking)
        })
        .child(when(
            move || face.get() == Face::Skeleton,
            move || table_skeleton(history, words),
        ))
        .child(when(
            // It stays while no event matches: its rows wait in it.
            move || matches!(face.get(), Face::NoMatch | Face::Rows),
            move || {
                event_table(history, words, details)
                    .is("hidden", move || face.get() == Face::NoMatch)
            },
        ))
        .child(nothing_notice(history, words, ids, first, refresh));
    element("div", "rh")
        .set("part", "page")
        .set("role", "region")
        .set("aria-labelledby", ids.of("title"))
        .set("lang", words.texts.lang)
        .set("dir", words.texts.dir)
        .attribute("data-theme", move || theme.get().word().to_owned())
        .child(header(history, words, ids, refresh, announcer))
        .child(announcement(
            history,
            words,
            announcer,
            around.host_signs_in,
        ))
        .child(failure_notice(
            history, words, ids, around, refresh, announcer,
        ))
        .child(when(has_controls, move || overview(history, words, ids)))
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
        .child(details.view(words, ids))
}

/// The figures and the pictures.
fn overview(history: History, words: Words, ids: Ids) -> Element {
    element("div", "rh-overview")
        .child(summary(history, words))
        .child(
            element("div", "rh-pictures")
                .child(shares(history, words, ids))
                .child(chart(history, words, ids)),
        )
        .child(campaigns(history, words, ids))
}
