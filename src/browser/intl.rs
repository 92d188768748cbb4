//! The browser's `Intl`, in the language of the texts and in the user's zone or UTC.

use core::cell::RefCell;

use js_sys::{Array, BigInt, Date as JsDate, Function, Intl, Object, Reflect};
use referral_history_core::{
    locale::{DateForm, Locale, PluralCategory},
    time::{Date, Instant, Unit, Zone},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

// js-sys declares these constructors as if they could not throw, but a browser may name a language
// of the user's that its own Intl rejects (Chromium has said `en-US@posix`).
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(locales: &JsValue) -> Result<Array, JsValue>;
}

/// Formats with the browser's `Intl`. The formatters are made once, when they are first needed:
/// making one costs more than a hundred uses.
pub struct IntlLocale {
    locales: Array,
    number: Function,
    percent: Function,
    plural: Intl::PluralRules,
    relative: Intl::RelativeTimeFormat,
    dates: RefCell<[Option<Function>; FORMS * 2]>,
}

/// What a formatter tells of an instant.
#[derive(Clone, Copy)]
enum Form {
    Full,
    DateTime,
    DateTimeOfYear,
    TimeOfDay,
    Day,
    DayOfYear,
    Month,
    Year,
}

const FORMS: usize = 8;

impl Form {
    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Full => &[
                ("year", "numeric"),
                ("month", "short"),
                ("day", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("timeZoneName", "short"),
            ],
            Self::DateTime => &[("dateStyle", "medium"), ("timeStyle", "short")],
            Self::DateTimeOfYear => &[
                ("day", "numeric"),
                ("month", "short"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
            ],
            Self::TimeOfDay => &[("timeStyle", "short")],
            Self::Day => &[("dateStyle", "medium")],
            Self::DayOfYear => &[("day", "numeric"), ("month", "short")],
            Self::Month => &[("month", "short"), ("year", "numeric")],
            Self::Year => &[("year", "numeric")],
        }
    }
}

impl IntlLocale {
    /// Formats in a language, and as in the country that the user's browser names with it.
    pub fn new(lang: &str) -> Self {
        let locales = locales(lang);
        Self {
            number: Intl::NumberFormat::new(&locales, &Object::new()).format(),
            percent: Intl::NumberFormat::new(&locales, &options(&[("style", "percent")])).format(),
            plural: Intl::PluralRules::new(&locales, &Object::new()),
            relative: Intl::RelativeTimeFormat::new(&locales, &Object::new()),
            dates: RefCell::default(),
            locales,
        }
    }

    fn instant(&self, at: Instant, form: Form, zone: Zone) -> String {
        let place = form as usize + if zone == Zone::Utc { FORMS } else { 0 };
        let mut dates = self.dates.borrow_mut();
        let Some(formatter) = dates.get_mut(place) else {
            return String::new();
        };
        let formatter = formatter.get_or_insert_with(|| {
            let options = options(form.options());
            if zone == Zone::Utc {
                set(&options, "timeZone", "UTC");
            }
            Intl::DateTimeFormat::new(&self.locales, &options).format()
        });
        format(formatter, &milliseconds(at))
    }
}

/// The language as the user's browser prefers it, and then as it is.
fn locales(lang: &str) -> Array {
    let primary = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let languages = web_sys::window()
        .map(|window| window.navigator().languages())
        .unwrap_or_default();
    let mut preferred = languages
        .iter()
        .filter_map(|tag| tag.as_string())
        .filter(|tag| primary(tag) == primary(lang));
    let preferred = preferred.next();
    let wanted = preferred.as_deref().into_iter().chain([lang]);
    let valid = wanted.filter_map(|tag| canonical_locales(&tag.into()).ok());
    valid.fold(Array::new(), |locales, valid| locales.concat(&valid))
}

fn options(members: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        set(&options, name, value);
    }
    options
}

fn set(options: &Object, name: &str, value: &str) {
    // A plain object that was just made takes any member.
    let _ = Reflect::set(options, &name.into(), &value.into());
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

/// How far the user's zone is ahead of UTC at an instant, in seconds.
#[expect(clippy::cast_possible_truncation, reason = "offsets are within a day")]
pub fn utc_offset(at: Instant) -> i32 {
    (JsDate::new(&milliseconds(at)).get_timezone_offset() * -60.0) as i32
}

impl Locale for IntlLocale {
    fn number(&self, number: i64) -> String {
        // As a BigInt, since a JavaScript number would round large ones.
        format(&self.number, &BigInt::from(number).into())
    }

    fn percent(&self, share: f64) -> String {
        format(&self.percent, &share.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "large counts have one category")]
    fn plural(&self, count: i64) -> PluralCategory {
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

    fn full(&self, at: Instant, zone: Zone) -> String {
        self.instant(at, Form::Full, zone)
    }

    fn date_time(&self, at: Instant, zone: Zone) -> String {
        self.instant(at, Form::DateTime, zone)
    }

    fn short_date_time(&self, at: Instant, now: Instant, zone: Zone) -> String {
        let year = |at| {
            let date = JsDate::new(&milliseconds(at));
            match zone {
                Zone::User => date.get_full_year(),
                Zone::Utc => date.get_utc_full_year(),
            }
        };
        if year(at) == year(now) {
            self.instant(at, Form::DateTimeOfYear, zone)
        } else {
            self.date_time(at, zone)
        }
    }

    fn time_of_day(&self, at: Instant, zone: Zone) -> String {
        self.instant(at, Form::TimeOfDay, zone)
    }

    fn date(&self, date: Date, form: DateForm) -> String {
        let form = match form {
            DateForm::Day => Form::Day,
            DateForm::DayOfYear => Form::DayOfYear,
            DateForm::Month => Form::Month,
            DateForm::Year => Form::Year,
        };
        // A day has no zone; at midnight in UTC it is the same day in UTC.
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
        self.instant(midnight, form, Zone::Utc)
    }

    #[expect(clippy::cast_precision_loss, reason = "distances in words are small")]
    fn relative(&self, count: i64, unit: Unit) -> String {
        self.relative.format(count as f64, unit.name()).into()
    }

    fn zone_name(&self) -> String {
        let options = Intl::DateTimeFormat::new(&self.locales, &Object::new()).resolved_options();
        let zone = Reflect::get(&options, &"timeZone".into()).unwrap_or_default();
        zone.as_string().unwrap_or_default()
    }
}
