//! The figures above the table. Each is a filter by what it counts.

use leptos::prelude::*;
use referral_history_core::{
    query::Query,
    status::{Family, Status},
    summary::Summary as Figures,
};

use crate::{
    context::{Shared, memo_text, use_shared},
    i18n::I18n,
};

/// A text that keeps the height of its line before the first response.
const PLACEHOLDER: &str = "\u{a0}";

/// A figure, and what it is a filter for.
struct Figure {
    /// The prefix of its ids.
    id: &'static str,
    name: &'static str,
    value: fn(I18n, Figures) -> String,
    note: fn(I18n, Figures) -> String,
    is_chosen: fn(&Query) -> bool,
    toggle: fn(&mut Query),
    /// Whether the filter would leave nothing.
    is_none: fn(Figures) -> bool,
}

/// The figures of the loaded referrals.
#[component]
pub fn Summary() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let figures = Memo::new(move |_| state.summary());
    let listed = [
        Figure {
            id: "rh-earned",
            name: texts.credits_earned,
            value: |i18n, figures| i18n.credits_figure(figures.credits),
            note: credits_note,
            is_chosen: |query| query.has_statuses(&[Status::Rewarded]),
            toggle: |query| query.toggle_statuses(&[Status::Rewarded]),
            is_none: |figures| figures.credits.rewards == 0,
        },
        Figure {
            id: "rh-progress",
            name: texts.in_progress,
            value: |i18n, figures| i18n.count(figures.in_progress),
            note: |i18n, figures| i18n.plural(&i18n.texts.of_events, figures.events),
            is_chosen: |query| query.has_statuses(&Family::InProgress.statuses()),
            toggle: |query| query.toggle_statuses(&Family::InProgress.statuses()),
            is_none: |figures| figures.in_progress == 0,
        },
        Figure {
            id: "rh-success",
            name: texts.rewarded_share,
            value: success_rate,
            note: ended_note,
            is_chosen: |query| query.has_statuses(&Status::ended()),
            toggle: |query| query.toggle_statuses(&Status::ended()),
            is_none: |figures| figures.ended == 0,
        },
        Figure {
            id: "rh-expiring",
            name: texts.expiring_soon,
            value: |i18n, figures| i18n.count(figures.expiring_soon),
            note: |i18n, _| i18n.texts.within_7_days.to_owned(),
            is_chosen: |query| query.expiring_soon,
            toggle: |query| query.set_expiring_soon(!query.expiring_soon),
            is_none: |figures| figures.expiring_soon == 0,
        },
    ];
    view! {
        <section part="summary" aria-label=texts.summary>
            <dl class="rh-figures">
                {listed.map(|figure| view! { <FigureCard figure figures/> })}
            </dl>
        </section>
    }
}

/// One figure: its name, its value and a note. Before the first response the value is empty, and of an
/// incomplete period it is a dash: neither is zero.
#[component]
fn FigureCard(figure: Figure, figures: Memo<Figures>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let Figure {
        id,
        name,
        value,
        note,
        is_chosen,
        toggle,
        is_none,
    } = figure;
    let text = move |text: fn(I18n, Figures) -> String, incomplete: &str| {
        if state.generation() == 0 {
            PLACEHOLDER.to_owned()
        } else if state.is_incomplete() {
            incomplete.to_owned()
        } else {
            text(i18n, figures.get())
        }
    };
    let is_chosen = move || state.query().with(is_chosen);
    let is_disabled = move || figures.with(|figures| is_none(*figures)) && !is_chosen();
    let press = move |_| {
        if !untrack(is_disabled) {
            state.choose(toggle);
        }
    };
    let [name_id, value_id, note_id] =
        ["name", "value", "note"].map(|part| [id, "-", part].concat());
    let names = [&*name_id, &*value_id, &*note_id].join(" ");
    view! {
        <div class="rh-card rh-figure" part="figure">
            <dt class="rh-figure-name" id=name_id>{name}</dt>
            <dd class="rh-figure-value">
                <button
                    class="rh-figure-button"
                    type="button"
                    aria-labelledby=names
                    aria-pressed=move || is_chosen().to_string()
                    aria-disabled=move || is_disabled().then_some("true")
                    on:click=press
                >
                    <span id=value_id translate="no" prop:textContent=memo_text(move || text(value, i18n.texts.missing))/>
                </button>
            </dd>
            <dd class="rh-figure-note" id=note_id prop:textContent=memo_text(move || text(note, PLACEHOLDER))/>
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

fn success_rate(i18n: I18n, figures: Figures) -> String {
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
