//! A stub of `fetch` that records requests and returns the responses that a test sets.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Headers, Request, Response, ResponseInit, window};

/// A request that the page made.
#[derive(Clone)]
pub struct RecordedRequest {
    pub path: String,
    pub credentials: String,
    pub mode: String,
    pub redirect: String,
    pub has_authorization: bool,
}

#[derive(Default)]
struct State {
    requests: RefCell<Vec<RecordedRequest>>,
    responses: RefCell<VecDeque<Response>>,
    pending: RefCell<VecDeque<Function>>,
    aborted: Cell<usize>,
}

/// Replaces `fetch` until it is dropped.
pub struct Console {
    state: Rc<State>,
    fetch: JsValue,
    _stub: Closure<dyn Fn(Request) -> Promise>,
}

impl Console {
    pub fn new() -> Self {
        let window = window().expect("a window");
        let fetch = Reflect::get(&window, &"fetch".into()).expect("fetch");
        let state = Rc::new(State::default());
        let stub = {
            let state = Rc::clone(&state);
            Closure::<dyn Fn(Request) -> Promise>::new(move |request| respond(&state, &request))
        };
        Reflect::set(&window, &"fetch".into(), stub.as_ref()).expect("a stub");
        Self {
            state,
            fetch,
            _stub: stub,
        }
    }

    /// Sets the response to the next request.
    pub fn will_respond(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        self.state
            .responses
            .borrow_mut()
            .push_back(response(status, headers, body));
    }

    /// Sets the records of the response to the next request.
    pub fn will_respond_with(&self, items: &[String]) {
        let items = items.join(",");
        self.will_respond(
            200,
            &[],
            &format!(r#"{{"code":200,"msg":"ok","data":{{"items":[{items}]}}}}"#),
        );
    }

    /// Responds to the oldest pending request.
    pub fn respond(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let resolve = self
            .state
            .pending
            .borrow_mut()
            .pop_front()
            .expect("a pending request");
        let response = response(status, headers, body);
        resolve.call1(&JsValue::NULL, &response).expect("resolved");
    }

    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.requests.borrow().clone()
    }

    /// How many requests were aborted before their response.
    pub fn aborted(&self) -> usize {
        self.state.aborted.get()
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let _ = Reflect::set(&window, &"fetch".into(), &self.fetch);
        }
    }
}

fn respond(state: &Rc<State>, request: &Request) -> Promise {
    let text = |name: &str| {
        let value = Reflect::get(request, &name.into()).expect("a member");
        value.as_string().unwrap_or_default()
    };
    let origin = window()
        .expect("a window")
        .location()
        .origin()
        .expect("an origin");
    state.requests.borrow_mut().push(RecordedRequest {
        path: request.url().replacen(&origin, "", 1),
        credentials: text("credentials"),
        mode: text("mode"),
        redirect: text("redirect"),
        has_authorization: request.headers().has("authorization").expect("headers"),
    });
    if let Some(response) = state.responses.borrow_mut().pop_front() {
        return Promise::resolve(&JsValue::from(response));
    }
    Promise::new(&mut |resolve, reject| {
        state.pending.borrow_mut().push_back(resolve);
        let state = Rc::clone(state);
        let aborted = Closure::once_into_js(move || {
            state.aborted.set(state.aborted.get() + 1);
            let _ = reject.call1(&JsValue::NULL, &"aborted".into());
        });
        request
            .signal()
            .add_event_listener_with_callback("abort", aborted.unchecked_ref())
            .expect("a listener");
    })
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let sent = Headers::new().expect("headers");
    for (name, value) in headers {
        sent.set(name, value).expect("a header");
    }
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(&sent);
    Response::new_with_opt_str_and_init(Some(body), &init).expect("a response")
}

/// One record.
pub fn event(position: usize, role: &str, status: &str) -> String {
    format!(
        r#"{{"id":"evt{position:05}","code":"CODE{position:08}","role":"{role}","status":"{status}","created_at":"2026-05-12T12:{:02}:00Z"}}"#,
        position % 60
    )
}

/// A response body with that many records.
pub fn events(count: usize) -> String {
    const STATUSES: [&str; 4] = ["attributed", "rewarded", "expired", "capped"];
    let items: Vec<String> = (0..count)
        .map(|position| {
            let role = if position % 3 == 0 {
                "referred"
            } else {
                "referrer"
            };
            event(position, role, STATUSES[position % 4])
        })
        .collect();
    format!(
        r#"{{"code":200,"msg":"ok","data":{{"items":[{}]}}}}"#,
        items.join(",")
    )
}
