//! The dialog with the details of one event.

use std::sync::Arc;

use leptos::{ev, html, prelude::*};
use referral_history_core::{
    api::sent_text,
    event::Event,
    field::Field,
    sanitize::{CELL_CHARACTERS, sanitize},
    status::Status,
    support,
    texts::fill,
    time::{Instant, iso_8601, time_left},
    timeline::{Milestone, Step, Time, milestones, other_times},
};
use web_sys::Element;

use super::{
    badge::Badge,
    copy_button::CopyButton,
    icon::{Chevron, Cross, tone},
    live_region::{LiveRegion, StatusMessage},
    rows::event_name,
    table::focus_row,
};
use crate::{
    browser::address,
    context::{Shared, focus_node, use_shared},
    panic_hook::{effect, on_window},
    state::{Loaded, ReferralState, RowKey},
};

/// Opens and closes the dialog with the details of one event. Copies are the same handle.
///
/// The dialog follows the choices: it shows the event that they name. An event that an address cannot name
/// is shown without them.
#[derive(Clone, Copy)]
pub struct Details {
    state: ReferralState,
    shown: RwSignal<Option<(Arc<Loaded>, usize)>>,
    dialog: NodeRef<html::Dialog>,
}

impl Details {
    /// A closed dialog.
    pub fn new(state: ReferralState) -> Self {
        Self {
            state,
            shown: RwSignal::new(None),
            dialog: NodeRef::new(),
        }
    }

    /// Opens the dialog for an event of the shown response.
    pub fn open(self, key: RowKey) {
        let loaded = self.state.shown().get_untracked();
        if let Some(loaded) = loaded.filter(|loaded| loaded.generation == key.generation) {
            self.show(loaded, key.position);
        }
    }

    /// Shows the next or previous event that passes the filters. Does nothing at the ends.
    pub fn walk(self, forwards: bool) {
        let Some((loaded, position)) = self.shown.get_untracked() else {
            return;
        };
        if let Some(position) = untrack(|| self.state.neighbour(position, forwards)) {
            self.show(loaded, position);
        }
    }

