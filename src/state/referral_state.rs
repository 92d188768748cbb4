//! The page's state and the user's actions.

use core::{pin::pin, time::Duration};
use std::{cell::RefCell, rc::Rc, sync::Arc};

use chrono::TimeDelta;
use futures::{
    StreamExt,
    channel::mpsc,
    future::{AbortHandle, Abortable, Either, LocalBoxFuture, select},
};
use leptos::prelude::*;
use referral_history_core::{
    api::Answer,
    campaign::Campaign,
    event::Event,
    export::{self, File, Format, Scope},
    failure::Failure,
    page::Page,
    query::{Choice, Filter, FilterMask, Query, matching_except},
    record::{self, Day, Record, campaign_ranks},
    retry,
    role::Role,
    series::{Interval, Series},
    status::Status,
    summary::{self, CampaignTotal, Summary},
    texts::Texts,
    time::{self, Date, Instant, Zone},
    url::UrlFormat,
};

use super::{Environment, LoadState, Loaded, ViewState};

/// How long the user pauses after the last letter before what was typed counts as chosen.
const TYPING_PAUSE: Duration = Duration::from_millis(400);

/// How often texts such as "5 minutes ago" are updated.
const CLOCK_INTERVAL: Duration = Duration::from_secs(20);

/// The state of one page. Copies are handles to the same state.
///
/// [`ReferralState::new`] makes one request. Every further request is a call of
/// [`ReferralState::refresh`]. Both retry a transient failure at most twice: see
/// [`referral_history_core::retry`].
#[derive(Clone, Copy)]
pub struct ReferralState {
    load: Signal<LoadState>,
    set_load: WriteSignal<LoadState>,
    query: Signal<Query>,
    set_query: WriteSignal<Query>,
    settled_query: Signal<Query>,
    host_query: StoredValue<Option<Query>>,
    is_set_by_host: StoredValue<bool>,
    set_settled_query: WriteSignal<Query>,
    clock: Signal<Instant>,
    set_clock: WriteSignal<Instant>,
    memos: Memos,
    language: Signal<String>,
    set_language: WriteSignal<String>,
    wait: Signal<u64>,
    set_wait: WriteSignal<u64>,
    requests_ended: Signal<u32>,
    set_requests_ended: WriteSignal<u32>,
    is_on_one_page: Signal<bool>,
    set_on_one_page: WriteSignal<bool>,
    services: StoredValue<Rc<Services>, LocalStorage>,
}

/// What the state needs but does not expose.
struct Services {
    environment: Rc<dyn Environment>,
    commands: mpsc::UnboundedSender<Command>,
    choices: mpsc::UnboundedSender<Duration>,
    url_format: RefCell<Option<UrlFormat>>,
}

/// A command for the task that makes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// Make a request.
    Load,
    /// Cancel the wait before a retry.
    StopWaiting,
    /// Abort the request or the wait.
    Clear,
}

type Commands = mpsc::UnboundedReceiver<Command>;

/// Identifies a row: the response, the position of the event in it, and the zone of its times. A row's
/// content depends on nothing else. The API's ids cannot serve as keys: they are optional and can repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKey {
    /// The number of the response.
    pub generation: u32,
    /// The position of the event in the response.
    pub position: usize,
    /// The zone of the row's times.
    pub zone: Zone,
}

/// Values derived from the load state and the query. They are memos because several components read them,
/// and because the load state also changes while the events stay.
#[derive(Clone, Copy)]
struct Memos {
    shown: Memo<Option<Arc<Loaded>>>,
    masks: Memo<Vec<FilterMask>>,
    campaign_ranks: Memo<Vec<usize>>,
    matching: Memo<Vec<usize>>,
    view_state: Memo<ViewState>,
    oldest: Memo<Option<Day>>,
    zone: Memo<Zone>,
}

