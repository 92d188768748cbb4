//! The examples of other hosts: what each is, and a snippet of it.

use crate::html;

/// An example, as the sign-in page lists it.
pub(crate) struct Example {
    /// The name of its folder.
    pub(crate) name: &'static str,
    /// What it is, in one sentence.
    pub(crate) description: &'static str,
    /// The file of the snippet, in its folder.
    pub(crate) file: &'static str,
    /// Lines of that file.
    pub(crate) snippet: &'static str,
}

/// What is known of the folders in `examples/`.
const EXAMPLES: [Example; 3] = [
    Example {
        name: "html",
        description: "A plain page: two lines of HTML, and styles that try to break in.",
        file: "index.html",
        snippet: r#"<script type="module" src="/referral-history.js"></script>
<referral-history></referral-history>"#,
    },
    Example {
        name: "leptos",
        description: "A Leptos program with the history as a component of it.",
        file: "src/main.rs",
        snippet: "use referral_history::{ReferralHistory, Theme};
<ReferralHistory theme=theme lang=lang/>",
    },
    Example {
        name: "react",
        description: "React in StrictMode: the element in JSX, and mount() in an effect.",
        file: "src/ReferralHistoryElement.jsx",
        snippet: "export function ReferralHistoryElement({ theme, lang, onTell }) {
  const place = useRef(null);
  useTold(place, onTell);
  useEffect(() => {
    loaded().catch((error) => console.error(error));
  }, []);
  return <referral-history ref={place} theme={theme} lang={lang} />;
}",
    },
];

/// The path of an example with the log of its events beside it. The name needs no encoding.
pub(crate) fn log_path(name: &str) -> String {
    format!("/sign-in/examples/{name}")
}

/// The built examples, each with its snippet and its links.
pub(crate) fn render_index(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let items: String = names.iter().map(|name| render_item(name)).collect();
    format!(
        r#"<nav id="examples" aria-labelledby="examples-heading">
<h2 id="examples-heading">Examples of other hosts</h2>
<p class="muted">Each shows the element to whoever is signed in. The event log lists what the element tells its host.</p>
<ul class="examples">
{items}</ul>
</nav>
"#
    )
}

fn render_item(name: &str) -> String {
    let description = find(name).map_or_else(String::new, |example| {
        format!(
            "<p class=\"muted\">{}</p>\n",
            html::escape(example.description)
        )
    });
    let snippet = render_snippet(name);
    let log = html::escape(&log_path(name));
    let name = html::escape(name);
    format!(
        r#"<li>
<div>
<h3><a href="/examples/{name}/">{name}</a></h3>
{description}<p><a href="{log}" aria-label="{name} with its event log">With its event log</a></p>
</div>
{snippet}</li>
"#
    )
}

/// The snippet of an example, and where it is from. Empty for an example that is not known.
pub(crate) fn render_snippet(name: &str) -> String {
    find(name).map_or_else(String::new, |example| {
        let file = html::escape(example.file);
        let snippet = html::escape(example.snippet);
        format!(
            r#"<figure>
<figcaption>examples/{name}/{file}</figcaption>
<pre><code>{snippet}</code></pre>
</figure>
"#,
            name = example.name
        )
    })
}

fn find(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
    }

    #[test]
    fn every_example_is_known() {
        let folders = fs::read_dir(folder()).unwrap().map(Result::unwrap);
        let folders = folders.filter(|entry| entry.path().is_dir());
        let folders: BTreeSet<_> = folders
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        let known: BTreeSet<_> = EXAMPLES.map(|example| example.name.to_owned()).into();
        assert_eq!(folders, known);
    }

    /// A snippet that nobody runs would go out of date.
    #[test]
    fn every_line_of_a_snippet_is_in_the_example() {
        for Example {
            name,
            file,
            snippet,
            ..
        } in EXAMPLES
        {
            let source = fs::read_to_string(folder().join(name).join(file)).unwrap();
            let mut rest = source.as_str();
            for line in snippet.lines().map(str::trim) {
                let (_, after) = rest
                    .split_once(line)
                    .unwrap_or_else(|| panic!("{name}/{file} has no {line}"));
                rest = after;
            }
        }
    }
}
