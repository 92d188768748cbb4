//! Keeps the user's choices in the query string of the host page's address.

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

/// The format of the choices in the address; `None` if the host page turns them off.
fn format_of(options: &HostOptions) -> Option<UrlFormat> {
    Some(UrlFormat {
        prefix: options.url_sync.prefix()?.to_owned(),
        per_page: options.page_size,
    })
}

/// The initial choices, and the reserved prefix of their parameters.
pub fn initial(options: &HostOptions) -> (Option<ReservedPrefix>, Query) {
    // If another page uses the prefix, the parameters in the address are that page's.
    let reserved = format_of(options)
        .and_then(|format| Some((ReservedPrefix::reserve(&format.prefix)?, format)));
    match reserved {
        Some((prefix, format)) => (Some(prefix), format.read(&address::search())),
        None => {
            let query = Query {
                per_page: options.page_size,
                ..Query::default()
            };
            (None, query)
        }
    }
}

/// Keeps the choices in the address until the current owner is cleaned up or the host page turns it off.
pub fn sync(
    host: HtmlElement,
    state: ReferralState,
    options: Signal<HostOptions>,
    reserved: Option<ReservedPrefix>,
) {
    let previous_page_size = Cell::new(options.get_untracked().page_size);
    // Not in the effect, which is dropped a moment after the owner: until then the next page could not
    // reserve the prefix.
    let reserved = StoredValue::new_local(reserved);
    let settings =
        Memo::new(move |_| options.with(|options| (options.page_size, format_of(options))));
    effect(move || {
        let (page_size, format) = settings.get();
        let previous = previous_page_size.replace(page_size);
        // A page size that the user chose stays.
        let chosen = state.query().with_untracked(|query| query.per_page);
        if previous != page_size && chosen == previous {
            state.choose(|query| query.set_per_page(page_size));
        }
        let reserved = reserved.try_update_value(Option::take).flatten();
        let Some(format) = format else {
            return;
        };
        let is_same = |reserved: &ReservedPrefix| reserved.0 == format.prefix;
        let Some(reserved) = reserved
            .filter(is_same)
            .or_else(|| ReservedPrefix::reserve(&format.prefix))
        else {
            warn(&format_args!(
                "referral-history: another one on this page has url-sync {:?}. This one's choices are \
                 not in the address: give it a prefix of its own.",
                format.prefix
            ));
            return;
        };
        let path = follow(host.clone(), state, format.clone());
        let query = state.query();
        on_cleanup(move || {
            let current = address::search();
            // Remove only this page's own parameters: a router may have gone to another page that uses
            // the same names. The comparison reads both back, because an address cannot hold every choice.
            let own = query.with_untracked(|query| format.write(query, ""));
            let is_own = format.read(&current) == format.read(&own);
            if address::path() == path.get_untracked() && is_own {
                let remaining = format.without(&current);
                if remaining != current {
                    let _ = address::set_search(&remaining, false);
                }
            }
            drop(reserved);
        });
    });
}

/// A prefix of parameter names that one page in this document uses. Dropping it releases the prefix.
pub struct ReservedPrefix(String);

