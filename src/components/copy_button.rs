//! A button that copies a text.

use core::time::Duration;

use leptos::prelude::*;

use super::live_region::LiveRegion;
use crate::context::{Shared, use_shared};

/// How long the button shows that the text was copied.
const COPIED_SHOWN_FOR: Duration = Duration::from_secs(2);

/// A button that copies a text to the clipboard and announces whether that succeeded.
#[component]
pub fn CopyButton(
    /// The visible label.
    label: &'static str,
    /// The accessible name.
    name: String,
    /// The text to copy.
    text: String,
    /// The region of the announcement.
    live_region: LiveRegion,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let copied = RwSignal::new(false);
    // The pending copy and its wait are cancelled on unmount and by the next press.
    let parent = Owner::current().unwrap_or_default();
    let pending = StoredValue::new(Owner::default());
    let press = move |_| {
        let owner = parent.with(Owner::new);
        pending.get_value().cleanup();
        pending.set_value(owner.clone());
        owner.clone().with(|| {
            state.copy(&text, move |is_copied| {
                let text = if is_copied {
                    texts.copied
                } else {
                    texts.copy_failed
                };
                live_region.announce(text.to_owned());
                copied.set(is_copied);
                owner.with(|| state.run_after(COPIED_SHOWN_FOR, move || copied.set(false)));
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
            prop:textContent=move || if copied.get() { texts.copied } else { label }
        />
    }
}
