//! Rewarded credits over time.

use core::iter::successors;

use chrono::{Datelike, Days, Months, TimeDelta};

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

/// Rewarded credits over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The length of time that one bar covers.
    pub interval: Interval,
    /// The first day of each interval since the first reward, and its rewards; there may be none.
    pub slots: Vec<(Date, Credits)>,
    /// The largest sum of credits in a bar, at least 1.
    pub highest: i64,
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
    /// or on the day `to` if that is earlier, or with the last reward if that is later.
    pub fn new(records: &[&Record], zone: Zone, today: Date, to: Option<Date>) -> Option<Self> {
        let rewarded = || {
            let records = records.iter().copied();
            records.filter(|record| is_rewarded(record))
        };
        let day = |record: &Record| {
            let day = record.rewarded_on.in_zone(zone);
            day.filter(|day| is_plausible(*day, today))
        };
        rewarded().next()?;
        let undated = Credits::sum(rewarded().filter(|record| day(record).is_none()));
        let first = rewarded().filter_map(day).min();
        let last = rewarded().filter_map(day).max();
        let (interval, slots) = match (first, last) {
            (Some(first), Some(last)) => {
                let last = last.max(to.map_or(today, |to| to.min(today)));
                let interval = Interval::fitting(first, last);
                let slot = |start: Date| {
                    let in_slot = rewarded().filter(|record| {
                        day(record).is_some_and(|day| interval.start(day) == start)
                    });
                    (start, Credits::sum(in_slot))
                };
                let starts =
                    successors(Some(interval.start(first)), |start| interval.after(*start));
                let slots = starts.take_while(|start| *start <= last).map(slot);
                (interval, slots.collect())
            }
            _ => (Interval::Day, Vec::new()),
        };
        let sums = slots.iter().map(|(_, credits): &(_, Credits)| credits.sum);
        Some(Self {
            interval,
            highest: sums.max().unwrap_or(1).max(1),
            slots,
            undated,
        })
    }
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
        let days_before = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
            Self::Year => day.ordinal0(),
        };
        day - Days::new(days_before.into())
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
        samples::{date, records, rewarded, time, unreadable, with_status},
    };

    fn reward(credits: i64, day: &str) -> Event {
        Event {
            rewarded_at: time(&format!("{day}T12:00:00Z")),
            ..rewarded(credits)
        }
    }

    fn series(events: impl IntoIterator<Item = Event>, zone: Zone, today: &str) -> Option<Series> {
        let records = records(events);
        let all: Vec<&Record> = records.iter().collect();
        Series::new(&all, zone, date(today), None)
    }

    fn drawn(events: impl IntoIterator<Item = Event>, today: &str) -> Series {
        series(events, Zone::Utc, today).expect("rewards")
    }

    /// Each bar's first day and credits.
    fn axis(series: &Series) -> Vec<String> {
        let slot = |(start, credits): &(Date, Credits)| format!("{start} {}", credits.sum);
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
    fn a_year_is_a_calendar_year() {
        let series = drawn(
            [
                reward(1, "2020-12-31"),
                reward(2, "2021-01-01"),
                reward(3, "2021-12-31"),
            ],
            "2024-02-29",
        );
        assert_eq!(
            axis(&series),
            [
                "2020-01-01 1",
                "2021-01-01 5",
                "2022-01-01 0",
                "2023-01-01 0",
                "2024-01-01 0"
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
            sum: 7,
            unknown: 1,
        };
        assert_eq!(series.undated, expected);
        let undated_alone = drawn([rewarded(7)], "2026-05-12");
        assert_eq!(undated_alone.slots, []);
        assert_eq!(undated_alone.undated.sum, 7);
        assert_eq!(undated_alone.highest, 1);
    }

    #[test]
    fn the_highest_sum_is_at_least_one() {
        for (credits, highest) in [(vec![0], 1), (vec![-5], 1), (vec![3, 4], 7)] {
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
        assert_eq!(axis.len(), 27);
        assert_eq!(axis.first().map(String::as_str), Some("2000-01-01 1"));
        assert_eq!(axis.last().map(String::as_str), Some("2026-01-01 1"));
    }

    /// A referral that began within the range may have been rewarded after its last day.
    #[test]
    fn the_end_of_a_range_hides_no_reward() {
        let axis = |day: &str, to: &str| {
            let records = records([reward(1, day)]);
            let all: Vec<&Record> = records.iter().collect();
            let series = Series::new(&all, Zone::Utc, date("2026-05-12"), Some(date(to)));
            axis(&series.expect("a reward"))
        };
        assert_eq!(
            axis("2026-05-01", "2026-05-02"),
            ["2026-05-01 1", "2026-05-02 0"]
        );
        assert_eq!(axis("2026-05-10", "2026-05-02"), ["2026-05-10 1"]);
        assert_eq!(
            axis("2026-05-11", "2026-12-31"),
            ["2026-05-11 1", "2026-05-12 0"]
        );
    }
}
