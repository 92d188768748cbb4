//! Lists with nothing in them.

use leptos::prelude::*;
use referral_history_core::{
    display::{CELL_CHARACTERS, inert},
    locale::DateForm,
    query::Query,
    texts::fill,
    time::Date,
};

use super::ask_button::AskButton;
use crate::{
    context::{Shared, use_shared},
    state::Face,
    words::Words,
};

/// The most filters that are named where none of the events matches.
const MOST_NAMES: usize = 12;

/// Says why there are no rows where there could be some.
#[component]
pub fn EmptyNotice() -> impl IntoView {
    let Shared {
        state,
        words,
        focus,
        ..
    } = use_shared();
    let texts = words.texts;
    let load_again = move || {
        view! {
            <AskButton
                id="rh-load"
                label=texts.load
                node_ref=NodeRef::new()
                is_enabled=Signal::stored(true)
                stays_focusable=false
                press=Callback::new(move |()| {
                    // The button goes; the focus stays on what does the same.
                    focus.focus_refresh();
                    state.refresh();
                })
            />
        }
        .into_any()
    };
    let show_all = move || {
        view! {
            <button
                class="rh-button"
                type="button"
                on:click=move |_| {
                    focus.focus_search();
                    state.choose(Query::clear_filters);
                }
            >
                {texts.show_all}
            </button>
        }
        .into_any()
    };
    let notice = move || {
        let (title, meaning, way_back) = match state.face().get() {
            Face::Cleared => (
                texts.cleared_title,
                texts.cleared_meaning.to_owned(),
                Some(load_again()),
            ),
            Face::Empty => (texts.empty_title, texts.empty_meaning.to_owned(), None),
            Face::NothingReadable => (
                texts.nothing_readable_title,
                texts.nothing_readable_meaning.to_owned(),
                None,
            ),
            Face::NoMatch => {
                let filters = state.query().with(|query| filters_text(query, words));
                let meaning = fill(texts.no_match_meaning, &[("filters", &filters)]);
                (texts.no_match_title, meaning, Some(show_all()))
            }
            Face::Skeleton | Face::Failure | Face::Rows => return None,
        };
        let notice = view! {
            <section class="rh-nothing" part="notice" aria-labelledby="rh-nothing">
                <h2 class="rh-notice-title" id="rh-nothing">{title}</h2>
                <p>{meaning}</p>
                {way_back}
            </section>
        };
        Some(notice.into_any())
    };
    view! { {move || notice()} }
}

/// The filters that are set, by name.
fn filters_text(query: &Query, words: Words) -> String {
    let texts = words.texts;
    let search = query.search.trim();
    let bound = |text: &str, date: Option<Date>| {
        date.map(|date| fill(text, &[("date", &words.date(date, DateForm::Day))]))
    };
    let mut names: Vec<String> = Vec::new();
    if !search.is_empty() {
        let search = inert(search, CELL_CHARACTERS);
        names.push(fill(texts.searched, &[("text", &search)]));
    }
    let role = query.role.iter().map(|role| texts.role(role));
    let statuses = query.statuses.iter().map(|status| texts.status(status));
    names.extend(
        role.chain(statuses)
            .map(|name| inert(name, CELL_CHARACTERS)),
    );
    names.extend(query.expiring_soon.then(|| texts.expiring_soon.to_owned()));
    names.extend(bound(texts.dates_from, query.dates.from));
    names.extend(bound(texts.dates_to, query.dates.to));
    names.extend(
        query
            .campaign
            .iter()
            .map(|campaign| words.campaign(campaign)),
    );
    // A link may name fifty statuses.
    let more = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    names.extend((more > 0).then(|| words.plural(&texts.and_more, more)));
    names.join(texts.list_separator)
}
