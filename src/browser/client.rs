//! The client of the service, and the browser as the state's [`Environment`].

use chrono::DateTime;
use core::{
    cell::{Cell, RefCell},
    cmp::Ordering,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};
use futures::future::{Either, FutureExt as _, LocalBoxFuture, Shared, select};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use js_sys::{JsString, Promise};
use referral_history_core::{
    api::{self, Answer, Headers, MAX_BYTES},
    charge::Charge,
    export::File,
    failure::{Failure, FailureKind},
    record::Device,
    time::Instant,
    wait::Wait,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect, Url, window,
};

use super::{
    address, clipboard, download,
    intl::{self, Collator},
    response::{self, Response},
};
use crate::{panic_hook::is_stopped, state::Environment};

/// How long a request may take, in milliseconds, before it is aborted.
const TIME_OUT_MILLISECONDS: u32 = 15_000;

/// How long the client waits for the body of a failure, in milliseconds, once its status has arrived.
const MESSAGE_TIME_OUT_MILLISECONDS: u32 = 2_000;

/// How long to wait for frames, in milliseconds. A page in the background has none, nor has one in which another script
/// has taken them away.
const FRAMES_TIME_OUT_MILLISECONDS: u32 = 1_000;

/// How long the page leaves the main thread to others after a paint, in milliseconds: about one frame.
const PAUSE_MILLISECONDS: u32 = 20;

/// The path of the endpoint below the API base.
const EVENTS: &str = "/referrals/me/events";

thread_local! {
    /// The waits that services require, by API base. They are shared by all pages in the document: another
    /// page with the same service has to wait too.
    static WAITS: RefCell<Vec<(String, Wait)>> = RefCell::default();
}

/// Waits for the browser's next frame.
async fn frame() {
    let begun = Promise::new(&mut |begin, _| {
        let _ = window().and_then(|window| window.request_animation_frame(&begin).ok());
    });
    let _ = JsFuture::from(begun).await;
}

/// Waits until the browser has painted what is in the document now, and a moment for what others have to do then.
pub async fn painted() {
    // The next frame paints it. The one after that begins when this is done.
    let frames = pin!(async {
        frame().await;
        frame().await;
    });
    select(frames, TimeoutFuture::new(FRAMES_TIME_OUT_MILLISECONDS)).await;
    // Input, and the host page's own work, go first.
    TimeoutFuture::new(PAUSE_MILLISECONDS).await;
}

/// A page's first request, made before the page is there. Clones are the same request. When all are dropped before
/// it is done, it is aborted.
#[derive(Clone)]
pub struct EarlyRequest {
    url: String,
    answer: Shared<LocalBoxFuture<'static, Result<Answer, Failure>>>,
}

impl EarlyRequest {
    /// The request that the entry made: its address, the promise that `fetch` returned, and its abort controller.
    pub fn new(url: String, response: Promise, controller: AbortController) -> Self {
        let abort = AbortOnDrop(Some(controller));
        Self {
            url,
            answer: receive(Ok(response.into()), abort).boxed_local().shared(),
        }
    }

    /// Requests the latest `limit` events; `None` during a wait that the service requires.
    pub fn start(api: &Api, limit: u8) -> Option<Self> {
        if api.pending_wait().is_some() {
            return None;
        }
        let url = api.url(limit);
        let (request, abort) = build(&url, api.is_cross_origin)?;
        let answer = receive(response::fetch(request), abort);
        Some(Self {
            url,
            answer: answer.boxed_local().shared(),
        })
    }

    /// Whether it is for the latest `limit` events of this API.
    pub fn is_for(&self, api: Option<&Api>, limit: u8) -> bool {
        api.is_some_and(|api| self.url == api.url(limit))
    }

    /// Whether it has ended.
    pub fn has_answer(&self) -> bool {
        self.answer.peek().is_some()
    }

    /// Whether it has ended with a failure.
    pub fn has_failed(&self) -> bool {
        self.answer.peek().is_some_and(Result::is_err)
    }

    /// The answer, once it is there.
    pub async fn answer(self) -> Result<Answer, Failure> {
        self.answer.await
    }
}

/// The environment of a page in a browser.
pub struct Browser {
    /// The API; `None` if no request is allowed.
    api: Option<Api>,
    early: Cell<Option<EarlyRequest>>,
    /// Whether the wait that its answer may require is stored already.
    has_stored_wait: Cell<bool>,
    /// The collator of the language that was used last.
    collator: RefCell<Option<Collator>>,
}

