//! What became of one referral, and why.

use std::sync::Arc;

use leptos::prelude::*;
use referral_history_core::{
    display::{CELL_CHARACTERS, inert},
    event::Event,
    field::Field,
    status::Status,
    support,
    texts::fill,
    time::{Instant, iso_8601},
    timeline::{Milestone, Step, milestones},
};

use super::{
    announcement::Announcer, copy::copy_button, icon::cross, ids::Ids, table::badge, words::Words,
};
use crate::{
    dom::{Element, Reference, element, is_on_itself, is_open, on_window, part},
    state::{History, Loaded, RowKey},
    stopped::effect,
};

/// The panel that tells of one event. A handle: copies are the same panel.
#[derive(Clone, Copy)]
pub struct Details {
    history: History,
    shown: RwSignal<Option<(Arc<Loaded>, usize)>>,
    dialog: Reference,
    otherwise: Reference,
}

impl Details {
    /// A panel that is closed. `otherwise` gets the focus when it closes, where what had it is gone.
    pub fn new(history: History, otherwise: Reference) -> Self {
        Self {
            history,
            shown: RwSignal::new(None),
            dialog: Reference::new(),
            otherwise,
        }
    }

    /// Opens the panel on an event. What has the focus gets it back when the panel closes.
    pub fn open(self, key: RowKey) {
        let loaded = self.history.shown().get_untracked();
        if let Some(loaded) =
            loaded.filter(|loaded| u64::from(loaded.generation) == key.generation())
        {
            self.shown.set(Some((loaded, key.position())));
        }
    }

    /// The panel.
    pub fn view(self, words: Words, ids: Ids) -> Element {
        let Self {
            history,
            shown,
            dialog,
            otherwise,
        } = self;
        let announcer = Announcer::new();
        let content = part(move || {
            let (loaded, position) = shown.get()?;
            let event = &loaded.records.get(position)?.event;
            let request_id = loaded.request_id.clone();
            let panel = Panel {
                history,
                words,
                ids,
                announcer,
            };
            Some(panel.view(event, request_id, dialog))
        });
        // A step back leads away from what the panel is about.
        on_window("popstate", move || dialog.close());
        let view = element("dialog", "rh-details")
            .set("part", "details")
            .set("aria-labelledby", ids.of("details"))
            .reference(dialog)
            .on("close", move |event| {
                // It tells a moment later, and may have been opened again by then.
                if is_open(event) {
                    return;
                }
                shown.set(None);
                announcer.say(String::new());
                // What had the focus may have gone, with an answer that came meanwhile; or the page was
                // moved, and the browser has forgotten what it was.
                otherwise.focus_if_lost(dialog);
            })
            .on("click", move |event| {
                // On the page behind it, that is: the dialog has no space of its own.
                if is_on_itself(event) {
                    dialog.close();
                }
            })
            .child(content);
        // It runs after the content was made, which a dialog must have to be announced with its name.
        effect(move || {
            if shown.with(Option::is_some) {
                dialog.show_modal();
            }
        });
        view
    }
}

/// What the parts of the panel have in common.
#[derive(Clone, Copy)]
struct Panel {
    history: History,
    words: Words,
    ids: Ids,
    announcer: Announcer,
}

impl Panel {
    fn view(self, event: &Event, request_id: Option<String>, dialog: Reference) -> Element {
        let texts = self.words.texts;
        let title = element("h2", "rh-details-title")
            .set("id", self.ids.of("details"))
            .set("tabindex", "-1")
            // Whoever opens the panel begins at its top.
            .set("autofocus", "")
            .child(element("bdi", "").text(fill(
                texts.details_of,
                &[("event", &name(event, self.words, self.history))],
            )));
        let close = element("button", "rh-button rh-button-icon")
            .set("type", "button")
            .set("aria-label", texts.close)
            .press(move || dialog.close())
            .child(cross());
        let copied = event.clone();
        let support = copy_button(
            self.history,
            self.words,
            self.announcer,
            texts.copy_for_support,
            texts.copy_for_support.to_owned(),
            move || support::lines(&copied, request_id.as_deref()),
        );
        element("div", "rh-details-content")
            .child(
                // Chromium takes a header and a footer in a dialog for those of the whole page.
                element("div", "rh-details-header")
                    .child(title)
                    .child(close),
            )
            .child(
                element("div", "rh-details-body")
                    .child(self.why(event))
                    .child(self.heading(texts.timeline))
                    .child(self.timeline(event))
                    .child(self.heading(texts.fields))
                    .child(self.fields(event)),
            )
            .child(
                element("div", "rh-details-footer")
                    .child(support)
                    .child(self.announcer.region("rh-said")),
            )
    }

