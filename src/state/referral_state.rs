//! The page's state, and the user's intents.

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
    export::{self, Format},
    failure::Failure,
    page::Page,
    query::{Choice, Filter, FilterMask, Query, matching_except},
    record::{Day, Record, campaign_ranks},
    retry,
    role::Role,
    series::Series,
    status::Status,
    summary::{self, CampaignTotal, Summary},
    time::{self, Date, Instant, Zone},
};

use super::{Environment, LoadState, Loaded, ViewState};

/// How often "5 minutes ago" is brought up to date.
const CLOCK_RENEWED_EVERY: Duration = Duration::from_secs(20);

/// The state of one page. A handle: copies are the same state.
///
/// The only request that is made unasked is the one that [`ReferralState::new`] makes; every other one is
/// a call of [`ReferralState::refresh`]. Either is repeated at most twice after a passing failure: see
/// [`referral_history_core::retry`].
#[derive(Clone, Copy)]
pub struct ReferralState {
    load: Signal<LoadState>,
    set_load: WriteSignal<LoadState>,
    query: Signal<Query>,
    set_query: WriteSignal<Query>,
    clock: Signal<Instant>,
    set_clock: WriteSignal<Instant>,
    shown: Memo<Option<Arc<Loaded>>>,
    masks: Memo<Vec<FilterMask>>,
    campaign_ranks: Memo<Vec<usize>>,
    matching: Memo<Vec<usize>>,
    view_state: Memo<ViewState>,
    language: RwSignal<String>,
    wait: Signal<u64>,
    set_wait: WriteSignal<u64>,
    settled: RwSignal<u32>,
    services: StoredValue<Rc<Services>, LocalStorage>,
}

/// What is around the state, and no part of it.
struct Services {
    environment: Rc<dyn Environment>,
    commands: mpsc::UnboundedSender<Command>,
    listener: RefCell<Option<Rc<ChangeListener>>>,
}

/// What the task that makes requests is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// Ask the service.
    Load,
    /// Give up the wait before a retry.
    StopWaiting,
    /// Give up whatever is under way.
    Clear,
}

type Commands = mpsc::UnboundedReceiver<Command>;

/// Who is told of a choice: what was chosen before, and what is now.
type ChangeListener = dyn Fn(&Query, &Query);

/// What names a row for good, which no id of the API's does, and all that its content depends on: the
/// answer, the position of the event in it, and the zone its times are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKey(u64);

impl RowKey {
    /// The key of the event at a position of the answer of that generation.
    pub fn new(generation: u32, position: usize, zone: Zone) -> Self {
        // No answer has four thousand million records.
        let position = u64::from(u32::try_from(position).unwrap_or(u32::MAX));
        Self(u64::from(generation) << 33 | position << 1 | u64::from(zone == Zone::Utc))
    }

    /// Which answer.
    pub fn generation(self) -> u64 {
        self.0 >> 33
    }

    /// The position of the event in the answer.
    pub fn position(self) -> usize {
        usize::try_from(self.0 >> 1 & u64::from(u32::MAX)).unwrap_or(usize::MAX)
    }

    /// The zone that its times are shown in.
    pub fn zone(self) -> Zone {
        if self.0 & 1 == 1 {
            Zone::Utc
        } else {
            Zone::User
        }
    }
}

impl From<RowKey> for u64 {
    fn from(key: RowKey) -> Self {
        key.0
    }
}

