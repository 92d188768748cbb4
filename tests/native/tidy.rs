//! Checks of the sources that the compiler cannot make, and of the README against the code.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use referral_history_core::{column::Column, status::Status};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with an extension below a folder, or the file itself.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
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

/// Which module may import which. The compiler checks that the core uses neither Leptos nor the browser.
#[test]
fn layers_import_downwards_only() {
    let layers: [(&str, &[&str]); 3] = [
        // Native tests run it without a browser.
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
                assert!(!imported, "{} must not use {name}", path.display());
            }
        }
    }
}

/// A colour that is not a token does not change with the theme.
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
                "{}:{} has a colour that is no token",
                path.display(),
                number + 1
            );
        }
    }
}

/// All texts are in `locales`; a text in a component cannot be translated.
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
                    literal.is_some_and(|text| has_letters(text.split('"').next().unwrap_or(text)))
                });
            // A text on a line of its own, beside an element.
            let is_beside = |other: Option<&&str>| other.is_some_and(|line| line.starts_with('<'));
            let on_its_own = line.starts_with('"')
                && has_letters(line)
                && (is_beside(lines.get(number + 1))
                    || is_beside(lines.get(number.wrapping_sub(1))));
            assert!(
                !in_attribute && !between_tags && !on_its_own,
                "{}:{} has a text: {line}",
                path.display(),
                number + 1
            );
        }
    }
    assert!(elements > 100, "nothing was checked");
}

/// Each status has a style, and each column has a place on a card.
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

/// The page stores nothing in the browser.
#[test]
fn nothing_is_stored() {
    for (path, text) in files("src", "rs") {
        for name in [
            "local_storage",
            "session_storage",
            "IdbFactory",
            "set_cookie",
            "inner_html",
        ] {
            assert!(!text.contains(name), "{} uses {name}", path.display());
        }
    }
}

/// The README documents exactly the attributes, properties, parts and events that exist.
#[test]
fn the_readme_names_what_hosts_can_use() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("a text");
    let readme = read("README.md");
    let declared = read("element/referral-history.d.ts");
    let entry = read("element/referral-history.js");
    let attributes: Vec<&str> = entry
        .split("const ATTRIBUTES = {")
        .nth(1)
        .and_then(|rest| rest.split('}').next())
        .expect("the attributes")
        .split('"')
        .skip(1)
        .step_by(2)
        .collect();
    assert_eq!(attributes.len(), 9);
    for attribute in attributes {
        assert!(
            readme.contains(&format!("| `{attribute}` |")),
            "{attribute}"
        );
        let mut options = referral_history::HostOptions::default();
        let changed = ["7", "10", "dark", "off", "https://api.example"]
            .into_iter()
            .any(|value| {
                options.set(attribute, Some(value)).is_ok()
                    && options != referral_history::HostOptions::default()
            });
        assert!(changed, "{attribute} is no option in Rust");
    }
    let style = read("style/referral-history.css");
    let looks = readme
        .split("### Looks")
        .nth(1)
        .and_then(|rest| rest.split("\n### ").next())
        .expect("the section about looks");
    let between = |text: &str, start: &str| -> BTreeSet<String> {
        let ends = |character: char| !character.is_ascii_lowercase() && character != '-';
        let found = text.split(start).skip(1);
        found
            .filter_map(|rest| Some(rest.split(ends).next()?.to_owned()))
            .collect()
    };
    let properties = between(&style, "var(--rh-");
    assert!(properties.len() > 15);
    assert_eq!(properties, between(looks, "`--rh-"));
    for property in properties {
        let used = [format!("var(--_{property})"), format!("var(--_{property}-")];
        assert!(
            used.iter().any(|used| style.contains(used)),
            "--rh-{property} does nothing"
        );
    }
    let mut parts = BTreeSet::from(["failure".to_owned()]);
    for (_, text) in files("src/components", "rs")
        .into_iter()
        .chain(files("src/app.rs", "rs"))
    {
        parts.extend(between(&text, " part=\""));
    }
    assert!(parts.len() > 13);
    let (_, named) = looks
        .split_once("Parts, for `::part()`:")
        .expect("the parts");
    let named = named.split('.').next().unwrap_or(named).replace('\n', " ");
    assert_eq!(parts, between(&named, " `"));
    for event in ["load", "error", "unauthorized", "change"] {
        let name = format!("referral-history:{event}");
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
        assert!(declared.contains(&format!("\"{name}\"")), "{name}");
    }
}

/// Every path that the README names exists.
#[test]
fn the_readme_names_what_exists() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let mut checked = 0;
    for code in readme.split('`').skip(1).step_by(2) {
        let is_path = [
            "src/",
            "core/",
            "locales/",
            "style/",
            "tests/",
            "dev-console/",
            "xtask/",
            ".ci/",
            "docs/",
            "element/",
            "examples/",
        ]
        .iter()
        .any(|start| code.starts_with(start));
        if is_path && !code.contains(char::is_whitespace) {
            assert!(
                root().join(code).exists(),
                "the README names {code}, which is not there"
            );
            checked += 1;
        }
    }
    assert!(checked > 5, "the README names paths in backquotes");
}
