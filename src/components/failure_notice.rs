//! What the page says of a failure.

use std::sync::Arc;

use leptos::prelude::*;
use referral_history_core::{
    failure::{Failure, FailureKind},
    options::Options,
    retry::RETRIES,
    texts::fill,
    time::countdown,
};

use super::{ask_button::AskButton, copy_button::CopyButton};
use crate::{
    browser::address,
    context::{Shared, use_shared},
    state::{Load, Loaded},
    words::Words,
};

/// A failure, for as long as the last request is one: what happened, what it means, what can be done,
/// and what the service said.
#[component]
pub fn FailureNotice(
    options: RwSignal<Options>,
    /// Whether the host signs its users in by itself: then the page does not say how.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let Shared { state, .. } = use_shared();
    let notice = move || {
        state.load().with(|load| match load {
            Load::Failed { failure, .. }
                if failure.kind == FailureKind::NotSignedIn && host_signs_in.get() =>
            {
                None
            }
            Load::Failed { before, failure } => {
                let (before, failure) = (before.clone(), failure.clone());
                Some(view! { <Failed options before failure/> }.into_any())
            }
            Load::Asking { .. } | Load::Loaded(_) | Load::Cleared => None,
        })
    };
    view! { {move || notice()} }
}

/// One failure.
#[component]
fn Failed(
    options: RwSignal<Options>,
    before: Option<Arc<Loaded>>,
    failure: Failure,
) -> impl IntoView {
    let Shared {
        state,
        words,
        focus,
        ..
    } = use_shared();
    let title = failure_title(&failure, before.is_some(), words);
    let sign_in = (failure.kind == FailureKind::NotSignedIn).then(|| view! { <SignIn options/> });
    let age = before.map(|loaded| view! { <Age loaded/> });
    view! {
        <section class="rh-notice" part="notice" data-kind="failure" aria-labelledby="rh-failure">
            <h2 class="rh-notice-title" id="rh-failure">{title}</h2>
            <p>{meaning(&failure, words)}</p>
            {age}
            <div class="rh-notice-actions">
                {sign_in}
                // Asks again, once the wait that the service asked for is over.
                <AskButton
                    id="rh-try-again"
                    label=words.texts.try_again
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
fn SignIn(options: RwSignal<Options>) -> impl IntoView {
    let Shared { state, words, .. } = use_shared();
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
            {words.texts.sign_in}
        </a>
    }
}

/// How old the rows are that a failed refresh left.
#[component]
fn Age(loaded: Arc<Loaded>) -> impl IntoView {
    let Shared { state, words, .. } = use_shared();
    let texts = words.texts;
    let (loaded_at, is_old) = (loaded.at, loaded.is_old);
    let age = move || {
        if is_old {
            let at = words.date_time(loaded_at, state.zone());
            return fill(texts.rows_are_old, &[("time", &at)]);
        }
        let now = state.clock().get();
        fill(
            texts.rows_are_from,
            &[
                ("ago", &words.ago(loaded_at, now)),
                ("time", &words.time_of_day(loaded_at, state.zone())),
            ],
        )
    };
    view! { <p>{move || age()}</p> }
}

/// The service's own words, small: they are for whoever helps the user.
#[component]
fn ServiceSays(failure: Failure) -> impl IntoView {
    let Shared {
        words, announcer, ..
    } = use_shared();
    let texts = words.texts;
    let message = failure.message.map(|message| {
        let said = fill(texts.service_says, &[("message", &message)]);
        view! { <p dir="auto">{said}</p> }
    });
    let request_id = failure.request_id.map(|id| {
        let name = fill(texts.copy_of, &[("name", texts.request_id)]);
        view! {
            <p>
                {texts.request_id} " " <code class="rh-code">{id.clone()}</code> " "
                <CopyButton label=texts.copy name text=id announcer/>
            </p>
        }
    });
    view! { <div class="rh-small">{message} {request_id}</div> }
}

/// What happened, said so that a failed refresh is not taken for an empty page.
pub fn failure_title(failure: &Failure, has_rows: bool, words: Words) -> String {
    let title = words.texts.failure(failure.kind).title;
    if has_rows {
        fill(words.texts.refresh_failed, &[("title", title)])
    } else {
        title.to_owned()
    }
}

/// What a failure means and what can be done, and what the request has cost.
pub fn meaning(failure: &Failure, words: Words) -> String {
    let texts = words.texts;
    let longest = failure.asks_for_longest().then_some(texts.asks_for_longest);
    let sentences = [
        Some(texts.failure(failure.kind).meaning),
        longest,
        Some(texts.charged(failure.charge)),
    ];
    let sentences: Vec<&str> = sentences.into_iter().flatten().collect();
    sentences.join(" ")
}

/// Which retry the page waits for or makes, and for a wait, `in_time`, how long it is.
pub fn retry_text(load: &Load, in_time: u64, words: Words) -> Option<String> {
    let Load::Asking {
        retry: Some(retry), ..
    } = load
    else {
        return None;
    };
    let text = match in_time {
        0 => words.texts.retrying,
        _ => words.texts.retrying_in,
    };
    let time = countdown(in_time);
    Some(fill(
        text,
        &[
            ("number", &words.number(retry.number.into())),
            ("of", &words.number(RETRIES.into())),
            ("time", &time),
        ],
    ))
}

/// Gives up the wait before a retry.
#[component]
pub fn StopWaiting() -> impl IntoView {
    let Shared {
        state,
        words,
        focus,
        ..
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
            {words.texts.stop_waiting}
        </button>
    }
}

/// Says how many records could not be read, or were not. It stands below the rows, so that they do not
/// move when it comes.
#[component]
pub fn UnreadableNotice() -> impl IntoView {
    let Shared { state, words, .. } = use_shared();
    let texts = words.texts;
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
            .map(|(text, count)| words.plural(text, count))
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
