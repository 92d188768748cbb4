//! The pagination of the events that pass the filters.

use leptos::prelude::*;
use referral_history_core::page::{Page, ROWS_PER_PAGE};
use wasm_bindgen::JsCast;

use super::icon::Chevron;
use crate::context::{FocusTargets, Shared, focus as focus_element, memo_text, use_shared};

/// The number of rows per page, the range, and the buttons to the previous and next page.
#[component]
pub fn Pager() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let option = move |rows: usize| {
        let is_chosen = move || state.query().with(|query| query.per_page == rows);
        view! {
            <option value=rows.to_string() prop:selected=is_chosen>{i18n.count(rows)}</option>
        }
    };
    let choose_rows = move |rows: usize| {
        let number = untrack(|| state.page()).number;
        state.choose(|query| {
            // The shown page: the chosen one may be beyond the last page after a refresh.
            query.page = number;
            query.set_per_page(rows);
        });
    };
    view! {
        <nav class="rh-pager" part="pagination" aria-label=texts.pagination>
            <label class="rh-per-page">
                <span>{texts.rows_per_page}</span>
                // Has its own name: WebKit would include the chosen option in the name from the label.
                <select
                    class="rh-select"
                    aria-label=texts.rows_per_page
                    on:change:target=move |event| {
                        if let Ok(rows) = event.target().value().parse() {
                            choose_rows(rows);
                        }
                    }
                >
                    {ROWS_PER_PAGE.map(option)}
                </select>
            </label>
            <span class="rh-range" prop:textContent=memo_text(move || i18n.range(state.page()))/>
            <div class="rh-turns">
                <PageButton forwards=false label=texts.previous_page/>
                <PageButton forwards=true label=texts.next_page/>
            </div>
        </nav>
    }
}

/// The button to the previous or next page. Without such a page it only has `aria-disabled`: a button with
/// `disabled` would lose the focus.
#[component]
fn PageButton(forwards: bool, label: &'static str) -> impl IntoView {
    let Shared { state, focus, .. } = use_shared();
    let step = if forwards { 1 } else { -1 };
    let has_target = move |page: Page| {
        if forwards {
            page.has_next()
        } else {
            page.has_previous()
        }
    };
    view! {
        <button
            class="rh-button"
            type="button"
            aria-label=label
            aria-disabled=move || (!has_target(state.page())).then_some("true")
            on:click=move |event| {
                let page = untrack(|| state.page());
                if has_target(page) {
                    state.choose(|query| query.page = page.number.saturating_add_signed(step));
                    // A press by keyboard has no pointer, and its `detail` is 0.
                    show_first_row(focus, event.detail() == 0);
                }
            }
        >
            <Chevron forwards/>
        </button>
    }
}

/// Shows the first row of a page below what stays above the rows. A user of the keyboard gets the focus on it.
fn show_first_row(focus: FocusTargets, by_keyboard: bool) {
    // The rows change in this task; a microtask runs after it.
    queue_microtask(move || {
        let Some(rows) = focus.rows.get_untracked() else {
            return;
        };
        let covered = focus
            .toolbar
            .get_untracked()
            .map_or(0.0, |toolbar| toolbar.get_bounding_client_rect().bottom());
        if rows.get_bounding_client_rect().top() < covered {
            // The style sheet leaves space for what stays above.
            rows.scroll_into_view();
        }
        if by_keyboard && let Ok(Some(button)) = rows.query_selector("tbody button") {
            focus_element(button.unchecked_ref());
        }
    });
}
