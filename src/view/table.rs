//! The table of events.

use std::sync::Arc;

use leptos::prelude::*;
use referral_history_core::{
    column::Column,
    display::{CELL_CHARACTERS, inert},
    event::Event,
    field::Field,
    sort::Sort,
    status::Status,
    texts::fill,
    time::{Instant, iso_8601},
};

use super::{
    details::{Details, name},
    icon::{arrow, chevron, status_icon, tone},
    words::Words,
};
use crate::{
    dom::{Element, Reference, each_returning, element, key, shows_focus},
    state::{History, Load, Loaded, RowKey},
};

/// The rows of the page that is shown.
///
/// On a phone the rows are laid out as cards, and a browser that lays a table out otherwise may
/// forget that it is one: hence the roles.
pub fn event_table(history: History, words: Words, details: Details) -> Element {
    let shown = history.shown();
    let row = move |key: u64| {
        let key = RowKey::from(key);
        // The key names all that a row depends on, so a row never changes: no signal reaches into it.
        let shown: Option<Arc<Loaded>> = shown.get_untracked();
        let record = shown
            .as_ref()
            .and_then(|shown| shown.records.get(key.position()));
        match record {
            Some(record) => Row {
                history,
                words,
                details,
                key,
            }
            .view(&record.event),
            None => element("tr", ""),
        }
    };
    // A row of an older answer, or of the other zone, does not come back.
    let returns = move |key: u64| {
        let (generation, zone) = untrack(|| (history.generation(), history.zone()));
        RowKey::from(key).generation() == u64::from(generation) && RowKey::from(key).zone() == zone
    };
    let rows = move || history.rows().into_iter().map(u64::from).collect();
    // The row that keys gave the focus to shows its other time until Escape, or until the focus moves on.
    // Not left to `:has`, which a browser works out anew for each row that comes or goes.
    let is_quiet = RwSignal::new(false);
    element("table", "rh-table")
        .set("part", "table")
        .set("role", "table")
        .set("aria-label", words.texts.table)
        .flag("aria-busy", move || history.load().with(Load::is_asking))
        .flag("data-quiet", move || is_quiet.get())
        .on("keydown", move |event| {
            if key(event) == "Escape" {
                is_quiet.set(true);
            }
        })
        .on("focusin", move |event| is_quiet.set(!shows_focus(event)))
        .child(head(words, Some(history)))
        .child(
            element("tbody", "")
                .set("role", "rowgroup")
                .child(each_returning(rows, returns, row)),
        )
}

/// The headings; those of a table to work with sort it.
fn head(words: Words, history: Option<History>) -> Element {
    let heading = |column: Column| {
        let heading = element("th", "")
            .set("scope", "col")
            .set("role", "columnheader")
            .set("data-column", column.field());
        match history.filter(|_| column.is_sortable()) {
            Some(history) => sortable(heading, history, words, column),
            None => heading.text(words.texts.column(column)),
        }
    };
    let details = element("th", "")
        .set("scope", "col")
        .set("role", "columnheader")
        .set("data-column", "details")
        .child(element("span", "rh-hidden").text(words.texts.details));
    element("thead", "").set("role", "rowgroup").child(
        element("tr", "")
            .set("role", "row")
            .children(Column::ALL.map(heading))
            .child(details),
    )
}

fn sortable(heading: Element, history: History, words: Words, column: Column) -> Element {
    let order = move || {
        let sort = history.query().with(|query| query.sort);
        match sort.filter(|sort| sort.column == column) {
            None => "none",
            Some(sort) if sort.descending => "descending",
            Some(_) => "ascending",
        }
    };
    let name = words.texts.column(column);
    let button = element("button", "rh-sort")
        .set("type", "button")
        .press(move || {
            history.choose(|query| query.set_sort(Sort::next(query.sort, column)));
        })
        .text(name)
        .child(arrow());
    heading
        .attribute("aria-sort", move || order().to_owned())
        .child(button)
        // On a phone the heading is for assistive technology alone, and there is no button in it.
        .child(element("span", "rh-heading-name").text(name))
}

