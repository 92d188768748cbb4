//! The card "Credits over time": a chart, its numbers as a table, and the campaigns, as tabs.

use leptos::{html, prelude::*};
use referral_history_core::{
    roving::Row,
    series::{Interval, Series},
};

use super::{
    campaigns::CampaignTable, credits_chart::CreditsChart, credits_table::CreditsTable,
    credits_table::credits_text,
};
use crate::{
    context::{Shared, focus_child, is_modified, memo_text, use_shared},
    i18n::I18n,
};

/// The tabs, by their position.
const CHART: usize = 0;
const TABLE: usize = 1;
const CAMPAIGNS: usize = 2;

/// The card. Its height depends on nothing in its panel, which scrolls: nothing below moves when the user changes the
/// tab or a filter.
#[component]
pub fn CreditsCard() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let tab = RwSignal::new(CHART);
    let interval = RwSignal::new(None);
    // Drawn after the rows, also where the card was there before them. Its space is reserved until then.
    let is_drawn = RwSignal::new(false);
    Effect::new(move || {
        if state.generation() > 0 && !is_drawn.get_untracked() {
            let painted = state.painted();
            state.spawn(async move {
                painted.await;
                is_drawn.set(true);
            });
        }
    });
    let series = Memo::new(move |_| {
        let series = is_drawn.get().then(|| state.series(interval.get()));
        series.flatten()
    });
    let panel = move || match tab.get() {
        // Before the first response it is unknown whether there are rewards.
        _ if !is_drawn.get() => ().into_any(),
        CHART => view! { <CreditsChart series=series/> }.into_any(),
        TABLE => view! { <CreditsTable series=series/> }.into_any(),
        _ => view! { <CampaignTable/> }.into_any(),
    };
    view! {
        <section
            class="rh-card rh-credits"
            part="chart"
            aria-labelledby="rh-chart"
            data-pending=move || (!is_drawn.get()).then_some("true")
        >
            <div class="rh-credits-head">
                <h2 class="rh-card-title" id="rh-chart">{i18n.texts.credits_over_time}</h2>
                <Total/>
                <Intervals series=series interval=interval tab=tab/>
                <Tabs tab=tab/>
            </div>
            <div
                class="rh-panel"
                id="rh-panel"
                role="tabpanel"
                aria-labelledby=move || tab_id(tab.get())
                // The numbers hold nothing that takes the focus, and must scroll by keyboard.
                tabindex=move || if tab.get() == TABLE { "0" } else { "-1" }
            >
                {move || panel()}
            </div>
        </section>
    }
}

/// The credits of the chosen period.
#[component]
fn Total() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let is_known = move || state.generation() > 0 && !state.is_incomplete();
    let number = move || match state.generation() {
        0 => String::new(),
        _ if state.is_incomplete() => i18n.texts.missing.to_owned(),
        _ => i18n.credits_figure(state.summary().credits),
    };
    // With the number of rewards of unknown amount, which are not in it.
    let hint = move || is_known().then(|| credits_text(i18n, state.summary().credits));
    view! {
        <p class="rh-total" title=hint prop:textContent=memo_text(number)/>
    }
}

/// The choice of how long a time one bar covers. The campaigns have none: there it is hidden, and keeps its
/// place.
#[component]
fn Intervals(
    series: Memo<Option<Series>>,
    /// What the user has chosen.
    interval: RwSignal<Option<Interval>>,
    tab: RwSignal<usize>,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let drawn = move || {
        let drawn = series.with(|series| series.as_ref().map(|series| series.interval));
        drawn.unwrap_or_else(|| finer(state.intervals()))
    };
    let button = move |of: fn([Interval; 2]) -> Interval| {
        let own = move || of(state.intervals());
        view! {
            <button
                class="rh-toggle"
                type="button"
                aria-pressed=move || (drawn() == own()).to_string()
                on:click=move |_| interval.set(Some(untrack(own)))
                prop:textContent=memo_text(move || interval_name(i18n, own()).to_owned())
            />
        }
    };
    view! {
        <div
            class="rh-toggles rh-intervals"
            role="group"
            aria-label=i18n.texts.interval
            data-unused=move || (tab.get() == CAMPAIGNS).then_some("true")
        >
            {button(finer)}
            {button(|[_, coarser]| coarser)}
        </div>
    }
}

fn finer([finer, _]: [Interval; 2]) -> Interval {
    finer
}

fn interval_name(i18n: I18n, interval: Interval) -> &'static str {
    let texts = i18n.texts;
    match interval {
        Interval::Day => texts.interval_day,
        Interval::Week => texts.interval_week,
        Interval::Month => texts.interval_month,
    }
}

/// The list of tabs: one stop of the keyboard. The arrow keys move along it, and choose the tab at once.
#[component]
fn Tabs(tab: RwSignal<usize>) -> impl IntoView {
    let texts = use_shared().i18n.texts;
    let names = [texts.tab_chart, texts.tab_table, texts.tab_campaigns];
    let row = Row {
        length: names.len(),
        is_rtl: texts.dir == "rtl",
        wraps: true,
    };
    let list = NodeRef::<html::Div>::new();
    let button = move |(position, name): (usize, &'static str)| {
        let is_chosen = move || tab.get() == position;
        view! {
            <button
                class="rh-toggle"
                type="button"
                role="tab"
                id=tab_id(position)
                aria-controls="rh-panel"
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| tab.set(position)
            >
                {name}
            </button>
        }
    };
    view! {
        <div
            class="rh-toggles rh-tabs"
            role="tablist"
            aria-labelledby="rh-chart"
            node_ref=list
            on:keydown=move |event| {
                let position = row.after_key(&event.key(), tab.get_untracked());
                if let Some(position) = position.filter(|_| !is_modified(&event)) {
                    event.prevent_default();
                    tab.set(position);
                    focus_child(list, position);
                }
            }
        >
            {names.into_iter().enumerate().map(button).collect_view()}
        </div>
    }
}

fn tab_id(position: usize) -> String {
    format!("rh-tab-{position}")
}
