//! The filters over the loaded events: search, role, dates and campaign. Status is in `shares`.

use core::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use referral_history_core::{
    campaign::Campaign,
    column::Column,
    dates::{Dates, LAST_DAYS},
    display::{CELL_CHARACTERS, inert},
    query::{Query, SEARCH_CHARACTERS},
    role::Role,
    sort::Sort,
    texts::fill,
    time::{date_from_iso, iso_date},
};

use super::{
    choice::{Control, events_of, group, options},
    ids::Ids,
    words::Words,
};
use crate::{
    dom::{Element, Reference, element, value_of, when},
    state::History,
    stopped::effect,
};

/// The search, the filters, and the way back to all. `first` is the search, for whoever gives the
/// focus to it.
pub fn filters(history: History, words: Words, ids: Ids, first: Reference) -> Element {
    let texts = words.texts;
    // On a phone all but the search wait behind a button; elsewhere that button is not there.
    let is_open = RwSignal::new(false);
    let toggle = element("button", "rh-button rh-filters-toggle")
        .set("type", "button")
        .set("aria-controls", ids.of("filters"))
        .attribute("aria-expanded", move || is_open.get().to_string())
        .press(move || is_open.update(|open| *open = !*open))
        .live(move || match history.query().with(Query::filters_set) {
            0 => texts.filters.to_owned(),
            set => fill(texts.filters_set, &[("count", &words.count(set))]),
        });
    element("div", "rh-filters")
        .set("part", "filters")
        .child(search(history, words, first))
        .child(toggle)
        .child(
            element("div", "rh-more")
                .set("id", ids.of("filters"))
                .flag("data-open", move || is_open.get())
                .child(role_filter(history, words, ids))
                .child(date_filter(history, words))
                .child(campaign_filter(history, words))
                .child(order(history, words)),
        )
        .child(outcome(history, words, first))
}

/// What the filters leave, and the way back to all. It keeps its height while there is nothing to
/// clear, so that nothing moves when there is.
fn outcome(history: History, words: Words, first: Reference) -> Element {
    let events = Memo::new(move |_| history.page().total);
    let left = element("span", "").live(move || match history.generation() {
        0 => "\u{a0}".to_owned(),
        _ => words.plural(&words.texts.choice_events, events.get()),
    });
    let clear = move || {
        element("button", "rh-button rh-button-quiet")
            .set("type", "button")
            .press(move || {
                // The button goes with the last filter; the focus must not go with it.
                first.focus();
                history.choose(Query::clear_filters);
            })
            .text(words.texts.clear_filters)
    };
    let is_filtered = move || history.query().with(Query::is_filtered);
    element("div", "rh-outcome")
        .child(left)
        .child(when(is_filtered, clear))
}

fn search(history: History, words: Words, first: Reference) -> Element {
    element("input", "rh-input rh-search")
        .set("type", "search")
        .set("aria-label", words.texts.search)
        .set("placeholder", words.texts.search)
        .set("maxlength", SEARCH_CHARACTERS.to_string())
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .value(move || history.query().with(|query| query.search.clone()))
        .on("input", move |event| {
            let text = value_of(event);
            history.choose(|query| query.set_search(&text));
        })
        .reference(first)
}

/// One role, or all.
fn role_filter(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let choices = Memo::new(move |_| history.role_choices());
    let option = move |role: Option<Role>| {
        let label = role
            .as_ref()
            .map_or(texts.all_roles, |role| texts.role(role));
        let chosen = role.clone();
        Control {
            kind: "radio",
            value: role.as_ref().map_or("all", Role::word).to_owned(),
            label: inert(label, CELL_CHARACTERS),
            status: None,
            reference: None,
            events: events_of(history, choices, role.clone()),
            chosen: Box::new(move || history.query().with(|query| query.role == chosen)),
            choose: Box::new(move |_| history.choose(|query| query.set_role(role.clone()))),
        }
        .view(words, ids)
    };
    group(texts.role, ids.of("role"))
        .set("role", "radiogroup")
        .child(element("div", "rh-segments").child(options(history, choices, option)))
}

/// What the list of date ranges can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    Any,
    Last(u64),
    Chosen,
}

impl Range {
    fn value(self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Last(days) => days.to_string(),
            Self::Chosen => "dates".to_owned(),
        }
    }
}