impl Memos {
    fn new(
        load: Signal<LoadState>,
        query: Signal<Query>,
        clock: Signal<Instant>,
        language: Signal<String>,
        services: StoredValue<Rc<Services>, LocalStorage>,
    ) -> Self {
        let shown = Memo::new(move |_| load.with(|load| load.shown().cloned()));
        let masks = Memo::new(move |_| {
            query.with(|query| {
                // Only this filter depends on the time.
                let now = if query.expiring_soon {
                    clock.get()
                } else {
                    clock.get_untracked()
                };
                with_records(shown, |records| {
                    query.filter_masks(records, &*services.get_value().environment, now)
                })
            })
        });
        let campaign_ranks = Memo::new(move |_| {
            language.with(|language| {
                let environment = &services.get_value().environment;
                let compare =
                    |one: &str, other: &str| environment.compare_names(language, one, other);
                with_records(shown, |records| campaign_ranks(records, &compare))
            })
        });
        let matching = Memo::new(move |_| {
            with_records(shown, |records| {
                // The first comparison of names takes longer than all filters.
                let needs_ranks = query.with(Query::sorts_by_campaign);
                let ranks = if needs_ranks {
                    campaign_ranks.get()
                } else {
                    Vec::new()
                };
                masks.with(|masks| query.with(|query| query.matching(records, masks, &ranks)))
            })
        });
        let view_state =
            Memo::new(move |_| load.with(|load| ViewState::new(load, matching.with(Vec::len))));
        let oldest = Memo::new(move |_| {
            shown.with(|shown| {
                let shown = shown.as_ref().filter(|shown| shown.may_lack_older())?;
                Some(summary::since(&shown.records, shown.at)?.created_on)
            })
        });
        Self {
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
            oldest,
            // Few choices change it, and many texts have times.
            zone: Memo::new(move |_| query.with(|query| query.zone)),
        }
    }
}

impl ReferralState {
    /// Creates the state and makes one request for the latest `limit` events. Its tasks end with the
    /// current owner.
    pub fn new(environment: Rc<dyn Environment>, limit: u8, query: Query) -> Self {
        let loading = LoadState::Loading {
            previous: None,
            retry: None,
        };
        Self::with_load_state(environment, limit, query, loading, Command::Load)
    }

    /// Like [`ReferralState::new`], but with what an earlier page has loaded, and without a request.
    pub fn resume(
        environment: Rc<dyn Environment>,
        limit: u8,
        query: Query,
        load: LoadState,
    ) -> Self {
        Self::with_load_state(environment, limit, query, load, Command::StopWaiting)
    }

    fn with_load_state(
        environment: Rc<dyn Environment>,
        limit: u8,
        query: Query,
        load: LoadState,
        first: Command,
    ) -> Self {
        let (load, set_load) = signal(load);
        let (clock, set_clock) = signal(environment.now());
        let (commands, receiver) = mpsc::unbounded();
        let (choices, choices_receiver) = mpsc::unbounded();
        let (settled_query, set_settled_query) = signal(query.clone());
        let (query, set_query) = signal(query);
        let services = StoredValue::new_local(Rc::new(Services {
            environment: Rc::clone(&environment),
            commands,
            choices,
            url_format: RefCell::default(),
        }));
        let (language, set_language) = signal(String::new());
        let (load, query, clock) = (load.into(), query.into(), clock.into());
        let language = language.into();
        let memos = Memos::new(load, query, clock, language, services);
        let (wait, set_wait) = signal(0);
        let (requests_ended, set_requests_ended) = signal(0);
        let (is_on_one_page, set_on_one_page) = signal(false);
        let state = Self {
            load,
            set_load,
            query,
            set_query,
            settled_query: settled_query.into(),
            host_query: StoredValue::new(None),
            is_set_by_host: StoredValue::new(false),
            set_settled_query,
            clock,
            set_clock,
            memos,
            wait: wait.into(),
            set_wait,
            language,
            set_language,
            services,
            requests_ended: requests_ended.into(),
            set_requests_ended,
            is_on_one_page: is_on_one_page.into(),
            set_on_one_page,
        };
        spawn(
            &*environment,
            Box::pin(make_requests(
                state,
                Rc::clone(&environment),
                limit,
                first,
                receiver,
            )),
        );
        spawn(
            &*environment,
            Box::pin(update_clock(state, Rc::clone(&environment))),
        );
        spawn(
            &*environment,
            Box::pin(settle_choices(
                state,
                Rc::clone(&environment),
                choices_receiver,
            )),
        );
        state
    }

