//! What the page draws after its rows. The element's release has it in a WebAssembly file of its own, which loads
//! after the first one.

use leptos::prelude::*;
use referral_history_core::options::HostOptions;

use crate::{
    components::{
        answer::Answer,
        credits_card::CreditsCard,
        details::DetailsPanel,
        empty_notice::EmptyNotice,
        export_menu::Formats,
        failure_notice::{FailureNotice, UnreadableNotice},
        footer::Footer,
        header::Actions,
        live_region::PageStatusMessage,
        pager::Pager,
        period_filter::PeriodFilter,
        summary::Summary,
        table::TableSkeleton,
        toolbar::Toolbar,
    },
    context::{Shared, use_shared},
};

/// A part of the page that is drawn after the rows.
#[derive(Clone, Copy)]
pub enum Part {
    /// The age of the loaded events, Refresh and Export.
    Actions {
        has_controls: Memo<bool>,
        host_signs_in: Signal<bool>,
    },
    /// The live region.
    StatusMessage { host_signs_in: Signal<bool> },
    /// The answer in words, and the period that it is about.
    Lead,
    /// The figures, the charts and the filters.
    Controls,
    /// The failure of the last request.
    Failure {
        options: Signal<HostOptions>,
        host_signs_in: Signal<bool>,
        above_rows: bool,
    },
    /// What keeps the place of the rows while they load.
    Skeleton,
    /// Why there are no rows.
    EmptyNotice,
    /// Which records could not be read.
    UnreadableNotice,
    /// The pager, and what is loaded.
    BelowRows,
    /// The dialog with the details of one event.
    Details,
    /// The list of export formats.
    Formats,
}

/// Draws a part.
pub type Draw = fn(Part) -> AnyView;

/// Loads the code of all parts. `cargo xtask build` sets `split`, and puts what is only reached from here into a file of
/// its own. Without `split` all is one file, and nothing is waited for. Where the file cannot be loaded, the future
/// never completes, and the entry ends the page.
#[cfg_attr(split, lazy)]
pub async fn load() -> Draw {
    draw as Draw
}

/// A part of the page, from when its code is there.
#[component]
pub fn Later(part: Part) -> impl IntoView {
    let later = use_shared().later;
    move || {
        let draw = later.get_untracked();
        // It does not change again: whoever subscribed would stay with it, with each part that is drawn anew.
        if draw.is_none() {
            later.track();
        }
        draw.map(|draw| draw(part))
    }
}

fn draw(part: Part) -> AnyView {
    match part {
        Part::Actions {
            has_controls,
            host_signs_in,
        } => view! { <Actions has_controls host_signs_in/> }.into_any(),
        Part::StatusMessage { host_signs_in } => {
            view! { <PageStatusMessage host_signs_in/> }.into_any()
        }
        Part::Lead => view! { <Lead/> }.into_any(),
        Part::Controls => view! { <Controls/> }.into_any(),
        Part::Failure {
            options,
            host_signs_in,
            above_rows,
        } => view! { <FailureNotice options host_signs_in above_rows/> }.into_any(),
        Part::Skeleton => view! { <TableSkeleton/> }.into_any(),
        Part::EmptyNotice => view! { <EmptyNotice/> }.into_any(),
        Part::UnreadableNotice => view! { <UnreadableNotice/> }.into_any(),
        Part::BelowRows => view! {
            <Pager/>
            <Footer/>
        }
        .into_any(),
        Part::Details => view! { <DetailsPanel/> }.into_any(),
        Part::Formats => view! { <Formats/> }.into_any(),
    }
}

/// The answer in words, and the period that it is about.
#[component]
fn Lead() -> impl IntoView {
    view! {
        <div class="rh-lead">
            <Answer/>
            <PeriodFilter/>
        </div>
    }
}

/// The figures, the charts and the filters. On a phone a button shows the charts.
#[component]
fn Controls() -> impl IntoView {
    let Shared {
        i18n,
        is_overview_open: is_open,
        ..
    } = use_shared();
    let texts = i18n.texts;
    view! {
        <div class="rh-overview">
            <Summary/>
            <button
                class="rh-button rh-overview-toggle"
                type="button"
                aria-controls="rh-overview"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {texts.overview}
            </button>
            <div
                class="rh-pictures"
                id="rh-overview"
                data-open=move || is_open.get().then_some("true")
            >
                <CreditsCard/>
            </div>
        </div>
        <Toolbar/>
    }
}
