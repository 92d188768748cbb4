//! Texts and formats of the page's language.

use std::rc::Rc;

use chrono::Datelike;
use leptos::prelude::*;
use referral_history_core::{
    campaign::Campaign,
    locale::{DateForm, Locale},
    page::Page,
    sanitize::{CELL_CHARACTERS, sanitize},
    sort::{Sort, SortKey},
    summary::Credits,
    texts::{self, Plural, Texts, fill},
    time::{self, Date, Distance, Instant, Unit, Zone, distance, distance_back},
};

thread_local! {
    /// Notifies pages when the texts of a language are loaded.
    static LOCALES: ArcTrigger = ArcTrigger::new();
}

/// Loads the texts of a language from its file, for all pages. Until then a page in that language is in
/// English.
pub fn add_locale(json: &str) {
    texts::load(json);
    notify_locales();
}

/// Makes all pages look up their language again. A trigger drops its disposed subscribers only when it
/// notifies, and this one outlives every page: each page calls this as it is unmounted.
pub fn notify_locales() {
    LOCALES.with(ArcTrigger::notify);
}

/// The language tag of a page that requests the language `requested`: English until the texts of that
/// language are loaded. Reactive.
pub fn available_tag(requested: &str) -> String {
    LOCALES.with(ArcTrigger::track);
    texts::tag(requested, texts::get(requested)).to_owned()
}

/// The texts and the locale of one page. Copies are the same handle.
#[derive(Clone, Copy)]
pub struct I18n {
    /// The texts.
    pub texts: &'static Texts,
    locale: StoredValue<Rc<dyn Locale>, LocalStorage>,
}

impl I18n {
    /// Combines texts with the locale that formats their numbers and times.
    pub fn new(texts: &'static Texts, locale: Rc<dyn Locale>) -> Self {
        Self {
            texts,
            locale: StoredValue::new_local(locale),
        }
    }

    /// What formats the numbers and times, for other texts in the same language.
    pub fn locale(self) -> Rc<dyn Locale> {
        self.locale.get_value()
    }

    fn with<T>(self, of: impl FnOnce(&dyn Locale) -> T) -> T {
        self.locale.with_value(|locale| of(&**locale))
    }

    /// A whole number.
    pub fn number(self, number: i64) -> String {
        self.with(|locale| locale.number(number))
    }