    /// Closes the dialog. The focus goes to the row of its event.
    pub fn close(self) {
        self.state.name_no_event();
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Whether an element is the dialog.
    pub fn is(self, element: &Element) -> bool {
        self.dialog
            .get_untracked()
            .is_some_and(|dialog| **dialog == *element)
    }

    /// Shows the event that the choices name, and the page of the list that has it.
    pub fn follow_choices(self) {
        let Self { state, shown, .. } = self;
        effect(move || {
            let now = self.event();
            match now {
                Some((loaded, position)) => {
                    let now = Some((loaded, position));
                    let is_open = self
                        .dialog
                        .get_untracked()
                        .is_some_and(|dialog| dialog.open());
                    if !is_open || shown.with_untracked(|shown| *shown != now) {
                        shown.set(now);
                    }
                    // It may be on another page of the list than the address says.
                    untrack(|| state.name_event(position));
                }
                None => {
                    // The address names an event that this response does not have.
                    if state.shown().with_untracked(Option::is_some) {
                        state.name_no_event();
                    }
                    if shown.with_untracked(Option::is_some) {
                        shown.set(None);
                        self.close();
                    }
                }
            }
        });
        // Back closes what has no address, too.
        on_window(ev::popstate, move |_| {
            let is_named = state.query().with_untracked(|query| query.event.is_some());
            let has_address = state.url_format().is_some() || state.is_set_by_host();
            if !is_named || !has_address {
                self.close();
            }
        });
    }

    fn show(self, loaded: Arc<Loaded>, position: usize) {
        // Before the choices change: the dialog stays open for an event that they do not name.
        if !self.state.is_addressable(position) {
            self.shown.set(Some((loaded, position)));
        }
        self.state.name_event(position);
    }

    /// The event that is to be shown now. Reactive.
    fn event(self) -> Option<(Arc<Loaded>, usize)> {
        let loaded = self.state.shown().get()?;
        let is_named = self.state.query().with(|query| query.event.is_some());
        if is_named {
            return self.state.named_event().map(|position| (loaded, position));
        }
        // Not after another response: it may be another user's.
        self.shown
            .get_untracked()
            .filter(|(shown, position)| *shown == loaded && !self.state.is_addressable(*position))
    }
}

/// The dialog.
#[component]
pub fn DetailsPanel() -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        focus,
        ..
    } = use_shared();
    let Details { shown, dialog, .. } = details;
    let live_region = LiveRegion::new();
    let title = NodeRef::<html::H2>::new();
    // The event that was shown last: its response, and its position.
    let last = StoredValue::new((0, 0));
    let on_close = move |_| {
        let Some(dialog) = dialog.get_untracked() else {
            return;
        };
        // The event is dispatched in a later task; the dialog may be open again.
        if dialog.open() {
            return;
        }
        // The browser may have closed it.
        state.name_no_event();
        shown.set(None);
        live_region.announce(String::new());
        let (generation, position) = last.get_value();
        let rows = untrack(|| state.rows());
        let row = rows
            .iter()
            .position(|row| row.generation == generation && row.position == position);
        if row.is_some_and(|row| focus_row(focus.rows, row)) {
            return;
        }
        // The browser could not restore the focus: a new response has removed the element, or the page was
        // moved in the document.
        let is_focus_inside = dialog.matches(":focus-within").unwrap_or(false);
        let active = document().active_element();
        if is_focus_inside || active.is_none_or(|active| active.tag_name() == "BODY") {
            focus_node(focus.rows);
        }
    };
    // This effect runs after the content has rendered: a dialog is announced with the name that it has when
    // it opens.
    effect(move || {
        let now = shown.with(|shown| {
            let shown = shown.as_ref();
            shown.map(|(loaded, position)| (loaded.generation, *position))
        });
        let (Some(now), Some(dialog)) = (now, dialog.get_untracked()) else {
            return;
        };
        last.set_value(now);
        if !dialog.open() {
            // Throws only if the dialog is open already.
            let _ = dialog.show_modal();
            return;
        }
        if let Ok(Some(body)) = dialog.query_selector(".rh-details-body") {
            body.set_scroll_top(0);
        }
        // The focus was on something that this event does not have.
        if dialog.matches(":focus-within") == Ok(false) {
            focus_node(title);
        }
    });
    let is_shown = Memo::new(move |_| shown.with(Option::is_some));
    let name = move || {
        shown.with(|shown| {
            let (loaded, position) = shown.as_ref()?;
            let event = &loaded.records.get(*position)?.event;
            let name = event_name(event, i18n, untrack(|| state.zone()));
            Some(fill(i18n.texts.details_of, &[("event", &name)]))
        })
    };
    view! {
        <dialog
            class="rh-details"
            part="details"
            aria-label=name
            node_ref=dialog
            on:close=on_close
            on:click=move |event| {
                // A press on the backdrop: the content covers the dialog itself.
                if event.target().is_some() && event.target() == event.current_target() {
                    details.close();
                }
            }
        >
            {move || is_shown.get().then(|| view! { <Panel title live_region/> })}
        </dialog>
    }
}

/// What the dialog holds while it is open. The bar stays while the user goes from event to event, and so does
/// the focus.
#[component]
fn Panel(title: NodeRef<html::H2>, live_region: LiveRegion) -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        ..
    } = use_shared();
    let texts = i18n.texts;
    let place = move || {
        let position = details
            .shown
            .with(|shown| shown.as_ref().map(|(_, position)| *position))?;
        state.place(position)
    };
    let position = move || {
        place().map(|(place, total)| {
            let (number, total) = (i18n.count(place + 1), i18n.count(total));
            fill(texts.position, &[("number", &number), ("total", &total)])
        })
    };
    let content = move || {
        let (loaded, position) = details.shown.get()?;
        let event = loaded.records.get(position)?.event.clone();
        let request_id = loaded.request_id.clone();
        Some(view! { <Content event request_id title live_region/> })
    };
    view! {
        // Takes the focus of a press on text, so that the keys still work.
        <div class="rh-details-content" tabindex="-1">
            // Not <header> and <footer>: in a dialog Chromium exposes those as landmarks of the page.
            <div class="rh-details-header">
                <WalkButton
                    forwards=false
                    label=texts.previous_event
                    is_end=move || place().is_none_or(|(place, _)| place == 0)
                />
                <WalkButton
                    forwards=true
                    label=texts.next_event
                    is_end=move || place().is_none_or(|(place, total)| place + 1 == total)
                />
                <span class="rh-position" aria-live="polite" prop:textContent=position/>
                <button
                    class="rh-button rh-button-icon"
                    type="button"
                    aria-label=texts.close
                    on:click=move |_| details.close()
                >
                    <Cross/>
                </button>
            </div>
            {move || content()}
        </div>
    }
}

