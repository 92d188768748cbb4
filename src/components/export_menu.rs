//! Export: the events that the filters leave, as a file.

use leptos::{ev, html, prelude::*};
use referral_history_core::{export::Format, texts::fill};
use wasm_bindgen::JsCast;
use web_sys::Node;

use crate::{
    context::{self, Shared, use_shared},
    panic_hook::on_window,
    state::ViewState,
};

/// A button that opens a list of formats. The list closes by Escape, by a press services, and when the
/// focus moves out of it.
#[component]
pub fn ExportMenu() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let is_open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let has_rows = move || state.view_state().get() == ViewState::Rows;
    let toggle = move |_| {
        let has_rows = untrack(has_rows);
        is_open.update(|open| *open = !*open && has_rows);
    };
    let close = move || {
        if is_open.get_untracked() {
            is_open.set(false);
        }
    };
    // Not by the event's path, which ends where a host's closed shadow root begins.
    let is_inside = StoredValue::new(false);
    on_window(ev::pointerdown, move |_| {
        if !is_inside.get_value() {
            close();
        }
        is_inside.set_value(false);
    });
    view! {
        <div
            class="rh-menu"
            on:pointerdown=move |_| is_inside.set_value(true)
            on:keydown=move |event| {
                if event.key() == "Escape" && is_open.get_untracked() {
                    is_open.set(false);
                    focus(button);
                }
            }
            on:focusout=move |event| {
                let target = event.current_target();
                let menu = target.and_then(|target| target.dyn_into::<Node>().ok());
                let next = event.related_target();
                let next = next.and_then(|next| next.dyn_into::<Node>().ok());
                // Without a next one nothing took the focus: a press on text, or the window lost it.
                if let (Some(menu), Some(next)) = (menu, next)
                    && !menu.contains(Some(&next))
                {
                    is_open.set(false);
                }
            }
        >
            <button
                class="rh-button rh-menu-button"
                type="button"
                aria-controls="rh-export"
                aria-expanded=move || is_open.get().to_string()
                aria-disabled=move || (!has_rows()).then_some("true")
                node_ref=button
                on:click=toggle
            >
                {i18n.texts.export}
            </button>
            <div id="rh-export">
                {move || is_open.get().then(|| view! { <Formats is_open=is_open button=button/> })}
            </div>
        </div>
    }
}

/// How many events are exported, and in which formats they can be.
#[component]
fn Formats(is_open: RwSignal<bool>, button: NodeRef<html::Button>) -> impl IntoView {
    let Shared {
        state,
        i18n,
        live_region,
        ..
    } = use_shared();
    let texts = i18n.texts;
    let format = move |format: Format| {
        let label = match format {
            Format::Csv => texts.export_csv,
            Format::Json => texts.export_json,
        };
        let save = move |_| {
            let file = state.export(format);
            is_open.set(false);
            focus(button);
            live_region.say(fill(texts.exported, &[("file", &file)]));
        };
        view! { <button class="rh-menu-item" type="button" on:click=save>{label}</button> }
    };
    view! {
        <div class="rh-menu-list">
            <p class="rh-figure-note">
                {move || i18n.plural(&texts.export_events, state.page().total)}
            </p>
            {Format::ALL.map(format).into_iter().collect_view()}
        </div>
    }
}

fn focus(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        context::focus(&button);
    }
}
