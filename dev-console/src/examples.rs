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
const EXAMPLES: [Example; 8] = [
    Example {
        name: "angular",
        description: "Angular, rendered on a server: options and events of a typed directive.",
        file: "src/console.html",
        snippet: r#"<referral-history
  api-base="/api/v1"
  [pageSize]="10"
  [theme]="theme()"
  (load)="tell('load', $event)""#,
    },
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
        description: "React 19 in StrictMode: the element in JSX, and mount() in an effect.",
        file: "src/ReferralHistoryElement.tsx",
        snippet: r#"import 'referral-history';
<referral-history
  apiBase="/api/v1"
  pageSize={10}
  theme={theme}
  onreferral-history:load={onTell}"#,
    },
    Example {
        name: "react-18",
        description: "React 18, which sets attributes, and gets listeners by a ref.",
        file: "src/Referrals.tsx",
        snippet: r#"for (const name of EVENTS) node?.addEventListener(name, onTell);
return <referral-history ref={element} api-base="/api/v1" page-size={10} theme={theme} lang={lang} />;"#,
    },
    Example {
        name: "solid",
        description: "Solid: options as attributes and properties, and listeners by a ref.",
        file: "src/Console.tsx",
        snippet: r#"for (const name of EVENTS) element.addEventListener(name, tell);
<referral-history ref={listen} api-base="/api/v1" page-size={10} theme={theme()} lang={lang()} />"#,
    },
    Example {
        name: "svelte",
        description: "Svelte 5: options as properties, and listeners by an attachment.",
        file: "src/Console.svelte",
        snippet: r#"for (const name of EVENTS) element.addEventListener(name, tell);
<referral-history {@attach listen} apiBase="/api/v1" pageSize={10} {theme} {lang}></referral-history>"#,
    },
    Example {
        name: "vue",
        description: "Vue 3: options and events in a template.",
        file: "src/Console.vue",
        snippet: r#"<referral-history
  api-base="/api/v1"
  :page-size="10"
  :theme="theme"
  @referral-history:load="tell""#,
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
        let is_example =
            |entry: &fs::DirEntry| entry.path().is_dir() && entry.file_name() != "node_modules";
        let folders = folders.filter(is_example);
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
