//! What became of one referral, and why.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    announcement::Announcer, copy::copy_button, icon::cross, ids::Ids, table::badge, words::Words,
};
use crate::{
    dom::{Element, Reference, element, is_on_itself, part},
    live::Source,
    model::{
        display::{CELL_CHARACTERS, inert},
        event::Event,
        field::Field,
        status::Status,
        support,
        time::{Instant, Zone, iso_8601},
        timeline::{Milestone, Step, milestones},
    },
    state::{History, Loaded, RowKey},
    texts::fill,
};

/// The panel that tells of one event. A handle: copies are the same panel.
#[derive(Clone, Copy)]
pub struct Details {
    history: History,
    shown: Source<Option<(Arc<Loaded>, usize)>>,
    dialog: Reference,
}

impl Details {
    /// A panel that is closed.
    pub fn new(history: History) -> Self {
        Self {
            history,
            shown: Source::new(None),
            dialog: Reference::new(),
        }
    }

    /// Opens the panel on an event. What has the focus gets it back when the panel closes.
    pub fn open(self, key: RowKey) {
        let loaded = self.history.shown().get_untracked();
        if let Some(loaded) =
            loaded.filter(|loaded| u64::from(loaded.generation) == key.generation())
        {
            self.shown.set(Some((loaded, key.position())));
            self.dialog.show_modal();
        }
    }

    /// The panel.
    pub fn view(self, words: Words, ids: Ids) -> Element {
        let Self {
            history,
            shown,
            dialog,
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
        element("dialog", "rh-details")
            .set("aria-labelledby", ids.of("details"))
            .reference(dialog)
            .on("close", move |_| {
                shown.set(None);
                announcer.say(String::new());
            })
            .on("click", move |event| {
                // On the page behind it, that is: the dialog has no space of its own.
                if is_on_itself(event) {
                    dialog.close();
                }
            })
            .child(content)
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
                element("header", "rh-details-header")
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
                element("footer", "rh-details-footer")
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
            .child(element("p", "rh-muted").text(why.next))
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
            .set("title", self.words.full(at, other(zone)))
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
        let past = |at: &Field<Instant>| self.value(at, |at| self.time(*at, true));
        // Nothing is still to come of what has ended, so how far away that is says nothing.
        let is_open = event.status.known().is_some_and(Status::is_open);
        let expires = self.value(&event.expires_at, |at| {
            if is_open {
                self.time(*at, false)
            } else {
                self.absolute(*at)
            }
        });
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
            field(texts.created_at, past(&event.created_at)),
            field(texts.expires_at, expires),
            field(texts.qualified_at, past(&event.qualified_at)),
            field(texts.rewarded_at, past(&event.rewarded_at)),
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

/// The zone that is not shown.
pub fn other(zone: Zone) -> Zone {
    match zone {
        Zone::User => Zone::Utc,
        Zone::Utc => Zone::User,
    }
}
