//! A status in its colours.

use leptos::prelude::*;
use referral_history_core::{
    sanitize::{CELL_CHARACTERS, sanitize},
    status::Status,
};

use super::icon::{StatusIcon, tone};
use crate::context::{Shared, use_shared};

/// A status with its icon and colours.
#[component]
pub fn Badge(status: Status) -> impl IntoView {
    let Shared { i18n, .. } = use_shared();
    let (tone, name) = (
        tone(&status),
        sanitize(i18n.texts.status(&status), CELL_CHARACTERS),
    );
    view! {
        <span class="rh-badge" data-status=tone>
            <StatusIcon status/>
            <bdi>{name}</bdi>
        </span>
    }
}
