//! What became of the referrals of each campaign.

use leptos::prelude::*;
use referral_history_core::{campaign::Campaign, summary::CampaignTotal};

use super::{chart::sum, ids::Ids, words::Words};
use crate::{
    dom::{Element, element, is_open, part},
    state::History,
};

/// A small table, which opens. Pressing a campaign sets the filter to it, or drops it.
pub fn campaigns(history: History, words: Words, ids: Ids) -> Element {
    let texts = words.texts;
    let totals = Memo::new(move |_| history.by_campaign());
    let is_opened = RwSignal::new(false);
    let table = part(move || {
        is_opened.get().then(|| {
            let heading = |text: &'static str| element("th", "").set("scope", "col").text(text);
            let head = [
                texts.campaign,
                texts.column_events,
                texts.column_rewarded,
                texts.column_credits,
            ];
            let rows = totals.with(|totals| {
                let rows = totals.iter().map(|total| row(history, words, total));
                rows.collect::<Vec<_>>()
            });
            let table = element("table", "rh-small-table")
                .set("aria-labelledby", ids.of("campaigns"))
                .child(element("thead", "").child(element("tr", "").children(head.map(heading))))
                .child(element("tbody", "").children(rows));
            element("div", "rh-scroll").child(table)
        })
    });
    element("details", "rh-card rh-campaigns")
        .set("part", "campaigns")
        .on("toggle", move |event| is_opened.set(is_open(event)))
        .child(
            element("summary", "").child(
                element("h2", "rh-card-title")
                    .set("id", ids.of("campaigns"))
                    .text(texts.by_campaign),
            ),
        )
        .child(table)
}

fn row(history: History, words: Words, total: &CampaignTotal) -> Element {
    let cell = |text: String| element("td", "").text(text);
    let name = match &total.campaign {
        Some(campaign) => choose(history, words, campaign.clone()),
        // Nothing that could stand in a link: it can be seen, but not chosen.
        None => element("span", "rh-muted").text(words.texts.unreadable),
    };
    element("tr", "")
        .child(element("th", "").set("scope", "row").child(name))
        .child(cell(words.count(total.events)))
        .child(cell(words.count(total.credits.rewards)))
        .child(cell(sum(words, total.credits)))
}

fn choose(history: History, words: Words, campaign: Campaign) -> Element {
    let name = words.campaign(&campaign);
    let chosen = campaign.clone();
    let is_chosen = move |campaign: &Campaign| {
        history
            .query()
            .with(|query| query.campaign.as_ref() == Some(campaign))
    };
    element("button", "rh-button rh-button-quiet")
        .set("type", "button")
        .attribute("aria-pressed", move || is_chosen(&chosen).to_string())
        .press(move || {
            let campaign = Some(campaign.clone());
            history.choose(|query| {
                let chosen = query.campaign == campaign;
                query.set_campaign(campaign.filter(|_| !chosen));
            });
        })
        .child(element("bdi", "").text(name))
}
