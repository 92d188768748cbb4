//! Writes `referral-history.js`, the script that hosts load, with the names of a build's files, the script of
//! the standalone page, and the files for npm and TypeScript beside them. trunk runs this as a hook at the
//! end of each build.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::process;
use crate::project::{Project, variable};
use crate::{setup, split};

/// The language that is compiled into the program.
const ENGLISH: &str = "en";

/// The line of a script in whose place `element/language.js` is put.
const LANGUAGE: &str = "// language.js\n";

/// The line of the entry that names the later part of the program. A development build has none.
const LATER: &str = "  later: new URL(\"./{later}\", import.meta.url),\n";

/// Writes the entry into trunk's staging directory.
pub(crate) fn run(project: &Project) -> Result<()> {
    let build = variable("TRUNK_STAGING_DIR")
        .context("trunk runs this at the end of a build: run `cargo xtask build`")?;
    // Development builds need no Node.js, and stay readable.
    let is_release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");

    let old_script = find(&build, "element-", ".js")?;
    let old_module = find(&build, "element-", ".wasm")?;
    let style = find(&build, "referral-history-", ".css")?;
    let old_later = "element-later.wasm";
    if is_release {
        let files = split::Files {
            script: &build.join(&old_script),
            module: &build.join(&old_module),
            later: &build.join(old_later),
        };
        split::run(project, &files)?;
    }
    // All names get one new hash: trunk hashed other files, and each works only with the others of its build.
    let mut parts = vec![&*old_script, &*old_module];
    parts.extend(is_release.then_some(old_later));
    let read =
        |name: &&str| fs::read(build.join(name)).with_context(|| format!("{name} cannot be read"));
    let hash = fingerprint(&parts.iter().map(read).collect::<Result<Vec<_>>>()?);
    let script = format!("element-{hash}.js");
    let module = format!("element-{hash}_bg.wasm");
    let later = format!("element-later-{hash}.wasm");
    for (part, name) in parts.iter().zip([&script, &module, &later]) {
        fs::rename(build.join(part), build.join(name))?;
    }
    let page = fs::read_to_string(build.join("index.html"))?
        .replace(&old_script, &script)
        .replace(&old_module, &module);
    let page = preload_style(&page, &style)?;
    let page = pin_script(&page, &script, &integrity(&build.join(&script))?)?;
    fs::write(build.join("index.html"), page)?;

    let bones = fs::read_to_string(build.join(find(&build, "bones-", ".css")?))?;
    let locales = write_locales(project, &build)?;
    let language = project.read("element/language.js")?;
    let mut hashes = BTreeMap::new();
    let later = is_release.then_some(&later);
    let pinned = [&script, &module, &style].into_iter().chain(later);
    for name in pinned.chain(&locales.files) {
        hashes.insert(name, integrity(&build.join(name))?);
    }
    let entry = fill(
        &project.read("element/referral-history.js")?,
        &[
            (LANGUAGE, &language),
            ("{script}", &script),
            ("{module}", &module),
            ("{style}", &style),
            (
                LATER,
                &later.map_or(String::new(), |name| LATER.replace("{later}", name)),
            ),
            (
                "BONES = \"\"",
                &format!("BONES = {}", serde_json::to_string(bones.trim())?),
            ),
            (
                "INTEGRITY = {}",
                &format!("INTEGRITY = {}", serde_json::to_string(&hashes)?),
            ),
            ("LOCALES = {}", &format!("LOCALES = {{ {}}}", locales.urls)),
            ("MESSAGES = {}", &format!("MESSAGES = {}", locales.messages)),
        ],
    )?;
    let file = build.join("referral-history.js");
    fs::write(&file, entry)?;
    if is_release {
        minify(&file)?;
        let minified = fs::read_to_string(&file)?;
        fs::write(&file, mark_import(&minified))?;
    }

    let standalone = fill(
        &project.read("src/standalone.js")?,
        &[
            (LANGUAGE, &language),
            ("TEXTS = {}", &format!("TEXTS = {}", locales.standalone)),
        ],
    )?;
    let file = build.join("standalone.js");
    fs::write(&file, standalone)?;
    if is_release {
        minify(&file)?;
    }

    copy_declarations(&project.root.join("element"), &build)?;
    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(project.root.join(license), build.join(license))?;
    }
    let package = fill(
        &project.read("element/package.json")?,
        &[
            ("{version}", env!("CARGO_PKG_VERSION")),
            ("{license}", env!("CARGO_PKG_LICENSE")),
        ],
    )?;
    fs::write(build.join("package.json"), package)?;
    Ok(())
}

/// Copies the declarations for TypeScript: of the element, and of its tag in frameworks.
fn copy_declarations(from: &Path, build: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().ends_with(".d.ts") {
            fs::copy(entry.path(), build.join(name))?;
        }
    }
    Ok(())
}

/// The name of the build's file with this start and end.
fn find(build: &Path, start: &str, end: &str) -> Result<String> {
    let entries = fs::read_dir(build)?.flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .find(|name| name.starts_with(start) && name.ends_with(end))
        .with_context(|| format!("The build lacks {start}*{end}: see Trunk.toml and index.html"))
}

/// What the scripts say about the languages, in JavaScript.
struct Locales {
    /// The names of the files.
    files: Vec<String>,
    /// The members of `LOCALES`.
    urls: String,
    /// The messages of the entry.
    messages: String,
    /// The texts of the standalone page around the program.
    standalone: String,
}

/// The messages of the entry, by their keys in a locale file.
const MESSAGES: [&str; 3] = ["not_started", "outdated", "reload_cost"];

/// The texts of the standalone page, by their keys in a locale file.
const STANDALONE: [&str; 3] = ["dir", "title", "language"];

