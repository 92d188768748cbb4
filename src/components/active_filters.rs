//! What the filters leave, and which are set.

use leptos::{html, prelude::*};
use referral_history_core::{
    dates::{DateField, Dates, Period},
    locale::DateForm,
    query::Query,
    sanitize::{CELL_CHARACTERS, sanitize},
    texts::fill,
    time::Date,
};

use super::{icon::Cross, list::keep_focus, toolbar::ClearFilters};
use crate::{
    context::{Shared, focus_node, memo_text, use_shared},
    i18n::I18n,
};

/// The most filters that are named. A shared link can set any number of statuses.
const MAX_NAMES: usize = 12;

/// A filter that is set.
#[derive(Clone)]
pub struct ActiveFilter {
    /// Its name, which differs from those of the others.
    pub name: String,
    /// The choices without it.
    without: Query,
}

/// The filters that are set.
pub fn active_filters(query: &Query, i18n: I18n, today: Date) -> Vec<ActiveFilter> {
    let texts = i18n.texts;
    let mut filters = Vec::new();
    let mut add = |name: String, clear: &dyn Fn(&mut Query)| {
        let mut without = query.clone();
        clear(&mut without);
        filters.push(ActiveFilter {
            name: sanitize(&name, CELL_CHARACTERS),
            without,
        });
    };
    let search = query.search.trim();
    if !search.is_empty() {
        let search = sanitize(search, CELL_CHARACTERS);
        add(fill(texts.searched, &[("text", &search)]), &|query| {
            query.set_search("");
        });
    }
    if let Some(role) = &query.role {
        add(texts.role(role).to_owned(), &|query| query.set_role(None));
    }
    for status in &query.statuses {
        add(texts.status(status).to_owned(), &|query| {
            query.set_status(status.clone(), false);
        });
    }
    if query.expiring_soon {
        add(texts.expiring_soon.to_owned(), &|query| {
            query.set_expiring_soon(false);
        });
    }
    if !query.dates.is_any() {
        add(period_name(query, i18n, today), &|query| {
            query.set_dates(Dates::default());
        });
    }
    if let Some(campaign) = &query.campaign {
        add(i18n.campaign(campaign), &|query| query.set_campaign(None));
    }
    filters
}

/// The names of the filters that are set, for a sentence.
pub fn names(query: &Query, i18n: I18n, today: Date) -> String {
    let filters = active_filters(query, i18n, today);
    let more = filters.len().saturating_sub(MAX_NAMES);
    let mut names: Vec<String> = filters
        .into_iter()
        .take(MAX_NAMES)
        .map(|filter| filter.name)
        .collect();
    names.extend((more > 0).then(|| i18n.plural(&i18n.texts.and_more, more)));
    names.join(i18n.texts.list_separator)
}

/// "Last month, by date rewarded"; "from 1 Mar 2026, to 5 Mar 2026".
fn period_name(query: &Query, i18n: I18n, today: Date) -> String {
    let texts = i18n.texts;
    let day = |text: &str, date: Option<Date>| {
        date.map(|date| fill(text, &[("date", &i18n.date(date, DateForm::Day))]))
    };
    let dates = query.dates.ordered();
    let period = match Period::of(dates, today) {
        Period::ThisMonth => vec![texts.this_month.to_owned()],
        Period::LastMonth => vec![texts.last_month.to_owned()],
        Period::LastDays(days) => {
            vec![i18n.plural_of(&texts.last_days, days.cast_signed(), &[])]
        }
        Period::Any | Period::Chosen => day(texts.dates_from, dates.from)
            .into_iter()
            .chain(day(texts.dates_to, dates.to))
            .collect(),
    };
    let by = match query.by {
        DateField::Created => None,
        DateField::Rewarded => Some(texts.by_rewarded.to_owned()),
    };
    let parts: Vec<String> = period.into_iter().chain(by).collect();
    parts.join(texts.list_separator)
}

/// How many referrals match, the filters that are set, each with a button that removes it, and what the
/// status means if one is chosen. The line keeps its height, so that nothing moves when the first is set.
#[component]
pub fn Outcome() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let texts = i18n.texts;
    let found = move || {
        let Some(loaded) = state.loaded_count() else {
            return "\u{a0}".to_owned();
        };
        let found = state.page().total;
        if found == loaded {
            return i18n.plural(&texts.choice_events, loaded);
        }
        let loaded = i64::try_from(loaded).unwrap_or(i64::MAX);
        i18n.plural_of(&texts.found_of, loaded, &[("found", &i18n.count(found))])
    };
    let chips = NodeRef::<html::Span>::new();
    let filters = move || {
        if let Some(chips) = chips.get_untracked() {
            keep_focus(&chips);
        }
        let today = state.today();
        let mut filters = state
            .query()
            .with(|query| active_filters(query, i18n, today));
        filters.truncate(MAX_NAMES);
        filters
    };
    let chip = move |filter: ActiveFilter| {
        let label = fill(texts.remove_filter, &[("name", &filter.name)]);
        let name = filter.name.clone();
        let remove = move |_| {
            let today = untrack(|| state.today());
            let filters = state
                .query()
                .with_untracked(|query| active_filters(query, i18n, today));
            if filters.len() == 1 {
                // The button is removed with the last filter.
                focus_node(focus.search);
            }
            // The other choices may have changed since the chip was rendered.
            if let Some(now) = filters.into_iter().find(|filter| filter.name == name) {
                state.choose(|query| *query = now.without);
            }
        };
        view! {
            <button class="rh-set" type="button" title=label.clone() aria-label=label on:click=remove>
                <bdi>{filter.name}</bdi>
                <Cross/>
            </button>
        }
    };
    // A memo, so that the button is not rendered again, and keeps the focus, while choices change.
    let is_filtered = Memo::new(move |_| state.query().with(Query::is_filtered));
    let meaning = move || {
        state.query().with(|query| match &*query.statuses {
            [status] => Some(texts.why(Some(status)).short),
            _ => None,
        })
    };
    view! {
        <div class="rh-outcome">
            <span class="rh-found" prop:textContent=memo_text(found)/>
            <span class="rh-sets" node_ref=chips>
                <For each=filters key=|filter| filter.name.clone() children=chip/>
            </span>
            {move || {
                is_filtered
                    .get()
                    .then(|| {
                        view! { <ClearFilters label=texts.clear_filters class="rh-button rh-button-quiet"/> }
                    })
            }}
            {move || {
                meaning().map(|meaning| view! { <p class="rh-meaning" title=meaning>{meaning}</p> })
            }}
        </div>
    }
}
