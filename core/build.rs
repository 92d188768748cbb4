//! Writes the English texts as a value of `Texts`, so that no page reads them from JSON before its first rows.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

/// A struct of texts, as src/texts/mod.rs has it.
struct Kind {
    name: &'static str,
    /// The fields that a text must have. The first one tells the kinds apart, in their order.
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const KINDS: [Kind; 3] = [
    Kind {
        name: "FailureTexts",
        required: &["title", "meaning"],
        optional: &[],
    },
    Kind {
        name: "StatusTexts",
        required: &["short", "referrer", "referred", "other", "next"],
        optional: &["next_until"],
    },
    Kind {
        name: "Plural",
        required: &["other"],
        optional: &["zero", "one", "two", "few", "many"],
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let file = "locales/en.json";
    println!("cargo::rerun-if-changed={file}");
    let texts: Map<String, Value> = serde_json::from_str(&fs::read_to_string(file)?)?;
    let mut fields = String::new();
    for (name, text) in &texts {
        let value = match text {
            Value::String(text) => Some(literal(text)),
            Value::Object(forms) => with_forms(forms),
            _ => None,
        };
        let value = value.ok_or_else(|| format!("{file}: {name} is not a text of any kind"))?;
        fields += &format!("{name}: {value},\n");
    }
    let english = Path::new(&env::var("OUT_DIR")?).join("english.rs");
    fs::write(english, format!("Texts {{\n{fields}}}\n"))?;
    Ok(())
}

/// The value of a text with several forms; `None` if it is of no kind, or lacks a form. `all` stands for each form that
/// is not there.
fn with_forms(forms: &Map<String, Value>) -> Option<String> {
    let form = |name: &str| forms.get(name)?.as_str().map(literal);
    let kind = KINDS.iter().find(|kind| {
        kind.required
            .first()
            .is_some_and(|name| forms.contains_key(*name))
    })?;
    let mut fields = String::new();
    for name in kind.required {
        fields += &format!("{name}: {}, ", form(name).or_else(|| form("all"))?);
    }
    for name in kind.optional {
        let value = form(name).map_or("None".to_owned(), |text| format!("Some({text})"));
        fields += &format!("{name}: {value}, ");
    }
    Some(format!("{} {{ {fields}}}", kind.name))
}

fn literal(text: &str) -> String {
    format!("{text:?}")
}
