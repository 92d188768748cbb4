//! Buttons that copy.

use core::{cell::RefCell, time::Duration};

use leptos::prelude::*;

use super::{announcement::Announcer, words::Words};
use crate::{
    dom::{Element, element},
    state::History,
};

/// How long a button says that it copied.
const SAID_FOR: Duration = Duration::from_secs(2);

/// A button that puts a text on the clipboard, and says whether it is there. `label` is what stands
/// on it, `name` its accessible name.
pub fn copy_button(
    history: History,
    words: Words,
    announcer: Announcer,
    label: &'static str,
    name: String,
    text: impl Fn() -> String + 'static,
) -> Element {
    let texts = words.texts;
    let is_copied = RwSignal::new(false);
    // What waits ends with the button, or with the next press.
    let parent = Owner::current().unwrap_or_default();
    let waiting = RefCell::new(Owner::default());
    let press = move || {
        let owner = parent.with(Owner::new);
        waiting.replace(owner.clone()).cleanup();
        owner.clone().with(|| {
            history.copy(&text(), move |copied| {
                announcer.say(
                    if copied {
                        texts.copied
                    } else {
                        texts.copy_failed
                    }
                    .to_owned(),
                );
                is_copied.set(copied);
                owner.with(|| history.later(SAID_FOR, move || is_copied.set(false)));
            });
        });
    };
    element("button", "rh-button rh-copy")
        .set("type", "button")
        .attribute("aria-label", move || match is_copied.get() {
            true => texts.copied.to_owned(),
            false => name.clone(),
        })
        .flag("data-copied", move || is_copied.get())
        .press(press)
        .live(move || if is_copied.get() { texts.copied } else { label }.to_owned())
}
