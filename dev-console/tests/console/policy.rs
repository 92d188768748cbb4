//! The documents and nginx say the policy that the console sends.

use std::fs;
use std::path::Path;

fn directives(text: &str) -> Vec<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ");
    text.split("; ").map(str::to_owned).collect()
}

#[test]
fn the_documents_and_nginx_have_the_policy_of_the_console() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for file in ["README.md", "docs/deploy.md", "docs/nginx.conf"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let policies: Vec<_> = text
            .split(['`', '"'])
            .filter(|part| {
                part.trim_start()
                    .starts_with("default-src 'none'; script-src")
            })
            .collect();
        assert!(!policies.is_empty(), "{file} has no policy");
        for policy in policies {
            let expected = directives(dev_console::PAGE_POLICY);
            assert_eq!(directives(policy), expected, "{file}");
        }
    }
    let policy = dev_console::PAGE_POLICY;
    assert!(policy.contains("; require-trusted-types-for 'script'"));
}
