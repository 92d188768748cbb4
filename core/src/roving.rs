//! Keys in a row of controls that is one stop of the keyboard, such as a list of tabs.

/// A row of controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// How many controls it has.
    pub length: usize,
    /// Whether it runs from right to left.
    pub is_rtl: bool,
    /// Whether the last control is followed by the first.
    pub wraps: bool,
}

impl Row {
    /// The position that a key moves the focus to from `position`; `None` if the key moves no focus. Keys are
    /// named as in `KeyboardEvent.key`.
    pub fn after_key(self, key: &str, position: usize) -> Option<usize> {
        let last = self.length.checked_sub(1)?;
        let forwards = match key {
            "Home" => return Some(0),
            "End" => return Some(last),
            "ArrowRight" => !self.is_rtl,
            "ArrowLeft" => self.is_rtl,
            _ => return None,
        };
        let end = if forwards { last } else { 0 };
        Some(match (position == end, forwards) {
            (true, _) if self.wraps => last - end,
            (true, _) => end,
            (false, true) => position.saturating_add(1).min(last),
            (false, false) => position.saturating_sub(1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(is_rtl: bool, wraps: bool) -> Row {
        Row {
            length: 3,
            is_rtl,
            wraps,
        }
    }

    #[test]
    fn arrows_follow_the_direction_of_reading() {
        for (is_rtl, onwards, back) in [
            (false, "ArrowRight", "ArrowLeft"),
            (true, "ArrowLeft", "ArrowRight"),
        ] {
            let row = row(is_rtl, false);
            assert_eq!(row.after_key(onwards, 0), Some(1));
            assert_eq!(row.after_key(back, 1), Some(0));
            assert_eq!(row.after_key("Home", 1), Some(0));
            assert_eq!(row.after_key("End", 1), Some(2));
        }
    }

    #[test]
    fn a_row_that_wraps_has_no_ends() {
        for (wraps, after_last, before_first) in [(false, 2, 0), (true, 0, 2)] {
            let row = row(false, wraps);
            assert_eq!(row.after_key("ArrowRight", 2), Some(after_last));
            assert_eq!(row.after_key("ArrowLeft", 0), Some(before_first));
        }
    }

    #[test]
    fn other_keys_move_nothing_and_neither_does_an_empty_row() {
        let row = row(false, true);
        for key in ["ArrowUp", "Enter", "Tab", "home", ""] {
            assert_eq!(row.after_key(key, 1), None, "{key}");
        }
        assert_eq!(Row { length: 0, ..row }.after_key("Home", 0), None);
        // The row has become shorter meanwhile.
        assert_eq!(row.after_key("ArrowRight", 9), Some(2));
    }
}
