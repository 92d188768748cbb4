//! The buttons that ask the service, and what they cost.

use leptos::{html, prelude::*};
use referral_history_core::{charge::Charge, texts::fill, time::countdown};

use crate::context::{Shared, use_shared};

/// A button that asks the service again. Its accessible name is its label alone; what asking costs, or
/// how long it has to wait, is its description.
#[component]
pub fn RequestButton(
    /// What tells its ids from those of the page's other buttons that ask.
    id: &'static str,
    /// What stands on it.
    label: &'static str,
    /// The handle by which others give the focus to it.
    node_ref: NodeRef<html::Button>,
    /// Whether it can be pressed.
    is_enabled: Signal<bool>,
    /// Whether it stays focusable while it cannot be pressed, so that whoever pressed it keeps their place.
    stays_focusable: bool,
    /// What a press does.
    press: Callback<()>,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let (name, cost) = (format!("{id}-name"), format!("{id}-cost"));
    let cost_or_wait = move || match state.wait() {
        0 => state.load().with(|load| {
            let failed = load.failure().map_or(Charge::No, |failure| failure.charge);
            i18n.texts.cost_after(failed).to_owned()
        }),
        seconds => fill(i18n.texts.wait, &[("time", &countdown(seconds))]),
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
            <span class="rh-cost" id=cost.clone()>{move || cost_or_wait()}</span>
        </button>
    }
}
