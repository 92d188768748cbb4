//! Writes `referral-history.js`, the script that hosts load, with the names of a build's files, the script of
//! the standalone page, and the files for npm and TypeScript beside them. trunk runs this as a hook at the
//! end of each build.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::project::{Project, fingerprint, write};

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
        .context("trunk runs this at the end of a build: run `cargo xtask build`")?;
    // Development builds need no Node.js, and stay readable.
    let is_release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let minified = |source: String| {
        if is_release {
            minify(&source)
        } else {
            Ok(source)
        }
    };

    let built = Files::find(&file_names(&build)?).context("The build lacks the page's script, WebAssembly or style sheet: see Trunk.toml and index.html")?;
    let glue = minified(read(&build, &built.script)?)?;
    let module = fs::read(build.join(&built.module))
        .with_context(|| format!("{} cannot be read", built.module))?;
    // Both names get one new hash: trunk hashed the script before it was minified, and a script works only
    // with the module of its build.
    let hash = fingerprint(&[glue.as_bytes(), &module]);
    let files = Files {
        script: format!("element-{hash}.js"),
        module: format!("element-{hash}_bg.wasm"),
        style: built.style,
    };
    let page = read(&build, "index.html")?
        .replace(&built.script, &files.script)
        .replace(&built.module, &files.module);
    for name in [&built.script, &built.module] {
        fs::remove_file(build.join(name)).with_context(|| format!("{name} cannot be removed"))?;
    }
    let locales = read_locales(project)?;
    let language = project.read("element/language.js")?;
    let entry = minified(fill_entry(
        &project.read("element/referral-history.js")?,
        &language,
        &files,
        &locales,
    )?)?;
    let standalone = minified(fill_standalone(
        &project.read("src/standalone.js")?,
        &language,
        &locales,
    )?)?;
    write(
        &build.join("index.html"),
        preload_style(&page, &files.style),
    )?;
    write(&build.join(&files.script), glue)?;
    write(&build.join(&files.module), module)?;
    write(&build.join("referral-history.js"), keep_import(&entry))?;
    write(&build.join("standalone.js"), standalone)?;
    write(
        &build.join("referral-history.d.ts"),
        project.read("element/referral-history.d.ts")?,
    )?;
    let package = project.read("element/package.json")?;
    let package = package.replace("{version}", env!("CARGO_PKG_VERSION"));
    write(
        &build.join("package.json"),
        package.replace("{license}", env!("CARGO_PKG_LICENSE")),
    )?;
    for locale in locales.iter().filter(|locale| locale.language != ENGLISH) {
        write(&build.join(&locale.file), &locale.json)?;
    }
    Ok(())
}

/// The language that is compiled into the program.
const ENGLISH: &str = "en";

/// The texts of a language, and their file in the build.
#[derive(Debug)]
struct Locale {
    language: String,
    /// The content of the locale file, without indentation.
    json: String,
    file: String,
    /// The message if the program cannot be started.
    not_started: String,
    /// What the standalone page says around the program, by the keys of the locale file.
    standalone: BTreeMap<String, String>,
}

/// The texts of the standalone page.
const STANDALONE: [&str; 3] = ["dir", "title", "language"];

/// All languages, sorted by code.
fn read_locales(project: &Project) -> Result<Vec<Locale>> {
    let mut files = file_names(&project.root.join("locales"))?;
    files.sort();
    let languages = files.iter().filter_map(|file| file.strip_suffix(".json"));
    languages
        .map(|language| {
            Locale::parse(
                language,
                &project.read(&format!("locales/{language}.json"))?,
            )
        })
        .collect()
}

