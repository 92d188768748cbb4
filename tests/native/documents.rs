//! What the documents say about the code is true.
//!
//! Each check compares the documents with the sources and returns what differs. The last test breaks a
//! document, check by check, and expects that it is noticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use chrono::DateTime;
use referral_history::HostOptions;
use referral_history_core::{
    api::{self, Headers},
    charge::Charge,
    failure::Failure,
    options::Theme,
    page::ROWS_PER_PAGE,
    retry,
    role::Role,
    sort::SortKey,
    texts::LANGUAGES,
};

use crate::tidy::{files, root};

/// The documents by their paths, such as `docs/embed.md`.
#[derive(Clone)]
struct Documents(BTreeMap<String, String>);

impl Documents {
    fn read() -> Self {
        let mut found = BTreeMap::new();
        for folder in ["", "docs", "examples", "fuzz"] {
            for entry in fs::read_dir(root().join(folder)).expect("a folder") {
                let name = entry.expect("an entry").file_name();
                let path = Path::new(folder).join(name);
                if path.extension().is_some_and(|ending| ending == "md") {
                    let path = path.to_str().expect("a name in UTF-8");
                    found.insert(path.to_owned(), source(path));
                }
            }
        }
        Self(found)
    }

    fn text(&self, path: &str) -> &str {
        let text = self.0.get(path);
        text.unwrap_or_else(|| panic!("there is no {path}"))
    }

    /// The rows of the table with this first heading, cell by cell.
    fn table(&self, path: &str, heading: &str) -> Vec<Vec<&str>> {
        let start = format!("| {heading} |");
        let lines = self.text(path).lines();
        let rows = lines
            .skip_while(|line| !line.starts_with(&start))
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        let rows: Vec<_> = rows
            .map(|row| {
                let row = row.trim_start_matches("| ").trim_end_matches('|');
                row.split(" |").map(str::trim).collect()
            })
            .collect();
        assert!(!rows.is_empty(), "{path} has no table of {heading}");
        rows
    }

    /// The row of that table whose first cell names this in code.
    fn row(&self, path: &str, heading: &str, name: &str) -> Vec<&str> {
        let rows = self.table(path, heading);
        let found = rows.into_iter().find(|row| codes(row[0]).contains(&name));
        found.unwrap_or_else(|| panic!("{path} has no row of {name}"))
    }
}

/// A file of the repository.
fn source(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All sources below a folder, as one text.
fn sources(folder: &str, ending: &str) -> String {
    files(folder, ending)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

/// The pieces of code in a text: what stands in backquotes.
fn codes(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// A text without its blocks of code.
fn prose(text: &str) -> String {
    let blocks = text.split("```").step_by(2);
    blocks.collect()
}

/// A text without its line breaks.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between two texts.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start)
        .and_then(|(_, rest)| rest.split_once(end))
        .map(|(found, _)| found)
        .unwrap_or_else(|| panic!("nothing is between {start:?} and {end:?}"))
}

/// The names that follow each `start`.
fn names_after(text: &str, start: &str) -> BTreeSet<String> {
    let is_end = |character: char| !character.is_ascii_lowercase() && !"-_".contains(character);
    text.split(start)
        .skip(1)
        .filter_map(|rest| Some(rest.split(is_end).next()?.to_owned()))
        .collect()
}

/// The members of an interface of the declarations.
fn members(declared: &str, interface: &str) -> BTreeSet<String> {
    let body = between(declared, &format!("export interface {interface} {{"), "\n}");
    body.lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| match line.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"'),
            None => line.split_once(':'),
        })
        .map(|(name, _)| name.trim_end_matches('?'))
        .filter(|name| {
            name.chars()
                .all(|one| one.is_alphanumeric() || "-_:".contains(one))
        })
        .map(str::to_owned)
        .collect()
}

