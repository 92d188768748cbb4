use reqwest::{Method, StatusCode};

use crate::examples;
use crate::support::{self, Answer, Browser};

#[tokio::test]
async fn the_preview_frames_the_page_as_wished() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "few").await;
    let page = browser
        .get("/sign-in/preview?lang=de&theme=dark&width=390&role=referrer&q=a%26b%22%3E")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        page.header("content-security-policy"),
        dev_console::FRAMING_POLICY
    );
    let text = page.text();
    assert!(text.contains("Signed in as <strong>A few</strong>"));
    assert!(
        text.contains(
            r#"<iframe class="width-390" title="The page" src="/sign-in/preview/frame?lang=de&amp;theme=dark&amp;width=390&amp;role=referrer&amp;q=a%26b%22%3E">"#
        ),
        "{text}"
    );
    assert!(text.contains(r#"<option value="390" selected>390 px</option>"#));
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains("<script"));
    // To look is free; what the frame asks is not counted here.
    assert_eq!(browser.usage().await, (0, 0));
}

#[tokio::test]
async fn the_framed_page_sets_the_options_of_the_element() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let page = browser
        .get("/sign-in/preview/frame?lang=ar&theme=light&width=320")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        page.header("content-security-policy"),
        dev_console::FRAMED_POLICY
    );
    let text = page.text();
    assert!(text.contains(r#"<html lang="ar" data-theme="light">"#));
    assert!(text.contains(r#"<referral-history lang="ar" theme="light"></referral-history>"#));
    // The only script is the element's own file.
    assert_eq!(text.matches("<script").count(), 1);
    assert!(text.contains(r#"<script type="module" src="/referral-history.js"></script>"#));

    let odd = browser
        .get("/sign-in/preview/frame?lang=%22%3E%3Cscript%3E&theme='")
        .await
        .text();
    assert_eq!(odd.matches("<script").count(), 1);
    assert!(odd.contains(r#"<referral-history lang="en" theme="system"></referral-history>"#));
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_first_and_comes_back() {
    let (_console, browser, _) = examples::start("viewer-signed-out").await;
    for path in [
        "/sign-in/preview?lang=de&theme=dark&width=390&q=a%26b",
        "/sign-in/examples/react",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let page = browser.get(answer.header("location")).await.text();
        let back = path.replace('&', "&amp;");
        assert!(
            page.contains(&format!(r#"name="return" value="{back}""#)),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_example_has_its_snippet_and_a_log_beside_it() {
    let (_console, mut browser, _) = examples::start("viewer-example").await;
    browser.sign_in(&[("account", "few")]).await;
    let page = browser.get("/sign-in/examples/react").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.header("content-security-policy"),
        dev_console::FRAMING_POLICY
    );
    let text = page.text();
    assert!(text.contains(r#"<iframe title="The example react" src="/examples/react/">"#));
    assert!(text.contains("&lt;referral-history\n  apiBase=&quot;/api/v1&quot;"));
    assert!(text.contains(r#"<div role="log""#));
    // The policy blocks what is inline.
    assert!(!text.contains("<style") && !text.contains(" style="));
    assert_eq!(text.matches("<script").count(), 1);
    assert!(text.contains(r#"<script src="/sign-in/events.js"></script>"#));

    let script = browser.get("/sign-in/events.js").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(script.header("cache-control"), "no-cache");
    assert_eq!(script.header("x-content-type-options"), "nosniff");

    for path in [
        "/sign-in/examples/none",
        "/sign-in/examples/unfinished",
        "/sign-in/examples/Not%20plain",
        "/sign-in/examples/%22%3E%3Cscript%3E",
        "/sign-in/examples/..%2foutside.txt",
        "/sign-in/examples/",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn an_example_that_is_not_known_has_no_snippet() {
    let (_console, mut browser, examples) = examples::start("viewer-unknown").await;
    examples::make(&examples, "ember");
    browser.sign_in(&[("account", "few")]).await;
    let page = browser.get("/sign-in/examples/ember").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains(r#"src="/examples/ember/""#));
    assert!(!text.contains("<pre>") && !text.contains("How it is embedded"));
}

#[tokio::test]
async fn without_examples_there_is_no_log() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "few").await;
    let answer = browser.get("/sign-in/examples/react").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = Answer::fetch(browser.request(Method::POST, "/sign-in/preview")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}
