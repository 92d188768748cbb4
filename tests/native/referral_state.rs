//! Tests of the page's state without a browser, above all of the requests that cost a credit.

use std::{
    cell::{Cell, RefCell},
    cmp::Ordering,
    collections::VecDeque,
    rc::Rc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures::{executor::LocalPool, future::LocalBoxFuture, task::LocalSpawnExt};
use leptos::prelude::*;
use referral_history::state::{Environment, LoadState, ReferralState, ViewState};
use referral_history_core::{
    api::Answer,
    campaign::Campaign,
    charge::Charge,
    column::Column,
    dates::{DateField, Dates},
    event::Event,
    export::{File, Format},
    failure::{Failure, FailureKind},
    field::Field,
    query::Query,
    record::Device,
    role::Role,
    series::Interval,
    sort::Sort,
    status::Status,
    texts::english,
    wait::Wait,
};

/// How often the page updates its clock.
const CLOCK_INTERVAL: Duration = Duration::from_secs(20);

/// A fake environment. Tests set the responses, and waits end at once unless `waits_last` is set.
#[derive(Default)]
struct World {
    requests: Cell<usize>,
    answers: RefCell<VecDeque<Result<Answer, Failure>>>,
    waits: RefCell<Vec<Duration>>,
    /// How many seconds the device's clock has advanced.
    seconds: Cell<i64>,
    /// How many seconds timers have advanced.
    elapsed: Cell<i64>,
    /// Whether waits last; otherwise each is over at once.
    waits_last: Cell<bool>,
    wakers: RefCell<Vec<std::task::Waker>>,
    /// Requests that were dropped before their response.
    aborted: Cell<usize>,
    /// The wait that the service requires.
    wait: RefCell<Option<Wait>>,
    copied: RefCell<Vec<String>>,
    saved: RefCell<Vec<File>>,
    refuses_downloads: Cell<bool>,
    tasks: RefCell<Vec<LocalBoxFuture<'static, ()>>>,
    pool: RefCell<LocalPool>,
}

impl World {
    /// Runs all tasks until they wait.
    fn run(&self) {
        let mut pool = self.pool.borrow_mut();
        for task in self.tasks.borrow_mut().drain(..) {
            pool.spawner().spawn_local(task).expect("a running pool");
        }
        pool.run_until_stalled();
    }

    /// Advances the clock and the timers by seconds, one by one.
    fn advance(&self, seconds: i64) {
        for _ in 0..seconds {
            self.seconds.set(self.seconds.get() + 1);
            self.elapsed.set(self.elapsed.get() + 1);
            for waker in self.wakers.borrow_mut().drain(..) {
                waker.wake();
            }
            self.run();
        }
    }

    fn will_respond(&self, answer: Result<Answer, Failure>) {
        self.answers.borrow_mut().push_back(answer);
    }
}

struct CountOnDrop(Rc<World>);

impl Drop for CountOnDrop {
    fn drop(&mut self) {
        self.0.aborted.set(self.0.aborted.get() + 1);
    }
}

struct Shared(Rc<World>);

impl Environment for Shared {
    fn fetch(&self, _limit: u8) -> LocalBoxFuture<'static, Result<Answer, Failure>> {
        self.0.requests.set(self.0.requests.get() + 1);
        let world = Rc::clone(&self.0);
        Box::pin(async move {
            let answer = world.answers.borrow_mut().pop_front();
            match answer {
                Some(answer) => answer,
                None => {
                    let _aborted = CountOnDrop(world);
                    std::future::pending().await
                }
            }
        })
    }

    fn pending_wait(&self) -> Option<Failure> {
        self.0.wait.borrow().as_ref()?.left(self.now())
    }

    fn store_wait(&self, failure: &Failure) {
        if let Some(wait) = Wait::new(failure, self.now()) {
            self.0.wait.replace(Some(wait));
        }
    }

    fn clear_wait(&self) {
        self.0.wait.replace(None);
    }

    fn wait(&self, wait: Duration) -> LocalBoxFuture<'static, ()> {
        if wait != CLOCK_INTERVAL {
            self.0.waits.borrow_mut().push(wait);
        }
        let world = Rc::clone(&self.0);
        let due = world.elapsed.get()
            + i64::try_from(wait.as_millis().div_ceil(1000)).expect("a short wait");
        Box::pin(std::future::poll_fn(move |context| {
            // The page's clock waits in an endless loop: it would never let a test end.
            let lasts = world.waits_last.get() || wait == CLOCK_INTERVAL;
            if world.elapsed.get() >= due || !lasts {
                return std::task::Poll::Ready(());
            }
            world.wakers.borrow_mut().push(context.waker().clone());
            std::task::Poll::Pending
        }))
    }

    fn painted(&self) -> LocalBoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        self.0.tasks.borrow_mut().push(task);
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_778_000_000 + self.0.seconds.get(), 0).expect("in range")
    }

    fn random(&self) -> f64 {
        1.0
    }

    /// The language "reversed" sorts names backwards.
    fn compare_names(&self, language: &str, one: &str, other: &str) -> Ordering {
        let order = one.cmp(other);
        if language == "reversed" {
            order.reverse()
        } else {
            order
        }
    }

    fn copy(&self, text: &str) -> LocalBoxFuture<'static, bool> {
        self.0.copied.borrow_mut().push(text.to_owned());
        Box::pin(std::future::ready(true))
    }

    fn save(&self, file: &File) -> bool {
        self.0.saved.borrow_mut().push(file.clone());
        !self.0.refuses_downloads.get()
    }
}

