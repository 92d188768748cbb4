//! Downloads of files that the page makes.

use js_sys::{Array, global};
use referral_history_core::export::File;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

use super::{document, js};

/// Starts the download of a file; `None` if the browser refuses. The file never leaves the device.
///
/// The browser does not report the end of a download, nor that it has blocked one: see [`permission`].
pub fn save(file: &File) -> Option<()> {
    if permission() == Permission::Denied {
        return None;
    }
    let link = document()?.create_element("a").ok()?;
    // Where links cannot download, a click would leave the page.
    js::member(&link, "download")?;
    let blob_url = blob_url(file);
    let url = match &blob_url {
        Some(url) => link.set_attribute("href", url),
        None => link.set_attribute("href", &data_url(file)?),
    };
    url.ok()?;
    link.set_attribute("download", &file.name).ok()?;
    // Not in the document, where the host page's styles would apply to it.
    js::call(&link, "click", &[]).ok()?;
    if let Some(url) = blob_url {
        // By then the browser has read the file.
        gloo_timers::callback::Timeout::new(60_000, move || {
            let _ = Url::revoke_object_url(&url);
        })
        .forget();
    }
    Some(())
}

/// Whether the frames around the page let it download files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Granted,
    Denied,
    /// A parent of another origin decides, and does not tell.
    Unknown,
}

/// Whether the page may download files. It may not in a frame whose `sandbox` lacks `allow-downloads`, nor in any
/// frame inside that one. The browser then blocks downloads without a word.
pub fn permission() -> Permission {
    let mut window = JsValue::from(global());
    loop {
        let Some(parent) = js::member(&window, "parent") else {
            return Permission::Unknown;
        };
        if parent == window {
            return Permission::Granted;
        }
        // Null, or an exception, where the parent has another origin.
        let frame = js::member(&window, "frameElement").filter(JsValue::is_object);
        let Some(frame) = frame else {
            return Permission::Unknown;
        };
        let sandbox = js::call(&frame, "getAttribute", &["sandbox".into()]);
        let sandbox = sandbox.ok().and_then(|sandbox| sandbox.as_string());
        let allows = |sandbox: String| {
            let mut flags = sandbox.split_ascii_whitespace();
            flags.any(|flag| flag.eq_ignore_ascii_case("allow-downloads"))
        };
        if !sandbox.is_none_or(allows) {
            return Permission::Denied;
        }
        window = parent;
    }
}

/// A URL under which the browser keeps the file until it is revoked.
fn blob_url(file: &File) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(file.media_type);
    let parts = Array::of1(&JsValue::from_str(&file.content));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// A URL that contains the file, for browsers that refuse a blob URL.
fn data_url(file: &File) -> Option<String> {
    let encoded = js::call(
        &global(),
        "encodeURIComponent",
        &[file.content.as_str().into()],
    );
    let content = encoded.ok()?.as_string()?;
    Some(["data:", file.media_type, ",", &content].concat())
}
