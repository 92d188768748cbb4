//! What must not be in the code.

use std::{
    fs,
    path::{Path, PathBuf},
};

use referral_history_core::{column::Column, status::Status};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of that ending below a folder, or the file itself.
pub fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let start = root().join(folder);
    if start.is_file() {
        let text = fs::read_to_string(&start).expect("a text");
        return vec![(start, text)];
    }
    let mut found = Vec::new();
    let mut folders = vec![start];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let text = fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "nothing to check in {folder}");
    found
}

/// Who may import whom. That the core knows neither Leptos nor the browser is the compiler's to check.
#[test]
fn layers_import_downwards_only() {
    let layers: [(&str, &[&str]); 3] = [
        // Tests run it on the host, where there is no browser.
        (
            "src/state",
            &[
                "web_sys",
                "crate::components",
                "crate::context",
                "crate::browser",
                "crate::embed",
            ],
        ),
        ("src/components", &["crate::embed", "crate::app"]),
        (
            "src/browser",
            &[
                "leptos",
                "crate::components",
                "crate::context",
                "crate::embed",
            ],
        ),
    ];
    for (layer, forbidden) in layers {
        for (path, text) in files(layer, "rs") {
            for name in forbidden {
                let imported = text.lines().any(|line| {
                    let line = line.trim_start();
                    !line.starts_with("//") && line.contains(name)
                });
                assert!(!imported, "{} must not know {name}", path.display());
            }
        }
    }
}

/// A colour that is not a token cannot follow a theme.
#[test]
fn colours_are_tokens() {
    for (path, text) in files("style", "css") {
        for (number, line) in text.lines().enumerate() {
            let line = line.split("/*").next().unwrap_or_default();
            let is_token = line.trim_start().starts_with("--");
            let is_hex = line.split('#').skip(1).any(|after| {
                let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
                matches!(digits, 3 | 4 | 6 | 8)
            });
            let has_colour = is_hex
                || ["rgb(", "hsl(", "oklch("]
                    .iter()
                    .any(|name| line.contains(name));
            assert!(
                is_token || !has_colour,
                "{}:{} has a colour of its own",
                path.display(),
                number + 1
            );
        }
    }
}

/// The texts stand in `locales`; a component that speaks for itself cannot be translated.
#[test]
fn components_hold_no_texts() {
    let read = ["aria-label=", "title=", "placeholder=", "label="];
    let mut elements = 0;
    for (path, text) in files("src/components", "rs") {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate() {
            let is_element = line.starts_with('<');
            elements += usize::from(is_element);
            let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
            let in_attribute = read.iter().any(|name| line.contains(&format!("{name}\"")));
            let between_tags = is_element
                && line.split('>').skip(1).any(|after| {
                    let literal = after.trim_start().strip_prefix('"');
                    literal.is_some_and(|said| has_letters(said.split('"').next().unwrap_or(said)))
                });
            // A text on a line of its own, beside an element.
            let is_beside = |other: Option<&&str>| other.is_some_and(|line| line.starts_with('<'));
            let on_its_own = line.starts_with('"')
                && has_letters(line)
                && (is_beside(lines.get(number + 1))
                    || is_beside(lines.get(number.wrapping_sub(1))));
            assert!(
                !in_attribute && !between_tags && !on_its_own,
                "{}:{} says {line}",
                path.display(),
                number + 1
            );
        }
    }
    assert!(elements > 100, "nothing was checked");
}

/// What the compiler cannot ask for: a style for each status, and a place on a card for each column.
#[test]
fn every_status_and_column_has_its_style() {
    let style = fs::read_to_string(root().join("style/referral-history.css")).expect("a style");
    let style = style.split_whitespace().collect::<Vec<_>>().join(" ");
    for status in Status::KNOWN {
        let rule = format!("[data-status=\"{}\"]", status.as_str());
        assert!(style.contains(&rule), "no {rule}");
    }
    for column in Column::ALL {
        let rule = format!("td[data-column=\"{}\"] {{ grid-area", column.field());
        assert!(style.contains(&rule), "no {rule}");
    }
}

/// The browser keeps nothing about events, as SECURITY.md says.
#[test]
fn nothing_is_stored() {
    let rust = files("src", "rs").into_iter().map(|(path, text)| {
        let names = [
            "local_storage",
            "session_storage",
            "IdbFactory",
            "set_cookie",
            "inner_html",
        ];
        (path, text, names)
    });
    let entry = files("element", "js").into_iter().map(|(path, text)| {
        let names = [
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "cookie",
            "innerHTML",
        ];
        (path, text, names)
    });
    for (path, text, names) in rust.chain(entry) {
        for name in names {
            assert!(!text.contains(name), "{} uses {name}", path.display());
        }
    }
}
