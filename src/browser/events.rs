//! Events for the host page.

use js_sys::Object;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::panic_hook::is_stopped;

/// Dispatches an event that crosses shadow roots, then calls `on_done` with whether a listener prevented
/// the default. It is dispatched in a task, because a listener may unmount the page.
pub fn dispatch(
    host: &HtmlElement,
    name: &str,
    detail: &Object,
    on_done: impl FnOnce(bool) + 'static,
) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(name == "unauthorized");
    init.set_detail(detail);
    let name = ["referral-history:", name].concat();
    let Ok(event) = CustomEvent::new_with_event_init_dict(&name, &init) else {
        return;
    };
    let host = host.clone();
    let on_done: Box<dyn FnOnce(bool)> = Box::new(on_done);
    spawn_local(async move {
        if is_stopped() {
            return;
        }
        // Fails only for an event that is dispatched already.
        let is_default_allowed = host.dispatch_event(&event).unwrap_or(true);
        on_done(!is_default_allowed);
    });
}
