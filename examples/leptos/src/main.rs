//! A console in Leptos, with the referral history as a component of it: no other file is loaded.

#![forbid(unsafe_code)]

use leptos::{ev, prelude::*};
use referral_history::{ReferralHistory, Theme};
use web_sys::CustomEvent;

fn main() {
    mount_to_body(Console);
}

#[component]
fn Console() -> impl IntoView {
    let shown = RwSignal::new(true);
    let theme = RwSignal::new(Some(Theme::System));
    let lang = RwSignal::new(Some("en".to_owned()));
    // How many events an answer brought; they bubble up to the window.
    let answers = RwSignal::new(0);
    let listener = window_event_listener(
        ev::Custom::<CustomEvent>::new("referral-history:load"),
        move |_| answers.update(|answers| *answers += 1),
    );
    on_cleanup(move || listener.remove());

    view! {
        <div class="console" data-theme=move || theme.get().map(Theme::as_str)>
            <header>
                <strong>"A Leptos console"</strong>
                <nav aria-label="Console">
                    <button
                        aria-expanded=move || shown.get().to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        "Referrals"
                    </button>
                </nav>
                <label>
                    "Theme "
                    <select on:change:target=move |event| {
                        let word = event.target().value();
                        theme.set(Theme::ALL.into_iter().find(|theme| theme.as_str() == word));
                    }>
                        <option value="system">"As the system"</option>
                        <option value="light">"Light"</option>
                        <option value="dark">"Dark"</option>
                    </select>
                </label>
                <label>
                    "Language "
                    <select on:change:target=move |event| lang.set(Some(event.target().value()))>
                        <option value="en">"English"</option>
                        <option value="de">"Deutsch"</option>
                        <option value="ar">"العربية"</option>
                    </select>
                </label>
            </header>
            <main>
                <Show when=move || shown.get()>
                    <ReferralHistory theme=theme lang=lang/>
                </Show>
            </main>
            <aside>"Answers: " <output>{answers}</output></aside>
        </div>
    }
}