impl Device for Shared {
    fn fold(&self, text: &str) -> String {
        text.to_lowercase()
    }

    /// Two hours ahead, all year.
    fn utc_offset(&self, _at: DateTime<Utc>) -> i32 {
        7_200
    }
}

fn answer(events: usize) -> Answer {
    let event = |position: usize| Event {
        // All ids are equal: nothing may depend on them.
        id: Field::Known("same".to_owned()),
        role: Field::Known(if position.is_multiple_of(3) {
            Role::Referred
        } else {
            Role::Referrer
        }),
        status: Field::Known(Status::KNOWN[position % 8].clone()),
        ..Event::default()
    };
    Answer {
        events: (0..events).map(event).collect(),
        ..Answer::default()
    }
}

fn service(status: u16) -> Failure {
    let kind = FailureKind::from_status(status);
    Failure {
        status: Some(status),
        ..Failure::new(kind, Charge::from_status(status, None))
    }
}

/// A page, its environment, and the owner that keeps it alive.
fn page(
    answers: impl IntoIterator<Item = Result<Answer, Failure>>,
) -> (ReferralState, Rc<World>, Owner) {
    page_in(Rc::default(), answers)
}

fn page_in(
    world: Rc<World>,
    answers: impl IntoIterator<Item = Result<Answer, Failure>>,
) -> (ReferralState, Rc<World>, Owner) {
    for answer in answers {
        world.will_respond(answer);
    }
    let owner = Owner::new();
    let state = owner
        .with(|| ReferralState::new(Rc::new(Shared(Rc::clone(&world))), 100, Query::default()));
    world.run();
    (state, world, owner)
}

#[test]
fn a_page_makes_one_request_and_only_refresh_makes_another() {
    let (state, world, _owner) = page([Ok(answer(73))]);
    assert_eq!(world.requests.get(), 1);
    assert_eq!(state.view_state().get_untracked(), ViewState::Rows);
    state.choose(|query| query.set_role(Some(Role::Referrer)));
    state.choose(|query| query.set_status(Status::Capped, true));
    state.choose(|query| query.set_per_page(10));
    state.choose(|query| query.page = 2);
    state.choose(Query::clear_filters);
    world.run();
    assert_eq!(world.requests.get(), 1);
    world.will_respond(Ok(answer(74)));
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 2);
    assert_eq!(state.page().total, 74);
}

