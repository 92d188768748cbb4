//! Downloads of files that the page makes.

use js_sys::{Array, encode_uri_component};
use referral_history_core::export::File;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

use super::{document, js};

/// Saves a file as a download. The file never leaves the device.
pub fn save(file: &File) -> Option<()> {
    let blob_url = blob_url(file);
    let link = document()?.create_element("a").ok()?;
    let _ = match &blob_url {
        Some(url) => link.set_attribute("href", url),
        None => link.set_attribute("href", &data_url(file)),
    };
    let _ = link.set_attribute("download", &file.name);
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
fn data_url(file: &File) -> String {
    let content = String::from(encode_uri_component(&file.content));
    ["data:", file.media_type, ",", &content].concat()
}