    /// A handle to the same state for a component that is unmounted before the state ends. Its memos belong
    /// to the current owner.
    ///
    /// A signal drops disposed subscribers only when it is notified by its `WriteSignal`: an `RwSignal` never
    /// does. Without this, the subscribers of each former language would pile up.
    pub fn scoped(self) -> Self {
        self.set_load.notify();
        self.set_query.notify();
        self.set_clock.notify();
        self.set_wait.notify();
        self.set_language.notify();
        self.set_on_one_page.notify();
        let memos = Memos::new(
            self.load,
            self.query,
            self.clock,
            self.language,
            self.services,
        );
        Self { memos, ..self }
    }

    /// Sets the language that names are sorted by.
    pub fn set_language(self, language: &str) {
        if self.language.with_untracked(|current| current != language) {
            self.set_language.set(language.to_owned());
        }
    }

    /// What another page can show without a request; `None` if there is nothing yet, or if the host page has
    /// cleared it.
    pub fn settled_load(self) -> Option<LoadState> {
        match self.load.get_untracked() {
            LoadState::Loading { previous, .. } => previous.map(LoadState::Ready),
            LoadState::Cleared => None,
            ended => Some(ended),
        }
    }

    /// The state of the request.
    pub fn load(self) -> Signal<LoadState> {
        self.load
    }

    /// The loaded events, even if they are from a previous response; `None` before the first response.
    pub fn shown(self) -> Memo<Option<Arc<Loaded>>> {
        self.memos.shown
    }

    /// How many events are loaded; `None` before the first response. Reactive.
    pub fn loaded_count(self) -> Option<usize> {
        self.memos
            .shown
            .with(|shown| shown.as_ref().map(|shown| shown.records.len()))
    }

    /// The number of the response that is shown; 0 before the first. Reactive.
    pub fn generation(self) -> u32 {
        self.memos
            .shown
            .with(|shown| shown.as_ref().map_or(0, |shown| shown.generation))
    }

    /// What the body of the page shows.
    pub fn view_state(self) -> Memo<ViewState> {
        self.memos.view_state
    }

    /// The remaining seconds of the wait before a retry or that the service requires. Reactive.
    pub fn wait(self) -> u64 {
        self.wait.get()
    }

    /// Whether a request can be made: none is in flight, and no wait remains. Reactive.
    pub fn can_refresh(self) -> bool {
        self.wait.get() == 0 && !self.load.with(LoadState::is_loading)
    }

    /// The user's choices.
    pub fn query(self) -> Signal<Query> {
        self.query
    }

    /// The zone of the times that are shown. Reactive.
    pub fn zone(self) -> Zone {
        self.memos.zone.get()
    }

    /// The page of events that is shown. Reactive.
    pub fn page(self) -> Page {
        let total = self.memos.matching.with(Vec::len);
        if self.is_on_one_page.get() {
            return Page::new(total, 1, total);
        }
        self.query.with(|query| query.page_of(total))
    }

    /// Shows all matching events on one page, for printing, or on pages again.
    pub fn set_on_one_page(self, is_on_one_page: bool) {
        self.set_on_one_page.set(is_on_one_page);
    }

    /// The rows of that page. Reactive.
    pub fn rows(self) -> Vec<RowKey> {
        let page = self.page();
        let (generation, zone) = (self.generation(), self.zone());
        let row = |position: &usize| RowKey {
            generation,
            position: *position,
            zone,
        };
        self.memos.matching.with(|matching| {
            let rows = matching.get(page.rows()).unwrap_or_default();
            rows.iter().map(row).collect()
        })
    }

    /// The position of the event that the choices name; `None` if they name none, or none that is loaded.
    /// Reactive.
    pub fn named_event(self) -> Option<usize> {
        self.query.with(|query| {
            let id = query.event.as_deref()?;
            with_records(self.memos.shown, |records| record::position_of(records, id))
        })
    }

