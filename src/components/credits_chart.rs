//! Rewarded credits over time, as a chart whose bars choose their period.

use core::time::Duration;

use leptos::{ev, html, prelude::*};
use referral_history_core::{
    dates::DateField,
    locale::DateForm,
    roving::Row,
    series::{Interval, Series, in_sight},
    summary::Credits,
    texts::fill,
    time::Date,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::credits_table::{Undated, period, with_unknown};
use crate::{
    context::{Shared, focus, focus_child, is_modified, memo_text, use_shared},
    i18n::I18n,
    panic_hook::{effect, on_window},
};

/// How long after its drawing the chart looks which bars are in sight.
const LOOKED_AFTER: Duration = Duration::from_millis(50);

/// The bar that is the chart's stop of the keyboard.
const STOP: &str = ".rh-slot[tabindex='0']";
/// The bar that has the focus.
const FOCUSED: &str = ".rh-slot:focus";

/// The chart with its axes, and the number of rewards without a plausible date.
#[component]
pub fn CreditsChart(series: Memo<Option<Series>>) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let chart = NodeRef::<html::Div>::new();
    // The first day of the bar that had the focus last. A filter may draw other bars.
    let last = StoredValue::new(state.query().with_untracked(|query| match query.by {
        DateField::Created => None,
        DateField::Rewarded => query.dates.ordered().from,
    }));
    // Not the memo itself, which would keep a subscriber for each bar that was ever drawn.
    let (drawn, draw) = signal(series.get_untracked());
    effect(move || draw.set(series.get()));
    // A filter mostly changes how high the bars are, not which there are: then they stay, with the focus.
    let axis = Memo::new(move |_| {
        drawn.with(|series| {
            let series = series.as_ref()?;
            let starts = series.slots.iter().map(|(start, _)| *start);
            Some((series.interval, starts.collect::<Vec<_>>()))
        })
    });
    let content = move || match axis.get() {
        None => view! { <p class="rh-muted">{i18n.texts.no_rewards}</p> }.into_any(),
        Some((_, starts)) if starts.is_empty() => ().into_any(),
        Some((interval, starts)) => {
            let had_focus = chart
                .get_untracked()
                .is_some_and(|chart| matches!(chart.query_selector(FOCUSED), Ok(Some(_))));
            view! { <Plot series=drawn interval starts last had_focus/> }.into_any()
        }
    };
    let undated = Memo::new(move |_| {
        drawn.with(|series| series.as_ref().map_or(0, |series| series.undated.rewards))
    });
    view! {
        <div class="rh-chart" node_ref=chart>
            {move || content()}
            {move || view! { <Undated rewards=undated.get()/> }}
        </div>
    }
}

/// Where the bars are, and which of them the user is at.
#[derive(Clone, Copy)]
struct Bars {
    /// The position of the bar that is the stop of the keyboard.
    stop: RwSignal<usize>,
    /// The bar below the pointer.
    hovered: RwSignal<Option<usize>>,
    /// The bar that has the focus, or was tapped.
    focused: RwSignal<Option<usize>>,
    /// The first day of the bar that had the focus last.
    last: StoredValue<Option<Date>>,
    /// The first and the last bar that are in sight.
    first_in_sight: RwSignal<usize>,
    last_in_sight: RwSignal<usize>,
}

impl Bars {
    /// Updates which of `count` bars are in sight.
    fn look(self, scroller: &HtmlElement, count: usize) {
        let size = |size: i32| size.unsigned_abs();
        // Negative where the bars run from right to left.
        let start = size(scroller.scroll_left());
        let (length, window) = (size(scroller.scroll_width()), size(scroller.client_width()));
        let (first, last) = in_sight(count, length, start, window);
        self.first_in_sight.set(first);
        self.last_in_sight.set(last);
    }
}

/// What the bars stand for.
#[derive(Clone, Copy)]
struct Figures {
    series: ReadSignal<Option<Series>>,
    interval: Interval,
    /// The first day of each bar.
    starts: StoredValue<Vec<Date>>,
}

impl Figures {
    /// The first day of a bar.
    fn start(self, position: usize) -> Option<Date> {
        self.starts
            .with_value(|starts| starts.get(position).copied())
    }

    /// The credits of a bar, and its height in thousandths of the scale. Reactive.
    fn bar(self, position: usize) -> (Credits, i64) {
        self.series.with(|series| {
            let series = series.as_ref();
            let bar = series.and_then(|series| {
                let (_, credits) = series.slots.get(position)?;
                Some((*credits, series.part(credits.sum)))
            });
            bar.unwrap_or_default()
        })
    }

    /// What a bar stands for, in a sentence. Reactive.
    fn name(self, i18n: I18n, position: usize) -> Option<String> {
        let (credits, _) = self.bar(position);
        Some(name(i18n, self.interval, self.start(position)?, credits))
    }
}

