//! The bill of materials of the release build (CycloneDX), and the texts of the licences of what is in it.
//! Both are written beside `dist/`, in `evidence/`: nobody's browser loads them.
//!
//! They name no time and no place, so that two builds of one commit write the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::project::Project;
use crate::setup::WASM32;

/// The crate that is built.
const ROOT: &str = "referral-history";

/// A crate of the build.
struct Material {
    name: String,
    version: String,
    license: String,
    authors: Vec<String>,
    repository: Option<String>,
    /// The directory of its sources; none for the standard library, which comes with the compiler.
    directory: Option<PathBuf>,
    /// Whether it runs in the compiler only, so that nothing of it is in the program.
    only_builds: bool,
    /// What it depends on, by the indices of [`Materials::all`].
    needs: BTreeSet<usize>,
}

impl Material {
    /// The address of a package, by which databases of advisories know it.
    fn purl(&self) -> String {
        match self.directory {
            Some(_) => format!("pkg:cargo/{}@{}", self.name, self.version),
            None => format!("pkg:generic/rust-std@{}", self.version),
        }
    }
}

/// Writes both files.
pub(crate) fn write(project: &Project) -> Result<()> {
    let metadata = project
        .cargo()
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", WASM32])
        .output()?;
    ensure!(metadata.status.success(), "cargo metadata failed");
    let metadata = serde_json::from_slice(&metadata.stdout)?;
    let mut materials = read(&metadata).context("cargo metadata has an unknown shape")?;
    let compiler = Command::new("rustc")
        .arg("--version")
        .current_dir(&project.root)
        .output()?;
    let compiler = String::from_utf8_lossy(&compiler.stdout).into_owned();
    materials.push(Material {
        name: "std".to_owned(),
        version: compiler
            .split_whitespace()
            .nth(1)
            .context("rustc says no version")?
            .to_owned(),
        license: "MIT OR Apache-2.0".to_owned(),
        authors: vec!["The Rust Project Developers".to_owned()],
        repository: Some("https://github.com/rust-lang/rust".to_owned()),
        directory: None,
        only_builds: false,
        needs: BTreeSet::new(),
    });
    let directory = project.evidence();
    fs::create_dir_all(&directory)?;
    let bill = bill(&materials, &checksums(&project.read("Cargo.lock")?));
    fs::write(
        directory.join("bom.cdx.json"),
        serde_json::to_string_pretty(&bill)? + "\n",
    )?;
    let texts = texts(project, &materials)?;
    fs::write(directory.join("THIRD-PARTY-LICENSES.txt"), texts)?;
    Ok(())
}

/// The crates that the build needs, the built one first. Those of tests are not among them.
fn read(metadata: &Value) -> Option<Vec<Material>> {
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()?
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()?
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let is_root = |package: &&Value| package["name"] == ROOT;
    let root = packages.values().find(|package| is_root(package))?["id"].as_str()?;

    // Twice: first what is in the program, then what only builds it.
    let mut found: BTreeMap<&str, bool> = BTreeMap::new();
    for builds in [false, true] {
        let mut open = vec![(root, false)];
        let mut seen = BTreeSet::new();
        while let Some((id, only_builds)) = open.pop() {
            if !seen.insert((id, only_builds)) {
                continue;
            }
            let runs_in_compiler = |target: &Value| target["kind"][0] == "proc-macro";
            let targets = packages.get(id)?["targets"].as_array()?;
            let only_builds = only_builds || targets.iter().any(runs_in_compiler);
            if only_builds && !builds {
                continue;
            }
            found.entry(id).or_insert(only_builds);
            for (need, is_for_build) in needs(nodes.get(id)?) {
                open.push((need, only_builds || is_for_build));
            }
        }
    }
    let mut ids: Vec<&str> = found.keys().copied().collect();
    ids.sort_by_key(|id| {
        let package = packages.get(id).copied().unwrap_or(&Value::Null);
        let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
        (*id != root, text("name"), text("version"))
    });
    let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    ids.iter()
        .map(|id| {
            let package = packages.get(id)?;
            let text = |name: &str| package[name].as_str().map(str::to_owned);
            let authors = package["authors"].as_array()?.iter();
            Some(Material {
                name: text("name")?,
                version: text("version")?,
                // The old way to write a choice.
                license: text("license")?.replace('/', " OR "),
                authors: authors
                    .filter_map(|author| Some(author.as_str()?.split(" <").next()?.to_owned()))
                    .collect(),
                repository: text("repository"),
                directory: Some(
                    Path::new(package["manifest_path"].as_str()?)
                        .parent()?
                        .into(),
                ),
                only_builds: *found.get(id)?,
                needs: needs(nodes.get(id)?)
                    .filter_map(|(need, _)| index.get(need).copied())
                    .collect(),
            })
        })
        .collect()
}

