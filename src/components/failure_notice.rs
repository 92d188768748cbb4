//! Notices about failures and unreadable records.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    failure::{Failure, FailureKind, Remedy},
    options::HostOptions,
    retry::RETRIES,
    texts::{fill, join_sentences},
};

use super::{copy_button::CopyButton, icon::RemedyIcon, request_button::RequestButton};
use crate::{
    browser::address,
    context::{Shared, focus_node, has_focus, use_shared},
    i18n::I18n,
    state::{LoadState, Loaded},
};

/// The failure of the last request, or the retry after it: what happened, what it means, what the user can
/// do, and the service's message.
#[component]
pub fn FailureNotice(
    options: Signal<HostOptions>,
    /// Whether the host page handles signing in. Then the page shows no way to sign in.
    host_signs_in: Signal<bool>,
    /// Whether this is the place above rows that stay. The other place is where the rows will be.
    above_rows: bool,
) -> impl IntoView {
    let Shared { state, .. } = use_shared();
    let notice = move || {
        state.load().with(|load| {
            if load.shown().is_some() != above_rows {
                return None;
            }
            match load {
                LoadState::Failed { failure, .. } if is_left_to_host(failure, host_signs_in) => {
                    None
                }
                LoadState::Failed { previous, failure } => {
                    let (previous, failure) = (previous.clone(), failure.clone());
                    Some(view! { <Failed options previous failure/> }.into_any())
                }
                LoadState::Loading { retry: Some(_), .. } => {
                    Some(view! { <Retrying above_rows/> }.into_any())
                }
                LoadState::Loading { .. } | LoadState::Ready(_) | LoadState::Cleared => None,
            }
        })
    };
    view! { {move || notice()} }
}

/// Whether the host page, not this one, tells the user about a failure. Reactive.
pub fn is_left_to_host(failure: &Failure, host_signs_in: Signal<bool>) -> bool {
    failure.kind == FailureKind::NotSignedIn && host_signs_in.get()
}

/// One failure. It has one button: Try again, Sign in, or none where neither helps. Above rows, Refresh in
/// the header takes the place of Try again.
#[component]
fn Failed(
    options: Signal<HostOptions>,
    previous: Option<Arc<Loaded>>,
    failure: Failure,
) -> impl IntoView {
    let Shared { i18n, .. } = use_shared();
    let remedy = failure.kind.remedy();
    let title = failure_title(&failure, previous.is_some(), i18n);
    let button = match remedy {
        Remedy::SignIn => Some(view! { <SignIn options/> }.into_any()),
        Remedy::TryAgain | Remedy::Support if previous.is_none() => {
            Some(view! { <TryAgain/> }.into_any())
        }
        _ => None,
    };
    let button = button.map(|button| view! { <div class="rh-notice-actions">{button}</div> });
    let age = previous.map(|loaded| view! { <Age loaded/> });
    view! {
        <section
            class="rh-notice"
            part="notice"
            data-kind="failure"
            data-remedy=remedy.as_str()
            aria-labelledby="rh-failure"
        >
            <RemedyIcon remedy/>
            <h2 class="rh-notice-title" id="rh-failure">{title}</h2>
            <p>{meaning(&failure, i18n)}</p>
            {age}
            {button}
            <ServiceSays failure/>
        </section>
    }
}

/// The button that makes a request after a failure, where nothing is loaded. Disabled during a wait that
/// the service requires.
#[component]
fn TryAgain() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    view! {
        <RequestButton
            id="rh-try-again"
            label=i18n.texts.try_again
            node_ref=NodeRef::new()
            is_enabled=Signal::derive(move || state.wait() == 0)
            stays_focusable=false
            press=Callback::new(move |()| {
                // The button is removed. What replaces it, and the button after another failure, are in
                // the same place.
                focus_node(focus.rows);
                state.refresh();
            })
        />
    }
}