#[test]
fn an_export_has_what_the_filters_leave_and_is_named_by_the_period() {
    // As many as were requested, so there may be older ones.
    let (state, world, _owner) = page([Ok(answer(100))]);
    state.choose(|query| query.set_status(Status::Rewarded, true));
    let name = state.export(Format::Csv, '.');
    assert_eq!(name.as_deref(), Some("referrals-2026-05-05.csv"));
    state.choose(|query| {
        query.set_status(Status::Rewarded, false);
        query.set_dates(Dates::month(state.today()));
    });
    // None of these events has a date.
    let name = state.export(Format::Json, '.');
    let in_period = "referrals-2026-05-01-to-2026-05-31-incomplete.json";
    assert_eq!(name.as_deref(), Some(in_period));
    let saved = world.saved.borrow();
    assert_eq!(saved[0].content.lines().count(), 1 + 13);
    assert_eq!(saved[1].content, "[]\n");
    assert_eq!(world.requests.get(), 1);
}

#[test]
fn a_download_that_the_browser_refuses_has_no_name() {
    let (state, world, _owner) = page([Ok(answer(3))]);
    world.refuses_downloads.set(true);
    assert_eq!(state.export(Format::Csv, '.'), None);
    let copied = Rc::new(Cell::new(None));
    let on_done = Rc::clone(&copied);
    state.copy_table(move |is_copied| on_done.set(Some(is_copied)));
    world.run();
    assert_eq!(copied.get(), Some(true));
    let table = &world.copied.borrow()[0];
    assert_eq!(table.lines().count(), 4);
    assert!(table.starts_with("id\tcode\t"), "{table}");
}

#[test]
fn deadlines_are_those_of_what_the_filters_leave_and_pass_with_the_clock() {
    let in_seconds =
        |seconds| Field::Known(Shared(Rc::default()).now() + TimeDelta::seconds(seconds));
    let mut open = answer(16);
    for event in &mut open.events {
        event.expires_at = in_seconds(60);
    }
    let (state, world, _owner) = page([Ok(open)]);
    world.waits_last.set(true);
    // Two are attributed and two are qualified.
    assert_eq!(state.deadlines(), 4);
    state.choose(|query| query.set_status(Status::Qualified, true));
    assert_eq!(state.deadlines(), 2);
    let name = state.export_calendar(english());
    assert_eq!(name.as_deref(), Some("referral-deadlines-2026-05-05.ics"));
    let entries = world.saved.borrow()[0]
        .content
        .matches("BEGIN:VEVENT")
        .count();
    assert_eq!(entries, 2);
    world.advance(80);
    assert_eq!(state.deadlines(), 0);
    assert_eq!(state.export_calendar(english()), None);
    assert_eq!(world.saved.borrow().len(), 1);
}

#[test]
fn choices_settle_at_once_and_what_is_typed_after_a_pause() {
    let (state, world, owner) = page([Ok(answer(73))]);
    world.waits_last.set(true);
    let settled = || state.settled_query().get_untracked();
    let type_text = |text: &str| state.choose(|query| query.set_search(text));
    state.choose(|query| query.page = 2);
    world.run();
    assert_eq!(settled().page, 2);
    type_text("a");
    world.run();
    type_text("ab");
    world.run();
    assert_eq!(settled().search, "");
    world.advance(1);
    assert_eq!(settled().search, "ab");
    // Whoever leaves the field has typed all.
    type_text("abc");
    state.settle();
    world.run();
    assert_eq!(settled().search, "abc");
    // So has whoever goes on to another choice.
    type_text("abcd");
    state.choose(|query| query.page = 3);
    world.run();
    assert_eq!(settled(), state.query().get_untracked());
    type_text("");
    owner.cleanup();
}

