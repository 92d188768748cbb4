//! The height of an element, as it changes.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::HtmlElement;

use super::js;

/// Reports the height of an element in CSS pixels, now and whenever it changes, until it is dropped.
pub struct HeightObserver {
    observer: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl HeightObserver {
    /// Observes an element; `None` in a browser without `ResizeObserver`.
    pub fn new(element: &HtmlElement, report: impl Fn(i32) + 'static) -> Option<Self> {
        let observed = element.clone();
        let callback = Closure::<dyn FnMut()>::new(move || report(observed.offset_height()));
        let function: &Function = callback.as_ref().unchecked_ref();
        let global = js_sys::global();
        let observer = js::construct(&global, "ResizeObserver", &[function.into()]).ok()?;
        js::call(&observer, "observe", &[element.into()]).ok()?;
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for HeightObserver {
    fn drop(&mut self) {
        let _ = js::call(&self.observer, "disconnect", &[]);
    }
}