/// The bars with both axes, and what one of them says.
///
/// The bars are one stop of the keyboard. They are at least as wide as a finger needs, so they scroll where
/// they do not fit. A text above them says what the bar says that has the pointer or the focus; assistive
/// technology reads the same as the bar's name.
#[component]
fn Plot(
    series: ReadSignal<Option<Series>>,
    interval: Interval,
    /// The first day of each bar.
    starts: Vec<Date>,
    last: StoredValue<Option<Date>>,
    /// Whether a bar had the focus when this chart replaced another one.
    had_focus: bool,
) -> impl IntoView {
    let Shared {
        state,
        i18n,
        is_overview_open,
        ..
    } = use_shared();
    let count = starts.len();
    let stop = series.with_untracked(|series| {
        let series = series.as_ref();
        series.map_or(0, |series| series.position(last.get_value()))
    });
    let (scroller, slots) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let bars = Bars {
        stop: RwSignal::new(stop),
        hovered: RwSignal::new(None),
        focused: RwSignal::new(None),
        last,
        first_in_sight: RwSignal::new(0),
        last_in_sight: RwSignal::new(count.saturating_sub(1)),
    };
    Effect::new(move |drawn: Option<()>| {
        // What is not shown cannot be scrolled.
        is_overview_open.track();
        let Some(scroller) = scroller.get() else {
            return;
        };
        let has_focus = had_focus && drawn.is_none();
        let show = move || {
            show_stop(&scroller, has_focus);
            bars.look(&scroller, count);
        };
        if has_focus {
            show();
        } else {
            // Once the browser has laid the page out for its own sake: to ask for places before makes it do
            // so twice, with all rows that the same choice has changed.
            state.run_after(LOOKED_AFTER, show);
        }
    });
    let look = move || {
        if let Some(scroller) = scroller.get_untracked() {
            bars.look(&scroller, count);
        }
    };
    on_window(ev::resize, move |_| look());
    let row = Row {
        length: count,
        is_rtl: i18n.texts.dir == "rtl",
        wraps: false,
    };
    let starts = StoredValue::new(starts);
    let figures = Figures {
        series,
        interval,
        starts,
    };
    let bar = |position| {
        let start = figures.start(position)?;
        Some(view! { <Bar figures position start bars/> })
    };
    let below = move || {
        series.with(|series| {
            let series = series.as_ref();
            series.map_or(0, |series| series.part(series.lowest))
        })
    };
    view! {
        <div class="rh-plot" style:--below=move || below().to_string()>
            <Scale series/>
            <div
                class="rh-scroller"
                // Not a stop of the keyboard of its own.
                tabindex="-1"
                node_ref=scroller
                on:pointerleave=move |_| bars.hovered.set(None)
                on:scroll=move |_| look()
            >
                <div class="rh-bars" style:--count=count.to_string()>
                    <Tip figures count bars/>
                    <div
                        class="rh-slots"
                        role="group"
                        aria-labelledby="rh-chart"
                        node_ref=slots
                        on:keydown=move |event| {
                            let position = row.after_key(&event.key(), bars.stop.get_untracked());
                            if let Some(position) = position.filter(|_| !is_modified(&event)) {
                                event.prevent_default();
                                focus_child(slots, position);
                                if let Some(scroller) = scroller.get_untracked() {
                                    reveal_focused(&scroller);
                                }
                            }
                        }
                    >
                        {(0..count).map(bar).collect_view()}
                    </div>
                </div>
            </div>
            <Axis figures bars/>
        </div>
    }
}

/// Scrolls the bars so that the stop of the keyboard is in the middle, or at the end; focuses it if it is
/// the successor of a bar that had the focus.
fn show_stop(scroller: &HtmlElement, has_focus: bool) {
    let Ok(Some(stop)) = scroller.query_selector(STOP) else {
        return;
    };
    let stop: &HtmlElement = stop.unchecked_ref();
    if has_focus {
        focus(stop);
    }
    let gap = scroller.client_width() - stop.offset_width();
    scroller.set_scroll_left(stop.offset_left() - gap / 2);
}

/// Scrolls until the bar that has the focus is in sight as a whole. The browser is content with a part.
fn reveal_focused(scroller: &HtmlElement) {
    let Ok(Some(bar)) = scroller.query_selector(FOCUSED) else {
        return;
    };
    let bar: &HtmlElement = bar.unchecked_ref();
    let (start, window) = (scroller.scroll_left(), scroller.client_width());
    let (left, right) = (bar.offset_left(), bar.offset_left() + bar.offset_width());
    if left < start {
        scroller.set_scroll_left(left);
    } else if right > start + window {
        scroller.set_scroll_left(right - window);
    }
}

