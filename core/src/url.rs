//! The user's choices in the query of the page's address, so that a link shows what its sender sees.
//!
//! Defaults are omitted, invalid values are ignored, and other parameters of the query stay byte for byte
//! as they are.

use form_urlencoded::{byte_serialize, parse};

use crate::{
    campaign::Campaign,
    dates::{DateField, Dates},
    page::ROWS_PER_PAGE,
    query::Query,
    role::Role,
    sort::{Sort, SortKey},
    status::Status,
    time::{Zone, date_from_iso, iso_date},
};

/// The names of the choices in the query.
const NAMES: [&str; 13] = [
    "role", "status", "expiring", "campaign", "from", "to", "by", "q", "sort", "page", "per_page",
    "tz", "event",
];

/// The longest role, status or id in an address, in characters. The API's own have at most 15, and a
/// server may refuse an address of thousands.
const WORD_CHARACTERS: usize = 100;

/// The most statuses in an address. The API has eight.
const MAX_STATUSES: usize = 50;

/// How an address holds the choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlFormat {
    /// The prefix of each name.
    pub prefix: String,
    /// Rows per page if the address does not set them.
    pub per_page: usize,
}

impl UrlFormat {
    /// Reads the choices from the query of an address.
    pub fn read(&self, search: &str) -> Query {
        let mut query = Query::with_rows_per_page(self.per_page);
        let search = search.strip_prefix('?').unwrap_or(search);
        for (name, value) in parse(search.as_bytes()) {
            if let Some(name) = name.strip_prefix(&self.prefix) {
                set(&mut query, name, &value);
            }
        }
        // The two exclude each other; the statuses win, as the older parameter.
        query.expiring_soon &= query.statuses.is_empty();
        query.dates = query.dates.ordered();
        if query.dates.is_any() {
            query.by = DateField::default();
        }
        query
    }

    /// Replaces the choices in the query of an address; the result is empty or starts with `?`.
    pub fn write(&self, query: &Query, search: &str) -> String {
        let mut written = self.without(search);
        for (name, value) in pairs(query, self.per_page) {
            written.push(if written.is_empty() { '?' } else { '&' });
            for text in [&self.prefix, name] {
                written.extend(byte_serialize(text.as_bytes()));
            }
            written.push('=');
            // A comma needs no escape in a query, and lists are easier to read without escapes.
            let value: String = byte_serialize(value.as_bytes()).collect();
            written.push_str(&value.replace("%2C", ","));
        }
        written
    }

    /// Removes all choices from the query of an address; the result is empty or starts with `?`.
    pub fn without(&self, search: &str) -> String {
        let search = search.strip_prefix('?').unwrap_or(search);
        let kept: Vec<&str> = search
            .split('&')
            .filter(|pair| !pair.is_empty() && !self.is_ours(pair))
            .collect();
        if kept.is_empty() {
            String::new()
        } else {
            format!("?{}", kept.join("&"))
        }
    }

    /// Whether the query of an address has any of the names.
    pub fn is_in(&self, search: &str) -> bool {
        let search = search.strip_prefix('?').unwrap_or(search);
        search.split('&').any(|pair| self.is_ours(pair))
    }

    fn is_ours(&self, pair: &str) -> bool {
        parse(pair.as_bytes()).next().is_some_and(|(name, _)| {
            name.strip_prefix(&self.prefix)
                .is_some_and(|name| NAMES.contains(&name))
        })
    }
}

