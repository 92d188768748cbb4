//! The page: which of its parts are there, and the component that a Leptos host takes.

use std::sync::Arc;

use leptos::{html, prelude::*};
use referral_history_core::{
    options::{HostOptions, Theme, UrlSync},
    texts,
};

use crate::{
    browser::{IntlLocale, address},
    components::{
        campaigns::Campaigns,
        credits_chart::CreditsChart,
        details::{Details, DetailsPanel},
        empty_notice::EmptyNotice,
        failure_notice::{FailureNotice, UnreadableNotice},
        header::Header,
        list::{Key, KeyedList},
        live_region::{LiveRegion, PageStatusMessage},
        pager::Pager,
        status_filter::StatusFilter,
        summary::Summary,
        table::{EventTable, TableSkeleton},
        toolbar::Toolbar,
    },
    context::{FocusTargets, Shared},
    embed::Mounted,
    i18n::{I18n, available_tag},
    state::{LoadState, ReferralState, ViewState},
};

/// A signed-in user's referral history.
///
/// **Mounting it makes one request**, which costs the user a credit; another one is made only when the
/// user presses Refresh or Try again, when the host calls [`ReferralHistoryHandle::refresh`], or when
/// `api_base`, `api_origin`, `limit` or `session` change. A request that fails in passing is repeated at
/// most twice.
///
/// The props are [`HostOptions`]; one that is not set has its default. It renders a `<div>` with an open
/// shadow root, from which the events come that `referral-history.d.ts` describes, such as
/// `referral-history:load`.
///
/// ```
/// use leptos::prelude::*;
/// use referral_history::{ReferralHistory, ReferralHistoryHandle, Theme};
///
/// #[component]
/// fn Account() -> impl IntoView {
///     let (theme, _) = signal(Some(Theme::Dark));
///     let referrals = ReferralHistoryHandle::new();
///     view! {
///         <button on:click=move |_| referrals.clear()>"Lock"</button>
///         <ReferralHistory limit=50 theme=theme sign_in_url="/login" handle=referrals/>
///     }
/// }
/// ```
#[component]
pub fn ReferralHistory(
    /// Where the API is; `/api/v1` unless set.
    #[prop(optional, into)]
    api_base: MaybeProp<String>,
    /// The one other origin that `api_base` may be on; none unless set.
    #[prop(optional, into)]
    api_origin: MaybeProp<String>,
    /// How many events are asked for, 1 to 100; 100 unless set.
    #[prop(optional, into)]
    limit: MaybeProp<u8>,
    /// Rows on a page until the user chooses otherwise: 10, 25, 50 or 100; 25 unless set.
    #[prop(optional, into)]
    page_size: MaybeProp<usize>,
    /// The colours; the system's unless set.
    #[prop(optional, into)]
    theme: MaybeProp<Theme>,
    /// The language; the document's unless set.
    #[prop(optional, into)]
    lang: MaybeProp<String>,
    /// Where users sign in, on the page's origin; `/sign-in` unless set.
    #[prop(optional, into)]
    sign_in_url: MaybeProp<String>,
    /// Whether, and under which names, choices stand in the page's address; on unless set.
    #[prop(optional, into)]
    url_sync: MaybeProp<UrlSync>,
    /// Whatever tells one signed-in user from another; when it changes, the former user's events go and
    /// the service is asked anew.
    #[prop(optional, into)]
    session: MaybeProp<String>,
    /// By which the host asks again, and takes the data off the page.
    #[prop(optional)]
    handle: Option<ReferralHistoryHandle>,
) -> impl IntoView {
    let options = move || {
        let default = HostOptions::default();
        HostOptions {
            api_base: api_base.get().unwrap_or(default.api_base),
            api_origin: api_origin.get().unwrap_or(default.api_origin),
            limit: limit.get().unwrap_or(default.limit),
            page_size: page_size.get().unwrap_or(default.page_size),
            theme: theme.get().unwrap_or(default.theme),
            lang: lang.get().unwrap_or(default.lang),
            sign_in_url: sign_in_url.get().unwrap_or(default.sign_in_url),
            url_sync: url_sync.get().unwrap_or(default.url_sync),
            session: session.get().unwrap_or(default.session),
        }
    };
    let host = NodeRef::<html::Div>::new();
    let mounted = StoredValue::new_local(None::<Mounted>);
    Effect::new(move |_| {
        let Some(host) = host.get() else {
            return;
        };
        let mut options = options();
        mounted.update_value(|mounted| {
            if mounted.is_none() {
                *mounted = Mounted::new((*host).clone());
            }
            if let Some(mounted) = mounted {
                mounted.apply(&mut options);
                if let Some(handle) = handle {
                    handle.0.set_value(mounted.state());
                }
            }
        });
    });
    on_cleanup(move || {
        if let Some(handle) = handle {
            handle.0.try_set_value(None);
        }
    });
    view! { <div node_ref=host></div> }
}

