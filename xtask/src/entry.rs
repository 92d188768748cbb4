//! Writes `referral-history.js`, the script that hosts load, with the names of a build's files, and the
//! files for npm and TypeScript beside it. trunk runs this as a hook at the end of each build.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::project::Project;
use crate::{Failure, Result, versions};

/// The names of the build's files that the entry loads.
#[derive(Debug, PartialEq, Eq)]
struct Files {
    script: String,
    module: String,
    style: String,
}

/// Writes the entry into trunk's staging directory.
pub(crate) fn run(project: &Project) -> Result<()> {
    let build = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new("trunk runs this at the end of a build: run `cargo xtask build`.")
        })?;
    let built = Files::find(&file_names(&build)?).ok_or_else(|| {
        Failure::new(format!(
            "{} lacks the page's script, WebAssembly or style sheet: see Trunk.toml and index.html.",
            build.display()
        ))
    })?;
    let glue = strip_comments(&read_text(&build, &built.script)?);
    let module = read(&build, &built.module)?;
    // Both names get one new hash: trunk hashed the script before its comments were removed, and a
    // script works only with the module of its build.
    let hash = versions::fingerprint(&[glue.as_bytes(), &module]);
    let files = Files {
        script: format!("element-{hash}.js"),
        module: format!("element-{hash}_bg.wasm"),
        style: built.style,
    };
    let page = read_text(&build, "index.html")?
        .replace(&built.script, &files.script)
        .replace(&built.module, &files.module);
    for name in [&built.script, &built.module] {
        fs::remove_file(build.join(name))
            .map_err(|error| Failure::new(format!("{name} cannot be removed: {error}.")))?;
    }
    let locales = read_locales(project)?;
    let source = project.read("element/referral-history.js")?;
    let package = fill_package(&project.read("element/package.json")?);
    let declarations = project.read("element/referral-history.d.ts")?;
    for (name, content) in [
        ("index.html", preload_style(&page, &files.style).as_bytes()),
        (&files.script, glue.as_bytes()),
        (&files.module, &module),
        (
            "referral-history.js",
            fill_entry(&source, &files, &locales)?.as_bytes(),
        ),
        ("referral-history.d.ts", declarations.as_bytes()),
        ("package.json", package.as_bytes()),
    ] {
        write(&build, name, content)?;
    }
    for locale in locales.iter().filter(|locale| locale.language != ENGLISH) {
        write(&build, &locale.file, locale.json.as_bytes())?;
    }
    Ok(())
}

/// The language that is compiled into the program.
const ENGLISH: &str = "en";

/// The texts of a language, and their file in the build.
#[derive(Debug, PartialEq, Eq)]
struct Locale {
    language: String,
    json: String,
    file: String,
    /// The message if the program cannot be started.
    not_started: String,
}

/// All languages, sorted by code.
fn read_locales(project: &Project) -> Result<Vec<Locale>> {
    let folder = project.root.join("locales");
    let mut files = file_names(&folder)?;
    files.sort();
    let languages = files.iter().filter_map(|file| file.strip_suffix(".json"));
    languages
        .map(|language| Locale::parse(language, &read_text(&folder, &format!("{language}.json"))?))
        .collect()
}

impl Locale {
    /// Parses a locale file; `json` is its content without indentation.
    fn parse(language: &str, source: &str) -> Result<Self> {
        let wrong = |reason: &dyn std::fmt::Display| {
            Failure::new(format!("locales/{language}.json cannot be read: {reason}."))
        };
        let texts: BTreeMap<String, Value> =
            serde_json::from_str(source).map_err(|error| wrong(&error))?;
        let not_started = texts.get("not_started").and_then(Value::as_str);
        let json = Value::from_iter(texts.clone()).to_string();
        Ok(Self {
            language: language.to_owned(),
            file: format!(
                "locale-{language}-{}.json",
                versions::fingerprint(&[json.as_bytes()])
            ),
            not_started: not_started
                .ok_or_else(|| wrong(&"it lacks not_started"))?
                .to_owned(),
            json,
        })
    }
}

fn write(build: &Path, name: &str, content: &[u8]) -> Result<()> {
    fs::write(build.join(name), content)
        .map_err(|error| Failure::new(format!("{name} cannot be written: {error}.")))
}

fn read(build: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(build.join(name))
        .map_err(|error| Failure::new(format!("{name} cannot be read: {error}.")))
}

fn read_text(build: &Path, name: &str) -> Result<String> {
    String::from_utf8(read(build, name)?)
        .map_err(|error| Failure::new(format!("{name} is no text: {error}.")))
}

fn file_names(build: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(build)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", build.display())))?;
    let names = entries.flatten();
    Ok(names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect())
}

impl Files {
    fn find(names: &[String]) -> Option<Self> {
        let find = |start: &str, end: &str| {
            let mut names = names.iter();
            names
                .find(|name| name.starts_with(start) && name.ends_with(end))
                .cloned()
        };
        Some(Self {
            script: find("element-", ".js")?,
            module: find("element-", ".wasm")?,
            style: find("referral-history-", ".css")?,
        })
    }
}

/// The entry's source with the file names and texts filled in, without comments.
fn fill_entry(source: &str, files: &Files, locales: &[Locale]) -> Result<String> {
    let not_started: BTreeMap<&str, &str> = locales
        .iter()
        .map(|locale| (&*locale.language, &*locale.not_started))
        .collect();
    let not_started = serde_json::to_string(&not_started)
        .map_err(|error| Failure::new(format!("The entry's texts cannot be written: {error}.")))?;
    let urls: String = locales
        .iter()
        .filter(|locale| locale.language != ENGLISH)
        .map(|locale| {
            let Locale { language, file, .. } = locale;
            format!("{language}: new URL(\"./{file}\", import.meta.url), ")
        })
        .collect();
    let entry = source
        .replace("{script}", &files.script)
        .replace("{module}", &files.module)
        .replace("{style}", &files.style)
        .replace("LOCALES = {}", &format!("LOCALES = {{ {urls}}}"))
        .replace("NOT_STARTED = {}", &format!("NOT_STARTED = {not_started}"));
    Ok(format!(
        "// See referral-history.d.ts.\n{}",
        strip_comments(&entry)
    ))
}

