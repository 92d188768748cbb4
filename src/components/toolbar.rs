//! The filters above the list: search, role, campaign and order. Status is in `status_filter`, and the period
//! in `period_filter`.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    campaign::Campaign,
    query::{Query, SEARCH_CHARACTERS},
    role::Role,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::{Sort, SortKey},
    texts::fill,
};

use super::{
    active_filters::Outcome,
    choice::{ChoiceOption, Choices, Value},
    icon::Cross,
    list::KeyedList,
    status_filter::StatusFilter,
};
use crate::{
    browser::HeightObserver,
    context::{Shared, focus_node, memo_text, use_shared},
};

/// The search and the filters. It stays in sight while the list scrolls. On a narrow screen all but the
/// search is in a sheet that a button opens.
#[component]
pub fn Toolbar() -> impl IntoView {
    let Shared {
        state, i18n, focus, ..
    } = use_shared();
    let texts = i18n.texts;
    let label = move || match state.query().with(Query::filters_set) {
        0 => texts.filters.to_owned(),
        set => fill(texts.filters_set, &[("count", &i18n.count(set))]),
    };
    let show = move || i18n.plural(&texts.show_found, state.page().total);
    // Explanations show on hover and focus, until Escape or until the focus moves.
    let is_quiet = RwSignal::new(false);
    track_height(focus.toolbar);
    view! {
        <div
            class="rh-toolbar"
            part="filters"
            node_ref=focus.toolbar
            data-quiet=move || is_quiet.get().then_some("true")
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    is_quiet.set(true);
                }
            }
            on:focusin=move |_| is_quiet.set(false)
        >
            <div class="rh-filters">
                <Search/>
                <button
                    class="rh-button rh-filters-toggle"
                    type="button"
                    popovertarget="rh-filters"
                    prop:textContent=memo_text(label)
                />
                <div class="rh-sheet" id="rh-filters" popover="auto" role="group" aria-label=texts.filters>
                    <div class="rh-sheet-header">
                        <h2 class="rh-sheet-title">{texts.filters}</h2>
                        <button
                            class="rh-button rh-button-icon"
                            type="button"
                            aria-label=texts.close_filters
                            popovertarget="rh-filters"
                            popovertargetaction="hide"
                        >
                            <Cross/>
                        </button>
                    </div>
                    <div class="rh-sheet-body">
                        <RoleFilter/>
                        <CampaignFilter/>
                        <Order/>
                        <StatusFilter/>
                    </div>
                    <div class="rh-sheet-footer">
                        <button
                            class="rh-button rh-button-primary"
                            type="button"
                            popovertarget="rh-filters"
                            popovertargetaction="hide"
                            prop:textContent=memo_text(show)
                        />
                    </div>
                </div>
            </div>
            <Outcome/>
        </div>
    }
}

/// Keeps the height of the toolbar in a custom property of the list: the head of the table sticks below it, and the
/// list comes into view below it. Not of the page: when such a property changes, the browser computes all styles inside
/// of its element again.
fn track_height(toolbar: NodeRef<html::Div>) {
    let focus = use_shared().focus;
    let observer = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(toolbar) = toolbar.get() else {
            return;
        };
        let report = move |height: i32| {
            if let Some(rows) = focus.rows.get_untracked() {
                let _ = (*rows)
                    .style()
                    .set_property("--_toolbar", &format!("{height}px"));
            }
        };
        observer.set_value(HeightObserver::new(&toolbar, report));
    });
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
            // The placeholder may be cut on a phone.
            title=i18n.texts.search
            maxlength=SEARCH_CHARACTERS.to_string()
            autocomplete="off"
            spellcheck="false"
            node_ref=focus.search
            on:input:target=move |event| {
                let text = event.target().value();
                state.choose(|query| query.set_search(&text));
            }
            on:change=move |_| state.settle()
        />
    }
}

/// Keeps an input's value up to date. `prop:value` would set it on each change of the query: that moves the
/// cursor while the user types, and clears a date that is only partly entered.
pub fn sync_value(input: NodeRef<html::Input>, value: impl Fn() -> String + 'static) {
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
            <option
                value=value
                prop:selected=move || is_chosen(Some(&campaign))
                prop:textContent=memo_text(label)
            />
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
        view! { <option value=order_value(sort) prop:selected=is_chosen>{label}</option> }
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
