//! Buttons that copy.

use core::time::Duration;

use leptos::prelude::*;

use super::live_region::LiveRegion;
use crate::context::{Shared, use_shared};

/// How long a button says that it copied.
const SAID_FOR: Duration = Duration::from_secs(2);

/// A button that puts a text on the clipboard, and says whether it is there.
#[component]
pub fn CopyButton(
    /// What stands on it.
    label: &'static str,
    /// Its accessible name.
    name: String,
    /// What it copies.
    text: String,
    /// Who says whether it was copied.
    live_region: LiveRegion,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let copied = RwSignal::new(false);
    // What waits ends with the button, or with the next press.
    let parent = Owner::current().unwrap_or_default();
    let waiting = StoredValue::new(Owner::default());
    let press = move |_| {
        let owner = parent.with(Owner::new);
        waiting.get_value().cleanup();
        waiting.set_value(owner.clone());
        owner.clone().with(|| {
            state.copy(&text, move |is_there| {
                let said = if is_there {
                    texts.copied
                } else {
                    texts.copy_failed
                };
                live_region.say(said.to_owned());
                copied.set(is_there);
                owner.with(|| state.later(SAID_FOR, move || copied.set(false)));
            });
        });
    };
    view! {
        <button
            class="rh-button rh-copy"
            type="button"
            aria-label=move || if copied.get() { texts.copied.to_owned() } else { name.clone() }
            data-copied=move || copied.get().then_some("true")
            on:click=press
        >
            {move || if copied.get() { texts.copied } else { label }}
        </button>
    }
}