thread_local! {
    static RESERVED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl ReservedPrefix {
    /// Reserves a prefix; `None` if another page has it.
    fn reserve(prefix: &str) -> Option<Self> {
        RESERVED.with_borrow_mut(|reserved| {
            if reserved.iter().any(|other| other == prefix) {
                return None;
            }
            reserved.push(prefix.to_owned());
            Some(Self(prefix.to_owned()))
        })
    }
}

impl Drop for ReservedPrefix {
    fn drop(&mut self) {
        RESERVED.with_borrow_mut(|reserved| reserved.retain(|other| *other != self.0));
    }
}

/// Writes each choice into the address, and reads the address when the user goes back or forward. Returns
/// the path of the address that was written last.
fn follow(host: HtmlElement, state: ReferralState, format: UrlFormat) -> RwSignal<Option<String>> {
    let query = state.query();
    let path = RwSignal::new(address::path());
    // The field that the last change was typed into.
    let typed_field: Rc<Cell<Option<TypedField>>> = Rc::default();
    let typed_on_popstate = Rc::clone(&typed_field);
    // The query string that was read or written last.
    let last_search = Rc::new(RefCell::new(address::search()));
    let last_on_popstate = Rc::clone(&last_search);
    let format_on_popstate = format.clone();
    state.set_url_format(format.clone());
    let details = Rc::new(RefCell::new(DetailsEntry::default()));
    let details_on_popstate = Rc::clone(&details);
    let write = move |before: Option<&Query>, now: &Query| {
        let current = address::search();
        // After the user has gone back, the address has the choices already.
        if format.read(&current) == *now {
            last_search.replace(current);
            return;
        }
        let field = before.and_then(|before| TypedField::between(before, now));
        let continues_typing = typed_field.replace(field) == field && field.is_some();
        let search = format.write(now, &current);
        if search != current {
            // The initial choices are not a step of the user's. Nor is closing the details or going on to
            // another event in them: Back closes them, and leads to where they were opened.
            let follows_details = before
                .is_some_and(|before| before.event.is_some() && now.changes_details_only(before));
            let is_step = before.is_some() && !continues_typing && !follows_details;
            let entries = address::entries();
            let is_new = details
                .borrow_mut()
                .is_new(is_step, now, [&current, &search], entries);
            let _ = address::set_search(&search, is_new);
            path.set(address::path());
            last_search.replace(address::search());
        }
    };
    query.with_untracked(|now| write(None, now));
    // Before the page renders: a new entry in the session history makes the browser lay out all changes.
    state.on_choice(move |before, now| write(Some(before), now));
    on_window(ev::popstate, move |_| {
        typed_on_popstate.set(None);
        details_on_popstate.take();
        let current = address::search();
        let now = format_on_popstate.read(&current);
        // A router has already removed the page, or the query string did not change.
        if !host.is_connected() || last_on_popstate.replace(current.clone()) == current {
            return;
        }
        if query.get_untracked() != now {
            state.choose(|query| *query = now);
        }
    });
    path
}

/// The entry of the session history that opening the details has added. Closing them leaves it equal to
/// the one before it, and Back would seem to do nothing. So the next step uses it, and adds none.
#[derive(Default)]
struct DetailsEntry {
    /// The query string of the entry before it, while the details are open.
    opened_from: Option<String>,
    /// Its query string and the number of all entries, after they were closed.
    left: Option<(String, Option<u32>)>,
}

impl DetailsEntry {
    /// Whether a change to the choices `now` adds an entry. It changes the query string, `current`, to
    /// `search`, while there are so many entries.
    fn is_new(
        &mut self,
        is_step: bool,
        now: &Query,
        [current, search]: [&str; 2],
        entries: Option<u32>,
    ) -> bool {
        let left = self.left.take();
        if !is_step {
            if now.event.is_none() && self.opened_from.take().as_deref() == Some(search) {
                self.left = Some((search.to_owned(), entries));
            }
            return false;
        }
        self.opened_from = now.event.is_some().then(|| current.to_owned());
        // Another entry on top of it is the host page's.
        left.is_none_or(|left| left != (current.to_owned(), entries))
    }
}

/// A field that is typed into. All letters typed into it are one step: Back undoes them together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TypedField {
    Search,
    Dates,
}

impl TypedField {
    /// The field in which two queries differ, if they differ in nothing else.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with_event(event: Option<&str>) -> Query {
        Query {
            event: event.map(str::to_owned),
            ..Query::default()
        }
    }

    /// Each opening and closing once left an entry behind, and Back seemed to do nothing that many times.
    #[test]
    fn the_entry_that_closed_details_left_is_used_by_the_next_step() {
        let (open, closed) = (with_event(Some("a")), with_event(None));
        let mut details = DetailsEntry::default();
        assert!(details.is_new(true, &open, ["?q=x", "?q=x&event=a"], Some(2)));
        assert!(!details.is_new(false, &closed, ["?q=x&event=a", "?q=x"], Some(3)));
        assert!(!details.is_new(true, &open, ["?q=x", "?q=x&event=a"], Some(3)));
        assert!(!details.is_new(false, &closed, ["?q=x&event=a", "?q=x"], Some(3)));
        assert!(!details.is_new(true, &closed, ["?q=x", "?q=y"], Some(3)));
        assert!(details.is_new(true, &closed, ["?q=y", "?q=z"], Some(3)));
    }

    #[test]
    fn an_entry_that_is_not_a_copy_of_the_one_before_it_stays() {
        let (open, closed) = (with_event(Some("a")), with_event(None));
        // The page has followed the event.
        let mut details = DetailsEntry::default();
        assert!(details.is_new(true, &open, ["", "?event=a"], Some(2)));
        assert!(!details.is_new(false, &open, ["?event=a", "?page=2&event=b"], Some(3)));
        assert!(!details.is_new(false, &closed, ["?page=2&event=b", "?page=2"], Some(3)));
        assert!(details.is_new(true, &open, ["?page=2", "?page=2&event=b"], Some(3)));
        // They were opened by a link: there is no entry before it.
        let mut details = DetailsEntry::default();
        assert!(!details.is_new(false, &closed, ["?event=a", ""], Some(2)));
        assert!(details.is_new(true, &open, ["", "?event=a"], Some(2)));
        // The host page has added an entry since, or has written something else.
        for (current, entries) in [("", Some(4)), ("?host", Some(3))] {
            let mut details = DetailsEntry::default();
            assert!(details.is_new(true, &open, ["", "?event=a"], Some(2)));
            assert!(!details.is_new(false, &closed, ["?event=a", ""], Some(3)));
            assert!(details.is_new(true, &open, [current, "?event=a"], entries));
        }
    }
}
