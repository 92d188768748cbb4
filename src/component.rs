//! The page as a Leptos component.

use leptos::prelude::*;

use crate::embed::{Mounted, Options};

/// A signed-in user's referral history.
///
/// **Mounting it makes one request**, which costs the user a credit; another one is made only when the
/// user presses Refresh or Try again. A request that fails in passing is repeated at most twice.
///
/// ```
/// use leptos::prelude::*;
/// use referral_history::ReferralHistory;
///
/// #[component]
/// fn Account() -> impl IntoView {
///     view! { <ReferralHistory/> }
/// }
/// ```
#[component]
pub fn ReferralHistory(
    /// What the host sets; all of it has defaults.
    #[prop(optional)]
    options: Options,
) -> impl IntoView {
    let mounted = StoredValue::new_local(None::<Mounted>);
    let fill = move |root: web_sys::Element, (): ()| {
        // A host that renders its own view again finds this one as it was.
        if mounted.with_value(Option::is_none) {
            mounted.set_value(Some(Mounted::new(root, &options)));
        }
    };
    view! { <div use:fill=()></div> }
}