#[test]
fn a_refresh_during_a_refresh_makes_no_request() {
    let (state, world, _owner) = page([Ok(answer(3))]);
    state.refresh();
    state.refresh();
    world.run();
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 2);
    assert!(state.load().with_untracked(LoadState::is_loading));
}

#[test]
fn a_refresh_during_the_first_request_makes_no_request() {
    let (state, world, _owner) = page([]);
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 1);
    assert_eq!(state.view_state().get_untracked(), ViewState::Skeleton);
}

#[test]
fn a_transient_failure_is_retried_twice_and_then_shown() {
    let failures = || (0..3).map(|_| Err(service(503)));
    let (state, world, _owner) = page(failures());
    assert_eq!(world.requests.get(), 3);
    assert_eq!(
        *world.waits.borrow(),
        [Duration::from_secs(1), Duration::from_secs(2)]
    );
    assert_eq!(state.view_state().get_untracked(), ViewState::Failure);
    // The user's next attempt has its own two retries.
    failures().for_each(|failure| world.will_respond(failure));
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 6);
}

#[test]
fn a_successful_retry_shows_its_events() {
    let (state, world, _owner) = page([Err(service(500)), Ok(answer(5))]);
    assert_eq!(world.requests.get(), 2);
    assert_eq!(state.view_state().get_untracked(), ViewState::Rows);
}

/// A 504 and a lost connection were retried, though each may have cost a credit.
#[test]
fn a_request_that_may_have_been_charged_is_not_retried() {
    let without_status = |kind| Failure::new(kind, Charge::Unknown);
    for failure in [
        service(401),
        service(403),
        service(429),
        service(502),
        service(504),
        service(422),
        without_status(FailureKind::TimedOut),
        without_status(FailureKind::NoConnection),
        Failure {
            status: Some(200),
            ..Failure::new(FailureKind::Unreadable, Charge::Yes)
        },
    ] {
        let (state, world, _owner) = page([Err(failure)]);
        assert_eq!(world.requests.get(), 1);
        assert_eq!(state.view_state().get_untracked(), ViewState::Failure);
        assert_eq!(state.requests_ended().get_untracked(), 1);
    }
}

fn failure_with_wait(status: u16, seconds: u64) -> Failure {
    Failure {
        retry_after: Some(Duration::from_secs(seconds)),
        ..service(status)
    }
}

/// A page in an environment in which waits last.
fn slow_page(
    answers: impl IntoIterator<Item = Result<Answer, Failure>>,
) -> (ReferralState, Rc<World>, Owner) {
    let world = Rc::new(World::default());
    world.waits_last.set(true);
    page_in(world, answers)
}

#[test]
fn the_wait_before_a_retry_is_counted_down() {
    let (state, world, _owner) = slow_page([Err(failure_with_wait(503, 4)), Ok(answer(2))]);
    assert_eq!((world.requests.get(), state.wait()), (1, 4));
    assert!(state.load().with_untracked(LoadState::is_loading));
    world.advance(3);
    assert_eq!((world.requests.get(), state.wait()), (1, 1));
    world.advance(1);
    assert_eq!((world.requests.get(), state.wait()), (2, 0));
    assert_eq!(state.view_state().get_untracked(), ViewState::Rows);
}

#[test]
fn stopping_the_wait_shows_the_failure_without_a_further_request() {
    let (state, world, _owner) = slow_page([Err(failure_with_wait(503, 4))]);
    state.stop_waiting();
    world.run();
    assert_eq!(state.view_state().get_untracked(), ViewState::Failure);
    // The wait that the service requires also blocks the user's refresh.
    assert_eq!((state.wait(), state.can_refresh()), (4, false));
    world.advance(60);
    assert_eq!((world.requests.get(), state.can_refresh()), (1, true));
    // Without a wait, stopping does nothing.
    state.stop_waiting();
    world.will_respond(Ok(answer(2)));
    state.refresh();
    world.run();
    assert_eq!(state.view_state().get_untracked(), ViewState::Rows);
}

