//! The title, the age of the loaded events, Refresh and Export.

use leptos::prelude::*;
use referral_history_core::{
    texts::fill,
    time::{Instant, iso_8601},
};

use super::{
    export_menu::ExportMenu,
    failure_notice::{StopWaiting, retry_text},
    request_button::RequestButton,
};
use crate::{
    context::{Shared, use_shared},
    state::LoadState,
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
    let retry = move || {
        state
            .load()
            .with(|load| retry_text(load, state.wait(), i18n))
    };
    view! {
        <header class="rh-header" part="header">
            <div class="rh-heading">
                <h1 class="rh-title" part="title" id="rh-title">{texts.title}</h1>
                {move || {
                    is_waiting
                        .get()
                        .then(|| {
                            view! {
                                <p class="rh-caption">
                                    <span>{move || retry()}</span>
                                    <StopWaiting/>
                                </p>
                            }
                        })
                }}
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
