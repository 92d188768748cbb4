//! The clipboard.

use core::pin::pin;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

use super::js;

/// How long the browser may take to write, in milliseconds.
const TIME_OUT_MILLISECONDS: u32 = 5_000;

/// Puts a text on the clipboard, and says whether it is there. A browser without one (a page that is not
/// served securely), or that forbids it, says no.
pub async fn copy(text: String) -> bool {
    let written = js::of_window("navigator")
        .and_then(|navigator| js::member(&navigator, "clipboard"))
        .and_then(|clipboard| js::call(&clipboard, "writeText", &[text.into()]).ok())
        // What promises nothing does not say whether the text is there.
        .filter(|written| js::has(written, "then"));
    let Some(written) = written else {
        return false;
    };
    let written = pin!(js::settled(written));
    let written = select(written, TimeoutFuture::new(TIME_OUT_MILLISECONDS)).await;
    matches!(written, Either::Left((Ok(_), _)))
}