/// The days of creation: the last few, or from one to another.
fn date_filter(history: History, words: Words) -> Element {
    let texts = words.texts;
    // Somebody who is about to choose dates has not chosen any yet.
    let is_choosing = RwSignal::new(false);
    // When all days are allowed again by anything but emptying the inputs, nobody is choosing any more.
    let entered = Rc::new(Cell::new(false));
    effect({
        let entered = Rc::clone(&entered);
        let had_dates = Cell::new(false);
        move || {
            let is_any = history.query().with(|query| query.dates.is_any());
            if had_dates.replace(!is_any) && is_any && !entered.get() {
                is_choosing.set(false);
            }
            entered.set(false);
        }
    });
    let range = Memo::new(move |_| {
        let dates = history.query().with(|query| query.dates);
        let mut last = LAST_DAYS.into_iter();
        if is_choosing.get() {
            Range::Chosen
        } else if dates.is_any() {
            Range::Any
        } else if let Some(days) = last.find(|days| Dates::last(*days, history.today()) == dates) {
            Range::Last(days)
        } else {
            Range::Chosen
        }
    });
    let option = move |option: Range| {
        let label = match option {
            Range::Any => texts.any_date.to_owned(),
            Range::Last(days) => words.plural_of(&texts.last_days, days.cast_signed(), &[]),
            Range::Chosen => texts.choose_dates.to_owned(),
        };
        element("option", "")
            .set("value", option.value())
            .is("selected", move || range.get() == option)
            .text(label)
    };
    let choose = move |value: &str| {
        let days = value.parse().ok();
        is_choosing.set(value == Range::Chosen.value());
        if !is_choosing.get_untracked() {
            let today = untrack(|| history.today());
            let dates = days.map_or_else(Dates::default, |days| Dates::last(days, today));
            history.choose(|query| query.set_dates(dates));
        }
    };
    let last = LAST_DAYS.into_iter().map(Range::Last);
    let select = element("select", "rh-select")
        .set("aria-label", texts.date)
        .on("change", move |event| choose(&value_of(event)))
        .children(
            [Range::Any]
                .into_iter()
                .chain(last)
                .chain([Range::Chosen])
                .map(option),
        );
    let is_chosen = move || range.get() == Range::Chosen;
    element("div", "rh-dates")
        .child(select)
        .children([Bound::From, Bound::To].map(|bound| {
            let entered = Rc::clone(&entered);
            day(history, words, bound, entered).is("hidden", move || !is_chosen())
        }))
}

/// An end of a range of days.
#[derive(Clone, Copy)]
enum Bound {
    From,
    To,
}

impl Bound {
    fn of(self, dates: &mut Dates) -> &mut Option<referral_history_core::time::Date> {
        match self {
            Self::From => &mut dates.from,
            Self::To => &mut dates.to,
        }
    }
}

fn day(history: History, words: Words, bound: Bound, entered: Rc<Cell<bool>>) -> Element {
    let name = match bound {
        Bound::From => words.texts.from,
        Bound::To => words.texts.to,
    };
    let value = move || {
        let mut dates = history.query().with(|query| query.dates);
        bound.of(&mut dates).map_or_else(String::new, iso_date)
    };
    let input = element("input", "rh-input")
        .set("type", "date")
        // Its label stands around it, and WebKit would take the words in the input into the name.
        .set("aria-label", name)
        .value(value)
        .on("change", move |event| {
            let date = date_from_iso(&value_of(event));
            entered.set(true);
            history.choose(|query| {
                let mut dates = query.dates;
                *bound.of(&mut dates) = date;
                query.set_dates(dates);
            });
        });
    element("label", "rh-day")
        .child(element("span", "").text(name))
        .child(input)
}

/// One campaign, none, or any.
fn campaign_filter(history: History, words: Words) -> Element {
    let texts = words.texts;
    let choices = Memo::new(move |_| history.campaign_choices());
    // What stands for a campaign in the list: a name may be anything.
    let value = |campaign: &Campaign| match campaign {
        Campaign::None => "none".to_owned(),
        Campaign::Named(name) => format!("={name}"),
    };
    let is_chosen = move |campaign: Option<&Campaign>| {
        history
            .query()
            .with(|query| query.campaign.as_ref() == campaign)
    };
    let any = element("option", "")
        .set("value", "")
        .is("selected", move || is_chosen(None))
        .text(texts.any_campaign);
    let option = move |campaign: Campaign| {
        let name = words.campaign(&campaign);
        let events = events_of(history, choices, campaign.clone());
        element("option", "")
            .set("value", value(&campaign))
            .is("selected", move || is_chosen(Some(&campaign)))
            .live(move || match events() {
                Some(events) => fill(
                    texts.counted,
                    &[("name", &name), ("count", &words.count(events))],
                ),
                None => name.clone(),
            })
    };
    let choose = move |chosen: &str| {
        let campaign = match chosen {
            "" => None,
            "none" => Some(Campaign::None),
            named => named
                .strip_prefix('=')
                .map(|name| Campaign::Named(name.to_owned())),
        };
        history.choose(|query| query.set_campaign(campaign));
    };
    element("select", "rh-select rh-campaign")
        .set("aria-label", texts.campaign)
        .on("change", move |event| choose(&value_of(event)))
        .child(any)
        .child(options(history, choices, option))
}

/// The order as a list to choose from, where there are no headings to press: on a phone.
fn order(history: History, words: Words) -> Element {
    let texts = words.texts;
    let value = |sort: Option<Sort>| {
        sort.map_or_else(String::new, |sort| {
            [if sort.descending { "-" } else { "" }, sort.column.field()].concat()
        })
    };
    let columns = Column::ALL
        .into_iter()
        .filter(|column| column.is_sortable());
    let orders: Vec<Option<Sort>> =
        core::iter::once(None)
            .chain(columns.flat_map(|column| {
                [true, false].map(|descending| Some(Sort { column, descending }))
            }))
            .collect();
    let option = {
        move |sort: &Option<Sort>| {
            let sort = *sort;
            element("option", "")
                .set("value", value(sort))
                .is("selected", move || {
                    history.query().with(|query| query.sort == sort)
                })
                .text(sort.map_or_else(|| texts.default_order.to_owned(), |sort| words.order(sort)))
        }
    };
    let options: Vec<Element> = orders.iter().map(option).collect();
    element("select", "rh-select rh-order")
        .set("aria-label", texts.sort_by)
        .on("change", move |event| {
            let chosen = value_of(event);
            let mut orders = orders.iter().copied();
            let sort = orders.find(|sort| value(*sort) == chosen).flatten();
            history.choose(|query| query.set_sort(sort));
        })
        .children(options)
}
