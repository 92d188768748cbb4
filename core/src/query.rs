//! The user's choices for the table: filters, order and page.
//!
//! They apply to the loaded events. Nothing here makes a request.

use crate::{
    campaign::Campaign,
    column::Column,
    dates::{DateField, Dates},
    page::{DEFAULT_ROWS_PER_PAGE, Page},
    record::{Device, Record},
    role::Role,
    sort::{self, Sort, SortKey},
    status::Status,
    time::{Instant, Zone},
};

/// The most characters of a search.
pub const SEARCH_CHARACTERS: usize = 200;

/// The most unknown statuses that the status filter offers. Each event of an answer may have its own, and
/// a hundred choices are of no use.
pub const MAX_UNKNOWN: usize = 12;

/// The user's choices. Equal queries show the same rows, and the details of the same event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Only this role; `None` for all.
    pub role: Option<Role>,
    /// Only these statuses, in the order chosen; empty for all.
    pub statuses: Vec<Status>,
    /// Only open referrals that expire soon. Never set together with `statuses`: the status filter offers
    /// both as alternatives.
    pub expiring_soon: bool,
    /// Only this campaign; `None` for all.
    pub campaign: Option<Campaign>,
    /// Only events whose date `by` is on these days.
    pub dates: Dates,
    /// The date that `dates` applies to; [`DateField::Created`] without `dates`.
    pub by: DateField,
    /// Only events with this text in their id, code or campaign.
    pub search: String,
    /// The order; `None` for the API's.
    pub sort: Option<Sort>,
    /// The page, from 1. It may be beyond the last page: see [`Query::page_of`].
    pub page: usize,
    /// Rows per page.
    pub per_page: usize,
    /// The zone in which times are shown and days begin.
    pub zone: Zone,
    /// The id of the event whose details are open; `None` if none are, or an address cannot name the event.
    /// Not a filter.
    pub event: Option<String>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            role: None,
            statuses: Vec::new(),
            expiring_soon: false,
            campaign: None,
            dates: Dates::default(),
            by: DateField::default(),
            search: String::new(),
            sort: None,
            page: 1,
            per_page: DEFAULT_ROWS_PER_PAGE,
            zone: Zone::User,
            event: None,
        }
    }
}

/// A choice of a filter, with its count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// The value to choose.
    pub value: T,
    /// How many loaded events have the value and pass the other filters.
    pub events: usize,
}

impl<T> Choice<T> {
    /// Converts the value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Choice<U> {
        Choice {
            value: convert(self.value),
            events: self.events,
        }
    }
}

/// A filter, as its bit in [`FilterMask`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Role.
    Role = 1,
    /// Status, or that the referral expires soon.
    Status = 2,
    /// Campaign.
    Campaign = 4,
    /// Date range.
    Dates = 8,
    /// Search.
    Search = 16,
}

/// The filters that a record passes, as a bit mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterMask(u8);

impl FilterMask {
    const ALL: u8 = 31;

    /// Whether the record passes all filters.
    pub fn all(self) -> bool {
        self.0 == Self::ALL
    }

    /// Whether the record passes all filters except these, which are ignored.
    pub fn all_but(self, filters: &[Filter]) -> bool {
        let ignored = filters
            .iter()
            .fold(0, |ignored, filter| ignored | *filter as u8);
        self.0 | ignored == Self::ALL
    }
}

/// A field that is typed into: its value has others on the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypedField {
    /// The search.
    Search,
    /// The first or the last day of a period.
    Dates,
}

impl Query {
    /// Chooses a role (`None` for all) and returns to the first page.
    pub fn set_role(&mut self, role: Option<Role>) {
        self.role = role;
        self.page = 1;
    }

    /// Adds or removes a status and returns to the first page.
    pub fn set_status(&mut self, status: Status, chosen: bool) {
        self.statuses.retain(|other| *other != status);
        if chosen {
            self.statuses.push(status);
            self.end_expiring_soon();
        }
        self.page = 1;
    }

    /// Chooses only referrals that expire soon, or all again, and returns to the first page.
    ///
    /// They come in the order in which they expire, unless the user has chosen an order. That order ends
    /// with the filter, however the filter ends.
    pub fn set_expiring_soon(&mut self, chosen: bool) {
        if chosen {
            self.expiring_soon = true;
            self.statuses.clear();
            self.clear_days_of_rewards();
            self.sort = self.sort.or(Some(Sort::EXPIRES_FIRST));
        } else {
            self.end_expiring_soon();
        }
        self.page = 1;
    }

    fn end_expiring_soon(&mut self) {
        if self.expiring_soon && self.sort == Some(Sort::EXPIRES_FIRST) {
            self.sort = None;
        }
        self.expiring_soon = false;
    }

    /// Chooses a campaign (`None` for all) and returns to the first page.
    pub fn set_campaign(&mut self, campaign: Option<Campaign>) {
        self.campaign = campaign;
        self.page = 1;
    }

    /// Chooses days and returns to the first page.
    pub fn set_dates(&mut self, dates: Dates) {
        self.dates = dates;
        if dates.is_any() {
            self.by = DateField::default();
        }
        self.page = 1;
    }

