//! The host's options: their names, meanings and defaults, and the check of their values.

use core::fmt;

use crate::page::{DEFAULT_ROWS_PER_PAGE, ROWS_PER_PAGE};

/// The most records that the API answers with: "capped at 100", as its documentation says.
pub const MAX_EVENTS: u8 = 100;

/// The longest prefix for `url-sync`, in bytes.
const PREFIX_BYTES: usize = 40;

/// The host's options. Attributes of `<referral-history>`, options of `mount` and props of the
/// `ReferralHistory` component all set these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostOptions {
    /// The API's base: a path on the page's own origin, or an address.
    pub api_base: String,
    /// The one other origin that `api_base` may be on, such as `https://api.example`; empty for none.
    pub api_origin: String,
    /// How many events are requested, 1 to 100.
    pub limit: u8,
    /// Rows per page until the user chooses otherwise: 10, 25, 50 or 100.
    pub page_size: usize,
    /// The colour theme.
    pub theme: Theme,
    /// The language, as in HTML's `lang`; English if it is not supported. Empty for the language of the
    /// surrounding page.
    pub lang: String,
    /// The console's sign-in page, on the page's own origin. The path to return to is added as `return`.
    pub sign_in_url: String,
    /// Whether the user's choices are kept in the page's address.
    pub url_sync: UrlSync,
    /// Identifies the signed-in user, for example by a hash of the user's id; empty if the host sets
    /// nothing. It is only compared, and neither sent nor shown.
    pub session: String,
}

impl Default for HostOptions {
    fn default() -> Self {
        Self {
            api_base: DEFAULT_API_BASE.to_owned(),
            api_origin: String::new(),
            limit: MAX_EVENTS,
            page_size: DEFAULT_ROWS_PER_PAGE,
            theme: Theme::System,
            lang: String::new(),
            sign_in_url: DEFAULT_SIGN_IN_URL.to_owned(),
            url_sync: UrlSync::On,
            session: String::new(),
        }
    }
}

/// The default of [`HostOptions::api_base`].
pub const DEFAULT_API_BASE: &str = "/api/v1";

/// The default of [`HostOptions::sign_in_url`].
pub const DEFAULT_SIGN_IN_URL: &str = "/sign-in";

/// The colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The theme that the user's system prefers.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its value in the attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Whether, and under which names, the query of the page's address holds the user's choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UrlSync {
    /// Under plain names, such as `status`.
    #[default]
    On,
    /// Not at all.
    Off,
    /// Under names with this prefix, such as `rh-status`.
    Prefix(String),
}

impl UrlSync {
    /// The prefix of each name; `None` if the address holds no choices.
    pub fn prefix(&self) -> Option<&str> {
        match self {
            Self::On => Some(""),
            Self::Off => None,
            Self::Prefix(prefix) => Some(prefix),
        }
    }
}

/// An invalid value for an option. Its `Display` is a sentence for the browser's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    name: &'static str,
    value: String,
    wanted: &'static str,
    used: String,
}

impl InvalidOption {
    /// Rejects the `value` of an option; `used` is the value that replaces it.
    pub fn new((name, wanted): Named, value: &str, used: &str) -> Self {
        Self {
            name,
            value: value.chars().take(100).collect(),
            wanted,
            used: used.to_owned(),
        }
    }
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            value,
            wanted,
            used,
        } = self;
        write!(
            formatter,
            "referral-history: {name} {value:?} is not {wanted}; {used:?} is used."
        )
    }
}

