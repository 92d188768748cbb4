//! Reports the first panic and stops the crate's listeners, effects and tasks after it.
//!
//! After a panic the memory of a WebAssembly module may be inconsistent, so no code may continue on it.

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

/// Reports a panic with its message and source location, and stops this crate's listeners, effects and
/// tasks. The hook is global, so the program installs it and not a component.
pub fn on_panic(report: impl Fn(&str) + 'static) {
    REPORT.set(Some(Box::new(report)));
    panic::set_hook(Box::new(|panic| {
        // Later panics are consequences of the first.
        if !STOPPED.swap(true, Ordering::Relaxed) {
            REPORT.with_borrow(|report| {
                if let Some(report) = report {
                    report(&panic.to_string());
                }
            });
        }
    }));
}

/// Whether the program has panicked. Callbacks must do nothing then.
pub fn is_stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// Creates an effect that runs until the current owner is cleaned up or the program panics.
pub fn effect(effect: impl Fn() + 'static) {
    // Boxed, so that the code around it is compiled once: each `Effect::new` costs 300 bytes.
    let effect: Box<dyn Fn()> = Box::new(effect);
    Effect::new(move || {
        if !is_stopped() {
            effect();
        }
    });
}

/// Listens to an event of the window until the current owner is cleaned up or the program panics.
/// Listeners on the page's own elements need no check: after a panic the entry removes the page.
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
