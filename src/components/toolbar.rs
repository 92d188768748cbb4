//! The filters over the loaded events: search, role, dates and campaign. Status is in `status_filter`.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    campaign::Campaign,
    dates::{Dates, LAST_DAYS},
    query::{Query, SEARCH_CHARACTERS},
    role::Role,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::{Sort, SortKey},
    texts::fill,
    time::{Date, date_from_iso, iso_date},
};

use super::{
    choice::{ChoiceOption, Choices, Value},
    list::KeyedList,
};
use crate::context::{Shared, focus_node, use_shared};

/// The search, the filters and the button that clears them. On a narrow screen a button shows and hides
/// all but the search.
#[component]
pub fn Toolbar() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let is_open = RwSignal::new(false);
    let label = move || match state.query().with(Query::filters_set) {
        0 => texts.filters.to_owned(),
        set => fill(texts.filters_set, &[("count", &i18n.count(set))]),
    };
    view! {
        <div class="rh-filters" part="filters">
            <Search/>
            <button
                class="rh-button rh-filters-toggle"
                type="button"
                aria-controls="rh-filters"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {move || label()}
            </button>
            <div
                class="rh-more"
                id="rh-filters"
                data-open=move || is_open.get().then_some("true")
            >
                <RoleFilter/>
                <DateFilter/>
                <CampaignFilter/>
                <Order/>
            </div>
            <Outcome/>
        </div>
    }
}

/// The number of matching events, and the button that clears the filters. The line keeps its height, so
/// that nothing moves when the button appears.
#[component]
fn Outcome() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let count = move || match state.generation() {
        0 => "\u{a0}".to_owned(),
        _ => i18n.plural(&i18n.texts.choice_events, state.page().total),
    };
    // A memo, so that the button is not rendered again, and keeps the focus, while choices change.
    let is_filtered = Memo::new(move |_| state.query().with(Query::is_filtered));
    view! {
        <div class="rh-outcome">
            <span>{move || count()}</span>
            {move || is_filtered.get().then(|| view! { <ClearFilters label=i18n.texts.clear_filters class="rh-button rh-button-quiet"/> })}
        </div>
    }
}

/// A button that clears all filters.
#[component]
pub fn ClearFilters(label: &'static str, class: &'static str) -> impl IntoView {
    let Shared { state, focus, .. } = use_shared();
    let clear = move |_| {
        // The button is removed with the last filter, so the focus moves to the search.
        focus_node(focus.search);
        state.choose(Query::clear_filters);
    };
    view! {
        <button class=class type="button" on:click=clear>
            {label}
        </button>
    }
}

/// The search input, which filters as the user types.
#[component]
fn Search() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    sync_value(focus.search, move || {
        state.query().with(|query| query.search.clone())
    });
    view! {
        <input
            class="rh-input rh-search"
            type="search"
            aria-label=i18n.texts.search
            placeholder=i18n.texts.search
            maxlength=SEARCH_CHARACTERS.to_string()
            autocomplete="off"
            spellcheck="false"
            node_ref=focus.search
            on:input:target=move |event| {
                let text = event.target().value();
                state.choose(|query| query.set_search(&text));
            }
        />
    }
}

/// Keeps an input's value up to date. `prop:value` would set it on each change of the query: that moves the
/// cursor while the user types, and clears a date that is only partly entered.
fn sync_value(input: NodeRef<html::Input>, value: impl Fn() -> String + 'static) {
    Effect::new(move |_| {
        let value = value();
        if let Some(input) = input.get()
            && input.value() != value
        {
            input.set_value(&value);
        }
    });
}

