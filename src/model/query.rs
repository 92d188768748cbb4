//! What the user asks of the loaded events: which ones, and which page of them.
//!
//! Nothing here asks the API for anything.

use super::{
    event::Event,
    page::{DEFAULT_ROWS_PER_PAGE, Page},
    role::Role,
    status::Status,
};

/// The user's choices. Equal queries show equal rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Only this role; `None` for all.
    pub role: Option<Role>,
    /// Only these statuses, in the order they were chosen; none for all.
    pub statuses: Vec<Status>,
    /// The page, from 1. May be beyond the last: see [`Query::page_of`].
    pub page: usize,
    /// Rows per page.
    pub per_page: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            role: None,
            statuses: Vec::new(),
            page: 1,
            per_page: DEFAULT_ROWS_PER_PAGE,
        }
    }
}

/// One choice of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is chosen.
    pub value: T,
    /// How many loaded events it would leave, given the other filters.
    pub events: usize,
}

impl Query {
    /// Chooses a role (`None` for all) and returns to the first page.
    pub fn set_role(&mut self, role: Option<Role>) {
        self.role = role;
        self.page = 1;
    }

    /// Chooses or drops a status and returns to the first page.
    pub fn set_status(&mut self, status: Status, chosen: bool) {
        self.statuses.retain(|other| *other != status);
        if chosen {
            self.statuses.push(status);
        }
        self.page = 1;
    }

    /// Sets the rows per page and goes to the page that holds the row which was the first one shown,
    /// so that nobody loses their place.
    pub fn set_per_page(&mut self, per_page: usize) {
        let first = self.page.saturating_sub(1).saturating_mul(self.per_page);
        self.per_page = per_page.max(1);
        self.page = first / self.per_page + 1;
    }

    /// Drops every filter and returns to the first page.
    pub fn clear_filters(&mut self) {
        *self = Self {
            per_page: self.per_page,
            ..Self::default()
        };
    }

    /// Whether any filter is set.
    pub fn is_filtered(&self) -> bool {
        self.role.is_some() || !self.statuses.is_empty()
    }

    /// The positions of the events that the filters leave, in the order the API sent them.
    pub fn matching(&self, events: &[Event]) -> Vec<usize> {
        events
            .iter()
            .enumerate()
            .filter(|(_, event)| self.has_role(event) && self.has_status(event))
            .map(|(position, _)| position)
            .collect()
    }

    /// The page of a list of `total` rows that this query shows.
    pub fn page_of(&self, total: usize) -> Page {
        Page::of(total, self.page, self.per_page)
    }

    /// The choices of the role filter: all, the known roles, and any other that occurs or is chosen.
    pub fn role_choices(&self, events: &[Event]) -> Vec<Choice<Option<Role>>> {
        let roles = words(
            &Role::KNOWN,
            events.iter().filter_map(|event| event.role.known()),
            self.role.iter(),
        );
        core::iter::once(None)
            .chain(roles.into_iter().map(Some))
            .map(|role| Choice {
                events: events
                    .iter()
                    .filter(|event| {
                        role.as_ref()
                            .is_none_or(|role| event.role.known() == Some(role))
                    })
                    .filter(|event| self.has_status(event))
                    .count(),
                value: role,
            })
            .collect()
    }

    /// The choices of the status filter: the known statuses, and any other that occurs or is chosen.
    pub fn status_choices(&self, events: &[Event]) -> Vec<Choice<Status>> {
        let statuses = words(
            &Status::KNOWN,
            events.iter().filter_map(|event| event.status.known()),
            self.statuses.iter(),
        );
        statuses
            .into_iter()
            .map(|status| Choice {
                events: events
                    .iter()
                    .filter(|event| event.status.known() == Some(&status) && self.has_role(event))
                    .count(),
                value: status,
            })
            .collect()
    }

    fn has_role(&self, event: &Event) -> bool {
        self.role
            .as_ref()
            .is_none_or(|role| event.role.known() == Some(role))
    }

    fn has_status(&self, event: &Event) -> bool {
        self.statuses.is_empty()
            || event
                .status
                .known()
                .is_some_and(|status| self.statuses.contains(status))
    }
}