/// The button to the previous or next event. At the end it only has `aria-disabled`: a button with
/// `disabled` would lose the focus.
#[component]
fn WalkButton(
    forwards: bool,
    label: &'static str,
    is_end: impl Fn() -> bool + Send + Sync + 'static,
) -> impl IntoView {
    let details = use_shared().details;
    view! {
        <button
            class="rh-button rh-button-icon"
            type="button"
            aria-label=label
            aria-disabled=move || is_end().then_some("true")
            on:click=move |_| details.walk(forwards)
        >
            <Chevron forwards/>
        </button>
    }
}

/// The details of one event, and what can be copied of them.
#[component]
fn Content(
    event: Event,
    request_id: Option<String>,
    title: NodeRef<html::H2>,
    live_region: LiveRegion,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let lines = support::lines(&event, request_id.as_deref());
    let code = title_code(&event).map(|code| {
        let name = fill(texts.copy_of, &[("name", texts.code)]);
        view! { <CopyButton label=texts.copy name text=code.to_owned() live_region/> }
    });
    let link = link(state).map(|link| {
        let name = texts.copy_link.to_owned();
        view! { <CopyButton label=texts.copy_link name text=link live_region/> }
    });
    view! {
        <div class="rh-details-body">
            <div class="rh-details-name">
                // Gets the focus, so that reading starts at the top of the details.
                <h2
                    class="rh-details-title"
                    tabindex="-1"
                    autofocus=""
                    data-code=event.code.known().map(|_| "")
                    node_ref=title
                >
                    <bdi>{event_name(&event, i18n, untrack(|| state.zone()))}</bdi>
                </h2>
                {code}
            </div>
            <StatusExplanation event=event.clone()/>
            <h3 class="rh-details-heading">{texts.timeline}</h3>
            <ol class="rh-timeline" role="list">
                {milestones(&event)
                    .into_iter()
                    .map(|milestone| view! { <TimelineStep milestone/> })
                    .collect_view()}
            </ol>
            <h3 class="rh-details-heading">{texts.fields}</h3>
            <Fields event live_region/>
        </div>
        <div class="rh-details-footer">
            <CopyButton
                label=texts.copy_for_support
                name=texts.copy_for_support.to_owned()
                text=lines
                live_region
            />
            {link}
            <StatusMessage live_region class="rh-said"/>
        </div>
    }
}

/// The code of an event, if the title shows the whole of it.
fn title_code(event: &Event) -> Option<&str> {
    let code = event.code.known()?;
    code.chars().nth(CELL_CHARACTERS).is_none().then_some(code)
}

/// The address of what is shown; `None` if the choices are not in the address, or an address cannot name
/// the event.
fn link(state: ReferralState) -> Option<String> {
    let format = state.url_format()?;
    let query = state.query().get_untracked();
    query.event.as_ref()?;
    address::link(&format.write(&query, &address::search()))
}

