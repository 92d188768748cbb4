//! A status in its colours.

use leptos::prelude::*;
use referral_history_core::{
    display::{CELL_CHARACTERS, inert},
    status::Status,
};

use super::icon::{StatusIcon, tone};
use crate::context::{Shared, use_shared};

/// A status with its icon and colours.
#[component]
pub fn Badge(status: Status) -> impl IntoView {
    let Shared { words, .. } = use_shared();
    let (tone, name) = (
        tone(&status),
        inert(words.texts.status(&status), CELL_CHARACTERS),
    );
    view! {
        <span class="rh-badge" data-status=tone>
            <StatusIcon status/>
            <bdi>{name}</bdi>
        </span>
    }
}
