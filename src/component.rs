//! The page as a Leptos component.

use leptos::{html, prelude::*};
use referral_history_core::options::{Options, Theme, UrlSync};

use crate::embed::Mounted;

/// A signed-in user's referral history.
///
/// **Mounting it makes one request**, which costs the user a credit; another one is made only when the
/// user presses Refresh or Try again, or when `api_base`, `api_origin` or `limit` change. A request
/// that fails in passing is repeated at most twice.
///
/// The props are [`Options`]; one that is not set has its default. It renders a `<div>` with an open
/// shadow root, from which the events come that `referral-history.d.ts` describes, such as
/// `referral-history:load`.
///
/// ```
/// use leptos::prelude::*;
/// use referral_history::{ReferralHistory, Theme};
///
/// #[component]
/// fn Account() -> impl IntoView {
///     let (theme, _) = signal(Some(Theme::Dark));
///     view! { <ReferralHistory limit=50 theme=theme sign_in_url="/login"/> }
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
) -> impl IntoView {
    let options = move || {
        let default = Options::default();
        Options {
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
            }
        });
    });
    view! { <div node_ref=host></div> }
}