    /// Whether an address can name the event at a position: it has an id, and no other event has the same.
    pub fn is_addressable(self, position: usize) -> bool {
        untrack(|| {
            with_records(self.memos.shown, |records| {
                record::addressable_id(records, position).is_some()
            })
        })
    }

    /// Names an event in the choices, if an address can, and goes to its page.
    pub fn name_event(self, position: usize) {
        let (id, place) = untrack(|| {
            let id = with_records(self.memos.shown, |records| {
                record::addressable_id(records, position).map(str::to_owned)
            });
            (id, self.place(position))
        });
        let mut now = self.query.get_untracked();
        now.event = id;
        if let Some((place, total)) = place {
            now.go_to(place, total);
        }
        if self.query.with_untracked(|query| *query != now) {
            self.set_choices(now);
        }
    }

    /// Names no event in the choices.
    pub fn name_no_event(self) {
        if self.query.with_untracked(|query| query.event.is_some()) {
            self.choose(|query| query.event = None);
        }
    }

    /// The place of the event at a position among those that pass the filters, in the table's order and from
    /// 0, and how many these are; `None` if it does not pass them. Reactive.
    pub fn place(self, position: usize) -> Option<(usize, usize)> {
        self.memos.matching.with(|matching| {
            let place = matching.iter().position(|other| *other == position)?;
            Some((place, matching.len()))
        })
    }

    /// The position of the next or previous event that passes the filters, on whichever page; `None` at the
    /// ends. Reactive.
    pub fn neighbour(self, position: usize, forwards: bool) -> Option<usize> {
        let (place, _) = self.place(position)?;
        let place = if forwards {
            place + 1
        } else {
            place.checked_sub(1)?
        };
        self.memos
            .matching
            .with(|matching| matching.get(place).copied())
    }

    /// The choices of the role filter. Reactive.
    pub fn role_choices(self) -> Vec<Choice<Option<Role>>> {
        self.choices(Query::role_choices)
    }

    /// The choices of the status filter. Reactive.
    pub fn status_choices(self) -> Vec<Choice<Status>> {
        self.choices(Query::status_choices)
    }

    /// The choices of the campaign filter. Reactive.
    pub fn campaign_choices(self) -> Vec<Choice<Campaign>> {
        self.choices(|query, records, masks| {
            self.memos
                .campaign_ranks
                .with(|ranks| query.campaign_choices(records, masks, ranks))
        })
    }

    fn choices<T>(self, choices: impl FnOnce(&Query, &[Record], &[FilterMask]) -> T) -> T {
        with_records(self.memos.shown, |records| {
            self.memos
                .masks
                .with(|masks| self.query.with(|query| choices(query, records, masks)))
        })
    }

    /// The figures of the events that pass all filters except Status. Reactive.
    pub fn summary(self) -> Summary {
        let now = self.clock.get();
        let ignored = self.query.with(Query::ignored_by_progress);
        self.with_matching_except(ignored, |records| {
            self.with_figures(|earned| Summary::new(records, earned, now))
        })
    }

    /// How many events the status filter divides, and how many of them have no status, or an unreadable one.
    /// Reactive.
    pub fn status_total(self) -> (usize, usize) {
        self.with_figures(|records| {
            let without = records
                .iter()
                .filter(|record| record.event.status.known().is_none());
            (records.len(), without.count())
        })
    }

    /// The day of the oldest loaded event if there may be older ones; `None` if all are loaded, or none has a
    /// date. Reactive.
    pub fn oldest_loaded(self) -> Option<Date> {
        self.memos.oldest.get()?.in_zone(self.zone())
    }

    /// Whether the chosen period reaches back beyond what is loaded, so that its figures would be too low.
    /// Reactive.
    pub fn is_incomplete(self) -> bool {
        let dates = self.query.with(|query| query.dates);
        let oldest = self.oldest_loaded();
        let may_lack_older = self.memos.shown.with(|shown| {
            let shown = shown.as_ref();
            shown.is_some_and(|shown| shown.may_lack_older())
        });
        match oldest {
            Some(oldest) => dates.begins_before(oldest),
            None => may_lack_older && !dates.is_any(),
        }
    }

