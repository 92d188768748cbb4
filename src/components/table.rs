//! The table of events.

use core::time::Duration;

use leptos::{
    ev, html,
    prelude::*,
    tachys::view::{Mountable, any_view::AnyViewState},
};
use referral_history_core::{
    column::Column,
    event::Event,
    field::Field,
    role::Role,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::{Sort, SortKey},
    status::Status,
    texts::fill,
    time::iso_8601,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTableRowElement, Node};

use super::{badge::Badge, details::event_name, icon::Arrow, list::keep_focus};
use crate::{
    context::{Shared, focus, use_shared},
    state::{LoadState, RowKey, ViewState},
};

/// The farthest movement of the pointer, in CSS pixels, that still counts as a press.
const MAX_PRESS_MOVEMENT: i32 = 4;

/// The most characters that fit into every cell at every width.
const ALWAYS_FITS: usize = 10;

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
    // Where the last press started.
    let down = StoredValue::new((0, 0));
    // One listener for all rows. The order of the elements is the order of the keys.
    let press = move |event: ev::MouseEvent| {
        let (from_x, from_y) = down.get_value();
        let moved = (event.client_x() - from_x)
            .abs()
            .max((event.client_y() - from_y).abs());
        // A click by keyboard has no coordinates, and its `detail` is 0. A pointer that moved has selected
        // text.
        let is_press = event.detail() == 0 || moved <= MAX_PRESS_MOVEMENT;
        if let Some(row) = row_of(&event).filter(|_| is_press)
            && let Ok(position) = usize::try_from(row.section_row_index())
            && let Some(key) = untrack(|| state.rows()).get(position)
        {
            focus_button(&row);
            details.open(*key);
        }
    };
    let body = NodeRef::<html::Tbody>::new();
    show_rows(body);
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
            <Head/>
            <tbody
                role="rowgroup"
                node_ref=body
                on:pointerdown=move |event| down.set_value((event.client_x(), event.client_y()))
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
fn show_rows(body: NodeRef<html::Tbody>) {
    let state = use_shared().state;
    let owner = Owner::new();
    Effect::new(move |rows: Option<Vec<Row>>| {
        let mut rows = rows.unwrap_or_default();
        let keys = state.rows();
        let Some(body) = body.get() else {
            return rows;
        };
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
        let mut next: Option<Node> = None;
        for key in keys.into_iter().rev() {
            let known = rows.iter().position(|row| row.key == key);
            let position = known.unwrap_or_else(|| {
                rows.extend(owner.with(|| Row::new(key)));
                rows.len() - 1
            });
            let Some(row) = rows.get(position) else {
                continue;
            };
            // A row in its place is not moved.
            let is_there = row.element.is_connected() && row.element.next_sibling() == next;
            if !is_there {
                let _ = body.insert_before(&row.element, next.as_ref());
            }
            next = Some(row.element.clone().into());
        }
        rows
    });
}

/// A rendered row.
struct Row {
    key: RowKey,
    element: Element,
    /// Keeps the row's listeners alive.
    _view: AnyViewState,
}

impl Row {
    fn new(key: RowKey) -> Option<Self> {
        let view = view! { <EventRow key/> }.into_any().build();
        let element = view.elements().into_iter().next()?;
        Some(Self {
            key,
            element,
            _view: view,
        })
    }
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

/// The headings.
#[component]
fn Head() -> impl IntoView {
    let Shared { i18n, .. } = use_shared();
    let heading = |column: Column| {
        if column.is_sortable() {
            view! { <SortableHeading column/> }.into_any()
        } else {
            view! {
                <th scope="col" role="columnheader" data-column=column.field()>
                    {i18n.texts.column(column)}
                </th>
            }
            .into_any()
        }
    };
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {Column::ALL.map(heading)}
                <th scope="col" role="columnheader" data-column="details">
                    <span class="rh-hidden">{i18n.texts.details}</span>
                </th>
            </tr>
        </thead>
    }
}

/// A heading that sorts by its column.
#[component]
fn SortableHeading(column: Column) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let name = i18n.texts.column(column);
    let order = move || {
        let sort = state.query().with(|query| query.sort);
        match sort.filter(|sort| sort.key == SortKey::Column(column)) {
            None => "none",
            Some(sort) if sort.descending => "descending",
            Some(_) => "ascending",
        }
    };
    view! {
        <th
            scope="col"
            role="columnheader"
            data-column=column.field()
            aria-sort=move || order()
        >
            <button
                class="rh-sort"
                type="button"
                on:click=move |_| {
                    state.choose(|query| query.set_sort(Sort::next(query.sort, column)));
                }
            >
                {name}
                <Arrow/>
            </button>
            // On a narrow screen the heading is only for assistive technology, and its button is hidden.
            <span class="rh-heading-name">{name}</span>
        </th>
    }
}