impl HostOptions {
    /// Sets the option with that attribute name; without a value, to its default. An unknown name changes
    /// nothing.
    ///
    /// # Errors
    /// If the value is invalid; the option then has its default.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), InvalidOption> {
        let default = Self::default();
        let text = |value: &str| Some(value.to_owned());
        match name {
            "api-base" => assign(
                &mut self.api_base,
                default.api_base,
                value,
                parse_api_base,
                API_BASE,
            ),
            "api-origin" => assign(
                &mut self.api_origin,
                default.api_origin,
                value,
                parse_api_origin,
                API_ORIGIN,
            ),
            "limit" => assign(&mut self.limit, default.limit, value, parse_limit, LIMIT),
            "page-size" => assign(
                &mut self.page_size,
                default.page_size,
                value,
                parse_page_size,
                PAGE_SIZE,
            ),
            "theme" => assign(&mut self.theme, default.theme, value, parse_theme, THEME),
            "lang" => assign(&mut self.lang, default.lang, value, text, LANG),
            "sign-in-url" => assign(
                &mut self.sign_in_url,
                default.sign_in_url,
                value,
                |value| text(value).filter(|address| !address.is_empty()),
                SIGN_IN_URL,
            ),
            "url-sync" => assign(
                &mut self.url_sync,
                default.url_sync,
                value,
                parse_url_sync,
                URL_SYNC,
            ),
            "session" => assign(&mut self.session, default.session, value, text, SESSION),
            _ => Ok(()),
        }
    }

    /// Replaces invalid values with their defaults, and returns what was replaced. A Rust host sets the
    /// fields without [`HostOptions::set`].
    pub fn check(&mut self) -> Vec<InvalidOption> {
        let set = [
            (API_BASE.0, self.api_base.clone()),
            (API_ORIGIN.0, self.api_origin.clone()),
            (LIMIT.0, self.limit.to_string()),
            (PAGE_SIZE.0, self.page_size.to_string()),
            (SIGN_IN_URL.0, self.sign_in_url.clone()),
            (URL_SYNC.0, self.url_sync.to_string()),
        ];
        let mut invalid = Vec::new();
        for (name, value) in set {
            invalid.extend(self.set(name, Some(&value)).err());
        }
        invalid
    }

    /// Whether these options request other events than `other`.
    pub fn needs_new_request(&self, other: &Self) -> bool {
        let request = |options: &Self| {
            (
                options.api_base.clone(),
                options.api_origin.clone(),
                options.limit,
                options.session.clone(),
            )
        };
        request(self) != request(other)
    }
}

/// An option's attribute name, and what its value must be.
pub type Named = (&'static str, &'static str);

/// The name and the rule of `api-base`.
pub const API_BASE: Named = ("api-base", "a path or an http(s) address, without a query");
const API_ORIGIN: Named = ("api-origin", "an origin, such as https://api.example");
const LIMIT: Named = ("limit", "a whole number from 1 to 100");
const PAGE_SIZE: Named = ("page-size", "10, 25, 50 or 100");
const THEME: Named = ("theme", "system, light or dark");
const LANG: Named = ("lang", "a language");
const SESSION: Named = ("session", "a text");
/// The name and the rule of `sign-in-url`.
pub const SIGN_IN_URL: Named = ("sign-in-url", "an http(s) address on this origin");
const URL_SYNC: Named = (
    "url-sync",
    "on, off, or a prefix of at most 40 letters, digits, - . and _",
);

fn assign<T: fmt::Display>(
    option: &mut T,
    default: T,
    value: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    named: Named,
) -> Result<(), InvalidOption> {
    let Some(value) = value.map(str::trim) else {
        *option = default;
        return Ok(());
    };
    if let Some(value) = parse(value) {
        *option = value;
        return Ok(());
    }
    let invalid = InvalidOption::new(named, value, &default.to_string());
    *option = default;
    Err(invalid)
}

/// A query or fragment is invalid, because the endpoint's path is appended.
fn parse_api_base(value: &str) -> Option<String> {
    (!value.is_empty() && !has_any(value, b"?#")).then(|| value.to_owned())
}

fn has_any(text: &str, characters: &[u8]) -> bool {
    text.bytes().any(|byte| characters.contains(&byte))
}

fn parse_api_origin(value: &str) -> Option<String> {
    let origin = value.trim_end_matches('/');
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !has_any(host, b"/?#@"));
    (is_origin || value.is_empty()).then(|| origin.to_owned())
}

fn parse_limit(value: &str) -> Option<u8> {
    value
        .parse()
        .ok()
        .filter(|limit| (1..=MAX_EVENTS).contains(limit))
}

fn parse_page_size(value: &str) -> Option<usize> {
    value
        .parse()
        .ok()
        .filter(|rows| ROWS_PER_PAGE.contains(rows))
}

fn parse_theme(value: &str) -> Option<Theme> {
    Theme::ALL.into_iter().find(|theme| theme.as_str() == value)
}

