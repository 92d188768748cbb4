//! Events for the host around.

use js_sys::Object;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::panic_hook::is_stopped;

/// Sends an event that leaves shadow roots, and says then whether the host prevented what would follow.
/// A moment later, since what the host does then may end whoever sends it.
pub fn send(host: &HtmlElement, name: &str, detail: &Object, then: impl FnOnce(bool) + 'static) {
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
    let then: Box<dyn FnOnce(bool)> = Box::new(then);
    spawn_local(async move {
        if is_stopped() {
            return;
        }
        // It is an error to send an event twice, which nobody does.
        let goes_on = host.dispatch_event(&event).unwrap_or(true);
        then(!goes_on);
    });
}
