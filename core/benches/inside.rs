//! What the page computes for an answer and for a choice, with 10, 100 (the most that the API sends) and 1,000
//! records (the most that the page reads): `cargo bench -p referral-history-core`.

use core::cmp::Ordering;

use divan::{Bencher, black_box};
use referral_history_core::{
    api::{self, Headers},
    dates::Dates,
    query::{FilterMask, Query, matching_except},
    record::{Device, Record, campaign_ranks},
    role::Role,
    series::Series,
    sort::{Sort, SortKey},
    status::Status,
    summary::Summary,
    time::{Instant, Zone, date_from_iso},
};

const COUNTS: [usize; 3] = [10, 100, 1_000];

fn main() {
    divan::main();
}

/// A device in UTC.
struct Utc;

impl Device for Utc {
    fn fold(&self, text: &str) -> String {
        text.to_lowercase()
    }

    fn utc_offset(&self, _: Instant) -> i32 {
        0
    }
}

fn now() -> Instant {
    Instant::from_timestamp(1_780_000_000, 0).unwrap_or_default()
}

fn compare(one: &str, other: &str) -> Ordering {
    one.cmp(other)
}

/// An answer of the API with so many records, one every five hours.
fn body(count: usize) -> String {
    let record = |place: usize| {
        let hours = i64::try_from(place).unwrap_or_default() * 5;
        let at = (now() - chrono::TimeDelta::hours(hours)).to_rfc3339();
        let role = if place.is_multiple_of(3) {
            "referred"
        } else {
            "referrer"
        };
        let status = &Status::KNOWN[place * 5 % Status::KNOWN.len()];
        let reward = match status {
            Status::Rewarded => format!(r#","reward_credits":10000,"rewarded_at":"{at}""#),
            _ => String::new(),
        };
        format!(
            r#"{{"id":"evt_{place}","role":"{role}","status":"{status}","code":"CODE{code}","campaign":"campaign-{campaign}","created_at":"{at}"{reward}}}"#,
            status = status.as_str(),
            code = place % 40,
            campaign = place % 7,
        )
    };
    let records: Vec<String> = (0..count).map(record).collect();
    format!(
        r#"{{"code":200,"msg":"ok","data":{{"items":[{}]}}}}"#,
        records.join(",")
    )
}

fn records(count: usize) -> Vec<Record> {
    let answer = api::decode(200, &Headers::default(), Some(&body(count)), now());
    let events = answer.map(|answer| answer.events).unwrap_or_default();
    assert_eq!(events.len(), count, "every record of the benchmark is read");
    events
        .into_iter()
        .map(|event| Record::new(event, &Utc))
        .collect()
}

fn masks(query: &Query, records: &[Record]) -> Vec<FilterMask> {
    query.filter_masks(records, &Utc, now())
}

#[divan::bench(args = COUNTS)]
fn decode(bencher: Bencher<'_, '_>, count: usize) {
    let body = body(count);
    bencher.bench(|| api::decode(200, &Headers::default(), Some(black_box(&body)), now()));
}

#[divan::bench(args = COUNTS)]
fn derive_records(bencher: Bencher<'_, '_>, count: usize) {
    let records = records(count);
    let events = || -> Vec<_> { records.iter().map(|record| record.event.clone()).collect() };
    bencher
        .with_inputs(events)
        .bench_values(|events| -> Vec<_> {
            let records = events.into_iter();
            records.map(|event| Record::new(event, &Utc)).collect()
        });
}

#[divan::bench(args = COUNTS)]
fn filter_by_role_and_search(bencher: Bencher<'_, '_>, count: usize) {
    let records = records(count);
    let ranks = campaign_ranks(&records, &compare);
    let mut query = Query::with_rows_per_page(25);
    query.set_role(Some(Role::Referrer));
    query.set_search("code1");
    bencher.bench(|| {
        let masks = masks(black_box(&query), &records);
        query.matching(&records, &masks, &ranks)
    });
}

#[divan::bench(args = COUNTS)]
fn sort_by_campaign(bencher: Bencher<'_, '_>, count: usize) {
    let records = records(count);
    let mut query = Query::with_rows_per_page(25);
    let key = SortKey::Column(referral_history_core::column::Column::Campaign);
    query.set_sort(Some(Sort {
        key,
        descending: true,
    }));
    let masks = masks(&query, &records);
    bencher.bench(|| {
        let ranks = campaign_ranks(&records, &compare);
        black_box(&query).matching(&records, &masks, &ranks)
    });
}

#[divan::bench(args = COUNTS)]
fn summary(bencher: Bencher<'_, '_>, count: usize) {
    let records = records(count);
    let masks = masks(&Query::with_rows_per_page(25), &records);
    bencher.bench(|| {
        let matching = matching_except(black_box(&records), &masks, &[]);
        Summary::new(&matching, &matching, now())
    });
}

#[divan::bench(args = COUNTS)]
fn series(bencher: Bencher<'_, '_>, count: usize) {
    let records = records(count);
    let records: Vec<&Record> = records.iter().collect();
    let today = date_from_iso("2026-05-28").unwrap_or_default();
    bencher.bench(|| {
        let records = black_box(&records);
        Series::new(records, Zone::Utc, today, Dates::default(), None)
    });
}