/// What a Leptos host can ask of a [`ReferralHistory`] that it is given to. Copies are the same handle.
/// Before the component is mounted and after it is unmounted, it does nothing.
#[derive(Clone, Copy, Debug)]
pub struct ReferralHistoryHandle(StoredValue<Option<ReferralState>>);

impl ReferralHistoryHandle {
    /// A handle for one component.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Asks the service again: one credit. Does nothing while a request is under way, or while the
    /// service has asked to wait.
    pub fn refresh(self) {
        if let Some(state) = self.state() {
            state.refresh();
        }
    }

    /// Takes the user's events and choices off the page. Nothing is asked until
    /// [`ReferralHistoryHandle::refresh`], or until the user asks.
    pub fn clear(self) {
        if let Some(state) = self.state() {
            state.clear();
        }
    }

    fn state(self) -> Option<ReferralState> {
        self.0.try_get_value().flatten()
    }
}

impl Default for ReferralHistoryHandle {
    fn default() -> Self {
        Self::new()
    }
}

/// The page on a state, in the language of the options.
#[component]
pub(crate) fn App(
    state: ReferralState,
    options: RwSignal<HostOptions>,
    /// Whether the host signs its users in by itself: then the page does not say how.
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    let lang = Memo::new(
        move |_| match options.with(|options| options.lang.clone()) {
            lang if lang.is_empty() => available_tag(&address::language()),
            lang => available_tag(&lang),
        },
    );
    // Another language is another tree on the same state, so that no text needs a signal.
    let changes = Memo::new(move |before: Option<&Key>| {
        lang.track();
        before.map_or(0, |before| before + 1)
    });
    let page =
        move |_| view! { <Page lang=lang.get_untracked() state options host_signs_in/> }.into_any();
    view! { <KeyedList keys=Signal::derive(move || vec![changes.get()]) make=Arc::new(page)/> }
}

/// The page in one language.
#[component]
fn Page(
    lang: String,
    state: ReferralState,
    options: RwSignal<HostOptions>,
    host_signs_in: Signal<bool>,
) -> impl IntoView {
    state.set_language(&lang);
    let state = state.scoped();
    let texts = texts::get(&lang);
    let i18n = I18n::new(texts, IntlLocale::new(&lang));
    let focus = FocusTargets::default();
    provide_context(Shared {
        state,
        i18n,
        live_region: LiveRegion::new(),
        details: Details::new(state),
        focus,
    });
    let has_controls = Memo::new(move |_| state.view_state().get().has_controls());
    let is_skeleton = move || state.view_state().get() == ViewState::Skeleton;
    let has_rows = Memo::new(move |_| {
        matches!(
            state.view_state().get(),
            ViewState::NoMatch | ViewState::Rows
        )
    });
    let is_busy = move || has_rows.get() && state.load().with(LoadState::is_loading);
    view! {
        <div
            class="rh"
            part="page"
            role="region"
            aria-labelledby="rh-title"
            lang=texts.lang
            dir=texts.dir
            data-theme=move || options.with(|options| options.theme.as_str())
        >
            <Header has_controls/>
            <PageStatusMessage host_signs_in/>
            <FailureNotice options host_signs_in/>
            {move || has_controls.get().then(|| view! { <Controls/> })}
            <div
                class="rh-rows"
                tabindex="-1"
                node_ref=focus.rows
                data-busy=move || is_busy().then_some("true")
            >
                {move || is_skeleton().then(|| view! { <TableSkeleton/> })}
                {move || has_rows.get().then(|| view! { <EventTable/> })}
                <EmptyNotice/>
            </div>
            <UnreadableNotice/>
            // Not below the skeleton: it would move when there are fewer rows than bones.
            {move || has_rows.get().then(|| view! { <Pager/> })}
            <DetailsPanel/>
        </div>
    }
}

/// The figures, the pictures and the filters.
#[component]
fn Controls() -> impl IntoView {
    view! {
        <div class="rh-overview">
            <Summary/>
            <div class="rh-pictures">
                <StatusFilter/>
                <CreditsChart/>
            </div>
            <Campaigns/>
        </div>
        <Toolbar/>
    }
}
