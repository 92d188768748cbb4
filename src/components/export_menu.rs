//! Export of the events that pass the filters: files, a table to paste, and deadlines for a calendar.

use core::mem;

use leptos::{ev, html, prelude::*};
use referral_history_core::{export::Format, texts::fill};
use wasm_bindgen::JsCast;
use web_sys::Node;

use crate::{
    browser::download::{self, Permission},
    context::{Shared, focus_node, memo_text, use_shared},
    panic_hook::{effect, on_window},
    state::ViewState,
};

/// Opens and closes the list of formats. Copies are the same handle.
#[derive(Clone, Copy)]
pub struct ExportList {
    is_open: RwSignal<bool>,
    /// Whether the first format gets the focus when the list opens.
    takes_focus: StoredValue<bool>,
    first: NodeRef<html::Button>,
    /// The button that opens the list.
    button: NodeRef<html::Button>,
    /// The owner of a copy. The next one cancels it.
    copying: StoredValue<Owner>,
    /// What came of the last press, if it did not close the list. It outlives the list, so that the result of
    /// a copy is announced even if the list was closed.
    outcome: RwSignal<String>,
}

impl ExportList {
    /// A closed list.
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            takes_focus: StoredValue::new(false),
            first: NodeRef::new(),
            button: NodeRef::new(),
            copying: StoredValue::new(Owner::new()),
            outcome: RwSignal::new(String::new()),
        }
    }

    /// Opens the list, and focuses its first format.
    pub fn open(self) {
        if self.is_open.get_untracked() {
            focus_node(self.first);
        } else {
            self.takes_focus.set_value(true);
            self.outcome.set(String::new());
            self.is_open.set(true);
        }
    }
}

/// A button that opens a list of formats. The list closes on Escape, on a press outside, and when the focus
/// moves out of it.
#[component]
pub fn ExportMenu() -> impl IntoView {
    let Shared {
        state,
        i18n,
        export,
        ..
    } = use_shared();
    let ExportList {
        is_open,
        button,
        outcome,
        ..
    } = export;
    let has_rows = move || state.view_state().get() == ViewState::Rows;
    let toggle = move |_| {
        let has_rows = untrack(has_rows);
        outcome.set(String::new());
        is_open.update(|open| *open = !*open && has_rows);
    };
    let close = move || {
        if is_open.get_untracked() {
            is_open.set(false);
        }
    };
    // Not by the event's path, which does not reach into a closed shadow root of the host page.
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
                    focus_node(button);
                    event.prevent_default();
                    event.stop_propagation();
                }
            }
            on:focusout=move |event| {
                let target = event.current_target();
                let menu = target.and_then(|target| target.dyn_into::<Node>().ok());
                let next = event.related_target();
                let next = next.and_then(|next| next.dyn_into::<Node>().ok());
                // Without a next element the focus went nowhere: a press on text, or the window lost it.
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
                {move || is_open.get().then(|| view! { <Formats/> })}
            </div>
        </div>
    }
}

/// What is exported, a button for each way, and what came of the last press if it did not close the list.
#[component]
fn Formats() -> impl IntoView {
    let Shared {
        state,
        i18n,
        live_region,
        export,
        ..
    } = use_shared();
    let ExportList {
        is_open,
        button,
        outcome,
        copying,
        ..
    } = export;
    let texts = i18n.texts;
    effect(move || {
        if export.takes_focus.try_update_value(mem::take) == Some(true) {
            focus_node(export.first);
        }
    });
    let show = move |text: String| {
        live_region.announce(text.clone());
        outcome.set(text);
    };
    let after_download = move |file: Option<String>| match file {
        // The list stays open for the other way.
        Some(file) if download::permission() == Permission::Unknown => {
            let names = [("file", file.as_str()), ("copy", texts.copy_table)];
            show(fill(texts.exported_perhaps, &names));
        }
        Some(file) => {
            is_open.set(false);
            focus_node(button);
            live_region.announce(fill(texts.exported, &[("file", &file)]));
        }
        None => show(fill(texts.export_failed, &[("copy", texts.copy_table)])),
    };
    let format = move |format: Format| {
        let label = match format {
            Format::Csv => texts.export_csv,
            Format::Json => texts.export_json,
        };
        let save = move |_| after_download(state.export(format, i18n.decimal_mark()));
        let node = if format == Format::ALL[0] {
            export.first
        } else {
            NodeRef::new()
        };
        view! {
            <button class="rh-menu-item" type="button" node_ref=node on:click=save>
                {label}
            </button>
        }
    };
    let copy = move |_| {
        let copying = copying.get_value();
        copying.cleanup();
        copying.with(|| {
            state.copy_table(move |is_copied| {
                let text = if is_copied {
                    texts.copied
                } else {
                    texts.copy_table_failed
                };
                show(text.to_owned());
            });
        });
    };
    let deadlines = move || state.deadlines();
    let save_deadlines = move |_| {
        if untrack(deadlines) > 0 {
            after_download(state.export_calendar(texts));
        }
    };
    let note = move |text: String| {
        (!text.is_empty()).then(|| view! { <p class="rh-menu-note">{text}</p> })
    };
    view! {
        <div class="rh-menu-list">
            <p
                class="rh-menu-note"
                prop:textContent=memo_text(move || i18n.plural(&texts.export_events, state.page().total))
            />
            {move || state.is_incomplete().then(|| note(texts.export_incomplete.to_owned()))}
            {Format::ALL.map(format).into_iter().collect_view()}
            <button class="rh-menu-item" type="button" on:click=copy>{texts.copy_table}</button>
            <button
                class="rh-menu-item"
                type="button"
                aria-disabled=move || (deadlines() == 0).then_some("true")
                on:click=save_deadlines
                prop:textContent=memo_text(move || fill(texts.export_calendar, &[("count", &i18n.count(deadlines()))]))
            />
            {move || note(outcome.get())}
        </div>
    }
}
