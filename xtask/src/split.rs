//! Splits the program in two: what the first rows need, and the page, which `#[lazy]` in `src/main.rs` loads after them.
//! trunk cannot do that. So this splits what cargo has built, and then does what trunk would do to it: wasm-bindgen and wasm-opt.

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

    let module = bound.join(format!("{PROGRAM}_bg.wasm"));
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
