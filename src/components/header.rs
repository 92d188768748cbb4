//! The title, the scope and age of the loaded events, the zone, Refresh and Export.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    record::Record,
    summary::since,
    texts::fill,
    time::{Instant, Zone, iso_8601},
};

use super::{
    export_menu::ExportMenu,
    failure_notice::{StopWaiting, retry_text},
    request_button::RequestButton,
};
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
    state::{LoadState, ReferralState},
};

/// The header of the page.
#[component]
pub fn Header(
    /// Whether the page shows its filters.
    has_controls: Memo<bool>,
) -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let texts = i18n.texts;
    let is_waiting =
        Memo::new(move |_| state.wait() > 0 && state.load().with(LoadState::is_loading));
    view! {
        <header class="rh-header" part="header">
            <div class="rh-heading">
                <h1 class="rh-title" part="title" id="rh-title">{texts.title}</h1>
                <p class="rh-caption">
                    <span>{move || scope(state, i18n)}</span>
                    {move || is_waiting.get().then(|| view! { <StopWaiting/> })}
                </p>
                {move || has_controls.get().then(|| view! { <ZoneLine/> })}
            </div>
            <div class="rh-actions" part="actions">
                // Keeps its height before the time is known, so that nothing moves later.
                <p class="rh-caption rh-age"><Age/></p>
                <RequestButton
                    id="rh-refresh"
                    label=texts.refresh
                    node_ref=focus.refresh
                    is_enabled=Signal::derive(move || state.can_refresh())
                    stays_focusable=true
                    press=Callback::new(move |()| state.refresh())
                />
                {move || has_controls.get().then(|| view! { <ExportMenu/> })}
            </div>
        </header>
    }
}

/// Which events are loaded, or which retry is pending. It is never empty, so that nothing moves when the
/// text changes.
fn scope(state: ReferralState, i18n: I18n) -> String {
    let texts = i18n.texts;
    state.load().with(|load| {
        if let Some(retry) = retry_text(load, state.wait(), i18n) {
            return retry;
        }
        let Some(shown) = load.shown() else {
            return "\u{a0}".to_owned();
        };
        if shown.records.is_empty() {
            return "\u{a0}".to_owned();
        }
        let (events, older) = if shown.may_lack_older() {
            (&texts.latest_events, texts.older_not_shown)
        } else {
            (&texts.all_events, "")
        };
        let events = i18n.plural(events, shown.records.len());
        let oldest = since(&shown.records, shown.at)
            .and_then(|record: &Record| record.created_on.in_zone(state.zone()));
        let scope = match oldest {
            Some(date) => {
                let date = i18n.date(date, DateForm::Day);
                fill(texts.since, &[("events", &events), ("date", &date)])
            }
            None => fill(texts.since_unknown, &[("events", &events)]),
        };
        if older.is_empty() {
            scope
        } else {
            [scope.as_str(), older].join(" ")
        }
    })
}

/// The zone of the times, and the button that switches to the other one.
#[component]
fn ZoneLine() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let other = move || match state.zone() {
        Zone::User => texts.show_utc.to_owned(),
        Zone::Utc => fill(texts.show_zone, &[("zone", &i18n.zone_name(Zone::User))]),
    };
    // No button if the user's zone is UTC: both zones are the same.
    let switch = (!i18n.is_in_utc()).then(|| {
        view! {
            <button
                class="rh-button rh-button-quiet rh-zone"
                type="button"
                on:click=move |_| state.choose(|query| query.zone = query.zone.other())
            >
                {move || other()}
            </button>
        }
    });
    view! {
        <p class="rh-caption rh-zone-line">
            <span>{move || i18n.times_in(state.zone())}</span>
            {switch}
        </p>
    }
}

/// When the events were loaded.
#[component]
fn Age() -> impl IntoView {
    let state = use_shared().state;
    let loaded = move || {
        let shown = state.shown();
        shown.with(|shown| shown.as_ref().map(|shown| (shown.at, shown.is_old)))
    };
    view! { {move || loaded().map(|(at, is_old)| view! { <LoadedAt at is_old/> })} }
}

/// How long ago a response was made, or its date if it is old.
#[component]
fn LoadedAt(at: Instant, is_old: bool) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let age = move || {
        if is_old {
            let at = i18n.date_time(at, state.zone());
            return fill(i18n.texts.answer_from, &[("time", &at)]);
        }
        let now = state.clock().get();
        fill(i18n.texts.loaded, &[("ago", &i18n.ago(at, now))])
    };
    view! {
        <time datetime=iso_8601(at) title=move || i18n.full(at, state.zone().other())>
            {move || age()}
        </time>
    }
}