/// A retry that is pending or in flight: over the skeleton, or above the rows.
#[component]
fn Retrying(above_rows: bool) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let is_waiting = Memo::new(move |_| state.wait() > 0);
    let text = move || {
        state
            .load()
            .with(|load| retry_text(load, state.wait(), i18n))
    };
    let line = view! {
        <p class="rh-pending-text">
            <span prop:textContent=text/>
            {move || is_waiting.get().then(|| view! { <StopWaiting/> })}
        </p>
    };
    if above_rows {
        view! {
            <div class="rh-notice" part="notice" data-remedy=Remedy::TryAgain.as_str()>
                <RemedyIcon remedy=Remedy::TryAgain/>
                {line}
            </div>
        }
        .into_any()
    } else {
        view! { <div class="rh-pending">{line}</div> }.into_any()
    }
}

/// The link to the console's sign-in page.
#[component]
fn SignIn(options: Signal<HostOptions>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    // A host page can change the address without an event, so the link reads it again when it is used.
    let used = RwSignal::new(());
    let href = move || {
        // The link contains the address with the user's choices.
        state.query().track();
        used.track();
        options.with(|options| address::sign_in_href(&options.sign_in_url))
    };
    view! {
        <a
            class="rh-button rh-button-primary"
            href=href
            on:pointerdown=move |_| used.set(())
            on:click=move |_| used.set(())
        >
            {i18n.texts.sign_in}
        </a>
    }
}

/// The age of the rows that stay after a failed refresh.
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
    view! { <p prop:textContent=age/> }
}

/// The service's message and the request id, in small type. They are for support.
#[component]
fn ServiceSays(failure: Failure) -> impl IntoView {
    let Shared {
        i18n, live_region, ..
    } = use_shared();
    let texts = i18n.texts;
    let message = failure.message.map(|message| {
        let text = fill(texts.service_says, &[("message", &message)]);
        view! { <p dir="auto">{text}</p> }
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

/// The title of a failure. With rows it names the refresh, so that the rows are not taken for new ones.
pub fn failure_title(failure: &Failure, has_rows: bool, i18n: I18n) -> String {
    let title = i18n.texts.failure(failure.kind).title;
    if has_rows {
        fill(i18n.texts.refresh_failed, &[("title", title)])
    } else {
        title.to_owned()
    }
}

/// What a failure means, what the user can do, and what the request cost.
pub fn meaning(failure: &Failure, i18n: I18n) -> String {
    let texts = i18n.texts;
    let longest = failure.exceeds_max_wait().then_some(texts.asks_for_longest);
    let sentences = [
        Some(texts.failure(failure.kind).meaning),
        longest,
        Some(texts.charged(failure.charge)),
    ];
    join_sentences(sentences.into_iter().flatten())
}

/// Which retry is pending or in flight, with the remaining wait; `None` without a retry.
pub fn retry_text(load: &LoadState, wait_seconds: u64, i18n: I18n) -> Option<String> {
    let LoadState::Loading {
        retry: Some(retry), ..
    } = load
    else {
        return None;
    };
    let text = match wait_seconds {
        0 => i18n.texts.retrying,
        _ => i18n.texts.retrying_in,
    };
    let time = i18n.countdown(wait_seconds);
    Some(fill(
        text,
        &[
            ("number", &i18n.number(retry.number.into())),
            ("of", &i18n.number(RETRIES.into())),
            ("time", &time),
        ],
    ))
}

/// The button that cancels the wait before a retry.
#[component]
fn StopWaiting() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let button = NodeRef::<html::Button>::new();
    // The button is removed with the wait, whether it is pressed or the wait ends. Above rows, Refresh is
    // what takes its place.
    on_cleanup(move || {
        let button = button.try_get_untracked().flatten();
        if !button.is_some_and(|button| has_focus(&button)) {
            return;
        }
        match state.shown().try_with_untracked(Option::is_some) {
            Some(true) => focus_node(focus.refresh),
            _ => focus_node(focus.rows),
        }
    });
    view! {
        <button
            class="rh-button rh-button-quiet"
            type="button"
            node_ref=button
            on:click=move |_| state.stop_waiting()
        >
            {i18n.texts.stop_waiting}
        </button>
    }
}

/// The number of records that could not be read, or were not read. It is below the rows, so that they do
/// not move when it appears.
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
        join_sentences(counted.map(|(text, count)| i18n.plural(text, count)))
    };
    let notice = move || {
        let sentences = sentences();
        let is_empty = sentences.is_empty();
        (!is_empty).then(|| view! { <p class="rh-notice">{sentences}</p> }.into_any())
    };
    view! { {move || notice()} }
}
