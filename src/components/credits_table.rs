//! Rewarded credits over time, as a table.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    series::{Interval, Series},
    summary::Credits,
    texts::fill,
    time::Date,
};

use crate::{context::use_shared, i18n::I18n};

/// A row for each interval with rewards, and the number of rewards without a plausible date.
#[component]
pub fn CreditsTable(series: Memo<Option<Series>>) -> impl IntoView {
    let i18n = use_shared().i18n;
    move || match series.get() {
        Some(series) => view! {
            {(!series.slots.is_empty()).then(|| view! { <Rows series=series.clone()/> })}
            <Undated rewards=series.undated.rewards/>
        }
        .into_any(),
        None => view! { <p class="rh-muted">{i18n.texts.no_rewards}</p> }.into_any(),
    }
}

#[component]
fn Rows(series: Series) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let row = |(start, credits): &(Date, Credits)| {
        (credits.rewards > 0).then(|| {
            view! {
                <tr>
                    <th scope="row">{period(i18n, series.interval, *start)}</th>
                    <td>{i18n.count(credits.rewards)}</td>
                    <td>{credits_text(i18n, *credits)}</td>
                </tr>
            }
        })
    };
    view! {
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
    }
}

/// How many rewards are in no interval, because they have no plausible date. Nothing without such rewards.
#[component]
pub fn Undated(rewards: usize) -> impl IntoView {
    let i18n = use_shared().i18n;
    (rewards > 0).then(|| {
        let text = i18n.plural(&i18n.texts.rewards_undated, rewards);
        view! { <p class="rh-figure-note">{text}</p> }
    })
}

/// A sum of credits, and the number of rewards that it does not include.
pub fn credits_text(i18n: I18n, credits: Credits) -> String {
    with_unknown(i18n, i18n.credits_figure(credits), credits)
}

/// A text, and the number of rewards of unknown amount, if there are any.
pub fn with_unknown(i18n: I18n, text: String, credits: Credits) -> String {
    match i18n.rewards_unknown(credits) {
        Some(unknown) => [text, unknown].join(i18n.texts.list_separator),
        None => text,
    }
}

/// The name of the interval that begins on a day: "Mar 2026".
pub fn period(i18n: I18n, interval: Interval, start: Date) -> String {
    let date = |form| i18n.date(start, form);
    match interval {
        Interval::Day => date(DateForm::Day),
        Interval::Week => fill(i18n.texts.week_of, &[("date", &date(DateForm::Day))]),
        Interval::Month => date(DateForm::Month),
    }
}