fn set(query: &mut Query, name: &str, value: &str) {
    let date = |before| date_from_iso(value).or(before);
    match name {
        "role" if is_addressable(value) => query.role = Some(Role::parse(value)),
        "status" => {
            query.statuses.clear();
            // The limit counts duplicates too, so that reading takes linear time.
            for word in value.split(',').take(MAX_STATUSES) {
                let word = unescape_word(word);
                if !is_addressable(&word) {
                    continue;
                }
                let status = Status::parse(&word);
                if !query.statuses.contains(&status) {
                    query.statuses.push(status);
                }
            }
        }
        "expiring" => query.expiring_soon = value == "soon",
        "campaign" if value.is_empty() => query.campaign = Some(Campaign::None),
        "campaign" => query.campaign = Some(Campaign::from_key(value)),
        "from" => query.dates.from = date(query.dates.from),
        "to" => query.dates.to = date(query.dates.to),
        "by" if value == "rewarded" => query.by = DateField::Rewarded,
        "q" => {
            // The page in the address is a page of the search's results, so the search must not reset it.
            let page = query.page;
            query.set_search(value);
            query.page = page;
        }
        "sort" => query.sort = parse_sort(value).or(query.sort),
        "page" => {
            if let Some(page) = value.parse().ok().filter(|page| *page > 0) {
                query.page = page;
            }
        }
        "per_page" => {
            let rows = value.parse().ok();
            if let Some(rows) = rows.filter(|rows| ROWS_PER_PAGE.contains(rows)) {
                query.per_page = rows;
            }
        }
        "tz" if value.eq_ignore_ascii_case("utc") => query.zone = Zone::Utc,
        "event" if is_addressable(value) => query.event = Some(value.to_owned()),
        _ => {}
    }
}

/// Whether an address can hold a role, a status or an id: it is not empty and not too long.
pub fn is_addressable(word: &str) -> bool {
    !word.is_empty() && word.chars().nth(WORD_CHARACTERS).is_none()
}

fn parse_sort(value: &str) -> Option<Sort> {
    let field = value.strip_prefix('-').unwrap_or(value);
    let mut keys = SortKey::ALL.into_iter();
    keys.find(|key| key.field() == field).map(|key| Sort {
        key,
        descending: field != value,
    })
}

/// The choices as names and values, without defaults; `per_page` is the default for rows per page.
pub fn pairs(query: &Query, per_page: usize) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    let mut add = |name, value: &str| pairs.push((name, value.to_owned()));
    let default = Query::default();
    if let Some(role) = &query.role
        && is_addressable(role.as_str())
    {
        add("role", role.as_str());
    }
    let statuses: Vec<String> = query
        .statuses
        .iter()
        .map(Status::as_str)
        .filter(|word| is_addressable(word))
        .take(MAX_STATUSES)
        .map(escape_word)
        .collect();
    if !statuses.is_empty() {
        add("status", &statuses.join(","));
    }
    if query.expiring_soon {
        add("expiring", "soon");
    }
    match &query.campaign {
        Some(Campaign::Named(name)) => add("campaign", name),
        Some(Campaign::None) => add("campaign", ""),
        None => {}
    }
    // In order, as they are read.
    let Dates { from, to } = query.dates.ordered();
    for (name, date) in [("from", from), ("to", to)] {
        if let Some(date) = date {
            add(name, &iso_date(date));
        }
    }
    if query.by == DateField::Rewarded {
        add("by", "rewarded");
    }
    let search = query.search.trim();
    if !search.is_empty() {
        add("q", search);
    }
    if let Some(Sort { key, descending }) = query.sort {
        let direction = if descending { "-" } else { "" };
        add("sort", &[direction, key.field()].concat());
    }
    if query.page != default.page {
        add("page", &query.page.to_string());
    }
    if query.per_page != per_page {
        add("per_page", &query.per_page.to_string());
    }
    if query.zone == Zone::Utc {
        add("tz", "utc");
    }
    if let Some(event) = query.event.as_deref().filter(|id| is_addressable(id)) {
        add("event", event);
    }
    pairs
}

/// Escapes a word for a list that is separated by commas.
fn escape_word(word: &str) -> String {
    word.replace('%', "%25").replace(',', "%2C")
}

