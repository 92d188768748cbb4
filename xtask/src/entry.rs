//! `referral-history.js`, the file that hosts name, with the names of the files of a build in it; and
//! what npm and TypeScript want beside it. trunk runs this as a hook, at the end of each build.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::Project;
use crate::{Failure, Result, versions};

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
    let built = Files::among(&names(&build)?).ok_or_else(|| {
        Failure::new(format!(
            "{} lacks the page's script, WebAssembly or style sheet: see Trunk.toml and index.html.",
            build.display()
        ))
    })?;
    let mut glue = text(&build, &built.script)?;
    let mut module = read(&build, &built.module)?;
    number_imports(&mut glue, &mut module)?;
    let glue = bare(&glue);
    // trunk has named both after what they were before; and one fits no other than the other.
    let key = versions::key(&[glue.as_bytes(), &module]);
    let files = Files {
        script: format!("element-{key}.js"),
        module: format!("element-{key}_bg.wasm"),
        style: built.style,
    };
    let page = text(&build, "index.html")?
        .replace(&built.script, &files.script)
        .replace(&built.module, &files.module);
    for name in [&built.script, &built.module] {
        fs::remove_file(build.join(name))
            .map_err(|error| Failure::new(format!("{name} cannot be removed: {error}.")))?;
    }
    let texts = project.read("core/src/texts/start.json")?;
    let source = project.read("element/referral-history.js")?;
    let package = package(&project.read("element/package.json")?);
    let declarations = project.read("element/referral-history.d.ts")?;
    for (name, content) in [
        ("index.html", preloading(&page, &files.style).as_bytes()),
        (&files.script, glue.as_bytes()),
        (&files.module, &module),
        (
            "referral-history.js",
            entry(&source, &files, &texts).as_bytes(),
        ),
        ("referral-history.d.ts", declarations.as_bytes()),
        ("package.json", package.as_bytes()),
    ] {
        fs::write(build.join(name), content)
            .map_err(|error| Failure::new(format!("{name} cannot be written: {error}.")))?;
    }
    Ok(())
}

fn read(build: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(build.join(name))
        .map_err(|error| Failure::new(format!("{name} cannot be read: {error}.")))
}

fn text(build: &Path, name: &str) -> Result<String> {
    String::from_utf8(read(build, name)?)
        .map_err(|error| Failure::new(format!("{name} is no text: {error}.")))
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

/// What the names of functions begin with that the module imports from wasm-bindgen's script.
const IMPORT: &str = "__wbg_";

/// How many digits of a hash they end with.
const DIGITS: usize = 16;

/// Gives each import a low number in place of the hash that its name ends with, in the script and in the
/// module alike. A hash cannot be compressed: this saves three kilobytes in brotli. The names stay as
/// long as they were, so nothing else in the module moves.
fn number_imports(glue: &mut String, module: &mut [u8]) -> Result<()> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let words = glue.split(|character| !u8::try_from(character).is_ok_and(is_word));
    let mut taken = HashSet::new();
    let mut numbered = BTreeMap::new();
    for word in words.collect::<BTreeSet<_>>() {
        let Some(base) = hashed(word) else {
            continue;
        };
        let mut number = 0_u32;
        while !taken.insert((base.to_owned(), number)) {
            number += 1;
        }
        numbered.insert(word.to_owned(), format!("{base}{number:0DIGITS$x}"));
    }
    let mut found = HashSet::new();
    let mut place = 0;
    while let Some(ahead) = module.get_mut(place..).filter(|ahead| !ahead.is_empty()) {
        // What stands around a name may be letters too.
        let known = numbered
            .iter()
            .find(|(name, _)| ahead.starts_with(name.as_bytes()));
        if let Some((name, number)) = known {
            ahead[..name.len()].copy_from_slice(number.as_bytes());
            found.insert(name);
        }
        let next = ahead
            .windows(IMPORT.len())
            .skip(1)
            .position(|window| window == IMPORT.as_bytes());
        place += next.map_or(ahead.len(), |next| next + 1);
    }
    for (name, number) in &numbered {
        if !found.contains(name) {
            return Err(Failure::new(format!(
                "The WebAssembly does not import {name}, which its script offers."
            )));
        }
        *glue = glue.replace(name, number);
    }
    Ok(())
}

/// What stands before the hash in the name of an import.
fn hashed(name: &str) -> Option<&str> {
    let (base, hash) = name.split_at_checked(name.len().checked_sub(DIGITS)?)?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && base.starts_with(IMPORT) && base.ends_with('_')).then_some(base)
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
    fn imports_are_numbered_alike_in_script_and_module() {
        let mut glue = "__wbg_get_0123456789abcdef: a, __wbg_get_fedcba9876543210: b, \
                        __wbg_set_00112233445566ff: c, __wbg_get_imports, __wbg_ptr"
            .to_owned();
        let mut module =
            b"\0__wbg_get_fedcba9876543210\0a__wbg_get_0123456789abcdefb\x1a__wbg_set_00112233445566ff"
                .to_vec();
        let numbered = number_imports(&mut glue, &mut module).map_err(|failure| failure.0);
        assert_eq!(numbered, Ok(()));
        assert_eq!(
            glue,
            "__wbg_get_0000000000000000: a, __wbg_get_0000000000000001: b, \
             __wbg_set_0000000000000000: c, __wbg_get_imports, __wbg_ptr"
        );
        assert_eq!(
            module,
            b"\0__wbg_get_0000000000000001\0a__wbg_get_0000000000000000b\x1a__wbg_set_0000000000000000"
        );
        assert!(number_imports(&mut "__wbg_new_0123456789abcdef".to_owned(), &mut []).is_err());
    }

    #[test]
    fn the_package_has_a_version_and_a_licence() {
        let package = package(include_str!("../../element/package.json"));
        assert!(package.contains(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"")));
        assert!(!package.contains("\"{"));
    }
}
