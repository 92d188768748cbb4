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
    let result = js::of_window("navigator")
        .and_then(|navigator| js::member(&navigator, "clipboard"))
        .and_then(|clipboard| js::call(&clipboard, "writeText", &[text.into()]).ok())
        // Without a promise, success is unknown.
        .filter(|result| js::has(result, "then"));
    let Some(result) = result else {
        return false;
    };
    let result = pin!(js::settled(result));
    let result = select(result, TimeoutFuture::new(TIME_OUT_MILLISECONDS)).await;
    matches!(result, Either::Left((Ok(_), _)))
}
