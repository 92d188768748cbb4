//! Stands in for the crate `wasm-streams`, which Leptos needs for server functions that stream. The page
//! has none, but the JavaScript classes that the crate exports stay in the module even so: 5 kB.
//!
//! Only what `server_fn` names is here. It fails when it is called.

#![forbid(unsafe_code)]

use futures::stream::{Pending, Stream};
use wasm_bindgen::JsValue;

/// A stream of JavaScript's that is read, or written, by Rust.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// A stream of JavaScript's.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// The stream as JavaScript has it.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Would make a stream of JavaScript's from one of Rust's.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>>) -> Self {
        unimplemented!("server functions that stream")
    }

    /// Would make a stream of Rust's from one of JavaScript's.
    pub fn into_stream(self) -> Pending<Result<JsValue, JsValue>> {
        unimplemented!("server functions that stream")
    }
}
