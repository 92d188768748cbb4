//! What the page says when there is something to say: failures, and lists with nothing in them.

use std::rc::Rc;

use leptos::prelude::*;
use referral_history_core::{
    display::{CELL_CHARACTERS, inert},
    failure::{Failure, FailureKind},
    locale::DateForm,
    query::Query,
    retry::RETRIES,
    texts::fill,
    time::{Date, countdown},
};

use super::{
    announcement::Announcer, ask::ask_button, copy::copy_button, ids::Ids, page::Around,
    words::Words,
};
use crate::{
    dom::{Element, Part, Reference, element, part},
    state::{Face, History, Load, Loaded},
};

/// The most filters that are named where none of the events matches.
const MOST_NAMES: usize = 12;

/// A failure: what happened, what it means, what can be done, and what the service said. `refresh`
/// takes the focus when "Try again" goes.
pub fn failure_notice(
    history: History,
    words: Words,
    ids: Ids,
    around: Around,
    refresh: Reference,
    announcer: Announcer,
) -> Part {
    let texts = words.texts;
    let notice = move |load: &Load| {
        let Load::Failed {
            before, failure, ..
        } = load
        else {
            return None;
        };
        if failure.kind == FailureKind::NotSignedIn && around.host_signs_in.get() {
            return None;
        }
        let title = element("h2", "rh-notice-title")
            .set("id", ids.of("failure"))
            .text(failure_title(failure, before.is_some(), words));
        let sign_in = (failure.kind == FailureKind::NotSignedIn).then(|| {
            let sign_in_href = Rc::clone(&around.sign_in_href);
            // A host changes the address without a word, so it is read again when the link is used.
            let used = RwSignal::new(());
            element("a", "rh-button rh-button-primary")
                .attribute("href", move || {
                    // The choices are in the address that the user comes back to.
                    history.query().with(|_| ());
                    used.get();
                    sign_in_href()
                })
                .on("pointerdown", move |_| used.set(()))
                .on("click", move |_| used.set(()))
                .text(texts.sign_in)
        });
        let try_again = try_again(history, words, refresh);
        let notice = element("section", "rh-notice")
            .set("part", "notice")
            .set("data-kind", "failure")
            .set("aria-labelledby", ids.of("failure"))
            .child(title)
            .child(element("p", "").text(meaning(failure, words)))
            .children(before.as_ref().map(|before| age(history, words, before)))
            .child(
                element("div", "rh-notice-actions")
                    .children(sign_in)
                    .child(try_again),
            )
            .child(service_says(history, words, failure, announcer));
        Some(notice)
    };
    let load = history.load();
    part(move || load.with(&notice))
}

/// What happened, said so that a failed refresh is not taken for an empty page.
pub fn failure_title(failure: &Failure, has_rows: bool, words: Words) -> String {
    let title = words.texts.failure(failure.kind).title;
    if has_rows {
        fill(words.texts.refresh_failed, &[("title", title)])
    } else {
        title.to_owned()
    }
}

/// What a failure means and what can be done, and what the request has cost.
pub fn meaning(failure: &Failure, words: Words) -> String {
    let texts = words.texts;
    let longest = failure.asks_for_longest().then_some(texts.asks_for_longest);
    let sentences = [
        Some(texts.failure(failure.kind).meaning),
        longest,
        Some(texts.charged(failure.charge)),
    ];
    let sentences: Vec<&str> = sentences.into_iter().flatten().collect();
    sentences.join(" ")
}

/// How old the rows are that a failed refresh left.
fn age(history: History, words: Words, loaded: &Loaded) -> Element {
    let (loaded_at, is_old) = (loaded.at, loaded.is_old);
    let now = history.clock();
    element("p", "").live(move || {
        if is_old {
            let at = words.date_time(loaded_at, history.zone());
            return fill(words.texts.rows_are_old, &[("time", &at)]);
        }
        fill(
            words.texts.rows_are_from,
            &[
                ("ago", &words.ago(loaded_at, now.get())),
                ("time", &words.time_of_day(loaded_at, history.zone())),
            ],
        )
    })
}

/// Asks again, once the wait that the service asked for is over.
fn try_again(history: History, words: Words, refresh: Reference) -> Element {
    ask_button(history, words, words.texts.try_again)
        .is("disabled", move || history.wait() > 0)
        .press(move || {
            // The notice goes; the focus stays on what does the same.
            refresh.focus();
            history.refresh();
        })
}

/// The service's own words, small: they are for whoever helps the user.
fn service_says(
    history: History,
    words: Words,
    failure: &Failure,
    announcer: Announcer,
) -> Element {
    let texts = words.texts;
    let message = failure.message.as_ref().map(|message| {
        element("p", "")
            .set("dir", "auto")
            .text(fill(texts.service_says, &[("message", message)]))
    });
    let request_id = failure.request_id.as_ref().map(|id| {
        let copied = id.clone();
        let name = fill(texts.copy_of, &[("name", texts.request_id)]);
        let copy = copy_button(history, words, announcer, texts.copy, name, move || {
            copied.clone()
        });
        element("p", "")
            .text(texts.request_id)
            .text(" ")
            .child(element("code", "rh-code").text(id))
            .text(" ")
            .child(copy)
    });
    element("div", "rh-small")
        .children(message)
        .children(request_id)
}