impl From<u64> for RowKey {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

/// What is computed from the load and the choices. Memos, because several places read them and the load
/// changes while the events do not.
struct Memos {
    shown: Memo<Option<Arc<Loaded>>>,
    masks: Memo<Vec<FilterMask>>,
    campaign_ranks: Memo<Vec<usize>>,
    matching: Memo<Vec<usize>>,
    view_state: Memo<ViewState>,
}

impl Memos {
    fn new(
        load: Signal<LoadState>,
        query: Signal<Query>,
        clock: Signal<Instant>,
        language: RwSignal<String>,
        services: StoredValue<Rc<Services>, LocalStorage>,
    ) -> Self {
        let shown = Memo::new(move |_| load.with(|load| load.shown().cloned()));
        let masks = Memo::new(move |_| {
            query.with(|query| {
                // Time goes by for what expires, and for nothing else that is filtered by.
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
                masks.with(|masks| {
                    campaign_ranks
                        .with(|ranks| query.with(|query| query.matching(records, masks, ranks)))
                })
            })
        });
        let view_state =
            Memo::new(move |_| load.with(|load| ViewState::new(load, matching.with(Vec::len))));
        Self {
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
        }
    }
}

impl ReferralState {
    /// Starts the state of a page and makes its one request for the latest `limit` events. What runs
    /// ends with the current owner.
    pub fn new(environment: Rc<dyn Environment>, limit: u8, query: Query) -> Self {
        let (load, set_load) = signal(LoadState::Loading {
            before: None,
            retry: None,
        });
        let (query, set_query) = signal(query);
        let (clock, set_clock) = signal(environment.now());
        let (commands, commanded) = mpsc::unbounded();
        let services = StoredValue::new_local(Rc::new(Services {
            environment: Rc::clone(&environment),
            commands,
            listener: RefCell::default(),
        }));
        let (load, query, clock) = (load.into(), query.into(), clock.into());
        let language = RwSignal::new(String::new());
        let Memos {
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
        } = Memos::new(load, query, clock, language, services);
        let (wait, set_wait) = signal(0);
        let state = Self {
            load,
            set_load,
            query,
            set_query,
            clock,
            set_clock,
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
            wait: wait.into(),
            set_wait,
            language,
            services,
            settled: RwSignal::new(0),
        };
        spawn(
            &*environment,
            Box::pin(make_requests(
                state,
                Rc::clone(&environment),
                limit,
                commanded,
            )),
        );
        spawn(
            &*environment,
            Box::pin(keep_time(state, Rc::clone(&environment))),
        );
        state
    }

    /// The same state for what ends before the state does: what is computed from it belongs to the current
    /// owner. A signal forgets who no longer reads it only when it is set or notified, and a memo only when
    /// its value changes; without this, each change of the language would leave all readers of before.
    pub fn scoped(self) -> Self {
        self.set_load.notify();
        self.set_query.notify();
        self.set_clock.notify();
        self.set_wait.notify();
        let Memos {
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
        } = Memos::new(
            self.load,
            self.query,
            self.clock,
            self.language,
            self.services,
        );
        Self {
            shown,
            masks,
            campaign_ranks,
            matching,
            view_state,
            ..self
        }
    }

    /// Sorts names as `language` does.
    pub fn set_language(self, language: &str) {
        if self.language.with_untracked(|known| known != language) {
            self.language.set(language.to_owned());
        }
    }

    /// What is the case between the page and the service.
    pub fn load(self) -> Signal<LoadState> {
        self.load
    }

    /// The events that can be shown, however old; `None` before the first answer.
    pub fn shown(self) -> Memo<Option<Arc<Loaded>>> {
        self.shown
    }

    /// Which answer is shown; 0 before the first. Reactive.
    pub fn generation(self) -> u32 {
        self.shown
            .with(|shown| shown.as_ref().map_or(0, |shown| shown.generation))
    }

    /// What the body of the page shows.
    pub fn view_state(self) -> Memo<ViewState> {
        self.view_state
    }

    /// How many seconds are left of the wait that the service asked for. Reactive.
    pub fn wait(self) -> u64 {
        self.wait.get()
    }

    /// Whether the service may be asked again: no request is under way, and no wait is left. Reactive.
    pub fn can_refresh(self) -> bool {
        self.wait.get() == 0 && !self.load.with(LoadState::is_loading)
    }

    /// The user's choices.
    pub fn query(self) -> Signal<Query> {
        self.query
    }

    /// The zone that is shown. Reactive.
    pub fn zone(self) -> Zone {
        self.query.with(|query| query.zone)
    }

