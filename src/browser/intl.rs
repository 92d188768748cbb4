//! The browser's `Intl`, in the language of the texts and in the user's zone or UTC.
//!
//! Its constructors may throw: a browser may report a user language that its own `Intl` rejects
//! (Chromium has reported `en-US@posix`), or have no name for the system's zone. Then numbers and times are
//! written in digits, as in ISO 8601.

use core::{array, cell::OnceCell, cmp::Ordering};

use chrono::TimeDelta;
use js_sys::{Array, BigInt, Date as JsDate, Function, Object};
use referral_history_core::{
    locale::{DateForm, Locale, PluralCategory},
    texts::language,
    time::{Date, Instant, Unit, Zone, iso_8601},
};
use wasm_bindgen::{JsCast, JsValue};

use super::{js, members};

/// Formats with the browser's `Intl`. Each formatter is constructed on first use and kept: constructing
/// one costs more than a hundred uses.
pub struct IntlLocale {
    locales: Array,
    number: OnceCell<Option<Function>>,
    percent: OnceCell<Option<Function>>,
    plural: OnceCell<Option<JsValue>>,
    relative: OnceCell<Option<JsValue>>,
    dates: [OnceCell<Option<DateFormat>>; FORMS * 2],
}

/// An `Intl.DateTimeFormat` and its `format` function.
struct DateFormat {
    object: JsValue,
    format: Option<Function>,
}

/// Which parts of an instant a formatter writes.
#[derive(Clone, Copy)]
enum Form {
    Full,
    DateTime,
    DateTimeOfYear,
    TimeOfDay,
    Day,
    DayOfYear,
    Month,
    LongMonth,
    LongMonthOfYear,
}

const FORMS: usize = 9;

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
            Self::LongMonth => &[("month", "long"), ("year", "numeric")],
            Self::LongMonthOfYear => &[("month", "long")],
        }
    }

    /// The instant in digits; `offset` is how far the zone is ahead of UTC, in seconds.
    fn digits(self, at: Instant, offset: i32) -> String {
        let local = at.checked_add_signed(TimeDelta::seconds(offset.into()));
        // Such as 2026-05-12T12:03:00Z.
        let text = iso_8601(local.unwrap_or(at));
        let slice = |from: usize, to: usize| text.get(from..to).unwrap_or(&text);
        match self {
            Self::Full => [slice(0, 10), slice(11, 19), &offset_name(offset)].join(" "),
            Self::DateTime | Self::DateTimeOfYear => [slice(0, 10), slice(11, 16)].join(" "),
            Self::TimeOfDay => slice(11, 16).to_owned(),
            Self::Day | Self::DayOfYear => slice(0, 10).to_owned(),
            Self::Month | Self::LongMonth | Self::LongMonthOfYear => slice(0, 7).to_owned(),
        }
    }
}

