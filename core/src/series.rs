//! Rewarded credits over time.

use core::iter::successors;

use chrono::{Datelike, Days, Months, TimeDelta};

use crate::{
    dates::Dates,
    record::Record,
    summary::{Credits, is_rewarded},
    time::{Date, Zone},
};

/// The length of time that one bar covers.
///
/// A user chooses between two: weeks and months. Only if the axis is limited to a period of at most
/// [`SHORT_PERIOD`] days are they days and weeks. A chosen period of rewards does not limit the axis (see
/// [`Query::series_dates`](crate::query::Query::series_dates)), so pressing a bar leaves the choice as it is.
/// Until the user chooses, and where the two do not include what the user chose, it is the finer one, unless
/// that would be too many bars to read: days up to 31 days, weeks up to 190 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
}

/// The longest period whose axis can go by days, in days.
pub const SHORT_PERIOD: i64 = 31;

/// Rewarded credits over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The length of time that one bar covers.
    pub interval: Interval,
    /// The first day of each interval since the first reward, and its rewards; there may be none.
    pub slots: Vec<(Date, Credits)>,
    /// The largest sum of credits in a bar, at least 0.
    pub highest: i64,
    /// The smallest sum of credits in a bar, at most 0. It is negative where reversed rewards outweigh the
    /// others.
    pub lowest: i64,
    /// The rewards without a plausible date, which are in no bar.
    pub undated: Credits,
}

/// No reward is older than this year: an earlier date is an error of the service.
const FIRST_YEAR: i32 = 2000;

/// How far after today a reward may be dated: a wrong clock explains no more.
const LATEST: TimeDelta = TimeDelta::days(2);

fn is_plausible(day: Date, today: Date) -> bool {
    day.year() >= FIRST_YEAR && day - today <= LATEST
}

impl Series {
    /// The rewards of some records, by their days in `zone`; `None` if there are none. The axis ends today,
    /// or with `dates` if they end earlier, or with the last reward if that is later. `chosen` is the
    /// interval that the user has chosen, if any.
    pub fn new(
        records: &[&Record],
        zone: Zone,
        today: Date,
        dates: Dates,
        chosen: Option<Interval>,
    ) -> Option<Self> {
        let rewarded = || {
            let records = records.iter().copied();
            records.filter(|record| is_rewarded(record))
        };
        let day = |record: &Record| {
            let day = record.rewarded_on.in_zone(zone);
            day.filter(|day| is_plausible(*day, today))
        };
        rewarded().next()?;
        let mut undated = Credits::default();
        let mut dated = Vec::new();
        for record in rewarded() {
            match day(record) {
                Some(day) => dated.push((day, record)),
                None => undated.add(record),
            }
        }
        let days = || dated.iter().map(|(day, _)| *day);
        let (first, last) = (days().min(), days().max());
        let choices = Interval::choices(dates, today);
        let (interval, slots) = match (first, last) {
            (Some(first), Some(last)) => {
                let last = last.max(dates.ordered().to.map_or(today, |to| to.min(today)));
                let interval = Interval::of(choices, chosen, (last - first).num_days());
                let starts =
                    successors(Some(interval.start(first)), |start| interval.after(*start));
                let starts = starts.take_while(|start| *start <= last);
                let mut slots: Vec<_> = starts.map(|start| (start, Credits::default())).collect();
                for (day, record) in dated {
                    let start = interval.start(day);
                    let found = slots.binary_search_by_key(&start, |(start, _)| *start);
                    if let Some((_, credits)) = found.ok().and_then(|at| slots.get_mut(at)) {
                        credits.add(record);
                    }
                }
                (interval, slots)
            }
            _ => (Interval::of(choices, chosen, 0), Vec::new()),
        };
        let sums = || slots.iter().map(|(_, credits): &(_, Credits)| credits.sum);
        Some(Self {
            interval,
            highest: sums().max().unwrap_or(0).max(0),
            lowest: sums().min().unwrap_or(0).min(0),
            slots,
            undated,
        })
    }