impl Browser {
    /// An environment that uses this API. Its first request may be in flight already.
    pub fn new(api: Option<Api>, early: Option<EarlyRequest>) -> Self {
        let has_stored_wait = early.as_ref().is_some_and(EarlyRequest::has_failed);
        let browser = Self {
            api,
            early: Cell::new(early),
            has_stored_wait: Cell::new(has_stored_wait),
            collator: RefCell::default(),
        };
        // During a wait the page shows the wait, so a response is of no use: abort the request.
        if browser.pending_wait().is_some() {
            browser.early.take();
        }
        browser
    }
}

/// The address of the API.
#[derive(Clone)]
pub struct Api {
    /// The prefix of the endpoint's path, without a slash at its end.
    base: String,
    /// Whether the API has another origin than the page, which the host page has allowed.
    is_cross_origin: bool,
}

impl Api {
    /// The address of the latest `limit` events.
    fn url(&self, limit: u8) -> String {
        format!("{}{EVENTS}?limit={limit}", self.base)
    }

    /// Remembers the wait that a failure requires, for all pages.
    pub fn store_wait(&self, failure: &Failure) {
        if let Some(wait) = Wait::new(failure, now()) {
            self.clear_wait();
            WAITS.with_borrow_mut(|waits| waits.push((self.base.clone(), wait)));
        }
    }

    fn clear_wait(&self) {
        WAITS.with_borrow_mut(|waits| waits.retain(|(base, _)| *base != self.base));
    }

    /// What remains of the wait that the service requires.
    fn pending_wait(&self) -> Option<Failure> {
        WAITS.with_borrow(|waits| {
            let stored = waits.iter().find(|(base, _)| *base == self.base);
            stored?.1.left(now())
        })
    }

    /// The API at an address; `None` if its origin is neither the page's nor `allowed`.
    pub fn parse(base: &str, allowed: &str) -> Option<Self> {
        let url = address::resolve(base)?;
        let is_cross_origin = Some(url.origin()) != address::origin();
        // Not resolved against the document's base, which may have an origin that is not allowed.
        let is_allowed = Url::new(allowed).is_ok_and(|allowed| allowed.origin() == url.origin());
        (!is_cross_origin || is_allowed).then(|| Self {
            base: url.href().trim_end_matches('/').to_owned(),
            is_cross_origin,
        })
    }
}

impl Environment for Browser {
    fn fetch(&self, limit: u8) -> LocalBoxFuture<'static, Result<Answer, Failure>> {
        let api = self.api.clone();
        let early = self.early.take();
        Box::pin(async move {
            let api = api.ok_or_else(|| Failure::new(FailureKind::OtherOrigin, Charge::No))?;
            match early {
                Some(early) => early.answer().await,
                None => ask(api.url(limit), api.is_cross_origin).await,
            }
        })
    }

    fn pending_wait(&self) -> Option<Failure> {
        // An answer that is there already is shown.
        let early = self.early.take();
        let has_answer = early.as_ref().is_some_and(EarlyRequest::has_answer);
        self.early.set(early);
        if has_answer {
            return None;
        }
        self.api.as_ref()?.pending_wait()
    }

    fn store_wait(&self, failure: &Failure) {
        // It began when the answer came.
        if let Some(api) = &self.api
            && !self.has_stored_wait.take()
        {
            api.store_wait(failure);
        }
    }

    fn clear_wait(&self) {
        if let Some(api) = &self.api {
            api.clear_wait();
        }
    }

    fn wait(&self, wait: Duration) -> LocalBoxFuture<'static, ()> {
        // A longer wait overflows the browser's timer, which would then fire at once.
        let milliseconds = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        Box::pin(TimeoutFuture::new(milliseconds.unsigned_abs()))
    }

    fn painted(&self) -> LocalBoxFuture<'static, ()> {
        Box::pin(painted())
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(UntilStopped(task));
    }

    fn now(&self) -> Instant {
        now()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn compare_names(&self, language: &str, one: &str, other: &str) -> Ordering {
        let mut collator = self.collator.borrow_mut();
        if collator
            .as_ref()
            .is_none_or(|collator| collator.language != language)
        {
            *collator = Some(Collator::new(language));
        }
        let compared = collator
            .as_ref()
            .and_then(|collator| collator.compare(one, other));
        compared.unwrap_or_else(|| self.fold(one).cmp(&self.fold(other)))
    }

    fn copy(&self, text: &str) -> LocalBoxFuture<'static, bool> {
        Box::pin(clipboard::copy(text.to_owned()))
    }

    fn save(&self, file: &File) -> bool {
        download::save(file).is_some()
    }
}