fn parse_url_sync(value: &str) -> Option<UrlSync> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    match value {
        "on" | "" => Some(UrlSync::On),
        "off" => Some(UrlSync::Off),
        prefix if prefix.len() <= PREFIX_BYTES && prefix.bytes().all(is_allowed) => {
            Some(UrlSync::Prefix(prefix.to_owned()))
        }
        _ => None,
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for UrlSync {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Prefix(prefix) => prefix,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_sets_its_option() {
        let mut options = HostOptions::default();
        for (name, value) in [
            ("api-base", " /console/api "),
            ("api-origin", "https://api.example"),
            ("limit", "7"),
            ("page-size", "50"),
            ("theme", "dark"),
            ("lang", "de-AT"),
            ("sign-in-url", "/login?x=1"),
            ("url-sync", "rh-"),
            ("session", "5f2b"),
        ] {
            assert_eq!(options.set(name, Some(value)), Ok(()));
        }
        let set = HostOptions {
            api_base: "/console/api".to_owned(),
            api_origin: "https://api.example".to_owned(),
            limit: 7,
            page_size: 50,
            theme: Theme::Dark,
            lang: "de-AT".to_owned(),
            sign_in_url: "/login?x=1".to_owned(),
            url_sync: UrlSync::Prefix("rh-".to_owned()),
            session: "5f2b".to_owned(),
        };
        assert_eq!(options, set);
        for name in [
            "api-base",
            "api-origin",
            "limit",
            "page-size",
            "theme",
            "lang",
            "sign-in-url",
            "url-sync",
            "session",
        ] {
            assert_eq!(options.set(name, None), Ok(()));
        }
        assert_eq!(options, HostOptions::default());
    }

    #[test]
    fn an_invalid_value_falls_back_to_its_default_with_a_message() {
        let mut options = HostOptions {
            limit: 5,
            page_size: 10,
            theme: Theme::Dark,
            url_sync: UrlSync::Off,
            ..HostOptions::default()
        };
        for (name, value, sentence) in [
            (
                "limit",
                "0",
                r#"referral-history: limit "0" is not a whole number from 1 to 100; "100" is used."#,
            ),
            (
                "page-size",
                "7",
                r#"referral-history: page-size "7" is not 10, 25, 50 or 100; "25" is used."#,
            ),
            (
                "theme",
                "Dark",
                r#"referral-history: theme "Dark" is not system, light or dark; "system" is used."#,
            ),
            (
                "url-sync",
                "a&b",
                r#"referral-history: url-sync "a&b" is not on, off, or a prefix of at most 40 letters, digits, - . and _; "on" is used."#,
            ),
        ] {
            let invalid = options
                .set(name, Some(value))
                .map_err(|invalid| invalid.to_string());
            assert_eq!(invalid, Err(sentence.to_owned()));
        }
        assert_eq!(options, HostOptions::default());
        for limit in ["101", "256", "-1", "1.5", "", "many"] {
            assert!(options.set("limit", Some(limit)).is_err(), "{limit}");
        }
        assert!(options.set("url-sync", Some(&"a".repeat(41))).is_err());
        for address in ["", " ", "/api?key=1", "/api#v1"] {
            assert!(options.set("api-base", Some(address)).is_err(), "{address}");
        }
        assert!(options.set("sign-in-url", Some("")).is_err());
        for origin in [
            "yes",
            "api.example",
            "https://",
            "https://api.example/v1",
            "ftp://api.example",
        ] {
            assert!(options.set("api-origin", Some(origin)).is_err(), "{origin}");
        }
        assert_eq!(
            options.set("api-origin", Some("http://api.example:8080/")),
            Ok(())
        );
        assert_eq!(options.api_origin, "http://api.example:8080");
        assert_eq!(options.set("api-origin", Some("")), Ok(()));
        assert_eq!(options.set("size", Some("7")), Ok(()));
    }

    #[test]
    fn check_replaces_invalid_values_of_a_rust_host() {
        let mut options = HostOptions {
            api_base: String::new(),
            api_origin: "yes".to_owned(),
            limit: 101,
            page_size: 0,
            sign_in_url: String::new(),
            url_sync: UrlSync::Prefix("ü".to_owned()),
            ..HostOptions::default()
        };
        assert_eq!(options.check().len(), 6);
        assert_eq!(options, HostOptions::default());
        assert_eq!(options.check(), []);
    }

    #[test]
    fn only_options_of_the_request_need_a_new_request() {
        let before = HostOptions::default();
        for (change, value) in [
            ("api-base", "/v2"),
            ("api-origin", "https://api.example"),
            ("limit", "9"),
        ] {
            let mut options = HostOptions::default();
            options.set(change, Some(value)).expect("a value");
            assert!(options.needs_new_request(&before), "{change}");
        }
        let shown = HostOptions {
            theme: Theme::Light,
            lang: "ar".to_owned(),
            page_size: 10,
            sign_in_url: "/login".to_owned(),
            url_sync: UrlSync::Off,
            ..HostOptions::default()
        };
        assert!(!shown.needs_new_request(&before));
    }
}
