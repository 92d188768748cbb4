//! What the properties are tried on.

use chrono::{Datelike, FixedOffset, NaiveDate, SecondsFormat, TimeZone, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use referral_history_core::{
    event::Event,
    field::Field,
    role::Role,
    status::Status,
    time::{Date, Instant},
};

/// Go's zero time, which is no time.
const GO_ZERO: i64 = -62_135_596_800;

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

/// What means something to JSON, to a spreadsheet, to an address or to a screen.
const PIECES: [&str; 44] = [
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "\t",
    "\r",
    "\n",
    "\r\n",
    ";",
    ",",
    "\"",
    "'",
    " ",
    "  ",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{200b}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "\u{ff0d}",
    "\\",
    "/",
    "%",
    "%2C",
    "%25",
    "&",
    "#",
    "?",
    "null",
    "é",
    "e\u{301}",
    "ربيع",
    "😀",
    "a",
    "A",
    "1",
    "_",
    "<!doctype html>",
];

/// Any text, and more often one that may do harm.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat()),
        2 => vec(any::<char>(), 0..40).prop_map(String::from_iter),
        2 => "[a-z0-9_-]{1,20}",
        1 => (any::<char>(), 90_usize..320)
            .prop_map(|(character, count)| character.to_string().repeat(count)),
    ]
}

/// A text with something in it: another one is no value of a field.
pub fn some_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        if text.trim().is_empty() {
            text + "x"
        } else {
            text
        }
    })
}

/// A word of the API's, however it is written, or one that nobody knows.
pub fn word() -> impl Strategy<Value = String> {
    let known: Vec<String> = (Status::KNOWN.iter().map(Status::as_str))
        .chain(Role::KNOWN.iter().map(Role::as_str))
        .map(str::to_owned)
        .collect();
    let known = (select(known), 0..4).prop_map(|(word, style)| match style {
        0 => word.to_uppercase(),
        1 => word.replace('_', "-"),
        2 => format!(" {word}\n"),
        _ => word,
    });
    prop_oneof![2 => known, 1 => some_text()]
}

/// A day of the years 1 to 9999.
pub fn date() -> impl Strategy<Value = Date> {
    prop_oneof![(GO_ZERO..=LAST), 1_700_000_000_i64..1_900_000_000].prop_map(|seconds| {
        let at = Utc.timestamp_opt(seconds, 0).single();
        at.map_or(NaiveDate::MIN, |at| at.date_naive())
    })
}

/// A whole second that a page can show.
fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        3 => 1_600_000_000_i64..1_900_000_000,
        1 => GO_ZERO + 1..=LAST,
        1 => select(vec![GO_ZERO + 1, -1, 0, LAST]),
    ]
    .prop_map(|seconds| Utc.timestamp_opt(seconds, 0).single().expect("in range"))
}

/// A field and the JSON it is sent as, `None` where it is not sent at all.
type Sent<T> = (Field<T>, Option<String>);

/// A field as a record may have it. `known` makes a value and its JSON, `nothing` are further ways to say
/// that there is none.
fn field<T: Clone + core::fmt::Debug + 'static>(
    known: impl Strategy<Value = (T, String)> + 'static,
    nothing: &[&str],
) -> impl Strategy<Value = Sent<T>> {
    // None of these is a value of any field, and all stay what they are when they are shown.
    const UNREADABLE: [&str; 6] = [
        "true",
        "[]",
        "-0.5",
        r#"{"=1":"a;=1"}"#,
        r#"["+x",1e400]"#,
        r#""\ud800""#,
    ];
    let nothing: Vec<Option<String>> = [None, Some("null".to_owned())]
        .into_iter()
        .chain(nothing.iter().map(|json| Some((*json).to_owned())))
        .collect();
    prop_oneof![
        6 => known.prop_map(|(value, json)| (Field::Known(value), Some(json))),
        2 => select(nothing).prop_map(|json| (Field::Missing, json)),
        1 => select(&UNREADABLE[..])
            .prop_map(|json| (Field::Unreadable(json.to_owned()), Some(json.to_owned()))),
    ]
}

/// A text as JSON, each character as it is or all of them escaped.
pub fn json_text(text: &str, escaped: bool) -> String {
    if !escaped {
        return serde_json::to_string(text).expect("JSON");
    }
    let units: String = text
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    format!("\"{units}\"")
}

