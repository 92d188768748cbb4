//! The layout of the page, and the component for Leptos hosts.

use core::time::Duration;
use std::rc::Rc;

use leptos::{either::Either, ev, html, prelude::*, task::tick};
use referral_history_core::{
    options::{HostOptions, Theme, UrlSync},
    texts,
};

use crate::{
    browser::{
        IntlLocale,
        language::{self, LanguageObserver},
    },
    components::{
        answer::Answer,
        credits_card::CreditsCard,
        details::{Details, DetailsPanel},
        empty_notice::EmptyNotice,
        export_menu::ExportList,
        failure_notice::{FailureNotice, UnreadableNotice},
        footer::Footer,
        header::Header,
        live_region::{LiveRegion, PageStatusMessage},
        pager::Pager,
        period_filter::PeriodFilter,
        shortcuts::{self, KeyList},
        summary::Summary,
        table::{EventTable, TableSkeleton},
        toolbar::Toolbar,
    },
    context::{FocusTargets, Shared, use_shared},
    embed::{Mounted, Page as _},
    first_rows::FirstRows,
    i18n::{I18n, available_tag, notify_locales},
    panic_hook::on_window,
    state::{LoadState, ReferralState, ViewState},
};

/// How long the page waits for an answer that is on its way before it draws itself without one.
const LATE: Duration = Duration::from_millis(400);

/// A signed-in user's referral history.
///
/// **Mounting it makes one request**, which costs the user a credit. It makes another request only when
/// the user presses Refresh or Try again, when the host calls [`ReferralHistoryHandle::refresh`], or when
/// `api_base`, `api_origin`, `limit` or `session` change. It retries a transient failure at most twice.
///
/// The props are [`HostOptions`]. A prop that is not set has its default. The component renders a `<div>`
/// with an open shadow root. The `<div>` dispatches the events that `referral-history.d.ts` describes, such
/// as `referral-history:load`.
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
    /// The base URL of the API; `/api/v1` unless set.
    #[prop(optional, into)]
    api_base: MaybeProp<String>,
    /// The other origin that `api_base` may have; none unless set.
    #[prop(optional, into)]
    api_origin: MaybeProp<String>,
    /// How many events a request asks for, 1 to 100; 100 unless set.
    #[prop(optional, into)]
    limit: MaybeProp<u8>,
    /// Rows per page until the user changes it: 10, 25, 50 or 100; 25 unless set.
    #[prop(optional, into)]
    page_size: MaybeProp<usize>,
    /// The colour scheme; the system's unless set.
    #[prop(optional, into)]
    theme: MaybeProp<Theme>,
    /// The language; that of the nearest `lang` around the component unless set.
    #[prop(optional, into)]
    lang: MaybeProp<String>,
    /// The sign-in page, on the page's origin; `/sign-in` unless set.
    #[prop(optional, into)]
    sign_in_url: MaybeProp<String>,
    /// Whether choices are kept in the page's address, and with which prefix; on unless set.
    #[prop(optional, into)]
    url_sync: MaybeProp<UrlSync>,
    /// A value that identifies the signed-in user. When it changes, the component removes the events and
    /// makes a new request.
    #[prop(optional, into)]
    session: MaybeProp<String>,
    /// The handle by which the host refreshes or clears the page.
    #[prop(optional)]
    handle: Option<ReferralHistoryHandle>,
    /// The host's own next step for a user without referrals, in an element with `slot="empty"`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lang_around = RwSignal::new(String::new());
    let options = move || {
        let default = HostOptions::default();
        HostOptions {
            api_base: api_base.get().unwrap_or(default.api_base),
            api_origin: api_origin.get().unwrap_or(default.api_origin),
            limit: limit.get().unwrap_or(default.limit),
            page_size: page_size.get().unwrap_or(default.page_size),
            theme: theme.get().unwrap_or(default.theme),
            lang: lang
                .get()
                .filter(|lang| !lang.is_empty())
                .unwrap_or_else(|| lang_around.get()),
            sign_in_url: sign_in_url.get().unwrap_or(default.sign_in_url),
            url_sync: url_sync.get().unwrap_or(default.url_sync),
            session: session.get().unwrap_or(default.session),
        }
    };
    let host = NodeRef::<html::Div>::new();
    let observer = StoredValue::new_local(None::<LanguageObserver>);
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            lang_around.set(language::around(&host));
            let host = (*host).clone().into();
            observer.set_value(Some(LanguageObserver::new(host, move |lang| {
                if lang_around.with_untracked(|current| *current != lang) {
                    lang_around.set(lang);
                }
            })));
        }
    });
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
    view! { <div node_ref=host>{children.map(|children| children())}</div> }
}

/// Controls the [`ReferralHistory`] that it is passed to. Copies are the same handle. Before the component
/// is mounted and after it is unmounted, the methods do nothing.
#[derive(Clone, Copy, Debug)]
pub struct ReferralHistoryHandle(StoredValue<Option<ReferralState>>);

