//! The table of events.

use core::{mem, time::Duration};

use leptos::{ev, html, prelude::*};
use referral_history_core::{event::Event, sort::Sort};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTableRowElement, Node};

use super::{
    list::keep_focus,
    rows::{Head, Presses, Row, aria_sort},
};
use crate::{
    context::{Shared, focus, use_shared},
    state::{LoadState, Loaded, RowKey, ViewState},
};

/// The table with the rows of the shown page.
///
/// It has explicit roles, because on a narrow screen the rows are laid out as cards, and browsers drop a
/// table's implicit roles when its `display` changes.
#[component]
pub fn EventTable() -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        ..
    } = use_shared();
    // A row that was focused by keyboard shows the time in the other zone, until Escape or until the focus
    // moves. A signal, because the browser would evaluate `:has` again for each row that is added or removed.
    let is_time_hidden = RwSignal::new(false);
    let presses = Presses::new();
    // One listener for all rows. The order of the elements is the order of the keys.
    let press = move |event: ev::MouseEvent| {
        if let Some(row) = row_of(&event).filter(|_| presses.is_press(&event))
            && let Ok(position) = usize::try_from(row.section_row_index())
            && let Some(key) = untrack(|| state.rows()).get(position)
        {
            focus_button(&row);
            details.open(*key);
        }
    };
    let order = move |column| move || aria_sort(column, state.query().with(|query| query.sort));
    let on_press = Callback::new(move |column| {
        state.choose(|query| query.set_sort(Sort::next(query.sort, column)));
    });
    let body = NodeRef::<html::Tbody>::new();
    show_rows(body, presses);
    view! {
        <table
            class="rh-table"
            part="table"
            role="table"
            aria-label=i18n.texts.table
            aria-busy=move || state.load().with(LoadState::is_loading).then_some("true")
            data-quiet=move || is_time_hidden.get().then_some("true")
            // Hidden, not removed, while no event matches, so that its rows can be shown again.
            hidden=move || state.view_state().get() == ViewState::NoMatch
            on:keydown=move |event| {
                let shows_time = !is_time_hidden.get_untracked() && shows_time(&event);
                if shows_time && event.key() == "Escape" {
                    is_time_hidden.set(true);
                    event.prevent_default();
                    event.stop_propagation();
                }
            }
            on:focusin=move |event| is_time_hidden.set(!shows_focus(&event))
        >
            <Head i18n order on_press/>
            <tbody
                role="rowgroup"
                node_ref=body
                on:pointerdown=move |event| presses.start(&event)
                on:click=press
            ></tbody>
        </table>
    }
}

/// Keeps the rows in a table's body up to date with the shown page.
///
/// Not a `<For>`, which renders a row again each time that it passes a filter: with 100 rows that took half
/// of the time of a filter. Each row is rendered once, when it is first shown, and kept outside of the
/// document while it is not shown.
fn show_rows(body: NodeRef<html::Tbody>, presses: Presses) {
    let Shared {
        state,
        i18n,
        first_rows,
        ..
    } = use_shared();
    let owner = Owner::new();
    let kept = StoredValue::new_local(Vec::<Row>::new());
    Effect::new(move |_| {
        let keys = state.rows();
        let now = state.clock().get();
        let Some(body) = body.get() else {
            return;
        };
        let mut rows = kept.try_update_value(mem::take).unwrap_or_default();
        let first_rows = first_rows.try_update_value(Option::take).flatten();
        let mut handover = first_rows.map(|first_rows| first_rows.hand_over(i18n));
        if let Some(handover) = &mut handover {
            rows.append(&mut handover.rows);
            presses.go_on(handover.down);
        }
        keep_focus(&body);
        let is_in = |row: &&Row| row.element.parent_node().is_some();
        for row in rows
            .iter()
            .filter(is_in)
            .filter(|row| !keys.contains(&row.key))
        {
            let _ = body.remove_child(&row.element);
        }
        // Rows of an older response or of the other zone are not shown again.
        if let Some(key) = keys.first() {
            rows.retain(|row| row.key.generation == key.generation && row.key.zone == key.zone);
        }
        let shown = state.shown().get_untracked();
        for row in &mut rows {
            if let Some(event) = event(shown.as_deref(), row.key) {
                row.set_now(event, i18n, now);
            }
        }
        let mut next: Option<Node> = None;
        for key in keys.into_iter().rev() {
            if !rows.iter().any(|row| row.key == key) {
                let event = event(shown.as_deref(), key);
                rows.extend(event.and_then(|event| owner.with(|| Row::new(key, event, i18n, now))));
            }
            let Some(row) = rows.iter().find(|row| row.key == key) else {
                continue;
            };
            // A row in its place is not moved.
            let is_there = row.element.is_connected() && row.element.next_sibling() == next;
            if !is_there {
                let _ = body.insert_before(&row.element, next.as_ref());
            }
            next = Some(row.element.clone().into());
        }
        if let Some((handover, table)) = handover.zip(body.parent_element()) {
            handover.end(table.unchecked_ref());
        }
        let lacks_titles = rows.iter().any(|row| !row.has_titles());
        kept.set_value(rows);
        if lacks_titles {
            let painted = state.painted();
            state.spawn(async move {
                painted.await;
                let shown = state.shown().get_untracked();
                kept.try_update_value(|rows| {
                    for row in rows.iter_mut().filter(|row| !row.has_titles()) {
                        if let Some(event) = event(shown.as_deref(), row.key) {
                            row.set_titles(event, i18n);
                        }
                    }
                });
            });
        }
    });
}

