//! The headings and the rows of the table. They need events and a language, and not the state of a page.

use leptos::{
    ev,
    prelude::*,
    tachys::{html::attribute::AttributeValue, view::any_view::AnyViewState},
};
use referral_history_core::{
    column::Column,
    event::Event,
    field::Field,
    role::Role,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::{Sort, SortKey},
    status::Status,
    texts::{Texts, fill},
    time::{Instant, Zone, iso_8601},
};

use web_sys::Element;

use super::{badge::Badge, icon::Arrow};
use crate::{i18n::I18n, state::RowKey};

/// The most characters that fit into every cell at every width.
const ALWAYS_FITS: usize = 10;

/// The farthest movement of the pointer, in CSS pixels, that still counts as a press.
const MAX_PRESS_MOVEMENT: i32 = 4;

/// Tells a press on a row from the selection of text in it. Copies are the same handle.
#[derive(Clone, Copy)]
pub struct Presses {
    /// Where the last press started.
    down: StoredValue<(i32, i32)>,
}

impl Presses {
    /// Before any press.
    pub fn new() -> Self {
        Self {
            down: StoredValue::new((0, 0)),
        }
    }

    /// Where the last press started.
    pub fn last(self) -> (i32, i32) {
        self.down.get_value()
    }

    /// Continues with a press that has started at a place.
    pub fn go_on(self, down: (i32, i32)) {
        self.down.set_value(down);
    }

    /// The pointer has gone down.
    pub fn start(self, event: &ev::PointerEvent) {
        self.down.set_value((event.client_x(), event.client_y()));
    }

    /// Whether a click is a press.
    pub fn is_press(self, event: &ev::MouseEvent) -> bool {
        let (from_x, from_y) = self.down.get_value();
        let moved = (event.client_x() - from_x)
            .abs()
            .max((event.client_y() - from_y).abs());
        // A click by keyboard has no coordinates, and its `detail` is 0. A pointer that moved has selected
        // text.
        event.detail() == 0 || moved <= MAX_PRESS_MOVEMENT
    }
}

