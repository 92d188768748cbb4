//! The address of the page around the component.

use js_sys::encode_uri_component;
use web_sys::window;

/// The path and query of the page, to come back to after signing in.
fn here() -> Option<String> {
    let location = window()?.location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}

/// The address of the console's sign-in page, which is told where to come back to.
pub fn sign_in_href(sign_in_url: &str) -> String {
    let Some(here) = here() else {
        return sign_in_url.to_owned();
    };
    let joint = if sign_in_url.contains('?') { '&' } else { '?' };
    let here = String::from(encode_uri_component(&here));
    format!("{sign_in_url}{joint}return={here}")
}
