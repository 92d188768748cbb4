//! The notice in place of the rows.

use leptos::prelude::*;

use super::{active_filters::names, request_button::RequestButton, toolbar::ClearFilters};
use crate::{
    context::{Shared, focus_node, use_shared},
    state::ViewState,
};

/// The slot for a host's own next step where the user has no referrals yet.
const EMPTY_SLOT: &str = "empty";

/// Explains why there are no rows. A failed request has its own notice.
#[component]
pub fn EmptyNotice() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let texts = i18n.texts;
    let load_again = move || {
        view! {
            <RequestButton
                id="rh-load"
                label=texts.load
                node_ref=NodeRef::new()
                is_enabled=Signal::stored(true)
                stays_focusable=false
                press=Callback::new(move |()| {
                    // The button is removed. The rows will be in its place.
                    focus_node(focus.rows);
                    state.refresh();
                })
            />
        }
        .into_any()
    };
    let notice = move || {
        let (title, meaning, action) = match state.view_state().get() {
            ViewState::Cleared => (
                texts.cleared_title,
                texts.cleared_meaning.to_owned(),
                Some(load_again()),
            ),
            ViewState::Empty => (
                texts.empty_title,
                texts.empty_meaning.to_owned(),
                Some(view! { <slot name=EMPTY_SLOT></slot> }.into_any()),
            ),
            ViewState::NothingReadable => (
                texts.nothing_readable_title,
                texts.nothing_readable_meaning.to_owned(),
                None,
            ),
            ViewState::NoMatch => {
                let today = state.today();
                let filters = state.query().with(|query| names(query, i18n, today));
                let loaded = state.loaded_count().unwrap_or_default();
                let loaded = i64::try_from(loaded).unwrap_or(i64::MAX);
                let meaning =
                    i18n.plural_of(&texts.no_match_meaning, loaded, &[("filters", &filters)]);
                let show_all =
                    view! { <ClearFilters label=texts.show_all class="rh-button"/> }.into_any();
                (texts.no_match_title, meaning, Some(show_all))
            }
            ViewState::Skeleton | ViewState::Failure | ViewState::Rows => return None,
        };
        let notice = view! {
            <section class="rh-nothing" part="notice" aria-labelledby="rh-nothing">
                <h2 class="rh-notice-title" id="rh-nothing">{title}</h2>
                <p>{meaning}</p>
                {action}
            </section>
        };
        Some(notice.into_any())
    };
    view! { {move || notice()} }
}
