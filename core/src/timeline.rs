//! The steps of a referral's life cycle.

use crate::{event::Event, field::Field, status::Status, time::Instant};

/// A step of a referral's life cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was attributed.
    Created,
    /// It qualified, or may qualify.
    Qualified,
    /// It expires, unless it ends before.
    Expires,
    /// It reached this status: under review, rewarded, or ended otherwise.
    Status(Status),
}

/// A step and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The step.
    pub step: Step,
    /// Its time; missing if the API does not send it.
    pub at: Field<Instant>,
    /// Whether the step has happened; otherwise it is ahead.
    pub is_reached: bool,
}

/// A time of an event, by its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// `created_at`
    Created,
    /// `expires_at`
    Expires,
    /// `qualified_at`
    Qualified,
    /// `rewarded_at`
    Rewarded,
}

/// The times that do not stand at a step: those of no step of this event, and those that cannot be read. A
/// step says only that a time is unreadable, and not what was sent.
pub fn other_times(event: &Event) -> Vec<(Time, &Field<Instant>)> {
    let shows_expiry = milestones(event).iter().any(|milestone| {
        let step = &milestone.step;
        matches!(step, Step::Expires | Step::Status(Status::Expired))
    });
    let is_other = |(time, at): &(Time, &Field<Instant>)| match at {
        Field::Missing => false,
        Field::Unreadable(_) => true,
        // Each other time that is known has its step.
        Field::Known(_) => *time == Time::Expires && !shows_expiry,
    };
    let times = [
        (Time::Created, &event.created_at),
        (Time::Expires, &event.expires_at),
        (Time::Qualified, &event.qualified_at),
        (Time::Rewarded, &event.rewarded_at),
    ];
    times.into_iter().filter(is_other).collect()
}