    /// The page of events that is shown. Reactive.
    pub fn page(self) -> Page {
        let total = self.matching.with(Vec::len);
        self.query.with(|query| query.page_of(total))
    }

    /// The rows of that page. Reactive.
    pub fn rows(self) -> Vec<RowKey> {
        let page = self.page();
        let (generation, zone) = (self.generation(), self.zone());
        let row = |position: &usize| RowKey::new(generation, *position, zone);
        self.matching.with(|matching| {
            let rows = matching.get(page.rows()).unwrap_or_default();
            rows.iter().map(row).collect()
        })
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
            self.campaign_ranks
                .with(|ranks| query.campaign_choices(records, masks, ranks))
        })
    }

    fn choices<T>(self, choices: impl FnOnce(&Query, &[Record], &[FilterMask]) -> T) -> T {
        with_records(self.shown, |records| {
            self.masks
                .with(|masks| self.query.with(|query| choices(query, records, masks)))
        })
    }

    /// What the events come to that all filters leave but the one that figures do not follow, Status.
    /// Reactive.
    pub fn summary(self) -> Summary {
        let now = self.clock.get();
        self.with_figures(|records| Summary::new(records, now))
    }

    /// The rewards of the same events over time. Reactive.
    pub fn series(self) -> Option<Series> {
        let (zone, today) = (self.zone(), self.today());
        let to = self.query.with(|query| query.dates.to);
        self.with_figures(|records| Series::new(records, zone, today, to))
    }

    /// The campaigns of the same events, and of those that the campaign filter leaves out. Reactive.
    pub fn by_campaign(self) -> Vec<CampaignTotal> {
        self.with_matching_except(&[Filter::Status, Filter::Campaign], summary::by_campaign)
    }

    fn with_figures<T>(self, of: impl FnOnce(&[&Record]) -> T) -> T {
        self.with_matching_except(&[Filter::Status], of)
    }

    fn with_matching_except<T>(self, but: &[Filter], of: impl FnOnce(&[&Record]) -> T) -> T {
        with_records(self.shown, |records| {
            self.masks
                .with(|masks| of(&matching_except(records, masks, but)))
        })
    }

    /// Changes the user's choices. Never asks the service.
    pub fn choose(self, change: impl FnOnce(&mut Query)) {
        let mut now = self.query.get_untracked();
        change(&mut now);
        self.chosen(now);
    }

    // Not in `choose`, which is written out for each of its callers.
    fn chosen(self, now: Query) {
        let before = self.query.get_untracked();
        // Not borrowed while it is called: it may end itself.
        let listener = self.services.get_value().listener.borrow().clone();
        if let Some(listener) = listener {
            listener(&before, &now);
        }
        self.set_query.set(now);
    }

    /// Tells `listener` of each choice, before the page shows it, until the current owner ends. There is
    /// one listener at a time.
    pub fn on_choice(self, listener: impl Fn(&Query, &Query) + 'static) {
        let services = self.services;
        let listener: Rc<ChangeListener> = Rc::new(listener);
        services.get_value().listener.replace(Some(listener));
        on_cleanup(move || {
            // The page may have ended before.
            if let Some(services) = services.try_get_value() {
                services.listener.take();
            }
        });
    }

    /// Asks the service again: one credit. Does nothing while a request is under way, or while the
    /// service has asked to wait.
    pub fn refresh(self) {
        if untrack(|| self.can_refresh()) {
            self.set_load.update(LoadState::start_loading);
            self.command(Command::Load);
        }
    }

    /// Gives up the wait before a retry: the failure stands. Does nothing while there is no such wait.
    pub fn stop_waiting(self) {
        self.command(Command::StopWaiting);
    }

    /// Takes the events and the user's choices off the page, and gives up the request under way. Nothing
    /// is asked until [`ReferralState::refresh`].
    pub fn clear(self) {
        self.choose(Query::forget);
        self.set_load.set(LoadState::Cleared);
        self.command(Command::Clear);
    }

    /// Forgets the wait that the service has asked for: it was another user's.
    pub fn forget_wait(self) {
        self.services.get_value().environment.forget_wait();
    }

    fn command(self, command: Command) {
        // The task ends with the page, and then there is nobody left to tell.
        let _ = self.services.get_value().commands.unbounded_send(command);
    }

    /// How many requests have come to their end, with an answer or a failure that stands.
    pub fn settled(self) -> Signal<u32> {
        self.settled.into()
    }

    /// The request under way has come to its end.
    fn settle(
        self,
        result: Result<Answer, Failure>,
        generation: u32,
        limit: u8,
        environment: &dyn Environment,
    ) {
        let now = environment.now();
        let mut load = self.load.get_untracked();
        load.settle(result, generation, limit, environment, now);
        // What is made anew by the answer finds the clock right.
        let ahead = load
            .shown()
            .map_or(TimeDelta::zero(), |shown| shown.clock_ahead);
        self.set_clock.set(now - ahead);
        self.set_load.set(load);
        self.settled.update(|settled| *settled += 1);
    }

    /// Saves the events that the filters leave, in the table's order, and answers the file's name.
    pub fn export(self, format: Format) -> String {
        untrack(|| {
            let file = with_records(self.shown, |records| {
                self.matching.with(|matching| {
                    let matching = matching
                        .iter()
                        .filter_map(|position| records.get(*position));
                    let events: Vec<_> = matching.map(|record| &record.event).collect();
                    export::export(format, &events, self.today())
                })
            });
            self.services.get_value().environment.save(&file);
            file.name
        })
    }

    /// Puts a text on the clipboard, and says then whether it is there.
    pub fn copy(self, text: &str, say: impl FnOnce(bool) + 'static) {
        let environment = Rc::clone(&self.services.get_value().environment);
        let copied = environment.copy(text);
        spawn(&*environment, Box::pin(async move { say(copied.await) }));
    }

    /// Does something after a while, unless the current owner ends before.
    pub fn later(self, wait: Duration, action: impl FnOnce() + 'static) {
        let environment = Rc::clone(&self.services.get_value().environment);
        let waited = environment.wait(wait);
        let action: Box<dyn FnOnce()> = Box::new(action);
        spawn(
            &*environment,
            Box::pin(async move {
                waited.await;
                action();
            }),
        );
    }

    /// The time, kept true enough for "5 minutes ago". It is the service's, where the service has told
    /// it: a device's clock may be wrong by a day.
    pub fn clock(self) -> Signal<Instant> {
        self.clock
    }

    /// Today, in the zone that is shown. Reactive.
    pub fn today(self) -> Date {
        let now = self.clock.get();
        let day = Day::new(now, &*self.services.get_value().environment);
        day.in_zone(self.zone()).unwrap_or(now.date_naive())
    }
}

