//! The period that the page shows, and the date that it goes by.

use leptos::{html, prelude::*};
use referral_history_core::{
    dates::{DateField, Dates, Period},
    time::{Date, date_from_iso, iso_date},
};

use super::toolbar::sync_value;
use crate::context::{Shared, use_shared};

/// The list of periods, the date that they go by, and the inputs for a period of the user's own.
#[component]
pub fn PeriodFilter() -> impl IntoView {
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
    let period = Memo::new(move |_| {
        let dates = state.query().with(|query| query.dates);
        if is_choosing.get() {
            Period::Chosen
        } else {
            Period::of(dates, state.today())
        }
    });
    let option = move |option: Period| {
        let label = match option {
            Period::Any => texts.any_date.to_owned(),
            Period::ThisMonth => texts.this_month.to_owned(),
            Period::LastMonth => texts.last_month.to_owned(),
            Period::LastDays(days) => i18n.plural_of(&texts.last_days, days.cast_signed(), &[]),
            Period::Chosen => texts.choose_dates.to_owned(),
        };
        view! {
            <option value=option.as_str() prop:selected=move || period.get() == option>
                {label}
            </option>
        }
    };
    let choose = move |value: &str| {
        let mut named = Period::NAMED.into_iter();
        let chosen = named.find(|period| period.as_str() == value);
        is_choosing.set(chosen.is_none());
        let today = untrack(|| state.today());
        if let Some(dates) = chosen.and_then(|period| period.dates(today)) {
            state.choose(|query| query.set_dates(dates));
        }
    };
    let is_hidden = Signal::derive(move || period.get() != Period::Chosen);
    // Not while the user types: a year has other values on the way.
    let order = move |_| {
        let dates = state.query().with_untracked(|query| query.dates);
        if dates.ordered() != dates {
            state.choose(|query| query.set_dates(dates.ordered()));
        }
    };
    let periods = Period::NAMED.into_iter().chain([Period::Chosen]);
    view! {
        <div class="rh-period" on:focusout=order>
            <By/>
            <select
                class="rh-select"
                aria-label=texts.period
                on:change:target=move |event| choose(&event.target().value())
            >
                {periods.map(option).collect_view()}
            </select>
            <Day name=texts.from bound=|dates| &mut dates.from is_hidden=is_hidden is_entered=is_entered/>
            <Day name=texts.to bound=|dates| &mut dates.to is_hidden=is_hidden is_entered=is_entered/>
        </div>
    }
}

/// Which date of a referral the period goes by. Not shown without a period.
#[component]
fn By() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let option = move |(field, value, label): (DateField, &'static str, &'static str)| {
        let is_chosen = move || state.query().with(|query| query.by == field);
        view! { <option value=value prop:selected=is_chosen>{label}</option> }
    };
    let choose = move |value: &str| {
        let by = match value {
            "rewarded" => DateField::Rewarded,
            _ => DateField::Created,
        };
        state.choose(|query| query.set_by(by));
    };
    let options = [
        (DateField::Created, "created", texts.by_created),
        (DateField::Rewarded, "rewarded", texts.by_rewarded),
    ];
    view! {
        <select
            class="rh-select rh-by"
            aria-label=texts.by
            // Only not seen: on a wide page it keeps its place beside the period, which would move.
            data-none=move || state.query().with(|query| query.dates.is_any()).then_some("true")
            on:change:target=move |event| choose(&event.target().value())
        >
            {options.map(option)}
        </select>
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
                min=move || state.oldest_loaded().map(iso_date)
                node_ref=input
                on:change:target=move |event| enter(&event.target().value())
            />
        </label>
    }
}