    /// The rewards over time of the events that pass all filters except Status and a period of rewards, by
    /// the interval that the user has `chosen`, if any. Reactive.
    pub fn series(self, chosen: Option<Interval>) -> Option<Series> {
        let (zone, today) = (self.zone(), self.today());
        let (ignored, dates) = self
            .query
            .with(|query| (query.ignored_by_progress(), query.series_dates()));
        self.with_matching_except(ignored, |records| {
            Series::new(records, zone, today, dates, chosen)
        })
    }

    /// The two intervals that the user can choose between. Reactive.
    pub fn intervals(self) -> [Interval; 2] {
        let dates = self.query.with(Query::series_dates);
        Interval::choices(dates, self.today())
    }

    /// The figures per campaign, of the events that pass all filters except Status and Campaign. Reactive.
    pub fn by_campaign(self) -> Vec<CampaignTotal> {
        self.with_matching_except(&[Filter::Status, Filter::Campaign], summary::by_campaign)
    }

    fn with_figures<T>(self, read: impl FnOnce(&[&Record]) -> T) -> T {
        self.with_matching_except(&[Filter::Status], read)
    }

    fn with_matching_except<T>(self, ignored: &[Filter], read: impl FnOnce(&[&Record]) -> T) -> T {
        with_records(self.memos.shown, |records| {
            self.memos
                .masks
                .with(|masks| read(&matching_except(records, masks, ignored)))
        })
    }

    /// Changes the user's choices. Never makes a request.
    pub fn choose(self, change: impl FnOnce(&mut Query)) {
        let mut now = self.query.get_untracked();
        change(&mut now);
        self.set_choices(now);
    }

    // Not in `choose`, which is generic and compiled for each caller.
    fn set_choices(self, now: Query) {
        let is_typed = self
            .query
            .with_untracked(|before| now.typed_field(before).is_some());
        self.set_query.set(now);
        self.settle_after(if is_typed {
            TYPING_PAUSE
        } else {
            Duration::ZERO
        });
    }

    /// Sets the choices that the address has come to have. They count as settled at once: a choice that the user makes
    /// right after them, back to what was before, is a change of the address all the same.
    pub fn choose_settled(self, now: Query) {
        self.set_settled_query.set(now.clone());
        self.set_query.set(now);
    }

    /// Sets the choices that the host page has set, which it needs no event of. They are not set while the user
    /// is typing: the host page may still be following what was typed before.
    pub fn choose_for_host(self, now: Query) {
        self.expect_host_queries();
        let current = self.query.get_untracked();
        let is_typing = self
            .settled_query
            .with_untracked(|settled| *settled != current);
        if !is_typing && current != now {
            self.set_for_host(now);
        }
    }

    /// Sets the rows per page that the host page has set.
    pub fn set_page_size(self, rows: usize) {
        let mut now = self.query.get_untracked();
        now.set_per_page(rows);
        self.set_for_host(now);
    }

    /// The host page sets the choices. Then it opens and closes the details as the user goes back and forward.
    pub fn expect_host_queries(self) {
        self.is_set_by_host.set_value(true);
    }

    /// Whether the host page sets the choices.
    pub fn is_set_by_host(self) -> bool {
        self.is_set_by_host.get_value()
    }

    fn set_for_host(self, now: Query) {
        self.host_query.set_value(Some(now.clone()));
        self.choose_settled(now);
    }

    /// The choices that the host page has set since this was asked last.
    pub fn take_host_query(self) -> Option<Query> {
        self.host_query.try_update_value(Option::take).flatten()
    }

    /// The user's choices once they have settled, which is a moment after the last letter of what is typed.
    /// What leaves the page follows these: the address, and the events for the host page.
    pub fn settled_query(self) -> Signal<Query> {
        self.settled_query
    }

    /// Lets the choices settle now: the user has left the field that was typed into.
    pub fn settle(self) {
        self.settle_after(Duration::ZERO);
    }

    fn settle_after(self, wait: Duration) {
        // Sending fails only after the task has ended with the page.
        let _ = self.services.get_value().choices.unbounded_send(wait);
    }