/// One row, and what it needs.
#[derive(Clone, Copy)]
struct Row {
    history: History,
    words: Words,
    details: Details,
    key: RowKey,
}

impl Row {
    fn view(self, event: &Event) -> Element {
        let Self {
            history,
            words,
            details,
            key,
        } = self;
        let cell = |column: Column| {
            let cell = element("td", "")
                .set("role", "cell")
                .set("data-column", column.field())
                // On a phone, where no heading stands above a cell, it says what is missing.
                .set("data-label", words.texts.column(column));
            self.filled(cell, event, column)
        };
        let button = Reference::new();
        let open = element("button", "rh-button rh-button-icon")
            .set("type", "button")
            .set(
                "aria-label",
                fill(
                    words.texts.details_of,
                    &[("event", &name(event, words, history))],
                ),
            )
            .set("aria-haspopup", "dialog")
            .reference(button)
            .child(chevron(true));
        element("tr", "")
            .set("role", "row")
            // The button is in the row, so a press on it arrives here too.
            .press_still(move || {
                button.focus();
                details.open(key);
            })
            .children(Column::ALL.map(cell))
            .child(
                element("td", "")
                    .set("role", "cell")
                    .set("data-column", "details")
                    .child(open),
            )
    }

    /// A cell with what stands in it.
    fn filled(self, cell: Element, event: &Event, column: Column) -> Element {
        let words = self.words;
        match column {
            Column::Date => field(cell, &event.created_at, words, |at| self.time(*at)),
            Column::Role => field(cell, &event.role, words, |role| {
                text(words.texts.role(role))
            }),
            Column::Status => field(cell, &event.status, words, |status| badge(status, words)),
            Column::Code => field(cell, &event.code, words, |code| text(code)),
            Column::Campaign => field(cell, &event.campaign, words, |campaign| text(campaign)),
            Column::Reward => field(cell, &event.reward_credits, words, |credits| {
                element("span", "").text(words.number(*credits))
            }),
        }
    }

    /// A time in the zone that is shown, and behind it the time in the other.
    fn time(self, at: Instant) -> Element {
        let Self {
            history,
            words,
            key,
            ..
        } = self;
        let zone = key.zone();
        let now = history.clock().get_untracked();
        element("time", "")
            .set("datetime", iso_8601(at))
            .set("title", words.full(at, zone.other()))
            .text(words.short_date_time(at, now, zone))
    }
}

/// A cell with a field, or that it is missing, or that it cannot be read.
fn field<T>(
    cell: Element,
    field: &Field<T>,
    words: Words,
    known: impl FnOnce(&T) -> Element,
) -> Element {
    let lacking = match field {
        Field::Known(value) => return cell.child(known(value)),
        Field::Missing => element("span", "rh-muted").text(words.texts.missing),
        Field::Unreadable(sent) => element("span", "rh-unreadable")
            .set(
                "title",
                fill(words.texts.unreadable_hint, &[("sent", sent)]),
            )
            .text(words.texts.unreadable),
    };
    cell.set("data-lacking", "").child(lacking)
}

/// Text that strangers may have written: isolated, so that it cannot turn what stands beside it.
fn text(text: &str) -> Element {
    element("bdi", "").text(inert(text, CELL_CHARACTERS))
}

/// A status with its icon and colours.
pub fn badge(status: &Status, words: Words) -> Element {
    element("span", "rh-badge")
        .set("data-status", tone(status))
        .child(status_icon(status))
        .child(text(words.texts.status(status)))
}

/// Stands where the table will, with the sizes it will have.
pub fn table_skeleton(history: History, words: Words) -> Element {
    let rows = history.query().with_untracked(|query| query.per_page);
    let cell = |column: &'static str| {
        element("td", "")
            .set("data-column", column)
            .child(element("span", "rh-bone"))
    };
    let row = |_| {
        element("tr", "")
            .children(Column::ALL.map(|column| cell(column.field())))
            .child(cell("details"))
    };
    element("table", "rh-table")
        .set("aria-hidden", "true")
        .child(head(words, None))
        .child(element("tbody", "").children((0..rows).map(row)))
}
