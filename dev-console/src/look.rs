//! How the page is shown after signing in: its language, its theme and its width.

use crate::html;

/// The path of the page in a frame of the wished width.
pub(crate) const PREVIEW: &str = "/sign-in/preview";

/// The languages of `locales/`, English first. `build.rs` lists them.
const LANGUAGES: &[&str] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The themes, with their names.
const THEMES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

/// The widths, with their names. Each has a class in `console.css`.
const WIDTHS: [(&str, &str); 5] = [
    ("full", "Full"),
    ("320", "320 px"),
    ("390", "390 px"),
    ("768", "768 px"),
    ("1280", "1280 px"),
];

/// The names of the fields.
const FIELDS: [&str; 3] = ["lang", "theme", "width"];

/// A language, a theme and a width that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) width: &'static str,
}

impl Look {
    /// What the page is without being told otherwise.
    pub(crate) const DEFAULT: Self = Self {
        language: "en",
        theme: "system",
        width: "full",
    };

    /// The choices among these fields. What is missing or not offered has its default.
    pub(crate) fn parse(fields: &[(String, String)]) -> Self {
        let value = |wanted: &str| {
            let field = fields.iter().find(|(name, _)| name == wanted);
            field.map_or("", |(_, value)| value.as_str())
        };
        let offered = |options: &[(&'static str, &str)], value: &str, default: &'static str| {
            let option = options.iter().find(|(option, _)| *option == value);
            option.map_or(default, |(option, _)| *option)
        };
        let [language, theme, width] = FIELDS.map(value);
        Self {
            language: offered(&languages(), language, Self::DEFAULT.language),
            theme: offered(&THEMES, theme, Self::DEFAULT.theme),
            width: offered(&WIDTHS, width, Self::DEFAULT.width),
        }
    }

    /// Where a path leads once this look is chosen: the page is shown in a preview, unless the look is
    /// the default. Other paths stay as they are.
    pub(crate) fn apply(self, path: &str) -> String {
        if !leads_to_page(path) {
            return path.to_owned();
        }
        let (path, fragment) = split(path, '#');
        let (_, query) = split(path, '?');
        let (path, query) = if self == Self::DEFAULT {
            ("/", other_choices(query))
        } else {
            (PREVIEW, self.with_choices(query))
        };
        let mark = if query.is_empty() { "" } else { "?" };
        let fragment_mark = if fragment.is_empty() { "" } else { "#" };
        format!("{path}{mark}{query}{fragment_mark}{fragment}")
    }

    /// The query of a preview: this look, and the page's own choices in `query`.
    pub(crate) fn with_choices(self, query: &str) -> String {
        let Self {
            language,
            theme,
            width,
        } = self;
        let choices = other_choices(query);
        let separator = if choices.is_empty() { "" } else { "&" };
        format!("lang={language}&theme={theme}&width={width}{separator}{choices}")
    }

    /// A picker for each of the three.
    pub(crate) fn render_pickers(self) -> String {
        let [lang, theme, width] = FIELDS;
        [
            render_picker(lang, "Language", &languages(), self.language),
            render_picker(theme, "Theme", &THEMES, self.theme),
            render_picker(width, "Width", &WIDTHS, self.width),
        ]
        .concat()
    }
}

/// Whether form fields say how the page is to be shown.
pub(crate) fn is_chosen(fields: &[(String, String)]) -> bool {
    fields
        .iter()
        .any(|(name, _)| FIELDS.contains(&name.as_str()))
}

/// Whether a path on this origin leads to the page, alone or in a preview.
pub(crate) fn leads_to_page(path: &str) -> bool {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    ["/", PREVIEW].contains(&&path[..end])
}

/// A query string without the fields of a look: the page's own choices.
fn other_choices(query: &str) -> String {
    let is_other = |pair: &&str| {
        let (name, _) = split(pair, '=');
        !pair.is_empty() && !FIELDS.contains(&name)
    };
    let others: Vec<&str> = query.split('&').filter(is_other).collect();
    others.join("&")
}

fn split(text: &str, separator: char) -> (&str, &str) {
    text.split_once(separator).unwrap_or((text, ""))
}

fn languages() -> Vec<(&'static str, &'static str)> {
    let with_name = |language: &&'static str| (*language, language_name(language));
    LANGUAGES.iter().map(with_name).collect()
}

/// What speakers of a language call it; its code if that is not known here.
fn language_name(language: &'static str) -> &'static str {
    match language {
        "ar" => "العربية",
        "de" => "Deutsch",
        "en" => "English",
        "es" => "Español",
        "fr" => "Français",
        "ja" => "日本語",
        "pt" | "pt-BR" => "Português (Brasil)",
        "zh" | "zh-Hans" => "简体中文",
        other => other,
    }
}

fn render_picker(
    name: &str,
    label: &str,
    options: &[(&'static str, &'static str)],
    chosen: &str,
) -> String {
    let options: String = options
        .iter()
        .map(|(value, text)| {
            let selected = if *value == chosen { " selected" } else { "" };
            // A screen reader says the name of a language in that language.
            let lang = if name == "lang" {
                format!(" lang=\"{}\"", html::escape(value))
            } else {
                String::new()
            };
            let (value, text) = (html::escape(value), html::escape(text));
            format!("<option value=\"{value}\"{lang}{selected}>{text}</option>\n")
        })
        .collect();
    format!("<label>{label}\n<select name=\"{name}\">\n{options}</select>\n</label>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    const GERMAN_PHONE: Look = Look {
        language: "de",
        theme: "dark",
        width: "390",
    };

    #[test]
    fn what_is_not_offered_has_its_default() {
        let chosen = fields(&[("lang", "de"), ("theme", "dark"), ("width", "390")]);
        assert_eq!(Look::parse(&chosen), GERMAN_PHONE);
        let wrong = fields(&[("lang", "xx\"><b>"), ("theme", ""), ("width", "391")]);
        assert_eq!(Look::parse(&wrong), Look::DEFAULT);
        assert_eq!(Look::parse(&[]), Look::DEFAULT);
    }

    #[test]
    fn the_page_keeps_its_choices_in_the_preview_and_back() {
        for (path, shown) in [
            ("/", "/sign-in/preview?lang=de&theme=dark&width=390"),
            (
                "/?role=referrer#top",
                "/sign-in/preview?lang=de&theme=dark&width=390&role=referrer#top",
            ),
            (
                "/sign-in/preview?width=320&lang=ar&q=a%26b",
                "/sign-in/preview?lang=de&theme=dark&width=390&q=a%26b",
            ),
            ("/examples/html/?theme=x", "/examples/html/?theme=x"),
            ("/sign-in/previews", "/sign-in/previews"),
        ] {
            assert_eq!(GERMAN_PHONE.apply(path), shown);
        }
        for (path, shown) in [
            ("/", "/"),
            ("/?from=mail#a", "/?from=mail#a"),
            ("/sign-in/preview?width=320&q=a%26b", "/?q=a%26b"),
        ] {
            assert_eq!(Look::DEFAULT.apply(path), shown);
        }
    }

    #[test]
    fn every_language_has_a_name_and_english_is_the_first() {
        assert_eq!(LANGUAGES.first(), Some(&Look::DEFAULT.language));
        assert!(LANGUAGES.len() > 2);
        for language in LANGUAGES {
            assert_ne!(language_name(language), *language);
        }
    }

    #[test]
    fn every_width_has_its_class() {
        for (width, _) in WIDTHS {
            let class = format!(".width-{width} {{\n  inline-size: ");
            assert!(include_str!("console.css").contains(&class), "{class}");
        }
    }
}