impl ReferralHistoryHandle {
    /// A handle for one component.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Makes a request, which costs one credit. Does nothing while a request is in flight, or during a
    /// wait that the service requires.
    pub fn refresh(self) {
        if let Some(state) = self.state() {
            state.refresh();
        }
    }

    /// Removes the user's events and choices from the page. The next request is made by
    /// [`ReferralHistoryHandle::refresh`] or by the user.
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

/// The page, in the language of the options.
#[component]
pub(crate) fn App(
    state: ReferralState,
    options: Signal<HostOptions>,
    /// Whether the host page handles signing in. Then the page shows no way to sign in.
    #[prop(into)]
    host_signs_in: Signal<bool>,
    set_host_signs_in: WriteSignal<bool>,
    /// The rows that are shown until the page is drawn.
    first_rows: StoredValue<Option<FirstRows>, LocalStorage>,
) -> impl IntoView {
    let lang = Memo::new(move |_| options.with(|options| available_tag(&options.lang)));
    on_cleanup(notify_locales);
    // Nothing is drawn that an answer which is there already would replace at once. Until then the element
    // shows its content, or bones of its own. It has waited for the first rows already.
    let has_waited = first_rows.with_value(|rows| rows.as_ref().is_some_and(FirstRows::is_waiting));
    let is_late = RwSignal::new(has_waited);
    state.run_after(LATE, move || is_late.set(true));
    let is_ready = Memo::new(move |ready| {
        let is_first = |load: &LoadState| {
            matches!(
                load,
                LoadState::Loading {
                    previous: None,
                    retry: None
                }
            )
        };
        ready == Some(&true) || is_late.get() || !state.load().with(is_first)
    });
    // A change of language renders a new tree on the same state, so that no text needs a signal. Leptos
    // would patch the tree that is there: the other side of an `Either` replaces it.
    let side = StoredValue::new(false);
    move || {
        if !is_ready.get() {
            return None;
        }
        // As `scoped` does: the subscribers of each former language would pile up.
        set_host_signs_in.notify();
        // The table takes the first rows over. Where there is none, they go.
        state.spawn(async move {
            tick().await;
            first_rows.try_set_value(None);
        });
        let page = view! { <Page lang=lang.get() state options host_signs_in first_rows/> };
        side.update_value(|side| *side = !*side);
        Some(if side.get_value() {
            Either::Left(page)
        } else {
            Either::Right(page)
        })
    }
}

/// The page in one language.
#[component]
fn Page(
    lang: String,
    state: ReferralState,
    options: Signal<HostOptions>,
    host_signs_in: Signal<bool>,
    first_rows: StoredValue<Option<FirstRows>, LocalStorage>,
) -> impl IntoView {
    state.set_language(&lang);
    let state = state.scoped();
    let texts = texts::get(&lang);
    let locale = first_rows.with_value(|rows| rows.as_ref()?.locale(&lang));
    let locale = locale.unwrap_or_else(|| Rc::new(IntlLocale::new(&lang)));
    let i18n = I18n::new(texts, locale);
    let focus = FocusTargets::default();
    let shared = Shared {
        state,
        i18n,
        live_region: LiveRegion::new(),
        details: Details::new(state),
        export: ExportList::new(),
        keys: KeyList::new(),
        is_overview_open: RwSignal::new(false),
        focus,
        first_rows,
    };
    provide_context(shared);
    shared.details.follow_choices();
    let has_controls = Memo::new(move |_| state.view_state().get().has_controls());
    let is_skeleton = move || state.view_state().get() == ViewState::Skeleton;
    let has_rows = Memo::new(move |_| state.view_state().get().has_rows());
    // On paper there are no further pages to turn to.
    on_window(ev::beforeprint, move |_| state.set_on_one_page(true));
    on_window(ev::afterprint, move |_| state.set_on_one_page(false));
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
            on:keydown=move |event| shortcuts::press(shared, &event)
            on:keypress=move |event| shortcuts::keep_typed(&event)
            on:keyup=move |event| shortcuts::keep_typed(&event)
        >
            <Header has_controls host_signs_in/>
            {move || has_controls.get().then(|| view! { <Lead/> })}
            <PageStatusMessage host_signs_in/>
            <FailureNotice options host_signs_in above_rows=true/>
            {move || has_controls.get().then(|| view! { <Controls/> })}
            <div
                class="rh-rows"
                tabindex="-1"
                node_ref=focus.rows
                data-busy=move || is_busy().then_some("true")
            >
                <FailureNotice options host_signs_in above_rows=false/>
                {move || is_skeleton().then(|| view! { <TableSkeleton/> })}
                {move || has_rows.get().then(|| view! { <EventTable/> })}
                <EmptyNotice/>
            </div>
            <UnreadableNotice/>
            // Not below the skeleton: the pager would move if fewer rows came than the skeleton shows.
            {move || has_rows.get().then(|| view! {
                <Pager/>
                <Footer/>
            })}
            <DetailsPanel/>
        </div>
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