/// A sentence when the documents and the sources differ.
fn compare<T: Ord + ToString>(
    what: &str,
    documented: impl IntoIterator<Item = T>,
    actual: impl IntoIterator<Item = T>,
) -> Option<String> {
    let list = |names: BTreeSet<T>| {
        let names: Vec<String> = names.iter().map(T::to_string).collect();
        names.join(", ")
    };
    let documented = list(documented.into_iter().collect());
    let actual = list(actual.into_iter().collect());
    assert!(!actual.is_empty(), "{what}: the sources have none");
    (documented != actual).then(|| format!("{what}: documented {documented}; actual {actual}"))
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

const EMBED: &str = "docs/embed.md";
const CONTRACT: &str = "docs/console-contract.md";
const DEPLOY: &str = "docs/deploy.md";

/// Options: their names in HTML and JavaScript, values and defaults.
fn options(documents: &Documents) -> Vec<String> {
    let entry = source("element/referral-history.js");
    let attributes = between(&entry, "const ATTRIBUTES = {", "}");
    let pairs = attributes.lines().filter_map(|line| line.split_once(':'));
    let pairs: Vec<String> = pairs
        .map(|(name, value)| {
            let attribute = value.trim().trim_matches([',', '"']);
            format!("{attribute} = {}", name.trim())
        })
        .collect();
    let rows = documents.table(EMBED, "attribute");
    let documented = rows.iter().map(|row| {
        format!(
            "{} = {}",
            row[0].trim_matches('`'),
            row[1].trim_matches('`')
        )
    });
    let mut problems = Vec::from_iter(compare("options", documented, pairs));

    let default = HostOptions::default();
    let defaults = [
        ("api-base", default.api_base),
        ("api-origin", default.api_origin),
        ("limit", default.limit.to_string()),
        ("page-size", default.page_size.to_string()),
        ("theme", default.theme.to_string()),
        ("sign-in-url", default.sign_in_url),
        ("url-sync", default.url_sync.to_string()),
        ("session", default.session),
    ];
    for row in rows {
        let attribute = row[0].trim_matches('`');
        let default = defaults.iter().find(|(name, _)| *name == attribute);
        match default {
            Some((_, default)) if *default != row[3].trim_matches('`') => {
                problems.push(format!("the default of {attribute} is {default:?}"));
            }
            None if attribute != "lang" => problems.push(format!("{attribute}: no default")),
            _ => {}
        }
        let mut options = HostOptions::default();
        let is_option = ["7", "10", "dark", "off", "https://api.example"]
            .into_iter()
            .any(|value| {
                options.set(attribute, Some(value)).is_ok() && options != HostOptions::default()
            });
        if !is_option {
            problems.push(format!("{attribute} is no option in Rust"));
        }
    }
    let value = |name| owned(codes(documents.row(EMBED, "attribute", name)[2]));
    let themes = Theme::ALL.map(|theme| theme.as_str().to_owned());
    let sizes = ROWS_PER_PAGE.map(|rows| rows.to_string());
    problems.extend(compare("themes", value("theme"), themes));
    problems.extend(compare("page sizes", value("page-size"), sizes));
    problems
}

/// The languages of the documents, of `locales/` and of the program.
fn languages(documents: &Documents) -> Vec<String> {
    let known: Vec<String> = owned(LANGUAGES.to_vec());
    let files = fs::read_dir(root().join("locales")).expect("a folder");
    let files = files.map(|file| {
        let name = file.expect("a file").file_name();
        let name = name.to_str().expect("a name in UTF-8");
        name.trim_end_matches(".json").to_owned()
    });
    let mut problems = Vec::from_iter(compare("files in locales/", files, known.clone()));
    let documented = owned(codes(documents.row(EMBED, "attribute", "lang")[2]));
    problems.extend(compare("languages", documented, known));
    for language in LANGUAGES {
        let names = [
            ("en", "English"),
            ("de", "German"),
            ("ar", "Arabic"),
            ("es", "Spanish"),
            ("fr", "French"),
            ("pt-BR", "Portuguese"),
            ("ja", "Japanese"),
            ("zh-Hans", "Chinese"),
        ];
        let name = names.into_iter().find(|(code, _)| *code == language);
        if name.is_none_or(|(_, name)| !documents.text("README.md").contains(name)) {
            problems.push(format!("the README does not name the language {language}"));
        }
    }
    problems
}

/// What the element tells its host.
fn events(documents: &Documents) -> Vec<String> {
    let declared = source("element/referral-history.d.ts");
    let rows = documents.table(EMBED, "event");
    let documented = rows.iter().map(|row| row[0].trim_matches('`').to_owned());
    let mut problems: Vec<String> = Vec::from_iter(compare(
        "events",
        documented,
        members(&declared, "ReferralHistoryEventMap"),
    ));
    for (name, interface) in [
        ("referral-history:load", "ReferralHistoryLoadDetail"),
        ("referral-history:error", "ReferralHistoryErrorDetail"),
        (
            "referral-history:unauthorized",
            "ReferralHistoryUnauthorizedDetail",
        ),
    ] {
        let documented = owned(codes(documents.row(EMBED, "event", name)[1]));
        problems.extend(compare(name, documented, members(&declared, interface)));
    }
    let kinds = documents.table(EMBED, "`kind`");
    let kinds = kinds.iter().map(|row| row[0].trim_matches('`').to_owned());
    let errors = between(&declared, "  kind:\n", ";");
    let mut actual: BTreeSet<String> = names_after(errors, "| \"");
    actual.extend(names_after(&declared, "  kind: \""));
    problems.extend(compare("kinds", kinds, actual));

    let choices = documents.table(EMBED, "name");
    let choices = choices.iter().flat_map(|row| owned(codes(row[0])));
    problems.extend(compare(
        "choices",
        choices,
        members(&declared, "ReferralHistoryChangeDetail"),
    ));
    let value = |name| documents.row(EMBED, "name", name)[1];
    let mut sorted = owned(codes(value("sort")));
    sorted.retain(|code| code != "-");
    let sortable = SortKey::ALL.map(|key| key.field().to_owned());
    problems.extend(compare("sort", sorted, sortable));
    let roles = Role::KNOWN.map(|role| role.as_str().to_owned());
    problems.extend(compare("roles", owned(codes(value("role"))), roles));
    let sizes = value("per_page").split(|one: char| !one.is_ascii_digit());
    let sizes = sizes.filter_map(|number| number.parse::<usize>().ok());
    problems.extend(compare("rows per page", sizes, ROWS_PER_PAGE));
    problems
}

/// What a host's styles can reach.
fn looks(documents: &Documents) -> Vec<String> {
    let looks = between(documents.text(EMBED), "## Looks", "\n## ");
    let style = sources("style", "css");
    let used = names_after(&style, "var(--rh-");
    let mut problems = Vec::from_iter(compare(
        "custom properties",
        names_after(looks, "`--rh-"),
        used.clone(),
    ));
    for property in used {
        let tokens = [format!("var(--_{property})"), format!("var(--_{property}-")];
        if !tokens.iter().any(|token| style.contains(token)) {
            problems.push(format!("--rh-{property} does nothing"));
        }
    }
    let density = documents.row(EMBED, "custom property", "--rh-space");
    for (property, value) in codes(density[0]).into_iter().zip(codes(density[1])) {
        if !style.contains(&format!("var({property}, {value})")) {
            problems.push(format!("{property} is not {value} unless set"));
        }
    }
    let components = sources("src/components", "rs") + &sources("src/app.rs", "rs");
    let mut parts = names_after(&components, " part=\"");
    let entry = source("element/referral-history.js");
    parts.extend(names_after(&entry, "setAttribute(\"part\", \""));
    let documented = between(looks, "`::part()` reaches these parts:", "started.");
    problems.extend(compare("parts", owned(codes(documented)), parts));
    let slots = names_after(&components, "_SLOT: &str = \"");
    let documented = names_after(documents.text(EMBED), "slot=\"");
    problems.extend(compare("slots", documented, slots));
    problems
}

/// The component in Leptos, as the documentation of the crate has it, where it is compiled.
fn leptos_example(documents: &Documents) -> Vec<String> {
    let example = between(documents.text(EMBED), "```rust\n", "```");
    let compiled: String = sources("src/app.rs", "rs")
        .lines()
        .filter_map(|line| line.strip_prefix("///"))
        .flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect();
    let is_compiled = compiled.contains(example);
    Vec::from_iter((!is_compiled).then(|| "the example in Leptos is not in src/app.rs".to_owned()))
}

/// The failure that the core makes of a status and an error code.
fn failure(status: u16, code: &str) -> Failure {
    let body = format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#);
    let now = DateTime::UNIX_EPOCH;
    api::decode(status, &Headers::default(), Some(&body), now).expect_err("a failure")
}

fn cost(failure: &Failure) -> &'static str {
    match failure.charge {
        Charge::No => "nothing",
        Charge::Yes => "a credit",
        Charge::Unknown => "not known",
    }
}

