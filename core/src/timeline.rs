//! The life of a referral, step by step.

use crate::{event::Event, field::Field, status::Status, time::Instant};

/// What a step of a referral's life is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was attributed.
    Created,
    /// It qualified, or may.
    Qualified,
    /// It expires unless it is decided before.
    Expires,
    /// It has the status that the API names: held for review, rewarded, or ended otherwise.
    Status(Status),
}

/// A step, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// What it is.
    pub step: Step,
    /// When; missing where the API does not say.
    pub at: Field<Instant>,
    /// Whether it is behind the referral rather than ahead of it.
    pub is_reached: bool,
}

/// The steps that an event tells of, in the order of a referral's life, whatever their times say.
pub fn milestones(event: &Event) -> Vec<Milestone> {
    let status = event.status.known();
    let is = |other: Status| status == Some(&other);
    let reached = |step, at: &Field<Instant>| Milestone {
        step,
        at: at.clone(),
        is_reached: true,
    };
    let ahead = |step, at: &Field<Instant>| Milestone {
        is_reached: false,
        ..reached(step, at)
    };
    let mut milestones = vec![reached(Step::Created, &event.created_at)];
    // What the API gives a time for happened, whatever the status is by now. A time that cannot be
    // read proves nothing: it may stand for "not yet".
    let is_told = |at: &Field<Instant>| at.known().is_some();
    let was_rewarded = is_told(&event.rewarded_at) || is(Status::Rewarded);
    let has_qualified = is_told(&event.qualified_at) || is(Status::Qualified) || was_rewarded;
    if has_qualified {
        milestones.push(reached(Step::Qualified, &event.qualified_at));
    } else if is(Status::Attributed) {
        milestones.push(ahead(Step::Qualified, &event.qualified_at));
    }
    if was_rewarded {
        milestones.push(reached(Step::Status(Status::Rewarded), &event.rewarded_at));
    } else if is(Status::Qualified) {
        milestones.push(ahead(Step::Status(Status::Rewarded), &event.rewarded_at));
    }
    match status {
        None | Some(Status::Rewarded) => {}
        Some(open) if open.is_open() => {
            if event.expires_at != Field::Missing {
                milestones.push(ahead(Step::Expires, &event.expires_at));
            }
        }
        Some(Status::Expired) => {
            milestones.push(reached(Step::Status(Status::Expired), &event.expires_at));
        }
        Some(other) => milestones.push(reached(Step::Status(other.clone()), &Field::Missing)),
    }
    milestones
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{instant, time, unreadable, with_status};

    /// The steps as a reader takes them in: `name@hour`, with `?` for a time that is missing, `!` for
    /// one that is unreadable, and brackets around what is ahead.
    fn told(event: &Event) -> Vec<String> {
        let tell = |milestone: Milestone| {
            let name = match &milestone.step {
                Step::Created => "created",
                Step::Qualified => "qualified",
                Step::Expires => "expires",
                Step::Status(status) => status.word(),
            };
            let at = match milestone.at {
                Field::Known(at) => at.format("%H").to_string(),
                Field::Missing => "?".to_owned(),
                Field::Unreadable(_) => "!".to_owned(),
            };
            if milestone.is_reached {
                format!("{name}@{at}")
            } else {
                format!("({name}@{at})")
            }
        };
        milestones(event).into_iter().map(tell).collect()
    }

    fn hour(hour: u8) -> Field<Instant> {
        time(&format!("2026-05-12T{hour:02}:00:00Z"))
    }

    /// What the API says of an event that came this far.
    fn created(status: &str) -> Event {
        Event {
            created_at: hour(1),
            expires_at: hour(9),
            ..with_status(status)
        }
    }

    fn qualified(status: &str) -> Event {
        Event {
            qualified_at: hour(2),
            ..created(status)
        }
    }

    #[test]
    fn a_referral_that_is_attributed_may_qualify_and_expires() {
        assert_eq!(
            told(&created("attributed")),
            ["created@01", "(qualified@?)", "(expires@09)"]
        );
    }

    #[test]
    fn a_referral_that_qualifies_may_be_rewarded_and_expires() {
        assert_eq!(
            told(&qualified("qualified")),
            ["created@01", "qualified@02", "(rewarded@?)", "(expires@09)"]
        );
    }

    #[test]
    fn a_referral_under_review_promises_nothing() {
        assert_eq!(
            told(&qualified("review_required")),
            ["created@01", "qualified@02", "review_required@?"]
        );
        assert_eq!(
            told(&created("review_required")),
            ["created@01", "review_required@?"]
        );
    }

    #[test]
    fn a_reward_ends_it_and_it_does_not_expire_any_more() {
        let rewarded = Event {
            rewarded_at: hour(3),
            ..qualified("rewarded")
        };
        assert_eq!(
            told(&rewarded),
            ["created@01", "qualified@02", "rewarded@03"]
        );
    }

    #[test]
    fn what_expired_did_so_at_its_time() {
        assert_eq!(told(&created("expired")), ["created@01", "expired@09"]);
        assert_eq!(
            told(&qualified("expired")),
            ["created@01", "qualified@02", "expired@09"]
        );
    }

    #[test]
    fn where_it_ended_otherwise_the_api_does_not_say_when() {
        for status in ["capped", "failed", "rejected"] {
            let ended = format!("{status}@?");
            assert_eq!(told(&created(status)), ["created@01", &*ended]);
            assert_eq!(
                told(&qualified(status)),
                ["created@01", "qualified@02", &*ended]
            );
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_told_as_it_was_sent() {
        assert_eq!(
            told(&qualified("<b>clawed back\u{202e}")),
            ["created@01", "qualified@02", "<b>clawed back\u{202e}@?"]
        );
    }

    #[test]
    fn without_a_status_only_the_times_speak() {
        for status in [Field::Missing, unreadable()] {
            let event = Event {
                status,
                rewarded_at: hour(3),
                ..qualified("")
            };
            assert_eq!(told(&event), ["created@01", "qualified@02", "rewarded@03"]);
        }
        assert_eq!(told(&Event::default()), ["created@?"]);
    }

    #[test]
    fn a_step_that_the_status_implies_is_told_without_its_time() {
        assert_eq!(
            told(&with_status("rewarded")),
            ["created@?", "qualified@?", "rewarded@?"]
        );
        assert_eq!(
            told(&with_status("qualified")),
            ["created@?", "qualified@?", "(rewarded@?)"]
        );
        assert_eq!(told(&with_status("expired")), ["created@?", "expired@?"]);
        assert_eq!(
            told(&with_status("attributed")),
            ["created@?", "(qualified@?)"]
        );
    }

    /// A reward whose time is told happened, and so did what comes before one: nothing that lies
    /// ahead may stand before it.
    #[test]
    fn a_time_of_a_reward_speaks_against_the_status() {
        let with_reward = |status: &str| Event {
            rewarded_at: hour(3),
            ..created(status)
        };
        assert_eq!(
            told(&with_reward("attributed")),
            ["created@01", "qualified@?", "rewarded@03", "(expires@09)"]
        );
        assert_eq!(
            told(&with_reward("qualified")),
            ["created@01", "qualified@?", "rewarded@03", "(expires@09)"]
        );
        assert_eq!(
            told(&with_reward("failed")),
            ["created@01", "qualified@?", "rewarded@03", "failed@?"]
        );
    }

    #[test]
    fn a_time_of_qualifying_speaks_against_the_status() {
        assert_eq!(
            told(&qualified("attributed")),
            ["created@01", "qualified@02", "(expires@09)"]
        );
    }

    /// A member of the wrong type, `false` for one, is no evidence that something happened.
    #[test]
    fn a_time_that_cannot_be_read_proves_nothing() {
        let unread = |status: &str| Event {
            created_at: unreadable(),
            expires_at: unreadable(),
            qualified_at: unreadable(),
            rewarded_at: unreadable(),
            ..with_status(status)
        };
        assert_eq!(
            told(&unread("attributed")),
            ["created@!", "(qualified@!)", "(expires@!)"]
        );
        assert_eq!(
            told(&unread("qualified")),
            ["created@!", "qualified@!", "(rewarded@!)", "(expires@!)"]
        );
        assert_eq!(
            told(&unread("rewarded")),
            ["created@!", "qualified@!", "rewarded@!"]
        );
        assert_eq!(told(&unread("expired")), ["created@!", "expired@!"]);
        assert_eq!(told(&unread("capped")), ["created@!", "capped@?"]);
    }

    #[test]
    fn times_in_an_impossible_order_are_told_as_they_are() {
        let event = Event {
            created_at: hour(5),
            qualified_at: hour(4),
            rewarded_at: Field::Known(instant("0001-01-01T03:00:00Z")),
            ..with_status("rewarded")
        };
        assert_eq!(told(&event), ["created@05", "qualified@04", "rewarded@03"]);
    }
}
