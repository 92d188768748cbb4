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
    time::{Instant, iso_8601},
    timeline::{Milestone, Step, milestones},
};

use super::{
    badge::Badge,
    copy_button::CopyButton,
    icon::{Cross, tone},
    live_region::{LiveRegion, StatusMessage},
};
use crate::{
    context::{Shared, focus_node, use_shared},
    i18n::I18n,
    panic_hook::{effect, on_window},
    state::{Loaded, ReferralState, RowKey},
};

/// Opens and closes the dialog with the details of one event. Copies are the same handle.
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

    /// Opens the dialog for an event. The focused element gets the focus back when the dialog closes.
    pub fn open(self, key: RowKey) {
        let loaded = self.state.shown().get_untracked();
        if let Some(loaded) = loaded.filter(|loaded| loaded.generation == key.generation) {
            self.shown.set(Some((loaded, key.position)));
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }
}

/// The dialog.
#[component]
pub fn DetailsPanel() -> impl IntoView {
    let Shared {
        state,
        details,
        focus,
        ..
    } = use_shared();
    let Details { shown, dialog, .. } = details;
    let live_region = LiveRegion::new();
    let content = move || {
        let (loaded, position) = shown.get()?;
        let event = loaded.records.get(position)?.event.clone();
        let request_id = loaded.request_id.clone();
        Some(view! { <Content event request_id live_region/> })
    };
    // Close when another response is shown: it may be another user's.
    effect(move || {
        let now = state.generation();
        let is_stale = shown.with_untracked(|shown| {
            let shown = shown.as_ref();
            shown.is_some_and(|(loaded, _)| loaded.generation != now)
        });
        if is_stale {
            shown.set(None);
            details.close();
        }
    });
    // Back and Forward change the page behind the dialog.
    on_window(ev::popstate, move |_| details.close());
    let on_close = move |_| {
        let Some(dialog) = dialog.get_untracked() else {
            return;
        };
        // The event is dispatched in a later task; the dialog may be open again.
        if dialog.open() {
            return;
        }
        shown.set(None);
        live_region.announce(String::new());
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
        if shown.with(Option::is_some)
            && let Some(dialog) = dialog.get_untracked()
        {
            // Throws only if the dialog is open already.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="rh-details"
            part="details"
            aria-labelledby="rh-details"
            node_ref=dialog
            on:close=on_close
            on:click=move |event| {
                // A press on the backdrop: the content covers the dialog itself.
                if event.target().is_some() && event.target() == event.current_target() {
                    details.close();
                }
            }
        >
            {move || content()}
        </dialog>
    }
}

/// The content of the dialog.
#[component]
fn Content(event: Event, request_id: Option<String>, live_region: LiveRegion) -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        ..
    } = use_shared();
    let texts = i18n.texts;
    let title = fill(
        texts.details_of,
        &[("event", &event_name(&event, i18n, state))],
    );
    let lines = support::lines(&event, request_id.as_deref());
    view! {
        <div class="rh-details-content">
            // Not <header> and <footer>: in a dialog Chromium exposes those as landmarks of the page.
            <div class="rh-details-header">
                // Gets the focus, so that reading starts at the top of the dialog.
                <h2 class="rh-details-title" id="rh-details" tabindex="-1" autofocus="">
                    <bdi>{title}</bdi>
                </h2>
                <button
                    class="rh-button rh-button-icon"
                    type="button"
                    aria-label=texts.close
                    on:click=move |_| details.close()
                >
                    <Cross/>
                </button>
            </div>
            <div class="rh-details-body">
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
                <StatusMessage live_region class="rh-said"/>
            </div>
        </div>
    }
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
        if due.is_some_and(|due| due < state.clock().get()) {
            texts.overdue_next
        } else {
            explanation.next
        }
    };
    let badge = status.cloned().map(|status| view! { <Badge status/> });
    view! {
        <div class="rh-why">
            {badge}
            <p>{meaning}</p>
            <p class="rh-muted">{move || next()}</p>
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
            (move || {
                if at.is_some_and(|at| at < state.clock().get()) {
                    texts.was_to_expire
                } else {
                    texts.expires_at
                }
            })
            .into_any()
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
        Field::Unreadable(sent) => view! { <Unreadable sent/> }.into_any(),
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
            <Time at/> " " <span class="rh-muted">{move || distance()}</span>
        </span>
    }
}

/// A time in the shown zone, with the time in the other zone as its title.
#[component]
fn Time(at: Instant) -> impl IntoView {
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

/// All ten fields.
#[component]
fn Fields(event: Event, live_region: LiveRegion) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let copyable = |field: Field<String>, name: &'static str| {
        value(field, |text| {
            view! { <CopyableText text name live_region/> }.into_any()
        })
    };
    let times = |field: Field<Instant>| value(field, |at| view! { <BothTimes at/> }.into_any());
    let text = |text: &str| view! { <LongText text=text.to_owned()/> }.into_any();
    // Known words are recognized in any spelling. A spelling that is not the API's is shown as sent.
    let sent = event.sent;
    let word = |name, word: &str, label: &str| {
        let other_spelling = sent_text(&sent, name).filter(|sent| sent != word);
        text(other_spelling.as_deref().unwrap_or(label))
    };
    let fields = [
        (texts.id, copyable(event.id, texts.id)),
        (texts.code, copyable(event.code, texts.code)),
        (
            texts.campaign,
            value(event.campaign, |campaign| text(&campaign)),
        ),
        (
            texts.role,
            value(event.role, |role| {
                word("role", role.as_str(), texts.role(&role))
            }),
        ),
        (
            texts.status,
            value(event.status, |status| {
                word("status", status.as_str(), texts.status(&status))
            }),
        ),
        (
            texts.reward,
            value(event.reward_credits, |credits| {
                let credits = i18n.plural_of(&texts.credits, credits, &[]);
                view! { <span>{credits}</span> }.into_any()
            }),
        ),
        (texts.created_at, times(event.created_at)),
        (texts.expires_at, times(event.expires_at)),
        (texts.qualified_at, times(event.qualified_at)),
        (texts.rewarded_at, times(event.rewarded_at)),
    ];
    let field = |(name, value): (&'static str, AnyView)| {
        view! { <div class="rh-field"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! { <dl class="rh-fields">{fields.map(field)}</dl> }
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

/// A time in both zones.
#[component]
fn BothTimes(at: Instant) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let other = i18n.full(at, untrack(|| state.zone()).other());
    view! {
        <span class="rh-when"><Time at/> <br/> <span class="rh-muted">{other}</span></span>
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

/// The name of an event: its code, or else the time of its creation.
pub fn event_name(event: &Event, i18n: I18n, state: ReferralState) -> String {
    match (&event.code, &event.created_at) {
        (Field::Known(code), _) => sanitize(code, CELL_CHARACTERS),
        (_, Field::Known(at)) => i18n.date_time(*at, untrack(|| state.zone())),
        _ => i18n.texts.missing.to_owned(),
    }
}