#[test]
fn stopping_the_wait_does_not_abort_a_request() {
    let (state, world, _owner) = slow_page([]);
    state.stop_waiting();
    world.run();
    assert_eq!((world.requests.get(), world.aborted.get()), (1, 0));
    assert!(state.load().with_untracked(LoadState::is_loading));
}

/// A service that required a wait of a day got a retry after 30 seconds.
#[test]
fn a_wait_of_more_than_30_seconds_is_not_followed_by_a_retry() {
    let (state, world, _owner) = slow_page([Err(failure_with_wait(503, 31))]);
    assert_eq!(state.view_state().get_untracked(), ViewState::Failure);
    world.advance(40);
    assert_eq!(world.requests.get(), 1);
}

/// Another limit, or another page, made a request at once although the service required a wait.
#[test]
fn a_wait_outlives_the_page_that_received_it() {
    for (status, view_state) in [(429, ViewState::Failure), (503, ViewState::Failure)] {
        let (_, world, owner) = slow_page([Err(failure_with_wait(status, 20))]);
        world.advance(5);
        drop(owner);
        let (state, world, _owner) = page_in(world, [Ok(answer(1))]);
        assert_eq!((world.requests.get(), state.wait()), (1, 15), "{status}");
        assert_eq!(state.view_state().get_untracked(), view_state);
        let load = state.load().get_untracked();
        let failure = load.failure().expect("a failure");
        assert_eq!((failure.status, failure.charge), (None, Charge::No));
        state.refresh();
        world.advance(14);
        assert_eq!((world.requests.get(), state.can_refresh()), (1, false));
        world.advance(1);
        state.refresh();
        world.run();
        assert_eq!((world.requests.get(), state.page().total), (2, 1));
    }
}

#[test]
fn the_wait_of_another_user_is_cleared() {
    let (state, world, owner) = slow_page([Err(failure_with_wait(429, 20))]);
    state.clear_wait();
    drop(owner);
    let (state, world, _owner) = page_in(world, [Ok(answer(1))]);
    assert_eq!((world.requests.get(), state.page().total), (2, 1));
}

#[test]
fn clearing_removes_events_and_choices_without_a_request() {
    let (state, world, _owner) = page([Ok(answer(73))]);
    state.choose(|query| {
        query.set_search("same");
        query.set_per_page(50);
    });
    state.clear();
    // At once, before any task runs.
    assert_eq!(state.view_state().get_untracked(), ViewState::Cleared);
    assert_eq!(state.rows(), []);
    let query = state.query().get_untracked();
    assert_eq!((query.search.as_str(), query.per_page), ("", 50));
    world.run();
    assert_eq!(world.requests.get(), 1);
    world.will_respond(Ok(answer(2)));
    state.refresh();
    world.run();
    assert_eq!((world.requests.get(), state.page().total), (2, 2));
}

#[test]
fn clearing_aborts_the_request_and_the_wait_before_a_retry() {
    let (state, world, _owner) = slow_page([]);
    state.clear();
    world.run();
    assert_eq!((world.requests.get(), world.aborted.get()), (1, 1));
    assert_eq!(state.view_state().get_untracked(), ViewState::Cleared);

    let (state, world, _owner) = slow_page([Err(failure_with_wait(503, 4)), Ok(answer(1))]);
    state.clear();
    world.advance(10);
    assert_eq!(world.requests.get(), 1);
    assert_eq!(state.view_state().get_untracked(), ViewState::Cleared);
}

/// The response to the previous user's request arrived together with the command to clear, and was shown.
#[test]
fn a_response_that_arrives_with_a_clear_is_not_shown() {
    let (state, world, _owner) = page([Ok(answer(3))]);
    world.will_respond(Ok(answer(73)));
    state.refresh();
    // Both the response and the command are ready at the next poll.
    state.clear();
    world.run();
    assert_eq!(state.view_state().get_untracked(), ViewState::Cleared);
    assert_eq!(state.requests_ended().get_untracked(), 1);
}

