//! The user's choices in the address of the page around.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::{ev, prelude::*};
use referral_history_core::{options::HostOptions, query::Query, url::UrlFormat};
use web_sys::HtmlElement;

use crate::{
    browser::{address, warn},
    panic_hook::{effect, on_window},
    state::ReferralState,
};

/// How the choices stand in the address; `None` where they do not.
fn link_of(options: &HostOptions) -> Option<UrlFormat> {
    Some(UrlFormat {
        prefix: options.url_sync.prefix()?.to_owned(),
        per_page: options.page_size,
    })
}

/// The choices to begin with, and the reserved to the names that they have in the address.
pub fn first(options: &HostOptions) -> (Option<ReservedPrefix>, Query) {
    // Another one's choices are not this one's, though they are in the address.
    let reserved =
        link_of(options).and_then(|link| Some((ReservedPrefix::reserve(&link.prefix)?, link)));
    match reserved {
        Some((reserved, link)) => (Some(reserved), link.read(&address::search())),
        None => {
            let query = Query {
                per_page: options.page_size,
                ..Query::default()
            };
            (None, query)
        }
    }
}

/// Keeps the choices in the address, for as long as the current owner lives and the host wants it.
pub fn keep(
    host: HtmlElement,
    state: ReferralState,
    options: RwSignal<HostOptions>,
    first: Option<ReservedPrefix>,
) {
    let rows_before = Cell::new(options.get_untracked().page_size);
    // Not in the effect, which ends a moment after the owner, when another may have made its reserved.
    let reserved = StoredValue::new_local(first);
    let wanted = Memo::new(move |_| options.with(|options| (options.page_size, link_of(options))));
    effect(move || {
        let (rows, link) = wanted.get();
        let before = rows_before.replace(rows);
        // Who chose other rows keeps them.
        let chosen = state.query().with_untracked(|query| query.per_page);
        if before != rows && chosen == before {
            state.choose(|query| query.set_per_page(rows));
        }
        let reserved = reserved.try_update_value(Option::take).flatten();
        let Some(link) = link else {
            return;
        };
        let is_same = |reserved: &ReservedPrefix| reserved.0 == link.prefix;
        let Some(reserved) = reserved
            .filter(is_same)
            .or_else(|| ReservedPrefix::reserve(&link.prefix))
        else {
            warn(&format_args!(
                "referral-state: another one on this page has url-sync {:?}. This one's choices are \
                 not in the address: give it a prefix of its own.",
                link.prefix
            ));
            return;
        };
        let place = follow(host.clone(), state, link.clone());
        let query = state.query();
        on_cleanup(move || {
            let held = address::search();
            // Where a host has gone on to another page, its names there are no business of this one. Not
            // all that can be chosen has a place in an address.
            let written = query.with_untracked(|query| link.write(query, ""));
            if address::path() == place.get_untracked() && link.read(&held) == link.read(&written) {
                let left = link.without(&held);
                if left != held {
                    let _ = address::set_search(&left, false);
                }
            }
            drop(reserved);
        });
    });
}

/// The names in the address that somebody on this page uses.
pub struct ReservedPrefix(String);

thread_local! {
    static RESERVED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl ReservedPrefix {
    /// Claims the names with that prefix; `None` when somebody has.
    fn reserve(prefix: &str) -> Option<Self> {
        RESERVED.with_borrow_mut(|reserved| {
            if reserved.iter().any(|held| held == prefix) {
                return None;
            }
            reserved.push(prefix.to_owned());
            Some(Self(prefix.to_owned()))
        })
    }
}

impl Drop for ReservedPrefix {
    fn drop(&mut self) {
        RESERVED.with_borrow_mut(|reserved| reserved.retain(|held| *held != self.0));
    }
}

/// Writes each choice into the address, and follows when the user goes back or forward. Answers the path
/// that they stand behind.
fn follow(host: HtmlElement, state: ReferralState, link: UrlFormat) -> RwSignal<Option<String>> {
    let query = state.query();
    let place = RwSignal::new(address::path());
    // What the last step was a change of, where that can go on letter by letter.
    let typed: Rc<Cell<Option<Typed>>> = Rc::default();
    let typed_before_travel = Rc::clone(&typed);
    // What the address held when it was last looked at or written.
    let seen = Rc::new(RefCell::new(address::search()));
    let seen_before_travel = Rc::clone(&seen);
    let travelled = link.clone();
    let write = move |before: Option<&Query>, now: &Query| {
        let held = address::search();
        // After going back, the address holds what is shown already.
        if link.read(&held) == *now {
            seen.replace(held);
            return;
        }
        let now_typed = before.and_then(|before| Typed::between(before, now));
        let goes_on = typed.replace(now_typed) == now_typed && now_typed.is_some();
        let written = link.write(now, &held);
        if written != held {
            // What is there from the beginning is no step of the user's.
            let _ = address::set_search(&written, before.is_some() && !goes_on);
            place.set(address::path());
            seen.replace(address::search());
        }
    };
    query.with_untracked(|now| write(None, now));
    // Before the page changes: a browser lays out what has changed when it takes a step.
    state.on_choice(move |before, now| write(Some(before), now));
    on_window(ev::popstate, move |_| {
        typed_before_travel.set(None);
        let held = address::search();
        let now = travelled.read(&held);
        // A router has taken it off the page already, or the step has to do with something else.
        if !host.is_connected() || seen_before_travel.replace(held.clone()) == held {
            return;
        }
        if query.get_untracked() != now {
            state.choose(|query| *query = now);
        }
    });
    place
}

/// What is entered piece by piece. Going back goes to before all of it, not to the piece before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Search,
    Dates,
}

impl Typed {
    /// What was typed to come from one query to the other, if that was all that changed.
    fn between(before: &Query, now: &Query) -> Option<Self> {
        let only = |change: fn(&mut Query, &Query)| {
            let mut changed = before.clone();
            change(&mut changed, now);
            changed.page = now.page;
            changed == *now
        };
        if only(|query, now| query.search.clone_from(&now.search)) {
            Some(Self::Search)
        } else if only(|query, now| query.dates = now.dates) {
            Some(Self::Dates)
        } else {
            None
        }
    }
}