    /// How the choices stand in the address; `None` if they do not.
    pub fn url_format(self) -> Option<UrlFormat> {
        self.services.get_value().url_format.borrow().clone()
    }

    /// Sets how the choices stand in the address, until the current owner is cleaned up.
    pub fn set_url_format(self, format: UrlFormat) {
        let services = self.services;
        services.get_value().url_format.replace(Some(format));
        on_cleanup(move || {
            // The page's owner may be gone already.
            if let Some(services) = services.try_get_value() {
                services.url_format.take();
            }
        });
    }

    /// Makes a request, which costs one credit. Does nothing while a request is in flight, or during a
    /// wait that the service requires.
    pub fn refresh(self) {
        if untrack(|| self.can_refresh()) {
            self.set_load.update(LoadState::start_loading);
            self.command(Command::Load);
        }
    }

    /// Cancels the wait before a retry and shows the failure. Does nothing without such a wait.
    pub fn stop_waiting(self) {
        self.command(Command::StopWaiting);
    }

    /// Removes the events and the user's choices, and aborts the request in flight. The next request is a
    /// call of [`ReferralState::refresh`].
    pub fn clear(self) {
        self.choose(Query::forget);
        // At once: nothing of the user's stays in the address.
        self.set_settled_query.set(self.query.get_untracked());
        self.set_load.set(LoadState::Cleared);
        self.command(Command::Clear);
    }

    /// Clears the wait that the service requires: it was another user's.
    pub fn clear_wait(self) {
        self.services.get_value().environment.clear_wait();
    }

    fn command(self, command: Command) {
        // Sending fails only after the task has ended with the page.
        let _ = self.services.get_value().commands.unbounded_send(command);
    }

    /// How many requests have ended, with a response or with a failure that is not retried.
    pub fn requests_ended(self) -> Signal<u32> {
        self.requests_ended
    }

    /// Ends the request in flight with its result.
    fn end_request(
        self,
        result: Result<Answer, Failure>,
        generation: u32,
        limit: u8,
        environment: &dyn Environment,
    ) {
        let now = environment.now();
        let mut load = self.load.get_untracked();
        load.settle(result, generation, limit, environment, now);
        // The clock first: what renders for the new response reads it.
        let ahead = load
            .shown()
            .map_or(TimeDelta::zero(), |shown| shown.clock_ahead);
        self.set_clock.set(now - ahead);
        self.set_load.set(load);
        self.set_requests_ended.update(|ended| *ended += 1);
    }

    /// Starts the download of the events that pass the filters, in the table's order, and returns the name of
    /// the file; `None` if the browser refuses. `decimal_mark` is that of the user's numbers.
    pub fn export(self, format: Format, decimal_mark: char) -> Option<String> {
        untrack(|| {
            let scope = self.export_scope();
            let file =
                self.with_matching(|events| export::export(format, events, scope, decimal_mark));
            self.save(file)
        })
    }

    /// Starts the download of their deadlines, and returns the name of the file; `None` if the browser refuses,
    /// or if there are none.
    pub fn export_calendar(self, texts: &Texts) -> Option<String> {
        untrack(|| {
            let (scope, now) = (self.export_scope(), self.clock.get());
            let file =
                self.with_matching(|events| export::export_calendar(events, scope, texts, now));
            self.save(file?)
        })
    }

    /// How many of the events that pass the filters have a deadline ahead. Reactive.
    pub fn deadlines(self) -> usize {
        let now = self.clock.get();
        self.with_matching(|events| export::deadlines(events, now).len())
    }

    /// Copies the events that pass the filters, in the table's order, as a table that spreadsheets paste, then
    /// calls `on_done` with whether that succeeded.
    pub fn copy_table(self, on_done: impl FnOnce(bool) + 'static) {
        let table = untrack(|| self.with_matching(export::table));
        self.copy(&table, on_done);
    }

    fn export_scope(self) -> Scope {
        let (dates, by) = self.query.with(|query| (query.dates, query.by));
        Scope {
            dates,
            by,
            is_incomplete: self.is_incomplete(),
            today: self.today(),
        }
    }

