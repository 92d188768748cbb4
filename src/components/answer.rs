//! The answer to what users come with: what they earned, what can still come, what is about to expire.

use leptos::prelude::*;
use referral_history_core::{
    dates::{DateField, Dates, Period},
    locale::DateForm,
    query::Query,
    status::{Family, Status},
    summary::Summary as Figures,
    texts::{Plural, fill, join_sentences, space_after},
    time::Date,
};

use crate::{
    context::{Shared, memo_text, use_shared},
    i18n::I18n,
    state::ReferralState,
};

/// Stands for the number of a sentence while its text is filled in. Texts do not contain it.
const NUMBER: &str = "\u{e000}";

/// A sentence in three parts: the one in the middle is its number.
#[derive(Clone, Debug, PartialEq)]
struct Sentence {
    before: String,
    number: String,
    after: String,
}

impl Sentence {
    /// Splits a text at [`NUMBER`], which stands for `number`.
    fn new(text: &str, number: String) -> Self {
        let (before, after) = text.split_once(NUMBER).unwrap_or((text, ""));
        Self {
            before: before.to_owned(),
            number,
            after: after.to_owned(),
        }
    }

    fn whole(&self) -> String {
        [&*self.before, &*self.number, &*self.after].concat()
    }
}

/// The sentences below the title. Each number narrows the page to what it counts.
#[component]
pub fn Answer() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let figures = Memo::new(move |_| (state.generation() > 0).then(|| state.summary()));
    let counted = move || figures.get().filter(|_| !state.is_incomplete());
    let earned = Memo::new(move |_| earned(i18n, state, counted()?));
    let open = Memo::new(move |_| {
        let count = counted()?.in_progress;
        (count > 0).then(|| counting(i18n, &i18n.texts.answer_open, count))
    });
    let expiring = Memo::new(move |_| {
        let count = counted()?.expiring_soon;
        (count > 0).then(|| counting(i18n, &i18n.texts.answer_expiring, count))
    });
    let is_chosen = move |statuses: Vec<Status>| {
        Signal::derive(move || state.query().with(|query| query.has_statuses(&statuses)))
    };
    let toggle = move |family: Family| {
        Callback::new(move |()| state.choose(|query| query.toggle_statuses(&family.statuses())))
    };
    let is_expiring = Signal::derive(move || state.query().with(|query| query.expiring_soon));
    let caveat = move || {
        if state.generation() == 0 {
            // Keeps the line, so that nothing moves when the answer comes.
            return "\u{a0}".to_owned();
        }
        caveat(i18n, state, figures.get()).unwrap_or_default()
    };
    view! {
        <p class="rh-answer">
            <Number
                sentence=earned
                is_chosen=is_chosen(Family::Rewarded.statuses())
                press=toggle(Family::Rewarded)
            />
            <Number
                sentence=open
                is_chosen=is_chosen(Family::InProgress.statuses())
                press=toggle(Family::InProgress)
            />
            <Number
                sentence=expiring
                is_chosen=is_expiring
                press=Callback::new(move |()| {
                    state.choose(|query| query.set_expiring_soon(!query.expiring_soon));
                })
            />
            <span prop:textContent=memo_text(caveat)/>
        </p>
    }
}

/// A sentence with a number that is a button. It stays in the document while it says nothing, so that the
/// focus stays.
#[component]
fn Number(
    sentence: Memo<Option<Sentence>>,
    is_chosen: Signal<bool>,
    press: Callback<()>,
) -> impl IntoView {
    let part = move |part: fn(&Sentence) -> &str| {
        sentence.with(|sentence| sentence.as_ref().map(|sentence| part(sentence).to_owned()))
    };
    let whole = move || sentence.with(|sentence| sentence.as_ref().map(Sentence::whole));
    let after = move || {
        let after = part(|sentence| &sentence.after)?;
        Some(after + space_after(&whole()?))
    };
    // A number of nothing narrows to nothing.
    let has_number = move || {
        sentence.with(|sentence| {
            let sentence = sentence.as_ref();
            sentence.is_some_and(|sentence| !sentence.number.is_empty())
        })
    };
    view! {
        <span hidden=move || sentence.with(Option::is_none)>
            <span prop:textContent=memo_text(move || part(|sentence| &sentence.before))/>
            <button
                class="rh-number"
                type="button"
                hidden=move || !has_number()
                aria-label=whole
                aria-pressed=move || is_chosen.get().to_string()
                on:click=move |_| press.run(())
                prop:textContent=memo_text(move || part(|sentence| &sentence.number))
            />
            <span prop:textContent=memo_text(after)/>
        </span>
    }
}

