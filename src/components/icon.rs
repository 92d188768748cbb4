//! The icons: each status has a shape of its own, because colour never speaks alone.

use leptos::prelude::*;
use referral_history_core::status::Status;

/// What a status looks like on a grid of 16 by 16: what is drawn as a line, and what is filled.
fn drawing(status: &Status) -> (&'static str, &'static str) {
    const RING: &str = "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12";
    match status {
        // A begun ring.
        Status::Attributed => (RING, "M8 8V4.2A3.8 3.8 0 0 1 11.8 8z"),
        // A half ring.
        Status::Qualified => (RING, "M8 4.2a3.8 3.8 0 0 1 0 7.6z"),
        // A flag.
        Status::ReviewRequired => ("M4 14V2.5h8l-2 3 2 3H4", ""),
        // A tick.
        Status::Rewarded => ("M3 8.6l3.3 3.3L13 5", ""),
        // An hourglass.
        Status::Expired => (
            "M4 2h8M4 14h8M5 2v2.6L8 8l3-3.4V2M5 14v-2.6L8 8l3 3.4V14",
            "",
        ),
        // A bar on a ceiling.
        Status::Capped => ("M2.5 2.5h11", "M5.5 4.5h5v9h-5z"),
        // A cross.
        Status::Failed => ("M4 4l8 8M12 4l-8 8", ""),
        // A struck circle.
        Status::Rejected => ("M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12M3.8 3.8l8.4 8.4", ""),
        // A question mark.
        Status::Unknown(_) => (
            "M5.4 5.6a2.6 2.6 0 1 1 3.7 2.3C8.3 8.3 8 8.8 8 9.6M8 12.6v.1",
            "",
        ),
    }
}

/// The icon of a status.
#[component]
pub fn StatusIcon(status: Status) -> impl IntoView {
    let (line, filled) = drawing(&status);
    view! { <Icon line=line filled=filled class="rh-icon"/> }
}

/// The icon of events whose status is not among the known ones, or that have none.
#[component]
pub fn UnknownStatusIcon() -> impl IntoView {
    view! { <StatusIcon status=Status::Unknown("".into())/> }
}

/// An arrow to the page before or after, in the direction of reading.
#[component]
pub fn Chevron(forwards: bool) -> impl IntoView {
    let line = if forwards {
        "M6 3l5 5-5 5"
    } else {
        "M10 3L5 8l5 5"
    };
    view! { <Icon line=line filled="" class="rh-icon rh-icon-directed"/> }
}

/// A cross, to close something.
#[component]
pub fn Cross() -> impl IntoView {
    view! { <Icon line="M4 4l8 8M12 4l-8 8" filled="" class="rh-icon"/> }
}

/// The arrow of a heading that sorts; the style sheet turns it.
#[component]
pub fn Arrow() -> impl IntoView {
    view! { <Icon line="M8 3v10M4 9l4 4 4-4" filled="" class="rh-icon rh-icon-order"/> }
}

/// An icon. Hidden from assistive technology: the word stands beside it.
#[component]
fn Icon(line: &'static str, filled: &'static str, class: &'static str) -> impl IntoView {
    // Most have nothing that is filled, and there are two icons in each row.
    let filled = (!filled.is_empty()).then(|| view! { <path class="rh-icon-filled" d=filled/> });
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=line/>
            {filled}
        </svg>
    }
}

/// Which colours a status wears: its own, or for a word that is not known the page's.
pub fn tone(status: &Status) -> String {
    match status {
        Status::Unknown(_) => String::new(),
        known => known.as_str().to_owned(),
    }
}
