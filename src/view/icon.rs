//! The statuses' icons: each a shape of its own, because colour never speaks alone.

use referral_history_core::status::Status;

use crate::dom::{Element, picture};

/// An icon on a grid of 16 by 16: what is drawn as a line, and what is filled.
struct Drawing {
    line: &'static str,
    filled: &'static str,
}

fn drawing(status: &Status) -> Drawing {
    let line = |line| Drawing { line, filled: "" };
    const RING: &str = "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12";
    match status {
        // A begun ring.
        Status::Attributed => Drawing {
            line: RING,
            filled: "M8 8V4.2A3.8 3.8 0 0 1 11.8 8z",
        },
        // A half ring.
        Status::Qualified => Drawing {
            line: RING,
            filled: "M8 4.2a3.8 3.8 0 0 1 0 7.6z",
        },
        // A flag.
        Status::ReviewRequired => line("M4 14V2.5h8l-2 3 2 3H4"),
        // A tick.
        Status::Rewarded => line("M3 8.6l3.3 3.3L13 5"),
        // An hourglass.
        Status::Expired => line("M4 2h8M4 14h8M5 2v2.6L8 8l3-3.4V2M5 14v-2.6L8 8l3 3.4V14"),
        // A bar on a ceiling.
        Status::Capped => Drawing {
            line: "M2.5 2.5h11",
            filled: "M5.5 4.5h5v9h-5z",
        },
        // A cross.
        Status::Failed => line("M4 4l8 8M12 4l-8 8"),
        // A struck circle.
        Status::Rejected => line("M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12M3.8 3.8l8.4 8.4"),
        // A question mark.
        Status::Unknown(_) => line("M5.4 5.6a2.6 2.6 0 1 1 3.7 2.3C8.3 8.3 8 8.8 8 9.6M8 12.6v.1"),
    }
}

/// The icon of a status. Hidden from assistive technology: the word stands beside it.
pub fn status_icon(status: &Status) -> Element {
    icon(drawing(status))
}

/// An arrow to the page before or after, in the direction of reading.
pub fn chevron(forwards: bool) -> Element {
    let line = if forwards {
        "M6 3l5 5-5 5"
    } else {
        "M10 3L5 8l5 5"
    };
    icon(Drawing { line, filled: "" }).set("class", "rh-icon rh-icon-directed")
}

/// A cross, to close something.
pub fn cross() -> Element {
    icon(Drawing {
        line: "M4 4l8 8M12 4l-8 8",
        filled: "",
    })
}

/// The arrow of a heading that sorts; the style sheet turns it.
pub fn arrow() -> Element {
    icon(Drawing {
        line: "M8 3v10M4 9l4 4 4-4",
        filled: "",
    })
    .set("class", "rh-icon rh-icon-order")
}

fn icon(drawing: Drawing) -> Element {
    let path = |class, path| picture("path", class).set("d", path);
    // Most have nothing that is filled, and there are two icons in each row.
    let filled = (!drawing.filled.is_empty()).then(|| path("rh-icon-filled", drawing.filled));
    picture("svg", "rh-icon")
        .set("viewBox", "0 0 16 16")
        .set("aria-hidden", "true")
        .child(path("", drawing.line))
        .children(filled)
}

/// Which colours a status wears: its own, or for a word that is not known the page's.
pub fn tone(status: &Status) -> String {
    match status {
        Status::Unknown(_) => String::new(),
        known => known.word().to_owned(),
    }
}
