//! The table of events.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    icon::{status_icon, tone},
    words::{Words, datetime},
};
use crate::{
    dom::{Element, each, element},
    model::{
        column::Column,
        display::{CELL_CHARACTERS, inert},
        event::Event,
        field::Field,
        status::Status,
        time::Instant,
    },
    state::{History, Load, Loaded},
    texts::fill,
};

/// The rows of the page that is shown.
///
/// On a phone the rows are laid out as cards, and a browser that lays a table out otherwise may
/// forget that it is one: hence the roles.
pub fn event_table(history: History, words: Words) -> Element {
    let shown = history.shown();
    let now = history.now();
    let row = move |(_, position): (u32, usize)| {
        // The key names the answer, so a row never has to change: no signal reaches into it.
        let shown: Option<Arc<Loaded>> = shown.get_untracked();
        match shown.as_ref().and_then(|shown| shown.events.get(position)) {
            Some(event) => row(event, words, now),
            None => element("tr", ""),
        }
    };
    element("table", "rh-table")
        .set("role", "table")
        .set("aria-label", words.texts.table)
        .flag("aria-busy", move || history.load().with(Load::is_asking))
        .child(head(words))
        .child(
            element("tbody", "")
                .set("role", "rowgroup")
                .child(each(move || history.rows(), row)),
        )
}

fn head(words: Words) -> Element {
    let heading = |column: Column| {
        element("th", "")
            .set("scope", "col")
            .set("role", "columnheader")
            .set("data-column", column.field())
            .text(words.texts.column(column))
    };
    element("thead", "").set("role", "rowgroup").child(
        element("tr", "")
            .set("role", "row")
            .children(Column::ALL.map(heading)),
    )
}

fn row(event: &Event, words: Words, now: Instant) -> Element {
    let cell = |column: Column| {
        element("td", "")
            .set("role", "cell")
            .set("data-column", column.field())
            // On a phone, where no heading stands above a cell, it says what is missing.
            .set("data-label", words.texts.column(column))
            .child(content(event, column, words, now))
    };
    element("tr", "")
        .set("role", "row")
        .children(Column::ALL.map(cell))
}

/// What stands in a cell.
fn content(event: &Event, column: Column, words: Words, now: Instant) -> Element {
    match column {
        Column::Date => field(&event.created_at, words, |at| time(*at, words, now)),
        Column::Role => field(&event.role, words, |role| text(words.texts.role(role))),
        Column::Status => field(&event.status, words, |status| badge(status, words)),
        Column::Code => field(&event.code, words, |code| text(code)),
        Column::Campaign => field(&event.campaign, words, |campaign| text(campaign)),
        Column::Reward => field(&event.reward_credits, words, |credits| {
            element("span", "").text(words.number(*credits))
        }),
    }
}

/// A field, or that it is missing, or that it cannot be read.
fn field<T>(field: &Field<T>, words: Words, known: impl FnOnce(&T) -> Element) -> Element {
    match field {
        Field::Known(value) => known(value),
        Field::Missing => element("span", "rh-muted").text(words.texts.missing),
        Field::Unreadable(sent) => element("span", "rh-unreadable")
            .set(
                "title",
                fill(words.texts.unreadable_hint, &[("sent", sent)]),
            )
            .text(words.texts.unreadable),
    }
}

fn time(at: Instant, words: Words, now: Instant) -> Element {
    element("time", "")
        .set("datetime", datetime(at))
        .set("title", words.date_time(at))
        .text(words.short_date_time(at, now))
}

/// Text that strangers may have written: isolated, so that it cannot turn what stands beside it.
fn text(text: &str) -> Element {
    element("bdi", "").text(inert(text, CELL_CHARACTERS))
}

fn badge(status: &Status, words: Words) -> Element {
    element("span", "rh-badge")
        .set("data-status", tone(status))
        .child(status_icon(status))
        .child(text(words.texts.status(status)))
}

/// Stands where the table will, with the sizes it will have.
pub fn table_skeleton(history: History, words: Words) -> Element {
    let rows = history.query().with_untracked(|query| query.per_page);
    let cell = |column: Column| {
        element("td", "")
            .set("data-column", column.field())
            .child(element("span", "rh-bone"))
    };
    element("table", "rh-table")
        .set("aria-hidden", "true")
        .child(head(words))
        .child(
            element("tbody", "")
                .children((0..rows).map(|_| element("tr", "").children(Column::ALL.map(cell)))),
        )
}
