use std::fs;
use std::path::{Path, PathBuf};

use dev_console::{RunningConsole, Settings};
use reqwest::StatusCode;

use crate::support::{self, Browser};

/// A console with a built page, an example, and directories that are not examples.
pub(crate) async fn start(name: &str) -> (RunningConsole, Browser, PathBuf) {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    let (dist, examples) = (root.join("dist"), root.join("examples"));
    fs::create_dir_all(&dist).unwrap();
    fs::create_dir_all(examples.join("unfinished")).unwrap();
    fs::write(dist.join("index.html"), "the page").unwrap();
    fs::write(root.join("outside.txt"), "not for the world").unwrap();
    make(&examples, "react");
    make(&examples, "Not plain");
    let settings = Settings {
        dist: Some(dist),
        examples: Some(examples.clone()),
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::new(&console);
    (console, browser, examples)
}

pub(crate) fn make(examples: &Path, name: &str) {
    let example = examples.join(name);
    fs::create_dir_all(&example).unwrap();
    fs::write(example.join("index.html"), format!("the example {name}")).unwrap();
    fs::write(example.join("host-0123456789abcdef.js"), "export {};").unwrap();
}

#[tokio::test]
async fn examples_have_the_headers_of_the_page() {
    let (_console, browser, _) = start("examples").await;
    let page = browser.get("/examples/react/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text(), "the example react");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    let script = browser
        .get("/examples/react/host-0123456789abcdef.js")
        .await;
    assert_eq!(
        script.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for answer in [&page, &script] {
        assert_eq!(
            answer.header("content-security-policy"),
            dev_console::EXAMPLE_POLICY
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    // Only the examples may be framed.
    let page = browser.get("/").await;
    assert_eq!(page.text(), "the page");
    assert_eq!(
        page.header("content-security-policy"),
        dev_console::PAGE_POLICY
    );
}

/// At `/examples/react` relative addresses would resolve outside the example.
#[tokio::test]
async fn an_address_without_trailing_slash_redirects_to_the_example() {
    let (_console, browser, _) = start("examples-slash").await;
    let answer = browser.get("/examples/react").await;
    assert!(answer.status.is_redirection());
    assert_eq!(answer.header("location"), "/examples/react/");
    for name in ["%2F%2Fevil.example", "%5Cevil.example", "a%0D%0Ab"] {
        let answer = browser.get(&format!("/examples/{name}")).await;
        assert_eq!(answer.header("location"), "", "{name}");
    }
}

#[tokio::test]
async fn only_built_examples_are_served() {
    let (_console, browser, _) = start("examples-traversal").await;
    for path in [
        "/examples/..%2foutside.txt",
        "/examples/react/..%2f..%2foutside.txt",
        "/examples/unfinished/",
        "/examples/none/",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn sign_in_page_lists_the_built_examples() {
    let (_console, browser, examples) = start("examples-list").await;
    let page = browser.get("/sign-in").await.text();
    assert_eq!(page.matches("href=\"/examples/").count(), 1, "{page}");
    assert!(page.contains(r#"<a href="/examples/react/">react</a>"#));
    assert_eq!(page.matches("href=\"/sign-in/examples/").count(), 1);
    assert!(page.contains(r#"<a href="/sign-in/examples/react" "#));
    // With a snippet, as text.
    assert!(page.contains("examples/react/src/ReferralHistoryElement.tsx"));
    assert!(page.contains("&lt;referral-history\n  apiBase=&quot;/api/v1&quot;"));
    // Built while the console runs.
    make(&examples, "html");
    let page = browser.get("/sign-in").await.text();
    let (html, react) = (page.find("/examples/html/"), page.find("/examples/react/"));
    assert!(html.is_some() && html < react, "{page}");
}

#[tokio::test]
async fn without_the_setting_no_examples_are_served() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let answer = browser.get("/examples/react/").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/sign-in").await.text().contains("examples"));
}
