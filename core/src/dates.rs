//! Ranges of days.

use chrono::Days;

use crate::time::Date;

/// The lengths of the listed ranges, in days including today.
pub const LAST_DAYS: [u64; 3] = [7, 30, 90];

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

    /// Whether both ends are open.
    pub fn is_any(self) -> bool {
        self == Self::default()
    }

    /// Whether a day is in the range. An unknown day is only in the range that is open at both ends.
    pub fn has(self, date: Option<Date>) -> bool {
        self.is_any()
            || date.is_some_and(|date| {
                self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> Date {
        Date::from_ymd_opt(2026, 3, day).expect("a day")
    }

    #[test]
    fn both_ends_are_in_the_range() {
        let dates = Dates {
            from: Some(day(3)),
            to: Some(day(5)),
        };
        let within: Vec<bool> = (2..=6).map(|number| dates.has(Some(day(number)))).collect();
        assert_eq!(within, [false, true, true, true, false]);
        assert!(!dates.has(None));
        assert!(Dates::default().has(None));
    }

    #[test]
    fn the_last_days_include_today() {
        let dates = Dates::last(7, day(10));
        assert!(dates.has(Some(day(4))) && dates.has(Some(day(10))));
        assert!(!dates.has(Some(day(3))));
    }
}
