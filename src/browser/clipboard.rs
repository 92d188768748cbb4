//! The clipboard.

use wasm_bindgen_futures::JsFuture;
use web_sys::window;

/// Puts a text on the clipboard. A browser without one (a page that is not served securely), or
/// that forbids it, says no.
pub async fn copy(text: String) -> bool {
    let Some(window) = window().filter(web_sys::Window::is_secure_context) else {
        return false;
    };
    let written = window.navigator().clipboard().write_text(&text);
    JsFuture::from(written).await.is_ok()
}
