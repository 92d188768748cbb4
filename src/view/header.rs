//! The title, what was loaded and when, the zone, Refresh and Export.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    record::Record,
    summary::since,
    texts::fill,
    time::{Zone, iso_8601},
};

use super::{
    announcement::Announcer,
    ask::ask_button,
    export::export,
    ids::Ids,
    notice::{retry_text, stop_waiting},
    words::Words,
};
use crate::{
    dom::{Element, Reference, element, part, when},
    state::{History, Load},
};

/// The head of the page. `refresh` is Refresh, for whoever gives the focus to it.
pub fn header(
    history: History,
    words: Words,
    ids: Ids,
    refresh: Reference,
    announcer: Announcer,
) -> Element {
    let title = element("h1", "rh-title")
        .set("part", "title")
        .set("id", ids.of("title"))
        .text(words.texts.title);
    let scope = Memo::new(move |_| scope(history, words));
    let face = history.face();
    let has_controls = move || face.get().has_controls();
    let is_waiting = move || history.wait() > 0 && history.load().with(Load::is_asking);
    element("header", "rh-header")
        .set("part", "header")
        .child(
            element("div", "rh-heading")
                .child(title)
                .child(
                    element("p", "rh-caption")
                        .child(element("span", "").live(move || scope.get()))
                        .child(when(is_waiting, move || {
                            stop_waiting(history, words, refresh)
                        })),
                )
                .child(when(has_controls, move || zone(history, words))),
        )
        .child(
            element("div", "rh-actions")
                .set("part", "actions")
                .child(age(history, words))
                .child(refresh_button(history, words).reference(refresh))
                .child(when(has_controls, move || {
                    export(history, words, ids, announcer)
                })),
        )
}

/// What the page speaks of, or that it asks again by itself. The line is always there, so that nothing
/// moves when its text changes.
fn scope(history: History, words: Words) -> String {
    let texts = words.texts;
    history.load().with(|load| {
        if let Some(retry) = retry_text(load, history.wait(), words) {
            return retry;
        }
        let Some(shown) = load.shown() else {
            return "\u{a0}".to_owned();
        };
        if shown.records.is_empty() {
            return "\u{a0}".to_owned();
        }
        let (events, older) = if shown.may_lack_older() {
            (&texts.latest_events, texts.older_not_shown)
        } else {
            (&texts.all_events, "")
        };
        let events = words.plural(events, shown.records.len());
        let oldest = since(&shown.records, shown.at)
            .and_then(|record: &Record| record.created_on.in_zone(history.zone()));
        let scope = match oldest {
            Some(date) => {
                let date = words.date(date, DateForm::Day);
                fill(texts.since, &[("events", &events), ("date", &date)])
            }
            None => fill(texts.since_unknown, &[("events", &events)]),
        };
        if older.is_empty() {
            scope
        } else {
            [scope.as_str(), older].join(" ")
        }
    })
}

/// Which zone times are in, and the switch to the other one.
fn zone(history: History, words: Words) -> Element {
    let texts = words.texts;
    let shown = move || words.times_in(history.zone());
    let other = element("button", "rh-button rh-button-quiet rh-zone")
        .set("type", "button")
        .press(move || {
            history.choose(|query| query.zone = query.zone.other());
        })
        .live(move || match history.zone() {
            Zone::User => texts.show_utc.to_owned(),
            Zone::Utc => fill(texts.show_zone, &[("zone", &words.zone_name())]),
        });
    element("p", "rh-caption rh-zone-line")
        .child(element("span", "").live(shown))
        // To whoever lives by UTC the other zone is the same.
        .children((!words.is_in_utc()).then_some(other))
}

/// When the events were loaded. The line is there before it is known, so that nothing moves then.
fn age(history: History, words: Words) -> Element {
    let age = part(move || {
        let (at, is_old) = history.shown().with(|shown| {
            let shown = shown.as_ref()?;
            Some((shown.at, shown.is_old))
        })?;
        let now = history.clock();
        let age = element("time", "")
            .set("datetime", iso_8601(at))
            .attribute("title", move || words.full(at, history.zone().other()))
            .live(move || {
                if is_old {
                    let at = words.date_time(at, history.zone());
                    return fill(words.texts.answer_from, &[("time", &at)]);
                }
                fill(words.texts.loaded, &[("ago", &words.ago(at, now.get()))])
            });
        Some(age)
    });
    element("p", "rh-caption rh-age").child(age)
}

/// Asks again. It stays focusable while it does nothing, so that whoever pressed it keeps their place.
fn refresh_button(history: History, words: Words) -> Element {
    ask_button(history, words, words.texts.refresh)
        .flag("aria-disabled", move || !history.may_ask())
        .press(move || history.refresh())
}
