//! The figures of each campaign.

use leptos::prelude::*;
use referral_history_core::{campaign::Campaign, summary::CampaignTotal};

use super::credits_table::credits_text;
use crate::context::{Shared, use_shared};

/// A row for each campaign.
#[component]
pub fn CampaignTable() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let texts = i18n.texts;
    let totals = Memo::new(move |_| state.by_campaign());
    let row = move |total: CampaignTotal| {
        let name = match total.campaign {
            Some(campaign) => view! { <CampaignButton campaign=campaign/> }.into_any(),
            // An unreadable name has no filter value, so it cannot be chosen.
            None => view! { <span class="rh-muted">{texts.unreadable}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{i18n.count(total.events)}</td>
                <td>{i18n.count(total.credits.rewards)}</td>
                <td>{credits_text(i18n, total.credits)}</td>
            </tr>
        }
    };
    view! {
        <table class="rh-small-table" aria-label=texts.by_campaign>
            <thead>
                <tr>
                    <th scope="col">{texts.campaign}</th>
                    <th scope="col">{texts.column_events}</th>
                    <th scope="col">{texts.column_rewarded}</th>
                    <th scope="col">{texts.column_credits}</th>
                </tr>
            </thead>
            <tbody>{move || totals.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// A campaign's name, which turns the campaign filter on and off.
#[component]
fn CampaignButton(campaign: Campaign) -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let name = i18n.campaign(&campaign);
    let shown = campaign.clone();
    let is_chosen = move || {
        state
            .query()
            .with(|query| query.campaign.as_ref() == Some(&shown))
    };
    let toggle = move |_| {
        let campaign = Some(campaign.clone());
        state.choose(|query| {
            let chosen = query.campaign == campaign;
            query.set_campaign(campaign.filter(|_| !chosen));
        });
    };
    view! {
        <button
            class="rh-button rh-button-quiet"
            type="button"
            aria-pressed=move || is_chosen().to_string()
            on:click=toggle
        >
            <bdi>{name}</bdi>
        </button>
    }
}