/// How often the page repeats a request that fails like this.
fn retries(failure: &Failure) -> u32 {
    (0..10)
        .find(|made| retry::next(*made, failure, 0.5).is_none())
        .expect("an end")
}

/// The proxy's headers and error codes, and what the page makes of them.
fn contract(documents: &Documents) -> Vec<String> {
    let proxy = source("dev-console/src/proxy.rs");
    let mut actual = BTreeMap::new();
    let codes_of = between(&proxy, "fn code(", "\n    }");
    let responses = between(&proxy, "fn into_response(", "\n    }");
    for arm in codes_of.split("Self::").skip(1) {
        let variant = arm.split(|one: char| !one.is_alphanumeric()).next();
        let response = format!("Self::{}", variant.unwrap_or_default());
        let (_, response) = responses.split_once(&response).expect("a response");
        let status = match between(response, "StatusCode::", ",") {
            "BAD_GATEWAY" => 502,
            "GATEWAY_TIMEOUT" => 504,
            other => panic!("{other}: which status?"),
        };
        actual.insert(between(arm, "\"", "\"").to_owned(), status);
    }
    let rows = documents.table(CONTRACT, "status");
    let documented = rows.iter().map(|row| format!("{} {}", row[0], row[1]));
    let codes = actual
        .iter()
        .map(|(code, status)| format!("{status} `{code}`"));
    let mut problems = Vec::from_iter(compare("error codes", documented, codes));
    for row in &rows {
        let status = row[0].parse().expect("a status");
        let actual = cost(&failure(status, row[1].trim_matches('`')));
        if row[3] != actual {
            problems.push(format!("{}: cost {actual}", row[1]));
        }
    }

    // The second table with that heading.
    let rest = documents
        .text(CONTRACT)
        .split_once("## What the page makes");
    let (_, rest) = rest.expect("the section about statuses");
    let statuses = Documents([(CONTRACT.to_owned(), rest.to_owned())].into());
    for row in statuses.table(CONTRACT, "status") {
        let numbers = row[0].split(|one: char| !one.is_ascii_digit());
        // Not the 4 of "4xx".
        for status in numbers.filter(|number| number.len() == 3) {
            let failure = failure(status.parse().expect("a status"), "");
            let repeated = match retries(&failure) {
                0 => "no",
                2 => "twice",
                _ => "otherwise",
            };
            let actual = [
                &format!("`{}`", failure.kind.as_str()),
                cost(&failure),
                repeated,
            ];
            let documented = [row[1], row[2].split(',').next().unwrap_or_default(), row[3]];
            if documented != actual {
                problems.push(format!("{status}: {actual:?}"));
            }
        }
    }
    let line = in_one_line(rest);
    let waits = between(&line, "`Retry-After` is more than ", " seconds");
    let longest: u64 = waits.parse().expect("a number of seconds");
    let after = |seconds| Failure {
        retry_after: Some(Duration::from_secs(seconds)),
        ..failure(503, "")
    };
    if retries(&after(longest)) == 0 || retries(&after(longest + 1)) > 0 {
        problems.push(format!("{longest} seconds are not the longest Retry-After"));
    }

    let forwarded = between(&proxy, "FORWARDED_HEADERS: ", "];");
    let forwarded = forwarded.split("header::").skip(1).map(|name| {
        let name = name.split(',').next().unwrap_or_default();
        name.to_lowercase().replace('_', "-")
    });
    let documented = between(
        documents.text(CONTRACT),
        "headers of the answer on**:",
        ". ",
    );
    problems.extend(compare(
        "headers that are passed on",
        codes_in_lower_case(documented),
        forwarded.chain(["x-request-id".to_owned()]),
    ));
    let path = between(documents.text(CONTRACT), "`GET {api-base}", "100`");
    if !source("element/referral-history.js").contains(path) {
        problems.push(format!("the entry asks for no {path}"));
    }
    problems
}

