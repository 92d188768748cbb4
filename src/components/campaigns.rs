//! What became of the referrals of each campaign.

use leptos::prelude::*;
use referral_history_core::{campaign::Campaign, summary::CampaignTotal};

use super::credits_chart::sum;
use crate::context::{Shared, use_shared};

/// A small table, which opens.
#[component]
pub fn Campaigns() -> impl IntoView {
    let Shared { state, i18n, .. } = use_shared();
    let totals = Memo::new(move |_| state.by_campaign());
    let is_open = RwSignal::new(false);
    view! {
        <details
            class="rh-card rh-campaigns"
            part="campaigns"
            on:toggle:target=move |event| is_open.set(event.target().open())
        >
            <summary>
                <h2 class="rh-card-title" id="rh-campaigns">{i18n.texts.by_campaign}</h2>
            </summary>
            {move || is_open.get().then(|| view! { <CampaignTable totals=totals.get()/> })}
        </details>
    }
}

/// A row for each campaign, however many there are: the table scrolls.
#[component]
fn CampaignTable(totals: Vec<CampaignTotal>) -> impl IntoView {
    let i18n = use_shared().i18n;
    let texts = i18n.texts;
    let row = |total: CampaignTotal| {
        let name = match total.campaign {
            Some(campaign) => view! { <CampaignButton campaign=campaign/> }.into_any(),
            // Nothing that could stand in a link: it can be seen, but not chosen.
            None => view! { <span class="rh-muted">{texts.unreadable}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{i18n.count(total.events)}</td>
                <td>{i18n.count(total.credits.rewards)}</td>
                <td>{sum(i18n, total.credits)}</td>
            </tr>
        }
    };
    view! {
        <div class="rh-scroll">
            <table class="rh-small-table" aria-labelledby="rh-campaigns">
                <thead>
                    <tr>
                        <th scope="col">{texts.campaign}</th>
                        <th scope="col">{texts.column_events}</th>
                        <th scope="col">{texts.column_rewarded}</th>
                        <th scope="col">{texts.column_credits}</th>
                    </tr>
                </thead>
                <tbody>{totals.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A campaign. Pressing it sets the filter to it, or drops it.
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
