//! The figures above the table.

use leptos::prelude::*;
use referral_history_core::{summary::Summary as Figures, texts::fill};

use super::icon::Chevron;
use crate::{
    context::{Shared, use_shared},
    i18n::I18n,
};

/// A text that keeps the height of its line before the first response.
const PLACEHOLDER: &str = "\u{a0}";

/// Four figures of the loaded events, and the scope of the figures.
#[component]
pub fn Summary() -> impl IntoView {
    let shared = use_shared();
    let Shared { state, i18n, .. } = shared;
    let texts = i18n.texts;
    let figures = Memo::new(move |_| state.summary());
    view! {
        <section class="rh-summary" part="summary" aria-label=texts.summary>
            <dl class="rh-figures">
                <Figure
                    figures=figures
                    name=texts.credits_earned
                    value=|i18n, figures| i18n.credits_figure(figures.credits)
                    note=credits_note
                />
                <Figure
                    figures=figures
                    name=texts.in_progress
                    value=|i18n, figures| i18n.count(figures.in_progress)
                    note=|i18n, figures| i18n.plural(&i18n.texts.of_events, figures.events)
                />
                <Figure
                    figures=figures
                    name=texts.rewarded_share
                    value=rewarded_share
                    note=ended_note
                />
                <ExpiringSoon figures=figures/>
            </dl>
            <p class="rh-caption">{move || scope(shared, figures.get())}</p>
        </section>
    }
}

/// One figure: its name, its value and a note. Before the first response the value is empty, not zero.
#[component]
fn Figure(
    figures: Memo<Figures>,
    name: &'static str,
    value: fn(I18n, Figures) -> String,
    note: fn(I18n, Figures) -> String,
) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let text = move |text: fn(I18n, Figures) -> String| match state.generation() {
        0 => PLACEHOLDER.to_owned(),
        _ => text(i18n, figures.get()),
    };
    view! {
        <div class="rh-card rh-figure" part="figure">
            <dt class="rh-figure-name">{name}</dt>
            <dd class="rh-figure-value">{move || text(value)}</dd>
            <dd class="rh-figure-note">{move || text(note)}</dd>
        </div>
    }
}

fn credits_note(i18n: I18n, figures: Figures) -> String {
    let rewards = i18n.plural(&i18n.texts.from_rewards, figures.credits.rewards);
    match i18n.rewards_unknown(figures.credits) {
        Some(unknown) => [rewards, unknown].join(i18n.texts.list_separator),
        None => rewards,
    }
}

fn rewarded_share(i18n: I18n, figures: Figures) -> String {
    match figures.ended {
        0 => i18n.texts.missing.to_owned(),
        ended => i18n.percent(figures.rewarded, ended),
    }
}

fn ended_note(i18n: I18n, figures: Figures) -> String {
    if figures.ended == 0 {
        return i18n.texts.none_ended.to_owned();
    }
    let rewarded = i18n.count(figures.rewarded);
    let ended = i64::try_from(figures.ended).unwrap_or(i64::MAX);
    i18n.plural_of(&i18n.texts.of_ended, ended, &[("rewarded", &rewarded)])
}

/// The number of open referrals that expire soon. The figure is a button that filters by them.
#[component]
fn ExpiringSoon(figures: Memo<Figures>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let is_chosen = move || state.query().with(|query| query.expiring_soon);
    let count = move || figures.with(|figures| figures.expiring_soon);
    let toggle = move |_| {
        let chosen = untrack(is_chosen);
        if chosen || untrack(count) > 0 {
            state.choose(|query| query.set_expiring_soon(!chosen));
        }
    };
    let value = move || match state.generation() {
        0 => PLACEHOLDER.to_owned(),
        _ => i18n.count(count()),
    };
    view! {
        <div class="rh-card rh-figure" part="figure">
            <dt class="rh-figure-name" id="rh-expiring-name">{texts.expiring_soon}</dt>
            <dd class="rh-figure-value">
                <button
                    class="rh-figure-button"
                    type="button"
                    aria-labelledby="rh-expiring-name rh-expiring-value rh-expiring-note"
                    aria-pressed=move || is_chosen().to_string()
                    aria-disabled=move || (count() == 0 && !is_chosen()).then_some("true")
                    on:click=toggle
                >
                    <span id="rh-expiring-value">{move || value()}</span>
                </button>
                <Chevron forwards=true/>
            </dd>
            <dd class="rh-figure-note" id="rh-expiring-note">{texts.within_7_days}</dd>
        </div>
    }
}

/// Which events the figures include.
fn scope(shared: Shared, figures: Figures) -> String {
    let Shared { state, i18n, .. } = shared;
    let loaded = state
        .shown()
        .with(|shown| shown.as_ref().map(|shown| shown.records.len()));
    match loaded {
        Some(loaded) if loaded != figures.events => fill(
            i18n.texts.figures_of_some,
            &[
                ("count", &i18n.count(figures.events)),
                ("total", &i18n.count(loaded)),
            ],
        ),
        // All that was loaded needs no words.
        _ => PLACEHOLDER.to_owned(),
    }
}
