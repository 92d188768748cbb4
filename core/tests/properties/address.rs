//! The choices in an address: `url::UrlFormat`.

use proptest::{collection::vec, option, prelude::*, sample::select};
use referral_history_core::{
    campaign::{Campaign, key},
    dates::{DateField, Dates},
    page::ROWS_PER_PAGE,
    query::Query,
    role::Role,
    sort::{Sort, SortKey},
    status::Status,
    time::Zone,
    url::UrlFormat,
};

use crate::{
    generate::{date, some_text, text, word},
    invariants::{NAMES, check_address, is_ours, pairs},
};

fn link() -> impl Strategy<Value = UrlFormat> {
    let prefix = prop_oneof![
        2 => Just(String::new()),
        1 => select(vec!["rh-", "ü&", "q", "?", "%", "a=b+c", "page", "\n"]).prop_map(str::to_owned),
        1 => text(),
    ];
    (prefix, select(&ROWS_PER_PAGE[..]))
        .prop_map(|(prefix, per_page)| UrlFormat { prefix, per_page })
}

/// An address with choices in it, right, wrong and repeated, and with what others keep there.
fn search() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        2 => select(vec![
            "referrer", "rewarded,capped", ",,%2525,%252C", "soon", "2026-05-12", "2026-02-30", "0000-01-01",
            "-reward_credits", "code", "0", "3", "+7", "18446744073709551616", "10", "UTC", "%FF", "%", "",
        ]).prop_map(str::to_owned),
        1 => text(),
        1 => word(),
    ];
    let prefix = select(vec!["", "", "rh-", "%72h-", "q", "page"]);
    let name = prop_oneof![3 => select(&NAMES[..]).prop_map(str::to_owned), 1 => text()];
    let equals = prop_oneof![9 => Just("="), 1 => Just(""), 1 => Just("==")];
    let pair = (prefix, name, equals, value)
        .prop_map(|(prefix, name, equals, value)| [prefix, &name, equals, &value].concat());
    let start = prop_oneof![4 => Just("?"), 1 => Just(""), 1 => Just("??"), 1 => Just("?&")];
    (start, vec(pair, 0..8)).prop_map(|(start, pairs)| [start, &pairs.join("&")].concat())
}

/// Choices that an address can hold.
fn query() -> impl Strategy<Value = Query> {
    let short = |word: String| word.chars().take(100).collect::<String>();
    let statuses = vec(
        word().prop_map(move |word| Status::parse(&short(word))),
        0..60,
    );
    let statuses = statuses.prop_map(|chosen| {
        let mut statuses = Vec::new();
        for status in chosen {
            if !statuses.contains(&status) && statuses.len() < 50 {
                statuses.push(status);
            }
        }
        statuses
    });
    // Most often none, so that each of the other choices is tried by itself, too.
    let statuses = prop_oneof![Just(Vec::new()), statuses];
    let campaign = prop_oneof![
        1 => Just(Campaign::None),
        3 => some_text().prop_map(|name| Campaign::Named(key(&name))),
    ];
    let sort = (select(&SortKey::ALL[..]), any::<bool>())
        .prop_map(|(key, descending)| Sort { key, descending });
    // In order, as they are read.
    let dates = (option::of(date()), option::of(date()))
        .prop_map(|(from, to)| Dates { from, to }.ordered());
    let by = select(vec![DateField::Created, DateField::Rewarded]);
    let page = prop_oneof![3 => Just(1), 2 => 1..20_usize, 1 => 1..=usize::MAX];
    (
        option::of(word().prop_map(move |word| Role::parse(&short(word)))),
        statuses,
        any::<bool>(),
        option::of(campaign),
        (dates, by),
        text(),
        option::of(sort),
        page,
        select(&ROWS_PER_PAGE[..]),
        (
            select(vec![Zone::User, Zone::Utc]),
            option::of(word().prop_map(short)),
        ),
    )
        .prop_map(
            |(
                role,
                statuses,
                expiring,
                campaign,
                (dates, by),
                search,
                sort,
                page,
                per_page,
                (zone, event),
            )| {
                let mut query = Query {
                    role,
                    expiring_soon: expiring && statuses.is_empty(),
                    statuses,
                    campaign,
                    dates,
                    sort,
                    per_page,
                    zone,
                    event: event.filter(|id| !id.is_empty()),
                    ..Query::default()
                };
                query.set_by(by);
                query.set_search(&search);
                query.search = query.search.trim().to_owned();
                query.page = page;
                query
            },
        )
}

proptest! {
    #![proptest_config(crate::many())]

    #[test]
    fn any_address_is_survived(link in link(), search in text()) {
        check_address(&link, &search);
    }

    #[test]
    fn what_is_read_can_be_written(link in link(), search in search()) {
        check_address(&link, &search);
    }

}

proptest! {
    /// The link shows its receiver what its sender sees, whatever else stands in the address.
    #[test]
    fn what_is_written_is_read(link in link(), query in query(), search in search()) {
        let written = link.write(&query, &search);
        prop_assert_eq!(link.read(&written), query.clone());
        let mut pairs = pairs(&written);
        pairs.reverse();
        prop_assert_eq!(link.read(&["?", &pairs.join("&")].concat()), query, "in another order");
        check_address(&link, &written);
    }

    #[test]
    fn what_others_keep_stays_byte_for_byte(link in link(), query in query(), search in search()) {
        let written = link.write(&query, &search);
        prop_assert_eq!(link.without(&written), link.without(&search));
        let theirs = |search| -> Vec<String> {
            let pairs = pairs(search).into_iter();
            pairs.filter(|pair| !is_ours(pair, &link.prefix)).map(str::to_owned).collect()
        };
        prop_assert_eq!(theirs(&written), theirs(&search));
    }

    /// An answer may hold more than an address: what has no place in it is left out, and nothing else.
    #[test]
    fn what_an_address_cannot_hold_is_left_out(
        link in link(),
        mut query in query(),
        role in text(),
        words in vec(text(), 0..70),
        space in "[ \t\u{a0}]{0,3}",
    ) {
        query.role = Some(Role::parse(&role));
        query.statuses.clear();
        for status in words.iter().map(|word| Status::parse(word)) {
            query.set_status(status, true);
        }
        let search = query.search.clone();
        query.set_search(&[&space, &*search].concat());
        let written = link.write(&query, "");

        let has_place = |word: &str| (1..=100).contains(&word.chars().count());
        query.role = query.role.filter(|role| has_place(role.as_str()));
        query.statuses.retain(|status| has_place(status.as_str()));
        query.statuses.truncate(50);
        query.search = query.search.trim().to_owned();
        prop_assert_eq!(link.read(&written), query);
    }
}
