//! What a screen reader is told as the page changes.

use core::time::Duration;

use leptos::prelude::*;
use referral_history_core::{failure::FailureKind, query::Query, retry::Retry, texts::fill};

use super::failure_notice::{failure_title, meaning, retry_text};
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
    panic_hook::effect,
    state::{LoadState, ReferralState, ViewState},
};

/// How long a choice may be followed by another one before its outcome is told: who types hears what
/// the whole word finds, not each letter.
const SETTLED_AFTER: Duration = Duration::from_millis(400);

/// What a live region says: politely, and once. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct LiveRegion(RwSignal<String>);

impl LiveRegion {
    /// One that has said nothing yet.
    pub fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    /// Says something.
    pub fn say(self, mut text: String) {
        // The same text again is no news to a screen reader, but it is to the user.
        if self.0.get_untracked() == text {
            text.push('\u{a0}');
        }
        self.0.set(text);
    }
}

/// A live region.
#[component]
pub fn StatusMessage(live_region: LiveRegion, class: &'static str) -> impl IntoView {
    view! { <p class=class role="status">{move || live_region.0.get()}</p> }
}

/// The page's live region: what became of a request, what a filter, an order or another page shows,
/// what was copied or saved. What counts down is not said at all.
#[component]
pub fn PageStatusMessage(
    /// Whether the host signs its users in by itself: then the page does not say how.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let Shared {
        state,
        i18n,
        live_region,
        ..
    } = use_shared();
    // A region that is born with its text says nothing: effects run a moment later.
    effect(move || live_region.say(after_load(state, i18n, host_signs_in)));
    Effect::new(move |before: Option<Query>| {
        let query = state.query().get();
        // The first time, nobody has chosen anything yet.
        if let Some(before) = before
            && let Some(said) = untrack(|| after_choice(state, i18n, &before, &query))
        {
            // The next run of this effect ends the wait of this one.
            state.later(SETTLED_AFTER, move || live_region.say(said));
        }
        query
    });
    view! { <StatusMessage live_region class="rh-hidden"/> }
}

/// What became of a request. That nobody is signed in is for the host to say where it signs in.
fn after_load(state: ReferralState, i18n: I18n, host_signs_in: Signal<bool>) -> String {
    let texts = i18n.texts;
    state.load().with(|load| match load {
        LoadState::Loading { before, retry } => retry_text(load, wait_of(*retry), i18n)
            .unwrap_or_else(|| {
                let text = if before.is_some() {
                    texts.refreshing
                } else {
                    texts.loading
                };
                text.to_owned()
            }),
        LoadState::Failed { failure, .. }
            if failure.kind == FailureKind::NotSignedIn && host_signs_in.get() =>
        {
            String::new()
        }
        LoadState::Failed { before, failure } => {
            let title = failure_title(failure, before.is_some(), i18n);
            format!("{title}. {}", meaning(failure, i18n))
        }
        LoadState::Ready(_) => untrack(|| shown(state, i18n)).unwrap_or_default(),
        LoadState::Cleared => texts.cleared_title.to_owned(),
    })
}

/// The whole wait before a retry, in seconds: what counts down is not said.
fn wait_of(retry: Option<Retry>) -> u64 {
    retry.map_or(0, |retry| retry.wait.as_secs_f64().ceil() as u64)
}

/// What became of a choice.
fn after_choice(state: ReferralState, i18n: I18n, before: &Query, now: &Query) -> Option<String> {
    if before.zone != now.zone {
        return Some(i18n.times_in(now.zone));
    }
    let shown = shown(state, i18n)?;
    if before.sort == now.sort {
        return Some(shown);
    }
    let texts = i18n.texts;
    let order = match now.sort {
        Some(sort) => fill(texts.sorted, &[("order", &i18n.order(sort))]),
        None => [texts.default_order, "."].concat(),
    };
    Some([&order, " ", &shown].concat())
}

/// What is shown; `None` where there is nothing to choose from.
fn shown(state: ReferralState, i18n: I18n) -> Option<String> {
    let texts = i18n.texts;
    match state.view_state().get() {
        ViewState::Empty => Some(texts.empty_title.to_owned()),
        ViewState::NothingReadable => Some(texts.nothing_readable_title.to_owned()),
        ViewState::NoMatch => Some(texts.no_match_title.to_owned()),
        ViewState::Rows => {
            let range = i18n.range(state.page());
            Some(fill(texts.showing, &[("range", &range)]))
        }
        ViewState::Skeleton | ViewState::Failure | ViewState::Cleared => None,
    }
}