/// Why the referral has its status, and what the user can do.
#[component]
fn StatusExplanation(event: Event) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let status = event.status.known();
    let explanation = texts.why(status);
    let word = status.map_or_else(String::new, |status| {
        sanitize(texts.status(status), CELL_CHARACTERS)
    });
    let credits = match &event.reward_credits {
        Field::Known(credits) => i18n.plural_of(&texts.credits, *credits, &[]),
        Field::Missing | Field::Unreadable(_) => texts.credits_not_said.to_owned(),
    };
    let meaning = fill(
        explanation.to(event.role.known()),
        &[("status", &word), ("credits", &credits)],
    );
    // An open referral that is past its expiry has another next step.
    let is_open = status.is_some_and(Status::is_open);
    let due = event.expires_at.known().copied().filter(|_| is_open);
    let next = move || {
        let Some(due) = due else {
            return explanation.next.to_owned();
        };
        let now = state.clock().get();
        match (time_left(due, now), explanation.next_until) {
            (None, _) => texts.overdue_next.to_owned(),
            (Some(_), None) => explanation.next.to_owned(),
            (Some(left), Some(text)) => {
                let date = i18n.short_date(state.day(due), state.day(now));
                let left = i18n.duration(left);
                fill(text, &[("date", &date), ("left", &left)])
            }
        }
    };
    let badge = status.cloned().map(|status| view! { <Badge status i18n/> });
    view! {
        <div class="rh-why">
            {badge}
            <p>{meaning}</p>
            <p class="rh-muted" prop:textContent=next/>
        </div>
    }
}

/// A step of the referral, and its time.
#[component]
fn TimelineStep(milestone: Milestone) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let Milestone {
        step,
        at,
        is_reached,
    } = milestone;
    let label = match &step {
        Step::Created => texts.created_at.into_any(),
        Step::Qualified if is_reached => texts.qualified_at.into_any(),
        Step::Qualified => texts.not_qualified_yet.into_any(),
        Step::Expires => {
            let at = at.known().copied();
            let label = move || {
                if at.is_some_and(|at| at < state.clock().get()) {
                    texts.was_to_expire
                } else {
                    texts.expires_at
                }
            };
            view! { <span prop:textContent=label/> }.into_any()
        }
        Step::Status(Status::Rewarded) if !is_reached => texts.not_rewarded_yet.into_any(),
        Step::Status(status) => sanitize(texts.status(status), CELL_CHARACTERS).into_any(),
    };
    let tone = match &step {
        Step::Status(status) if is_reached => tone(status),
        _ => String::new(),
    };
    // A step that is not reached has no time unless the API sent one, such as an expiry.
    let has_time = is_reached || at != Field::Missing;
    let time = has_time.then(|| match at {
        Field::Known(at) => view! { <RelativeTime at is_past=is_reached/> }.into_any(),
        Field::Missing => view! { <span class="rh-muted">{texts.time_not_sent}</span> }.into_any(),
        // What was sent stands among the fields.
        Field::Unreadable(_) => {
            view! { <span class="rh-muted">{texts.unreadable}</span> }.into_any()
        }
    });
    view! {
        <li
            class="rh-milestone"
            data-reached=if is_reached { "true" } else { "false" }
            data-status=tone
        >
            <span class="rh-step">{label}</span>
            {time}
        </li>
    }
}

/// A time, and its distance to now.
#[component]
fn RelativeTime(at: Instant, is_past: bool) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let distance = move || {
        let now = state.clock().get();
        if is_past {
            i18n.ago(at, now)
        } else {
            i18n.relative(at, now)
        }
    };
    view! {
        <span class="rh-when">
            <TimeOf at/> " " <span class="rh-muted" prop:textContent=distance/>
        </span>
    }
}

/// A time in the shown zone, with the time in the other zone as its title.
#[component]
fn TimeOf(at: Instant) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let zone = untrack(|| state.zone());
    view! {
        <time datetime=iso_8601(at) title=i18n.full(at, zone.other())>
            {i18n.full(at, zone)}
        </time>
    }
}

/// A field that cannot be read, with the value as sent.
#[component]
fn Unreadable(sent: String) -> impl IntoView {
    let texts = use_shared().i18n.texts;
    let hint = fill(texts.unreadable_hint, &[("sent", &sent)]);
    view! {
        <span class="rh-muted">{texts.unreadable} <br/> <bdi>{hint}</bdi></span>
    }
}

