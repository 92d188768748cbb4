//! The address of the page around the component.

use js_sys::encode_uri_component;
use web_sys::{Location, Url, window};

use super::{document, js};
/// The query of the address: empty, or beginning with `?`.
pub fn search() -> String {
    location()
        .and_then(|location| location.search().ok())
        .unwrap_or_default()
}

/// Replaces the query of the address; the page stays. `as_step` makes it a step that Back takes back.
/// What a host keeps in the entry of the session history stays there.
pub fn set_search(search: &str, as_step: bool) -> Option<()> {
    let history = window()?.history().ok()?;
    let location = location()?;
    // With its origin: a path alone would be one of the document's base, which may be on another.
    let address = origin()? + &location.pathname().ok()? + search + &location.hash().ok()?;
    let state = history.state().unwrap_or_default();
    // A browser refuses when there are too many steps in a short while, and where the document has
    // no address of its own (a frame from `srcdoc`). The page works on; only the link is stale.
    let _ = if as_step {
        history.push_state_with_url(&state, "", Some(&address))
    } else {
        history.replace_state_with_url(&state, "", Some(&address))
    };
    Some(())
}

/// The address of the console's sign-in page, which is told where to come back to.
pub fn sign_in_href(sign_in_url: &str) -> String {
    let Some(here) = here() else {
        return sign_in_url.to_owned();
    };
    let (page, fragment) = match sign_in_url.find('#') {
        Some(place) => sign_in_url.split_at(place),
        None => (sign_in_url, ""),
    };
    let joint = if page.contains('?') { '&' } else { '?' };
    let here = String::from(encode_uri_component(&here));
    format!("{page}{joint}return={here}{fragment}")
}

/// The path of the page with its query and fragment, to come back to after signing in; `None` for a
/// frame from `srcdoc`, which has none.
fn here() -> Option<String> {
    let location = location()?;
    let path = path()?;
    // Two slashes would begin the name of a host.
    let path = path.strip_prefix('/')?.trim_start_matches('/');
    Some(format!("/{path}") + &location.search().ok()? + &location.hash().ok()?)
}

/// The path of the address.
pub fn path() -> Option<String> {
    location()?.pathname().ok()
}

/// The language of the document; empty where it names none.
pub fn language() -> String {
    let page = document().and_then(|document| document.document_element());
    page.and_then(|page| page.get_attribute("lang"))
        .unwrap_or_default()
}

/// The whole of an http(s) address that may be relative to the document's; `None` where it is none.
pub fn resolve(address: &str) -> Option<Url> {
    let base = document()?.base_uri().ok()??;
    let url = Url::new_with_base(address, &base).ok()?;
    ["http:", "https:"]
        .contains(&url.protocol().as_str())
        .then_some(url)
}

/// Whether an address leads to a page of the document's own origin, and runs nothing.
pub fn is_on_this_origin(address: &str) -> bool {
    resolve(address).is_some_and(|url| Some(url.origin()) == origin())
}

/// The address of a path on the document's own origin, also where its base is on another one.
pub fn on_this_origin(path: &str) -> String {
    if is_on_this_origin(path) {
        return path.to_owned();
    }
    origin().unwrap_or_default() + path
}

/// The document's origin. A frame from `srcdoc`, whose address has none, has that of who wrote it; one in
/// a sandbox has none (`null`), whatever its address.
pub fn origin() -> Option<String> {
    let of_address = location()?.origin().ok()?;
    // The window says which it is, unless a variable of the host's with that name is in the way.
    let of_window = js::of_window("origin").and_then(|origin| origin.as_string());
    match of_window {
        Some(origin) if origin == OPAQUE || of_address == OPAQUE => Some(origin),
        _ => Some(of_address),
    }
}

/// What stands for an origin that is no other document's.
const OPAQUE: &str = "null";

fn location() -> Option<Location> {
    Some(window()?.location())
}