fn unescape_word(word: &str) -> String {
    word.replace("%2C", ",").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::{column::Column, page::DEFAULT_ROWS_PER_PAGE};

    fn link(prefix: &str) -> UrlFormat {
        UrlFormat {
            prefix: prefix.to_owned(),
            per_page: DEFAULT_ROWS_PER_PAGE,
        }
    }

    fn read(search: &str, prefix: &str) -> Query {
        link(prefix).read(search)
    }

    fn write(query: &Query, search: &str, prefix: &str) -> String {
        link(prefix).write(query, search)
    }

    fn without(search: &str, prefix: &str) -> String {
        link(prefix).without(search)
    }

    #[test]
    fn the_hosts_rows_per_page_are_the_default() {
        let link = UrlFormat {
            per_page: 50,
            ..link("")
        };
        assert_eq!(link.read("").per_page, 50);
        assert_eq!(link.write(&link.read(""), ""), "");
        assert_eq!(link.write(&Query::default(), ""), "?per_page=25");
        assert_eq!(link.read("?per_page=25").per_page, 25);
    }

    fn full() -> Query {
        Query {
            role: Some(Role::Referrer),
            statuses: vec![
                Status::Rewarded,
                Status::parse("a,b %2C&=#+é\u{202e}"),
                Status::Capped,
            ],
            expiring_soon: false,
            campaign: Some(Campaign::Named("<b>&a=1#\n ü+%".to_owned())),
            dates: Dates {
                from: NaiveDate::from_ymd_opt(2026, 3, 1),
                to: NaiveDate::from_ymd_opt(2026, 5, 31),
            },
            by: DateField::Rewarded,
            search: "A1 & b".to_owned(),
            sort: Some(Sort {
                key: SortKey::Column(Column::Reward),
                descending: true,
            }),
            page: 3,
            per_page: 50,
            zone: Zone::Utc,
            event: Some("é1&b=2#,%2C".to_owned()),
        }
    }

    #[test]
    fn written_choices_are_read_back() {
        for prefix in ["", "rh-", "ü&"] {
            let written = write(&full(), "", prefix);
            assert_eq!(read(&written, prefix), full(), "{written}");
        }
        for campaign in [None, Some(Campaign::None)] {
            let query = Query {
                campaign,
                expiring_soon: true,
                sort: Some(Sort::EXPIRES_FIRST),
                ..Query::default()
            };
            assert_eq!(read(&write(&query, "", ""), ""), query);
        }
    }

    #[test]
    fn a_link_uses_the_api_names_and_values() {
        let query = Query {
            statuses: vec![Status::Rewarded, Status::ReviewRequired],
            campaign: None,
            search: String::new(),
            event: Some("abc123".to_owned()),
            ..full()
        };
        assert_eq!(
            write(&query, "", ""),
            "?role=referrer&status=rewarded,review_required&from=2026-03-01&to=2026-05-31&by=rewarded\
             &sort=-reward_credits&page=3&per_page=50&tz=utc&event=abc123"
        );
    }

    #[test]
    fn the_order_of_parameters_does_not_matter() {
        let query = Query {
            search: "a".to_owned(),
            page: 3,
            ..Query::default()
        };
        assert_eq!(read("?q=a&page=3", ""), query);
        assert_eq!(read("?page=3&q=a", ""), query);
    }

    #[test]
    fn defaults_are_omitted() {
        assert_eq!(write(&Query::default(), "", ""), "");
        assert_eq!(write(&Query::default(), "?role=referrer&page=2", ""), "");
    }

    #[test]
    fn other_parameters_stay_byte_for_byte() {
        let other = "?utm=a%20b&flag&x=1+2&%FF=%&&y=";
        let query = Query {
            page: 2,
            ..Query::default()
        };
        let written = write(&query, other, "");
        assert_eq!(written, "?utm=a%20b&flag&x=1+2&%FF=%&y=&page=2");
        assert_eq!(without(&written, ""), "?utm=a%20b&flag&x=1+2&%FF=%&y=");
        assert!(link("").is_in(&written) && !link("").is_in(other) && !link("rh-").is_in(&written));
        // With a prefix, plain names belong to the host.
        assert_eq!(
            write(&query, "?page=7&rh-role=x", "rh-"),
            "?page=7&rh-page=2"
        );
        assert_eq!(read("?page=7", "rh-"), Query::default());
    }

    #[test]
    fn invalid_values_are_ignored() {
        for search in [
            "?role=&status=,,&from=yesterday&to=2026-02-30&sort=code&page=0&per_page=7&tz=Mars&event=",
            "?page=-1&page=abc&per_page=100000&sort=--created_at&expiring=later&q=",
            "?%zz&=&===&&&",
        ] {
            assert_eq!(read(search, ""), Query::default(), "{search}");
        }
        assert!(!read("?expiring=soon&status=capped", "").expiring_soon);
    }

    #[test]
    fn a_date_to_go_by_needs_days() {
        assert_eq!(read("?by=rewarded", ""), Query::default());
        let query = read("?by=rewarded&to=2026-03-01&from=2026-05-31", "");
        assert_eq!(query.by, DateField::Rewarded);
        assert_eq!(
            write(&query, "", ""),
            "?from=2026-03-01&to=2026-05-31&by=rewarded"
        );
        assert_eq!(read("?from=2026-03-01&by=never", "").by, DateField::Created);
    }

    #[test]
    fn unknown_words_survive_a_link() {
        let query = read("?role=partner&status=clawed_back,rewarded", "");
        assert_eq!(query.role, Some(Role::parse("partner")));
        let words: Vec<&str> = query.statuses.iter().map(Status::as_str).collect();
        assert_eq!(words, ["clawed_back", "rewarded"]);
    }

    fn query_text(text: &str) -> String {
        byte_serialize(text.as_bytes()).collect()
    }

    #[test]
    fn an_address_holds_at_most_fifty_statuses_of_a_hundred_characters() {
        let list = |words: usize| {
            let words: Vec<String> = (0..words).map(|word| format!("w{word}")).collect();
            format!("?status={}", words.join(","))
        };
        assert_eq!(read(&list(50), "").statuses.len(), 50);
        assert_eq!(read(&list(51), "").statuses.len(), 50);
        let many = Query {
            statuses: (0..51)
                .map(|word| Status::parse(&format!("w{word}")))
                .collect(),
            ..Query::default()
        };
        assert_eq!(write(&many, "", ""), list(50));
        for (characters, is_read) in [(100, true), (101, false)] {
            let word = "é".repeat(characters);
            let query = read(&format!("?role={word}&status={word},x"), "");
            assert_eq!(query.role.is_some(), is_read, "{characters}");
            assert_eq!(
                query.statuses.len(),
                1 + usize::from(is_read),
                "{characters}"
            );
            let event = format!("?event={}", query_text(&word));
            assert_eq!(read(&event, "").event.is_some(), is_read, "{characters}");
            let with_event = Query {
                event: Some(word),
                ..Query::default()
            };
            let expected = if is_read { &*event } else { "" };
            assert_eq!(write(&with_event, "", ""), expected, "{characters}");
        }
        let name = "é".repeat(10_000);
        let Some(Campaign::Named(key)) = read(&format!("?campaign={name}"), "").campaign else {
            panic!("a campaign");
        };
        assert_eq!(key, crate::campaign::key(&name));
    }

    /// Reading once compared each word with all before it, and a query of a megabyte took minutes.
    #[test]
    fn an_address_is_read_in_linear_time() {
        let words: String = (0..150_000).map(|word| format!("w{word},")).collect();
        let names: String = (0..100_000).map(|name| format!("role=r{name}&")).collect();
        for search in [
            format!("?status={words}"),
            names,
            "&".repeat(1_000_000),
            "%".repeat(1_000_000),
        ] {
            assert!(search.len() >= 1_000_000);
            let start = std::time::Instant::now();
            let query = read(&search, "");
            let written = write(&query, &search, "");
            assert!(written.len() <= search.len() + "?".len());
            // About 20 ms in a debug build; quadratic time would be minutes.
            assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
        }
    }

    #[test]
    fn hostile_text_makes_a_bounded_address() {
        let long = "💣".repeat(10_000);
        let mut query = Query {
            role: Some(Role::parse(&long)),
            statuses: vec![Status::parse(&long)],
            campaign: Some(Campaign::Named(crate::campaign::key(&long))),
            ..Query::default()
        };
        query.set_search(&long);
        let written = write(&query, "", "");
        assert!(written.len() < 4_000, "{}", written.len());
        let read_back = read(&written, "");
        assert_eq!(read_back.campaign, query.campaign);
        assert_eq!(read_back.search, query.search);
    }
}