fn text_field<T: Clone + core::fmt::Debug + 'static>(
    text: impl Strategy<Value = String> + 'static,
    read: fn(&str) -> T,
) -> impl Strategy<Value = Sent<T>> {
    let known = (text, any::<bool>())
        .prop_map(move |(text, escaped)| (read(&text), json_text(&text, escaped)));
    field(known, &[r#""""#, r#"" \t""#])
}

fn credits_field() -> impl Strategy<Value = Sent<i64>> {
    let credits = prop_oneof![any::<i64>(), -10..20_000_i64];
    let known = (credits, select(vec!["", ".0", ".000"]))
        .prop_map(|(credits, fraction)| (credits, format!("{credits}{fraction}")));
    field(known, &[])
}

fn time_field() -> impl Strategy<Value = Sent<Instant>> {
    let fraction = select(vec!["", "", ".5", ".999999999"]);
    let known =
        (instant(), fraction, -18 * 60..=18 * 60_i32).prop_map(|(at, fraction, minutes_ahead)| {
            let zone = FixedOffset::east_opt(minutes_ahead * 60).expect("a zone");
            // A year of five digits, which the zone may lead to, is no RFC 3339.
            let has_four_digits = (2..=9998).contains(&at.year());
            let written = if has_four_digits && minutes_ahead % 3 == 0 {
                at.with_timezone(&zone)
                    .to_rfc3339_opts(SecondsFormat::Secs, true)
            } else {
                at.to_rfc3339_opts(SecondsFormat::Secs, true)
            };
            let (seconds, zone) = written.split_at("2026-05-12T12:00:00".len());
            (at, format!("\"{seconds}{fraction}{zone}\""))
        });
    field(known, &[r#""""#, r#""0001-01-01T00:00:00Z""#])
}

/// An event as the decoder should read it, with the record that it was sent as.
pub fn event() -> impl Strategy<Value = Event> {
    let fields = (
        text_field(some_text(), str::to_owned),
        text_field(some_text(), str::to_owned),
        text_field(some_text(), str::to_owned),
        text_field(word(), Role::parse),
        text_field(word(), Status::parse),
        credits_field(),
        time_field(),
        time_field(),
        time_field(),
        time_field(),
    );
    let others = vec((other_name(), json()), 0..3);
    (fields, others, any::<Index>(), space()).prop_map(|(fields, others, first, space)| {
        let (id, code, campaign, role, status, reward_credits, ..) = &fields;
        let (.., created_at, expires_at, qualified_at, rewarded_at) = &fields;
        let mut members: Vec<(String, &str)> = others
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str()))
            .collect();
        for (name, value) in [
            ("id", &id.1),
            ("code", &code.1),
            ("campaign", &campaign.1),
            ("role", &role.1),
            ("status", &status.1),
            ("reward_credits", &reward_credits.1),
            ("created_at", &created_at.1),
            ("expires_at", &expires_at.1),
            ("qualified_at", &qualified_at.1),
            ("rewarded_at", &rewarded_at.1),
        ] {
            if let Some(value) = value {
                members.push((json_text(name, first.index(5) == 0), value));
            }
        }
        if !members.is_empty() {
            let first = first.index(members.len());
            members.rotate_left(first);
        }
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("{name}{space}:{value}"))
            .collect();
        Event {
            id: id.0.clone(),
            code: code.0.clone(),
            campaign: campaign.0.clone(),
            role: role.0.clone(),
            status: status.0.clone(),
            reward_credits: reward_credits.0.clone(),
            created_at: created_at.0.clone(),
            expires_at: expires_at.0.clone(),
            qualified_at: qualified_at.0.clone(),
            rewarded_at: rewarded_at.0.clone(),
            sent: format!("{{{space}{}{space}}}", members.join(&format!("{space},"))).into(),
        }
    })
}

/// White space between the tokens of JSON.
pub fn space() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", " ", "\n", "\r\n\t"])
}

/// The JSON of a name that no version of the page reads.
fn other_name() -> impl Strategy<Value = String> {
    select(vec![
        r#""""#,
        r#""Id""#,
        r#""new""#,
        r#""\ud800""#,
        r#""cr\u0065dits""#,
    ])
    .prop_map(str::to_owned)
}

/// Any JSON, made of what means something to the decoder, and of what it must survive.
pub fn json() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "null",
        "true",
        "false",
        "0",
        "-0",
        "200",
        "204.0",
        "500",
        "1e999",
        "9223372036854775807",
        "9223372036854775808",
        r#""""#,
        r#"" ""#,
        r#""ok""#,
        r#""error""#,
        r#""upstream_unreachable""#,
        r#""rewarded""#,
        r#""\u0000\u202e""#,
        r#""\udfff""#,
        r#""<HTML>""#,
        r#""},]""#,
        r#""2026-05-12T12:03:00Z""#,
        r#""0001-01-01T00:00:00Z""#,
    ]);
    let name = select(vec![
        "code",
        "msg",
        "message",
        "data",
        "items",
        "error",
        "errors",
        "success",
        "status",
        "request_id",
        "id",
        "campaign",
        "role",
        "reward_credits",
        "created_at",
        r"\u0064ata",
        r"\ud800",
        "",
    ]);
    let leaf = prop_oneof![
        4 => leaf.prop_map(str::to_owned),
        1 => text().prop_map(|text| json_text(&text, false)),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let member =
            (name.clone(), inner.clone()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop_oneof![
            vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// A status line's number.
pub fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        3 => Just(200),
        3 => select(vec![0, 199, 204, 299, 300, 302, 400, 401, 403, 422, 429, 500, 501, 502, 503, 504]),
        1 => any::<u16>(),
    ]
}

/// The headers of an answer, each of which may be missing or nonsense.
pub fn headers() -> impl Strategy<Value = referral_history_core::api::Headers> {
    let number = || {
        let number = prop_oneof![0..100_000_u64, any::<u64>()];
        (number, select(vec!["", ".5", "00", "-", " "]))
            .prop_map(|(number, end)| format!("{number}{end}"))
    };
    let date = || instant().prop_map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    let value = move || proptest::option::of(prop_oneof![number(), date(), text()]);
    (value(), value(), value(), value()).prop_map(|(request_id, retry_after, date, age)| {
        referral_history_core::api::Headers {
            request_id,
            retry_after,
            date,
            age,
        }
    })
}
