//! Rewarded credits over time, as a chart whose bars choose their period.

use core::time::Duration;
use std::sync::Arc;

use leptos::{ev, html, prelude::*};
use referral_history_core::{
    dates::{DateField, Dates},
    locale::DateForm,
    query::Query,
    roving::Row,
    series::{Interval, Series, in_sight},
    summary::Credits,
    texts::fill,
    time::Date,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    credits_table::{Undated, period, with_unknown},
    list::{Key, KeyedList},
};
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
    // The first day of the bar that had the focus last. A filter may draw other bars.
    let last = StoredValue::new(state.query().with_untracked(|query| match query.by {
        DateField::Created => None,
        DateField::Rewarded => query.dates.ordered().from,
    }));
    // Not the memo itself, which would keep a subscriber for each bar that was ever drawn.
    let (drawn, draw) = signal(series.get_untracked());
    effect(move || draw.set(series.get()));
    let has_bars = Memo::new(move |_| {
        drawn.with(|series| series.as_ref().map(|series| !series.slots.is_empty()))
    });
    let content = move || match has_bars.get() {
        None => view! { <p class="rh-muted">{i18n.texts.no_rewards}</p> }.into_any(),
        Some(false) => ().into_any(),
        Some(true) => view! { <Plot series=drawn last/> }.into_any(),
    };
    let undated = Memo::new(move |_| {
        drawn.with(|series| series.as_ref().map_or(0, |series| series.undated.rewards))
    });
    view! {
        <div class="rh-chart">
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

/// What a bar stands for.
#[derive(Clone, Copy, PartialEq)]
struct Figures {
    interval: Interval,
    /// Its first day.
    start: Date,
    credits: Credits,
    /// Its height, in thousandths of the scale.
    height: i64,
}

impl Figures {
    /// What the bar at a position stands for; `None` if there is no such bar. Reactive.
    fn of(series: ReadSignal<Option<Series>>, position: usize) -> Option<Self> {
        series.with(|series| {
            let series = series.as_ref()?;
            let (start, credits) = *series.slots.get(position)?;
            Some(Self {
                interval: series.interval,
                start,
                credits,
                height: series.part(credits.sum),
            })
        })
    }

    /// Its days.
    fn dates(self) -> Dates {
        self.interval.dates(self.start)
    }

    /// What it stands for, in a sentence.
    fn name(self, i18n: I18n) -> String {
        name(i18n, self.interval, self.start, self.credits)
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
    /// The first day of the bar that had the focus last.
    last: StoredValue<Option<Date>>,
) -> impl IntoView {
    let Shared {
        state,
        i18n,
        is_overview_open,
        ..
    } = use_shared();
    let (scroller, slots) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let bars = Bars {
        stop: RwSignal::new(0),
        hovered: RwSignal::new(None),
        focused: RwSignal::new(None),
        last,
        first_in_sight: RwSignal::new(0),
        last_in_sight: RwSignal::new(0),
    };
    // A filter mostly changes how high the bars are, not which there are.
    let starts = Memo::new(move |_| {
        let starts = |series: &Series| series.slots.iter().map(|(start, _)| *start).collect();
        series.with(|series| series.as_ref().map_or_else(Vec::new, starts))
    });
    let count = Memo::new(move |_| starts.with(Vec::len));
    let look = move || {
        if let Some(scroller) = scroller.get_untracked() {
            bars.look(&scroller, count.get_untracked());
        }
    };
    Effect::new(move |before: Option<Vec<Date>>| {
        // What is not shown cannot be scrolled.
        is_overview_open.track();
        let now = starts.get();
        let is_new = before.as_ref() != Some(&now);
        if is_new {
            let stop = series.with_untracked(|series| {
                let series = series.as_ref();
                series.map_or(0, |series| series.position(last.get_value()))
            });
            bars.stop.set(stop);
            bars.hovered.set(None);
            bars.first_in_sight.set(0);
            bars.last_in_sight
                .set(count.get_untracked().saturating_sub(1));
        }
        let has_focus = is_new && bars.focused.get_untracked().is_some();
        let show = move || {
            if let Some(scroller) = scroller.get_untracked() {
                show_stop(&scroller, has_focus);
            }
            look();
        };
        if has_focus {
            // The bars change in this task; a microtask runs after it.
            queue_microtask(show);
        } else {
            // Once the browser has laid the page out for its own sake: to ask for places before makes it do
            // so twice, with all rows that the same choice has changed.
            state.run_after(LOOKED_AFTER, show);
        }
        now
    });
    on_window(ev::resize, move |_| look());
    let row = move || Row {
        length: count.get_untracked(),
        is_rtl: i18n.texts.dir == "rtl",
        wraps: false,
    };
    // By their places: where others are drawn, they stand for other days. None is removed, because the owner of all
    // would keep something of each. Those that are too many are hidden.
    let built = Memo::new(move |built| count.get().max(*built.unwrap_or(&0)));
    let keys = Signal::derive(move || (0..built.get() as Key).collect());
    let bar = move |key: Key| {
        let position = usize::try_from(key).unwrap_or_default();
        view! { <Bar series position bars/> }.into_any()
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
                <div class="rh-bars" style:--count=move || count.get().to_string()>
                    <Tip series count bars/>
                    <div
                        class="rh-slots"
                        role="group"
                        aria-labelledby="rh-chart"
                        node_ref=slots
                        on:keydown=move |event| {
                            let position = row().after_key(&event.key(), bars.stop.get_untracked());
                            if let Some(position) = position.filter(|_| !is_modified(&event)) {
                                event.prevent_default();
                                focus_child(slots, position);
                                if let Some(scroller) = scroller.get_untracked() {
                                    reveal_focused(&scroller);
                                }
                            }
                        }
                    >
                        <KeyedList keys make=Arc::new(bar)/>
                    </div>
                </div>
            </div>
            <Axis series bars/>
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
fn Bar(series: ReadSignal<Option<Series>>, position: usize, bars: Bars) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    // What it shows changes less often than the series does.
    let shown = Memo::new(move |_| Figures::of(series, position));
    // Whether its rewards are what is chosen, and whether they are among what is chosen.
    let choice = Memo::new(move |_| {
        let dates = shown.get()?.dates();
        let of = |query: &Query| {
            (
                query.has_rewards_of(dates),
                query.includes_rewards_of(dates),
            )
        };
        Some(state.query().with(of))
    });
    let is_pressed = move || choice.get().is_some_and(|(is_pressed, _)| is_pressed);
    let is_included = move || {
        let (_, is_included) = choice.get()?;
        is_included.map(|included| included.to_string())
    };
    let credits = move || shown.get().map(|shown| shown.credits).unwrap_or_default();
    let unknown = move || match credits() {
        Credits { unknown: 0, .. } => None,
        credits if credits.is_unknown() => Some("all"),
        _ => Some("some"),
    };
    let enter = move || {
        bars.stop.set(position);
        bars.focused.set(Some(position));
        let start = shown.get_untracked().map(|shown| shown.start);
        bars.last.set_value(start);
    };
    view! {
        <button
            class="rh-slot"
            type="button"
            aria-label=move || shown.get().map(|shown| shown.name(i18n))
            aria-pressed=move || is_pressed().to_string()
            tabindex=move || if bars.stop.get() == position { "0" } else { "-1" }
            data-included=is_included
            data-empty=move || (credits().rewards == 0).then_some("")
            hidden=move || shown.get().is_none()
            on:focus=move |_| enter()
            on:blur=move |_| bars.focused.set(None)
            on:pointerenter=move |_| bars.hovered.set(Some(position))
            on:click=move |event| {
                // Safari does not focus a button that is pressed.
                if let Some(bar) = event.current_target() {
                    focus(bar.unchecked_ref());
                }
                if let Some(dates) = shown.get_untracked().map(Figures::dates) {
                    state.choose(|query| query.toggle_rewards_of(dates));
                }
            }
        >
            <span
                class="rh-column"
                data-negative=move || (credits().sum < 0).then_some("")
                data-unknown=unknown
                style:--height=move || shown.get().map_or(0, |shown| shown.height).to_string()
            ></span>
        </button>
    }
}

/// What the bar says that has the pointer or the focus, above it.
#[component]
fn Tip(series: ReadSignal<Option<Series>>, count: Memo<usize>, bars: Bars) -> impl IntoView {
    let i18n = use_shared().i18n;
    let position = move || bars.hovered.get().or(bars.focused.get());
    let text = move || Some(Figures::of(series, position()?)?.name(i18n));
    // The middle of the bar, in thousandths of the axis.
    let at = move || (position().unwrap_or_default() * 2 + 1) * 500 / count.get().max(1);
    view! {
        <div class="rh-tip-line" aria-hidden="true" style:--at=move || at().to_string()>
            {move || text().map(|text| view! { <span class="rh-tip">{text}</span> })}
        </div>
    }
}

/// The labels of the first and the last bar that are in sight.
#[component]
fn Axis(series: ReadSignal<Option<Series>>, bars: Bars) -> impl IntoView {
    let i18n = use_shared().i18n;
    let label = move |position: usize| {
        let shown = Figures::of(series, position)?;
        let form = match shown.interval {
            Interval::Day | Interval::Week => DateForm::Day,
            Interval::Month => DateForm::Month,
        };
        Some(i18n.date(shown.start, form))
    };
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
            <span prop:textContent=memo_text(last)/>
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