fn codes_in_lower_case(text: &str) -> Vec<String> {
    codes(text).into_iter().map(str::to_lowercase).collect()
}

/// The policy that the page is tested under.
fn policy(documents: &Documents) -> Vec<String> {
    let headers = source("dev-console/src/security_headers.rs");
    let actual = between(&headers, "PAGE_POLICY: &str = \"", "\";").replace('\\', "");
    let policy = between(
        documents.text(DEPLOY),
        "with Trusted Types:\n\n```\n",
        "\n```",
    );
    let directives = |policy: &str| {
        let words: Vec<&str> = policy.split_whitespace().collect();
        let directives = words.join(" ");
        directives
            .split("; ")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let actual = directives(&actual);
    Vec::from_iter(compare("the policy", directives(policy), actual))
}

/// Versions, sizes, ports and names that a command needs.
fn figures(documents: &Documents) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |path: &str, text: &str| {
        if !in_one_line(documents.text(path)).contains(text) {
            problems.push(format!("{path} does not say {text:?}"));
        }
    };
    let tasks = sources("xtask/src", "rs");
    let package = source("xtask/package.json");
    let node = between(&package, "\"node\": \"", "\"");
    let versions = node.split(" || ");
    let versions = versions.map(|range| range.trim_start_matches(['^', '>', '=']));
    let versions = versions.collect::<Vec<_>>().join(", ");
    expect(
        "README.md",
        &format!("[Node.js](https://nodejs.org) {versions} or newer"),
    );
    let budget = between(&tasks, "const BUDGET: u64 = ", "_000;");
    let later = between(&tasks, "const LATER_BUDGET: u64 = ", "_000;");
    expect(
        "README.md",
        &format!("at most {budget} kB until the rows are there, and {later} kB after them"),
    );
    expect(
        "docs/decisions.md",
        &format!("above {budget} kB of brotli until the rows, or {later} after them"),
    );
    let trunk = source("Trunk.toml");
    let port = between(&trunk, "[serve]", "[[").split("port = ").nth(1);
    let port = port.and_then(|rest| rest.lines().next()).expect("a port");
    expect(
        "README.md",
        &format!("serve it at http://127.0.0.1:{port}/"),
    );
    expect("README.md", &format!("<http://127.0.0.1:{port}/sign-in>"));
    let console = sources("dev-console/src", "rs");
    let variable = between(&console, "TOKEN_VARIABLE: &str = \"", "\"");
    expect(
        "README.md",
        &format!("{variable}=… cargo xtask serve -- --upstream"),
    );
    if !console.contains("    upstream: Option<String>,") {
        problems.push("the console has no --upstream".to_owned());
    }
    problems
}