    fn heading(self, text: &'static str) -> Element {
        element("h3", "rh-details-heading").text(text)
    }

    /// Why the referral has its status, and what can be done.
    fn why(self, event: &Event) -> Element {
        let texts = self.words.texts;
        let status = event.status.known();
        let why = texts.why(status);
        let word = status.map_or_else(String::new, |status| {
            inert(texts.status(status), CELL_CHARACTERS)
        });
        let credits = match &event.reward_credits {
            Field::Known(credits) => self.words.plural_of(&texts.credits, *credits, &[]),
            Field::Missing | Field::Unreadable(_) => texts.credits_not_said.to_owned(),
        };
        let meaning = fill(
            why.to(event.role.known()),
            &[("status", &word), ("credits", &credits)],
        );
        element("div", "rh-why")
            .children(status.map(|status| badge(status, self.words)))
            .child(element("p", "").text(meaning))
            .child(self.next(event, why.next))
    }

    /// What can be done. Of what is open only until its time has passed.
    fn next(self, event: &Event, next: &'static str) -> Element {
        let Self { history, words, .. } = self;
        let is_open = event.status.known().is_some_and(Status::is_open);
        let due = event.expires_at.known().copied().filter(|_| is_open);
        element("p", "rh-muted").live(move || {
            let is_overdue = due.is_some_and(|due| due < history.clock().get());
            if is_overdue {
                words.texts.overdue_next
            } else {
                next
            }
            .to_owned()
        })
    }

    fn timeline(self, event: &Event) -> Element {
        let step = |milestone: Milestone| self.milestone(milestone);
        element("ol", "rh-timeline")
            .set("role", "list")
            .children(milestones(event).into_iter().map(step))
    }

    fn milestone(self, milestone: Milestone) -> Element {
        let Self { history, words, .. } = self;
        let texts = words.texts;
        let Milestone {
            step,
            at,
            is_reached,
        } = milestone;
        let label = element("span", "rh-step");
        let label = match &step {
            Step::Created => label.text(texts.created_at),
            Step::Qualified if is_reached => label.text(texts.qualified_at),
            Step::Qualified => label.text(texts.not_qualified_yet),
            Step::Expires => {
                let at = at.known().copied();
                label.live(move || {
                    let has_passed = at.is_some_and(|at| at < history.clock().get());
                    if has_passed {
                        texts.was_to_expire
                    } else {
                        texts.expires_at
                    }
                    .to_owned()
                })
            }
            Step::Status(Status::Rewarded) if !is_reached => label.text(texts.not_rewarded_yet),
            Step::Status(status) => label.text(inert(texts.status(status), CELL_CHARACTERS)),
        };
        let tone = match &step {
            Step::Status(status) if is_reached => super::icon::tone(status),
            _ => String::new(),
        };
        // Only what was reached was reached at some time.
        let is_due = is_reached || at != Field::Missing;
        let time = is_due.then(|| match &at {
            Field::Known(at) => self.time(*at, is_reached),
            Field::Missing => element("span", "rh-muted").text(texts.time_not_sent),
            Field::Unreadable(sent) => self.unreadable(sent),
        });
        element("li", "rh-milestone")
            .set("data-reached", if is_reached { "true" } else { "false" })
            .set("data-status", tone)
            .child(label)
            .children(time)
    }

