//! The icons. Each status has its own shape, because colour alone must not carry meaning.

use leptos::prelude::*;
use referral_history_core::{failure::Remedy, status::Status};

/// The paths of a status icon on a 16 by 16 grid: one is stroked, one is filled.
fn drawing(status: &Status) -> (&'static str, &'static str) {
    const RING: &str = "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12";
    match status {
        // A ring with a quarter.
        Status::Attributed => (RING, "M8 8V4.2A3.8 3.8 0 0 1 11.8 8z"),
        // A ring with a half.
        Status::Qualified => (RING, "M8 4.2a3.8 3.8 0 0 1 0 7.6z"),
        // A flag.
        Status::ReviewRequired => ("M4 14V2.5h8l-2 3 2 3H4", ""),
        // A check mark.
        Status::Rewarded => ("M3 8.6l3.3 3.3L13 5", ""),
        // An hourglass.
        Status::Expired => (
            "M4 2h8M4 14h8M5 2v2.6L8 8l3-3.4V2M5 14v-2.6L8 8l3 3.4V14",
            "",
        ),
        // A bar below a line.
        Status::Capped => ("M2.5 2.5h11", "M5.5 4.5h5v9h-5z"),
        // A cross.
        Status::Failed => ("M4 4l8 8M12 4l-8 8", ""),
        // A circle with a slash.
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

/// The icon of events with an unknown status or none.
#[component]
pub fn UnknownStatusIcon() -> impl IntoView {
    view! { <StatusIcon status=Status::Unknown("".into())/> }
}

/// The icon of a failure, by what helps: a person, a triangle, or a circle where somebody else must act.
#[component]
pub fn RemedyIcon(remedy: Remedy) -> impl IntoView {
    let line = match remedy {
        Remedy::SignIn => {
            "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8M2.8 13.6C3.4 11.4 5.4 10.2 8 10.2s4.6 1.2 5.2 3.4"
        }
        Remedy::TryAgain => "M8 2.2l6.2 11.2H1.8zM8 6.4v3.2M8 11.4v.1",
        Remedy::Support | Remedy::Administrator => {
            "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12M8 5v3.6M8 10.9v.1"
        }
    };
    view! { <Icon line=line filled="" class="rh-icon rh-notice-icon"/> }
}

/// A chevron in the direction of reading, or against it.
#[component]
pub fn Chevron(forwards: bool) -> impl IntoView {
    let line = if forwards {
        "M6 3l5 5-5 5"
    } else {
        "M10 3L5 8l5 5"
    };
    view! { <Icon line=line filled="" class="rh-icon rh-icon-directed"/> }
}

/// A cross for close buttons.
#[component]
pub fn Cross() -> impl IntoView {
    view! { <Icon line="M4 4l8 8M12 4l-8 8" filled="" class="rh-icon"/> }
}

/// The arrow of a sortable heading; the style sheet rotates it.
#[component]
pub fn Arrow() -> impl IntoView {
    view! { <Icon line="M8 3v10M4 9l4 4 4-4" filled="" class="rh-icon rh-icon-order"/> }
}

/// An icon. It is hidden from assistive technology, because a text stands beside it.
#[component]
fn Icon(line: &'static str, filled: &'static str, class: &'static str) -> impl IntoView {
    // Most icons have no filled path. Leaving it out saves an element in each row.
    let filled = (!filled.is_empty()).then(|| view! { <path class="rh-icon-filled" d=filled/> });
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=line/>
            {filled}
        </svg>
    }
}

/// The value of `data-status` that selects a status' colours; empty for an unknown status.
pub fn tone(status: &Status) -> String {
    match status {
        Status::Unknown(_) => String::new(),
        known => known.as_str().to_owned(),
    }
}
