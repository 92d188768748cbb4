//! Rewarded credits over time.

use core::time::Duration;

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    series::{Interval, Series},
    summary::Credits,
    texts::fill,
    time::Date,
};

use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
};

/// The chart, and its numbers as a table.
#[component]
pub fn CreditsChart() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    // After the rows, which are what a user waits for: its place is kept until then.
    let is_drawn = RwSignal::new(false);
    Effect::new(move || {
        if state.generation() > 0 && !is_drawn.get_untracked() {
            let owner = Owner::current().unwrap_or_default();
            request_animation_frame(move || {
                owner.with(|| state.later(Duration::ZERO, move || is_drawn.set(true)))
            });
        }
    });
    let series = Memo::new(move |_| is_drawn.get().then(|| state.series()).flatten());
    let interval = move || {
        series.with(|series| {
            let drawn = series.as_ref().filter(|series| !series.slots.is_empty());
            drawn.map(|series| by(i18n, series.interval))
        })
    };
    let picture = move || match series.get() {
        Some(series) => view! { <Picture series=series/> }.into_any(),
        // Before there is an answer nobody knows whether there are rewards.
        None if !is_drawn.get() => ().into_any(),
        None => view! { <p class="rh-muted">{texts.no_rewards}</p> }.into_any(),
    };
    view! {
        <section
            class="rh-card"
            part="chart"
            aria-labelledby="rh-chart"
            data-pending=move || (!is_drawn.get()).then_some("true")
        >
            <h2 class="rh-card-title" id="rh-chart">
                {texts.credits_over_time}
                " "
                <span class="rh-title-note">{move || interval()}</span>
            </h2>
            <div class="rh-chart">{move || picture()}</div>
            <Numbers series=series is_drawn=is_drawn/>
        </section>
    }
}

fn by(i18n: I18n, interval: Interval) -> &'static str {
    let texts = i18n.texts;
    match interval {
        Interval::Day => texts.by_day,
        Interval::Week => texts.by_week,
        Interval::Month => texts.by_month,
        Interval::Year => texts.by_year,
    }
}

/// The bars with their axis, and how many rewards have no plausible date.
#[component]
fn Picture(series: Series) -> impl IntoView {
    let i18n = use_shared().i18n;
    let undated = series.undated.rewards;
    let undated = (undated > 0).then(|| {
        let text = i18n.plural(&i18n.texts.rewards_undated, undated);
        view! { <p class="rh-figure-note">{text}</p> }
    });
    let drawn = (!series.slots.is_empty()).then(|| {
        view! {
            <Plot series=series.clone()/>
            <Axis series=series.clone()/>
        }
    });
    view! {
        {drawn}
        {undated}
    }
}

/// The bars. A picture to those who see it; the table says the same to all.
#[component]
fn Plot(series: Series) -> impl IntoView {
    let i18n = use_shared().i18n;
    let bar = |(start, credits): &(Date, Credits)| {
        let title = description(i18n, series.interval, *start, *credits);
        let is_empty = credits.rewards == 0;
        let column = (!is_empty).then(|| {
            let height = height(*credits, series.highest);
            view! { <div class="rh-column" style:--height=height.to_string()></div> }
        });
        view! {
            <div class="rh-slot" title=title data-empty=is_empty.then_some("")>
                {column}
            </div>
        }
    };
    view! {
        <div class="rh-plot" aria-hidden="true">
            <span class="rh-highest">{i18n.number(series.highest)}</span>
            <div class="rh-slots">{series.slots.iter().map(bar).collect_view()}</div>
        </div>
    }
}

/// How high a bar is, in thousandths of the highest.
fn height(credits: Credits, highest: i64) -> i64 {
    credits.sum.max(0) * 1_000 / highest
}

/// What the ends of the axis stand for.
#[component]
fn Axis(series: Series) -> impl IntoView {
    let i18n = use_shared().i18n;
    let mut starts = series.slots.iter().map(|(start, _)| *start);
    let form = match series.interval {
        Interval::Day | Interval::Week => DateForm::Day,
        Interval::Month => DateForm::Month,
        Interval::Year => DateForm::Year,
    };
    let label = |start: Option<Date>| start.map(|start| i18n.date(start, form));
    let (first, last) = (starts.next(), starts.next_back());
    view! {
        <div class="rh-axis" aria-hidden="true">
            <span>{label(first)}</span>
            <span>{label(last)}</span>
        </div>
    }
}

/// The numbers behind the bars, in a table that opens. Hidden rather than gone while there are none,
/// since whoever opened it finds it open again.
#[component]
fn Numbers(
    series: Memo<Option<Series>>,
    /// Whether the chart is there, or nothing could be drawn.
    is_drawn: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_shared().i18n;
    // The table is made when it is first opened: most never look.
    let is_open = RwSignal::new(false);
    let has_no_numbers = move || {
        let is_empty = |series: &Option<Series>| {
            let series = series.as_ref();
            series.is_none_or(|series| series.slots.is_empty())
        };
        is_drawn.get() && series.with(is_empty)
    };
    let table = move || {
        let series = is_open.get().then(|| series.get()).flatten();
        series.map(|series| view! { <NumbersTable series=series/> })
    };
    view! {
        <details
            class="rh-numbers"
            prop:hidden=move || has_no_numbers()
            on:toggle:target=move |event| is_open.set(event.target().open())
        >
            <summary>{i18n.texts.numbers}</summary>
            {move || table()}
        </details>
    }
}

/// A row for each interval with rewards.
#[component]
fn NumbersTable(series: Series) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let row = |(start, credits): &(Date, Credits)| {
        (credits.rewards > 0).then(|| {
            view! {
                <tr>
                    <th scope="row">{period(i18n, series.interval, *start)}</th>
                    <td>{i18n.count(credits.rewards)}</td>
                    <td>{sum(i18n, *credits)}</td>
                </tr>
            }
        })
    };
    view! {
        <div class="rh-scroll" tabindex="0" role="group" aria-label=texts.numbers>
            <table class="rh-small-table" aria-labelledby="rh-chart">
                <thead>
                    <tr>
                        <th scope="col">{texts.period}</th>
                        <th scope="col">{texts.column_rewards}</th>
                        <th scope="col">{texts.column_credits}</th>
                    </tr>
                </thead>
                <tbody>{series.slots.iter().filter_map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A sum, and what is not in it.
pub fn sum(i18n: I18n, credits: Credits) -> String {
    let sum = i18n.credits_figure(credits);
    match i18n.rewards_unknown(credits) {
        Some(unknown) => [sum, unknown].join(i18n.texts.list_separator),
        None => sum,
    }
}

fn period(i18n: I18n, interval: Interval, start: Date) -> String {
    let date = |form| i18n.date(start, form);
    match interval {
        Interval::Day => date(DateForm::Day),
        Interval::Week => fill(i18n.texts.week_of, &[("date", &date(DateForm::Day))]),
        Interval::Month => date(DateForm::Month),
        Interval::Year => date(DateForm::Year),
    }
}

fn description(i18n: I18n, interval: Interval, start: Date, credits: Credits) -> String {
    fill(
        i18n.texts.bar,
        &[
            ("period", &period(i18n, interval, start)),
            ("credits", &i18n.credits(credits)),
            (
                "rewards",
                &i18n.plural(&i18n.texts.rewards, credits.rewards),
            ),
        ],
    )
}