/// What builds and fuzzing make: it is in no checkout.
const MADE: [&str; 4] = ["dist/", "evidence/", "fuzz/artifacts/", "release/"];

/// Whether code is a path of the repository, and no address, name of a package or type of a file.
fn is_path(code: &str) -> bool {
    let is_in_name = |one: char| one.is_ascii_alphanumeric() || "._-/".contains(one);
    let is_type = ["text/", "application/", "image/"]
        .iter()
        .any(|start| code.starts_with(start));
    code.contains('/')
        && !code.starts_with('/')
        && code.chars().all(is_in_name)
        && !is_type
        && !MADE.contains(&code)
}

/// Where a path of a document leads: from the repository, or from the document's folder.
fn locate(document: &str, path: &str) -> Option<PathBuf> {
    let folder = Path::new(document).parent().unwrap_or(Path::new(""));
    let candidates = [root().join(path), root().join(folder).join(path)];
    candidates.into_iter().find(|path| path.exists())
}

/// Each path exists, and "`NAME` in `path`" is there.
fn paths(documents: &Documents) -> Vec<String> {
    let mut problems = Vec::new();
    let mut checked = 0;
    for (document, text) in &documents.0 {
        let text = prose(text);
        let pieces: Vec<&str> = text.split('`').collect();
        for (index, code) in pieces.iter().enumerate().skip(1).step_by(2) {
            if !is_path(code) {
                continue;
            }
            checked += 1;
            let Some(path) = locate(document, code) else {
                problems.push(format!("{document} names {code}, which is not there"));
                continue;
            };
            let before = index.checked_sub(2).and_then(|index| pieces.get(index));
            let name = before.filter(|_| pieces[index - 1].trim() == "in" && index > 2);
            if let Some(name) = name {
                let name = name.rsplit("::").next().unwrap_or(name);
                let ending = path
                    .extension()
                    .map_or("rs", |ending| ending.to_str().unwrap_or("rs"));
                let folder = path.strip_prefix(root()).expect("a path of the repository");
                let sources = sources(folder.to_str().expect("UTF-8"), ending);
                if !sources.contains(name) {
                    problems.push(format!("{document} looks for {name} in {code}"));
                }
            }
        }
    }
    assert!(checked > 80, "only {checked} paths were checked");
    problems
}

