//! The user's language in the hands of the components.

use leptos::prelude::*;

use crate::{
    model::{
        locale::Locale,
        page::Page,
        time::{self, Instant},
    },
    texts::{Plural, Texts, fill},
};

/// The texts and the locale of one page. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Words {
    /// The texts.
    pub texts: &'static Texts,
    locale: StoredValue<Box<dyn Locale>, LocalStorage>,
}

impl Words {
    /// Texts, and the locale that puts numbers and times into them.
    pub fn new(texts: &'static Texts, locale: impl Locale + 'static) -> Self {
        Self {
            texts,
            locale: StoredValue::new_local(Box::new(locale)),
        }
    }

    /// A whole number.
    pub fn number(self, number: i64) -> String {
        self.locale.with_value(|locale| locale.number(number))
    }

    /// A number of things.
    pub fn count(self, count: usize) -> String {
        self.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A text about a number of things, which stands at `{count}`.
    pub fn plural(self, text: &Plural, count: usize) -> String {
        let category = self.locale.with_value(|locale| locale.plural(count));
        fill(text.of(category), &[("count", &self.count(count))])
    }

    /// Date and time of day.
    pub fn date_time(self, at: Instant) -> String {
        self.locale.with_value(|locale| locale.date_time(at))
    }

    /// Date and time of day, without the year where that is the year of `now`.
    pub fn short_date_time(self, at: Instant, now: Instant) -> String {
        self.locale
            .with_value(|locale| locale.short_date_time(at, now))
    }

    /// The time of day.
    pub fn time_of_day(self, at: Instant) -> String {
        self.locale.with_value(|locale| locale.time_of_day(at))
    }

    /// How long before `now` something was.
    pub fn ago(self, at: Instant, now: Instant) -> String {
        let (count, unit) = time::since(at, now);
        self.locale.with_value(|locale| locale.ago(count, unit))
    }

    /// The rows of a page: "1–25 of 73".
    pub fn range(self, page: Page) -> String {
        let rows = page.rows();
        if rows.is_empty() {
            return self.texts.range_of_none.to_owned();
        }
        fill(
            self.texts.range,
            &[
                ("first", &self.count(rows.start + 1)),
                ("last", &self.count(rows.end)),
                ("total", &self.count(page.total)),
            ],
        )
    }
}

/// The machine-readable form of an instant, for `<time datetime>`: ISO 8601 in UTC.
pub fn datetime(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
