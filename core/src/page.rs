//! Pagination: which rows of a list are on which page.

use core::ops::Range;

/// The choices of rows per page.
pub const ROWS_PER_PAGE: [usize; 4] = [10, 25, 50, 100];

/// Rows per page, unless the host or the user chooses otherwise.
pub const DEFAULT_ROWS_PER_PAGE: usize = 25;

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many rows the list has.
    pub total: usize,
    /// The page's number, from 1. An empty list has one empty page.
    pub number: usize,
    /// How many pages there are, at least 1.
    pub count: usize,
    /// Rows per page.
    per_page: usize,
}

impl Page {
    /// Page `number` of a list of `total` rows. A number out of range is clamped.
    pub fn new(total: usize, number: usize, per_page: usize) -> Self {
        let per_page = per_page.max(1);
        let count = total.div_ceil(per_page).max(1);
        Self {
            total,
            number: number.clamp(1, count),
            count,
            per_page,
        }
    }

    /// The rows on the page, counted from 0.
    pub fn rows(self) -> Range<usize> {
        let first = (self.number - 1) * self.per_page;
        first..(first + self.per_page).min(self.total)
    }

    /// Whether there is a page before this one.
    pub fn has_previous(self) -> bool {
        self.number > 1
    }

    /// Whether there is a page after this one.
    pub fn has_next(self) -> bool {
        self.number < self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_the_list_without_gap_or_overlap() {
        for total in [0, 1, 9, 10, 11, 73, 100, 2_500] {
            for per_page in ROWS_PER_PAGE {
                let count = Page::new(total, 1, per_page).count;
                let rows: Vec<usize> = (1..=count)
                    .flat_map(|number| Page::new(total, number, per_page).rows())
                    .collect();
                assert_eq!(
                    rows,
                    (0..total).collect::<Vec<_>>(),
                    "{total} by {per_page}"
                );
            }
        }
    }

    #[test]
    fn an_empty_list_has_one_empty_page() {
        let page = Page::new(0, 1, 25);
        assert_eq!(page.rows(), 0..0);
        assert!(!page.has_previous() && !page.has_next());
    }

    #[test]
    fn a_number_out_of_range_is_clamped() {
        assert_eq!(Page::new(73, 0, 25).number, 1);
        assert_eq!(Page::new(73, usize::MAX, 25).number, 3);
        assert_eq!(Page::new(73, 3, 25).rows(), 50..73);
        assert_eq!(Page::new(73, 3, 0).number, 3);
    }
}
