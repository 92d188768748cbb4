//! Events for the host page: the result of a request, and the user's choices. They carry no data of
//! records, except what the user chose.

use core::cell::RefCell;

use js_sys::Object;
use leptos::prelude::*;
use referral_history_core::{
    charge::Charge,
    failure::{Failure, FailureKind},
    options::HostOptions,
    url,
};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::{
    browser::{events, members},
    panic_hook::effect,
    state::{LoadState, Loaded, ReferralState},
};

/// Dispatches events on `host` until the current owner is cleaned up. Sets whether the host page handles
/// signing in: then the page shows no way to sign in.
pub fn emit(
    host: HtmlElement,
    state: ReferralState,
    options: Signal<HostOptions>,
    set_host_signs_in: WriteSignal<bool>,
) {
    let load = state.load();
    effect({
        let host = host.clone();
        move || {
            if state.requests_ended().get() == 0 {
                return;
            }
            match load.get_untracked() {
                LoadState::Ready(loaded) => {
                    set_host_signs_in.set(false);
                    events::dispatch(&host, "load", &loaded_detail(&loaded), |_| ());
                }
                LoadState::Failed { failure, .. } if failure.kind == FailureKind::NotSignedIn => {
                    events::dispatch(
                        &host,
                        "unauthorized",
                        &failed_detail(&failure),
                        move |is_prevented| {
                            set_host_signs_in.set(is_prevented);
                        },
                    );
                }
                LoadState::Failed { failure, .. } => {
                    set_host_signs_in.set(false);
                    events::dispatch(&host, "error", &failed_detail(&failure), |_| ());
                }
                // Refreshed or cleared before this effect ran.
                LoadState::Loading { .. } | LoadState::Cleared => {}
            }
        }
    });
    let previous: RefCell<Option<Pairs>> = RefCell::default();
    effect(move || {
        let page_size = options.get_untracked().page_size;
        // Untracked: a new page size is the host page's change, not the user's.
        let query = state.settled_query().get();
        let chosen = url::pairs(&query, page_size);
        let previous = previous.replace(Some(chosen.clone()));
        // The first run is no change.
        let is_change = previous.is_some_and(|previous| previous != chosen);
        // What the host page has set it knows.
        let is_from_host = state.take_host_query().is_some_and(|set| set == query);
        if is_change && !is_from_host {
            events::dispatch(&host, "change", &chosen_detail(chosen), |_| ());
        }
    });
}

fn loaded_detail(loaded: &Loaded) -> Object {
    members([
        ("count", JsValue::from(loaded.records.len())),
        ("requestId", or_null(loaded.request_id.clone())),
        ("creditsCharged", or_null(Charge::Yes.credits())),
    ])
}

fn failed_detail(failure: &Failure) -> Object {
    let seconds = failure.retry_after.map(|wait| wait.as_secs_f64());
    members([
        ("kind", failure.kind.as_str().into()),
        ("status", or_null(failure.status)),
        ("requestId", or_null(failure.request_id.clone())),
        ("retryAfter", or_null(seconds)),
        ("creditsCharged", or_null(failure.charge.credits())),
    ])
}

/// The choices, with the names of their parameters in the address.
type Pairs = Vec<(&'static str, String)>;

fn chosen_detail(chosen: Pairs) -> Object {
    let pairs = chosen.into_iter();
    members(pairs.map(|(name, value)| (name, value.into())))
}

fn or_null<T: Into<JsValue>>(value: Option<T>) -> JsValue {
    value.map_or(JsValue::NULL, Into::into)
}