/// What a crate needs apart from its tests, and whether only to be built.
fn needs(node: &Value) -> impl Iterator<Item = (&str, bool)> {
    let dependencies = node["deps"].as_array().into_iter().flatten();
    dependencies.filter_map(|dependency| {
        let kinds: Vec<&str> = dependency["dep_kinds"]
            .as_array()?
            .iter()
            .map(|kind| kind["kind"].as_str().unwrap_or("normal"))
            .collect();
        let is_needed = kinds.contains(&"normal") || kinds.contains(&"build");
        let need = dependency["pkg"].as_str().filter(|_| is_needed)?;
        Some((need, !kinds.contains(&"normal")))
    })
}

/// A text in a package of `Cargo.lock`.
fn lock_value<'a>(package: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name} = \"");
    let line = package.lines().find_map(|line| line.strip_prefix(&start))?;
    Some(line.trim_end_matches('"'))
}

/// The hashes in `Cargo.lock`, by name and version.
fn checksums(lock: &str) -> BTreeMap<(&str, &str), &str> {
    lock.split("[[package]]")
        .filter_map(|package| {
            let key = (
                lock_value(package, "name")?,
                lock_value(package, "version")?,
            );
            Some((key, lock_value(package, "checksum")?))
        })
        .collect()
}

/// The bill of materials, as CycloneDX 1.6.
fn bill(materials: &[Material], checksums: &BTreeMap<(&str, &str), &str>) -> Value {
    let component = |material: &Material| {
        let mut component = json!({
            "type": "library",
            "bom-ref": material.purl(),
            "name": material.name,
            "version": material.version,
            "purl": material.purl(),
            "licenses": [{ "expression": material.license }],
            "scope": if material.only_builds { "excluded" } else { "required" },
        });
        if let Some(hash) = checksums.get(&(&*material.name, &*material.version)) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
        }
        if let Some(repository) = &material.repository {
            component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
        }
        component
    };
    let mut main = materials.first().map_or(Value::Null, component);
    main["type"] = "application".into();
    if let Some(main) = main.as_object_mut() {
        main.remove("scope");
    }
    let dependencies = materials.iter().map(|material| {
        let needs = material.needs.iter().filter_map(|at| materials.get(*at));
        json!({
            "ref": material.purl(),
            "dependsOn": needs.map(Material::purl).collect::<BTreeSet<_>>(),
        })
    });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": main },
        "components": materials.iter().skip(1).map(component).collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    })
}

/// The texts of the licences of all that is in the program, each once.
fn texts(project: &Project, materials: &[Material]) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for material in materials.iter().skip(1) {
        if material.only_builds {
            continue;
        }
        let title = format!(
            "{} {} ({})",
            material.name, material.version, material.license
        );
        for text in own_texts(material)? {
            by_text.entry(text).or_default().push(title.clone());
        }
        let has_none = !by_text.values().flatten().any(|other| *other == title);
        if has_none {
            let text = standard_text(project, material)?;
            by_text.entry(text).or_default().push(title);
        }
    }
    // By the first crate, which says more than the text.
    let mut groups: Vec<(Vec<String>, String)> = by_text
        .into_iter()
        .map(|(text, titles)| (titles, text))
        .collect();
    groups.sort();
    let rule = "=".repeat(80);
    let intro =
        "What is compiled into the referral history's WebAssembly, and under which licences.\n";
    let group = |(titles, text): &(Vec<String>, String)| {
        format!("\n{rule}\n{}\n{rule}\n\n{text}\n", titles.join("\n"))
    };
    Ok(intro.to_owned() + &groups.iter().map(group).collect::<String>())
}

/// The licence texts that a crate brings.
fn own_texts(material: &Material) -> Result<Vec<String>> {
    const STARTS: [&str; 6] = [
        "license",
        "licence",
        "copying",
        "copyright",
        "notice",
        "unlicense",
    ];
    let Some(directory) = &material.directory else {
        return Ok(Vec::new());
    };
    let mut files: Vec<PathBuf> = fs::read_dir(directory)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.to_ascii_lowercase();
            path.is_file() && STARTS.iter().any(|start| name.starts_with(start))
        })
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        Ok(lines.join("\n").trim_matches('\n').to_owned())
    };
    files.iter().map(read).collect()
}