/// One role, or all.
#[component]
fn RoleFilter() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let choices = Choices::new(state, |state| {
        let choices = state.role_choices().into_iter();
        choices.map(|choice| choice.map(Value::Role)).collect()
    });
    let segments = NodeRef::<html::Div>::new();
    let make = move |key| {
        let Some(Value::Role(role)) = choices.value(key) else {
            return ().into_any();
        };
        let known = role.as_ref();
        let label = known.map_or(texts.all_roles, |role| texts.role(role));
        let word = known.map_or("all", Role::as_str);
        let (shown, chosen) = (role.clone(), role.clone());
        let is_chosen = move || state.query().with(|query| query.role == shown);
        let choose = move |_| state.choose(|query| query.set_role(chosen.clone()));
        view! {
            <ChoiceOption
                kind="radio"
                key=key
                value=word.to_owned()
                label=sanitize(label, CELL_CHARACTERS)
                status=None
                events=choices.events(Value::Role(role))
                is_chosen=Signal::derive(is_chosen)
                choose=Callback::new(choose)
            />
        }
        .into_any()
    };
    // In a form: Chromium leaks radio buttons that are removed from the document without one, with all
    // elements around them.
    view! {
        <form class="rh-form" on:submit=move |event| event.prevent_default()>
            <fieldset class="rh-fieldset" aria-labelledby="rh-role" role="radiogroup">
                <legend class="rh-legend" id="rh-role">{texts.role}</legend>
                <div class="rh-segments" node_ref=segments>
                    <KeyedList keys=choices.keys() make=Arc::new(make) within=segments/>
                </div>
            </fieldset>
        </form>
    }
}

/// An option of the date range list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    Any,
    Last(u64),
    Chosen,
}

impl Range {
    fn value(self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Last(days) => days.to_string(),
            Self::Chosen => "dates".to_owned(),
        }
    }
}

/// The filter by creation date: the last days, or a range.
#[component]
fn DateFilter() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    // Whether the user has chosen to enter dates; the dates may still be empty.
    let is_choosing = RwSignal::new(false);
    // Hide the inputs when the dates are cleared elsewhere, but not when the user empties an input.
    let is_entered = StoredValue::new(false);
    Effect::new(move |had_dates: Option<bool>| {
        let has_dates = state.query().with(|query| !query.dates.is_any());
        if had_dates == Some(true) && !has_dates && !is_entered.get_value() {
            is_choosing.set(false);
        }
        is_entered.set_value(false);
        has_dates
    });
    let range = Memo::new(move |_| {
        let dates = state.query().with(|query| query.dates);
        let mut last = LAST_DAYS.into_iter();
        if is_choosing.get() {
            Range::Chosen
        } else if dates.is_any() {
            Range::Any
        } else if let Some(days) = last.find(|days| Dates::last(*days, state.today()) == dates) {
            Range::Last(days)
        } else {
            Range::Chosen
        }
    });
    let option = move |option: Range| {
        let label = match option {
            Range::Any => texts.any_date.to_owned(),
            Range::Last(days) => i18n.plural_of(&texts.last_days, days.cast_signed(), &[]),
            Range::Chosen => texts.choose_dates.to_owned(),
        };
        view! {
            <option value=option.value() prop:selected=move || range.get() == option>{label}</option>
        }
    };
    let choose = move |value: &str| {
        is_choosing.set(value == Range::Chosen.value());
        if !is_choosing.get_untracked() {
            let today = untrack(|| state.today());
            let days = value.parse().ok();
            let dates = days.map_or_else(Dates::default, |days| Dates::last(days, today));
            state.choose(|query| query.set_dates(dates));
        }
    };
    let last = LAST_DAYS.into_iter().map(Range::Last);
    let ranges = [Range::Any].into_iter().chain(last).chain([Range::Chosen]);
    let is_hidden = Signal::derive(move || range.get() != Range::Chosen);
    view! {
        <div class="rh-dates">
            <select
                class="rh-select"
                aria-label=texts.date
                on:change:target=move |event| choose(&event.target().value())
            >
                {ranges.map(option).collect_view()}
            </select>
            <Day name=texts.from bound=|dates| &mut dates.from is_hidden=is_hidden is_entered=is_entered/>
            <Day name=texts.to bound=|dates| &mut dates.to is_hidden=is_hidden is_entered=is_entered/>
        </div>
    }
}