/// What `of` makes of the records that are shown, none before there are any. Reactive.
fn with_records<T>(shown: Memo<Option<Arc<Loaded>>>, of: impl FnOnce(&[Record]) -> T) -> T {
    shown.with(|shown| of(shown.as_ref().map_or(&[][..], |shown| &shown.records)))
}

/// Makes the first request, and then one for each [`Command::Load`]. One task makes every request, so two
/// can never be under way. It reads nothing reactive: a filter that made it run again would cost the user
/// a credit a click.
async fn make_requests(
    state: ReferralState,
    environment: Rc<dyn Environment>,
    limit: u8,
    mut commands: Commands,
) {
    let mut generation = 0;
    let mut command = Some(Command::Load);
    while let Some(now) = command {
        if now == Command::Load {
            let asked = ask(state, &*environment, limit, &mut commands).await;
            match asked {
                Ok(result) => {
                    generation += 1;
                    state.settle(result, generation, limit, &*environment);
                }
                Err(interruption) => {
                    command = interruption;
                    continue;
                }
            }
        }
        let wait = environment
            .kept_wait()
            .and_then(|failure| failure.retry_after);
        if let Some(wait) = wait {
            let counted = count_down(&*environment, wait, state.set_wait);
            if let Err(interruption) = unless(counted, &mut commands, &[Command::Clear]).await {
                command = interruption;
                continue;
            }
        }
        command = commands.next().await;
    }
}