/// The anchors of a document, as GitHub makes them of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let text = prose(text);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = |one: &char| one.is_alphanumeric() || " -_".contains(*one);
            heading
                .chars()
                .filter(kept)
                .collect::<String>()
                .replace(' ', "-")
        })
        .collect()
}

/// Each link and picture leads somewhere.
fn links(documents: &Documents) -> Vec<String> {
    let mut problems = Vec::new();
    let mut checked = 0;
    for (document, text) in &documents.0 {
        let text = prose(text);
        let linked = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let pictures = ["src=\"", "srcset=\""].into_iter().flat_map(|start| {
            let found = text.split(start).skip(1);
            found.filter_map(|rest| rest.split('"').next())
        });
        for target in linked.chain(pictures) {
            if target.starts_with("https://") {
                continue;
            }
            checked += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = Path::new(document).parent().unwrap_or(Path::new(""));
            let path = if file.is_empty() {
                PathBuf::from(document)
            } else {
                normal(&folder.join(file))
            };
            let path = path.to_str().expect("UTF-8");
            let has_anchor = || {
                let linked = documents.0.get(path);
                linked.is_some_and(|text| anchors(text).contains(anchor))
            };
            if !root().join(path).exists() || (!anchor.is_empty() && !has_anchor()) {
                problems.push(format!("{document} links to {target}, which is not there"));
            }
        }
    }
    assert!(checked > 20, "only {checked} links were checked");
    problems
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            other => normal.push(other),
        }
    }
    normal
}

/// The packages and tests that cargo's commands name.
fn cargo_commands(documents: &Documents) -> Vec<String> {
    let manifest = source("Cargo.toml");
    let members = between(&manifest, "members = [", "]")
        .split('"')
        .skip(1)
        .step_by(2);
    let packages: String = members
        .map(|member| source(&format!("{member}/Cargo.toml")))
        .chain([manifest.clone()])
        .collect();
    let mut problems = Vec::new();
    let mut checked = 0;
    for (document, text) in &documents.0 {
        for (flag, manifests) in [(" -p ", &packages), (" --test ", &manifest)] {
            for command in text.split("cargo ").skip(1) {
                let command = command.split(['`', '\n']).next().unwrap_or_default();
                let Some((_, name)) = command.split_once(flag) else {
                    continue;
                };
                checked += 1;
                let name = name.split_whitespace().next().unwrap_or_default();
                if !manifests.contains(&format!("name = \"{name}\"")) {
                    problems.push(format!("{document}: cargo{flag}{name} names nothing"));
                }
            }
        }
    }
    assert!(checked > 2, "only {checked} commands were checked");
    problems
}

type Check = fn(&Documents) -> Vec<String>;