/// One end of a range of days.
#[component]
fn Day(
    name: &'static str,
    /// The bound of the range.
    bound: fn(&mut Dates) -> &mut Option<Date>,
    is_hidden: Signal<bool>,
    /// Set when the user changes the input.
    is_entered: StoredValue<bool>,
) -> impl IntoView {
    let state = use_shared().state;
    let input = NodeRef::<html::Input>::new();
    sync_value(input, move || {
        let mut dates = state.query().with(|query| query.dates);
        bound(&mut dates).map_or_else(String::new, iso_date)
    });
    let enter = move |value: &str| {
        is_entered.set_value(true);
        state.choose(|query| {
            let mut dates = query.dates;
            *bound(&mut dates) = date_from_iso(value);
            query.set_dates(dates);
        });
    };
    // Has its own name: WebKit would include the input's text in the name from the label.
    view! {
        <label class="rh-day" prop:hidden=move || is_hidden.get()>
            <span>{name}</span>
            <input
                class="rh-input"
                type="date"
                aria-label=name
                node_ref=input
                on:change:target=move |event| enter(&event.target().value())
            />
        </label>
    }
}

/// One campaign, none, or any.
#[component]
fn CampaignFilter() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let choices = Choices::new(state, |state| {
        let choices = state.campaign_choices().into_iter();
        choices.map(|choice| choice.map(Value::Campaign)).collect()
    });
    // The option's value. The prefix keeps a campaign named "none" apart from "No campaign".
    let value = |campaign: &Campaign| match campaign {
        Campaign::None => "none".to_owned(),
        Campaign::Named(name) => format!("={name}"),
    };
    let is_chosen = move |campaign: Option<&Campaign>| {
        state
            .query()
            .with(|query| query.campaign.as_ref() == campaign)
    };
    let make = move |key| {
        let Some(Value::Campaign(campaign)) = choices.value(key) else {
            return ().into_any();
        };
        let name = i18n.campaign(&campaign);
        let events = choices.events(Value::Campaign(campaign.clone()));
        let value = value(&campaign);
        let label = move || match events.get() {
            Some(events) => fill(
                texts.counted,
                &[("name", &name), ("count", &i18n.count(events))],
            ),
            None => name.clone(),
        };
        view! {
            <option value=value prop:selected=move || is_chosen(Some(&campaign))>
                {move || label()}
            </option>
        }
        .into_any()
    };
    let choose = move |chosen: &str| {
        let campaign = match chosen {
            "" => None,
            "none" => Some(Campaign::None),
            named => named
                .strip_prefix('=')
                .map(|name| Campaign::Named(name.to_owned())),
        };
        state.choose(|query| query.set_campaign(campaign));
    };
    view! {
        <select
            class="rh-select rh-campaign"
            aria-label=texts.campaign
            on:change:target=move |event| choose(&event.target().value())
        >
            <option value="" prop:selected=move || is_chosen(None)>{texts.any_campaign}</option>
            <KeyedList keys=choices.keys() make=Arc::new(make)/>
        </select>
    }
}

/// The order as a list. On a narrow screen it replaces the sortable headings.
#[component]
fn Order() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let option = move |sort: Option<Sort>| {
        let label = sort.map_or_else(|| texts.default_order.to_owned(), |sort| i18n.order(sort));
        let is_chosen = move || state.query().with(|query| query.sort == sort);
        view! { <option value=order_value(sort) prop:selected=move || is_chosen()>{label}</option> }
    };
    let choose = move |chosen: &str| {
        let sort = orders().find(|sort| order_value(*sort) == chosen).flatten();
        state.choose(|query| query.set_sort(sort));
    };
    view! {
        <select
            class="rh-select rh-order"
            aria-label=texts.sort_by
            on:change:target=move |event| choose(&event.target().value())
        >
            {orders().map(option).collect_view()}
        </select>
    }
}

/// The API's order, and the two orders of each key.
fn orders() -> impl Iterator<Item = Option<Sort>> {
    let keys = SortKey::ALL.into_iter();
    let sorts = keys.flat_map(|key| [true, false].map(|descending| Some(Sort { key, descending })));
    core::iter::once(None).chain(sorts)
}

fn order_value(sort: Option<Sort>) -> String {
    sort.map_or_else(String::new, |sort| {
        [if sort.descending { "-" } else { "" }, sort.key.field()].concat()
    })
}
