//! Keeps the user's choices in the query of the host page's address.
//!
//! The address belongs to the host page. What the user chose is written while the element is in the document,
//! once the choice has settled, into the entry of the session history that it was made in. Nothing is removed
//! when the element leaves. The address is read as the page is mounted, and when the user goes back or forward.

use core::{
    cell::{Cell, RefCell},
    time::Duration,
};
use std::rc::Rc;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use referral_history_core::{
    options::HostOptions,
    query::{Query, TypedField},
    url::UrlFormat,
};
use web_sys::HtmlElement;

use crate::{
    browser::{
        address::{self, Place},
        warn,
    },
    panic_hook::{effect, is_stopped, on_window},
    state::ReferralState,
};

/// How long the element must stay in another place of the host page until that counts as its own. A router
/// changes the address first, and then removes the element.
const ARRIVAL: Duration = Duration::from_millis(400);

/// The wait after the browser has refused a change of the address for the first time; it doubles each time.
/// `WebKit` allows 100 changes in 10 s or 30 s.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// The last of those waits.
const LAST_RETRY: Duration = Duration::from_secs(32);

/// The format of the choices in the address; `None` if the host page turns them off.
fn format_of(options: &HostOptions) -> Option<UrlFormat> {
    Some(UrlFormat {
        prefix: options.url_sync.prefix()?.to_owned(),
        per_page: options.page_size,
    })
}

/// The format of the query that the host page sets and gets.
pub fn plain_format(options: &HostOptions) -> UrlFormat {
    UrlFormat {
        prefix: String::new(),
        per_page: options.page_size,
    }
}

/// The choices in the address, if there are any, and the claim to the names of their parameters, which may have been
/// made before.
pub fn initial(options: &HostOptions, claim: Option<Claim>) -> (Option<Claim>, Option<Query>) {
    let Some(format) = format_of(options) else {
        return (None, None);
    };
    let claim = claim
        .filter(|claim| claim.prefix == format.prefix)
        .unwrap_or_else(|| Claim::new(&format.prefix));
    let search = address::search();
    // Otherwise the parameters in the address are another element's.
    let query = (claim.is_first() && format.is_in(&search)).then(|| format.read(&search));
    (Some(claim), query)
}

/// Keeps the choices in the address until the current owner is cleaned up or the host page turns it off.
pub fn sync(
    frame: HtmlElement,
    state: ReferralState,
    options: Signal<HostOptions>,
    claim: Option<Claim>,
) {
    let previous_page_size = Cell::new(options.get_untracked().page_size);
    effect(move || {
        let page_size = options.with(|options| options.page_size);
        let previous = previous_page_size.replace(page_size);
        // A page size that the user chose stays.
        let chosen = state.query().with_untracked(|query| query.per_page);
        if previous != page_size && chosen == previous {
            state.set_page_size(page_size);
        }
    });
    let prefix =
        Memo::new(move |_| options.with(|options| options.url_sync.prefix().map(str::to_owned)));
    // Not in an effect, which is dropped a moment after the owner: the next element could not claim the names.
    let claim = StoredValue::new_local(claim);
    let has_names = Memo::new(move |_| {
        CLAIMS_CHANGED.with(ArcTrigger::track);
        let prefix = prefix.get();
        claim.try_update_value(|claim| {
            if claim.as_ref().map(|claim| &claim.prefix) != prefix.as_ref() {
                *claim = prefix.map(|prefix| Claim::new(&prefix));
            }
            claim.as_ref().is_some_and(Claim::is_first)
        }) == Some(true)
    });
    let last: RefCell<Option<Rc<Follower>>> = RefCell::default();
    effect(move || {
        // The host page has turned the choices in the address off, or has given them another prefix.
        if let Some(last) = last.take() {
            last.remove();
        }
        let (prefix, has_names) = (prefix.get(), has_names.get());
        let Some(prefix) = prefix else {
            return;
        };
        if has_names {
            last.replace(Some(follow(frame.clone(), state, options, prefix)));
        } else {
            warn(&format_args!(
                "referral-history: another one on this page has url-sync {:?}. This one's choices are \
                 not in the address: give it a prefix of its own.",
                prefix
            ));
        }
    });
}

/// A claim to the parameter names with a prefix. Of the elements that claim the same names, the first in the
/// document's time has them; when it leaves, the next one does. Dropping a claim withdraws it.
pub struct Claim {
    prefix: String,
    number: u32,
}

thread_local! {
    static CLAIMS: RefCell<Vec<(String, u32)>> = const { RefCell::new(Vec::new()) };
    static NEXT_CLAIM: Cell<u32> = const { Cell::new(0) };
    static CLAIMS_CHANGED: ArcTrigger = ArcTrigger::new();
}

impl Claim {
    fn new(prefix: &str) -> Self {
        let number = NEXT_CLAIM.get();
        NEXT_CLAIM.set(number + 1);
        CLAIMS.with_borrow_mut(|claims| claims.push((prefix.to_owned(), number)));
        Self {
            prefix: prefix.to_owned(),
            number,
        }
    }