    /// The part of the scale, from the lowest to the highest sum, that an amount takes up: in thousandths,
    /// whatever its sign.
    pub fn part(&self, amount: i64) -> i64 {
        amount.abs() * 1_000 / (self.highest - self.lowest).max(1)
    }

    /// The position of the bar that a day is in, or of the last bar; 0 without bars.
    pub fn position(&self, day: Option<Date>) -> usize {
        let started = |(start, _): &&(Date, Credits)| day.is_none_or(|day| *start <= day);
        let started = self.slots.iter().take_while(started).count();
        started.saturating_sub(1)
    }
}

/// The positions of the first and the last bar of which at least half is in sight, where `count` bars are
/// `length` long together, and a window of length `window` shows them from `start` on. All lengths are in the
/// same unit, measured from the first bar.
pub fn in_sight(count: usize, length: u32, start: u32, window: u32) -> (usize, usize) {
    let length = u64::from(length.max(1));
    let nearest = |at: u32| {
        let bars = u64::try_from(count).unwrap_or(u64::MAX);
        let bars = (u64::from(at).saturating_mul(bars) + length / 2) / length;
        usize::try_from(bars).unwrap_or(usize::MAX)
    };
    let last = count.saturating_sub(1);
    let end = nearest(start.saturating_add(window)).saturating_sub(1);
    (nearest(start).min(last), end.min(last))
}

impl Interval {
    /// The two intervals that the user can choose between, the finer one first. `dates` limit the axis.
    pub fn choices(dates: Dates, today: Date) -> [Self; 2] {
        let Dates { from, to } = dates.ordered();
        let days = from.map(|from| (to.unwrap_or(today) - from).num_days());
        if days.is_some_and(|days| days < SHORT_PERIOD) {
            [Self::Day, Self::Week]
        } else {
            [Self::Week, Self::Month]
        }
    }

    /// One of two intervals: the chosen one, or one that gives a readable number of bars for a span of days.
    fn of([finer, coarser]: [Self; 2], chosen: Option<Self>, days: i64) -> Self {
        let longest = match finer {
            Self::Day => 31,
            Self::Week => 190,
            Self::Month => i64::MAX,
        };
        let fitting = if days <= longest { finer } else { coarser };
        let chosen = chosen.filter(|chosen| [finer, coarser].contains(chosen));
        chosen.unwrap_or(fitting)
    }

    /// The days of the interval that begins on a day.
    pub fn dates(self, start: Date) -> Dates {
        Dates {
            from: Some(start),
            to: self.after(start).and_then(|next| next.pred_opt()),
        }
    }

