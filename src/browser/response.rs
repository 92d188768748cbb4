//! Reads a response without relying on its type.
//!
//! Monitoring and testing tools wrap `fetch`. The result may be a response of another realm or an object
//! that imitates one, its body may have been read already, and any of its members may throw. So members are
//! looked up by name, and one that throws counts as missing.

use js_sys::{ArrayBuffer, Uint8Array, global};
use wasm_bindgen::JsValue;
use web_sys::Request;

use super::js::{call, has, member, settled};

/// The value that `fetch` resolved to.
pub struct Response(JsValue);

/// Calls the current `fetch`, which a tool may have replaced.
///
/// # Errors
/// The exception, if it throws.
pub fn fetch(request: Request) -> Result<JsValue, JsValue> {
    call(&global(), "fetch", &[request.into()])
}

impl Response {
    /// Awaits the result of `fetch`, which may also be a response without a promise.
    ///
    /// # Errors
    /// The exception of the call, or the reason of the rejection.
    pub async fn read(result: Result<JsValue, JsValue>) -> Result<Self, JsValue> {
        settled(result?).await.map(Self)
    }

    /// The HTTP status; 0 for a redirect that was not followed, and `None` if there is no valid status.
    pub fn status(&self) -> Option<u16> {
        let status = member(&self.0, "status")?.as_f64()?;
        (0.0..1000.0).contains(&status).then_some(status as u16)
    }

    /// A header. Several headers with the same name are joined by commas.
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = member(&self.0, "headers")?;
        call(&headers, "get", &[name.into()]).ok()?.as_string()
    }

    /// The body; `None` if it cannot be read completely or has more than `max_bytes` bytes.
    pub async fn text(&self, max_bytes: usize) -> Option<String> {
        match member(&self.0, "body") {
            Some(body) if body.is_null() => Some(String::new()),
            Some(body) if has(&body, "getReader") => read(&body, max_bytes).await,
            // Only an object that imitates a response has a body that is not a stream.
            _ => {
                let text = call(&self.0, "text", &[]).ok()?;
                let text = settled(text).await.ok()?.as_string()?;
                (text.len() <= max_bytes).then_some(text)
            }
        }
    }
}

/// Reads a stream to its end; `None` if it fails or has more than `max_bytes` bytes.
async fn read(stream: &JsValue, max_bytes: usize) -> Option<String> {
    let reader = call(stream, "getReader", &[]).ok()?;
    let mut bytes = Vec::new();
    loop {
        let chunk = settled(call(&reader, "read", &[]).ok()?).await.ok()?;
        if member(&chunk, "done")?.is_truthy() {
            break;
        }
        let chunk = member(&chunk, "value").filter(ArrayBuffer::is_view)?;
        let chunk = Uint8Array::new(&chunk);
        if bytes.len() + chunk.length() as usize > max_bytes {
            return None;
        }
        bytes.extend(chunk.to_vec());
    }
    let text = String::from_utf8_lossy(&bytes);
    Some(text.trim_start_matches('\u{feff}').to_owned())
}