/// Which retry the page waits for or makes, and for a wait, `in_time`, how long it is.
pub fn retry_text(load: &Load, in_time: u64, words: Words) -> Option<String> {
    let Load::Asking {
        retry: Some(retry), ..
    } = load
    else {
        return None;
    };
    let text = match in_time {
        0 => words.texts.retrying,
        _ => words.texts.retrying_in,
    };
    let time = countdown(in_time);
    Some(fill(
        text,
        &[
            ("number", &words.number(retry.number.into())),
            ("of", &words.number(RETRIES.into())),
            ("time", &time),
        ],
    ))
}

/// Gives up the wait before a retry. `refresh` takes the focus, since the button goes with the wait.
pub fn stop_waiting(history: History, words: Words, refresh: Reference) -> Element {
    element("button", "rh-button rh-button-quiet")
        .set("type", "button")
        .press(move || {
            refresh.focus();
            history.stop_waiting();
        })
        .text(words.texts.stop_waiting)
}

/// Says how many records could not be read, or were not. It stands below the rows, so that they do not
/// move when it comes.
pub fn unreadable_notice(history: History, words: Words) -> Part {
    part(move || {
        let shown = history.shown().get()?;
        let counted = [
            (&words.texts.unreadable_records, shown.unreadable),
            (&words.texts.records_not_read, shown.not_read),
        ];
        let counted = counted.into_iter().filter(|(_, count)| *count > 0);
        let sentences: Vec<String> = counted
            .map(|(text, count)| words.plural(text, count))
            .collect();
        (!sentences.is_empty()).then(|| element("p", "rh-notice").text(sentences.join(" ")))
    })
}

/// Says why there are no rows where there could be some. `first` takes the focus when "Show all
/// events" goes, `refresh` when "Load referrals" does.
pub fn nothing_notice(
    history: History,
    words: Words,
    ids: Ids,
    first: Reference,
    refresh: Reference,
) -> Part {
    let texts = words.texts;
    let face = history.face();
    let show_all = move || {
        let clear = move || {
            first.focus();
            history.choose(Query::clear_filters);
        };
        element("button", "rh-button")
            .set("type", "button")
            .press(clear)
            .text(texts.show_all)
    };
    part(move || {
        let load_again = move || {
            ask_button(history, words, texts.load).press(move || {
                refresh.focus();
                history.refresh();
            })
        };
        let (title, meaning, way_back) = match face.get() {
            Face::Cleared => {
                let meaning = texts.cleared_meaning.to_owned();
                (texts.cleared_title, meaning, Some(load_again()))
            }
            Face::Empty => (texts.empty_title, texts.empty_meaning.to_owned(), None),
            Face::NothingReadable => {
                let meaning = texts.nothing_readable_meaning.to_owned();
                (texts.nothing_readable_title, meaning, None)
            }
            Face::NoMatch => {
                let filters = history.query().with(|query| filters_text(query, words));
                let meaning = fill(texts.no_match_meaning, &[("filters", &filters)]);
                (texts.no_match_title, meaning, Some(show_all()))
            }
            Face::Skeleton | Face::Failure | Face::Rows => return None,
        };
        let notice = element("section", "rh-nothing")
            .set("part", "notice")
            .set("aria-labelledby", ids.of("nothing"))
            .child(
                element("h2", "rh-notice-title")
                    .set("id", ids.of("nothing"))
                    .text(title),
            )
            .child(element("p", "").text(meaning))
            .children(way_back);
        Some(notice)
    })
}

/// The filters that are set, by name.
fn filters_text(query: &Query, words: Words) -> String {
    let texts = words.texts;
    let search = query.search.trim();
    let bound = |text: &str, date: Option<Date>| {
        date.map(|date| fill(text, &[("date", &words.date(date, DateForm::Day))]))
    };
    let mut names: Vec<String> = Vec::new();
    if !search.is_empty() {
        let search = inert(search, CELL_CHARACTERS);
        names.push(fill(texts.searched, &[("text", &search)]));
    }
    let role = query.role.iter().map(|role| texts.role(role));
    let statuses = query.statuses.iter().map(|status| texts.status(status));
    names.extend(
        role.chain(statuses)
            .map(|name| inert(name, CELL_CHARACTERS)),
    );
    names.extend(query.expiring_soon.then(|| texts.expiring_soon.to_owned()));
    names.extend(bound(texts.dates_from, query.dates.from));
    names.extend(bound(texts.dates_to, query.dates.to));
    names.extend(
        query
            .campaign
            .iter()
            .map(|campaign| words.campaign(campaign)),
    );
    // A link may name fifty statuses.
    let more = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    names.extend((more > 0).then(|| words.plural(&texts.and_more, more)));
    names.join(texts.list_separator)
}