/// The fields that stand nowhere else in the details.
#[component]
fn Fields(event: Event, live_region: LiveRegion) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let copyable = |field: Field<String>, name: &'static str| {
        value(field, |text| {
            view! { <CopyableText text name live_region/> }.into_any()
        })
    };
    let text = |text: &str| view! { <LongText text=text.to_owned()/> }.into_any();
    let sent = &event.sent;
    let other_spelling =
        |name, word: &str| sent_text(sent, name).filter(|sent| sent.as_str() != word);
    let code = title_code(&event)
        .is_none()
        .then(|| (texts.code, copyable(event.code.clone(), texts.code)));
    // The badge shows a status. Known words are recognized in any spelling, and a spelling that is not the
    // API's is shown as sent.
    let status = match &event.status {
        Field::Missing => None,
        Field::Unreadable(sent) => Some(Field::Unreadable(sent.clone())),
        Field::Known(status @ Status::Unknown(word)) => {
            let is_cut = word.chars().nth(CELL_CHARACTERS).is_some();
            is_cut.then(|| Field::Known(status.as_str().to_owned()))
        }
        Field::Known(known) => other_spelling("status", known.as_str()).map(Field::Known),
    };
    let status = status.map(|status| (texts.status, value(status, |word| text(&word))));
    let times = other_times(&event).into_iter().map(|(time, at)| {
        let name = match time {
            Time::Created => texts.created_at,
            Time::Expires => texts.expires_at,
            Time::Qualified => texts.qualified_at,
            Time::Rewarded => texts.rewarded_at,
        };
        let at = value(at.clone(), |at| view! { <TimeOf at/> }.into_any());
        (name, at)
    });
    let fields = [Some((texts.id, copyable(event.id.clone(), texts.id))), code]
        .into_iter()
        .chain([
            Some((
                texts.campaign,
                value(event.campaign.clone(), |campaign| text(&campaign)),
            )),
            Some((
                texts.role,
                value(event.role.clone(), |role| {
                    let sent = other_spelling("role", role.as_str());
                    text(sent.as_deref().unwrap_or(texts.role(&role)))
                }),
            )),
            status,
            Some((
                texts.reward,
                value(event.reward_credits.clone(), |credits| {
                    let credits = i18n.plural_of(&texts.credits, credits, &[]);
                    view! { <span>{credits}</span> }.into_any()
                }),
            )),
        ])
        .flatten()
        .chain(times);
    let field = |(name, value): (&'static str, AnyView)| {
        view! { <div class="rh-field"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! { <dl class="rh-fields">{fields.map(field).collect_view()}</dl> }
}

/// The value of a field, or a text that it is missing or unreadable.
fn value<T>(field: Field<T>, known: impl FnOnce(T) -> AnyView) -> AnyView {
    match field {
        Field::Known(value) => known(value),
        Field::Missing => {
            let texts = use_shared().i18n.texts;
            view! { <span class="rh-muted">{texts.not_sent}</span> }.into_any()
        }
        Field::Unreadable(sent) => view! { <Unreadable sent/> }.into_any(),
    }
}

/// A text of any length. A long one scrolls.
#[component]
fn LongText(text: String, #[prop(optional)] is_code: bool) -> impl IntoView {
    view! {
        <bdi
            class="rh-text"
            tabindex=(text.len() > CELL_CHARACTERS).then_some("0")
            data-code=is_code.then_some("")
        >
            {sanitize(&text, usize::MAX)}
        </bdi>
    }
}

/// A text with a button that copies it as sent.
#[component]
fn CopyableText(text: String, name: &'static str, live_region: LiveRegion) -> impl IntoView {
    let texts = use_shared().i18n.texts;
    let name = fill(texts.copy_of, &[("name", name)]);
    view! {
        <span class="rh-copied">
            <LongText text=text.clone() is_code=true/>
            <CopyButton label=texts.copy name text live_region/>
        </span>
    }
}