/// The event of a row, if it is shown.
fn event(shown: Option<&Loaded>, key: RowKey) -> Option<&Event> {
    let shown = shown.filter(|shown| shown.generation == key.generation)?;
    Some(&shown.records.get(key.position)?.event)
}

/// The row that an event happened in.
fn row_of(event: &ev::MouseEvent) -> Option<HtmlTableRowElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("tr").ok()??.dyn_into().ok()
}

/// The row of the table that an element is in.
pub fn row_around(element: &Element) -> Option<Element> {
    element.closest(".rh-table > tbody > tr").ok()?
}

/// Focuses the button of the row at an index of the shown page, from 0. Returns whether there is one.
pub fn focus_row(rows: NodeRef<html::Div>, index: usize) -> bool {
    let row = format!(".rh-table > tbody > tr:nth-child({})", index + 1);
    let rows = rows.get_untracked();
    let row = rows.and_then(|rows| rows.query_selector(&row).ok()?);
    row.is_some_and(|row| focus_button(&row))
}

/// Focuses the button of a row.
pub fn focus_button(row: &Element) -> bool {
    let Ok(Some(button)) = row.query_selector("button") else {
        return false;
    };
    focus(button.unchecked_ref());
    true
}

/// Whether the row with the focus has a time, which it shows in the other zone.
fn shows_time(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into().ok());
    let row = target.and_then(|target: Element| row_around(&target));
    row.is_some_and(|row| matches!(row.query_selector("time"), Ok(Some(_))))
}

/// Whether the browser shows a focus ring on the event's target, as it does after a focus by keyboard.
fn shows_focus(event: &ev::FocusEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|target: Element| target.matches(":focus-visible").unwrap_or(false))
}

/// How long the skeleton is shown without a word.
const STILL_LOADING_AFTER: Duration = Duration::from_secs(3);

/// A placeholder with the size of the table. One element, which the style sheet fills: rendering and laying
/// out a skeleton table took a quarter of the time to the first rows. After a while a text over it says that
/// the page is still loading. Where a retry is told, nothing else is.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let Shared {
        state,
        i18n,
        live_region,
        ..
    } = use_shared();
    let rows = state.query().with_untracked(|query| query.per_page);
    let text = i18n.texts.still_loading;
    let is_late = RwSignal::new(false);
    let is_retry = move || {
        state
            .load()
            .with(|load| matches!(load, LoadState::Loading { retry: Some(_), .. }))
    };
    state.run_after(STILL_LOADING_AFTER, move || {
        is_late.set(true);
        if !untrack(is_retry) {
            live_region.announce(text.to_owned());
        }
    });
    let still_loading = move || {
        (is_late.get() && !is_retry()).then(|| {
            view! {
                <div class="rh-pending">
                    <p class="rh-pending-text">{text}</p>
                </div>
            }
        })
    };
    view! {
        <div class="rh-skeleton" data-rows=rows.to_string()></div>
        {move || still_loading()}
    }
}