    /// When, and how far that is from now.
    fn time(self, at: Instant, is_past: bool) -> Element {
        let Self { history, words, .. } = self;
        let away = element("span", "rh-muted").live(move || {
            let now = history.clock().get();
            if is_past {
                words.ago(at, now)
            } else {
                words.away(at, now)
            }
        });
        element("span", "rh-when")
            .child(self.absolute(at))
            .text(" ")
            .child(away)
    }

    /// A time in the zone that is shown, and behind it the time in the other.
    fn absolute(self, at: Instant) -> Element {
        let zone = untrack(|| self.history.zone());
        element("time", "")
            .set("datetime", iso_8601(at))
            .set("title", self.words.full(at, zone.other()))
            .text(self.words.full(at, zone))
    }

    /// All ten fields.
    fn fields(self, event: &Event) -> Element {
        let words = self.words;
        let texts = words.texts;
        let field = |name: &'static str, value: Element| {
            element("div", "rh-field")
                .child(element("dt", "").text(name))
                .child(element("dd", "").child(value))
        };
        let zone = untrack(|| self.history.zone());
        let time = |at: &Field<Instant>| {
            self.value(at, |at| {
                let other = words.full(*at, zone.other());
                element("span", "rh-when")
                    .child(self.absolute(*at))
                    .child(element("br", ""))
                    .child(element("span", "rh-muted").text(other))
            })
        };
        element("dl", "rh-fields").children([
            field(texts.id, self.copied(&event.id, texts.id)),
            field(texts.code, self.copied(&event.code, texts.code)),
            field(
                texts.campaign,
                self.value(&event.campaign, |campaign| self.text(campaign)),
            ),
            field(
                texts.role,
                self.value(&event.role, |role| self.text(texts.role(role))),
            ),
            field(
                texts.status,
                self.value(&event.status, |status| self.text(texts.status(status))),
            ),
            field(
                texts.reward,
                self.value(&event.reward_credits, |credits| {
                    element("span", "").text(words.plural_of(&texts.credits, *credits, &[]))
                }),
            ),
            field(texts.created_at, time(&event.created_at)),
            field(texts.expires_at, time(&event.expires_at)),
            field(texts.qualified_at, time(&event.qualified_at)),
            field(texts.rewarded_at, time(&event.rewarded_at)),
        ])
    }

    fn value<T>(self, field: &Field<T>, known: impl FnOnce(&T) -> Element) -> Element {
        match field {
            Field::Known(value) => known(value),
            Field::Missing => element("span", "rh-muted").text(self.words.texts.not_sent),
            Field::Unreadable(sent) => self.unreadable(sent),
        }
    }

    fn unreadable(self, sent: &str) -> Element {
        let texts = self.words.texts;
        element("span", "rh-muted")
            .text(texts.unreadable)
            .child(element("br", ""))
            .child(element("bdi", "").text(fill(texts.unreadable_hint, &[("sent", sent)])))
    }

    /// The whole of a text, however long: it scrolls in its place.
    fn text(self, text: &str) -> Element {
        let text_box = element("bdi", "rh-text");
        let text_box = if text.len() > CELL_CHARACTERS {
            text_box.set("tabindex", "0")
        } else {
            text_box
        };
        text_box.text(inert(text, usize::MAX))
    }

    /// A text with a button that copies it as it was sent.
    fn copied(self, field: &Field<String>, name: &'static str) -> Element {
        let texts = self.words.texts;
        self.value(field, |text| {
            let copied = text.clone();
            let name = fill(texts.copy_of, &[("name", name)]);
            let copy = copy_button(
                self.history,
                self.words,
                self.announcer,
                texts.copy,
                name,
                move || copied.clone(),
            );
            element("span", "rh-copied")
                .child(self.text(text).set("data-code", ""))
                .child(copy)
        })
    }
}

/// What an event is called: its code, or the time it was created, or nothing but an event.
pub fn name(event: &Event, words: Words, history: History) -> String {
    match (&event.code, &event.created_at) {
        (Field::Known(code), _) => inert(code, CELL_CHARACTERS),
        (_, Field::Known(at)) => words.date_time(*at, untrack(|| history.zone())),
        _ => words.texts.missing.to_owned(),
    }
}
