//! What the page says of a failure.

use std::sync::Arc;

use leptos::prelude::*;
use referral_history_core::{
    failure::{Failure, FailureKind},
    options::HostOptions,
    retry::RETRIES,
    texts::fill,
    time::countdown,
};

use super::{copy_button::CopyButton, request_button::RequestButton};
use crate::{
    browser::address,
    context::{Shared, use_shared},
    i18n::I18n,
    state::{LoadState, Loaded},
};

/// A failure, for as long as the last request is one: what happened, what it means, what can be done,
/// and what the service said.
#[component]
pub fn FailureNotice(
    options: RwSignal<HostOptions>,
    /// Whether the host signs its users in by itself: then the page does not say how.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let Shared { state, .. } = use_shared();
    let notice = move || {
        state.load().with(|load| match load {
            LoadState::Failed { failure, .. }
                if failure.kind == FailureKind::NotSignedIn && host_signs_in.get() =>
            {
                None
            }
            LoadState::Failed { before, failure } => {
                let (before, failure) = (before.clone(), failure.clone());
                Some(view! { <Failed options before failure/> }.into_any())
            }
            LoadState::Loading { .. } | LoadState::Ready(_) | LoadState::Cleared => None,
        })
    };
    view! { {move || notice()} }
}

/// One failure.
#[component]
fn Failed(
    options: RwSignal<HostOptions>,
    before: Option<Arc<Loaded>>,
    failure: Failure,
) -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let title = failure_title(&failure, before.is_some(), i18n);
    let sign_in = (failure.kind == FailureKind::NotSignedIn).then(|| view! { <SignIn options/> });
    let age = before.map(|loaded| view! { <Age loaded/> });
    view! {
        <section class="rh-notice" part="notice" data-kind="failure" aria-labelledby="rh-failure">
            <h2 class="rh-notice-title" id="rh-failure">{title}</h2>
            <p>{meaning(&failure, i18n)}</p>
            {age}
            <div class="rh-notice-actions">
                {sign_in}
                // Asks again, once the wait that the service asked for is over.
                <RequestButton
                    id="rh-try-again"
                    label=i18n.texts.try_again
                    node_ref=NodeRef::new()
                    is_enabled=Signal::derive(move || state.wait() == 0)
                    stays_focusable=false
                    press=Callback::new(move |()| {
                        // The notice goes; the focus stays on what does the same.
                        focus.focus_refresh();
                        state.refresh();
                    })
                />
            </div>
            <ServiceSays failure/>
        </section>
    }
}

/// The way to the console's sign-in page.
#[component]
fn SignIn(options: RwSignal<HostOptions>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    // A host changes the address without a word, so it is read again when the link is used.
    let used = RwSignal::new(());
    let href = move || {
        // The choices are in the address that the user comes back to.
        state.query().track();
        used.track();
        options.with(|options| address::sign_in_href(&options.sign_in_url))
    };
    view! {
        <a
            class="rh-button rh-button-primary"
            href=move || href()
            on:pointerdown=move |_| used.set(())
            on:click=move |_| used.set(())
        >
            {i18n.texts.sign_in}
        </a>
    }
}

/// How old the rows are that a failed refresh left.
#[component]
fn Age(loaded: Arc<Loaded>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let (loaded_at, is_old) = (loaded.at, loaded.is_old);
    let age = move || {
        if is_old {
            let at = i18n.date_time(loaded_at, state.zone());
            return fill(texts.rows_are_old, &[("time", &at)]);
        }
        let now = state.clock().get();
        fill(
            texts.rows_are_from,
            &[
                ("ago", &i18n.ago(loaded_at, now)),
                ("time", &i18n.time_of_day(loaded_at, state.zone())),
            ],
        )
    };
    view! { <p>{move || age()}</p> }
}

/// The service's own i18n, small: they are for whoever helps the user.
#[component]
fn ServiceSays(failure: Failure) -> impl IntoView {
    let Shared {
        i18n, live_region, ..
    } = use_shared();
    let texts = i18n.texts;
    let message = failure.message.map(|message| {
        let said = fill(texts.service_says, &[("message", &message)]);
        view! { <p dir="auto">{said}</p> }
    });
    let request_id = failure.request_id.map(|id| {
        let name = fill(texts.copy_of, &[("name", texts.request_id)]);
        view! {
            <p>
                {texts.request_id} " " <code class="rh-code">{id.clone()}</code> " "
                <CopyButton label=texts.copy name text=id live_region/>
            </p>
        }
    });
    view! { <div class="rh-small">{message} {request_id}</div> }
}

/// What happened, said so that a failed refresh is not taken for an empty page.
pub fn failure_title(failure: &Failure, has_rows: bool, i18n: I18n) -> String {
    let title = i18n.texts.failure(failure.kind).title;
    if has_rows {
        fill(i18n.texts.refresh_failed, &[("title", title)])
    } else {
        title.to_owned()
    }
}

/// What a failure means and what can be done, and what the request has cost.
pub fn meaning(failure: &Failure, i18n: I18n) -> String {
    let texts = i18n.texts;
    let longest = failure.exceeds_max_wait().then_some(texts.asks_for_longest);
    let sentences = [
        Some(texts.failure(failure.kind).meaning),
        longest,
        Some(texts.charged(failure.charge)),
    ];
    let sentences: Vec<&str> = sentences.into_iter().flatten().collect();
    sentences.join(" ")
}

/// Which retry the page waits for or makes, and for a wait, `in_time`, how long it is.
pub fn retry_text(load: &LoadState, in_time: u64, i18n: I18n) -> Option<String> {
    let LoadState::Loading {
        retry: Some(retry), ..
    } = load
    else {
        return None;
    };
    let text = match in_time {
        0 => i18n.texts.retrying,
        _ => i18n.texts.retrying_in,
    };
    let time = countdown(in_time);
    Some(fill(
        text,
        &[
            ("number", &i18n.number(retry.number.into())),
            ("of", &i18n.number(RETRIES.into())),
            ("time", &time),
        ],
    ))
}

/// Gives up the wait before a retry.
#[component]
pub fn StopWaiting() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    view! {
        <button
            class="rh-button rh-button-quiet"
            type="button"
            on:click=move |_| {
                // The button goes with the wait.
                focus.focus_refresh();
                state.stop_waiting();
            }
        >
            {i18n.texts.stop_waiting}
        </button>
    }
}

/// Says how many records could not be read, or were not. It stands below the rows, so that they do not
/// move when it comes.
#[component]
pub fn UnreadableNotice() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let sentences = move || {
        let (unreadable, not_read) = state.shown().with(|shown| {
            let shown = shown.as_ref();
            shown.map_or((0, 0), |shown| (shown.unreadable, shown.not_read))
        });
        let counted = [
            (&texts.unreadable_records, unreadable),
            (&texts.records_not_read, not_read),
        ];
        let counted = counted.into_iter().filter(|(_, count)| *count > 0);
        let sentences: Vec<String> = counted
            .map(|(text, count)| i18n.plural(text, count))
            .collect();
        sentences.join(" ")
    };
    let notice = move || {
        let sentences = sentences();
        let is_empty = sentences.is_empty();
        (!is_empty).then(|| view! { <p class="rh-notice">{sentences}</p> }.into_any())
    };
    view! { {move || notice()} }
}