    /// Chooses the date that the days apply to and returns to the first page. It does nothing without days.
    pub fn set_by(&mut self, by: DateField) {
        if !self.dates.is_any() {
            self.by = by;
            self.page = 1;
        }
    }

    /// The filters that figures of open and ended referrals ignore, and the rewards over time. What is not
    /// rewarded has no date of a reward, so such a period says nothing about it; and the rewards of all
    /// periods stay, so that the user can compare the chosen one and choose another.
    pub fn ignored_by_progress(&self) -> &'static [Filter] {
        match self.by {
            DateField::Created => &[Filter::Status],
            DateField::Rewarded => &[Filter::Status, Filter::Dates],
        }
    }

    /// The days that limit the axis of the rewards over time: all days if a period of rewards is chosen,
    /// which is marked on the axis.
    pub fn series_dates(&self) -> Dates {
        match self.by {
            DateField::Created => self.dates,
            DateField::Rewarded => Dates::default(),
        }
    }

    /// Whether the rewards of exactly these days are chosen.
    pub fn has_rewards_of(&self, dates: Dates) -> bool {
        self.by == DateField::Rewarded && self.dates.ordered() == dates.ordered()
    }

    /// Whether the chosen period of rewards has some of these days; `None` without such a period.
    pub fn includes_rewards_of(&self, dates: Dates) -> Option<bool> {
        (self.by == DateField::Rewarded).then(|| self.dates.overlaps(dates))
    }

    /// Chooses the rewards of these days, or of any day again if exactly they are chosen, and returns to the
    /// first page.
    pub fn toggle_rewards_of(&mut self, dates: Dates) {
        let chosen = self.has_rewards_of(dates);
        self.set_dates(if chosen { Dates::default() } else { dates });
        self.set_by(DateField::Rewarded);
    }

    /// Chooses exactly these statuses, or all again if they are chosen, and returns to the first page.
    ///
    /// Only what is rewarded has a date of its reward: days of rewards are cleared for other statuses.
    pub fn toggle_statuses(&mut self, statuses: &[Status]) {
        if self.has_statuses(statuses) {
            self.statuses.clear();
        } else {
            self.statuses = statuses.to_vec();
            if statuses.iter().any(|status| *status != Status::Rewarded) {
                self.clear_days_of_rewards();
            }
        }
        self.end_expiring_soon();
        self.page = 1;
    }

    fn clear_days_of_rewards(&mut self) {
        if self.by == DateField::Rewarded {
            self.set_dates(Dates::default());
        }
    }

    /// Whether exactly these statuses are chosen, in any order.
    pub fn has_statuses(&self, statuses: &[Status]) -> bool {
        self.statuses.len() == statuses.len()
            && statuses.iter().all(|status| self.statuses.contains(status))
    }

    /// Sets the search (empty for none) and returns to the first page.
    pub fn set_search(&mut self, search: &str) {
        // A search field drops line breaks, and the address must hold what the field shows.
        let shown = search
            .chars()
            .filter(|character| !matches!(character, '\n' | '\r'));
        self.search = shown.take(SEARCH_CHARACTERS).collect();
        self.page = 1;
    }

    /// Sets the order and returns to the first page.
    pub fn set_sort(&mut self, sort: Option<Sort>) {
        self.sort = sort;
        self.page = 1;
    }

    /// Sets the rows per page and goes to the page of the row that was shown first, so that users keep
    /// their place.
    pub fn set_per_page(&mut self, per_page: usize) {
        let first = self.page.saturating_sub(1).saturating_mul(self.per_page);
        self.per_page = per_page.max(1);
        self.page = first / self.per_page + 1;
    }

    /// Goes to the page of a place, from 0, in a list of `total` rows.
    pub fn go_to(&mut self, place: usize, total: usize) {
        if !self.page_of(total).rows().contains(&place) {
            self.page = place / self.per_page.max(1) + 1;
        }
    }

    /// Clears all filters and returns to the first page.
    pub fn clear_filters(&mut self) {
        self.end_expiring_soon();
        *self = Self {
            sort: self.sort,
            per_page: self.per_page,
            zone: self.zone,
            event: self.event.take(),
            ..Self::default()
        };
    }

    /// Clears all choices except rows per page and zone.
    pub fn forget(&mut self) {
        self.clear_filters();
        self.sort = None;
        self.event = None;
    }

    /// Whether details are open now or in `before`, and nothing differs but their event, and the page, which
    /// follows it.
    pub fn changes_details_only(&self, before: &Self) -> bool {
        let mut changed = before.clone();
        changed.event.clone_from(&self.event);
        changed.page = self.page;
        (self.event.is_some() || before.event.is_some()) && changed == *self
    }

    /// The default choices, with so many rows per page.
    pub fn with_rows_per_page(per_page: usize) -> Self {
        Self {
            per_page,
            ..Self::default()
        }
    }

    /// The field in which this query differs from `before`, if it differs in nothing but one that is typed into.
    pub fn typed_field(&self, before: &Self) -> Option<TypedField> {
        // The page follows what is found.
        let mut typed = before.clone();
        typed.page = self.page;
        let field = if self.search == before.search {
            typed.dates = self.dates;
            TypedField::Dates
        } else {
            typed.search.clone_from(&self.search);
            TypedField::Search
        };
        let is_changed = self.search != before.search || self.dates != before.dates;
        (is_changed && typed == *self).then_some(field)
    }

    /// How many filters are set.
    pub fn filters_set(&self) -> usize {
        let set = [
            self.role.is_some(),
            !self.statuses.is_empty() || self.expiring_soon,
            self.campaign.is_some(),
            !self.dates.is_any(),
            !self.search.trim().is_empty(),
        ];
        set.into_iter().filter(|set| *set).count()
    }

    /// Whether any filter is set.
    pub fn is_filtered(&self) -> bool {
        self.filters_set() > 0
    }

    /// The filters that each record passes. `now` decides what expires soon.
    pub fn filter_masks(
        &self,
        records: &[Record],
        device: &dyn Device,
        now: Instant,
    ) -> Vec<FilterMask> {
        let search = device.fold(self.search.trim());
        let mask = |record: &Record| {
            let passes = [
                (Filter::Role, self.has_role(record)),
                (Filter::Status, self.has_status(record, now)),
                (Filter::Campaign, self.has_campaign(record)),
                (
                    Filter::Dates,
                    self.dates.has(record.day(self.by).in_zone(self.zone)),
                ),
                (Filter::Search, record.matches_search(&search, device)),
            ];
            let passes = passes.into_iter().filter(|(_, passes)| *passes);
            FilterMask(passes.fold(0, |mask, (filter, _)| mask | filter as u8))
        };
        records.iter().map(mask).collect()
    }

    /// The positions of the records that pass all filters, in the chosen order.
    ///
    /// `campaign_ranks` are those of [`campaign_ranks`](crate::record::campaign_ranks). They are read only if the query
    /// [sorts by them](Self::sorts_by_campaign).
    pub fn matching(
        &self,
        records: &[Record],
        masks: &[FilterMask],
        campaign_ranks: &[usize],
    ) -> Vec<usize> {
        let mut positions: Vec<usize> = (0..records.len())
            .filter(|position| masks.get(*position).is_some_and(|mask| mask.all()))
            .collect();
        if let Some(sort) = self.sort {
            sort.apply(&mut positions, records, campaign_ranks);
        }
        positions
    }

    /// Whether the list is in the order of its campaigns.
    pub fn sorts_by_campaign(&self) -> bool {
        self.sort
            .is_some_and(|sort| sort.key == SortKey::Column(Column::Campaign))
    }

    /// The page of a list of `total` rows that this query shows.
    pub fn page_of(&self, total: usize) -> Page {
        Page::new(total, self.page, self.per_page)
    }

    /// The choices of the role filter: all, the known roles, and any other role that occurs or is chosen.
    pub fn role_choices(
        &self,
        records: &[Record],
        masks: &[FilterMask],
    ) -> Vec<Choice<Option<Role>>> {
        let roles = words(
            &Role::KNOWN,
            records
                .iter()
                .filter_map(|record| record.event.role.known()),
            self.role.iter(),
        );
        let matching = matching_except(records, masks, &[Filter::Role]);
        let choice = |role: Option<Role>| Choice {
            events: matching
                .iter()
                .filter(|record| role.is_none() || record.event.role.known() == role.as_ref())
                .count(),
            value: role,
        };
        core::iter::once(None)
            .chain(roles.into_iter().map(Some))
            .map(choice)
            .collect()
    }

    /// The choices of the status filter: the known statuses, the first [`MAX_UNKNOWN`] other statuses
    /// that occur, and the chosen ones.
    pub fn status_choices(&self, records: &[Record], masks: &[FilterMask]) -> Vec<Choice<Status>> {
        let statuses = words(
            &Status::KNOWN,
            records
                .iter()
                .filter_map(|record| record.event.status.known()),
            self.statuses.iter(),
        );
        let mut unknown = 0;
        let statuses = statuses.into_iter().filter(|status| {
            unknown += usize::from(matches!(status, Status::Unknown(_)));
            unknown <= MAX_UNKNOWN || self.statuses.contains(status)
        });
        let matching = matching_except(records, masks, &[Filter::Status]);
        let choice = |status: Status| Choice {
            events: matching
                .iter()
                .filter(|record| record.event.status.known() == Some(&status))
                .count(),
            value: status,
        };
        statuses.map(choice).collect()
    }

    /// The choices of the campaign filter: the campaigns that occur, sorted by name, and the chosen one;
    /// "No campaign" last.
    pub fn campaign_choices(
        &self,
        records: &[Record],
        masks: &[FilterMask],
        campaign_ranks: &[usize],
    ) -> Vec<Choice<Campaign>> {
        let mut sorted: Vec<usize> = (0..records.len()).collect();
        sort::by(&mut sorted, &|one, other| {
            campaign_ranks.get(one).cmp(&campaign_ranks.get(other))
        });
        let named = sorted
            .iter()
            .filter_map(|position| records.get(*position)?.campaign.as_ref())
            .chain(self.campaign.as_ref())
            .filter(|campaign| **campaign != Campaign::None);
        let mut campaigns = words(&[], named, core::iter::empty());
        campaigns.push(Campaign::None);
        let matching = matching_except(records, masks, &[Filter::Campaign]);
        let choice = |campaign: Campaign| Choice {
            events: matching
                .iter()
                .filter(|record| record.campaign.as_ref() == Some(&campaign))
                .count(),
            value: campaign,
        };
        campaigns.into_iter().map(choice).collect()
    }

    fn has_role(&self, record: &Record) -> bool {
        self.role.is_none() || record.event.role.known() == self.role.as_ref()
    }

    fn has_status(&self, record: &Record, now: Instant) -> bool {
        if self.expiring_soon {
            return record.expires_soon(now);
        }
        let status = record.event.status.known();
        self.statuses.is_empty() || status.is_some_and(|status| self.statuses.contains(status))
    }

    fn has_campaign(&self, record: &Record) -> bool {
        self.campaign.is_none() || record.campaign == self.campaign
    }
}