    fn is_first(&self) -> bool {
        CLAIMS.with_borrow(|claims| {
            let first = claims.iter().find(|(prefix, _)| *prefix == self.prefix);
            first.is_some_and(|(_, number)| *number == self.number)
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMS.with_borrow_mut(|claims| claims.retain(|(_, number)| *number != self.number));
        CLAIMS_CHANGED.with(ArcTrigger::notify);
    }
}

/// Writes the choices into the address and reads them from it, until the current owner is cleaned up.
fn follow(
    frame: HtmlElement,
    state: ReferralState,
    options: Signal<HostOptions>,
    prefix: String,
) -> Rc<Follower> {
    let follower = Rc::new(Follower {
        frame,
        state,
        options,
        prefix,
        place: RefCell::new(Place::current()),
        known: RefCell::default(),
        // The initial choices are not a step of the user's.
        is_step: Cell::new(false),
        typed_field: Cell::default(),
        details: RefCell::default(),
        retry: Cell::new(FIRST_RETRY),
        timer: Cell::default(),
    });
    follower
        .known
        .replace(follower.format().read(&address::search()));
    // By a handle: the browser frees a listener, with all that it holds, only when it collects garbage.
    let handle = StoredValue::new_local(Rc::clone(&follower));
    on_window(ev::popstate, move |_| {
        if let Some(follower) = handle.try_get_value() {
            follower.arrive();
        }
    });
    on_cleanup(move || {
        if let Some(follower) = handle.try_get_value() {
            follower.stop_waiting();
        }
    });
    effect({
        let follower = Rc::clone(&follower);
        move || {
            options.track();
            state.set_url_format(follower.format());
        }
    });
    effect({
        let follower = Rc::clone(&follower);
        move || {
            state.settled_query().track();
            follower.settle();
            follower.is_step.set(true);
        }
    });
    follower
}

/// What keeps the address and the choices the same.
struct Follower {
    /// The page's outermost element.
    frame: HtmlElement,
    state: ReferralState,
    options: Signal<HostOptions>,
    prefix: String,
    /// Where in the host page the element is.
    place: RefCell<Place>,
    /// The choices that the address last had.
    known: RefCell<Query>,
    /// Whether the next change is a step of the user's.
    is_step: Cell<bool>,
    /// The field that the last change was typed into.
    typed_field: Cell<Option<TypedField>>,
    details: RefCell<DetailsEntry>,
    retry: Cell<Duration>,
    timer: Cell<Option<TimeoutHandle>>,
}

impl Follower {
    /// The format of the choices in the address.
    fn format(&self) -> UrlFormat {
        UrlFormat {
            prefix: self.prefix.clone(),
            per_page: self.options.with_untracked(|options| options.page_size),
        }
    }

    /// The choices have settled.
    fn settle(self: &Rc<Self>) {
        self.stop_waiting();
        self.retry.set(FIRST_RETRY);
        self.once_arrived(Self::write);
    }

    /// The user has gone back or forward, to another entry of the session history.
    fn arrive(self: &Rc<Self>) {
        self.stop_waiting();
        self.typed_field.set(None);
        self.details.take();
        self.once_arrived(Self::read);
    }

    /// Runs an action if the element is where it was, or else if it stays where it now is.
    fn once_arrived(self: &Rc<Self>, action: fn(&Rc<Self>)) {
        let here = Place::current();
        if *self.place.borrow() == here {
            // A router that listens for longer may have removed the element already.
            if self.frame.is_connected() {
                action(self);
            }
            return;
        }
        self.wait(ARRIVAL, move |this| {
            if Place::current() != here {
                this.once_arrived(action);
            } else if this.is_shown() {
                this.place.replace(here);
                action(this);
            }
        });
    }

    /// Whether the user sees the element: a host may keep it in the document while it shows another page.
    fn is_shown(&self) -> bool {
        self.frame.is_connected() && self.frame.get_client_rects().length() > 0
    }

    fn write(self: &Rc<Self>) {
        let now = self.state.settled_query().get_untracked();
        let current = address::search();
        let search = self.format().write(&now, &current);
        // The address has the choices already, or as much of them as an address can hold.
        if self.format().read(&current) == now || search == current {
            self.known.replace(now);
            return;
        }
        let before = self.known.borrow().clone();
        let field = now.typed_field(&before);
        let continues_typing = self.typed_field.replace(field) == field && field.is_some();
        // Closing the details, or going on to another event in them, is no step: Back closes them, and leads
        // to where they were opened.
        let follows_details = before.event.is_some() && now.changes_details_only(&before);
        let is_step = self.is_step.get() && !continues_typing && !follows_details;
        let is_new = self.details.borrow_mut().is_new(
            is_step,
            &now,
            [&current, &search],
            address::entries(),
        );
        if address::set_search(&search, is_new).is_ok() {
            self.known.replace(now);
            return;
        }
        self.typed_field.set(None);
        let retry = self.retry.get();
        if retry <= LAST_RETRY {
            self.retry.set(retry * 2);
            self.wait(retry, |this| this.once_arrived(Self::write));
        }
    }

    fn read(self: &Rc<Self>) {
        let now = self.format().read(&address::search());
        // It may differ from what the user chose last only because the browser refused that.
        if self.known.replace(now.clone()) != now {
            self.state.choose_settled(now);
        }
    }

    fn wait(self: &Rc<Self>, wait: Duration, action: impl FnOnce(&Rc<Self>) + 'static) {
        let this = Rc::clone(self);
        let timer = set_timeout_with_handle(
            move || {
                if !is_stopped() {
                    action(&this);
                }
            },
            wait,
        );
        self.timer.set(timer.ok());
    }

    /// Removes the choices from the address.
    fn remove(&self) {
        let current = address::search();
        let is_own = self.format().read(&current) == *self.known.borrow();
        if self.frame.is_connected() && *self.place.borrow() == Place::current() && is_own {
            let remaining = self.format().without(&current);
            if remaining != current {
                // If the browser refuses, they stay.
                let _ = address::set_search(&remaining, false);
            }
        }
    }

    fn stop_waiting(&self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
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
