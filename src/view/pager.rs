//! Paging through the events that the filters leave.

use leptos::prelude::*;
use referral_history_core::page::{Page, ROWS_PER_PAGE};

use super::{icon::chevron, words::Words};
use crate::{
    dom::{Element, element, value_of},
    state::History,
};

/// Rows per page, the range, and the pages before and after.
pub fn pager(history: History, words: Words) -> Element {
    let texts = words.texts;
    let page = Memo::new(move |_| history.page());
    let range = element("span", "rh-range").live(move || words.range(page.get()));
    let turns = element("div", "rh-turns")
        .child(turn(history, page, false).set("aria-label", texts.previous_page))
        .child(turn(history, page, true).set("aria-label", texts.next_page));
    element("nav", "rh-pager")
        .set("part", "pagination")
        .set("aria-label", texts.pagination)
        .child(
            element("label", "rh-per-page")
                .child(element("span", "").text(texts.rows_per_page))
                .child(rows_per_page(history, words, page)),
        )
        .child(range)
        .child(turns)
}

fn rows_per_page(history: History, words: Words, page: Memo<Page>) -> Element {
    let option = move |rows: usize| {
        element("option", "")
            .set("value", rows.to_string())
            .is("selected", move || {
                history.query().with(|query| query.per_page == rows)
            })
            .text(words.count(rows))
    };
    element("select", "rh-select")
        // Its label stands around it, and WebKit would take what is chosen into the name.
        .set("aria-label", words.texts.rows_per_page)
        .on("change", move |event| {
            if let Ok(rows) = value_of(event).parse() {
                let number = page.get_untracked().number;
                history.choose(|query| {
                    // The page that is shown: a refresh may have left the chosen one behind.
                    query.page = number;
                    query.set_per_page(rows);
                });
            }
        })
        .children(ROWS_PER_PAGE.map(option))
}

/// The button to the page before or after. Where there is none it is disabled by name only: a button
/// that is really disabled loses the focus of whoever pressed it.
fn turn(history: History, page: Memo<Page>, forwards: bool) -> Element {
    let leads_on = move |page: Page| {
        if forwards {
            page.has_next()
        } else {
            page.has_previous()
        }
    };
    element("button", "rh-button")
        .set("type", "button")
        .flag("aria-disabled", move || !leads_on(page.get()))
        .press(move || {
            let page = page.get_untracked();
            if leads_on(page) {
                let by = if forwards { 1 } else { -1 };
                history.choose(|query| query.page = page.number.saturating_add_signed(by));
            }
        })
        .child(chevron(forwards))
}
