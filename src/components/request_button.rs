//! The buttons that make a request.

use leptos::{html, prelude::*};
use referral_history_core::{charge::Charge, texts::fill};

use crate::{
    context::{Shared, memo_text, use_shared},
    state::LoadState,
};

/// A button that makes a request. Its accessible name is its label; its description is the cost of the
/// request, or the remaining wait.
#[component]
pub fn RequestButton(
    /// The prefix of its ids.
    id: &'static str,
    /// The visible label.
    label: &'static str,
    /// The reference by which other components focus it.
    node_ref: NodeRef<html::Button>,
    /// Whether it can be pressed.
    is_enabled: Signal<bool>,
    /// Whether it stays focusable while it is disabled, so that it keeps the focus after a press.
    stays_focusable: bool,
    /// Called on a press.
    press: Callback<()>,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let (name, cost) = (format!("{id}-name"), format!("{id}-cost"));
    // A wait before a retry is told elsewhere: a countdown stands once.
    let wait = move || match state.load().with(LoadState::is_loading) {
        true => 0,
        false => state.wait(),
    };
    let cost_or_wait = move || match wait() {
        0 => state.load().with(|load| {
            let charge = load.failure().map_or(Charge::No, |failure| failure.charge);
            i18n.texts.cost_after(charge).to_owned()
        }),
        seconds => fill(i18n.texts.wait, &[("time", &i18n.countdown(seconds))]),
    };
    view! {
        <button
            class="rh-button"
            type="button"
            aria-labelledby=name
            aria-describedby=cost
            aria-disabled=move || (stays_focusable && !is_enabled.get()).then_some("true")
            disabled=move || !stays_focusable && !is_enabled.get()
            node_ref=node_ref
            on:click=move |_| press.run(())
        >
            <span id=name.clone()>{label}</span>
            <span class="rh-cost" id=cost.clone() prop:textContent=memo_text(cost_or_wait)/>
        </button>
    }
}
