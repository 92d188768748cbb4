//! Files for the user to keep.

use js_sys::Array;
use referral_history_core::export::File;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url, window};

/// Hands a file to the browser, which saves it as it saves any download. It is made here and never
/// leaves the device.
pub fn save(file: &File) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(file.media_type);
    let parts = Array::of1(&JsValue::from_str(&file.content));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link = window()?.document()?.create_element("a").ok()?;
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", &file.name);
    // Not put into the document: nobody has to see it, and no style of the host's can hide it.
    link.unchecked_ref::<HtmlElement>().click();
    // The browser has taken the file by the time it comes round again.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Some(())
}