/// One row. It depends on nothing but its key, so it tracks no signal and never changes.
#[component]
fn EventRow(key: RowKey) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let shown = state.shown().get_untracked()?;
    let event = &shown.records.get(key.position)?.event;
    let label = fill(
        i18n.texts.details_of,
        &[("event", &event_name(event, i18n, state))],
    );
    let cell = |column: Column| view! { <Cell column content=content(event, column, key)/> };
    Some(view! {
        <tr role="row">
            {Column::ALL.map(cell)}
            <td role="cell" data-column="details">
                <button
                    class="rh-button rh-button-icon rh-row-button"
                    type="button"
                    aria-label=label
                    aria-haspopup="dialog"
                ></button>
            </td>
        </tr>
    })
}

/// What a cell shows.
enum Content {
    /// A word of the page's own, or a number.
    Text(String),
    /// What was sent, made safe to show.
    Sent(String),
    Element(AnyView),
    /// The API sent no value.
    Missing,
    /// The API sent this value, which cannot be read.
    Unreadable(String),
}

/// A cell. Its text is the element's property: as a child, each text has a marker beside it, and a page has
/// hundreds of cells.
#[component]
fn Cell(column: Column, content: Content) -> impl IntoView {
    let texts = use_shared().i18n.texts;
    let name = column.field();
    match content {
        Content::Text(text) => {
            // Translators would change the numbers.
            let translate = (column == Column::Reward).then_some("no");
            view! { <td role="cell" data-column=name translate=translate prop:textContent=text/> }
                .into_any()
        }
        Content::Sent(text) => {
            // A narrow cell may cut it.
            let title = (text.chars().count() > ALWAYS_FITS).then(|| text.clone());
            // In its own direction, so that what is cut off is its end.
            view! {
                <td
                    role="cell"
                    data-column=name
                    dir="auto"
                    translate="no"
                    title=title
                    prop:textContent=text
                />
            }
            .into_any()
        }
        Content::Element(element) => {
            view! { <td role="cell" data-column=name>{element}</td> }.into_any()
        }
        // On a narrow screen, where cells have no visible heading, the style sheet leaves out what is
        // missing, and names what is unreadable.
        Content::Missing => view! {
            <td role="cell" data-column=name data-missing="true" prop:textContent=texts.missing/>
        }
        .into_any(),
        Content::Unreadable(sent) => {
            let hint = fill(texts.unreadable_hint, &[("sent", &sent)]);
            view! {
                <td role="cell" data-column=name data-lacking=texts.column(column)>
                    <span class="rh-unreadable" title=hint prop:textContent=texts.unreadable/>
                </td>
            }
            .into_any()
        }
    }
}

/// What the cell of a column shows of an event.
fn content(event: &Event, column: Column, key: RowKey) -> Content {
    let Shared { state, i18n, .. } = use_shared();
    match column {
        Column::Date => field(&event.created_at, |at| {
            // The time in the shown zone, with the time in the other zone as its title.
            let zone = key.zone;
            let now = state.clock().get_untracked();
            let time = view! {
                <time
                    datetime=iso_8601(*at)
                    title=i18n.full(*at, zone.other())
                    prop:textContent=i18n.short_date_time(*at, now, zone)
                />
            };
            Content::Element(time.into_any())
        }),
        Column::Role => field(&event.role, |role| match role {
            Role::Unknown(word) => sent(word),
            known => Content::Text(i18n.texts.role(known).to_owned()),
        }),
        Column::Status => field(&event.status, |status| {
            let badge = view! { <Badge status=status.clone()/> };
            Content::Element(badge.into_any())
        }),
        Column::Code => field(&event.code, |code| sent(code)),
        Column::Campaign => field(&event.campaign, |campaign| sent(campaign)),
        Column::Reward => reward(event, key),
    }
}

/// The reward; of an open referral, when it expires.
fn reward(event: &Event, key: RowKey) -> Content {
    let Shared { state, i18n, .. } = use_shared();
    let is_open = event.status.known().is_some_and(Status::is_open);
    match (&event.reward_credits, &event.expires_at) {
        (Field::Missing, Field::Known(at)) if is_open => {
            let at = *at;
            let text = move || {
                let now = state.clock().get();
                if at < now {
                    return i18n.texts.was_to_expire.to_owned();
                }
                fill(i18n.texts.due, &[("when", &i18n.relative(at, now))])
            };
            let due = view! {
                <time
                    class="rh-due"
                    datetime=iso_8601(at)
                    title=i18n.full(at, key.zone)
                    prop:textContent=move || text()
                />
            };
            Content::Element(due.into_any())
        }
        (credits, _) => field(credits, |credits| Content::Text(i18n.number(*credits))),
    }
}

fn sent(text: &str) -> Content {
    Content::Sent(sanitize(text, CELL_CHARACTERS))
}

/// What a cell shows of a field.
fn field<T>(field: &Field<T>, known: impl FnOnce(&T) -> Content) -> Content {
    match field {
        Field::Known(value) => known(value),
        Field::Missing => Content::Missing,
        Field::Unreadable(sent) => Content::Unreadable(sent.clone()),
    }
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
