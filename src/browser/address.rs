//! The address of the host page.

use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;
use web_sys::{Location, Url, window};

use super::{document, js};

/// The query string of the address: empty, or starting with `?`.
pub fn search() -> String {
    location()
        .and_then(|location| location.search().ok())
        .unwrap_or_default()
}

/// A place in the host page: the path and the fragment of its address.
#[derive(Clone, PartialEq, Eq)]
pub struct Place(Option<[String; 2]>);

impl Place {
    /// Where the host page now is.
    pub fn current() -> Self {
        let place = || {
            let location = location()?;
            Some([location.pathname().ok()?, location.hash().ok()?])
        };
        Self(place())
    }
}

/// Replaces the query string of the address without loading a page. `as_step` adds an entry to the session
/// history, so that Back undoes it, unless the present entry has a state: then it belongs to a router, which
/// takes each step for one of its own. An entry that is replaced keeps its state.
///
/// # Errors
/// The browser refuses the change. It does so when there are too many in a short time, and always in a
/// document without an address of its own, such as a frame from `srcdoc`.
pub fn set_search(search: &str, as_step: bool) -> Result<(), JsValue> {
    let history = window().ok_or(JsValue::NULL)?.history()?;
    let location = location().ok_or(JsValue::NULL)?;
    let origin = origin().ok_or(JsValue::NULL)?;
    // With the origin: a path alone is resolved against the document's base, which may have another origin.
    let address = origin + &location.pathname()? + search + &location.hash()?;
    let state = history.state()?;
    if as_step && state.is_null() {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&state, "", Some(&address))
    }
}

/// The address of the console's sign-in page, with the current page as its `return` parameter.
pub fn sign_in_href(sign_in_url: &str) -> String {
    let Some(here) = here() else {
        return sign_in_url.to_owned();
    };
    let (page, fragment) = match sign_in_url.find('#') {
        Some(position) => sign_in_url.split_at(position),
        None => (sign_in_url, ""),
    };
    let separator = if page.contains('?') { '&' } else { '?' };
    let here = String::from(encode_uri_component(&here));
    format!("{page}{separator}return={here}{fragment}")
}

/// The path, query string and fragment of the page, to return to after signing in; `None` for a frame
/// from `srcdoc`.
fn here() -> Option<String> {
    let location = location()?;
    let path = path()?;
    // Two slashes would start a host name.
    let path = path.strip_prefix('/')?.trim_start_matches('/');
    Some(format!("/{path}") + &location.search().ok()? + &location.hash().ok()?)
}

/// The whole address, with another query string; `None` for a frame from `srcdoc` or in a sandbox, whose
/// address leads nowhere.
pub fn link(search: &str) -> Option<String> {
    let origin = origin().filter(|origin| origin != OPAQUE)?;
    let path = path().filter(|path| path.starts_with('/'))?;
    Some(origin + &path + search + &location()?.hash().ok()?)
}

/// How many entries the session history has.
pub fn entries() -> Option<u32> {
    window()?.history().ok()?.length().ok()
}

/// The path of the address.
pub fn path() -> Option<String> {
    location()?.pathname().ok()
}

/// Resolves an address against the document's base; `None` unless the result is http(s).
pub fn resolve(address: &str) -> Option<Url> {
    let base = document()?.base_uri().ok()??;
    let url = Url::new_with_base(address, &base).ok()?;
    ["http:", "https:"]
        .contains(&url.protocol().as_str())
        .then_some(url)
}

/// Whether an address is http(s) and has the document's origin.
pub fn is_on_this_origin(address: &str) -> bool {
    resolve(address).is_some_and(|url| Some(url.origin()) == origin())
}

/// The address of a path on the document's origin, even if the document's base has another one.
pub fn on_this_origin(path: &str) -> String {
    if is_on_this_origin(path) {
        return path.to_owned();
    }
    origin().unwrap_or_default() + path
}

/// The document's origin. A frame from `srcdoc` has the origin of its parent, though its address has none.
/// A sandboxed frame has the opaque origin `null`, whatever its address.
pub fn origin() -> Option<String> {
    let of_address = location()?.origin().ok()?;
    // The window has the effective origin, unless the host page has overwritten that variable.
    let of_window = js::of_window("origin").and_then(|origin| origin.as_string());
    match of_window {
        Some(origin) if origin == OPAQUE || of_address == OPAQUE => Some(origin),
        _ => Some(of_address),
    }
}

/// The serialization of an opaque origin.
const OPAQUE: &str = "null";

fn location() -> Option<Location> {
    Some(window()?.location())
}