/// The text for a crate that only names its licence.
fn standard_text(project: &Project, material: &Material) -> Result<String> {
    let choices: Vec<&str> = material.license.split(" OR ").collect();
    if choices.contains(&"Apache-2.0") {
        // It is the same for everybody.
        let text = project.read("LICENSE-APACHE")?;
        return Ok(text.trim_matches('\n').to_owned());
    }
    if choices.contains(&"MIT") && !material.authors.is_empty() {
        // It names the owners of the copyright.
        let owners = format!("Copyright (c) {}", material.authors.join(", "));
        let text = project.read("LICENSE-MIT")?;
        let lines = text.lines().map(|line| match line {
            line if line.starts_with("Copyright (c)") => &*owners,
            line => line,
        });
        return Ok(lines.collect::<Vec<_>>().join("\n"));
    }
    bail!(
        "{} brings no licence text, and there is no standard one for {}",
        material.name,
        material.license
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, kind: &str) -> Value {
        json!({
            "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "authors": ["A <a@example>"],
            "repository": null, "manifest_path": format!("/crates/{name}/Cargo.toml"), "targets": [{ "kind": [kind] }],
        })
    }

    fn node(id: &str, deps: &[(&str, Value)]) -> Value {
        let dep =
            |(pkg, kind): &(&str, Value)| json!({ "pkg": pkg, "dep_kinds": [{ "kind": kind }] });
        json!({ "id": id, "deps": deps.iter().map(dep).collect::<Vec<_>>() })
    }

    #[test]
    fn the_bill_has_what_is_built_and_says_what_is_in_the_program() {
        let metadata = json!({
            "packages": [
                package(ROOT, "lib"), package("both", "lib"), package("derive", "proc-macro"), package("of-derive", "lib"),
                package("generator", "lib"), package("of-tests", "lib"), package("elsewhere", "lib"),
            ],
            "resolve": { "nodes": [
                node(ROOT, &[("both", Value::Null), ("derive", Value::Null), ("generator", "build".into()), ("of-tests", "dev".into())]),
                node("both", &[]), node("derive", &[("of-derive", Value::Null), ("both", Value::Null)]), node("of-derive", &[]),
                node("generator", &[]), node("of-tests", &[]), node("elsewhere", &[]),
            ] },
        });
        let materials = read(&metadata).expect("materials");
        let lock = "[[package]]\nname = \"both\"\nversion = \"1.0.0\"\nchecksum = \"abc\"\n";
        let bill = bill(&materials, &checksums(lock));
        assert_eq!(
            bill["metadata"]["component"]["purl"],
            "pkg:cargo/referral-history@1.0.0"
        );
        let components = bill["components"].as_array().expect("components");
        let scopes: Vec<(&str, &str)> = components
            .iter()
            .filter_map(|component| {
                Some((component["name"].as_str()?, component["scope"].as_str()?))
            })
            .collect();
        assert_eq!(
            scopes,
            [
                ("both", "required"),
                ("derive", "excluded"),
                ("generator", "excluded"),
                ("of-derive", "excluded")
            ]
        );
        assert_eq!(components[0]["hashes"][0]["content"], "abc");
        assert_eq!(
            components[0]["licenses"][0]["expression"],
            "MIT OR Apache-2.0"
        );
        let needs = &bill["dependencies"][0]["dependsOn"];
        assert_eq!(
            *needs,
            json!([
                "pkg:cargo/both@1.0.0",
                "pkg:cargo/derive@1.0.0",
                "pkg:cargo/generator@1.0.0"
            ])
        );
    }

    /// The licences ask for their texts to go along: a crate without one must be noticed.
    #[test]
    fn each_crate_has_a_text_or_the_build_fails() {
        let project = Project::find().expect("a checkout");
        let material = |license: &str| Material {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            authors: vec!["Somebody".to_owned()],
            repository: None,
            directory: None,
            only_builds: false,
            needs: BTreeSet::new(),
        };
        let text = |license| standard_text(&project, &material(license));
        assert!(
            text("MIT")
                .expect("a text")
                .contains("Copyright (c) Somebody\n")
        );
        assert!(
            text("MIT OR Apache-2.0")
                .expect("a text")
                .contains("Apache License")
        );
        assert!(text("BSD-3-Clause").is_err());
    }
}