/// "{count} can still pay off."
fn counting(i18n: I18n, text: &Plural, count: usize) -> Sentence {
    let number = i18n.count(count);
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Sentence::new(&i18n.plural_of(text, count, &[("count", NUMBER)]), number)
}

/// What was earned in the chosen period.
fn earned(i18n: I18n, state: ReferralState, figures: Figures) -> Option<Sentence> {
    let texts = i18n.texts;
    let query = state.query().get();
    let period = period_phrase(i18n, state, &query);
    let credits = figures.credits;
    if credits.is_unknown() {
        // The amounts are missing or unreadable, which the caveat says.
        return None;
    }
    let (nothing, some) = match (&period, query.by) {
        (None, _) => (texts.answer_nothing, &texts.answer_earned),
        (Some(_), DateField::Rewarded) => (texts.answer_nothing_in, &texts.answer_earned_in),
        (Some(_), DateField::Created) => {
            (texts.answer_nothing_created, &texts.answer_earned_created)
        }
    };
    let period = period.unwrap_or_default();
    if credits.rewards == 0 {
        let text = fill(nothing, &[("period", &period)]);
        return Some(Sentence::new(&text, String::new()));
    }
    let rewards = i64::try_from(credits.rewards).unwrap_or(i64::MAX);
    let text = i18n.plural_of(some, rewards, &[("credits", NUMBER), ("period", &period)]);
    Some(Sentence::new(&text, i18n.credits(credits)))
}

/// What the figures do not include, and why.
fn caveat(i18n: I18n, state: ReferralState, figures: Option<Figures>) -> Option<String> {
    let texts = i18n.texts;
    // A text with the day of the oldest event.
    let with_oldest = |text: &str| {
        let date = i18n.date(state.oldest_loaded()?, DateForm::Day);
        Some(fill(text, &[("date", &date)]))
    };
    if state.is_incomplete() {
        let dated = with_oldest(texts.incomplete_period);
        return dated.or_else(|| Some(texts.incomplete_undated.to_owned()));
    }
    let unknown = figures.map_or(0, |figures| figures.credits.unknown);
    let unknown = (unknown > 0).then(|| i18n.plural(&texts.answer_unknown, unknown));
    let by_reward = state.query().with(|query| query.by == DateField::Rewarded);
    let older = by_reward
        .then(|| with_oldest(texts.older_rewards))
        .flatten();
    let loaded = state.loaded_count().unwrap_or_default();
    let partial = figures
        .filter(|figures| figures.events != loaded)
        .map(|figures| {
            let [count, total] = [figures.events, loaded].map(|count| i18n.count(count));
            fill(
                texts.figures_of_some,
                &[("count", &count), ("total", &total)],
            )
        });
    let caveat = join_sentences([unknown, older, partial].into_iter().flatten());
    (!caveat.is_empty()).then_some(caveat)
}

/// The chosen period as a part of a sentence: "in October"; `None` for all days.
fn period_phrase(i18n: I18n, state: ReferralState, query: &Query) -> Option<String> {
    let texts = i18n.texts;
    let dates = query.dates.ordered();
    let today = state.today();
    let day = |date: Date| i18n.date(date, DateForm::Day);
    let period = match (Period::of(dates, today), dates) {
        (Period::Any, _) => return None,
        (Period::LastDays(days), _) => i18n.plural_of(&texts.in_last_days, days.cast_signed(), &[]),
        (
            _,
            Dates {
                from: Some(from),
                to: Some(to),
            },
        ) => {
            if dates == Dates::month(from) {
                fill(texts.in_month, &[("month", &i18n.month(from, today))])
            } else if from == to {
                fill(texts.on_day, &[("date", &day(from))])
            } else {
                fill(texts.between, &[("from", &day(from)), ("to", &day(to))])
            }
        }
        (
            _,
            Dates {
                from: Some(from), ..
            },
        ) => fill(texts.since_day, &[("date", &day(from))]),
        (_, Dates { to: Some(to), .. }) => fill(texts.until_day, &[("date", &day(to))]),
        (_, Dates { .. }) => return None,
    };
    Some(period)
}