/// A day-old response from a cache was shown as "just now" and set the page's clock back.
#[test]
fn an_old_response_is_not_shown_as_new() {
    let loaded = |minutes: i64, age: i64| {
        let answer = Answer {
            made_at: DateTime::from_timestamp(1_778_000_000 - 60 * minutes, 0),
            age: TimeDelta::minutes(age),
            ..answer(1)
        };
        let (state, _, _owner) = page([Ok(answer)]);
        let shown = state.shown().get_untracked().expect("events");
        (shown.is_old, shown.clock_ahead.num_minutes())
    };
    assert_eq!(loaded(60, 0), (false, 60));
    assert_eq!(loaded(61, 0), (true, 61));
    assert_eq!(loaded(61, 61), (true, 0));
    assert_eq!(loaded(-30, 0), (false, -30));
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_their_age() {
    let (state, world, _owner) = page([Ok(answer(30))]);
    let loaded_at = state.clock().get_untracked();
    world.seconds.set(300);
    world.will_respond(Err(service(502)));
    state.refresh();
    world.run();
    assert_eq!(state.view_state().get_untracked(), ViewState::Rows);
    assert_eq!(state.page().total, 30);
    let shown = state.shown().get_untracked().expect("the old rows");
    assert_eq!(shown.at, loaded_at);
}

/// A page whose refresh got a rate limit with a wait of five seconds.
fn limited_page() -> (ReferralState, Rc<World>, Owner) {
    let limited = Failure {
        retry_after: Some(Duration::from_secs(5)),
        ..service(429)
    };
    let (state, world, owner) = page([Ok(answer(1))]);
    world.waits_last.set(true);
    world.will_respond(Err(limited));
    state.refresh();
    world.run();
    (state, world, owner)
}

#[test]
fn the_wait_that_the_service_requires_is_counted_down_and_obeyed() {
    let (state, world, _owner) = limited_page();
    assert_eq!((world.requests.get(), state.wait()), (2, 5));
    world.advance(4);
    assert_eq!((state.wait(), state.can_refresh()), (1, false));
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 2);
    world.advance(1);
    assert_eq!((state.wait(), state.can_refresh()), (0, true));
    world.will_respond(Ok(answer(1)));
    state.refresh();
    world.run();
    assert_eq!(world.requests.get(), 3);
}

/// Browsers throttle the timers of a hidden page to one per minute, and a clock may be set back.
#[test]
fn a_wait_ends_by_the_clock_or_by_the_timer_whichever_is_first() {
    for (jump, seconds) in [(60, 1), (-86_400, 5)] {
        let (state, world, _owner) = limited_page();
        world.seconds.set(world.seconds.get() + jump);
        world.advance(seconds);
        assert!(state.can_refresh(), "{jump}");
    }
}

#[test]
fn equal_ids_are_different_rows_and_a_new_response_has_new_rows() {
    let (state, world, _owner) = page([Ok(answer(5))]);
    let before = state.rows();
    assert_eq!(before.len(), 5);
    world.will_respond(Ok(answer(5)));
    state.refresh();
    world.run();
    let after = state.rows();
    assert!(before.iter().all(|row| !after.contains(row)));
}

/// The page can read an answer long after it has come.
#[test]
fn a_response_that_is_read_late_does_not_set_the_clock_back() {
    let came_at = DateTime::from_timestamp(1_778_000_000 - 30 * 60, 0);
    let answer = Answer {
        made_at: came_at,
        received_at: came_at,
        ..answer(1)
    };
    let (state, _, _owner) = page([Ok(answer)]);
    let shown = state.shown().get_untracked().expect("events");
    assert_eq!(shown.clock_ahead, TimeDelta::zero());
    assert_eq!(state.clock().get_untracked().timestamp(), 1_778_000_000);
}

