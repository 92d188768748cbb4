//! The notice in place of the rows.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    query::Query,
    sanitize::{CELL_CHARACTERS, sanitize},
    texts::fill,
    time::Date,
};

use super::{request_button::RequestButton, toolbar::ClearFilters};
use crate::{
    context::{Shared, focus_node, use_shared},
    i18n::I18n,
    state::ViewState,
};

/// The most filters that the notice names if no event matches.
const MAX_NAMES: usize = 12;

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
                let filters = state.query().with(|query| filters_text(query, i18n));
                let loaded = state
                    .shown()
                    .with(|shown| shown.as_ref().map_or(0, |shown| shown.records.len()));
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

/// The filters that are set, by name.
fn filters_text(query: &Query, i18n: I18n) -> String {
    let texts = i18n.texts;
    let search = query.search.trim();
    let bound = |text: &str, date: Option<Date>| {
        date.map(|date| fill(text, &[("date", &i18n.date(date, DateForm::Day))]))
    };
    let mut names: Vec<String> = Vec::new();
    if !search.is_empty() {
        let search = sanitize(search, CELL_CHARACTERS);
        names.push(fill(texts.searched, &[("text", &search)]));
    }
    let role = query.role.iter().map(|role| texts.role(role));
    let statuses = query.statuses.iter().map(|status| texts.status(status));
    names.extend(
        role.chain(statuses)
            .map(|name| sanitize(name, CELL_CHARACTERS)),
    );
    names.extend(query.expiring_soon.then(|| texts.expiring_soon.to_owned()));
    names.extend(bound(texts.dates_from, query.dates.from));
    names.extend(bound(texts.dates_to, query.dates.to));
    names.extend(
        query
            .campaign
            .iter()
            .map(|campaign| i18n.campaign(campaign)),
    );
    // A shared link can set any number of statuses.
    let more = names.len().saturating_sub(MAX_NAMES);
    names.truncate(MAX_NAMES);
    names.extend((more > 0).then(|| i18n.plural(&texts.and_more, more)));
    names.join(texts.list_separator)
}
