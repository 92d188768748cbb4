//! What happens when a defect stops the program: it is told once, and nothing goes on with a memory
//! that nobody can answer for.

use core::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
};
use std::panic;

use leptos::{ev::EventDescriptor, prelude::*};
use wasm_bindgen::JsCast;

static STOPPED: AtomicBool = AtomicBool::new(false);

type Report = Box<dyn Fn(&str)>;

thread_local! {
    static REPORT: RefCell<Option<Report>> = const { RefCell::new(None) };
}

/// Has a panic reported, with its message and where in the sources it happened, and stops all that this
/// crate does in the browser. It goes for the whole program, so it is the program's to call.
pub fn on_panic(report: impl Fn(&str) + 'static) {
    REPORT.set(Some(Box::new(report)));
    panic::set_hook(Box::new(|panic| {
        // Whatever else panics after the first one is a consequence.
        if !STOPPED.swap(true, Ordering::Relaxed) {
            REPORT.with_borrow(|report| {
                if let Some(report) = report {
                    report(&panic.to_string());
                }
            });
        }
    }));
}

/// Whether a panic has stopped the program. What the browser calls later must do nothing then.
pub fn is_stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// Runs a moment later, and whenever what it reads changes, until the current owner ends or a panic
/// stops the program.
pub fn effect(effect: impl Fn() + 'static) {
    // Boxed, so that what is around it is compiled once: each `Effect::new` costs 300 bytes.
    let effect: Box<dyn Fn()> = Box::new(effect);
    Effect::new(move || {
        if !is_stopped() {
            effect();
        }
    });
}

/// Calls back on an event of the window, until the current owner ends or a panic stops the program.
/// Listeners on the page's own elements need no such care: after a panic the entry takes the page away.
pub fn on_window<E>(event: E, action: impl Fn(E::EventType) + 'static)
where
    E: EventDescriptor + 'static,
    E::EventType: JsCast,
{
    let listener = window_event_listener(event, move |event| {
        if !is_stopped() {
            action(event);
        }
    });
    on_cleanup(move || listener.remove());
}
