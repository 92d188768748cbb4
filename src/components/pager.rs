//! Paging through the events that the filters leave.

use leptos::prelude::*;
use referral_history_core::page::{Page, ROWS_PER_PAGE};

use super::icon::Chevron;
use crate::context::{Shared, use_shared};

/// Rows per page, the range, and the pages before and after.
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
            // The page that is shown: a refresh may have left the chosen one behind.
            query.page = number;
            query.set_per_page(rows);
        });
    };
    view! {
        <nav class="rh-pager" part="pagination" aria-label=texts.pagination>
            <label class="rh-per-page">
                <span>{texts.rows_per_page}</span>
                // Its label stands around it, and WebKit would take what is chosen into the name.
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
            <span class="rh-range">{move || i18n.range(state.page())}</span>
            <div class="rh-turns">
                <Turn forwards=false label=texts.previous_page/>
                <Turn forwards=true label=texts.next_page/>
            </div>
        </nav>
    }
}

/// The button to the page before or after. Where there is none it is disabled by name only: a button
/// that is really disabled loses the focus of whoever pressed it.
#[component]
fn Turn(forwards: bool, label: &'static str) -> impl IntoView {
    let Shared { state, .. } = use_shared();
    let by = if forwards { 1 } else { -1 };
    let leads_on = move |page: Page| {
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
            aria-disabled=move || (!leads_on(state.page())).then_some("true")
            on:click=move |_| {
                let page = untrack(|| state.page());
                if leads_on(page) {
                    state.choose(|query| query.page = page.number.saturating_add_signed(by));
                }
            }
        >
            <Chevron forwards/>
        </button>
    }
}