/// The name of a zone by its offset from UTC in seconds: `UTC+02:00`.
fn offset_name(offset: i32) -> String {
    let minutes = offset.unsigned_abs() / 60;
    match (minutes, offset < 0) {
        (0, _) => "UTC".to_owned(),
        (minutes, true) => format!("UTC-{:02}:{:02}", minutes / 60, minutes % 60),
        (minutes, false) => format!("UTC+{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

impl IntlLocale {
    /// Formats in a language, with the region that the user's browser prefers for it.
    pub fn new(lang: &str) -> Self {
        Self {
            locales: locales(lang),
            number: OnceCell::new(),
            percent: OnceCell::new(),
            plural: OnceCell::new(),
            relative: OnceCell::new(),
            dates: array::from_fn(|_| OnceCell::new()),
        }
    }

    fn intl(&self, constructor: &str) -> Option<JsValue> {
        intl(constructor, &self.locales, &Object::new())
    }

    fn date_format(&self, form: Form, zone: Zone) -> Option<&DateFormat> {
        let index = form as usize + if zone == Zone::Utc { FORMS } else { 0 };
        self.dates.get(index).and_then(|format| {
            let format = format.get_or_init(|| {
                let utc = (zone == Zone::Utc).then_some(("timeZone", "UTC"));
                // Always Gregorian, like the API and date inputs, even if the language prefers another
                // calendar.
                let calendar = ("calendar", "gregory");
                let options = form.options().iter().copied().chain([calendar]).chain(utc);
                let options = members(options.map(|(name, value)| (name, value.into())));
                let object = intl("DateTimeFormat", &self.locales, &options)?;
                let format = format_function(&object);
                Some(DateFormat { object, format })
            });
            format.as_ref()
        })
    }

    fn instant(&self, at: Instant, form: Form, zone: Zone) -> String {
        let function = self
            .date_format(form, zone)
            .and_then(|format| format.format.as_ref());
        format(function, &milliseconds(at)).unwrap_or_else(|| {
            let offset = match zone {
                Zone::Utc => 0,
                Zone::User => utc_offset(at),
            };
            form.digits(at, offset)
        })
    }
}

/// Sorts names as a language does: `Intl.Collator`.
pub struct Collator {
    /// The language.
    pub language: String,
    compare: Option<Function>,
}

impl Collator {
    /// The collator of a language.
    pub fn new(language: &str) -> Self {
        let options = members([("numeric", JsValue::TRUE)]);
        let collator = intl("Collator", &locales(language), &options);
        Self {
            language: language.to_owned(),
            compare: collator
                .and_then(|collator| js::member(&collator, "compare")?.dyn_into().ok()),
        }
    }

    /// Compares two names; `None` if the browser cannot.
    pub fn compare(&self, one: &str, other: &str) -> Option<Ordering> {
        let compare = self.compare.as_ref()?;
        let order = compare.call2(&JsValue::UNDEFINED, &one.into(), &other.into());
        order.ok()?.as_f64()?.partial_cmp(&0.0)
    }
}

/// Constructs an object of the browser's `Intl`; `None` if there is no such constructor, or if it throws.
fn intl(constructor: &str, locales: &Array, options: &Object) -> Option<JsValue> {
    let intl = js::of_window("Intl")?;
    js::construct(&intl, constructor, &[locales.into(), options.into()]).ok()
}

/// Constructs such an object and returns its `format` function.
fn formatter(constructor: &str, locales: &Array, options: &Object) -> Option<Function> {
    format_function(&intl(constructor, locales, options)?)
}

fn format_function(object: &JsValue) -> Option<Function> {
    js::member(object, "format")?.dyn_into().ok()
}

/// The locales to try: the language with the region that the user prefers, then the language itself.
fn locales(lang: &str) -> Array {
    let languages = js::of_window("navigator")
        .and_then(|navigator| js::member(&navigator, "languages"))
        .filter(Array::is_array);
    let mut preferred = languages
        .iter()
        .flat_map(|languages| Array::from(languages).to_vec())
        .filter_map(|tag| tag.as_string())
        .filter(|tag| language(tag) == language(lang));
    let preferred = preferred.next();
    let candidates = preferred.as_deref().into_iter().chain([lang]);
    let Some(intl) = js::of_window("Intl") else {
        return Array::new();
    };
    let canonical = |tag: &str| js::call(&intl, "getCanonicalLocales", &[tag.into()]).ok();
    let valid = candidates.filter_map(canonical);
    valid.fold(Array::new(), |locales, valid| {
        locales.concat(&valid.unchecked_into::<Array>())
    })
}

/// Formats one value; `None` if the browser cannot.
fn format(formatter: Option<&Function>, value: &JsValue) -> Option<String> {
    let text = formatter?.call1(&JsValue::UNDEFINED, value).ok()?;
    text.as_string()
}

/// The instant as a JavaScript timestamp. Every instant that the core reads is in the range of a
/// JavaScript date.
#[expect(
    clippy::cast_precision_loss,
    reason = "years 0 to 9999 are far below 2^53 milliseconds"
)]
fn milliseconds(at: Instant) -> JsValue {
    JsValue::from_f64(at.timestamp_millis() as f64)
}

/// How far the user's zone is ahead of UTC at an instant, in seconds.
pub fn utc_offset(at: Instant) -> i32 {
    offset_at(&JsDate::new(&milliseconds(at)))
}

#[expect(clippy::cast_possible_truncation, reason = "offsets are within a day")]
fn offset_at(date: &JsDate) -> i32 {
    (date.get_timezone_offset() * -60.0) as i32
}

impl Locale for IntlLocale {
    fn number(&self, number: i64) -> String {
        // As a BigInt: a JavaScript number would round large values.
        let value = BigInt::from(number).into();
        let number_format = self
            .number
            .get_or_init(|| formatter("NumberFormat", &self.locales, &Object::new()));
        format(number_format.as_ref(), &value).unwrap_or_else(|| number.to_string())
    }

    fn decimal_mark(&self) -> char {
        let parts = self
            .intl("NumberFormat")
            .and_then(|number| js::call(&number, "formatToParts", &[1.5.into()]).ok())
            .filter(Array::is_array);
        let parts = parts.iter().flat_map(|parts| Array::from(parts).to_vec());
        let text_of = |part: &JsValue, name| js::member(part, name)?.as_string();
        parts
            .filter(|part| text_of(part, "type").as_deref() == Some("decimal"))
            .find_map(|part| text_of(&part, "value")?.chars().next())
            .unwrap_or('.')
    }

    #[expect(clippy::cast_possible_truncation, reason = "shares are small")]
    fn percent(&self, share: f64) -> String {
        let percent = self.percent.get_or_init(|| {
            formatter(
                "NumberFormat",
                &self.locales,
                &members([("style", "percent".into())]),
            )
        });
        format(percent.as_ref(), &share.into())
            .unwrap_or_else(|| format!("{}%", (share * 100.0).round() as i64))
    }

    #[expect(clippy::cast_precision_loss, reason = "large counts have one category")]
    fn plural(&self, count: i64) -> PluralCategory {
        let count = count as f64;
        let plural = self.plural.get_or_init(|| self.intl("PluralRules"));
        let category = plural
            .as_ref()
            .and_then(|plural| js::call(plural, "select", &[count.into()]).ok());
        match category.and_then(|word| word.as_string()).as_deref() {
            None if count == 1.0 => PluralCategory::One,
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
            DateForm::LongMonth => Form::LongMonth,
            DateForm::LongMonthOfYear => Form::LongMonthOfYear,
        };
        // A day has no zone; at midnight in UTC it is the same day in UTC.
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
        self.instant(midnight, form, Zone::Utc)
    }

    #[expect(clippy::cast_precision_loss, reason = "distances in words are small")]
    fn relative(&self, count: i64, unit: Unit) -> String {
        let arguments = [(count as f64).into(), unit.name().into()];
        let relative = self
            .relative
            .get_or_init(|| self.intl("RelativeTimeFormat"));
        relative
            .as_ref()
            .and_then(|relative| js::call(relative, "format", &arguments).ok())
            .and_then(|text| text.as_string())
            .unwrap_or_else(|| format!("{count:+} {}", unit.name()))
    }

    #[expect(clippy::cast_precision_loss, reason = "durations in words are small")]
    fn duration(&self, count: i64, unit: Unit) -> String {
        let options = members([
            ("style", "unit".into()),
            ("unit", unit.name().into()),
            ("unitDisplay", "long".into()),
        ]);
        // Not kept: one is written at a time, in the details.
        let duration = formatter("NumberFormat", &self.locales, &options);
        format(duration.as_ref(), &(count as f64).into())
            .unwrap_or_else(|| format!("{count} {}", unit.name()))
    }

    fn zone_name(&self) -> String {
        // Uses the formatter of the rows, since constructing another one takes longer than a frame.
        self.date_format(Form::DateTimeOfYear, Zone::User)
            .and_then(|format| js::call(&format.object, "resolvedOptions", &[]).ok())
            .and_then(|options| js::member(&options, "timeZone")?.as_string())
            .unwrap_or_else(|| offset_name(offset_at(&JsDate::new_0())))
    }
}

#[cfg(test)]
mod tests {
    use referral_history_core::time::Instant;

    use super::{Form, offset_name};

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    /// Where `Intl` refused the user's zone, the page did not start.
    #[test]
    fn without_intl_times_are_in_digits_of_the_zone() {
        let evening = at("2026-05-12T22:30:45Z");
        for (form, text) in [
            (Form::Full, "2026-05-13 00:30:45 UTC+02:00"),
            (Form::DateTime, "2026-05-13 00:30"),
            (Form::DateTimeOfYear, "2026-05-13 00:30"),
            (Form::TimeOfDay, "00:30"),
            (Form::Day, "2026-05-13"),
            (Form::DayOfYear, "2026-05-13"),
            (Form::Month, "2026-05"),
            (Form::LongMonth, "2026-05"),
            (Form::LongMonthOfYear, "2026-05"),
        ] {
            assert_eq!(form.digits(evening, 7_200), text);
        }
        let full = Form::Full.digits(at("2025-12-31T23:59:59Z"), 0);
        assert_eq!(full, "2025-12-31 23:59:59 UTC");
    }

    #[test]
    fn a_zone_without_a_name_is_named_by_its_offset() {
        for (offset, name) in [
            (0, "UTC"),
            (19_800, "UTC+05:30"),
            (-12_600, "UTC-03:30"),
            (7_200, "UTC+02:00"),
        ] {
            assert_eq!(offset_name(offset), name);
        }
    }
}
