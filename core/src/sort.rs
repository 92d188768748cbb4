//! The order of the rows.

use core::cmp::Ordering;

use crate::{column::Column, record::Record};

/// An order by a column. Where there is none, rows stand in the API's order: newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column, one that [`Column::is_sortable`].
    pub column: Column,
    /// Whether the largest, latest or last comes first.
    pub descending: bool,
}

/// Sorts positions in a list, and keeps equal ones in their order. Everything that is sorted here is
/// sorted by this one function: the standard library's is a kilobyte in the bundle for each type.
pub fn by(positions: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    positions.sort_by(|one, other| compare(*one, *other));
}

impl Sort {
    /// What a press on a column's heading makes of the order: first the direction that changes more
    /// (largest rewards, but the oldest dates: the API's order has the latest first), then the other,
    /// then the API's order again.
    pub fn next(before: Option<Self>, column: Column) -> Option<Self> {
        let first = column == Column::Reward;
        let descending = match before.filter(|before| before.column == column) {
            None => Some(first),
            Some(before) if before.descending == first => Some(!first),
            Some(_) => None,
        };
        descending.map(|descending| Self { column, descending })
    }

    /// Sorts positions of records. Equal ones stay in the API's order, and those without a value
    /// stand last either way.
    pub fn apply(self, positions: &mut [usize], records: &[Record]) {
        by(
            positions,
            &|one, other| match (records.get(one), records.get(other)) {
                (Some(one), Some(other)) => self.compare(one, other),
                (one, other) => other.is_some().cmp(&one.is_some()),
            },
        );
    }

    fn compare(self, one: &Record, other: &Record) -> Ordering {
        let (a, b) = (&one.event, &other.event);
        match self.column {
            Column::Date => self.values(a.created_at.known(), b.created_at.known()),
            Column::Reward => self.values(a.reward_credits.known(), b.reward_credits.known()),
            Column::Campaign => {
                let known = |record: &'_ Record| record.event.campaign.known().is_some();
                self.values(
                    known(one).then_some(&one.campaign_folded),
                    known(other).then_some(&other.campaign_folded),
                )
            }
            Column::Status => {
                let rank =
                    |status: &crate::status::Status| (status.rank(), status.word().to_owned());
                self.values(a.status.known().map(rank), b.status.known().map(rank))
            }
            Column::Role | Column::Code => Ordering::Equal,
        }
    }