/// Asks until there is an answer or a failure that stands.
///
/// # Errors
/// The command that ended it before; `None` when the page ends.
async fn ask(
    state: ReferralState,
    environment: &dyn Environment,
    limit: u8,
    commands: &mut Commands,
) -> Result<Result<Answer, Failure>, Option<Command>> {
    if let Some(failure) = environment.kept_wait() {
        return Ok(Err(failure));
    }
    let mut retries = 0;
    loop {
        let asked = unless(environment.fetch(limit), commands, &[Command::Clear]).await?;
        let failure = match asked {
            Ok(answer) => return Ok(Ok(answer)),
            Err(failure) => failure,
        };
        environment.keep_wait(&failure);
        let Some(retry) = retry::next(retries, &failure, environment.random()) else {
            return Ok(Err(failure));
        };
        retries = retry.number;
        state.set_load.update(|load| load.set_retry(retry));
        let counted = pin!(count_down(environment, retry.wait, state.set_wait));
        let wait = select(environment.wait(retry.wait), counted);
        let waited = unless(wait, commands, &[Command::Clear, Command::StopWaiting]).await;
        state.set_wait.set(0);
        match waited {
            Ok(_) => {}
            Err(Some(Command::StopWaiting)) => return Ok(Err(failure)),
            Err(interruption) => return Err(interruption),
        }
    }
}

/// What a future yields, unless one of `ending` commands comes before. Other commands make no sense
/// meanwhile and are dropped.
///
/// # Errors
/// The command that came; `None` when the page ends.
async fn unless<T>(
    future: impl Future<Output = T>,
    commands: &mut Commands,
    ending: &[Command],
) -> Result<T, Option<Command>> {
    let mut future = pin!(future);
    loop {
        // Commands first: an answer that comes with a command to clear is another user's.
        match select(commands.next(), future.as_mut()).await {
            Either::Right((value, _)) => return Ok(value),
            Either::Left((Some(command), _)) if !ending.contains(&command) => {}
            Either::Left((command, _)) => return Err(command),
        }
    }
}

/// Keeps the clock going.
async fn keep_time(state: ReferralState, environment: Rc<dyn Environment>) {
    loop {
        environment.wait(CLOCK_RENEWED_EVERY).await;
        let ahead = state.shown.with_untracked(|shown| {
            shown
                .as_ref()
                .map_or(TimeDelta::zero(), |shown| shown.clock_ahead)
        });
        state.set_clock.set(environment.now() - ahead);
    }
}

/// Counts a wait down, second by second.
async fn count_down(environment: &dyn Environment, wait: Duration, left: WriteSignal<u64>) {
    let until = environment.now() + wait;
    let mut seconds = time::seconds_left(until, environment.now());
    while seconds > 0 {
        left.set(seconds);
        environment.wait(Duration::from_secs(1)).await;
        // A browser slows the timers of a page that nobody looks at, so the clock counts; but it may
        // be set back, so the timer counts too.
        seconds = time::seconds_left(until, environment.now()).min(seconds - 1);
    }
    left.set(0);
}

/// Runs a task until it ends or the current owner does. Unlike Leptos' own scoped tasks it does not
/// hold on to the owner, which would then never end: a page that was unmounted would go on.
fn spawn(environment: &dyn Environment, task: LocalBoxFuture<'static, ()>) {
    let (abort, registration) = AbortHandle::new_pair();
    on_cleanup(move || abort.abort());
    environment.spawn(Box::pin(async move {
        // Whether it ended or was ended makes no difference to anybody.
        let _ = Abortable::new(task, registration).await;
    }));
}
