//! The clipboard.

use core::pin::pin;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

use super::js;

/// How long the browser may take to write, in milliseconds.
const TIME_OUT_MILLISECONDS: u32 = 5_000;

/// Copies a text to the clipboard and returns whether that succeeded. It fails without a clipboard API (on
/// an insecure page) or without permission.
pub async fn copy(text: String) -> bool {
    let written = js::of_window("navigator")
        .and_then(|navigator| js::member(&navigator, "clipboard"))
        .and_then(|clipboard| js::call(&clipboard, "writeText", &[text.into()]).ok())
        // Without a promise, success is unknown.
        .filter(|written| js::has(written, "then"));
    let Some(written) = written else {
        return false;
    };
    let written = pin!(js::settled(written));
    let written = select(written, TimeoutFuture::new(TIME_OUT_MILLISECONDS)).await;
    matches!(written, Either::Left((Ok(_), _)))
}
