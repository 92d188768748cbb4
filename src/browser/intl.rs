//! The browser's `Intl`, in the user's languages and zone.

use js_sys::{Array, BigInt, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::model::{
    locale::{Locale, PluralCategory},
    time::{Instant, Unit},
};

// js-sys declares these constructors as if they could not throw, but a browser may name a language
// of the user's that its own Intl rejects (Chromium has said `en-US@posix`).
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(locales: &JsValue) -> Result<Array, JsValue>;
}

/// Formats with the browser's `Intl`. The formatters are made once: making one costs more than a
/// hundred uses.
pub struct IntlLocale {
    number: Function,
    date_time: Function,
    date_time_of_year: Function,
    time_of_day: Function,
    plural: Intl::PluralRules,
    ago: Intl::RelativeTimeFormat,
}

impl IntlLocale {
    /// Numbers and dates as in the user's own languages, in the order they prefer them; plurals and
    /// relative times, which stand in the middle of texts, as in the language of the texts.
    pub fn of_user(texts_lang: &str) -> Self {
        let languages: JsValue = web_sys::window()
            .map(|window| window.navigator().languages())
            .unwrap_or_default()
            .into();
        let locales = canonical_locales(&languages).unwrap_or_default();
        let texts = Array::of1(&texts_lang.into());
        let date_time = options(&[("dateStyle", "medium"), ("timeStyle", "short")]);
        let date_time_of_year = options(&[
            ("day", "numeric"),
            ("month", "short"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ]);
        let time_of_day = options(&[("timeStyle", "short")]);
        Self {
            number: Intl::NumberFormat::new(&locales, &Object::new()).format(),
            date_time: Intl::DateTimeFormat::new(&locales, &date_time).format(),
            date_time_of_year: Intl::DateTimeFormat::new(&locales, &date_time_of_year).format(),
            time_of_day: Intl::DateTimeFormat::new(&locales, &time_of_day).format(),
            plural: Intl::PluralRules::new(&texts, &Object::new()),
            ago: Intl::RelativeTimeFormat::new(&texts, &options(&[("numeric", "auto")])),
        }
    }
}

fn options(members: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        // A plain object that was made a line above takes any member.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

/// Formats one value; empty where the browser refuses it.
fn format(formatter: &Function, value: &JsValue) -> String {
    formatter
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The instant as JavaScript counts it. Every instant that can be read from the wire is within what
/// a JavaScript date can hold.
#[expect(
    clippy::cast_precision_loss,
    reason = "years 0 to 9999 are far below 2^53 milliseconds"
)]
fn milliseconds(at: Instant) -> JsValue {
    JsValue::from_f64(at.timestamp_millis() as f64)
}

impl Locale for IntlLocale {
    fn number(&self, number: i64) -> String {
        // As a BigInt, since a JavaScript number would round large ones.
        format(&self.number, &BigInt::from(number).into())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
    fn plural(&self, count: usize) -> PluralCategory {
        let category = self.plural.select(count as f64);
        match category.as_string().as_deref() {
            Some("zero") => PluralCategory::Zero,
            Some("one") => PluralCategory::One,
            Some("two") => PluralCategory::Two,
            Some("few") => PluralCategory::Few,
            Some("many") => PluralCategory::Many,
            _ => PluralCategory::Other,
        }
    }

    fn date_time(&self, at: Instant) -> String {
        format(&self.date_time, &milliseconds(at))
    }

    fn short_date_time(&self, at: Instant, now: Instant) -> String {
        let year = |at| Date::new(&milliseconds(at)).get_full_year();
        if year(at) == year(now) {
            format(&self.date_time_of_year, &milliseconds(at))
        } else {
            self.date_time(at)
        }
    }

    fn time_of_day(&self, at: Instant) -> String {
        format(&self.time_of_day, &milliseconds(at))
    }

    #[expect(clippy::cast_precision_loss, reason = "ages in words are small")]
    fn ago(&self, count: i64, unit: Unit) -> String {
        // Minus zero means "0 seconds ago" rather than "in 0 seconds" where it is not "now".
        self.ago.format(-(count as f64), unit.name()).into()
    }
}
