//! `referral-history.js`, the file that hosts name, with the names of the files of a build in it; and
//! what npm and TypeScript want beside it. trunk runs this as a hook, at the end of each build.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::Project;
use crate::{Failure, Result};

/// The files of a build that the entry names.
#[derive(Debug, PartialEq, Eq)]
struct Files {
    script: String,
    module: String,
    style: String,
}

/// Writes the entry into the build that trunk is about to finish.
pub(crate) fn run(project: &Project) -> Result<()> {
    let build = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new("trunk runs this at the end of a build: run `cargo xtask build`.")
        })?;
    let names = names(&build)?;
    let files = Files::among(&names).ok_or_else(|| {
        Failure::new(format!(
            "{} lacks the page's script, WebAssembly or style sheet: see Trunk.toml and index.html.",
            build.display()
        ))
    })?;
    let texts = project.read("src/texts/start.json")?;
    let glue = build.join(&files.script);
    let glue = fs::read_to_string(&glue)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", files.script)))?;
    let page = fs::read_to_string(build.join("index.html"))
        .map_err(|error| Failure::new(format!("index.html cannot be read: {error}.")))?;
    for (name, text) in [
        ("index.html", preloading(&page, &files.style)),
        (files.script.as_str(), bare(&glue)),
        (
            "referral-history.js",
            entry(
                &project.read("element/referral-history.js")?,
                &files,
                &texts,
            ),
        ),
        (
            "referral-history.d.ts",
            project.read("element/referral-history.d.ts")?,
        ),
        (
            "package.json",
            package(&project.read("element/package.json")?),
        ),
    ] {
        fs::write(build.join(name), text)
            .map_err(|error| Failure::new(format!("{name} cannot be written: {error}.")))?;
    }
    Ok(())
}

fn names(build: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(build)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", build.display())))?;
    let names = entries.flatten();
    Ok(names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect())
}

impl Files {
    fn among(names: &[String]) -> Option<Self> {
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

/// The entry: with the names and texts, without the lines that are for whoever reads the source.
fn entry(source: &str, files: &Files, texts: &str) -> String {
    let one_line: String = texts.lines().map(str::trim).collect();
    let entry = source
        .replace("{script}", &files.script)
        .replace("{module}", &files.module)
        .replace("{style}", &files.style)
        .replace("TEXTS = {}", &format!("TEXTS = {one_line}"));
    format!("// See referral-history.d.ts.\n{}", bare(&entry))
}

/// The page with its style sheet loaded ahead for the entry, which fetches it, in place of the link that
/// trunk makes: the document has no use for it, and would ask for it once more.
fn preloading(page: &str, style: &str) -> String {
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

/// JavaScript without the lines that are comments and the space that lines begin with: for sources
/// without texts of several lines, as the entry and what wasm-bindgen writes are. trunk's own minifier
/// cannot read the latter; this saves a kilobyte of it in brotli.
fn bare(source: &str) -> String {
    let mut bare = String::with_capacity(source.len());
    let mut is_comment = false;
    for line in source.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            bare.push_str(line);
            bare.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    bare
}

fn package(source: &str) -> String {
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
        let files = Files::among(&names.map(str::to_owned));
        files.unwrap_or_else(|| unreachable!("all three are there"))
    }

    #[test]
    fn a_build_without_one_of_the_files_is_no_build() {
        let names = ["element-0123456789abcdef.js".to_owned()];
        assert_eq!(Files::among(&names), None);
        assert_eq!(files().module, "element-0123456789abcdef_bg.wasm");
    }

    #[test]
    fn the_entry_names_the_files_and_says_the_texts() {
        let entry = entry(SOURCE, &files(), "{\n  \"en\": \"No.\"\n}\n");
        for part in [
            r#"script: new URL("./element-0123456789abcdef.js", import.meta.url)"#,
            r#"module: new URL("./element-0123456789abcdef_bg.wasm", import.meta.url)"#,
            r#"style: new URL("./referral-history-fedcba9876543210.css", import.meta.url)"#,
            r#"TEXTS = {"en": "No."};"#,
            "export async function mount(",
        ] {
            assert!(entry.contains(part), "no {part}");
        }
        assert!(!entry.contains("\n//") && !entry.contains("\n\n"));
    }

    #[test]
    fn the_page_loads_the_style_sheet_once() {
        let preloaded = "<a><link rel=\"preload\" href=\"./s-1.css\" as=\"fetch\" crossorigin><link href=./t.css>";
        for page in [
            "<a><link href=./s-1.css integrity=sha384-x rel=stylesheet><link href=./t.css>",
            "<a><link rel=\"stylesheet\" href=\"./s-1.css\"/><link href=./t.css>",
        ] {
            assert_eq!(preloading(page, "s-1.css"), preloaded);
        }
        assert_eq!(preloading("<a>", "s-1.css"), "<a>");
    }

    #[test]
    fn only_comments_and_space_go() {
        let source = "/**\n * What it does.\n * @returns {number}\n */\nfunction a() {\n    // Why.\n    return 1 /* one */;\n\n}\n/* b */\n";
        assert_eq!(bare(source), "function a() {\nreturn 1 /* one */;\n}\n");
    }

    #[test]
    fn the_package_has_a_version_and_a_licence() {
        let package = package(include_str!("../../element/package.json"));
        assert!(package.contains(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"")));
        assert!(!package.contains("\"{"));
    }
}