    fn with_matching<T>(self, read: impl FnOnce(&[&Event]) -> T) -> T {
        with_records(self.memos.shown, |records| {
            self.memos.matching.with(|matching| {
                let matching = matching
                    .iter()
                    .filter_map(|position| records.get(*position));
                let events: Vec<_> = matching.map(|record| &record.event).collect();
                read(&events)
            })
        })
    }

    fn save(self, file: File) -> Option<String> {
        let is_started = self.services.get_value().environment.save(&file);
        is_started.then_some(file.name)
    }

    /// Copies a text to the clipboard, then calls `on_done` with whether that succeeded.
    pub fn copy(self, text: &str, on_done: impl FnOnce(bool) + 'static) {
        let environment = Rc::clone(&self.services.get_value().environment);
        let copied = environment.copy(text);
        spawn(
            &*environment,
            Box::pin(async move { on_done(copied.await) }),
        );
    }

    /// Runs an action after a wait, unless the current owner is cleaned up before.
    pub fn run_after(self, wait: Duration, action: impl FnOnce() + 'static) {
        let environment = Rc::clone(&self.services.get_value().environment);
        run_once(&*environment, environment.wait(wait), Box::new(action));
    }

    /// Runs a task until it ends or the current owner is cleaned up.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        spawn(&*self.services.get_value().environment, Box::pin(task));
    }

    /// Waits until what is in the document now is painted.
    pub fn painted(self) -> LocalBoxFuture<'static, ()> {
        self.services.get_value().environment.painted()
    }

    /// The current time, precise enough for "5 minutes ago". It follows the service's clock if the service
    /// sends it: a device's clock may be wrong by a day.
    pub fn clock(self) -> Signal<Instant> {
        self.clock
    }

    /// Today, in the shown zone. Reactive.
    pub fn today(self) -> Date {
        self.day(self.clock.get())
    }

    /// The day of an instant, in the shown zone. Reactive.
    pub fn day(self, at: Instant) -> Date {
        let day = Day::new(at, &*self.services.get_value().environment);
        day.in_zone(self.zone()).unwrap_or(at.date_naive())
    }
}

/// Calls `read` with the loaded records; there are none before the first response. Reactive.
fn with_records<T>(shown: Memo<Option<Arc<Loaded>>>, read: impl FnOnce(&[Record]) -> T) -> T {
    shown.with(|shown| read(shown.as_ref().map_or(&[][..], |shown| &shown.records)))
}

/// Makes the first request, and then one for each [`Command::Load`]. One task makes all requests, so there
/// are never two in flight. It tracks no signal: a task that ran again on a change of the filters would
/// cost the user a credit per click.
async fn make_requests(
    state: ReferralState,
    environment: Rc<dyn Environment>,
    limit: u8,
    first: Command,
    mut commands: Commands,
) {
    let mut generation = untrack(|| state.generation());
    let mut command = Some(first);
    while let Some(now) = command {
        if now == Command::Load {
            match request(state, &*environment, limit, &mut commands).await {
                Ok(result) => {
                    generation += 1;
                    state.end_request(result, generation, limit, &*environment);
                }
                Err(interruption) => {
                    command = interruption;
                    continue;
                }
            }
        }
        let wait = environment
            .pending_wait()
            .and_then(|failure| failure.retry_after);
        if let Some(wait) = wait {
            let countdown = count_down(&*environment, wait, state.set_wait);
            let waited = until_command(countdown, &mut commands, &[Command::Clear]).await;
            if let Err(interruption) = waited {
                command = interruption;
                continue;
            }
        }
        command = commands.next().await;
    }
}

