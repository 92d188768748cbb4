//! Below the list: which referrals are loaded, the zone of the times, and the keys.

use leptos::prelude::*;
use referral_history_core::{
    locale::DateForm,
    record::Record,
    summary::since,
    texts::{fill, join_sentences},
    time::Zone,
};

use super::shortcuts::Shortcuts;
use crate::{
    context::{Shared, memo_text, use_shared},
    i18n::I18n,
    state::{Loaded, ReferralState},
};

/// The last lines of the page.
#[component]
pub fn Footer() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let scope = move || {
        let shown = state.shown();
        shown.with(|shown| {
            let shown = shown.as_ref();
            shown.map(|shown| scope(shown, state, i18n))
        })
    };
    view! {
        <footer class="rh-footer">
            <p class="rh-caption" prop:textContent=memo_text(scope)/>
            <ZoneLine/>
            <Shortcuts/>
        </footer>
    }
}

/// Which referrals are loaded, and whether there may be older ones.
fn scope(shown: &Loaded, state: ReferralState, i18n: I18n) -> String {
    let texts = i18n.texts;
    let (events, older) = if shown.may_lack_older() {
        (&texts.latest_events, Some(texts.older_not_shown))
    } else {
        (&texts.all_events, None)
    };
    let events = i18n.plural(events, shown.records.len());
    let oldest = since(&shown.records, shown.at)
        .and_then(|record: &Record| record.created_on.in_zone(state.zone()));
    let scope = match oldest {
        Some(date) => {
            let date = i18n.date(date, DateForm::Day);
            fill(texts.since, &[("events", &events), ("date", &date)])
        }
        None => fill(texts.since_unknown, &[("events", &events)]),
    };
    join_sentences([Some(&*scope), older].into_iter().flatten())
}

/// The zone of the times, and the button that switches to the other one.
#[component]
fn ZoneLine() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let other = move || match state.zone() {
        Zone::User => texts.show_utc.to_owned(),
        Zone::Utc => fill(texts.show_zone, &[("zone", &i18n.zone_name(Zone::User))]),
    };
    // No button if the user's zone is UTC: both zones are the same.
    let switch = (!i18n.is_in_utc()).then(|| {
        view! {
            <button
                class="rh-button rh-button-quiet rh-zone"
                type="button"
                on:click=move |_| state.choose(|query| query.zone = query.zone.other())
                prop:textContent=memo_text(other)
            />
        }
    });
    view! {
        <p class="rh-caption rh-zone-line">
            <span prop:textContent=memo_text(move || i18n.times_in(state.zone()))/>
            {switch}
        </p>
    }
}
