//! A response, whoever made it.
//!
//! Monitoring and testing tools wrap `fetch`. What comes back may be a response of another realm or an
//! object that looks like one, its body may have been read already, and any of its members may throw. So
//! nothing here relies on its type: members are looked up by name, and what throws is `None`.

use js_sys::{ArrayBuffer, Uint8Array, global};
use wasm_bindgen::JsValue;
use web_sys::Request;

use super::js::{call, has, member, settled};

/// What `fetch` resolved to.
pub struct Response(JsValue);

/// Calls `fetch` as it is at that moment.
///
/// # Errors
/// When it throws.
pub fn fetch(request: Request) -> Result<JsValue, JsValue> {
    call(&global(), "fetch", &[request.into()])
}

impl Response {
    /// What a call of `fetch` promised, or a response that it answered without a promise.
    ///
    /// # Errors
    /// When the call threw, or the promise was rejected.
    pub async fn read(fetched: Result<JsValue, JsValue>) -> Result<Self, JsValue> {
        settled(fetched?).await.map(Self)
    }

    /// The HTTP status; 0 for a redirect that was not followed, and `None` for what is no response.
    pub fn status(&self) -> Option<u16> {
        let status = member(&self.0, "status")?.as_f64()?;
        (0.0..1000.0).contains(&status).then_some(status as u16)
    }

    /// A header, several of one name joined by commas.
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = member(&self.0, "headers")?;
        call(&headers, "get", &[name.into()]).ok()?.as_string()
    }

    /// The body; `None` where it cannot be had in whole or has more than `most` bytes.
    pub async fn text(&self, most: usize) -> Option<String> {
        match member(&self.0, "body") {
            Some(body) if body.is_null() => Some(String::new()),
            Some(body) if has(&body, "getReader") => read(&body, most).await,
            // Only what imitates a response has no body that can be read piece by piece.
            _ => {
                let text = call(&self.0, "text", &[]).ok()?;
                let text = settled(text).await.ok()?.as_string()?;
                (text.len() <= most).then_some(text)
            }
        }
    }
}

/// Reads a stream to its end, or to `most` bytes.
async fn read(stream: &JsValue, most: usize) -> Option<String> {
    let reader = call(stream, "getReader", &[]).ok()?;
    let mut bytes = Vec::new();
    loop {
        let piece = settled(call(&reader, "read", &[]).ok()?).await.ok()?;
        if member(&piece, "done")?.is_truthy() {
            break;
        }
        let piece = member(&piece, "value").filter(ArrayBuffer::is_view)?;
        let piece = Uint8Array::new(&piece);
        if bytes.len() + piece.length() as usize > most {
            return None;
        }
        bytes.extend(piece.to_vec());
    }
    let text = String::from_utf8_lossy(&bytes);
    Some(text.trim_start_matches('\u{feff}').to_owned())
}
