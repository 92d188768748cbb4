//! The order of the rows.

use core::cmp::Ordering;

use crate::{column::Column, record::Record};

/// What rows can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// What a column shows; the column must be sortable ([`Column::is_sortable`]).
    Column(Column),
    /// The API's `expires_at`, whatever became of the referral. No column shows it.
    ExpiresAt,
}

impl SortKey {
    /// All keys: those of the sortable columns, in the order of the table, then the other one.
    pub const ALL: [Self; 5] = [
        Self::Column(Column::Date),
        Self::Column(Column::Status),
        Self::Column(Column::Campaign),
        Self::Column(Column::Reward),
        Self::ExpiresAt,
    ];

    /// The API's name for the field.
    pub fn field(self) -> &'static str {
        match self {
            Self::Column(column) => column.field(),
            Self::ExpiresAt => "expires_at",
        }
    }
}

/// An order by a key. Without one, rows keep the API's order: newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What the rows are sorted by.
    pub key: SortKey,
    /// Whether the largest, latest or last value comes first.
    pub descending: bool,
}

/// Sorts positions in a list; the sort is stable. The whole crate sorts with this one function, because
/// the standard library's adds a kilobyte to the bundle for each type that it sorts.
pub fn by(positions: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    positions.sort_by(|one, other| compare(*one, *other));
}

impl Sort {
    /// What expires first comes first.
    pub const EXPIRES_FIRST: Self = Self {
        key: SortKey::ExpiresAt,
        descending: false,
    };

    /// The order after a press on a column's heading. The first press chooses the direction that changes
    /// more: the largest rewards first, but the oldest dates first, since the API's order starts with the
    /// latest. The second press chooses the other direction, the third the API's order.
    pub fn next(current: Option<Self>, column: Column) -> Option<Self> {
        let descends_first = column == Column::Reward;
        let key = SortKey::Column(column);
        let descending = match current.filter(|current| current.key == key) {
            None => Some(descends_first),
            Some(current) if current.descending == descends_first => Some(!descends_first),
            Some(_) => None,
        };
        descending.map(|descending| Self { key, descending })
    }

    /// Sorts positions of records. Equal records keep the API's order; records without a value come last
    /// in both directions.
    ///
    /// `campaign_ranks` are those of [`campaign_ranks`](crate::record::campaign_ranks).
    pub fn apply(self, positions: &mut [usize], records: &[Record], campaign_ranks: &[usize]) {
        if self.key == SortKey::Column(Column::Campaign) {
            let rank = |position: usize| {
                let rank = campaign_ranks.get(position).copied();
                rank.filter(|rank| *rank != usize::MAX)
            };
            by(positions, &|one, other| {
                self.compare_values(rank(one), rank(other))
            });
            return;
        }
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
        let column = match self.key {
            SortKey::Column(column) => column,
            SortKey::ExpiresAt => {
                return self.compare_values(a.expires_at.known(), b.expires_at.known());
            }
        };
        match column {
            Column::Date => self.compare_values(a.created_at.known(), b.created_at.known()),
            Column::Reward => {
                self.compare_values(a.reward_credits.known(), b.reward_credits.known())
            }
            Column::Status => {
                let rank =
                    |status: &crate::status::Status| (status.rank(), status.as_str().to_owned());
                self.compare_values(a.status.known().map(rank), b.status.known().map(rank))
            }
            Column::Role | Column::Code | Column::Campaign => Ordering::Equal,
        }
    }

    fn compare_values<T: Ord>(self, one: Option<T>, other: Option<T>) -> Ordering {
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
        samples::{ranks, records, rewarded, text, time, unreadable, with_status},
    };

    fn sorted(column: Column, descending: bool, events: Vec<Event>) -> Vec<usize> {
        sorted_by(SortKey::Column(column), descending, events)
    }

    fn sorted_by(key: SortKey, descending: bool, events: Vec<Event>) -> Vec<usize> {
        let records = records(events);
        let mut positions: Vec<usize> = (0..records.len()).collect();
        let ranks = ranks(&records);
        Sort { key, descending }.apply(&mut positions, &records, &ranks);
        positions
    }

    fn created(at: &str) -> Event {
        Event {
            created_at: time(at),
            ..Event::default()
        }
    }

    fn with_campaign(name: &str) -> Event {
        Event {
            campaign: text(name),
            ..Event::default()
        }
    }