/// Makes a request and its retries.
///
/// # Errors
/// The command that interrupted it; `None` if the page has ended.
async fn request(
    state: ReferralState,
    environment: &dyn Environment,
    limit: u8,
    commands: &mut Commands,
) -> Result<Result<Answer, Failure>, Option<Command>> {
    if let Some(failure) = environment.pending_wait() {
        return Ok(Err(failure));
    }
    let mut retries = 0;
    loop {
        let response = until_command(environment.fetch(limit), commands, &[Command::Clear]).await?;
        let failure = match response {
            Ok(answer) => return Ok(Ok(answer)),
            Err(failure) => failure,
        };
        environment.store_wait(&failure);
        let Some(retry) = retry::next(retries, &failure, environment.random()) else {
            return Ok(Err(failure));
        };
        retries = retry.number;
        state.set_load.update(|load| load.set_retry(retry));
        let countdown = pin!(count_down(environment, retry.wait, state.set_wait));
        let wait = select(environment.wait(retry.wait), countdown);
        let ending = [Command::Clear, Command::StopWaiting];
        let waited = until_command(wait, commands, &ending).await;
        state.set_wait.set(0);
        match waited {
            Ok(_) => {}
            Err(Some(Command::StopWaiting)) => return Ok(Err(failure)),
            Err(interruption) => return Err(interruption),
        }
    }
}

/// The output of a future, unless one of the `ending` commands arrives first. Other commands do not apply
/// in the meantime and are dropped.
///
/// # Errors
/// The command that arrived; `None` if the page has ended.
async fn until_command<T>(
    future: impl Future<Output = T>,
    commands: &mut Commands,
    ending: &[Command],
) -> Result<T, Option<Command>> {
    let mut future = pin!(future);
    loop {
        // Commands first: a response that arrives together with a command to clear is another user's.
        match select(commands.next(), future.as_mut()).await {
            Either::Right((value, _)) => return Ok(value),
            Either::Left((Some(command), _)) if !ending.contains(&command) => {}
            Either::Left((command, _)) => return Err(command),
        }
    }
}

/// Lets the choices settle after each wait that is received, unless another one is received meanwhile.
async fn settle_choices(
    state: ReferralState,
    environment: Rc<dyn Environment>,
    mut waits: mpsc::UnboundedReceiver<Duration>,
) {
    while let Some(mut wait) = waits.next().await {
        while let Either::Left((later, _)) = select(waits.next(), environment.wait(wait)).await {
            let Some(later) = later else {
                return;
            };
            wait = later;
        }
        let now = state.query.get_untracked();
        if state
            .settled_query
            .with_untracked(|settled| *settled != now)
        {
            state.set_settled_query.set(now);
        }
    }
}

/// Updates the clock at intervals.
async fn update_clock(state: ReferralState, environment: Rc<dyn Environment>) {
    loop {
        environment.wait(CLOCK_INTERVAL).await;
        let ahead = state.memos.shown.with_untracked(|shown| {
            shown
                .as_ref()
                .map_or(TimeDelta::zero(), |shown| shown.clock_ahead)
        });
        state.set_clock.set(environment.now() - ahead);
    }
}

/// Counts the remaining seconds of a wait down.
async fn count_down(environment: &dyn Environment, wait: Duration, remaining: WriteSignal<u64>) {
    let until = environment.now() + wait;
    let mut seconds = time::seconds_left(until, environment.now());
    while seconds > 0 {
        remaining.set(seconds);
        environment.wait(Duration::from_secs(1)).await;
        // Use the clock, because browsers throttle the timers of hidden pages, and also the timer,
        // because the clock may be set back.
        seconds = time::seconds_left(until, environment.now()).min(seconds - 1);
    }
    remaining.set(0);
}

/// Runs an action when a wait is over, unless the current owner is cleaned up before.
fn run_once(
    environment: &dyn Environment,
    wait: LocalBoxFuture<'static, ()>,
    action: Box<dyn FnOnce()>,
) {
    spawn(
        environment,
        Box::pin(async move {
            wait.await;
            action();
        }),
    );
}

/// Runs a task until it ends or the current owner is cleaned up. Unlike Leptos' scoped tasks it does not
/// keep the owner alive: an unmounted page would keep running.
fn spawn(environment: &dyn Environment, task: LocalBoxFuture<'static, ()>) {
    let (abort, registration) = AbortHandle::new_pair();
    on_cleanup(move || abort.abort());
    environment.spawn(Box::pin(async move {
        // Completed or aborted: nothing follows either way.
        let _ = Abortable::new(task, registration).await;
    }));
}
