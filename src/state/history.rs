//! The page's state, and the user's intents.

use core::time::Duration;
use std::{rc::Rc, sync::Arc};

use futures::{
    StreamExt,
    channel::mpsc,
    future::{AbortHandle, Abortable},
};
use leptos::prelude::*;

use super::{Environment, Face, Load, Loaded, load};
use crate::model::{
    failure::Failure,
    page::Page,
    query::{Choice, Query},
    role::Role,
    status::Status,
    time::{self, Instant},
};

/// How often "5 minutes ago" is brought up to date.
const AGE_RENEWED_EVERY: Duration = Duration::from_secs(20);

/// The state of one page. A handle: copies are the same state.
///
/// The only request that is made unasked is the one that [`History::new`] makes; every other one is
/// a call of [`History::refresh`]. Either is repeated at most twice after a passing failure: see
/// [`crate::model::retry`].
#[derive(Clone, Copy)]
pub struct History {
    load: RwSignal<Load>,
    query: RwSignal<Query>,
    shown: Memo<Option<Arc<Loaded>>>,
    matching: Memo<Vec<usize>>,
    face: Memo<Face>,
    wait: RwSignal<u64>,
    environment: StoredValue<Rc<dyn Environment>, LocalStorage>,
    requests: StoredValue<mpsc::UnboundedSender<()>>,
}

impl History {
    /// Starts the state of a page and makes its one request for the latest `limit` events. What runs
    /// ends with the current owner.
    pub fn new(environment: Rc<dyn Environment>, limit: u8, query: Query) -> Self {
        let load = RwSignal::new(Load::Asking {
            before: None,
            retry: None,
        });
        let query = RwSignal::new(query);
        // Memos, because several places read them and the load changes while the events do not.
        let shown = Memo::new(move |_| load.with(|load| load.shown().cloned()));
        let matching = Memo::new(move |_| {
            shown.with(|shown| match shown {
                Some(shown) => query.with(|query| query.matching(&shown.events)),
                None => Vec::new(),
            })
        });
        let face = Memo::new(move |_| load.with(|load| Face::of(load, matching.with(Vec::len))));
        let wait = RwSignal::new(0);
        // One task makes every request, so two can never be under way. It reads nothing reactive: a
        // filter that made it run again would cost the user a credit a click.
        let (requests, mut asked) = mpsc::unbounded();
        spawn(&*environment, {
            let environment = Rc::clone(&environment);
            async move {
                let mut generation = 0;
                loop {
                    let result = load::ask(&*environment, limit, |retry| {
                        load.update(|load| load.set_retry(retry));
                    })
                    .await;
                    generation += 1;
                    let asked_to_wait = result.as_ref().err().and_then(Failure::wait);
                    load.update(|load| load.settle(result, generation, limit, environment.now()));
                    count_down(&*environment, asked_to_wait.unwrap_or_default(), wait).await;
                    if asked.next().await.is_none() {
                        break;
                    }
                }
            }
        });
        Self {
            load,
            query,
            shown,
            matching,
            face,
            wait,
            environment: StoredValue::new_local(environment),
            requests: StoredValue::new(requests),
        }
    }

    /// What is the case between the page and the service.
    pub fn load(self) -> ReadSignal<Load> {
        self.load.read_only()
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
    pub fn face(self) -> Memo<Face> {
        self.face
    }

    /// How many seconds are left of the wait that the service asked for. Reactive.
    pub fn wait(self) -> u64 {
        self.wait.get()
    }

    /// Whether the service may be asked again: no request is under way, and no wait is left. Reactive.
    pub fn may_ask(self) -> bool {
        self.wait.get() == 0 && !self.load.with(Load::is_asking)
    }

    /// The user's choices.
    pub fn query(self) -> ReadSignal<Query> {
        self.query.read_only()
    }

    /// The page of events that is shown. Reactive.
    pub fn page(self) -> Page {
        let total = self.matching.with(Vec::len);
        self.query.with(|query| query.page_of(total))
    }

    /// The rows of that page: the generation of the answer and the position of the event in it. Both
    /// together name a row for good, which no id of the API's does. Reactive.
    pub fn rows(self) -> Vec<(u32, usize)> {
        let page = self.page();
        let generation = self.generation();
        self.matching.with(|matching| {
            let rows = matching.get(page.rows()).unwrap_or_default();
            rows.iter()
                .map(|&position| (generation, position))
                .collect()
        })
    }

    /// The choices of the role filter. Reactive.
    pub fn role_choices(self) -> Vec<Choice<Option<Role>>> {
        self.shown.with(|shown| {
            let events = shown.as_ref().map_or(&[][..], |shown| &shown.events);
            self.query.with(|query| query.role_choices(events))
        })
    }

    /// The choices of the status filter. Reactive.
    pub fn status_choices(self) -> Vec<Choice<Status>> {
        self.shown.with(|shown| {
            let events = shown.as_ref().map_or(&[][..], |shown| &shown.events);
            self.query.with(|query| query.status_choices(events))
        })
    }

    /// Changes the user's choices. Never asks the service.
    pub fn choose(self, change: impl FnOnce(&mut Query)) {
        self.query.update(change);
    }

    /// Asks the service again: one credit. Does nothing while a request is under way, or while the
    /// service has asked to wait.
    pub fn refresh(self) {
        if untrack(|| self.may_ask()) {
            self.load.update(Load::ask_again);
            // The task ends with the page, and then there is nobody left to tell.
            self.requests
                .with_value(|requests| drop(requests.unbounded_send(())));
        }
    }

    /// The device's clock.
    pub fn now(self) -> Instant {
        self.environment.with_value(|environment| environment.now())
    }

    /// The device's clock as a signal, kept true enough for "5 minutes ago" for as long as the current
    /// owner lives.
    pub fn clock(self) -> ReadSignal<Instant> {
        let (now, set_now) = signal(self.now());
        let environment = self.environment.get_value();
        spawn(&*Rc::clone(&environment), async move {
            loop {
                environment.wait(AGE_RENEWED_EVERY).await;
                set_now.set(environment.now());
            }
        });
        now
    }
}

/// Counts a wait down, second by second.
async fn count_down(environment: &dyn Environment, wait: Duration, left: RwSignal<u64>) {
    let until = time::after(environment.now(), wait);
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
fn spawn(environment: &dyn Environment, task: impl Future<Output = ()> + 'static) {
    let (abort, registration) = AbortHandle::new_pair();
    on_cleanup(move || abort.abort());
    environment.spawn(Box::pin(async move {
        // Whether it ended or was ended makes no difference to anybody.
        let _ = Abortable::new(task, registration).await;
    }));
}
