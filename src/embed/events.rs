//! What a host is told: what came of a request, and what the user chose. Nothing else of
//! what is in a record.

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

/// Sends the host its events from `host`, for as long as the current owner lives. The answer is
/// whether the host signs the user in by itself: then the page does not say how.
pub fn emit(
    host: HtmlElement,
    state: ReferralState,
    options: RwSignal<HostOptions>,
) -> Signal<bool> {
    let host_signs_in = RwSignal::new(false);
    let load = state.load();
    effect({
        let host = host.clone();
        move || {
            if state.settled().get() == 0 {
                return;
            }
            match load.get_untracked() {
                LoadState::Ready(loaded) => {
                    host_signs_in.set(false);
                    events::send(&host, "load", &loaded_detail(&loaded), |_| ());
                }
                LoadState::Failed { failure, .. } if failure.kind == FailureKind::NotSignedIn => {
                    events::send(
                        &host,
                        "unauthorized",
                        &failed_detail(&failure),
                        move |is_prevented| {
                            host_signs_in.set(is_prevented);
                        },
                    );
                }
                LoadState::Failed { failure, .. } => {
                    host_signs_in.set(false);
                    events::send(&host, "error", &failed_detail(&failure), |_| ());
                }
                // Asked again, or cleared, in the same moment.
                LoadState::Loading { .. } | LoadState::Cleared => {}
            }
        }
    });
    let before: RefCell<Option<Pairs>> = RefCell::default();
    effect(move || {
        let rows = options.get_untracked().page_size;
        // Where the host wants other rows, the user has chosen nothing.
        let chosen = state.query().with(|query| url::pairs(query, rows));
        let before = before.replace(Some(chosen.clone()));
        // The first is nobody's choice.
        if before.is_some_and(|before| before != chosen) {
            events::send(&host, "change", &chosen_detail(chosen), |_| ());
        }
    });
    host_signs_in.into()
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

/// The choices under the names they have in the address.
type Pairs = Vec<(&'static str, String)>;

fn chosen_detail(chosen: Pairs) -> Object {
    let pairs = chosen.into_iter();
    members(pairs.map(|(name, value)| (name, value.into())))
}

fn or_null<T: Into<JsValue>>(value: Option<T>) -> JsValue {
    value.map_or(JsValue::NULL, Into::into)
}
