//! Access to JavaScript members by name.
//!
//! A browser may lack an API, and scripts of the host page may have replaced it. web-sys binds most APIs as
//! if they always existed and never threw; an exception would then unwind through the module and leave its
//! state inconsistent. These functions return missing members and exceptions as values.

use js_sys::{Array, Function, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A member of an object; `None` if it is missing or if reading it throws.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined()).then_some(value)
}

/// A member of the window.
pub fn of_window(name: &str) -> Option<JsValue> {
    member(&global(), name)
}

/// Whether an object has a method.
pub fn has(object: &JsValue, name: &str) -> bool {
    member(object, name).is_some_and(|member| member.is_function())
}

/// Calls a method.
///
/// # Errors
/// The exception; if the member is no function, its value.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    Reflect::apply(&function, object, &list(arguments))
}

/// Calls a constructor that is a member of an object.
///
/// # Errors
/// As [`call`].
pub fn construct(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let constructor: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    Reflect::construct(&constructor, &list(arguments))
}

/// Awaits a promise. Any other value is returned as it is.
///
/// # Errors
/// The reason of a rejection.
pub async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

fn list(values: &[JsValue]) -> Array {
    values.iter().collect()
}
