//! What became of one referral, and why.

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
    context::{Shared, use_shared},
    i18n::I18n,
    panic_hook::{effect, on_window},
    state::{Loaded, ReferralState, RowKey},
};

/// The handle of the panel that tells of one event: it opens and closes it. Copies are the same handle.
#[derive(Clone, Copy)]
pub struct Details {
    state: ReferralState,
    shown: RwSignal<Option<(Arc<Loaded>, usize)>>,
    dialog: NodeRef<html::Dialog>,
}

impl Details {
    /// A panel that is closed.
    pub fn new(state: ReferralState) -> Self {
        Self {
            state,
            shown: RwSignal::new(None),
            dialog: NodeRef::new(),
        }
    }

    /// Opens the panel on an event. What has the focus gets it back when the panel closes.
    pub fn open(self, key: RowKey) {
        let loaded = self.state.shown().get_untracked();
        if let Some(loaded) =
            loaded.filter(|loaded| u64::from(loaded.generation) == key.generation())
        {
            self.shown.set(Some((loaded, key.position())));
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }
}

/// The panel.
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
    // What is no longer on the page goes from the panel, too: another answer may be another user's.
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
    // A step back leads away from what the panel is about.
    on_window(ev::popstate, move |_| details.close());
    let closed = move |_| {
        let Some(dialog) = dialog.get_untracked() else {
            return;
        };
        // It tells a moment later, and may have been opened again by then.
        if dialog.open() {
            return;
        }
        shown.set(None);
        live_region.say(String::new());
        // What had the focus may have gone, with an answer that came meanwhile; or the page was moved,
        // and the browser has forgotten what it was.
        let is_unseen = dialog.matches(":focus-within").unwrap_or(false);
        let active = document().active_element();
        if is_unseen || active.is_none_or(|active| active.tag_name() == "BODY") {
            focus.focus_rows();
        }
    };
    // It runs after the content was made, which a dialog must have to be announced with its name.
    effect(move || {
        if shown.with(Option::is_some)
            && let Some(dialog) = dialog.get_untracked()
        {
            // It throws when the dialog is open already, which is what was asked for.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="rh-details"
            part="details"
            aria-labelledby="rh-details"
            node_ref=dialog
            on:close=closed
            on:click=move |event| {
                // On the page behind it, that is: the dialog has no space of its own.
                if event.target().is_some() && event.target() == event.current_target() {
                    details.close();
                }
            }
        >
            {move || content()}
        </dialog>
    }
}

/// What stands in the panel.
#[component]
fn Content(event: Event, request_id: Option<String>, live_region: LiveRegion) -> impl IntoView {
    let Shared {
        state,
        i18n,
        details,
        ..
    } = use_shared();
    let texts = i18n.texts;
    let title = fill(texts.details_of, &[("event", &name(&event, i18n, state))]);
    let lines = support::lines(&event, request_id.as_deref());
    view! {
        <div class="rh-details-content">
            // Chromium takes a header and a footer in a dialog for those of the whole page.
            <div class="rh-details-header">
                // Whoever opens the panel begins at its top.
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
                <Why event=event.clone()/>
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

/// Why the referral has its status, and what can be done.
#[component]
fn Why(event: Event) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let status = event.status.known();
    let why = texts.why(status);
    let word = status.map_or_else(String::new, |status| {
        sanitize(texts.status(status), CELL_CHARACTERS)
    });
    let credits = match &event.reward_credits {
        Field::Known(credits) => i18n.plural_of(&texts.credits, *credits, &[]),
        Field::Missing | Field::Unreadable(_) => texts.credits_not_said.to_owned(),
    };
    let meaning = fill(
        why.to(event.role.known()),
        &[("status", &word), ("credits", &credits)],
    );
    // What can be done of what is open only until its time has passed.
    let is_open = status.is_some_and(Status::is_open);
    let due = event.expires_at.known().copied().filter(|_| is_open);
    let next = move || {
        if due.is_some_and(|due| due < state.clock().get()) {
            texts.overdue_next
        } else {
            why.next
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

/// A step of the referral's life, and when it was.
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
    // Only what was reached was reached at some time.
    let is_due = is_reached || at != Field::Missing;
    let time = is_due.then(|| match at {
        Field::Known(at) => view! { <When at is_past=is_reached/> }.into_any(),
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

/// When, and how far that is from now.
#[component]
fn When(at: Instant, is_past: bool) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let away = move || {
        let now = state.clock().get();
        if is_past {
            i18n.ago(at, now)
        } else {
            i18n.relative(at, now)
        }
    };
    view! {
        <span class="rh-when">
            <Time at/> " " <span class="rh-muted">{move || away()}</span>
        </span>
    }
}

/// A time in the zone that is shown, and behind it the time in the other.
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

/// What was sent instead of a value.
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
    let copied = |field: Field<String>, name: &'static str| {
        value(field, |text| {
            view! { <Copied text name live_region/> }.into_any()
        })
    };
    let times = |field: Field<Instant>| value(field, |at| view! { <BothTimes at/> }.into_any());
    let text = |text: &str| view! { <Text text=text.to_owned()/> }.into_any();
    // A known word is known in any spelling; where that is not the API's own, it is shown as it was sent.
    let sent = event.sent;
    let word = |name, word: &str, label: &str| {
        let odd = sent_text(&sent, name).filter(|sent| sent != word);
        text(odd.as_deref().unwrap_or(label))
    };
    let fields = [
        (texts.id, copied(event.id, texts.id)),
        (texts.code, copied(event.code, texts.code)),
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

/// A field's value, or that it was not sent, or that it cannot be read.
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

/// The whole of a text, however long: it scrolls in its place.
#[component]
fn Text(text: String, #[prop(optional)] is_code: bool) -> impl IntoView {
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

/// A text with a button that copies it as it was sent.
#[component]
fn Copied(text: String, name: &'static str, live_region: LiveRegion) -> impl IntoView {
    let texts = use_shared().i18n.texts;
    let name = fill(texts.copy_of, &[("name", name)]);
    view! {
        <span class="rh-copied">
            <Text text=text.clone() is_code=true/>
            <CopyButton label=texts.copy name text live_region/>
        </span>
    }
}

/// What an event is called: its code, or the time it was created, or nothing but an event.
pub fn name(event: &Event, i18n: I18n, state: ReferralState) -> String {
    match (&event.code, &event.created_at) {
        (Field::Known(code), _) => sanitize(code, CELL_CHARACTERS),
        (_, Field::Known(at)) => i18n.date_time(*at, untrack(|| state.zone())),
        _ => i18n.texts.missing.to_owned(),
    }
}
