//! The table of events.

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
    sort::Sort,
    texts::fill,
    time::iso_8601,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTableRowElement, Node};

use super::{badge::Badge, details::name, icon::Arrow, list::keep_focus};
use crate::{
    context::{Shared, focus, use_shared},
    state::{LoadState, RowKey, ViewState},
};

/// How far a pointer may move, in CSS pixels, for a press to be one.
const STILL_PIXELS: i32 = 4;

/// The rows of the page that is shown.
///
/// On a phone the rows are laid out as cards, and a browser that lays a table out otherwise may
/// forget that it is one: hence the roles.
#[component]
pub fn EventTable() -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        ..
    } = use_shared();
    // The row that keys gave the focus to shows its other time until Escape, or until the focus moves on.
    // Not left to `:has`, which a browser works out anew for each row that comes or goes.
    let is_quiet = RwSignal::new(false);
    // Where the pointer went down.
    let down = StoredValue::new((0, 0));
    // One listener for all rows, whose order in the document is the order shown.
    let press = move |event: ev::MouseEvent| {
        let (from_x, from_y) = down.get_value();
        let moved = (event.client_x() - from_x)
            .abs()
            .max((event.client_y() - from_y).abs());
        // A press of a key has no place, and counts no clicks. One that selected text is none.
        let is_press = event.detail() == 0 || moved <= STILL_PIXELS;
        if let Some(row) = row_of(&event).filter(|_| is_press)
            && let Ok(place) = usize::try_from(row.section_row_index())
            && let Some(key) = untrack(|| state.rows()).get(place)
        {
            if let Ok(Some(button)) = row.query_selector("button") {
                focus(button.unchecked_ref());
            }
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
            data-quiet=move || is_quiet.get().then_some("true")
            // It stays while no event matches, for its rows come back.
            hidden=move || state.view_state().get() == ViewState::NoMatch
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    is_quiet.set(true);
                }
            }
            on:focusin=move |event| is_quiet.set(!shows_focus(&event))
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

/// Keeps the rows of a table's body those of the page that is shown.
///
/// Not a `<For>`, which makes a row anew each time that a filter lets it through: with 100 rows that took
/// half of the time of a filter. A row is a component like any other, but it is made once, when it is
/// first shown, and waits outside of the document while it is not.
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
        // A row of an older answer, or of the other zone, does not come back.
        if let Some(key) = keys.first() {
            rows.retain(|row| {
                row.key.generation() == key.generation() && row.key.zone() == key.zone()
            });
        }
        let mut next: Option<Node> = None;
        for key in keys.into_iter().rev() {
            let known = rows.iter().position(|row| row.key == key);
            let place = known.unwrap_or_else(|| {
                rows.extend(owner.with(|| Row::new(key)));
                rows.len() - 1
            });
            let Some(row) = rows.get(place) else {
                continue;
            };
            // A row that is where it belongs is not touched.
            let is_there = row.element.is_connected() && row.element.next_sibling() == next;
            if !is_there {
                let _ = body.insert_before(&row.element, next.as_ref());
            }
            next = Some(row.element.clone().into());
        }
        rows
    });
}

/// A row that was made.
struct Row {
    key: RowKey,
    element: Element,
    /// Keeps what the row listens to.
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

/// Whether the browser shows that the element which an event happened on has the focus: by keys it does.
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
        match sort.filter(|sort| sort.column == column) {
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
            // On a phone the heading is for assistive technology alone, and there is no button in it.
            <span class="rh-heading-name">{name}</span>
        </th>
    }
}

/// One row. The key names all that it depends on, so a row never changes: no signal reaches into it.
#[component]
fn EventRow(key: RowKey) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let shown = state.shown().get_untracked()?;
    let event = &shown.records.get(key.position())?.event;
    let label = fill(texts.details_of, &[("event", &name(event, i18n, state))]);
    let cell = |column: Column| {
        let (is_lacking, content) = content(event, column, key);
        view! {
            <td
                role="cell"
                data-column=column.field()
                // On a phone, where no heading stands above a cell, it says what is missing.
                data-lacking=is_lacking.then(|| texts.column(column))
            >
                {content}
            </td>
        }
    };
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

/// Whether a cell lacks what should stand in it, and what stands in it.
fn content(event: &Event, column: Column, key: RowKey) -> (bool, AnyView) {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    match column {
        Column::Date => field(&event.created_at, |at| {
            // A time in the zone that is shown, and behind it the time in the other.
            let zone = key.zone();
            let now = state.clock().get_untracked();
            view! {
                <time datetime=iso_8601(*at) title=i18n.full(*at, zone.other())>
                    {i18n.short_date_time(*at, now, zone)}
                </time>
            }
            .into_any()
        }),
        Column::Role => field(&event.role, |role| match role {
            Role::Unknown(sent) => text(sent),
            known => texts.role(known).to_owned().into_any(),
        }),
        Column::Status => field(&event.status, |status| {
            view! { <Badge status=status.clone()/> }.into_any()
        }),
        Column::Code => field(&event.code, |code| text(code)),
        Column::Campaign => field(&event.campaign, |campaign| text(campaign)),
        Column::Reward => field(&event.reward_credits, |credits| {
            i18n.number(*credits).into_any()
        }),
    }
}

/// A field, or that it is missing, or that it cannot be read.
fn field<T>(field: &Field<T>, known: impl FnOnce(&T) -> AnyView) -> (bool, AnyView) {
    let texts = use_shared().i18n.texts;
    match field {
        Field::Known(value) => (false, known(value)),
        Field::Missing => (
            true,
            view! { <span class="rh-muted">{texts.missing}</span> }.into_any(),
        ),
        Field::Unreadable(sent) => {
            let hint = fill(texts.unreadable_hint, &[("sent", sent)]);
            let said = view! { <span class="rh-unreadable" title=hint>{texts.unreadable}</span> };
            (true, said.into_any())
        }
    }
}

/// Text that strangers may have written: isolated, so that it cannot turn what stands beside it.
fn text(text: &str) -> AnyView {
    view! { <bdi>{sanitize(text, CELL_CHARACTERS)}</bdi> }.into_any()
}

/// Stands where the table will, with the sizes it will have. One element, which the style sheet fills: to
/// build and lay out a table of bones took a quarter of the time to the first rows.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let Shared { state, .. } = use_shared();
    let rows = state.query().with_untracked(|query| query.per_page);
    view! { <div class="rh-skeleton" data-rows=rows.to_string()></div> }
}