/// The headings.
#[component]
pub fn Head<O>(
    i18n: I18n,
    /// The value of `aria-sort` for each column, which may follow the order of the rows.
    order: impl Fn(Column) -> O,
    /// What a press on the heading of a sortable column does.
    #[prop(optional)]
    on_press: Option<Callback<Column>>,
) -> impl IntoView
where
    O: AttributeValue + Send + 'static,
{
    let heading = |column: Column| {
        if column.is_sortable() {
            view! { <SortableHeading column i18n order=order(column) on_press/> }.into_any()
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
fn SortableHeading<O>(
    column: Column,
    i18n: I18n,
    order: O,
    on_press: Option<Callback<Column>>,
) -> impl IntoView
where
    O: AttributeValue + Send + 'static,
{
    let name = i18n.texts.column(column);
    view! {
        <th
            scope="col"
            role="columnheader"
            data-column=column.field()
            aria-sort=order
        >
            <button
                class="rh-sort"
                type="button"
                on:click=move |_| {
                    if let Some(on_press) = on_press {
                        on_press.run(column);
                    }
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

/// The value of `aria-sort` for a column, of rows in this order.
pub fn aria_sort(column: Column, sort: Option<Sort>) -> &'static str {
    match sort.filter(|sort| sort.key == SortKey::Column(column)) {
        None => "none",
        Some(sort) if sort.descending => "descending",
        Some(_) => "ascending",
    }
}

/// A rendered row. It depends on nothing but its key, the language and the clock, and it is kept while it is not shown.
pub struct Row {
    /// What it shows.
    pub key: RowKey,
    /// Its element.
    pub element: Element,
    /// The time that its relative times go by.
    now: Instant,
    has_titles: bool,
    _view: AnyViewState,
}

impl Row {
    /// Renders the row of an event.
    pub fn new(key: RowKey, event: &Event, i18n: I18n, now: Instant) -> Option<Self> {
        let view = view! { <EventRow event=event.clone() i18n zone=key.zone now/> };
        let view = view.into_any().build();
        Some(Self {
            key,
            element: view.elements().into_iter().next()?,
            now,
            has_titles: false,
            _view: view,
        })
    }

    /// Whether its times have titles.
    pub fn has_titles(&self) -> bool {
        self.has_titles
    }

    /// Gives the times of the event's row their titles: that of its creation is the time in the other zone, that of its
    /// expiry the time in the shown one. [`Row::new`] leaves that out, since nobody sees it in the first frame.
    pub fn set_titles(&mut self, event: &Event, i18n: I18n) {
        self.has_titles = true;
        let zone = self.key.zone;
        let titles = [
            (
                "time:not(.rh-due)",
                event.created_at.known().copied(),
                zone.other(),
            ),
            (".rh-due", due(event), zone),
        ];
        for (selector, at, zone) in titles {
            if let Some(at) = at
                && let Ok(Some(time)) = self.element.query_selector(selector)
            {
                let _ = time.set_attribute("title", &i18n.full(at, zone));
            }
        }
    }

    /// Updates the relative times of the event's row.
    pub fn set_now(&mut self, event: &Event, i18n: I18n, now: Instant) {
        if self.now == now {
            return;
        }
        self.now = now;
        if let Some(at) = due(event)
            && let Ok(Some(time)) = self.element.query_selector(".rh-due")
        {
            let text = due_text(at, i18n, now);
            if time.text_content().as_ref() != Some(&text) {
                time.set_text_content(Some(&text));
            }
        }
    }
}

/// A row.
#[component]
fn EventRow(event: Event, i18n: I18n, zone: Zone, now: Instant) -> impl IntoView {
    let name = event_name(&event, i18n, zone);
    let label = fill(i18n.texts.details_of, &[("event", &name)]);
    let cell = |column: Column| {
        let content = content(&event, column, i18n, zone, now);
        view! { <Cell column content texts=i18n.texts/> }
    };
    view! {
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
    }
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

/// A cell.
#[component]
fn Cell(column: Column, content: Content, texts: &'static Texts) -> impl IntoView {
    let name = column.field();
    match content {
        Content::Text(text) => {
            // Translators would change the numbers.
            let translate = (column == Column::Reward).then_some("no");
            view! { <td role="cell" data-column=name translate=translate>{text}</td> }.into_any()
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
                >
                    {text}
                </td>
            }
            .into_any()
        }
        Content::Element(element) => {
            view! { <td role="cell" data-column=name>{element}</td> }.into_any()
        }
        // On a narrow screen, where cells have no visible heading, the style sheet leaves out what is
        // missing, and names what is unreadable.
        Content::Missing => view! {
            <td role="cell" data-column=name data-missing="true">{texts.missing}</td>
        }
        .into_any(),
        Content::Unreadable(sent) => {
            let hint = fill(texts.unreadable_hint, &[("sent", &sent)]);
            view! {
                <td role="cell" data-column=name data-lacking=texts.column(column)>
                    <span class="rh-unreadable" title=hint>{texts.unreadable}</span>
                </td>
            }
            .into_any()
        }
    }
}

/// What the cell of a column shows of an event.
fn content(event: &Event, column: Column, i18n: I18n, zone: Zone, now: Instant) -> Content {
    match column {
        Column::Date => field(&event.created_at, |at| {
            let time = view! {
                <time datetime=iso_8601(*at)>{i18n.short_date_time(*at, now, zone)}</time>
            };
            Content::Element(time.into_any())
        }),
        Column::Role => field(&event.role, |role| match role {
            Role::Unknown(word) => sent(word),
            known => Content::Text(i18n.texts.role(known).to_owned()),
        }),
        Column::Status => field(&event.status, |status| {
            let badge = view! { <Badge status=status.clone() i18n/> };
            Content::Element(badge.into_any())
        }),
        Column::Code => field(&event.code, |code| sent(code)),
        Column::Campaign => field(&event.campaign, |campaign| sent(campaign)),
        Column::Reward => reward(event, i18n, now),
    }
}

/// The reward; of an open referral, when it expires.
fn reward(event: &Event, i18n: I18n, now: Instant) -> Content {
    let Some(at) = due(event) else {
        return field(&event.reward_credits, |credits| {
            Content::Text(i18n.number(*credits))
        });
    };
    let due = view! {
        <time class="rh-due" datetime=iso_8601(at)>{due_text(at, i18n, now)}</time>
    };
    Content::Element(due.into_any())
}

/// When an open referral expires whose reward is not known.
fn due(event: &Event) -> Option<Instant> {
    let is_open = event.status.known().is_some_and(Status::is_open);
    match (&event.reward_credits, &event.expires_at) {
        (Field::Missing, Field::Known(at)) if is_open => Some(*at),
        _ => None,
    }
}

fn due_text(at: Instant, i18n: I18n, now: Instant) -> String {
    if at < now {
        return i18n.texts.was_to_expire.to_owned();
    }
    fill(i18n.texts.due, &[("when", &i18n.relative(at, now))])
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

/// The name of an event: its code, or else the time of its creation.
pub fn event_name(event: &Event, i18n: I18n, zone: Zone) -> String {
    match (&event.code, &event.created_at) {
        (Field::Known(code), _) => sanitize(code, CELL_CHARACTERS),
        (_, Field::Known(at)) => i18n.date_time(*at, zone),
        _ => i18n.texts.missing.to_owned(),
    }
}
