//! The badge of a status.

use leptos::prelude::*;
use referral_history_core::{
    sanitize::{CELL_CHARACTERS, sanitize},
    status::Status,
};

use super::icon::{StatusIcon, tone};
use crate::i18n::I18n;

/// A status with its icon and colours.
#[component]
pub fn Badge(status: Status, i18n: I18n) -> impl IntoView {
    let (tone, name) = (
        tone(&status),
        sanitize(i18n.texts.status(&status), CELL_CHARACTERS),
    );
    // The name of a status that nobody knew may be cut.
    let title = matches!(status, Status::Unknown(_)).then(|| name.clone());
    let meaning = i18n.texts.why(Some(&status)).short;
    view! {
        <span class="rh-badge" data-status=tone data-meaning=meaning>
            <StatusIcon status/>
            <bdi title=title>{name}</bdi>
        </span>
    }
}
