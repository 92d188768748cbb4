//! Lists the languages of the page, so that a new file in `locales/` is offered on the sign-in page.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let locales = "../locales";
    println!("cargo::rerun-if-changed={locales}");
    let mut languages = Vec::new();
    for entry in fs::read_dir(locales)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let language = path.file_stem().map(|stem| stem.to_string_lossy());
            languages.extend(language.map(|language| language.into_owned()));
        }
    }
    // English is the page's default, so it is the first choice.
    languages.sort_by_key(|language| (language != "en", language.clone()));
    let directory = env::var_os("OUT_DIR").unwrap_or_default();
    let list = Path::new(&directory).join("languages.rs");
    fs::write(list, format!("&{languages:?}"))
}