    fn values<T: Ord>(self, one: Option<T>, other: Option<T>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) if self.descending => other.cmp(&one),
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Event,
        samples::{records, rewarded, text, time, unreadable, with_status},
    };

    fn sorted(column: Column, descending: bool, events: Vec<Event>) -> Vec<usize> {
        let records = records(events);
        let mut positions: Vec<usize> = (0..records.len()).collect();
        Sort { column, descending }.apply(&mut positions, &records);
        positions
    }

    fn created(at: &str) -> Event {
        Event {
            created_at: time(at),
            ..Event::default()
        }
    }

    fn of_campaign(name: &str) -> Event {
        Event {
            campaign: text(name),
            ..Event::default()
        }
    }

    #[test]
    fn a_heading_sorts_one_way_then_the_other_then_not() {
        for (column, first) in [
            (Column::Date, false),
            (Column::Reward, true),
            (Column::Status, false),
            (Column::Campaign, false),
        ] {
            let mut sort = None;
            let mut presses = || {
                sort = Sort::next(sort, column);
                sort.map(|sort| (sort.column, sort.descending))
            };
            assert_eq!(presses(), Some((column, first)));
            assert_eq!(presses(), Some((column, !first)));
            assert_eq!(presses(), None);
        }
    }

    #[test]
    fn another_heading_begins_anew() {
        let by_campaign = Sort::next(None, Column::Campaign);
        assert_eq!(
            Sort::next(by_campaign, Column::Reward),
            Sort::next(None, Column::Reward)
        );
    }

    #[test]
    fn times_sort_by_what_they_say_and_missing_ones_last() {
        let events = || {
            vec![
                Event::default(),
                created("2026-05-01T00:00:00Z"),
                created("2026-05-03T00:00:00Z"),
                Event {
                    created_at: unreadable(),
                    ..Event::default()
                },
                created("2026-05-02T00:00:00Z"),
            ]
        };
        assert_eq!(sorted(Column::Date, true, events()), [2, 4, 1, 0, 3]);
        assert_eq!(sorted(Column::Date, false, events()), [1, 4, 2, 0, 3]);
    }

    #[test]
    fn rewards_sort_as_numbers_and_missing_ones_last() {
        let events = || {
            vec![
                rewarded(900),
                with_status("rewarded"),
                rewarded(10_000),
                rewarded(-1),
                rewarded(0),
                Event {
                    reward_credits: unreadable(),
                    ..Event::default()
                },
            ]
        };
        assert_eq!(sorted(Column::Reward, true, events()), [2, 0, 4, 3, 1, 5]);
        assert_eq!(sorted(Column::Reward, false, events()), [3, 4, 0, 2, 1, 5]);
    }

    #[test]
    fn campaigns_sort_whatever_their_case_and_missing_ones_last() {
        let events = || {
            vec![
                of_campaign("winter"),
                Event::default(),
                of_campaign("Spring"),
                Event {
                    campaign: unreadable(),
                    ..Event::default()
                },
                of_campaign("autumn"),
            ]
        };
        assert_eq!(sorted(Column::Campaign, false, events()), [4, 2, 0, 1, 3]);
        assert_eq!(sorted(Column::Campaign, true, events()), [0, 2, 4, 1, 3]);
    }

    #[test]
    fn statuses_sort_by_the_life_of_a_referral_and_other_words_after_it() {
        let events = || {
            [
                "zeta",
                "rejected",
                "capped",
                "attributed",
                "alpha",
                "rewarded",
                "expired",
                "failed",
                "review_required",
                "qualified",
            ]
            .into_iter()
            .map(with_status)
            .chain([
                Event::default(),
                Event {
                    status: unreadable(),
                    ..Event::default()
                },
            ])
            .collect()
        };
        assert_eq!(
            sorted(Column::Status, false, events()),
            [3, 9, 8, 5, 6, 2, 7, 1, 4, 0, 10, 11]
        );
        assert_eq!(
            sorted(Column::Status, true, events()),
            [0, 4, 1, 7, 2, 6, 5, 8, 9, 3, 10, 11]
        );
    }

    /// Reversing the ascending order would reverse the equal ones too.
    #[test]
    fn equal_rows_stay_in_the_order_of_the_api_either_way() {
        let events = || {
            vec![
                rewarded(1),
                rewarded(5),
                rewarded(1),
                rewarded(5),
                rewarded(1),
            ]
        };
        assert_eq!(sorted(Column::Reward, false, events()), [0, 2, 4, 1, 3]);
        assert_eq!(sorted(Column::Reward, true, events()), [1, 3, 0, 2, 4]);
        let spellings = || vec![of_campaign("b"), of_campaign("A"), of_campaign("a")];
        assert_eq!(sorted(Column::Campaign, false, spellings()), [1, 2, 0]);
        assert_eq!(sorted(Column::Campaign, true, spellings()), [0, 1, 2]);
    }

    /// Few rows stay in order by any way of sorting.
    #[test]
    fn a_full_answer_stays_in_the_order_of_the_api_too() {
        let sorted = sorted(
            Column::Reward,
            true,
            (0..100).map(|number| rewarded(number % 2)).collect(),
        );
        let odd = (0..100).filter(|number| number % 2 == 1);
        let even = (0..100).filter(|number| number % 2 == 0);
        assert_eq!(sorted, odd.chain(even).collect::<Vec<usize>>());
    }

    #[test]
    fn only_the_positions_that_are_given_are_sorted() {
        let records = records([rewarded(1), rewarded(3), rewarded(2), rewarded(4)]);
        let mut positions = [0, 2, 3];
        let sort = Sort {
            column: Column::Reward,
            descending: true,
        };
        sort.apply(&mut positions, &records);
        assert_eq!(positions, [3, 2, 0]);
    }

    /// A comparison that contradicts itself makes the standard library's sort panic.
    #[test]
    fn positions_of_no_record_stand_last() {
        let records = records((0..50).map(rewarded));
        let mut positions: Vec<usize> = (0..100).rev().collect();
        let sort = Sort {
            column: Column::Reward,
            descending: false,
        };
        sort.apply(&mut positions, &records);
        assert!(positions.iter().copied().take(50).eq(0..50));
    }
}
