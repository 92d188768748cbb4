//! Rewarded credits over time.

use chrono::{Datelike, Days, Months};

use crate::{
    record::Record,
    summary::{Credits, is_rewarded},
    time::{Date, Zone},
};

/// The length of time that one bar covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// A position on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The first day of an interval, and its rewards; there may be none.
    Interval(Date, Credits),
    /// Several intervals without rewards, too many to draw.
    Gap,
}

/// Rewarded credits over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The length of time that one bar covers.
    pub interval: Interval,
    /// The axis, from the first reward on.
    pub slots: Vec<Slot>,
    /// The largest sum of credits in a bar, at least 1.
    pub highest: i64,
    /// The rewards without a known time, which are in no bar.
    pub undated: Credits,
}

/// The most years in a row without rewards that are drawn.
const EMPTY_YEARS_DRAWN: usize = 3;

impl Series {
    /// The rewards of some records, by their days in `zone`, up to and including `until`; `None` if there
    /// are none.
    pub fn of(records: &[&Record], zone: Zone, until: Date) -> Option<Self> {
        let rewarded = || {
            let records = records.iter().copied();
            records.filter(|record| is_rewarded(record))
        };
        let day = |record: &Record| record.rewarded_on.in_zone(zone);
        rewarded().next()?;
        let undated = Credits::of(rewarded().filter(|record| day(record).is_none()));
        let first = rewarded().filter_map(day).min();
        let last = rewarded().filter_map(day).max();
        let (interval, slots) = match (first, last) {
            (Some(first), Some(last)) => {
                let last = last.max(until);
                let interval = Interval::fitting(first, last);
                let in_interval = |start: Date| {
                    Credits::of(rewarded().filter(|record| {
                        day(record).is_some_and(|day| interval.start(day) == start)
                    }))
                };
                let next_after = |start: Date| {
                    let starts = rewarded().filter_map(day).map(|day| interval.start(day));
                    starts.filter(|next| *next > start).min()
                };
                let slots = slots(interval, first, last, in_interval, next_after);
                (interval, slots)
            }
            _ => (Interval::Day, Vec::new()),
        };
        let highest = slots.iter().filter_map(|slot| match slot {
            Slot::Interval(_, credits) => Some(credits.sum.unwrap_or(i64::MAX)),
            Slot::Gap => None,
        });
        Some(Self {
            interval,
            highest: highest.max().unwrap_or(1).max(1),
            slots,
            undated,
        })
    }
}

fn slots(
    interval: Interval,
    first: Date,
    last: Date,
    in_interval: impl Fn(Date) -> Credits,
    next_after: impl Fn(Date) -> Option<Date>,
) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut empty = 0;
    let mut next = Some(interval.start(first));
    while let Some(start) = next.filter(|start| *start <= last) {
        let credits = in_interval(start);
        empty = if credits.rewards > 0 { 0 } else { empty + 1 };
        if interval == Interval::Year && empty > EMPTY_YEARS_DRAWN {
            // Wrong dates can be thousands of years apart, so continue at the next reward.
            slots.truncate(slots.len().saturating_sub(EMPTY_YEARS_DRAWN));
            slots.push(Slot::Gap);
            next = next_after(start);
        } else {
            slots.push(Slot::Interval(start, credits));
            next = interval.after(start);
        }
    }
    slots
}

impl Interval {
    /// The interval that gives a readable number of bars for a span of days.
    fn fitting(first: Date, last: Date) -> Self {
        match (last - first).num_days() {
            ..=31 => Self::Day,
            32..=190 => Self::Week,
            191..=1_100 => Self::Month,
            _ => Self::Year,
        }
    }

    /// The first day of the interval that contains a day.
    fn start(self, day: Date) -> Date {
        let start = match self {
            Self::Day => Some(day),
            Self::Week => {
                let monday = day.weekday().num_days_from_monday();
                day.checked_sub_days(Days::new(monday.into()))
            }
            Self::Month => day.with_day(1),
            Self::Year => Date::from_ymd_opt(day.year(), 1, 1),
        };
        start.unwrap_or(day)
    }

