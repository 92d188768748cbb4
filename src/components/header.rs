//! The title, the age of the loaded events, Refresh and Export.

use leptos::prelude::*;
use referral_history_core::{
    failure::Remedy,
    texts::fill,
    time::{Instant, iso_8601},
};

use super::{
    export_menu::ExportMenu, failure_notice::is_left_to_host, request_button::RequestButton,
};
use crate::{
    context::{Shared, focus_node, has_focus, memo_text, use_shared},
    state::ViewState,
};

/// The header of the page.
#[component]
pub fn Header(
    /// Whether the page shows its filters.
    has_controls: Memo<bool>,
    /// Whether the host page handles signing in. Then the page shows no way to sign in.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    // Where nothing is loaded, the notice has the one button. A failure that is left to the host has no
    // notice.
    let has_actions = Memo::new(move |_| match state.view_state().get() {
        ViewState::Cleared => false,
        ViewState::Failure => state.load().with(|load| {
            load.failure()
                .is_some_and(|failure| is_left_to_host(failure, host_signs_in))
        }),
        _ => true,
    });
    view! {
        <header class="rh-header" part="header">
            <div class="rh-heading">
                <h1 class="rh-title" part="title" id="rh-title">{i18n.texts.title}</h1>
            </div>
            {move || has_actions.get().then(|| view! { <Actions has_controls host_signs_in/> })}
        </header>
    }
}

/// The age of the loaded events, Refresh and Export.
#[component]
fn Actions(has_controls: Memo<bool>, host_signs_in: Signal<bool>) -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    // Without a session only signing in helps. The button keeps its place, and the focus of whoever pressed
    // it.
    let must_sign_in = move || {
        state.load().with(|load| {
            load.failure().is_some_and(|failure| {
                failure.kind.remedy() == Remedy::SignIn && !is_left_to_host(failure, host_signs_in)
            })
        })
    };
    // It is removed when the first request fails. The button that follows is where the rows will be.
    on_cleanup(move || {
        let refresh = focus.refresh.try_get_untracked().flatten();
        if refresh.is_some_and(|refresh| has_focus(&refresh)) {
            focus_node(focus.rows);
        }
    });
    view! {
        <div class="rh-actions" part="actions">
            // Keeps its height before the time is known, so that nothing moves later.
            <p class="rh-caption rh-age"><Age/></p>
            <RequestButton
                id="rh-refresh"
                label=i18n.texts.refresh
                node_ref=focus.refresh
                is_enabled=Signal::derive(move || state.can_refresh() && !must_sign_in())
                stays_focusable=true
                press=Callback::new(move |()| state.refresh())
            />
            {move || has_controls.get().then(|| view! { <ExportMenu/> })}
        </div>
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
        <time
            datetime=iso_8601(at)
            title=move || i18n.full(at, state.zone().other())
            prop:textContent=memo_text(age)
        />
    }
}