/// The known words, then each other one once, in the order of their first occurrence. A chosen word
/// stays among the choices even when no event has it (any more): it must be possible to drop it.
fn words<'a, T: Clone + PartialEq + 'a>(
    known: &[T],
    occurring: impl Iterator<Item = &'a T>,
    chosen: impl Iterator<Item = &'a T>,
) -> Vec<T> {
    let mut words = known.to_vec();
    for word in occurring.chain(chosen) {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::Field;

    fn event(role: &str, status: &str) -> Event {
        Event {
            role: Field::Known(Role::from_word(role)),
            status: Field::Known(Status::from_word(status)),
            ..Event::default()
        }
    }

    fn events() -> Vec<Event> {
        vec![
            event("referrer", "rewarded"),
            event("referred", "rewarded"),
            event("referrer", "capped"),
            event("partner", "on_hold"),
            Event::default(),
            event("referrer", "rewarded"),
        ]
    }

    fn counts<T: Clone>(choices: &[Choice<T>], word: impl Fn(&T) -> String) -> Vec<String> {
        choices
            .iter()
            .map(|choice| format!("{} {}", word(&choice.value), choice.events))
            .collect()
    }

    fn role_word(role: &Option<Role>) -> String {
        role.as_ref().map_or("all", Role::word).to_owned()
    }

    #[test]
    fn no_filter_leaves_all_in_the_order_of_the_api() {
        assert_eq!(Query::default().matching(&events()), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn filters_narrow_together() {
        let mut query = Query::default();
        query.set_role(Some(Role::Referrer));
        assert_eq!(query.matching(&events()), [0, 2, 5]);
        query.set_status(Status::Rewarded, true);
        assert_eq!(query.matching(&events()), [0, 5]);
        query.set_status(Status::Capped, true);
        assert_eq!(query.matching(&events()), [0, 2, 5]);
        query.set_status(Status::Rewarded, false);
        assert_eq!(query.matching(&events()), [2]);
        query.clear_filters();
        assert_eq!(query, Query::default());
    }

    #[test]
    fn a_choice_counts_what_it_would_leave_given_the_other_filter() {
        let mut query = Query::default();
        assert_eq!(
            counts(&query.role_choices(&events()), role_word),
            ["all 6", "referrer 3", "referred 1", "partner 1"]
        );
        query.set_status(Status::Rewarded, true);
        assert_eq!(
            counts(&query.role_choices(&events()), role_word),
            ["all 3", "referrer 2", "referred 1", "partner 0"]
        );
        // The chosen status does not count against its own group.
        assert_eq!(
            counts(&query.status_choices(&events()), |status| status
                .word()
                .to_owned()),
            [
                "attributed 0",
                "qualified 0",
                "review_required 0",
                "rewarded 3",
                "expired 0",
                "capped 1",
                "failed 0",
                "rejected 0",
                "on_hold 1"
            ]
        );
        query.set_role(Some(Role::Referred));
        assert_eq!(query.status_choices(&events())[3].events, 1);
    }

    #[test]
    fn a_chosen_word_that_is_gone_can_still_be_dropped() {
        let mut query = Query::default();
        query.set_role(Some(Role::from_word("partner")));
        query.set_status(Status::from_word("on_hold"), true);
        assert_eq!(query.role_choices(&[]).len(), 4);
        assert_eq!(query.status_choices(&[]).len(), 9);
    }

    #[test]
    fn a_filter_returns_to_the_first_page() {
        let at_page_3 = Query {
            page: 3,
            ..Query::default()
        };
        for change in [
            (|query| query.set_role(Some(Role::Referred))) as fn(&mut Query),
            |query| query.set_status(Status::Failed, true),
            Query::clear_filters,
        ] {
            let mut query = at_page_3.clone();
            change(&mut query);
            assert_eq!(query.page, 1);
        }
    }

    #[test]
    fn another_number_of_rows_keeps_the_first_row_in_sight() {
        let mut query = Query {
            page: 3,
            per_page: 25,
            ..Query::default()
        };
        query.set_per_page(10);
        assert_eq!(query.page_of(100).rows(), 50..60);
        query.set_per_page(100);
        assert_eq!(query.page, 1);
        query.page = usize::MAX;
        query.set_per_page(10);
        assert_eq!(query.page_of(100).number, 10);
    }
}
