//! The service behind the console's proxy, and the browser's clock and chance.

use core::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use std::rc::Rc;

use chrono::DateTime;
use gloo_net::http::{Request, Response};
use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use js_sys::JsString;
use referral_history_core::{
    api::{self, Answer, Headers},
    export::File,
    failure::{Failure, FailureKind},
    record::Device,
    time::Instant,
};
use web_sys::{
    AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect, ResponseType,
    Url,
};

use super::{address, clipboard, download, intl};
use crate::{
    state::{Environment, Later},
    stopped::is_stopped,
};

/// How long a request may take, in milliseconds, before it is aborted.
const TIME_OUT_MILLISECONDS: u32 = 15_000;

/// The path of the endpoint below the API base.
const EVENTS: &str = "/referrals/me/events";

/// The world around the page, as the browser has it.
pub struct Browser {
    /// Where the service is; without it nothing is asked.
    pub api: Option<Api>,
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
    pub fn of(base: &str, allowed: &str) -> Option<Self> {
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
    fn ask(&self, limit: u8) -> Later<Result<Answer, Failure>> {
        let api = self.api.clone();
        Box::pin(async move {
            let api = api.ok_or_else(|| Failure::of(FailureKind::OtherOrigin))?;
            let url = format!("{}{EVENTS}?limit={limit}", api.base);
            let received = fetch(&url, api.is_elsewhere).await?;
            api::decode(received.status, &received.headers, &received.body, now())
        })
    }

    fn wait(&self, wait: Duration) -> Later<()> {
        // A wait beyond what the browser's timer can hold would be over at once.
        let milliseconds = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        Box::pin(TimeoutFuture::new(milliseconds.unsigned_abs()))
    }

    fn spawn(&self, task: Later<()>) {
        wasm_bindgen_futures::spawn_local(UntilStopped(task));
    }

    fn now(&self) -> Instant {
        now()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn copy(&self, text: &str) -> Later<bool> {
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
struct UntilStopped(Later<()>);

impl Future for UntilStopped {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if is_stopped() {
            return Poll::Pending;
        }
        self.0.as_mut().poll(context)
    }
}

struct Received {
    status: u16,
    headers: Headers,
    body: String,
}

/// Aborts the request when the answer is no longer wanted.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn fetch(url: &str, is_elsewhere: bool) -> Result<Received, Failure> {
    let controller = AbortController::new().map_err(|_| Failure::of(FailureKind::NoConnection))?;
    let signal = controller.signal();
    let timed_out = Rc::new(Cell::new(false));
    // Covers the body too: a connection can stall after the headers.
    let _time_out = Timeout::new(TIME_OUT_MILLISECONDS, {
        let timed_out = Rc::clone(&timed_out);
        let controller = controller.clone();
        move || {
            timed_out.set(true);
            controller.abort();
        }
    });
    let _abort = AbortOnDrop(controller);
    let lost = || {
        Failure::of(if timed_out.get() {
            FailureKind::TimedOut
        } else {
            FailureKind::NoConnection
        })
    };
    let response = Request::get(url)
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
        .abort_signal(Some(&signal))
        .send()
        .await
        .map_err(|_| lost())?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(Failure::of(FailureKind::Unreadable));
    }
    let headers = headers(&response);
    Ok(Received {
        status: response.status(),
        body: response.text().await.map_err(|_| lost())?,
        headers,
    })
}

fn headers(response: &Response) -> Headers {
    let headers = response.headers();
    Headers {
        request_id: headers.get("x-request-id"),
        retry_after: headers.get("retry-after"),
        date: headers.get("date"),
    }
}
