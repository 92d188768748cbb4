//! The figures of a list of events.

use chrono::TimeDelta;

use crate::{
    campaign::Campaign,
    field::Field,
    record::Record,
    sort,
    status::{Family, Status},
    time::Instant,
};

/// The largest reward that counts as a known amount, in credits. No larger one is granted, positive or
/// negative.
const MAX_REWARD: i64 = 1_000_000_000_000;

/// A sum of rewarded credits, and the rewards that are not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credits {
    /// How many rewards there are.
    pub rewards: usize,
    /// The sum of the known credits.
    pub sum: i64,
    /// How many rewards are not in the sum, because their credits are missing, unreadable or beyond
    /// a trillion.
    pub unknown: usize,
}

impl Credits {
    /// Adds up the rewards of some records.
    pub fn sum<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        let mut credits = Self::default();
        for record in records.filter(|record| is_rewarded(record)) {
            credits.add(record);
        }
        credits
    }

    /// Adds the reward of a record that was rewarded.
    pub fn add(&mut self, record: &Record) {
        self.rewards += 1;
        match &record.event.reward_credits {
            Field::Known(reward) if (-MAX_REWARD..=MAX_REWARD).contains(reward) => {
                self.sum += reward;
            }
            Field::Known(_) | Field::Missing | Field::Unreadable(_) => self.unknown += 1,
        }
    }

    /// Whether there are rewards, but all of their credits are unknown.
    pub fn is_unknown(self) -> bool {
        self.unknown > 0 && self.unknown == self.rewards
    }
}

/// Whether the record's referral was rewarded.
pub fn is_rewarded(record: &Record) -> bool {
    record.event.status.known() == Some(&Status::Rewarded)
}

/// The figures above the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many events the figures cover.
    pub events: usize,
    /// Credits earned.
    pub credits: Credits,
    /// How many are in progress: attributed, qualified or held for review.
    pub in_progress: usize,
    /// How many of the ended ones were rewarded.
    pub rewarded: usize,
    /// How many have ended, rewarded or not.
    pub ended: usize,
    /// How many are open and expire within [`crate::record::SOON`].
    pub expiring_soon: usize,
}

impl Summary {
    /// The figures of some records. Only the credits are those of `earned`, which differ if the records are
    /// chosen by the date of their rewards.
    pub fn new(records: &[&Record], earned: &[&Record], now: Instant) -> Self {
        let statuses = || {
            records
                .iter()
                .filter_map(|record| record.event.status.known())
        };
        Self {
            events: records.len(),
            credits: Credits::sum(earned.iter().copied()),
            in_progress: statuses()
                .filter(|status| status.family() == Some(Family::InProgress))
                .count(),
            rewarded: records.iter().filter(|record| is_rewarded(record)).count(),
            ended: statuses()
                .filter(|status| {
                    matches!(status.family(), Some(Family::Rewarded | Family::NoReward))
                })
                .count(),
            expiring_soon: records
                .iter()
                .filter(|record| record.expires_soon(now))
                .count(),
        }
    }
}

/// The totals of one campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignTotal {
    /// The campaign; `None` for events whose campaign is unreadable.
    pub campaign: Option<Campaign>,
    /// How many events it has.
    pub events: usize,
    /// Its rewards and their credits.
    pub credits: Credits,
}

/// The totals by campaign: most events first, equal ones in the order of occurrence, events without a
/// readable campaign last.
pub fn by_campaign(records: &[&Record]) -> Vec<CampaignTotal> {
    let mut campaigns: Vec<Option<Campaign>> = Vec::new();
    for record in records {
        if !campaigns.contains(&record.campaign) {
            campaigns.push(record.campaign.clone());
        }
    }
    let total = |campaign: Option<Campaign>| {
        let of_campaign = || {
            let records = records.iter().copied();
            records.filter(|record| record.campaign == campaign)
        };
        CampaignTotal {
            events: of_campaign().count(),
            credits: Credits::sum(of_campaign()),
            campaign: campaign.clone(),
        }
    };
    let totals: Vec<CampaignTotal> = campaigns.into_iter().map(total).collect();
    let rank = |position: usize| {
        totals.get(position).map(|total: &CampaignTotal| {
            let is_named = matches!(total.campaign, Some(Campaign::Named(_)));
            (!is_named, core::cmp::Reverse(total.events))
        })
    };
    let mut positions: Vec<usize> = (0..totals.len()).collect();
    sort::by(&mut positions, &|one, other| rank(one).cmp(&rank(other)));
    let sorted = positions
        .iter()
        .filter_map(|position| totals.get(*position));
    sorted.cloned().collect()
}