    #[test]
    fn presses_cycle_through_both_directions_and_no_order() {
        for (column, first) in [
            (Column::Date, false),
            (Column::Reward, true),
            (Column::Status, false),
            (Column::Campaign, false),
        ] {
            let mut sort = None;
            let mut press = || {
                sort = Sort::next(sort, column);
                sort.map(|sort| (sort.key, sort.descending))
            };
            assert_eq!(press(), Some((SortKey::Column(column), first)));
            assert_eq!(press(), Some((SortKey::Column(column), !first)));
            assert_eq!(press(), None);
        }
    }

    #[test]
    fn another_heading_starts_with_its_first_direction() {
        let by_campaign = Sort::next(None, Column::Campaign);
        assert_eq!(
            Sort::next(by_campaign, Column::Reward),
            Sort::next(None, Column::Reward)
        );
    }

    #[test]
    fn dates_sort_by_time_and_unknown_ones_come_last() {
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
    fn expiry_sorts_by_the_field_as_sent_and_unknown_ones_come_last() {
        let expiring = |status: &str, at: &str| Event {
            expires_at: time(at),
            ..with_status(status)
        };
        let events = || {
            vec![
                with_status("attributed"),
                expiring("attributed", "2026-05-20T00:00:00Z"),
                expiring("expired", "2026-05-01T00:00:00Z"),
                Event {
                    expires_at: unreadable(),
                    ..Event::default()
                },
                expiring("qualified", "2026-05-13T00:00:00Z"),
            ]
        };
        let sorted = |descending| sorted_by(SortKey::ExpiresAt, descending, events());
        assert_eq!(sorted(false), [2, 4, 1, 0, 3]);
        assert_eq!(sorted(true), [1, 4, 2, 0, 3]);
    }

    #[test]
    fn every_sortable_column_is_a_key() {
        let columns = Column::ALL
            .into_iter()
            .filter(|column| column.is_sortable());
        let keys = columns.map(SortKey::Column).chain([SortKey::ExpiresAt]);
        assert!(keys.eq(SortKey::ALL));
    }

    #[test]
    fn rewards_sort_as_numbers_and_unknown_ones_come_last() {
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
    fn campaigns_sort_without_case_and_unknown_ones_come_last() {
        let events = || {
            vec![
                with_campaign("winter"),
                Event::default(),
                with_campaign("Spring"),
                Event {
                    campaign: unreadable(),
                    ..Event::default()
                },
                with_campaign("autumn"),
            ]
        };
        assert_eq!(sorted(Column::Campaign, false, events()), [4, 2, 0, 1, 3]);
        assert_eq!(sorted(Column::Campaign, true, events()), [0, 2, 4, 1, 3]);
    }

    #[test]
    fn statuses_sort_by_life_cycle_and_unknown_ones_follow() {
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

    /// Reversing the ascending order would also reverse equal rows.
    #[test]
    fn equal_rows_keep_the_api_order_in_both_directions() {
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
        let campaigns = || vec![with_campaign("b"), with_campaign("a"), with_campaign("a")];
        assert_eq!(sorted(Column::Campaign, false, campaigns()), [1, 2, 0]);
        assert_eq!(sorted(Column::Campaign, true, campaigns()), [0, 1, 2]);
    }

    /// An unstable sort may still keep few rows in order.
    #[test]
    fn equal_rows_of_a_full_answer_keep_the_api_order() {
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
    fn only_the_given_positions_are_sorted() {
        let records = records([rewarded(1), rewarded(3), rewarded(2), rewarded(4)]);
        let mut positions = [0, 2, 3];
        let sort = Sort {
            key: SortKey::Column(Column::Reward),
            descending: true,
        };
        sort.apply(&mut positions, &records, &[]);
        assert_eq!(positions, [3, 2, 0]);
    }

    /// The standard library's sort may panic if the comparison is inconsistent.
    #[test]
    fn positions_without_a_record_come_last() {
        let records = records((0..50).map(rewarded));
        let mut positions: Vec<usize> = (0..100).rev().collect();
        let sort = Sort {
            key: SortKey::Column(Column::Reward),
            descending: false,
        };
        sort.apply(&mut positions, &records, &[]);
        assert!(positions.iter().copied().take(50).eq(0..50));
    }
}
