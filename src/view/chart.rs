//! Rewarded credits over time.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    series::{Interval, Series, Slot},
    summary::Credits,
    texts::fill,
    time::Date,
};

use super::{ids::Ids, words::Words};
use crate::{
    dom::{Element, element, part},
    state::History,
};

/// The chart, and its numbers as a table.
pub fn chart(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let series = Memo::new(move |_| history.series());
    let title = element("h2", "rh-card-title")
        .set("id", ids.of("chart"))
        .text(texts.credits_over_time)
        .text(" ")
        .child(element("span", "rh-title-note").live(move || {
            series.with(|series| {
                let drawn = series.as_ref().filter(|series| !series.slots.is_empty());
                drawn.map_or_else(String::new, |series| by(words, series.interval))
            })
        }));
    let picture = part(move || {
        series.with(|series| match series {
            Some(series) => {
                let drawn = !series.slots.is_empty();
                let picture = drawn.then(|| [plot(words, series), axis(words, series)]);
                let undated = series.undated.rewards;
                let undated = (undated > 0).then(|| {
                    let text = words.plural(&texts.rewards_undated, undated);
                    element("p", "rh-figure-note").text(text)
                });
                picture.into_iter().flatten().chain(undated).collect()
            }
            // Before there is an answer nobody knows whether there are rewards.
            None if history.generation() == 0 => Vec::new(),
            None => vec![element("p", "rh-muted").text(texts.no_rewards)],
        })
    });
    // Made when it is first opened: most never look.
    let is_open = RwSignal::new(false);
    let table = part(move || {
        let numbers = is_open.get().then(|| series.get()).flatten();
        numbers.map(|series| numbers_table(words, ids, &series))
    });
    let has_no_numbers = move || {
        let is_empty = |series: &Option<Series>| {
            let series = series.as_ref();
            series.is_none_or(|series| series.slots.is_empty())
        };
        history.generation() > 0 && series.with(is_empty)
    };
    // Hidden rather than gone, since whoever opened it finds it open again.
    let numbers = element("details", "rh-numbers")
        .is("hidden", has_no_numbers)
        .on("toggle", move |event| {
            is_open.set(crate::dom::is_open(event));
        })
        .child(element("summary", "").text(texts.numbers))
        .child(table);
    element("section", "rh-card")
        .set("part", "chart")
        .set("aria-labelledby", ids.of("chart"))
        .flag("data-pending", move || history.generation() == 0)
        .child(title)
        .child(element("div", "rh-chart").child(picture))
        .child(numbers)
}

fn by(words: Words, interval: Interval) -> String {
    let texts = words.texts;
    let by = match interval {
        Interval::Day => texts.by_day,
        Interval::Week => texts.by_week,
        Interval::Month => texts.by_month,
        Interval::Year => texts.by_year,
    };
    by.to_owned()
}

/// The bars. A picture to those who see it; the table says the same to all.
fn plot(words: Words, series: &Series) -> Element {
    let bar = |slot: &Slot| match slot {
        Slot::Gap => element("div", "rh-slot rh-slot-gap").set("title", words.texts.chart_gap),
        Slot::Interval(start, credits) => {
            let slot = element("div", "rh-slot").set(
                "title",
                description(words, series.interval, *start, *credits),
            );
            if credits.rewards == 0 {
                return slot.set("data-empty", "");
            }
            let sum = credits.sum.unwrap_or(i64::MAX).max(0);
            // In thousandths, without a number on the way that is larger than numbers can be.
            let height = match sum.checked_mul(1_000) {
                Some(thousandths) => thousandths / series.highest,
                None => sum / (series.highest / 1_000).max(1),
            };
            let height = u32::try_from(height).unwrap_or(1_000).min(1_000);
            slot.child(element("div", "rh-column").style("--height", height))
        }
    };
    element("div", "rh-plot")
        .set("aria-hidden", "true")
        .child(element("span", "rh-highest").text(words.number(series.highest)))
        .child(element("div", "rh-slots").children(series.slots.iter().map(bar)))
}

/// What the ends of the axis stand for.
fn axis(words: Words, series: &Series) -> Element {
    let intervals = series.slots.iter().filter_map(|slot| match slot {
        Slot::Interval(start, _) => Some(*start),
        Slot::Gap => None,
    });
    let form = match series.interval {
        Interval::Day | Interval::Week => DateForm::Day,
        Interval::Month => DateForm::Month,
        Interval::Year => DateForm::Year,
    };
    let label = |start: Option<Date>| {
        let text = start.map_or_else(String::new, |start| words.date(start, form));
        element("span", "").text(text)
    };
    element("div", "rh-axis")
        .set("aria-hidden", "true")
        .child(label(intervals.clone().next()))
        .child(label(intervals.skip(1).last()))
}

fn numbers_table(words: Words, ids: Ids, series: &Series) -> Element {
    let texts = words.texts;
    let heading = |text: &'static str| element("th", "").set("scope", "col").text(text);
    let row = |slot: &Slot| match slot {
        Slot::Interval(start, credits) if credits.rewards > 0 => Some(
            element("tr", "")
                .child(element("th", "").set("scope", "row").text(period(
                    words,
                    series.interval,
                    *start,
                )))
                .child(element("td", "").text(words.count(credits.rewards)))
                .child(element("td", "").text(sum(words, *credits))),
        ),
        Slot::Interval(..) | Slot::Gap => None,
    };
    element("div", "rh-scroll")
        .set("tabindex", "0")
        .set("role", "group")
        .set("aria-label", texts.numbers)
        .child(
            element("table", "rh-small-table")
                .set("aria-labelledby", ids.of("chart"))
                .child(
                    element("thead", "").child(
                        element("tr", "")
                            .child(heading(texts.period))
                            .child(heading(texts.column_rewards))
                            .child(heading(texts.column_credits)),
                    ),
                )
                .child(element("tbody", "").children(series.slots.iter().filter_map(row))),
        )
}

/// A sum, and what is not in it.
pub fn sum(words: Words, credits: Credits) -> String {
    let sum = words.credits_figure(credits);
    match words.rewards_unknown(credits) {
        Some(unknown) => [sum, unknown].join(words.texts.list_separator),
        None => sum,
    }
}

fn period(words: Words, interval: Interval, start: Date) -> String {
    let date = |form| words.date(start, form);
    match interval {
        Interval::Day => date(DateForm::Day),
        Interval::Week => fill(words.texts.week_of, &[("date", &date(DateForm::Day))]),
        Interval::Month => date(DateForm::Month),
        Interval::Year => date(DateForm::Year),
    }
}

fn description(words: Words, interval: Interval, start: Date, credits: Credits) -> String {
    fill(
        words.texts.bar,
        &[
            ("period", &period(words, interval, start)),
            ("credits", &words.credits(credits)),
            (
                "rewards",
                &words.plural(&words.texts.rewards, credits.rewards),
            ),
        ],
    )
}