impl Device for Browser {
    fn fold(&self, text: &str) -> String {
        ThisDevice.fold(text)
    }

    fn utc_offset(&self, at: Instant) -> i32 {
        ThisDevice.utc_offset(at)
    }
}

/// The user's device.
pub struct ThisDevice;

impl Device for ThisDevice {
    fn fold(&self, text: &str) -> String {
        // Normalized, so that a letter with a combining mark matches the composed letter.
        let text = JsString::from(text).normalize("NFKC").to_lower_case();
        text.into()
    }

    fn utc_offset(&self, at: Instant) -> i32 {
        intl::utc_offset(at)
    }
}

/// The device's clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 are far below 2^53"
)]
pub fn now() -> Instant {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// A task that is not polled again after a panic.
struct UntilStopped(LocalBoxFuture<'static, ()>);

impl Future for UntilStopped {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if is_stopped() {
            return Poll::Pending;
        }
        self.0.as_mut().poll(context)
    }
}

/// Aborts the request when it is dropped before the request is done.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Leaves the request alone. It is done, and an abort would reach other readers of its response, such as
    /// a host page's monitoring, or make the browser note it as failed.
    fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Builds the request for events; `fetch` sends it.
fn build(url: &str, is_cross_origin: bool) -> Option<(web_sys::Request, AbortOnDrop)> {
    let controller = AbortController::new().ok()?;
    let request = Request::get(url)
        .header("accept", "application/json")
        // Sends the console's session cookie, also to another origin if the host page has allowed that.
        .credentials(if is_cross_origin {
            RequestCredentials::Include
        } else {
            RequestCredentials::SameOrigin
        })
        .mode(if is_cross_origin {
            RequestMode::Cors
        } else {
            RequestMode::SameOrigin
        })
        // A redirect to a sign-in page must not be read as a response, and a redirect to another origin
        // must not be followed.
        .redirect(RequestRedirect::Manual)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&controller.signal()))
        .build()
        .ok()?;
    Some((request.into(), AbortOnDrop(Some(controller))))
}

/// Makes a request and reads its response.
async fn ask(url: String, is_cross_origin: bool) -> Result<Answer, Failure> {
    let (request, abort) = build(&url, is_cross_origin)
        .ok_or_else(|| Failure::new(FailureKind::NoConnection, Charge::No))?;
    receive(response::fetch(request), abort).await
}

/// Waits for the response and reads it.
async fn receive(
    response: Result<JsValue, JsValue>,
    mut abort: AbortOnDrop,
) -> Result<Answer, Failure> {
    // Includes the body: a connection can stall after the headers.
    let mut deadline = TimeoutFuture::new(TIME_OUT_MILLISECONDS);
    let response = match within(&mut deadline, Response::read(response)).await {
        Some(Ok(response)) => response,
        Some(Err(_)) => return Err(Failure::new(FailureKind::NoConnection, Charge::Unknown)),
        None => return Err(Failure::new(FailureKind::TimedOut, Charge::Unknown)),
    };
    let Some(status) = response.status() else {
        return Err(Failure::new(FailureKind::Unreadable, Charge::Unknown));
    };
    // The body of a failure adds only a message, so it gets less time.
    let body = if (200..300).contains(&status) {
        within(&mut deadline, response.text(MAX_BYTES)).await
    } else {
        let mut deadline = TimeoutFuture::new(MESSAGE_TIME_OUT_MILLISECONDS);
        within(&mut deadline, response.text(MAX_BYTES)).await
    };
    let body = body.flatten();
    if body.is_some() {
        abort.disarm();
    }
    api::decode(status, &headers(&response), body.as_deref(), now())
}

/// The output of a future, unless the deadline passes first.
async fn within<T>(deadline: &mut TimeoutFuture, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), deadline).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

fn headers(response: &Response) -> Headers {
    Headers {
        request_id: response.header("x-request-id"),
        retry_after: response.header("retry-after"),
        date: response.header("date"),
        age: response.header("age"),
    }
}