    /// The first day of the next interval.
    fn after(self, start: Date) -> Option<Date> {
        match self {
            Self::Day => start.succ_opt(),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Year => start.checked_add_months(Months::new(12)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Event,
        field::Field,
        samples::{date, records, rewarded, time, unreadable, with_status},
        time::Instant,
    };

    fn reward(credits: i64, day: &str) -> Event {
        Event {
            rewarded_at: time(&format!("{day}T12:00:00Z")),
            ..rewarded(credits)
        }
    }

    fn series(events: impl IntoIterator<Item = Event>, zone: Zone, until: &str) -> Option<Series> {
        let records = records(events);
        let all: Vec<&Record> = records.iter().collect();
        Series::of(&all, zone, date(until))
    }

    fn drawn(events: impl IntoIterator<Item = Event>, until: &str) -> Series {
        series(events, Zone::Utc, until).expect("rewards")
    }

    /// Each bar's first day and credits, and `…` for a gap.
    fn axis(series: &Series) -> Vec<String> {
        let slot = |slot: &Slot| match slot {
            Slot::Interval(start, Credits { sum: Some(sum), .. }) => format!("{start} {sum}"),
            Slot::Interval(start, _) => format!("{start} overflow"),
            Slot::Gap => "…".to_owned(),
        };
        series.slots.iter().map(slot).collect()
    }

    #[test]
    fn without_rewards_there_is_no_series() {
        assert_eq!(series([], Zone::Utc, "2026-05-12"), None);
        let capped = Event {
            rewarded_at: time("2026-05-01T12:00:00Z"),
            ..with_status("capped")
        };
        assert_eq!(series([capped], Zone::Utc, "2026-05-12"), None);
    }

    #[test]
    fn the_interval_depends_on_the_span() {
        for (first, until, interval, bars) in [
            ("2026-05-12", "2026-05-12", Interval::Day, 1),
            ("2026-04-11", "2026-05-12", Interval::Day, 32),
            ("2026-04-10", "2026-05-12", Interval::Week, 6),
            ("2025-11-03", "2026-05-12", Interval::Week, 28),
            ("2025-11-02", "2026-05-12", Interval::Month, 7),
            ("2023-05-08", "2026-05-12", Interval::Month, 37),
            ("2023-05-07", "2026-05-12", Interval::Year, 4),
        ] {
            let series = drawn([reward(1, first)], until);
            assert_eq!(series.interval, interval, "{first}");
            assert_eq!(series.slots.len(), bars, "{first}");
        }
    }

    #[test]
    fn days_without_rewards_are_on_the_axis_up_to_today() {
        let series = drawn(
            [
                reward(5, "2026-05-12"),
                reward(10, "2026-05-09"),
                reward(20, "2026-05-12"),
            ],
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
        let today = Slot::Interval(
            date("2026-05-14"),
            Credits {
                sum: Some(0),
                ..Credits::default()
            },
        );
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
    fn three_empty_years_are_drawn_and_more_become_a_gap() {
        let series = drawn(
            [
                reward(1, "2010-12-31"),
                reward(2, "2014-01-01"),
                reward(3, "2019-06-01"),
                reward(4, "2020-06-01"),
            ],
            "2026-05-12",
        );
        assert_eq!(
            axis(&series),
            [
                "2010-01-01 1",
                "2011-01-01 0",
                "2012-01-01 0",
                "2013-01-01 0",
                "2014-01-01 2",
                "…",
                "2019-01-01 3",
                "2020-01-01 4",
                "…"
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
                let series = series([event], zone, day).expect("a reward");
                assert_eq!(axis(&series), [format!("{day} 1")]);
            }
        }
    }

    #[test]
    fn rewards_without_a_known_time_are_undated() {
        let series = drawn(
            [
                rewarded(7),
                reward(1, "2026-05-12"),
                Event {
                    rewarded_at: unreadable(),
                    ..with_status("rewarded")
                },
            ],
            "2026-05-12",
        );
        assert_eq!(axis(&series), ["2026-05-12 1"]);
        let expected = Credits {
            rewards: 2,
            sum: Some(7),
            unknown: 1,
        };
        assert_eq!(series.undated, expected);
        let undated_alone = drawn([rewarded(7)], "2026-05-12");
        assert_eq!(undated_alone.slots, []);
        assert_eq!(undated_alone.undated.sum, Some(7));
        assert_eq!(undated_alone.highest, 1);
    }

    #[test]
    fn rewards_with_unknown_credits_make_no_gap() {
        let unknown = |day: &str| Event {
            reward_credits: Field::Missing,
            ..reward(0, day)
        };
        let days = [
            "2010-01-01",
            "2011-01-01",
            "2012-01-01",
            "2013-01-01",
            "2014-01-01",
        ];
        let series = drawn(days.map(unknown), "2014-01-01");
        let rewards: Vec<usize> = series
            .slots
            .iter()
            .map(|slot| match slot {
                Slot::Interval(_, credits) => credits.unknown,
                Slot::Gap => 0,
            })
            .collect();
        assert_eq!(rewards, [1, 1, 1, 1, 1]);
    }

    #[test]
    fn the_highest_sum_is_at_least_one() {
        for (credits, highest) in [
            (vec![0], 1),
            (vec![-5], 1),
            (vec![3, 4], 7),
            (vec![i64::MAX, 1], i64::MAX),
        ] {
            let events = credits
                .into_iter()
                .map(|credits| reward(credits, "2026-05-12"));
            assert_eq!(drawn(events, "2026-05-12").highest, highest);
        }
    }

    #[test]
    fn a_clock_that_is_behind_hides_no_reward() {
        let events = [reward(1, "2026-05-12"), reward(2, "2026-05-13")];
        let series = drawn(events, "2026-05-11");
        assert_eq!(axis(&series), ["2026-05-12 1", "2026-05-13 2"]);
    }

    #[test]
    fn dates_from_the_whole_calendar_make_a_bounded_series() {
        // A hundred rewards, a hundred years apart: each makes a year and a gap.
        let spread = (0..100).map(|century| reward(1, &format!("{:04}-06-01", 1 + century * 100)));
        let series = drawn(spread, "9999-12-31");
        assert_eq!(series.slots.len(), 200);
        // The most slots that are possible: three empty years after each reward.
        let dense = (0..100).map(|step| reward(1, &format!("{:04}-06-01", 1 + step * 4)));
        assert_eq!(drawn(dense, "9999-12-31").slots.len(), 4 * 99 + 2);
        // The first and the last year.
        let ends = drawn(
            [reward(2, "9999-12-31"), reward(1, "0001-01-01")],
            "2026-05-12",
        );
        assert_eq!(axis(&ends), ["0001-01-01 1", "…", "9999-01-01 2"]);
    }

    #[test]
    fn the_limits_of_time_do_not_overflow() {
        let at = |at: Instant| Event {
            rewarded_at: Field::Known(at),
            ..rewarded(1)
        };
        let series = drawn([at(Instant::MIN_UTC), at(Instant::MAX_UTC)], "2026-05-12");
        assert_eq!(series.slots.len(), 3);
        let last = drawn([at(Instant::MAX_UTC)], "2026-05-12");
        assert_eq!(last.slots.len(), 1);
    }
}