    /// A count.
    pub fn count(self, count: usize) -> String {
        self.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A number of seconds as a countdown: `0:07`, in the digits of the language.
    pub fn countdown(self, seconds: u64) -> String {
        self.with(|locale| locale.digits(&time::countdown(seconds)))
    }

    /// The character before the decimals of a number.
    pub fn decimal_mark(self) -> char {
        self.with(|locale| locale.decimal_mark())
    }

    /// A share in percent.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
    pub fn percent(self, part: usize, of: usize) -> String {
        self.with(|locale| locale.percent(part as f64 / of.max(1) as f64))
    }

    /// A text with a count, which replaces `{count}`.
    pub fn plural(self, text: &Plural, count: usize) -> String {
        self.plural_of(text, i64::try_from(count).unwrap_or(i64::MAX), &[])
    }

    /// Like [`I18n::plural`], with further values.
    pub fn plural_of(self, text: &Plural, count: i64, values: &[(&str, &str)]) -> String {
        let category = self.with(|locale| locale.plural(count));
        let number = self.number(count);
        fill(
            text.of(category),
            &[values, &[("count", number.as_str())]].concat(),
        )
    }

    /// A sum of credits: "10,000 credits".
    pub fn credits(self, credits: Credits) -> String {
        if credits.is_unknown() {
            self.texts.unreadable.to_owned()
        } else {
            self.plural_of(&self.texts.credits, credits.sum, &[])
        }
    }

    /// The sum as a bare number, for a place that is labelled as credits.
    pub fn credits_figure(self, credits: Credits) -> String {
        if credits.is_unknown() {
            self.credits(credits)
        } else {
            self.number(credits.sum)
        }
    }

    /// How many rewards have unknown credits; `None` if the sum includes all.
    pub fn rewards_unknown(self, credits: Credits) -> Option<String> {
        (credits.unknown > 0).then(|| self.plural(&self.texts.rewards_unknown, credits.unknown))
    }

    /// Date, time of day and zone, to the second.
    pub fn full(self, at: Instant, zone: Zone) -> String {
        self.with(|locale| locale.full(at, zone))
    }

    /// Date and time of day.
    pub fn date_time(self, at: Instant, zone: Zone) -> String {
        self.with(|locale| locale.date_time(at, zone))
    }

    /// Date and time of day, without the year if that is the year of `now`.
    pub fn short_date_time(self, at: Instant, now: Instant, zone: Zone) -> String {
        self.with(|locale| locale.short_date_time(at, now, zone))
    }

    /// The time of day.
    pub fn time_of_day(self, at: Instant, zone: Zone) -> String {
        self.with(|locale| locale.time_of_day(at, zone))
    }

    /// A day.
    pub fn date(self, date: Date, form: DateForm) -> String {
        self.with(|locale| locale.date(date, form))
    }

    /// A calendar month in a sentence: "October", with the year if that is not the year of `today`.
    pub fn month(self, month: Date, today: Date) -> String {
        let form = if month.year() == today.year() {
            DateForm::LongMonthOfYear
        } else {
            DateForm::LongMonth
        };
        self.date(month, form)
    }

    /// The name of a zone: "Berlin time", "UTC".
    pub fn zone_name(self, zone: Zone) -> String {
        match zone {
            Zone::User => {
                let name = self.with(|locale| locale.zone_name());
                let city = name.rsplit('/').next().unwrap_or_default();
                fill(self.texts.zone_time, &[("zone", &city.replace('_', " "))])
            }
            Zone::Utc => "UTC".to_owned(),
        }
    }

    /// Whether the user's own zone is UTC.
    pub fn is_in_utc(self) -> bool {
        let name = self.with(|locale| locale.zone_name());
        ["UTC", "GMT"].contains(&name.rsplit('/').next().unwrap_or_default())
    }

    /// A text that names the zone.
    pub fn times_in(self, zone: Zone) -> String {
        fill(self.texts.times_in, &[("zone", &self.zone_name(zone))])
    }

    /// How long before `now` an event happened; empty if it is later than `now`.
    pub fn ago(self, at: Instant, now: Instant) -> String {
        match distance_back(at, now) {
            Distance::Ahead(..) => String::new(),
            distance => self.distance(distance),
        }
    }

    /// The distance to `now`, in the past or the future.
    pub fn relative(self, at: Instant, now: Instant) -> String {
        match distance(at, now) {
            // "just now" is of the past.
            Distance::Now if at > now => self.with(|locale| locale.relative(1, Unit::Minute)),
            distance => self.distance(distance),
        }
    }

    fn distance(self, distance: Distance) -> String {
        let (count, unit) = match distance {
            Distance::Now => return self.texts.now.to_owned(),
            Distance::Ago(count, unit) => (-count, unit),
            Distance::Ahead(count, unit) => (count, unit),
        };
        self.with(|locale| locale.relative(count, unit))
    }

    /// A duration: "5 minutes", "31 days".
    pub fn duration(self, (count, unit): (i64, Unit)) -> String {
        self.with(|locale| locale.duration(count, unit))
    }

    /// The day and the month, and the year unless it is the year of `today`.
    pub fn short_date(self, date: Date, today: Date) -> String {
        let form = if date.year() == today.year() {
            DateForm::DayOfYear
        } else {
            DateForm::Day
        };
        self.date(date, form)
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

    /// The name of a campaign, or "No campaign".
    pub fn campaign(self, campaign: &Campaign) -> String {
        match campaign {
            Campaign::None => self.texts.no_campaign.to_owned(),
            Campaign::Named(name) => sanitize(name, CELL_CHARACTERS),
        }
    }

    /// The name of an order: "Date, descending".
    pub fn order(self, sort: Sort) -> String {
        let texts = self.texts;
        match (sort.key, sort.descending) {
            (SortKey::Column(column), true) => {
                fill(texts.descending, &[("column", texts.column(column))])
            }
            (SortKey::Column(column), false) => {
                fill(texts.ascending, &[("column", texts.column(column))])
            }
            (SortKey::ExpiresAt, true) => texts.expires_last.to_owned(),
            (SortKey::ExpiresAt, false) => texts.expires_first.to_owned(),
        }
    }
}