fn assert_true(check: Check) {
    let problems = check(&Documents::read());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn options_are_documented() {
    assert_true(options);
}

#[test]
fn languages_are_documented() {
    assert_true(languages);
}

#[test]
fn events_are_documented() {
    assert_true(events);
}

#[test]
fn custom_properties_and_parts_are_documented() {
    assert_true(looks);
}

#[test]
fn the_example_in_leptos_is_compiled() {
    assert_true(leptos_example);
}

#[test]
fn the_console_contract_is_what_the_code_does() {
    assert_true(contract);
}

#[test]
fn the_policy_is_the_one_that_is_tested() {
    assert_true(policy);
}

#[test]
fn versions_sizes_and_ports_are_right() {
    assert_true(figures);
}

#[test]
fn every_path_exists() {
    assert_true(paths);
}

#[test]
fn every_link_leads_somewhere() {
    assert_true(links);
}

#[test]
fn every_package_that_a_command_names_exists() {
    assert_true(cargo_commands);
}

/// A check that reads text passes silently where it reads nothing.
#[test]
fn a_document_that_is_wrong_is_noticed() {
    let documents = Documents::read();
    let cases: &[(Check, &str, &str, &str)] = &[
        (
            options,
            EMBED,
            "| `limit` | `limit` |",
            "| `limits` | `limits` |",
        ),
        (options, EMBED, "| `apiBase` |", "| `apibase` |"),
        (options, EMBED, "1 to 100 | `100` |", "1 to 100 | `50` |"),
        (
            options,
            EMBED,
            "`system`, `light` or `dark`",
            "`system` or `dark`",
        ),
        (
            options,
            EMBED,
            "`10`, `25`, `50` or `100`",
            "`10`, `20`, `50` or `100`",
        ),
        (languages, EMBED, "`zh-Hans` or `ar`", "`en`, `fr` or `ar`"),
        (
            languages,
            "README.md",
            "Chinese and Arabic",
            "Italian and Arabic",
        ),
        (
            events,
            EMBED,
            "| `referral-history:change` |",
            "| `referral-history:choice` |",
        ),
        (
            events,
            EMBED,
            "| `count`, `requestId`,",
            "| `rows`, `requestId`,",
        ),
        (events, EMBED, "| `timed_out` |", "| `too_late` |"),
        (events, EMBED, "| `tz` |", "| `zone` |"),
        (
            events,
            EMBED,
            "`reward_credits` or `expires_at`",
            "`reward_credits` or `qualified_at`",
        ),
        (
            events,
            EMBED,
            "rows per page: 10, 25",
            "rows per page: 10, 20",
        ),
        (looks, EMBED, "`--rh-bone`", "`--rh-skeleton`"),
        (looks, EMBED, "(`40px`)", "(`44px`)"),
        (looks, EMBED, "`pagination`", "`pager`"),
        (looks, EMBED, "`slot=\"empty\"`", "`slot=\"none\"`"),
        (
            leptos_example,
            EMBED,
            "signal(Some(Theme::Dark))",
            "signal(Some(\"dark\"))",
        ),
        (contract, CONTRACT, "`upstream_lost` |", "`upstream_gone` |"),
        (
            contract,
            CONTRACT,
            "| 504 | `upstream_timeout`",
            "| 502 | `upstream_timeout`",
        ),
        (
            contract,
            CONTRACT,
            "nothing was sent | nothing |",
            "nothing was sent | not known |",
        ),
        (contract, CONTRACT, "| 500, 503 |", "| 500, 502, 503 |"),
        (
            contract,
            CONTRACT,
            "| nothing | twice |",
            "| nothing | no |",
        ),
        (contract, CONTRACT, "than 30 seconds", "than 60 seconds"),
        (
            contract,
            CONTRACT,
            "`Age` and `x-request-id`",
            "`x-request-id`",
        ),
        (
            contract,
            CONTRACT,
            "/referrals/me/events",
            "/referrals/events",
        ),
        (policy, DEPLOY, "base-uri 'none'; frame", "frame"),
        (figures, "README.md", "22.12 or newer", "18.0 or newer"),
        (figures, "README.md", "at most 135 kB", "at most 100 kB"),
        (
            figures,
            "README.md",
            "serve it at http://127.0.0.1:8080/",
            "serve it at http://127.0.0.1:3000/",
        ),
        (
            paths,
            "docs/architecture.md",
            "`src/app.rs`",
            "`src/page.rs`",
        ),
        (
            paths,
            "CONTRIBUTING.md",
            "`ALL` in `core/src/column.rs`",
            "`EVERY` in `core/src/column.rs`",
        ),
        (links, "README.md", "(docs/embed.md)", "(docs/embedding.md)"),
        (links, CONTRACT, "(embed.md#events)", "(embed.md#event)"),
        (links, "README.md", "docs/light.png", "docs/bright.png"),
        (
            cargo_commands,
            "CONTRIBUTING.md",
            "-p referral-history-core",
            "-p referral-core",
        ),
        (
            cargo_commands,
            "CONTRIBUTING.md",
            "--test native",
            "--test host",
        ),
    ];
    for (check, path, from, to) in cases {
        let text = documents.text(path);
        assert!(text.contains(from), "{path} does not say {from:?}");
        let before = check(&documents);
        let mut broken = documents.clone();
        broken.0.insert((*path).to_owned(), text.replace(from, to));
        let after = check(&broken);
        assert_ne!(before, after, "{path}: {to:?} was not noticed");
    }
}
