//! The buttons that ask the service, and what they cost.

use leptos::prelude::*;
use referral_history_core::{charge::Charge, texts::fill, time::countdown};

use super::{ids::Ids, words::Words};
use crate::{
    dom::{Element, element},
    state::History,
};

/// A button that asks the service again. Its accessible name is its label alone; what asking costs, or
/// how long it has to wait, is its description.
pub fn ask_button(history: History, words: Words, label: &'static str) -> Element {
    let ids = Ids::new();
    let name = element("span", "").set("id", ids.of("name")).text(label);
    let cost = element("span", "rh-cost")
        .set("id", ids.of("cost"))
        .live(move || cost_or_wait(history, words));
    element("button", "rh-button")
        .set("type", "button")
        .set("aria-labelledby", ids.of("name"))
        .set("aria-describedby", ids.of("cost"))
        .child(name)
        .child(cost)
}

fn cost_or_wait(history: History, words: Words) -> String {
    match history.wait() {
        0 => history.load().with(|load| {
            let failed = load.failure().map_or(Charge::No, |failure| failure.charge);
            words.texts.cost_after(failed).to_owned()
        }),
        left => fill(words.texts.wait, &[("time", &countdown(left))]),
    }
}