/// Events with these ids, newest first; `-` for none.
fn with_ids(ids: &str) -> Answer {
    let mut answer = answer(ids.split(' ').count());
    for (event, id) in answer.events.iter_mut().zip(ids.split(' ')) {
        event.id = match id {
            "-" => Field::Missing,
            id => Field::Known(id.to_owned()),
        };
    }
    answer
}

fn event(state: ReferralState) -> Option<String> {
    state.query().with_untracked(|query| query.event.clone())
}

#[test]
fn an_event_is_named_by_its_id_only_if_no_other_has_it() {
    let (state, world, _owner) = page([Ok(with_ids("a twice - twice b"))]);
    for (position, id) in [(0, Some("a")), (1, None), (2, None), (4, Some("b"))] {
        assert_eq!(state.is_addressable(position), id.is_some());
        state.name_event(position);
        assert_eq!(event(state).as_deref(), id, "{position}");
        assert_eq!(state.named_event(), id.map(|_| position));
    }
    state.name_no_event();
    assert_eq!(event(state), None);
    for id in ["twice", "-", "c"] {
        state.choose(|query| query.event = Some(id.to_owned()));
        assert_eq!(state.named_event(), None, "{id}");
    }
    assert_eq!(world.requests.get(), 1);
}

#[test]
fn a_new_response_has_the_event_elsewhere_or_not_at_all() {
    let (state, world, _owner) = page([Ok(with_ids("a b"))]);
    state.name_event(1);
    for (answer, position) in [
        ("c d b", Some(2)),
        ("c d", None),
        ("b b", None),
        ("b", Some(0)),
    ] {
        world.will_respond(Ok(with_ids(answer)));
        state.refresh();
        world.run();
        assert_eq!(state.named_event(), position, "{answer}");
    }
    state.clear();
    assert_eq!(event(state), None);
}

#[test]
fn the_way_from_event_to_event_is_the_list_and_its_page_follows() {
    let ids: Vec<String> = (0..25).map(|id| format!("id{id}")).collect();
    let (state, world, _owner) = page([Ok(with_ids(&ids.join(" ")))]);
    state.choose(|query| {
        query.set_per_page(10);
        query.set_role(Some(Role::Referrer));
    });
    // Each third is not in the list: 1, 2, 4, 5, …
    let mut shown = vec![1];
    state.name_event(1);
    assert_eq!(state.place(1), Some((0, 16)));
    assert_eq!(state.neighbour(1, false), None);
    while let Some(next) = state.neighbour(*shown.last().expect("one"), true) {
        state.name_event(next);
        shown.push(next);
        let place = shown.len() - 1;
        assert_eq!(state.page().number, place / 10 + 1);
        let on_page = state.rows();
        assert!(on_page.iter().any(|row| row.position == next), "{next}");
    }
    let expected: Vec<usize> = (0..25).filter(|id| id % 3 != 0).collect();
    assert_eq!(shown, expected);
    state.choose(|query| query.set_sort(Sort::next(None, Column::Status)));
    assert_eq!(event(state).as_deref(), Some("id23"));
    let order: Vec<usize> = state.rows().iter().map(|row| row.position).collect();
    assert_eq!(state.neighbour(order[0], true), Some(order[1]));
    assert_eq!(state.neighbour(order[1], false), Some(order[0]));
    // What the filters hide has no place among what they show.
    assert_eq!(state.place(0), None);
    assert_eq!(state.neighbour(0, true), None);
    state.name_event(0);
    assert_eq!(event(state).as_deref(), Some("id0"));
    assert_eq!(world.requests.get(), 1);
}

/// Leptos' scoped tasks keep their owner alive: the request and the unmounted page kept running.
#[test]
fn cleaning_up_the_owner_aborts_the_request() {
    let (_, world, owner) = page([]);
    assert_eq!((world.requests.get(), world.aborted.get()), (1, 0));
    drop(owner);
    world.run();
    assert_eq!((world.requests.get(), world.aborted.get()), (1, 1));
    // Nothing else refers to the environment any more.
    assert_eq!(Rc::strong_count(&world), 1);
}

