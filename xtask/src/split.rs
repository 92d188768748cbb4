//! Splits the program in two: what the first rows need, and the page, which `#[lazy]` in `src/main.rs` loads after them.
//! trunk cannot do that. So this splits what cargo has built, and then does what trunk would do to it: wasm-bindgen and wasm-opt.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::process::{self, Running};
use crate::project::Project;
use crate::setup;

/// The name of the program, which is the binary's.
const PROGRAM: &str = "element";

/// The module from which the program imports the function that loads its later part.
const LINK: &str = "__wasm_split.js";

/// That function, as `element/later.js` names it.
const LOAD: &str = "__wasm_split_load";

/// Low memory is unused: the first KiB is the end of the stack, which never grows so far.
const OPTIMIZATIONS: [&str; 5] = [
    "-Os",
    "--low-memory-unused",
    "--converge",
    "--reorder-functions-by-name",
    "--strip-producers",
];

/// The files of a split program.
pub(crate) struct Files<'a> {
    pub(crate) script: &'a Path,
    pub(crate) module: &'a Path,
    pub(crate) later: &'a Path,
}

/// Splits the program that cargo has built for release.
pub(crate) fn run(project: &Project, files: &Files) -> Result<()> {
    let target = project.target()?;
    let work = target.join("xtask/split");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let (parts, bound) = (work.join("parts"), work.join("bound"));
    fs::create_dir_all(&parts)?;

    let program = target
        .join(setup::WASM32)
        .join("release")
        .join(format!("{PROGRAM}.wasm"));
    let mut split = Command::new("wasm-split-cli");
    split.arg(program).arg(&parts);
    process::run(split.args(["--target", "web", "--out-name", PROGRAM]))?;
    let later = later_part(&parts)?;

    let mut bindgen = Command::new("wasm-bindgen");
    bindgen
        .arg(parts.join(format!("{PROGRAM}.wasm")))
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
        .arg("--out-dir")
        .arg(&bound);
    process::run(&mut bindgen)?;

    let glue = bound.join(format!("{PROGRAM}.js"));
    let module = bound.join(format!("{PROGRAM}_bg.wasm"));
    let mut numbers = HashMap::new();
    for file in [&glue, &module] {
        let mut bytes = fs::read(file)?;
        number_imports(&mut bytes, &mut numbers);
        fs::write(file, bytes)?;
    }
    let first = Running::start(&mut optimize(&module, files.module))?;
    let mut second = optimize(&parts.join(format!("{later}.wasm")), files.later);
    process::run(&mut second)?;
    first.wait()?;

    let link = project.read("element/later.js")?;
    ensure!(link.contains(LOAD), "element/later.js lacks {LOAD}");
    let name = later.strip_prefix("split_").unwrap_or(&later);
    let load = format!("{LOAD}_{name}");
    fs::write(bound.join(LINK), link.replace(LOAD, &load))?;
    let script = bound.join("script.js");
    let exports = format!(
        "export * from './{PROGRAM}.js';\n\
         export {{ default }} from './{PROGRAM}.js';\n\
         export {{ addLater }} from './{LINK}';\n"
    );
    fs::write(&script, exports)?;
    process::run(setup::esbuild(&script, files.script).arg("--bundle"))
}

/// The hash at the end of an import's name, in bytes.
const HASH: usize = 16;

/// wasm-bindgen ends the name of each import with a hash, which no compression makes shorter. This replaces the hashes by
/// numbers, the same for the same name. They are as long, so that the module keeps its layout.
fn number_imports(bytes: &mut [u8], numbers: &mut HashMap<Vec<u8>, usize>) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = hashed_name(rest).unwrap_or(0);
        let (name, after) = rest.split_at_mut(length.max(1));
        if length > 0 {
            let next = numbers.len();
            let number = *numbers.entry(name.to_vec()).or_insert(next);
            let (_, hash) = name.split_at_mut(length - HASH);
            hash.copy_from_slice(format!("{number:0HASH$}").as_bytes());
        }
        rest = after;
    }
}

/// How long the name of an import is that these bytes start with, if it ends with a hash.
fn hashed_name(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"__wb") {
        return None;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = bytes.iter().take_while(is_name).count();
    let (name, hash) = bytes
        .split_at(length)
        .0
        .split_at_checked(length.checked_sub(HASH)?)?;
    (name.ends_with(b"_") && hash.iter().all(u8::is_ascii_hexdigit)).then_some(length)
}

/// The name of the one part beside the program itself.
fn later_part(parts: &Path) -> Result<String> {
    let names = fs::read_dir(parts)?.flatten().map(|entry| entry.path());
    let names: Vec<String> = names
        .filter(|path| path.extension().is_some_and(|ending| ending == "wasm"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .filter(|name| name != PROGRAM)
        .collect();
    let [name] = &*names else {
        bail!("The program has not one later part, but {names:?}");
    };
    Ok(name.clone())
}

fn optimize(from: &Path, to: &Path) -> Command {
    let mut wasm_opt = setup::node_program("wasm-opt");
    wasm_opt.args(OPTIMIZATIONS).arg(from).arg("-o").arg(to);
    wasm_opt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_numbered_the_same_in_both_files() {
        let mut numbers = HashMap::new();
        let mut numbered = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            number_imports(&mut bytes, &mut numbers);
            String::from_utf8(bytes).expect("text")
        };
        let glue = numbered("__wbg_set_0123456789abcdef: 1, __wbg_set_fedcba9876543210: 2");
        assert_eq!(
            glue,
            "__wbg_set_0000000000000000: 1, __wbg_set_0000000000000001: 2"
        );
        let module = numbered("\0__wbg_set_fedcba9876543210\0__wbg_get_fedcba9876543210");
        assert_eq!(
            module,
            "\0__wbg_set_0000000000000001\0__wbg_get_0000000000000002"
        );
        for other in [
            "__wbindgen_cast",
            "__wbg_set_0123456789abcdef0",
            "g_0123456789abcdef",
            "__wb",
        ] {
            assert_eq!(numbered(other), other);
        }
    }
}
