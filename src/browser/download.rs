//! Downloads of files that the page makes.

use js_sys::{Array, global};
use referral_history_core::export::File;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

use super::{document, js};

/// Starts the download of a file; `None` if the browser refuses. The file never leaves the device.
///
/// The browser reports neither the end of a download nor that it blocked one, as it does in a frame whose
/// `sandbox` lacks `allow-downloads`.
pub fn save(file: &File) -> Option<()> {
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