/// The page with trunk's style sheet link replaced by a preload. The entry fetches the style sheet; the
/// document does not use it, and the link would request it a second time.
fn preload_style(page: &str, style: &str) -> String {
    let replaced = || {
        let (before, after) = page.split_once(style)?;
        let (head, link) = before.rsplit_once("<link")?;
        let (_, path) = link.rsplit_once("href=")?;
        let (_, tail) = after.split_once('>')?;
        let path = path.trim_start_matches(['"', '\'']);
        Some(format!(
            "{head}<link rel=\"preload\" href=\"{path}{style}\" as=\"fetch\" crossorigin>{tail}"
        ))
    };
    replaced().unwrap_or_else(|| page.to_owned())
}

/// JavaScript without comment lines and indentation. Only for sources without multi-line strings, such
/// as the entry and wasm-bindgen's glue. trunk's minifier cannot parse the glue; this saves a kilobyte
/// of it in brotli.
fn strip_comments(source: &str) -> String {
    let mut stripped = String::with_capacity(source.len());
    let mut is_comment = false;
    for line in source.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            stripped.push_str(line);
            stripped.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    stripped
}

fn fill_package(source: &str) -> String {
    source
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{license}", env!("CARGO_PKG_LICENSE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../element/referral-history.js");

    fn files() -> Files {
        let names = [
            "index.html",
            "element-0123456789abcdef.js",
            "element-0123456789abcdef_bg.wasm",
            "referral-history-fedcba9876543210.css",
            "standalone-fedcba9876543210.css",
            "standalone.js",
        ];
        let files = Files::find(&names.map(str::to_owned));
        files.unwrap_or_else(|| unreachable!("all three are there"))
    }

    #[test]
    fn a_build_with_a_missing_file_is_rejected() {
        let names = ["element-0123456789abcdef.js".to_owned()];
        assert_eq!(Files::find(&names), None);
        assert_eq!(files().module, "element-0123456789abcdef_bg.wasm");
    }

    fn locale(language: &str, json: &str) -> Locale {
        match Locale::parse(language, json) {
            Ok(locale) => locale,
            Err(failure) => panic!("{}", failure.0),
        }
    }

    #[test]
    fn the_entry_contains_file_names_and_texts() {
        let locales = [
            locale("de", "{\n  \"not_started\": \"Nein.\"\n}\n"),
            locale("en", "{\"not_started\":\"No.\"}"),
        ];
        assert_eq!(locales[0].json, r#"{"not_started":"Nein."}"#);
        let entry = match fill_entry(SOURCE, &files(), &locales) {
            Ok(entry) => entry,
            Err(failure) => panic!("{}", failure.0),
        };
        for part in [
            r#"script: new URL("./element-0123456789abcdef.js", import.meta.url)"#,
            r#"module: new URL("./element-0123456789abcdef_bg.wasm", import.meta.url)"#,
            r#"style: new URL("./referral-history-fedcba9876543210.css", import.meta.url)"#,
            r#"NOT_STARTED = {"de":"Nein.","en":"No."};"#,
            "LOCALES = { de: new URL(\"./locale-de-",
            "export async function mount(",
        ] {
            assert!(entry.contains(part), "no {part}");
        }
        assert!(!entry.contains("locale-en"));
        assert!(!entry.contains("\n//") && !entry.contains("\n\n"));
    }

    #[test]
    fn changed_locales_get_new_names_and_invalid_ones_are_reported() {
        let file = |json: &str| locale("de", json).file;
        assert_ne!(
            file(r#"{"not_started":"a"}"#),
            file(r#"{"not_started":"b"}"#)
        );
        for json in ["", "[]", "{}", r#"{"not_started":1}"#] {
            let failure = Locale::parse("de", json)
                .map(|_| ())
                .map_err(|failure| failure.0);
            assert!(
                failure.is_err_and(|text| text.starts_with("locales/de.json cannot be read: "))
            );
        }
    }

    #[test]
    fn the_page_loads_the_style_sheet_once() {
        let preloaded = "<a><link rel=\"preload\" href=\"./s-1.css\" as=\"fetch\" crossorigin><link href=./t.css>";
        for page in [
            "<a><link href=./s-1.css integrity=sha384-x rel=stylesheet><link href=./t.css>",
            "<a><link rel=\"stylesheet\" href=\"./s-1.css\"/><link href=./t.css>",
        ] {
            assert_eq!(preload_style(page, "s-1.css"), preloaded);
        }
        assert_eq!(preload_style("<a>", "s-1.css"), "<a>");
    }

    #[test]
    fn only_comments_and_indentation_are_removed() {
        let source = "/**\n * What it does.\n * @returns {number}\n */\nfunction a() {\n    // Why.\n    return 1 /* one */;\n\n}\n/* b */\n";
        assert_eq!(
            strip_comments(source),
            "function a() {\nreturn 1 /* one */;\n}\n"
        );
    }

    #[test]
    fn the_package_has_a_version_and_a_licence() {
        let package = fill_package(include_str!("../../element/package.json"));
        assert!(package.contains(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"")));
        assert!(!package.contains("\"{"));
    }
}
