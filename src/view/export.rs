//! Export: the events that the filters leave, as a file.

use leptos::prelude::*;
use referral_history_core::{export::Format, texts::fill};

use super::{announcement::Announcer, ids::Ids, words::Words};
use crate::{
    dom::{Element, Reference, element, focus_moved_out, key, when},
    state::{Face, History},
};

/// A button that opens a list of formats.
pub fn export(history: History, words: Words, ids: Ids, announcer: Announcer) -> Element {
    let texts = words.texts;
    let is_open = RwSignal::new(false);
    let button = Reference::new();
    let has_rows = move || history.face().get() == Face::Rows;
    let toggle = element("button", "rh-button rh-menu-button")
        .set("type", "button")
        .set("aria-controls", ids.of("export"))
        .attribute("aria-expanded", move || is_open.get().to_string())
        .flag("aria-disabled", move || !has_rows())
        .press(move || {
            let has_rows = untrack(has_rows);
            is_open.update(|open| *open = !*open && has_rows);
        })
        .reference(button)
        .text(texts.export);
    let format = move |format: Format| {
        let label = match format {
            Format::Csv => texts.export_csv,
            Format::Json => texts.export_json,
        };
        element("button", "rh-menu-item")
            .set("type", "button")
            .press(move || {
                let file = history.export(format);
                is_open.set(false);
                button.focus();
                announcer.say(fill(texts.exported, &[("file", &file)]));
            })
            .text(label)
    };
    let menu = move || {
        let scope = element("p", "rh-figure-note").live(move || {
            let page = history.page();
            words.plural(&texts.export_events, page.total)
        });
        element("div", "rh-menu-list")
            .child(scope)
            .children(Format::ALL.map(format))
    };
    element("div", "rh-menu")
        .on("keydown", move |event| {
            if key(event) == "Escape" && is_open.get_untracked() {
                is_open.set(false);
                button.focus();
            }
        })
        .on("focusout", move |event| {
            if focus_moved_out(event) {
                is_open.set(false);
            }
        })
        .press_outside(move || {
            if is_open.get_untracked() {
                is_open.set(false);
            }
        })
        .child(toggle)
        .child(
            element("div", "")
                .set("id", ids.of("export"))
                .child(when(move || is_open.get(), menu)),
        )
}