/// The highest and the lowest value. Zero has no label: it has a line.
#[component]
fn Scale(series: ReadSignal<Option<Series>>) -> impl IntoView {
    let i18n = use_shared().i18n;
    let label = move |value: fn(&Series) -> i64| {
        let value = series.with(|series| series.as_ref().map_or(0, value));
        (value != 0).then(|| i18n.number(value))
    };
    view! {
        <div class="rh-scale" aria-hidden="true">
            <span prop:textContent=memo_text(move || label(|series| series.highest))/>
            <span prop:textContent=memo_text(move || label(|series| series.lowest))/>
        </div>
    }
}

/// One bar, which narrows the page to its period, or shows all periods again. Without rewards it is a dot.
#[component]
fn Bar(figures: Figures, position: usize, start: Date, bars: Bars) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let dates = figures.interval.dates(start);
    let is_pressed = move || state.query().with(|query| query.has_rewards_of(dates));
    let is_included = move || {
        let included = state.query().with(|query| query.includes_rewards_of(dates));
        included.map(|included| included.to_string())
    };
    // What it shows changes less often than the series does.
    let shown = Memo::new(move |_| figures.bar(position));
    let credits = move || shown.get().0;
    let unknown = move || match credits() {
        Credits { unknown: 0, .. } => None,
        credits if credits.is_unknown() => Some("all"),
        _ => Some("some"),
    };
    let enter = move || {
        bars.stop.set(position);
        bars.focused.set(Some(position));
        bars.last.set_value(Some(start));
    };
    view! {
        <button
            class="rh-slot"
            type="button"
            aria-label=move || name(i18n, figures.interval, start, credits())
            aria-pressed=move || is_pressed().to_string()
            tabindex=move || if bars.stop.get() == position { "0" } else { "-1" }
            data-included=move || is_included()
            data-empty=move || (credits().rewards == 0).then_some("")
            on:focus=move |_| enter()
            on:blur=move |_| bars.focused.set(None)
            on:pointerenter=move |_| bars.hovered.set(Some(position))
            on:click=move |event| {
                // Safari does not focus a button that is pressed.
                if let Some(bar) = event.current_target() {
                    focus(bar.unchecked_ref());
                }
                state.choose(|query| query.toggle_rewards_of(dates));
            }
        >
            <span
                class="rh-column"
                data-negative=move || (credits().sum < 0).then_some("")
                data-unknown=move || unknown()
                style:--height=move || shown.get().1.to_string()
            ></span>
        </button>
    }
}

/// What the bar says that has the pointer or the focus, above it.
#[component]
fn Tip(figures: Figures, count: usize, bars: Bars) -> impl IntoView {
    let i18n = use_shared().i18n;
    let position = move || bars.hovered.get().or(bars.focused.get());
    let text = move || figures.name(i18n, position()?);
    // The middle of the bar, in thousandths of the axis.
    let at = move || (position().unwrap_or_default() * 2 + 1) * 500 / count.max(1);
    view! {
        <div class="rh-tip-line" aria-hidden="true" style:--at=move || at().to_string()>
            {move || text().map(|text| view! { <span class="rh-tip">{text}</span> })}
        </div>
    }
}

/// The labels of the first and the last bar that are in sight.
#[component]
fn Axis(figures: Figures, bars: Bars) -> impl IntoView {
    let i18n = use_shared().i18n;
    let form = match figures.interval {
        Interval::Day | Interval::Week => DateForm::Day,
        Interval::Month => DateForm::Month,
    };
    let label = move |position: usize| Some(i18n.date(figures.start(position)?, form));
    let last = move || {
        let last = bars.last_in_sight.get();
        // One bar has one label.
        (last > bars.first_in_sight.get())
            .then(|| label(last))
            .flatten()
    };
    view! {
        <div class="rh-axis" aria-hidden="true">
            <span prop:textContent=memo_text(move || label(bars.first_in_sight.get()))/>
            <span prop:textContent=memo_text(move || last())/>
        </div>
    }
}

/// What a bar stands for: "Mar 2026: 10,000 credits from 2 rewards, 1 of unknown amount".
fn name(i18n: I18n, interval: Interval, start: Date, credits: Credits) -> String {
    let texts = i18n.texts;
    let period = period(i18n, interval, start);
    let rewards = || i18n.plural(&texts.rewards, credits.rewards);
    if credits.rewards == 0 {
        fill(texts.bar_empty, &[("period", &period)])
    } else if credits.is_unknown() {
        fill(
            texts.bar_unknown,
            &[("period", &period), ("rewards", &rewards())],
        )
    } else {
        let known = fill(
            texts.bar,
            &[
                ("period", &period),
                ("credits", &i18n.credits(credits)),
                ("rewards", &rewards()),
            ],
        );
        with_unknown(i18n, known, credits)
    }
}
