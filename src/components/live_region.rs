//! Announcements for screen readers.

use core::time::Duration;

use leptos::prelude::*;
use referral_history_core::{query::Query, retry::Retry, texts::fill};

use super::failure_notice::{failure_title, is_left_to_host, meaning, retry_text};
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
    state::{LoadState, ReferralState, ViewState},
};

/// How long the page waits for a further choice before it announces the result: a user who types hears
/// the result of the word, not of each letter.
const ANNOUNCE_AFTER: Duration = Duration::from_millis(400);

/// A polite live region. Copies are handles to the same region.
#[derive(Clone, Copy)]
pub struct LiveRegion(RwSignal<String>);

impl LiveRegion {
    /// An empty live region.
    pub fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    /// Announces a text unless another one was announced before.
    fn announce_first(self, text: String) {
        if self.0.with_untracked(String::is_empty) {
            self.announce(text);
        }
    }

    /// Announces a text.
    pub fn announce(self, mut text: String) {
        // A screen reader does not announce an unchanged text again.
        if self.0.get_untracked() == text {
            text.push('\u{a0}');
        }
        self.0.set(text);
    }
}

/// The element of a live region.
#[component]
pub fn StatusMessage(live_region: LiveRegion, class: &'static str) -> impl IntoView {
    view! { <p class=class role="status" prop:textContent=move || live_region.0.get()/> }
}

/// The page's live region. It announces the results of requests, of choices and of copying and saving. It
/// does not announce countdowns.
#[component]
pub fn PageStatusMessage(
    /// Whether the host page handles signing in. Then the page shows no way to sign in.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let Shared {
        state,
        i18n,
        live_region,
        ..
    } = use_shared();
    Effect::new(move |is_mounted: Option<()>| {
        let text = after_load(state, i18n, host_signs_in);
        // A text that comes with its region is not announced. The next run of this effect cancels the wait.
        if is_mounted.is_none() {
            state.run_after(ANNOUNCE_AFTER, move || live_region.announce_first(text));
        } else {
            live_region.announce(text);
        }
    });
    Effect::new(move |previous: Option<Query>| {
        let query = state.query().get();
        // The first run is no choice.
        if let Some(previous) = previous
            && let Some(text) = untrack(|| after_choice(state, i18n, &previous, &query))
        {
            // The next run of this effect cancels the wait of this one.
            state.run_after(ANNOUNCE_AFTER, move || live_region.announce(text));
        }
        query
    });
    view! { <StatusMessage live_region class="rh-hidden"/> }
}

/// The announcement of the request's state; empty for a missing session that the host page handles.
fn after_load(state: ReferralState, i18n: I18n, host_signs_in: Signal<bool>) -> String {
    let texts = i18n.texts;
    state.load().with(|load| match load {
        LoadState::Loading { previous, retry } => retry_text(load, wait_of(*retry), i18n)
            .unwrap_or_else(|| {
                let text = if previous.is_some() {
                    texts.refreshing
                } else {
                    texts.loading
                };
                text.to_owned()
            }),
        LoadState::Failed { failure, .. } if is_left_to_host(failure, host_signs_in) => {
            String::new()
        }
        LoadState::Failed { previous, failure } => {
            let title = failure_title(failure, previous.is_some(), i18n);
            format!("{title}. {}", meaning(failure, i18n))
        }
        LoadState::Ready(_) => untrack(|| shown(state, i18n)).unwrap_or_default(),
        LoadState::Cleared => texts.cleared_title.to_owned(),
    })
}

/// The whole wait before a retry, in seconds: countdowns are not announced.
fn wait_of(retry: Option<Retry>) -> u64 {
    retry.map_or(0, |retry| retry.wait.as_secs_f64().ceil() as u64)
}

/// The announcement of a choice.
fn after_choice(state: ReferralState, i18n: I18n, previous: &Query, now: &Query) -> Option<String> {
    // The dialog announces itself, and which event it shows.
    if now.changes_details_only(previous) {
        return None;
    }
    if previous.zone != now.zone {
        return Some(i18n.times_in(now.zone));
    }
    let shown = shown(state, i18n)?;
    if previous.sort == now.sort {
        return Some(shown);
    }
    let texts = i18n.texts;
    let order = match now.sort {
        Some(sort) => fill(texts.sorted, &[("order", &i18n.order(sort))]),
        None => [texts.default_order, "."].concat(),
    };
    Some([&order, " ", &shown].concat())
}

/// The announcement of the shown rows; `None` if there are no events to filter.
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