impl Locale {
    fn parse(language: &str, source: &str) -> Result<Self> {
        let file = format!("locales/{language}.json");
        let texts: BTreeMap<String, Value> =
            serde_json::from_str(source).with_context(|| file.clone())?;
        let text = |name: &str| {
            let text = texts.get(name).and_then(Value::as_str);
            text.map(str::to_owned)
                .with_context(|| format!("{file} lacks {name}"))
        };
        let not_started = text("not_started")?;
        let standalone = STANDALONE.into_iter();
        let standalone = standalone
            .map(|name| Ok((name.to_owned(), text(name)?)))
            .collect::<Result<_>>()?;
        let json = Value::from_iter(texts).to_string();
        let file = format!("locale-{language}-{}.json", fingerprint(&[&json]));
        Ok(Self {
            language: language.to_owned(),
            json,
            file,
            not_started,
            standalone,
        })
    }
}

fn read(build: &Path, name: &str) -> Result<String> {
    fs::read_to_string(build.join(name)).with_context(|| format!("{name} cannot be read"))
}

fn file_names(directory: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(directory)
        .with_context(|| format!("{} cannot be read", directory.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    Ok(names
        .map(|name| name.to_string_lossy().into_owned())
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

/// The line of a script that stands for `element/language.js`.
const LANGUAGE: &str = "// language.js\n";

/// The entry's source with the file names and texts filled in.
fn fill_entry(source: &str, language: &str, files: &Files, locales: &[Locale]) -> Result<String> {
    let not_started: BTreeMap<&str, &str> = locales
        .iter()
        .map(|locale| (&*locale.language, &*locale.not_started))
        .collect();
    let not_started =
        serde_json::to_string(&not_started).context("The entry's texts cannot be written")?;
    let loaded = locales.iter().filter(|locale| locale.language != ENGLISH);
    let urls: String = loaded
        .map(|Locale { language, file, .. }| {
            format!("\"{language}\": new URL(\"./{file}\", import.meta.url), ")
        })
        .collect();
    fill(
        "element/referral-history.js",
        source,
        &[
            (LANGUAGE, language.to_owned()),
            ("{script}", files.script.clone()),
            ("{module}", files.module.clone()),
            ("{style}", files.style.clone()),
            ("LOCALES = {}", format!("LOCALES = {{ {urls}}}")),
            ("NOT_STARTED = {}", format!("NOT_STARTED = {not_started}")),
        ],
    )
}

/// The standalone page's script with its texts filled in.
fn fill_standalone(source: &str, language: &str, locales: &[Locale]) -> Result<String> {
    let texts: BTreeMap<&str, &BTreeMap<String, String>> = locales
        .iter()
        .map(|locale| (&*locale.language, &locale.standalone))
        .collect();
    let texts = serde_json::to_string(&texts).context("The page's texts cannot be written")?;
    fill(
        "src/standalone.js",
        source,
        &[
            (LANGUAGE, language.to_owned()),
            ("TEXTS = {}", format!("TEXTS = {texts}")),
        ],
    )
}

/// A script with its placeholders replaced.
fn fill(name: &str, source: &str, values: &[(&str, String)]) -> Result<String> {
    let mut script = source.to_owned();
    for (placeholder, value) in values {
        if !script.contains(placeholder) {
            bail!("{name} lacks {placeholder}");
        }
        script = script.replace(placeholder, value);
    }
    Ok(script)
}

/// Makes a script smaller, with the esbuild that the set-up put on PATH.
fn minify(source: &str) -> Result<String> {
    // On Windows npm makes a script of it, which is only found with its extension.
    let mut esbuild = Command::new(if cfg!(windows) {
        "esbuild.cmd"
    } else {
        "esbuild"
    });
    let mut child = esbuild
        .args([
            "--minify",
            "--format=esm",
            "--target=esnext",
            "--charset=utf8",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("esbuild cannot be started")?;
    // esbuild reads all before it writes. Closing its input ends that.
    let input = child.stdin.take().context("esbuild has no input")?;
    { input }.write_all(source.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "esbuild ended with {}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The entry with the comments at its import, which esbuild drops: they keep webpack and Vite from
/// bundling the program that it loads.
fn keep_import(entry: &str) -> String {
    const COMMENTS: &str = "/* webpackIgnore: true */ /* @vite-ignore */ ";
    entry
        .replace(COMMENTS, "")
        .replace("import(", &format!("import({COMMENTS}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../element/referral-history.js");
    const STANDALONE_SOURCE: &str = include_str!("../../src/standalone.js");
    const SHARED: &str = include_str!("../../element/language.js");

    fn files() -> Files {
        let names = [
            "index.html",
            "element-0123456789abcdef.js",
            "element-0123456789abcdef_bg.wasm",
            "referral-history-fedcba9876543210.css",
            "standalone-fedcba9876543210.css",
            "standalone.js",
        ];
        assert_eq!(
            Files::find(
                &names[..1]
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            ),
            None
        );
        let files = Files::find(&names.map(str::to_owned));
        files.unwrap_or_else(|| unreachable!("all three are there"))
    }

    fn locale(language: &str, json: &str) -> Locale {
        Locale::parse(language, json).unwrap_or_else(|failure| unreachable!("{failure}"))
    }

    fn locales() -> [Locale; 3] {
        let locale = |language, texts: &str| {
            let json = format!(r#"{{"dir": "ltr", "title": "T", "language": "L", {texts}}}"#);
            locale(language, &json)
        };
        [
            locale("de", r#""not_started": "Nein.""#),
            locale("en", r#""not_started": "No.""#),
            locale("pt-BR", r#""not_started": "Não.""#),
        ]
    }

    #[test]
    fn the_entry_contains_file_names_and_texts() {
        let locales = locales();
        let json = r#"{"dir":"ltr","language":"L","not_started":"Nein.","title":"T"}"#;
        assert_eq!(locales[0].json, json);
        let entry = fill_entry(SOURCE, SHARED, &files(), &locales).unwrap_or_default();
        for part in [
            r#"script: new URL("./element-0123456789abcdef.js", import.meta.url)"#,
            r#"module: new URL("./element-0123456789abcdef_bg.wasm", import.meta.url)"#,
            r#"style: new URL("./referral-history-fedcba9876543210.css", import.meta.url)"#,
            r#"NOT_STARTED = {"de":"Nein.","en":"No.","pt-BR":"Não."};"#,
            r#"LOCALES = { "de": new URL("./locale-de-"#,
            r#""pt-BR": new URL("./locale-pt-BR-"#,
            "function languageOf(",
        ] {
            assert!(entry.contains(part), "no {part}");
        }
        assert!(!entry.contains("locale-en"));
        assert!(
            fill_entry("", SHARED, &files(), &locales).is_err(),
            "there is no place for them"
        );
    }

    #[test]
    fn the_standalone_page_contains_its_texts_in_every_language() {
        let script = fill_standalone(STANDALONE_SOURCE, SHARED, &locales()).unwrap_or_default();
        for part in [
            r#"TEXTS = {"de":{"dir":"ltr","language":"L","title":"T"},"en":{"#,
            r#""pt-BR":{"#,
            "function languageOf(",
        ] {
            assert!(script.contains(part), "no {part}");
        }
        assert!(
            fill_standalone("", SHARED, &locales()).is_err(),
            "there is no place for them"
        );
    }

    #[test]
    fn bundlers_leave_the_import_of_the_program_alone() {
        assert_eq!(keep_import(SOURCE), SOURCE);
        let marked = "import(/* webpackIgnore: true */ /* @vite-ignore */ a)";
        assert_eq!(keep_import("import(a)"), marked);
    }

    #[test]
    fn changed_locales_get_new_names_and_invalid_ones_are_reported() {
        let file = |not_started: &str| {
            let json = format!(
                r#"{{"dir":"ltr","title":"T","language":"L","not_started":"{not_started}"}}"#
            );
            locale("de", &json).file
        };
        assert_ne!(file("a"), file("b"));
        for json in [
            "",
            "[]",
            "{}",
            r#"{"not_started":1}"#,
            r#"{"not_started":"a"}"#,
        ] {
            let failure = Locale::parse("de", json).map_err(|error| error.to_string());
            assert!(failure.is_err_and(|text| text.starts_with("locales/de.json")));
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
}
