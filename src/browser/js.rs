//! JavaScript by name.
//!
//! A browser may lack what another has, and scripts of a host's may have put something of their own in its
//! place. web-sys binds most of it as what is always there and never throws; an exception would then pass
//! through the program and leave it in the middle of what it did. Here what is missing and what throws is
//! a value.

use js_sys::{Array, Function, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A member of an object; `None` where there is none, or where looking at it throws.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined()).then_some(value)
}

/// What the window has under that name.
pub fn of_window(name: &str) -> Option<JsValue> {
    member(&global(), name)
}

/// Whether an object has a method of that name.
pub fn has(object: &JsValue, name: &str) -> bool {
    member(object, name).is_some_and(|member| member.is_function())
}

/// Calls a method.
///
/// # Errors
/// What was thrown; where there is no such method, whatever is in its place.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    Reflect::apply(&function, object, &list(arguments))
}

/// Makes an object by a constructor that is a member of another object.
///
/// # Errors
/// As [`call`].
pub fn construct(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let constructor: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    Reflect::construct(&constructor, &list(arguments))
}

/// What a promise resolves to; a value that is no promise is its own.
///
/// # Errors
/// What it was rejected with.
pub async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

fn list(values: &[JsValue]) -> Array {
    values.iter().collect()
}