/// The records that pass all filters except these.
pub fn matching_except<'a>(
    records: &'a [Record],
    masks: &[FilterMask],
    but: &[Filter],
) -> Vec<&'a Record> {
    records
        .iter()
        .zip(masks)
        .filter(|(_, mask)| mask.all_but(but))
        .map(|(record, _)| record)
        .collect()
}

/// The known words, then each other word once, in the order of first occurrence. A chosen word stays a
/// choice even if no event has it, so that the user can remove it.
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
    use crate::{
        column::Column,
        event::Event,
        field::Field,
        samples::{Berlin, date, now, ranks, records, text, time, unreadable, with_status},
    };

    fn event(role: &str, status: &str) -> Event {
        Event {
            role: Field::Known(Role::parse(role)),
            ..with_status(status)
        }
    }

    fn events() -> Vec<Record> {
        records([
            event("referrer", "rewarded"),
            event("referred", "rewarded"),
            event("referrer", "capped"),
            event("partner", "on_hold"),
            Event::default(),
            event("referrer", "rewarded"),
        ])
    }

    fn masks(query: &Query, records: &[Record]) -> Vec<FilterMask> {
        query.filter_masks(records, &Berlin, now())
    }

    fn matching(query: &Query, records: &[Record]) -> Vec<usize> {
        query.matching(records, &masks(query, records), &ranks(records))
    }

    fn counts<T>(choices: &[Choice<T>], word: impl Fn(&T) -> &str) -> Vec<String> {
        choices
            .iter()
            .map(|choice| format!("{} {}", word(&choice.value), choice.events))
            .collect()
    }

    fn role_counts(query: &Query, records: &[Record]) -> Vec<String> {
        let choices = query.role_choices(records, &masks(query, records));
        counts(&choices, |role| role.as_ref().map_or("all", Role::as_str))
    }

    fn status_counts(query: &Query, records: &[Record]) -> Vec<String> {
        let choices = query.status_choices(records, &masks(query, records));
        counts(&choices, Status::as_str)
    }

    fn campaign_counts(query: &Query, records: &[Record]) -> Vec<String> {
        let choices = query.campaign_choices(records, &masks(query, records), &ranks(records));
        counts(&choices, |campaign| match campaign {
            Campaign::Named(name) => name,
            Campaign::None => "none",
        })
    }

    fn named(name: &str) -> Option<Campaign> {
        Some(Campaign::Named(name.to_owned()))
    }

    fn with_campaign(name: &str) -> Event {
        Event {
            campaign: text(name),
            ..Event::default()
        }
    }

    fn created(at: &str) -> Event {
        Event {
            created_at: time(at),
            ..Event::default()
        }
    }

    fn expiring(status: &str, at: &str) -> Event {
        Event {
            expires_at: time(at),
            ..with_status(status)
        }
    }

    #[test]
    fn without_filters_all_events_keep_the_api_order() {
        assert_eq!(matching(&Query::default(), &events()), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn filters_combine() {
        let mut query = Query::default();
        query.set_role(Some(Role::Referrer));
        assert_eq!(matching(&query, &events()), [0, 2, 5]);
        query.set_status(Status::Rewarded, true);
        assert_eq!(matching(&query, &events()), [0, 5]);
        query.set_status(Status::Capped, true);
        assert_eq!(matching(&query, &events()), [0, 2, 5]);
        query.set_status(Status::Rewarded, false);
        assert_eq!(matching(&query, &events()), [2]);
        query.clear_filters();
        assert_eq!(query, Query::default());
    }

    #[test]
    fn a_choice_counts_the_events_that_pass_the_other_filters() {
        let mut query = Query::default();
        assert_eq!(
            role_counts(&query, &events()),
            ["all 6", "referrer 3", "referred 1", "partner 1"]
        );
        query.set_status(Status::Rewarded, true);
        assert_eq!(
            role_counts(&query, &events()),
            ["all 3", "referrer 2", "referred 1", "partner 0"]
        );
        // The status filter does not reduce its own counts.
        assert_eq!(
            status_counts(&query, &events()),
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
        assert_eq!(status_counts(&query, &events())[3], "rewarded 1");
    }

    #[test]
    fn every_filter_reduces_the_counts_of_the_others() {
        let matching_all = |role: &str, status: &str| Event {
            campaign: text("spring"),
            created_at: time("2026-05-10T12:00:00Z"),
            code: text("A1"),
            ..event(role, status)
        };
        let records = records([
            matching_all("referrer", "rewarded"),
            matching_all("referred", "rewarded"),
            Event {
                created_at: time("2026-05-01T12:00:00Z"),
                ..matching_all("referrer", "rewarded")
            },
            Event {
                code: text("B2"),
                ..matching_all("referrer", "rewarded")
            },
            Event {
                campaign: Field::Missing,
                ..matching_all("referrer", "rewarded")
            },
            matching_all("referrer", "capped"),
        ]);
        let mut query = Query::default();
        query.set_dates(Dates {
            from: Some(date("2026-05-09")),
            to: None,
        });
        query.set_search("a1");
        query.set_campaign(named("spring"));
        query.set_status(Status::Rewarded, true);
        query.set_role(Some(Role::Referrer));
        assert_eq!(matching(&query, &records), [0]);
        assert_eq!(
            role_counts(&query, &records),
            ["all 2", "referrer 1", "referred 1"]
        );
        let statuses = status_counts(&query, &records);
        assert_eq!((&*statuses[3], &*statuses[5]), ("rewarded 1", "capped 1"));
        assert_eq!(campaign_counts(&query, &records), ["spring 1", "none 1"]);
        // The records for the table by campaign and the bar of statuses.
        let masks = masks(&query, &records);
        assert_eq!(matching_except(&records, &masks, &[Filter::Dates]).len(), 2);
        assert_eq!(
            matching_except(&records, &masks, &[Filter::Search]).len(),
            2
        );
        let but_two = matching_except(&records, &masks, &[Filter::Status, Filter::Campaign]);
        assert_eq!(but_two.len(), 3);
    }

    #[test]
    fn a_chosen_word_without_events_stays_a_choice() {
        let mut query = Query::default();
        query.set_role(Some(Role::parse("partner")));
        query.set_status(Status::parse("on_hold"), true);
        query.set_campaign(named("spring"));
        assert_eq!(role_counts(&query, &[]).len(), 4);
        assert_eq!(status_counts(&query, &[]).len(), 9);
        assert_eq!(campaign_counts(&query, &[]), ["spring 0", "none 0"]);
    }

    /// A hundred events, each with its own status, once made a hundred choices and an unreadable bar.
    #[test]
    fn many_unknown_statuses_are_limited_to_twelve_choices_and_the_chosen_ones() {
        let word = |number: usize| format!("odd_{number}");
        let records = records((0..100).map(|number| with_status(&word(number))));
        let mut query = Query::default();
        let listed = |query: &Query| status_counts(query, &records).split_off(Status::KNOWN.len());
        let first: Vec<String> = (0..MAX_UNKNOWN).map(|number| word(number) + " 1").collect();
        assert_eq!(listed(&query), first);
        // A chosen status among the first twelve changes nothing; the others follow in the order of
        // occurrence.
        for number in [70, 3, 50] {
            query.set_status(Status::parse(&word(number)), true);
        }
        let more = ["odd_50 1", "odd_70 1"].map(str::to_owned);
        assert_eq!(listed(&query), [&first[..], &more].concat());
        assert_eq!(matching(&query, &records), [3, 50, 70]);
        query.set_status(Status::parse(&word(70)), false);
        assert_eq!(listed(&query), [&first[..], &more[..1]].concat());
    }

    #[test]
    fn each_change_returns_to_the_first_page() {
        let at_page_3 = Query {
            page: 3,
            ..Query::default()
        };
        for change in [
            (|query| query.set_role(Some(Role::Referred))) as fn(&mut Query),
            |query| query.set_status(Status::Failed, true),
            |query| query.set_status(Status::Failed, false),
            |query| query.set_expiring_soon(true),
            |query| query.set_campaign(Some(Campaign::None)),
            |query| query.set_dates(Dates::default()),
            |query| {
                query.dates = Dates::last(7, date("2026-05-12"));
                query.set_by(DateField::Rewarded);
            },
            |query| query.toggle_statuses(&[Status::Rewarded]),
            |query| query.set_search("a"),
            |query| query.set_sort(None),
            Query::clear_filters,
        ] {
            let mut query = at_page_3.clone();
            change(&mut query);
            assert_eq!(query.page, 1);
        }
    }

    #[test]
    fn changing_rows_per_page_keeps_the_first_row_visible() {
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

    #[test]
    fn clearing_filters_keeps_order_rows_per_page_and_zone() {
        let shown = Query {
            sort: Sort::next(None, Column::Reward),
            per_page: 50,
            zone: Zone::Utc,
            ..Query::default()
        };
        let mut query = Query {
            role: Some(Role::Referrer),
            campaign: Some(Campaign::None),
            dates: Dates::last(7, date("2026-05-12")),
            search: "a".to_owned(),
            ..shown.clone()
        };
        query.set_expiring_soon(true);
        assert_eq!(query.filters_set(), 5);
        query.clear_filters();
        assert_eq!(query, shown);
        assert!(!query.is_filtered());
    }

    #[test]
    fn the_event_that_is_shown_is_no_filter() {
        let mut query = Query {
            event: Some("a".to_owned()),
            role: Some(Role::Referrer),
            ..Query::default()
        };
        assert_eq!(query.filters_set(), 1);
        query.clear_filters();
        assert_eq!(query.event.as_deref(), Some("a"));
        query.forget();
        assert_eq!(query, Query::default());
    }

    #[test]
    fn a_place_is_on_its_page() {
        let mut query = Query {
            per_page: 10,
            page: 99,
            ..Query::default()
        };
        // It is shown already: a page beyond the last is the last.
        query.go_to(20, 25);
        assert_eq!(query.page, 99);
        for (place, page) in [(0, 1), (9, 1), (10, 2), (24, 3)] {
            query.go_to(place, 25);
            assert_eq!(query.page, page, "{place}");
        }
    }

    #[test]
    fn only_the_page_follows_the_event() {
        let shown = |event: Option<&str>, page| Query {
            event: event.map(str::to_owned),
            page,
            ..Query::default()
        };
        for (before, now, expected) in [
            (shown(None, 1), shown(Some("a"), 1), true),
            (shown(Some("a"), 1), shown(Some("b"), 2), true),
            (shown(Some("a"), 2), shown(None, 2), true),
            (shown(Some("a"), 1), shown(Some("a"), 2), true),
            (shown(None, 1), shown(None, 2), false),
        ] {
            assert_eq!(now.changes_details_only(&before), expected, "{now:?}");
            let filtered = Query {
                search: "x".to_owned(),
                ..now
            };
            assert!(!filtered.changes_details_only(&before));
        }
    }

    #[test]
    fn a_change_of_one_typed_field_is_told_from_others() {
        use chrono::NaiveDate;

        let before = Query::default();
        let changed = |change: fn(&mut Query)| {
            let mut query = before.clone();
            query.page = 2;
            change(&mut query);
            query.typed_field(&before)
        };
        assert_eq!(before.typed_field(&before), None);
        assert_eq!(changed(|_| ()), None);
        let search = changed(|query| query.search = "a".to_owned());
        assert_eq!(search, Some(TypedField::Search));
        let day = NaiveDate::from_ymd_opt(2026, 3, 1);
        let set_day = move |query: &mut Query| query.dates.from = day;
        let mut with_day = before.clone();
        set_day(&mut with_day);
        assert_eq!(with_day.typed_field(&before), Some(TypedField::Dates));
        with_day.search = "a".to_owned();
        assert_eq!(with_day.typed_field(&before), None);
        assert_eq!(changed(|query| query.role = Some(Role::Referrer)), None);
    }

    #[test]
    fn days_apply_to_the_chosen_date() {
        let records = records([
            Event {
                rewarded_at: time("2026-05-03T12:00:00Z"),
                ..created("2026-04-20T12:00:00Z")
            },
            created("2026-05-04T12:00:00Z"),
        ]);
        let mut query = Query::default();
        query.set_by(DateField::Rewarded);
        assert_eq!(query, Query::default(), "there are no days yet");
        query.set_dates(Dates::month(date("2026-05-12")));
        assert_eq!(matching(&query, &records), [1]);
        assert_eq!(query.ignored_by_progress(), [Filter::Status]);
        query.set_by(DateField::Rewarded);
        assert_eq!(matching(&query, &records), [0]);
        // The referral that is not rewarded is of no month.
        assert_eq!(query.ignored_by_progress(), [Filter::Status, Filter::Dates]);
        query.set_dates(Dates::default());
        assert_eq!(query, Query::default());
    }

    #[test]
    fn a_period_of_rewards_is_turned_on_and_off() {
        let may = Dates::month(date("2026-05-12"));
        let june = Dates::month(date("2026-06-12"));
        let mut query = Query {
            page: 3,
            ..Query::default()
        };
        assert!(!query.has_rewards_of(Dates::default()));
        assert_eq!(query.includes_rewards_of(may), None);
        query.toggle_rewards_of(may);
        assert_eq!(
            (query.dates, query.by, query.page),
            (may, DateField::Rewarded, 1)
        );
        assert!(query.has_rewards_of(may) && !query.has_rewards_of(june));
        assert_eq!(query.includes_rewards_of(may), Some(true));
        assert_eq!(query.includes_rewards_of(june), Some(false));
        // The axis still has all periods.
        assert_eq!(query.series_dates(), Dates::default());
        query.toggle_rewards_of(june);
        assert!(query.has_rewards_of(june));
        query.toggle_rewards_of(june);
        assert_eq!(query, Query::default());

        query.set_dates(may);
        assert!(!query.has_rewards_of(may));
        assert_eq!(
            (query.includes_rewards_of(may), query.series_dates()),
            (None, may)
        );
        query.toggle_rewards_of(may);
        assert!(query.has_rewards_of(may));
    }

    #[test]
    fn a_group_of_statuses_is_turned_on_and_off() {
        let group = [Status::Capped, Status::Failed];
        let mut query = Query::default();
        query.set_expiring_soon(true);
        query.toggle_statuses(&group);
        assert!(query.has_statuses(&[Status::Failed, Status::Capped]));
        assert!(!query.expiring_soon && !query.has_statuses(&[Status::Failed]));
        query.set_status(Status::Rewarded, true);
        assert!(!query.has_statuses(&group));
        query.toggle_statuses(&group);
        query.toggle_statuses(&group);
        assert!(query.statuses.is_empty());
    }

    #[test]
    fn what_is_open_has_no_day_of_a_reward() {
        let by_reward = || {
            let mut query = Query::default();
            query.set_dates(Dates::month(date("2026-05-12")));
            query.set_by(DateField::Rewarded);
            query
        };
        let mut query = by_reward();
        query.toggle_statuses(&[Status::Rewarded]);
        assert_eq!(query.dates, by_reward().dates);
        query.toggle_statuses(&Status::ended());
        assert!(query.dates.is_any());
        let mut query = by_reward();
        query.set_expiring_soon(true);
        assert!(query.dates.is_any());
    }

    #[test]
    fn several_statuses_are_one_filter_and_a_blank_search_is_none() {
        let mut query = Query::default();
        query.set_search("  ");
        query.set_status(Status::Failed, true);
        query.set_status(Status::Capped, true);
        assert_eq!(query.filters_set(), 1);
    }

    #[test]
    fn an_unreadable_campaign_matches_no_choice() {
        let records = records([
            with_campaign("spring"),
            Event::default(),
            Event {
                campaign: unreadable(),
                ..Event::default()
            },
            with_campaign("Spring"),
        ]);
        let mut query = Query::default();
        query.set_campaign(named("spring"));
        assert_eq!(matching(&query, &records), [0]);
        query.set_campaign(Some(Campaign::None));
        assert_eq!(matching(&query, &records), [1]);
    }

    #[test]
    fn campaign_choices_are_sorted_with_none_last() {
        let records = records([
            with_campaign("winter"),
            Event::default(),
            with_campaign("Spring"),
            with_campaign("autumn"),
            with_campaign("winter"),
        ]);
        let query = Query::default();
        assert_eq!(
            campaign_counts(&query, &records),
            ["autumn 1", "Spring 1", "winter 2", "none 1"]
        );
    }

    #[test]
    fn long_campaign_names_stay_separate_choices() {
        let long = "x".repeat(10_000);
        let records = records([
            with_campaign(&(long.clone() + "1")),
            with_campaign(&(long + "2")),
        ]);
        let mut query = Query::default();
        let choices = query.campaign_choices(&records, &masks(&query, &records), &ranks(&records));
        assert_eq!(choices.len(), 3);
        query.set_campaign(Some(choices[1].value.clone()));
        assert_eq!(matching(&query, &records), [1]);
    }

    #[test]
    fn a_day_begins_at_midnight_in_the_zone_that_is_shown() {
        // In Berlin the clocks go from 02:00 to 03:00 on 29 March, and back on 25 October.
        let records = records([
            created("2026-03-28T22:59:59Z"),
            created("2026-03-28T23:00:00Z"),
            created("2026-03-29T21:59:59Z"),
            created("2026-03-29T22:00:00Z"),
            created("2026-10-24T22:00:00Z"),
            created("2026-10-25T22:59:59Z"),
            created("2026-10-25T23:00:00Z"),
        ]);
        let on = |day: &str, zone: Zone| {
            let day = Some(date(day));
            let query = Query {
                dates: Dates { from: day, to: day },
                zone,
                ..Query::default()
            };
            matching(&query, &records)
        };
        assert_eq!(on("2026-03-29", Zone::User), [1, 2]);
        assert_eq!(on("2026-03-29", Zone::Utc), [2, 3]);
        assert_eq!(on("2026-10-25", Zone::User), [4, 5]);
        assert_eq!(on("2026-10-25", Zone::Utc), [5, 6]);
    }

    #[test]
    fn an_unknown_time_is_in_no_date_range() {
        let records = records([
            Event::default(),
            Event {
                created_at: unreadable(),
                ..Event::default()
            },
            created("2026-05-12T12:00:00Z"),
        ]);
        let mut query = Query::default();
        query.set_dates(Dates {
            from: None,
            to: Some(date("2026-12-31")),
        });
        assert_eq!(matching(&query, &records), [2]);
        query.set_dates(Dates::default());
        assert_eq!(matching(&query, &records), [0, 1, 2]);
    }

    #[test]
    fn expiring_soon_finds_open_referrals_within_a_week() {
        let records = records([
            expiring("attributed", "2026-05-13T12:00:00Z"),
            expiring("review_required", "2026-05-13T12:00:00Z"),
            expiring("qualified", "2026-05-13T12:00:00Z"),
            expiring("attributed", "2026-05-30T12:00:00Z"),
            with_status("attributed"),
        ]);
        let mut query = Query::default();
        query.set_expiring_soon(true);
        assert_eq!(matching(&query, &records), [0, 2]);
        query.set_expiring_soon(false);
        assert_eq!(matching(&query, &records).len(), 5);
    }

    #[test]
    fn what_expires_soon_is_in_the_order_of_expiry() {
        let records = records([
            expiring("attributed", "2026-05-14T12:00:00Z"),
            expiring("qualified", "2026-05-13T12:00:00Z"),
        ]);
        let mut query = Query::default();
        query.set_expiring_soon(true);
        assert_eq!(matching(&query, &records), [1, 0]);
        for end in [
            (|query| query.set_expiring_soon(false)) as fn(&mut Query),
            |query| query.set_status(Status::Attributed, true),
            |query| query.toggle_statuses(&[Status::Attributed]),
            Query::clear_filters,
        ] {
            let mut query = query.clone();
            end(&mut query);
            assert_eq!((query.expiring_soon, query.sort), (false, None));
        }
        // An order that the user chose stays, before and after.
        let by_reward = Sort::next(None, Column::Reward);
        query.set_sort(by_reward);
        query.set_expiring_soon(false);
        assert_eq!(query.sort, by_reward);
        query.set_expiring_soon(true);
        assert_eq!(query.sort, by_reward);
        // So does the order by expiry, if nothing was filtered by it.
        let mut query = Query::default();
        query.set_sort(Some(Sort::EXPIRES_FIRST));
        query.clear_filters();
        query.set_status(Status::Attributed, true);
        query.set_expiring_soon(false);
        assert_eq!(query.sort, Some(Sort::EXPIRES_FIRST));
    }

    #[test]
    fn expiring_soon_and_statuses_exclude_each_other() {
        let mut query = Query::default();
        query.set_status(Status::Capped, true);
        query.set_status(Status::Failed, true);
        query.set_expiring_soon(true);
        assert_eq!(query.statuses, []);
        // Removing a status that is not chosen changes nothing.
        query.set_status(Status::Capped, false);
        assert!(query.expiring_soon);
        query.set_status(Status::Attributed, true);
        assert!(!query.expiring_soon);
        query.set_expiring_soon(false);
        assert_eq!(query.statuses, [Status::Attributed]);
    }

    #[test]
    fn expiring_soon_does_not_reduce_the_status_counts() {
        let records = records([
            expiring("attributed", "2026-05-13T12:00:00Z"),
            event("referrer", "rewarded"),
        ]);
        let mut query = Query::default();
        query.set_expiring_soon(true);
        assert_eq!(status_counts(&query, &records)[3], "rewarded 1");
        assert_eq!(role_counts(&query, &records)[0], "all 1");
    }

    #[test]
    fn a_search_finds_code_campaign_and_id_in_any_case() {
        let records = records([
            Event {
                id: text("abc123"),
                code: text("A1B2C3"),
                campaign: text("Frühling-2026"),
                ..Event::default()
            },
            Event::default(),
        ]);
        let mut query = Query::default();
        for found in ["BC1", "a1b2", "FRÜHLING", "  ling-2 ", "\tC3\n"] {
            query.set_search(found);
            assert_eq!(matching(&query, &records), [0], "{found}");
        }
        for other in ["abc 123", "frühling2026", "rewarded"] {
            query.set_search(other);
            assert_eq!(matching(&query, &records), [0; 0], "{other}");
        }
        query.set_search("   ");
        assert_eq!(matching(&query, &records), [0, 1]);
    }

    /// An address can hold a line break, which a search field would not show.
    #[test]
    fn a_search_does_not_match_across_two_fields() {
        let records = records([Event {
            id: text("ab"),
            code: text("cd"),
            campaign: text("ef"),
            ..Event::default()
        }]);
        let mut query = Query::default();
        for across in ["bc", "b c", "b\nc", "d\r\ne", "abcdef"] {
            query.set_search(across);
            assert_eq!(matching(&query, &records), [0; 0], "{across:?}");
        }
        query.set_search("a\r\nb\n");
        assert_eq!(query.search, "ab");
    }

    #[test]
    fn hostile_text_is_searched_literally() {
        let hostile = "<b onclick=\"x\">\u{202e}.*(\\%_'; DROP --";
        let records = records([with_campaign(hostile), with_campaign("xxxx")]);
        let mut query = Query::default();
        for found in [hostile, ".*(\\", "%_'", "\u{202e}", "<B"] {
            query.set_search(found);
            assert_eq!(matching(&query, &records), [0], "{found:?}");
        }
    }

    #[test]
    fn a_long_search_is_cut_between_characters() {
        let long = "é".repeat(10_000);
        let records = records([with_campaign(&long)]);
        let mut query = Query::default();
        query.set_search(&long);
        assert_eq!(query.search, "é".repeat(SEARCH_CHARACTERS));
        assert_eq!(matching(&query, &records), [0]);
    }

    #[test]
    fn filtered_events_are_sorted() {
        let rewarded = |role: &str, credits: i64| Event {
            reward_credits: Field::Known(credits),
            ..event(role, "rewarded")
        };
        let records = records([
            rewarded("referrer", 1),
            rewarded("referred", 9),
            rewarded("referrer", 5),
        ]);
        let mut query = Query::default();
        query.set_sort(Sort::next(None, Column::Reward));
        assert_eq!(matching(&query, &records), [1, 2, 0]);
        query.set_role(Some(Role::Referrer));
        assert_eq!(matching(&query, &records), [2, 0]);
    }
}