    /// The first day of the interval that contains a day.
    fn start(self, day: Date) -> Date {
        let days_before = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
        };
        day - Days::new(days_before.into())
    }

    /// The first day of the next interval.
    fn after(self, start: Date) -> Option<Date> {
        match self {
            Self::Day => start.succ_opt(),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Event,
        samples::{date, records, rewarded, time, unreadable, with_status},
    };

    fn reward(credits: i64, day: &str) -> Event {
        Event {
            rewarded_at: time(&format!("{day}T12:00:00Z")),
            ..rewarded(credits)
        }
    }

    fn series(
        events: impl IntoIterator<Item = Event>,
        zone: Zone,
        today: &str,
        dates: Dates,
        chosen: Option<Interval>,
    ) -> Option<Series> {
        let records = records(events);
        let all: Vec<&Record> = records.iter().collect();
        Series::new(&all, zone, date(today), dates, chosen)
    }

    fn drawn(events: impl IntoIterator<Item = Event>, today: &str) -> Series {
        series(events, Zone::Utc, today, Dates::default(), None).expect("rewards")
    }

    /// The rewards by day, as in a short period.
    fn by_day(events: impl IntoIterator<Item = Event>, zone: Zone, today: &str) -> Series {
        let dates = Dates::last(31, date(today));
        series(events, zone, today, dates, Some(Interval::Day)).expect("rewards")
    }

    fn range(from: &str, to: &str) -> Dates {
        Dates {
            from: Some(date(from)),
            to: Some(date(to)),
        }
    }

    /// Each bar's first day and credits.
    fn axis(series: &Series) -> Vec<String> {
        let slot = |(start, credits): &(Date, Credits)| format!("{start} {}", credits.sum);
        series.slots.iter().map(slot).collect()
    }

    #[test]
    fn without_rewards_there_is_no_series() {
        let none = |events: Vec<Event>| {
            series(events, Zone::Utc, "2026-05-12", Dates::default(), None).is_none()
        };
        assert!(none(Vec::new()));
        let capped = Event {
            rewarded_at: time("2026-05-01T12:00:00Z"),
            ..with_status("capped")
        };
        assert!(none(vec![capped]));
    }

    #[test]
    fn the_interval_depends_on_the_span() {
        for (first, until, interval, bars) in [
            ("2026-05-12", "2026-05-12", Interval::Week, 1),
            ("2025-11-03", "2026-05-12", Interval::Week, 28),
            ("2025-11-02", "2026-05-12", Interval::Month, 7),
            ("2016-05-07", "2026-05-12", Interval::Month, 121),
        ] {
            let series = drawn([reward(1, first)], until);
            assert_eq!(series.interval, interval, "{first}");
            assert_eq!(series.slots.len(), bars, "{first}");
        }
    }

    #[test]
    fn the_chosen_interval_is_kept_where_it_is_one_of_the_two() {
        let month = range("2026-05-01", "2026-05-31");
        for (dates, chosen, interval) in [
            (Dates::default(), Some(Interval::Month), Interval::Month),
            (Dates::default(), Some(Interval::Week), Interval::Week),
            // Chosen while a short period was: not one of weeks and months.
            (Dates::default(), Some(Interval::Day), Interval::Week),
            (month, None, Interval::Day),
            (month, Some(Interval::Week), Interval::Week),
            (month, Some(Interval::Month), Interval::Day),
        ] {
            let events = [reward(1, "2026-05-02")];
            let series = series(events, Zone::Utc, "2026-05-12", dates, chosen);
            let found = series.expect("a reward").interval;
            assert_eq!(found, interval, "{chosen:?} in {dates:?}");
        }
    }

    #[test]
    fn only_a_short_period_offers_days() {
        let today = date("2026-05-12");
        let [days, weeks] = [
            [Interval::Day, Interval::Week],
            [Interval::Week, Interval::Month],
        ];
        let until = Dates {
            from: None,
            to: Some(today),
        };
        for (dates, choices) in [
            (range("2026-03-01", "2026-03-31"), days),
            (range("2026-03-31", "2026-03-01"), days),
            (range("2026-03-01", "2026-04-01"), weeks),
            (Dates::last(30, today), days),
            (Dates::last(90, today), weeks),
            (until, weeks),
            (Dates::default(), weeks),
        ] {
            assert_eq!(Interval::choices(dates, today), choices, "{dates:?}");
        }
    }

    /// A referral of a short period may have been rewarded long after it.
    #[test]
    fn rewards_long_after_a_short_period_go_by_week() {
        let events = [reward(1, "2026-03-02"), reward(2, "2026-05-12")];
        let dates = range("2026-03-01", "2026-03-31");
        let series = series(events, Zone::Utc, "2026-05-12", dates, None).expect("rewards");
        assert_eq!(series.interval, Interval::Week);
    }

    #[test]
    fn an_interval_has_all_its_days() {
        for (interval, from, to) in [
            (Interval::Day, "2026-02-28", "2026-02-28"),
            (Interval::Week, "2026-02-23", "2026-03-01"),
            (Interval::Month, "2024-02-01", "2024-02-29"),
        ] {
            assert_eq!(interval.dates(date(from)), range(from, to));
        }
    }

    #[test]
    fn a_day_has_its_bar() {
        let series = drawn(
            [reward(1, "2026-05-12"), reward(1, "2026-04-28")],
            "2026-05-12",
        );
        assert_eq!(series.slots.len(), 3);
        for (day, position) in [
            (None, 2),
            (Some("2026-05-12"), 2),
            (Some("2026-05-10"), 1),
            (Some("2020-01-01"), 0),
            (Some("2030-01-01"), 2),
        ] {
            assert_eq!(series.position(day.map(date)), position, "{day:?}");
        }
        assert_eq!(drawn([rewarded(7)], "2026-05-12").position(None), 0);
    }

    #[test]
    fn days_without_rewards_are_on_the_axis_up_to_today() {
        let series = by_day(
            [
                reward(5, "2026-05-12"),
                reward(10, "2026-05-09"),
                reward(20, "2026-05-12"),
            ],
            Zone::Utc,
            "2026-05-14",
        );
        assert_eq!(
            axis(&series),
            [
                "2026-05-09 10",
                "2026-05-10 0",
                "2026-05-11 0",
                "2026-05-12 25",
                "2026-05-13 0",
                "2026-05-14 0"
            ]
        );
        assert_eq!(series.highest, 25);
        let today = (date("2026-05-14"), Credits::default());
        assert_eq!(series.slots.last(), Some(&today));
    }

    #[test]
    fn a_week_begins_on_monday() {
        // The 10th is a Sunday.
        let series = drawn(
            [
                reward(1, "2026-05-11"),
                reward(2, "2026-05-10"),
                reward(4, "2026-04-01"),
            ],
            "2026-05-12",
        );
        assert_eq!(
            axis(&series),
            [
                "2026-03-30 4",
                "2026-04-06 0",
                "2026-04-13 0",
                "2026-04-20 0",
                "2026-04-27 0",
                "2026-05-04 2",
                "2026-05-11 1"
            ]
        );
    }

    #[test]
    fn a_month_is_a_calendar_month() {
        let series = drawn(
            [
                reward(1, "2025-10-31"),
                reward(2, "2025-11-01"),
                reward(3, "2025-11-30"),
                reward(4, "2026-02-28"),
            ],
            "2026-05-12",
        );
        assert_eq!(
            axis(&series),
            [
                "2025-10-01 1",
                "2025-11-01 5",
                "2025-12-01 0",
                "2026-01-01 0",
                "2026-02-01 4",
                "2026-03-01 0",
                "2026-04-01 0",
                "2026-05-01 0"
            ]
        );
    }

    #[test]
    fn a_reward_is_on_its_day_in_the_zone() {
        for (at, utc, berlin) in [
            ("2026-02-01T23:30:00Z", "2026-02-01", "2026-02-02"),
            // An hour earlier in summer.
            ("2026-07-01T22:30:00Z", "2026-07-01", "2026-07-02"),
        ] {
            for (zone, day) in [(Zone::Utc, utc), (Zone::User, berlin)] {
                let event = Event {
                    rewarded_at: time(at),
                    ..rewarded(1)
                };
                let series = by_day([event], zone, day);
                assert_eq!(axis(&series), [format!("{day} 1")]);
            }
        }
    }

    #[test]
    fn rewards_without_a_known_time_are_undated() {
        let series = by_day(
            [
                rewarded(7),
                reward(1, "2026-05-12"),
                Event {
                    rewarded_at: unreadable(),
                    ..with_status("rewarded")
                },
            ],
            Zone::Utc,
            "2026-05-12",
        );
        assert_eq!(axis(&series), ["2026-05-12 1"]);
        let expected = Credits {
            rewards: 2,
            sum: 7,
            unknown: 1,
        };
        assert_eq!(series.undated, expected);
        let undated_alone = drawn([rewarded(7)], "2026-05-12");
        assert_eq!(undated_alone.slots, []);
        assert_eq!(undated_alone.undated.sum, 7);
        assert_eq!(undated_alone.highest, 0);
    }

    #[test]
    fn the_scale_includes_zero_and_reversed_rewards() {
        for (credits, lowest, highest) in [
            (vec![0], 0, 0),
            (vec![-5], -5, 0),
            (vec![3, 4], 0, 7),
            (vec![3, -4], -1, 0),
        ] {
            let events = credits
                .into_iter()
                .map(|credits| reward(credits, "2026-05-12"));
            let series = drawn(events, "2026-05-12");
            assert_eq!((series.lowest, series.highest), (lowest, highest));
        }
    }

    #[test]
    fn bars_share_one_scale_above_and_below_zero() {
        let series = by_day(
            [
                reward(30_000, "2026-05-10"),
                reward(-10_000, "2026-05-11"),
                reward(0, "2026-05-12"),
            ],
            Zone::Utc,
            "2026-05-12",
        );
        let parts = series.slots.iter().map(|(_, credits)| credits.sum);
        let parts: Vec<i64> = parts.map(|sum| series.part(sum)).collect();
        assert_eq!(parts, [750, 250, 0]);
        let nothing = drawn([reward(0, "2026-05-12")], "2026-05-12");
        assert_eq!(nothing.part(0), 0);
    }

    #[test]
    fn bars_are_in_sight_if_half_of_them_is() {
        // Ten bars of 24 px.
        for (start, window, first, last) in [
            (0, 240, 0, 9),
            (0, 100, 0, 3),
            (11, 100, 0, 4),
            (13, 100, 1, 4),
            (140, 100, 6, 9),
            (500, 100, 9, 9),
        ] {
            assert_eq!(in_sight(10, 240, start, window), (first, last), "{start}");
        }
        assert_eq!(in_sight(1, 300, 0, 300), (0, 0));
        // Not laid out, or without bars.
        assert_eq!(in_sight(0, 0, 0, 0), (0, 0));
        assert_eq!(in_sight(3, 0, 0, 0), (0, 0));
    }

    #[test]
    fn the_largest_amounts_have_a_scale() {
        let most = 1_000_000_000_000;
        let events = (0..100).map(|_| reward(most, "2026-05-12"));
        let series = drawn(events.chain([reward(-most, "2026-04-12")]), "2026-05-12");
        assert_eq!((series.part(series.highest), series.part(most)), (990, 9));
    }

    #[test]
    fn unknown_amounts_are_counted_in_their_bar() {
        let unknown = Event {
            reward_credits: unreadable(),
            ..reward(0, "2026-05-11")
        };
        let series = by_day(
            [unknown.clone(), unknown, reward(5, "2026-05-12")],
            Zone::Utc,
            "2026-05-12",
        );
        let unknown = series.slots.iter().map(|(_, credits)| credits.is_unknown());
        assert_eq!(unknown.collect::<Vec<_>>(), [true, false]);
        assert_eq!((series.lowest, series.highest), (0, 5));
    }

    #[test]
    fn a_clock_that_is_behind_hides_no_reward() {
        let events = [reward(1, "2026-05-12"), reward(2, "2026-05-13")];
        let series = by_day(events, Zone::Utc, "2026-05-11");
        assert_eq!(axis(&series), ["2026-05-12 1", "2026-05-13 2"]);
    }

    #[test]
    fn an_implausible_date_is_not_in_the_chart() {
        let days = [
            "0001-01-01",
            "1999-12-31",
            "2000-01-01",
            "2026-05-14",
            "2026-05-15",
            "9999-12-31",
        ];
        let series = drawn(days.map(|day| reward(1, day)), "2026-05-12");
        assert_eq!(series.undated.rewards, 4);
        let axis = axis(&series);
        assert_eq!(axis.len(), 317);
        assert_eq!(axis.first().map(String::as_str), Some("2000-01-01 1"));
        assert_eq!(axis.last().map(String::as_str), Some("2026-05-01 1"));
    }

    /// A referral that began within the range may have been rewarded after its last day.
    #[test]
    fn the_end_of_a_range_hides_no_reward() {
        let axis = |day: &str, to: &str| {
            let dates = range("2026-05-01", to);
            let events = [reward(1, day)];
            let series = series(events, Zone::Utc, "2026-05-12", dates, Some(Interval::Day));
            axis(&series.expect("a reward"))
        };
        assert_eq!(
            axis("2026-05-01", "2026-05-02"),
            ["2026-05-01 1", "2026-05-02 0"]
        );
        assert_eq!(axis("2026-05-10", "2026-05-02"), ["2026-05-10 1"]);
        assert_eq!(
            axis("2026-05-11", "2026-05-31"),
            ["2026-05-11 1", "2026-05-12 0"]
        );
    }
}
