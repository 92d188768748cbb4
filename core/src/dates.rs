//! Periods: ranges of days, and the date of a referral that they apply to.

use chrono::{Datelike, Days, Months};

use crate::time::Date;

/// The lengths of the listed ranges, in days including today.
pub const LAST_DAYS: [u64; 3] = [7, 30, 90];

/// The date of a referral that a range of days applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateField {
    /// When it was attributed: `created_at`.
    #[default]
    Created,
    /// When its reward was granted: `rewarded_at`.
    Rewarded,
}

/// A range of days, both ends included; an end that is `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Dates {
    /// The last `days` days, including `today`. The end is open: a device's clock that is behind must not
    /// hide the newest events.
    pub fn last(days: u64, today: Date) -> Self {
        Self {
            from: Some(today + Days::new(1) - Days::new(days)),
            to: None,
        }
    }

    /// The calendar month of a day.
    pub fn month(day: Date) -> Self {
        let first = day.with_day(1);
        let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
        Self {
            from: first,
            to: next.and_then(|next| next.pred_opt()),
        }
    }

    /// Whether both ends are open.
    pub fn is_any(self) -> bool {
        self == Self::default()
    }

    /// The range with its earlier end first. A user may enter the ends in either order.
    pub fn ordered(self) -> Self {
        match self {
            Self {
                from: Some(from),
                to: Some(to),
            } if from > to => Self {
                from: Some(to),
                to: Some(from),
            },
            ordered => ordered,
        }
    }

    /// Whether a day is in the range, in whichever order its ends are. An unknown day is only in the range
    /// that is open at both ends.
    pub fn has(self, date: Option<Date>) -> bool {
        let Self { from, to } = self.ordered();
        self.is_any()
            || date.is_some_and(|date| {
                from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to)
            })
    }

    /// Whether some day is in both ranges, in whichever order their ends are.
    pub fn overlaps(self, other: Self) -> bool {
        let (one, other) = (self.ordered(), other.ordered());
        let begins = |one: Self, other: Self| match (one.from, other.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins(one, other) && begins(other, one)
    }

    /// Whether the range begins before a day, or has no beginning. The range of all days does not.
    pub fn begins_before(self, day: Date) -> bool {
        !self.is_any() && self.ordered().from.is_none_or(|from| from < day)
    }
}

/// A range of days that users choose by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// All days.
    Any,
    /// The current calendar month.
    ThisMonth,
    /// The calendar month before it.
    LastMonth,
    /// That many days, including today.
    LastDays(u64),
    /// Any other range.
    Chosen,
}

impl Period {
    /// The periods that have a name.
    pub const NAMED: [Self; 6] = [
        Self::Any,
        Self::ThisMonth,
        Self::LastMonth,
        Self::LastDays(LAST_DAYS[0]),
        Self::LastDays(LAST_DAYS[1]),
        Self::LastDays(LAST_DAYS[2]),
    ];

    /// Its days; `None` for [`Period::Chosen`].
    pub fn dates(self, today: Date) -> Option<Dates> {
        match self {
            Self::Any => Some(Dates::default()),
            Self::ThisMonth => Some(Dates::month(today)),
            Self::LastMonth => Some(Dates::month(
                today.checked_sub_months(Months::new(1)).unwrap_or(today),
            )),
            Self::LastDays(days) => Some(Dates::last(days, today)),
            Self::Chosen => None,
        }
    }

    /// The period with these days.
    pub fn of(dates: Dates, today: Date) -> Self {
        let mut named = Self::NAMED.into_iter();
        named
            .find(|period| period.dates(today) == Some(dates))
            .unwrap_or(Self::Chosen)
    }

    /// Its name in a form: stable, in English.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::LastDays(7) => "7",
            Self::LastDays(30) => "30",
            Self::LastDays(_) => "90",
            Self::Chosen => "dates",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> Date {
        Date::from_ymd_opt(2026, 3, day).expect("a day")
    }

    fn range(from: u32, to: u32) -> Dates {
        Dates {
            from: Some(day(from)),
            to: Some(day(to)),
        }
    }

    #[test]
    fn both_ends_are_in_the_range() {
        let dates = range(3, 5);
        let within: Vec<bool> = (2..=6).map(|number| dates.has(Some(day(number)))).collect();
        assert_eq!(within, [false, true, true, true, false]);
        assert!(!dates.has(None));
        assert!(Dates::default().has(None));
    }

    #[test]
    fn ends_in_the_wrong_order_are_swapped() {
        assert_eq!(range(5, 3).ordered(), range(3, 5));
        assert!(range(5, 3).has(Some(day(4))) && !range(5, 3).has(Some(day(6))));
        assert_eq!(range(3, 3).ordered(), range(3, 3));
    }

    #[test]
    fn the_last_days_include_today() {
        let dates = Dates::last(7, day(10));
        assert!(dates.has(Some(day(4))) && dates.has(Some(day(10))));
        assert!(!dates.has(Some(day(3))));
    }

    #[test]
    fn ranges_overlap_where_they_share_a_day() {
        let open = |from, to| Dates { from, to };
        assert!(range(3, 5).overlaps(range(5, 9)) && range(5, 9).overlaps(range(5, 3)));
        assert!(!range(3, 5).overlaps(range(6, 9)) && !range(6, 9).overlaps(range(3, 5)));
        assert!(range(3, 5).overlaps(Dates::default()));
        assert!(open(Some(day(5)), None).overlaps(range(3, 5)));
        assert!(!open(None, Some(day(2))).overlaps(range(3, 5)));
    }

    #[test]
    fn months_are_whole_and_cross_the_year() {
        assert_eq!(Period::ThisMonth.dates(day(31)), Some(range(1, 31)));
        for (today, from, to) in [
            ("2026-03-31", "2026-02-01", "2026-02-28"),
            ("2024-03-01", "2024-02-01", "2024-02-29"),
            ("2026-01-15", "2025-12-01", "2025-12-31"),
        ] {
            let date = |text: &str| text.parse().ok();
            let last = Period::LastMonth.dates(date(today).expect("a day"));
            let expected = Dates {
                from: date(from),
                to: date(to),
            };
            assert_eq!(last, Some(expected), "{today}");
        }
    }

    /// On the 30th of a month of 30 days, that month and the last 30 days begin on the same day.
    #[test]
    fn every_named_period_is_found_again() {
        let today: Date = "2026-06-30".parse().expect("a day");
        for period in Period::NAMED {
            let dates = period.dates(today).expect("days");
            assert_eq!(Period::of(dates, today), period);
        }
        assert_eq!(Period::of(range(3, 5), today), Period::Chosen);
        assert_eq!(Period::Chosen.dates(today), None);
    }

    #[test]
    fn a_range_without_a_beginning_begins_before_every_day() {
        assert!(range(3, 5).begins_before(day(4)) && !range(3, 5).begins_before(day(3)));
        assert!(range(5, 3).begins_before(day(4)));
        let until = Dates {
            from: None,
            to: Some(day(5)),
        };
        assert!(until.begins_before(day(1)));
        assert!(!Dates::default().begins_before(day(1)));
    }
}
