//! The service behind the console's proxy, and the browser's clock and chance.

use chrono::DateTime;
use core::{
    cell::{Cell, RefCell},
    cmp::Ordering,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};
use futures::future::{Either, LocalBoxFuture, select};
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
use web_sys::{
    AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect, Url,
};

use super::{
    address, clipboard, download,
    intl::{self, Collator},
    response::{self, Response},
};
use crate::{panic_hook::is_stopped, state::Environment};

/// How long a request may take, in milliseconds, before it is aborted.
const TIME_OUT_MILLISECONDS: u32 = 15_000;

/// How long the page waits for the body of a failure, in milliseconds, once its status is there.
const MESSAGE_TIME_OUT_MILLISECONDS: u32 = 2_000;

/// The path of the endpoint below the API base.
const EVENTS: &str = "/referrals/me/events";

thread_local! {
    /// The waits that services have asked for, by API base. They are the program's, not a page's: another
    /// page that asks the same service has to wait, too.
    static WAITS: RefCell<Vec<(String, Wait)>> = RefCell::default();
}

/// A request that the entry has made while the program was loading. Dropping it aborts the request.
pub struct EarlyRequest {
    url: String,
    response: Promise,
    abort: AbortOnDrop,
}

impl EarlyRequest {
    /// The request for an address, what `fetch` promised, and what aborts it.
    pub fn new(url: String, response: Promise, controller: AbortController) -> Self {
        Self {
            url,
            response,
            abort: AbortOnDrop(controller),
        }
    }
}

/// The world around the page, as the browser has it.
pub struct Browser {
    /// Where the service is; without it nothing is asked.
    api: Option<Api>,
    early: Cell<Option<EarlyRequest>>,
    /// The order of names in the language that was asked for last.
    collator: RefCell<Option<Collator>>,
}

impl Browser {
    /// A page that asks the service there. Its first request may be under way.
    pub fn new(api: Option<Api>, early: Option<EarlyRequest>) -> Self {
        let browser = Self {
            api,
            early: Cell::new(early),
            collator: RefCell::default(),
        };
        // While the service asks to wait the page shows that, and has no use for an answer.
        if browser.kept_wait().is_some() {
            browser.early.take();
        }
        browser
    }
}

/// Where the service is.
#[derive(Clone)]
pub struct Api {
    /// The address that the endpoint's path follows.
    base: String,
    /// Whether the host has allowed another origin than the page's.
    is_elsewhere: bool,
}

impl Api {
    /// The API at an address; `None` where that is on another origin than the page's and `allowed`.
    pub fn parse(base: &str, allowed: &str) -> Option<Self> {
        let url = address::resolve(base)?;
        let is_elsewhere = Some(url.origin()) != address::origin();
        // By itself: the document's base may be on another origin, which nobody has allowed.
        let is_allowed = Url::new(allowed).is_ok_and(|allowed| allowed.origin() == url.origin());
        (!is_elsewhere || is_allowed).then(|| Self {
            base: url.href().trim_end_matches('/').to_owned(),
            is_elsewhere,
        })
    }
}

impl Environment for Browser {
    fn fetch(&self, limit: u8) -> LocalBoxFuture<'static, Result<Answer, Failure>> {
        let api = self.api.clone();
        let early = self.early.take();
        Box::pin(async move {
            let api = api.ok_or_else(|| Failure::new(FailureKind::OtherOrigin, Charge::No))?;
            let url = format!("{}{EVENTS}?limit={limit}", api.base);
            // Options that were set since ask for something else. What the entry asked for is aborted then.
            let (fetched, abort) = match early.filter(|early| early.url == url) {
                Some(early) => (Ok(early.response.into()), early.abort),
                None => {
                    let (request, abort) = build(&url, api.is_elsewhere)
                        .ok_or_else(|| Failure::new(FailureKind::NoConnection, Charge::No))?;
                    (response::fetch(request), abort)
                }
            };
            receive(fetched, abort).await
        })
    }

    fn kept_wait(&self) -> Option<Failure> {
        let api = self.api.as_ref()?;
        WAITS.with_borrow(|waits| {
            let kept = waits.iter().find(|(base, _)| *base == api.base);
            kept?.1.left(now())
        })
    }

    fn keep_wait(&self, failure: &Failure) {
        if let Some(api) = &self.api
            && let Some(wait) = Wait::new(failure, now())
        {
            self.forget_wait();
            WAITS.with_borrow_mut(|waits| waits.push((api.base.clone(), wait)));
        }
    }

    fn forget_wait(&self) {
        if let Some(api) = &self.api {
            WAITS.with_borrow_mut(|waits| waits.retain(|(base, _)| *base != api.base));
        }
    }

    fn wait(&self, wait: Duration) -> LocalBoxFuture<'static, ()> {
        // A wait beyond what the browser's timer can hold would be over at once.
        let milliseconds = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        Box::pin(TimeoutFuture::new(milliseconds.unsigned_abs()))
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

    fn save(&self, file: &File) {
        // Only a document that is going away has no window.
        let _ = download::save(file);
    }
}

impl Device for Browser {
    fn fold(&self, text: &str) -> String {
        // Compatibility forms, so that a letter and its mark find the letter with the mark.
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
fn now() -> Instant {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// A task that goes no further once a panic has stopped the program.
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

/// Aborts the request when the answer is no longer wanted.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The request for events at an address, not sent yet.
fn build(url: &str, is_elsewhere: bool) -> Option<(web_sys::Request, AbortOnDrop)> {
    let controller = AbortController::new().ok()?;
    let request = Request::get(url)
        .header("accept", "application/json")
        // The console's session cookie goes along, and to another origin only where the host says so.
        .credentials(if is_elsewhere {
            RequestCredentials::Include
        } else {
            RequestCredentials::SameOrigin
        })
        .mode(if is_elsewhere {
            RequestMode::Cors
        } else {
            RequestMode::SameOrigin
        })
        // A proxy that sends the browser to a sign-in page must not have that page taken for an
        // answer, and a redirect to another origin must not be followed at all.
        .redirect(RequestRedirect::Manual)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&controller.signal()))
        .build()
        .ok()?;
    Some((request.into(), AbortOnDrop(controller)))
}

/// Waits for the response to a request, and reads it.
async fn receive(
    fetched: Result<JsValue, JsValue>,
    _abort: AbortOnDrop,
) -> Result<Answer, Failure> {
    // Covers the body too: a connection can stall after the headers.
    let mut deadline = TimeoutFuture::new(TIME_OUT_MILLISECONDS);
    let response = match within(&mut deadline, Response::read(fetched)).await {
        Some(Ok(response)) => response,
        Some(Err(_)) => return Err(Failure::new(FailureKind::NoConnection, Charge::Unknown)),
        None => return Err(Failure::new(FailureKind::TimedOut, Charge::Unknown)),
    };
    let Some(status) = response.status() else {
        return Err(Failure::new(FailureKind::Unreadable, Charge::Unknown));
    };
    // The status decides now; a failure's body can add no more than a message, so it gets less time.
    let body = if (200..300).contains(&status) {
        within(&mut deadline, response.text(MAX_BYTES)).await
    } else {
        let mut deadline = TimeoutFuture::new(MESSAGE_TIME_OUT_MILLISECONDS);
        within(&mut deadline, response.text(MAX_BYTES)).await
    };
    api::decode(
        status,
        &headers(&response),
        body.flatten().as_deref(),
        now(),
    )
}

/// What a future yields, unless the deadline comes first.
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