#[test]
fn every_response_has_its_view_state() {
    let unreadable = Answer {
        unreadable: 3,
        ..Answer::default()
    };
    for (answer, view_state) in [
        (Ok(answer(0)), ViewState::Empty),
        (Ok(unreadable), ViewState::NothingReadable),
        (Ok(answer(1)), ViewState::Rows),
        (Err(service(404)), ViewState::Failure),
    ] {
        let (state, _, _owner) = page([answer]);
        assert_eq!(state.view_state().get_untracked(), view_state);
    }
    let (state, _, _owner) = page([Ok(answer(1))]);
    state.choose(|query| query.set_status(Status::Failed, true));
    assert_eq!(state.view_state().get_untracked(), ViewState::NoMatch);
}

#[test]
fn campaigns_are_sorted_as_the_language_sorts_names() {
    let mut named = answer(3);
    for (event, name) in named.events.iter_mut().zip(["b", "c", "a"]) {
        event.campaign = Field::Known(name.to_owned());
    }
    let (state, _world, _owner) = page([Ok(named)]);
    state.choose(|query| query.set_sort(Sort::next(None, Column::Campaign)));
    let order = || {
        let rows = state
            .rows()
            .into_iter()
            .map(|row| row.position)
            .collect::<Vec<_>>();
        let choices = state.campaign_choices().into_iter();
        let names = choices.filter_map(|choice| match choice.value {
            Campaign::Named(name) => Some(name),
            Campaign::None => None,
        });
        (rows, names.collect::<String>())
    };
    assert_eq!(order(), (vec![2, 0, 1], "abc".to_owned()));
    state.set_language("reversed");
    assert_eq!(order(), (vec![1, 0, 2], "cba".to_owned()));
}

/// A bar that was pressed must not be the only one that is left.
#[test]
fn the_chart_keeps_all_periods_and_the_credits_are_those_of_the_chosen_one() {
    let now = DateTime::from_timestamp(1_778_000_000, 0).expect("in range");
    let mut rewarded = answer(2);
    for (event, (credits, days)) in rewarded.events.iter_mut().zip([(5, 0), (7, 40)]) {
        event.status = Field::Known(Status::Rewarded);
        event.created_at = Field::Known(now);
        event.reward_credits = Field::Known(credits);
        event.rewarded_at = Field::Known(now - TimeDelta::days(days));
    }
    let (state, _world, _owner) = page([Ok(rewarded)]);
    let bars = |interval| state.series(Some(interval)).expect("rewards").slots;
    let all = bars(Interval::Month);
    let (first, _) = all[0];
    let month = Interval::Month.dates(first);
    state.choose(|query| query.toggle_rewards_of(month));
    assert_eq!(bars(Interval::Month), all);
    assert_eq!(state.summary().credits.sum, 7);
    assert_eq!(state.intervals(), [Interval::Week, Interval::Month]);
    state.choose(|query| query.toggle_rewards_of(month));
    assert_eq!(state.summary().credits.sum, 12);

    // A period of creation limits the chart, too, which then goes by day or week.
    let today = state.today();
    state.choose(|query| query.set_dates(Dates::last(7, today)));
    assert_eq!(state.query().get_untracked().by, DateField::Created);
    assert_eq!(state.intervals(), [Interval::Day, Interval::Week]);
    assert_eq!(bars(Interval::Day).len(), 41);
}

#[test]
fn a_full_response_may_lack_older_events() {
    let may_lack = |events, unreadable| {
        let answer = Answer {
            unreadable,
            ..answer(events)
        };
        let (state, _, _owner) = page([Ok(answer)]);
        state
            .shown()
            .get_untracked()
            .expect("events")
            .may_lack_older()
    };
    assert!(!may_lack(99, 0));
    assert!(may_lack(99, 1));
    assert!(may_lack(100, 0));
    assert!(may_lack(2_500, 0));
}