/// Writes the texts of each language without indentation.
fn write_locales(project: &Project, build: &Path) -> Result<Locales> {
    let entries = fs::read_dir(project.root.join("locales"))?.flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    let mut names = Vec::new();
    let mut urls = String::new();
    let mut messages = BTreeMap::new();
    let mut standalone = BTreeMap::new();
    for file in files {
        let context = || format!("{} cannot be read", file.display());
        let language = file.file_stem().unwrap_or_default().to_string_lossy();
        let texts = fs::read_to_string(&file).with_context(context)?;
        let texts: BTreeMap<String, Value> = serde_json::from_str(&texts).with_context(context)?;
        let texts_of = |names: [&'static str; 3]| {
            let text = |name| {
                let text = texts.get(name).cloned();
                Ok((
                    name,
                    text.with_context(|| format!("{language} lacks {name}"))?,
                ))
            };
            names
                .into_iter()
                .map(text)
                .collect::<Result<BTreeMap<_, _>>>()
        };
        messages.insert(language.to_string(), texts_of(MESSAGES)?);
        standalone.insert(language.to_string(), texts_of(STANDALONE)?);
        if language != ENGLISH {
            let json = serde_json::to_string(&texts)?;
            let name = format!("locale-{language}-{}.json", fingerprint(&[&json]));
            // Quoted: a tag may have a hyphen.
            urls += &format!("\"{language}\": new URL(\"./{name}\", import.meta.url), ");
            fs::write(build.join(&name), json)?;
            names.push(name);
        }
    }
    Ok(Locales {
        files: names,
        urls,
        messages: serde_json::to_string(&messages)?,
        standalone: serde_json::to_string(&standalone)?,
    })
}

/// A source with these placeholders filled in.
fn fill(source: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = source.to_owned();
    for (placeholder, value) in values {
        ensure!(
            filled.contains(placeholder),
            "A script or package.json lacks {placeholder}"
        );
        filled = filled.replace(placeholder, value);
    }
    Ok(filled)
}

/// Makes a script smaller.
fn minify(script: &Path) -> Result<()> {
    process::run(setup::esbuild(script, script).arg("--allow-overwrite"))
}

/// The entry with the comments at its import, which esbuild drops: they keep webpack and Vite from
/// bundling the program that it loads.
fn mark_import(minified: &str) -> String {
    minified.replace(
        "import(",
        "import(/* webpackIgnore: true */ /* @vite-ignore */ ",
    )
}

/// The page with trunk's style sheet link replaced by a preload. The entry fetches the style sheet; the
/// document does not use it, and the link would request it a second time.
fn preload_style(page: &str, style: &str) -> Result<String> {
    let replaced = || {
        let (before, after) = page.split_once(style)?;
        let (head, link) = before.rsplit_once("<link")?;
        let (_, path) = link.rsplit_once("href=")?;
        let (_, tail) = after.split_once('>')?;
        let path = path.trim_start_matches('"');
        Some(format!(
            "{head}<link rel=\"preload\" href=\"{path}{style}\" as=\"fetch\" crossorigin>{tail}"
        ))
    };
    replaced().with_context(|| format!("The page has no link to {style}"))
}

/// The page with the hash of the script at its preload: what a page preloads unchecked, the entry could check no
/// more.
fn pin_script(page: &str, script: &str, integrity: &str) -> Result<String> {
    let pinned = || {
        let (before, after) = page.split_once(script)?;
        let (head, link) = before.rsplit_once("<link")?;
        let (rest, _) = after.split_once('>')?;
        let is_preload = link.contains("modulepreload") || rest.contains("modulepreload");
        is_preload.then(|| format!("{head}<link integrity=\"{integrity}\"{link}{script}{after}"))
    };
    pinned().with_context(|| format!("The page does not preload {script}"))
}

/// The hash of a file, as browsers compare it: of 32 bytes, since hashes do not compress.
fn integrity(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes))))
}

/// A hash for the names of files, in hexadecimal.
///
/// FNV-1a, because the standard library's hash may change between compiler versions.
fn fingerprint<T: AsRef<[u8]>>(parts: &[T]) -> String {
    // The zero separates the parts: ["ab", "c"] and ["a", "bc"] have different hashes.
    let bytes = parts
        .iter()
        .flat_map(|part| part.as_ref().iter().chain(&[0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_preloads_the_script_checked() {
        for link in [
            " rel=\"modulepreload\" href=\"./e-1.js\" crossorigin>",
            " crossorigin href=./e-1.js rel=modulepreload>",
        ] {
            assert_eq!(
                pin_script(&format!("<a><link{link}<b>"), "e-1.js", "sha256-x").expect("a preload"),
                format!("<a><link integrity=\"sha256-x\"{link}<b>")
            );
        }
        for page in [
            "<a>",
            "<script src=e-1.js>",
            "<link href=./e-1.js rel=x><link rel=modulepreload>",
        ] {
            assert!(pin_script(page, "e-1.js", "sha256-x").is_err(), "{page}");
        }
    }

    #[test]
    fn the_page_loads_the_style_sheet_once() {
        let preloaded = "<a><link rel=\"preload\" href=\"./s-1.css\" as=\"fetch\" crossorigin><link href=./t.css>";
        for page in [
            "<a><link href=./s-1.css integrity=sha384-x rel=stylesheet><link href=./t.css>",
            "<a><link rel=\"stylesheet\" href=\"./s-1.css\"/><link href=./t.css>",
        ] {
            assert_eq!(preload_style(page, "s-1.css").expect("a link"), preloaded);
        }
        assert!(preload_style("<a>", "s-1.css").is_err());
    }
}