/// The record that was created first.
pub fn since(records: &[Record], now: Instant) -> Option<&Record> {
    let created = |record: &&Record| {
        let at = record.event.created_at.known().copied();
        // A later time is an error: no wrong clock explains it.
        at.filter(|at| *at - now <= TimeDelta::days(2))
    };
    let dated = records.iter().filter(|record| created(record).is_some());
    dated.min_by_key(created)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Event,
        samples::{now, records, rewarded, text, time, unreadable, with_status},
    };

    fn credits(events: impl IntoIterator<Item = Event>) -> Credits {
        Credits::sum(records(events).iter())
    }

    fn summary(events: impl IntoIterator<Item = Event>) -> Summary {
        let records = records(events);
        let all: Vec<&Record> = records.iter().collect();
        Summary::new(&all, &all, now())
    }

    fn unreadable_reward() -> Event {
        Event {
            reward_credits: unreadable(),
            ..with_status("rewarded")
        }
    }

    fn of_campaign(name: &str, event: Event) -> Event {
        Event {
            campaign: text(name),
            ..event
        }
    }

    #[test]
    fn only_rewarded_events_add_credits() {
        let promised = |status: &str| Event {
            reward_credits: Field::Known(7),
            ..with_status(status)
        };
        let earned = credits([
            rewarded(10_000),
            promised("qualified"),
            promised("capped"),
            promised("clawed_back"),
            Event {
                reward_credits: Field::Known(7),
                ..Event::default()
            },
            rewarded(500),
        ]);
        let expected = Credits {
            rewards: 2,
            sum: 10_500,
            unknown: 0,
        };
        assert_eq!(earned, expected);
    }

    #[test]
    fn unknown_credits_are_counted_apart_from_the_sum() {
        let earned = credits([rewarded(10), with_status("rewarded"), unreadable_reward()]);
        assert_eq!((earned.sum, earned.rewards, earned.unknown), (10, 3, 2));
        assert!(!earned.is_unknown());
    }

    #[test]
    fn only_unknown_credits_are_not_the_same_as_no_rewards() {
        assert!(credits([with_status("rewarded"), unreadable_reward()]).is_unknown());
        let nothing = credits([with_status("capped")]);
        assert_eq!((nothing.sum, nothing.rewards), (0, 0));
        assert!(!nothing.is_unknown());
        assert!(!credits([rewarded(0)]).is_unknown());
    }

    #[test]
    fn a_reward_beyond_a_trillion_is_of_unknown_amount() {
        let amounts = [i64::MIN, -MAX_REWARD - 1, 7, MAX_REWARD + 1, i64::MAX];
        let earned = credits(amounts.map(rewarded));
        assert_eq!((earned.sum, earned.rewards, earned.unknown), (7, 5, 4));
        let largest = credits([rewarded(MAX_REWARD), rewarded(MAX_REWARD)]);
        assert_eq!((largest.sum, largest.unknown), (2 * MAX_REWARD, 0));
        assert_eq!(credits([rewarded(-MAX_REWARD)]).sum, -MAX_REWARD);
    }

    #[test]
    fn each_event_is_in_progress_or_ended_or_unknown() {
        let all = summary(
            Status::KNOWN
                .iter()
                .map(|status| with_status(status.as_str()))
                .chain([
                    with_status("on_hold"),
                    Event::default(),
                    Event {
                        status: unreadable(),
                        ..Event::default()
                    },
                ]),
        );
        assert_eq!(all.events, 11);
        assert_eq!((all.in_progress, all.ended), (3, 5));
        assert_eq!(all.credits.rewards, 1);
    }

    #[test]
    fn expiring_soon_counts_what_the_filter_finds() {
        let open = |status: &str, at: &str| Event {
            expires_at: time(at),
            ..with_status(status)
        };
        let found = summary([
            open("attributed", "2026-05-12T12:00:00Z"),
            open("qualified", "2026-05-19T12:00:00Z"),
            open("qualified", "2026-05-19T12:00:01Z"),
            open("attributed", "2026-05-12T11:59:59Z"),
            open("review_required", "2026-05-13T12:00:00Z"),
            with_status("attributed"),
        ]);
        assert_eq!(found.expiring_soon, 2);
    }

    #[test]
    fn without_events_all_figures_are_zero() {
        assert_eq!(summary([]), Summary::default());
    }

    #[test]
    fn campaigns_are_sorted_by_events_with_none_last() {
        let records = records([
            with_status("capped"),
            of_campaign("small", rewarded(5)),
            of_campaign("big", rewarded(10)),
            with_status("capped"),
            of_campaign("big", with_status("expired")),
            of_campaign("other", with_status("rewarded")),
            with_status("capped"),
            Event {
                campaign: unreadable(),
                ..rewarded(1)
            },
        ]);
        let all: Vec<&Record> = records.iter().collect();
        let totals: Vec<_> = by_campaign(&all)
            .into_iter()
            .map(|total| {
                let name = match total.campaign {
                    Some(Campaign::Named(name)) => name,
                    Some(Campaign::None) => "none".to_owned(),
                    None => "unreadable".to_owned(),
                };
                let Credits {
                    rewards,
                    sum,
                    unknown,
                } = total.credits;
                (name, total.events, rewards, sum, unknown)
            })
            .collect();
        let expected = [
            ("big", 2, 1, 10, 0),
            ("small", 1, 1, 5, 0),
            ("other", 1, 1, 0, 1),
            ("none", 3, 0, 0, 0),
            ("unreadable", 1, 1, 1, 0),
        ];
        let expected = expected.map(|(name, events, rewards, sum, unknown)| {
            (name.to_owned(), events, rewards, sum, unknown)
        });
        assert_eq!(totals, expected);
        assert_eq!(by_campaign(&[]), []);
    }

    #[test]
    fn since_is_the_earliest_event() {
        let created = |at: &str| Event {
            created_at: time(at),
            ..Event::default()
        };
        let events = records([
            created("2026-05-01T00:00:00Z"),
            created("2026-03-03T10:00:00Z"),
            Event::default(),
            created("2026-04-01T00:00:00Z"),
        ]);
        let first = since(&events, now()).expect("a dated event");
        assert_eq!(first.event.created_at, time("2026-03-03T10:00:00Z"));
        assert!(since(&records([Event::default()]), now()).is_none());
    }

    #[test]
    fn since_ignores_events_beyond_the_clock_error() {
        let created_in = |ahead: TimeDelta| {
            records([Event {
                created_at: Field::Known(now() + ahead),
                ..Event::default()
            }])
        };
        assert!(since(&created_in(TimeDelta::days(1)), now()).is_some());
        assert!(since(&created_in(TimeDelta::days(3)), now()).is_none());
    }
}