/// The steps of an event, in the order of the life cycle even if their times disagree.
pub fn milestones(event: &Event) -> Vec<Milestone> {
    let status = event.status.known();
    let has_status = |other: Status| status == Some(&other);
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
    // A step with a known time has happened, whatever the status is. An unreadable time proves
    // nothing: it may stand for "not yet".
    let has_time = |at: &Field<Instant>| at.known().is_some();
    let was_rewarded = has_time(&event.rewarded_at) || has_status(Status::Rewarded);
    let has_qualified =
        has_time(&event.qualified_at) || has_status(Status::Qualified) || was_rewarded;
    if has_qualified {
        milestones.push(reached(Step::Qualified, &event.qualified_at));
    } else if has_status(Status::Attributed) {
        milestones.push(ahead(Step::Qualified, &event.qualified_at));
    }
    if was_rewarded {
        milestones.push(reached(Step::Status(Status::Rewarded), &event.rewarded_at));
    } else if has_status(Status::Qualified) {
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

    /// The steps in short: `name@hour`, with `?` for a missing time, `!` for an unreadable time, and
    /// parentheses around a step that is ahead.
    fn steps(event: &Event) -> Vec<String> {
        let describe = |milestone: Milestone| {
            let name = match &milestone.step {
                Step::Created => "created",
                Step::Qualified => "qualified",
                Step::Expires => "expires",
                Step::Status(status) => status.as_str(),
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
        milestones(event).into_iter().map(describe).collect()
    }

    fn hour(hour: u8) -> Field<Instant> {
        time(&format!("2026-05-12T{hour:02}:00:00Z"))
    }

    /// An event with a time of creation and of expiry.
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
    fn an_attributed_referral_may_qualify_or_expire() {
        assert_eq!(
            steps(&created("attributed")),
            ["created@01", "(qualified@?)", "(expires@09)"]
        );
    }

    #[test]
    fn a_qualified_referral_may_be_rewarded_or_expire() {
        assert_eq!(
            steps(&qualified("qualified")),
            ["created@01", "qualified@02", "(rewarded@?)", "(expires@09)"]
        );
    }

    #[test]
    fn a_referral_under_review_has_no_step_ahead() {
        assert_eq!(
            steps(&qualified("review_required")),
            ["created@01", "qualified@02", "review_required@?"]
        );
        assert_eq!(
            steps(&created("review_required")),
            ["created@01", "review_required@?"]
        );
    }

    #[test]
    fn a_rewarded_referral_does_not_expire() {
        let rewarded = Event {
            rewarded_at: hour(3),
            ..qualified("rewarded")
        };
        assert_eq!(
            steps(&rewarded),
            ["created@01", "qualified@02", "rewarded@03"]
        );
    }

    #[test]
    fn an_expired_referral_expired_at_its_expiry_time() {
        assert_eq!(steps(&created("expired")), ["created@01", "expired@09"]);
        assert_eq!(
            steps(&qualified("expired")),
            ["created@01", "qualified@02", "expired@09"]
        );
    }

    #[test]
    fn the_other_ends_have_no_time() {
        for status in ["capped", "failed", "rejected"] {
            let ended = format!("{status}@?");
            assert_eq!(steps(&created(status)), ["created@01", &*ended]);
            assert_eq!(
                steps(&qualified(status)),
                ["created@01", "qualified@02", &*ended]
            );
        }
    }

    #[test]
    fn an_unknown_status_is_shown_as_sent() {
        assert_eq!(
            steps(&qualified("<b>clawed back\u{202e}")),
            ["created@01", "qualified@02", "<b>clawed back\u{202e}@?"]
        );
    }

    #[test]
    fn without_a_status_known_times_give_the_steps() {
        for status in [Field::Missing, unreadable()] {
            let event = Event {
                status,
                rewarded_at: hour(3),
                ..qualified("")
            };
            assert_eq!(steps(&event), ["created@01", "qualified@02", "rewarded@03"]);
        }
        assert_eq!(steps(&Event::default()), ["created@?"]);
    }

    #[test]
    fn a_step_implied_by_the_status_may_have_no_time() {
        assert_eq!(
            steps(&with_status("rewarded")),
            ["created@?", "qualified@?", "rewarded@?"]
        );
        assert_eq!(
            steps(&with_status("qualified")),
            ["created@?", "qualified@?", "(rewarded@?)"]
        );
        assert_eq!(steps(&with_status("expired")), ["created@?", "expired@?"]);
        assert_eq!(
            steps(&with_status("attributed")),
            ["created@?", "(qualified@?)"]
        );
    }

    /// A reward with a known time has happened, and so have the steps before it: no step that is ahead
    /// may come before it.
    #[test]
    fn a_time_of_reward_outweighs_the_status() {
        let with_reward = |status: &str| Event {
            rewarded_at: hour(3),
            ..created(status)
        };
        assert_eq!(
            steps(&with_reward("attributed")),
            ["created@01", "qualified@?", "rewarded@03", "(expires@09)"]
        );
        assert_eq!(
            steps(&with_reward("qualified")),
            ["created@01", "qualified@?", "rewarded@03", "(expires@09)"]
        );
        assert_eq!(
            steps(&with_reward("failed")),
            ["created@01", "qualified@?", "rewarded@03", "failed@?"]
        );
    }

    #[test]
    fn a_time_of_qualifying_outweighs_the_status() {
        assert_eq!(
            steps(&qualified("attributed")),
            ["created@01", "qualified@02", "(expires@09)"]
        );
    }

    /// A value of the wrong type, such as `false`, does not prove that a step has happened.
    #[test]
    fn unreadable_times_prove_nothing() {
        let with_unreadable_times = |status: &str| Event {
            created_at: unreadable(),
            expires_at: unreadable(),
            qualified_at: unreadable(),
            rewarded_at: unreadable(),
            ..with_status(status)
        };
        assert_eq!(
            steps(&with_unreadable_times("attributed")),
            ["created@!", "(qualified@!)", "(expires@!)"]
        );
        assert_eq!(
            steps(&with_unreadable_times("qualified")),
            ["created@!", "qualified@!", "(rewarded@!)", "(expires@!)"]
        );
        assert_eq!(
            steps(&with_unreadable_times("rewarded")),
            ["created@!", "qualified@!", "rewarded@!"]
        );
        assert_eq!(
            steps(&with_unreadable_times("expired")),
            ["created@!", "expired@!"]
        );
        assert_eq!(
            steps(&with_unreadable_times("capped")),
            ["created@!", "capped@?"]
        );
    }

    /// A time stood in the timeline, and once more among the fields.
    #[test]
    fn each_known_time_stands_once() {
        for bits in 0..16_u8 {
            for status in ["", "attributed", "qualified", "review_required", "rewarded"]
                .into_iter()
                .chain(["expired", "capped", "failed", "rejected", "on_hold"])
            {
                let at = |bit: u8| {
                    if bits & 1 << bit == 0 {
                        Field::Missing
                    } else {
                        hour(bit + 1)
                    }
                };
                let event = Event {
                    created_at: at(0),
                    qualified_at: at(1),
                    rewarded_at: at(2),
                    expires_at: at(3),
                    ..with_status(status)
                };
                let of_steps = milestones(&event);
                let of_steps = of_steps.iter().filter_map(|step| step.at.known());
                let others = other_times(&event);
                let others = others.iter().filter_map(|(_, at)| at.known());
                let mut all: Vec<_> = of_steps.chain(others).collect();
                all.sort();
                let sent = (0..4).map(at);
                let sent: Vec<_> = sent.filter_map(|at| at.known().copied()).collect();
                assert!(all.into_iter().eq(&sent), "{status} {bits}");
            }
        }
    }

    #[test]
    fn an_unreadable_time_is_among_the_others() {
        let event = Event {
            created_at: unreadable(),
            rewarded_at: unreadable(),
            ..created("capped")
        };
        let others: Vec<_> = other_times(&event)
            .into_iter()
            .map(|(time, _)| time)
            .collect();
        assert_eq!(others, [Time::Created, Time::Expires, Time::Rewarded]);
    }

    #[test]
    fn times_in_an_impossible_order_are_kept() {
        let event = Event {
            created_at: hour(5),
            qualified_at: hour(4),
            rewarded_at: Field::Known(instant("0001-01-01T03:00:00Z")),
            ..with_status("rewarded")
        };
        assert_eq!(steps(&event), ["created@05", "qualified@04", "rewarded@03"]);
    }
}
