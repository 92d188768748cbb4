//! The filters over the loaded events: search, role, dates and campaign. Status is in `status_filter`.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    campaign::Campaign,
    column::Column,
    dates::{Dates, LAST_DAYS},
    query::{Query, SEARCH_CHARACTERS},
    role::Role,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::Sort,
    texts::fill,
    time::{Date, date_from_iso, iso_date},
};

use super::{
    choice::{ChoiceOption, Choices, Value},
    list::KeyedList,
};
use crate::context::{Shared, use_shared};

/// The search, the filters, and the way back to all. On a phone all but the search wait behind a button;
/// elsewhere that button is not there.
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

/// What the filters leave, and the way back to all. It keeps its height while there is nothing to
/// clear, so that nothing moves when there is.
#[component]
fn Outcome() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let left = move || match state.generation() {
        0 => "\u{a0}".to_owned(),
        _ => i18n.plural(&i18n.texts.choice_events, state.page().total),
    };
    // A memo: the button stays the same one, and keeps the focus, while choices change.
    let is_filtered = Memo::new(move |_| state.query().with(Query::is_filtered));
    view! {
        <div class="rh-outcome">
            <span>{move || left()}</span>
            {move || is_filtered.get().then(|| view! { <ClearFilters/> })}
        </div>
    }
}

/// Drops all filters.
#[component]
fn ClearFilters() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let clear = move |_| {
        // The button goes with the last filter; the focus must not go with it.
        focus.focus_search();
        state.choose(Query::clear_filters);
    };
    view! {
        <button class="rh-button rh-button-quiet" type="button" on:click=clear>
            {i18n.texts.clear_filters}
        </button>
    }
}

/// Searches as the user types. It takes the focus from what goes with the filters.
#[component]
fn Search() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    show_value(focus.search, move || {
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

/// Has an input show a value. Not by `prop:value`, which sets it whenever it is read anew: that would
/// move the cursor of whoever types, and take away a date of which only the day is entered.
fn show_value(input: NodeRef<html::Input>, value: impl Fn() -> String + 'static) {
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
    // In a form: Chromium keeps radio buttons in memory for good that were in none as they left the
    // document, and all that was around them.
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

/// What the list of date ranges can be set to.
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

/// The days of creation: the last few, or from one to another.
#[component]
fn DateFilter() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    // Somebody who is about to choose dates has not chosen any yet.
    let is_choosing = RwSignal::new(false);
    // When all days are allowed again by anything but emptying the inputs, nobody is choosing any more.
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
    /// Which end it is.
    bound: fn(&mut Dates) -> &mut Option<Date>,
    is_hidden: Signal<bool>,
    /// Set when the user enters or empties the day.
    is_entered: StoredValue<bool>,
) -> impl IntoView {
    let state = use_shared().state;
    let input = NodeRef::<html::Input>::new();
    show_value(input, move || {
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
    // The label stands around the input, and WebKit would take the words in the input into the name:
    // hence its own name.
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
    // What stands for a campaign in the list: a name may be anything.
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

/// The order as a list to choose from, where there are no headings to press: on a phone.
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

/// The API's own order, and each column's two.
fn orders() -> impl Iterator<Item = Option<Sort>> {
    let columns = Column::ALL
        .into_iter()
        .filter(|column| column.is_sortable());
    let sorts = columns
        .flat_map(|column| [true, false].map(|descending| Some(Sort { column, descending })));
    core::iter::once(None).chain(sorts)
}

fn order_value(sort: Option<Sort>) -> String {
    sort.map_or_else(String::new, |sort| {
        [if sort.descending { "-" } else { "" }, sort.column.field()].concat()
    })
}
