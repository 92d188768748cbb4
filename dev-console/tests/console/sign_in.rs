use axum::response::IntoResponse;
use reqwest::{Method, StatusCode};

use crate::support::{self, Answer, Browser, EVENTS};

#[tokio::test]
async fn sign_in_page_has_a_button_for_each_account() {
    let console = support::console().await;
    let page = Browser::new(&console)
        .get("/sign-in?return=%2F%3Frole%3Dreferrer")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        page.header("content-security-policy"),
        dev_console::PAGE_POLICY
    );
    let text = page.text();
    assert!(text.contains("<h1>Sign in</h1>"));
    assert!(text.contains("This is a development console"));
    assert!(text.contains("Signing in resets the account."));
    assert!(text.contains(r#"name="return" value="/?role=referrer""#));
    for account in dev_console::Account::ALL {
        let info = account.info();
        let (id, title) = (info.id, info.title);
        let button = format!(
            r#"<button name="account" value="{id}" aria-describedby="shows-{id}">{title}</button>"#
        );
        assert!(text.contains(&button), "{id}");
    }
    // The account to begin with comes first.
    let first = text.split("<button ").nth(1).unwrap();
    assert!(
        first.starts_with(r#"name="account" value="busy""#),
        "{first}"
    );
    assert!(!text.contains("Signed in as"));
    // The policy blocks inline styles and scripts.
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains("<script"));
}

/// The file in `locales/` decides: a new language is offered without another change.
#[tokio::test]
async fn sign_in_page_offers_every_language_theme_and_width() {
    let console = support::console().await;
    let page = Browser::new(&console).get("/sign-in").await.text();
    let locales = concat!(env!("CARGO_MANIFEST_DIR"), "/../locales");
    let mut languages = 0;
    for entry in std::fs::read_dir(locales).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let language = file.strip_suffix(".json").unwrap();
        let option = format!(r#"<option value="{language}" lang="{language}""#);
        assert_eq!(page.matches(&option).count(), 1, "{language}");
        languages += 1;
    }
    assert_eq!(page.matches("<option ").count(), languages + 3 + 5);
    for option in [
        r#"<option value="en" lang="en" selected>English</option>"#,
        r#"<option value="system" selected>System</option>"#,
        r#"<option value="dark">Dark</option>"#,
        r#"<option value="full" selected>Full</option>"#,
        r#"<option value="1280">1280 px</option>"#,
    ] {
        assert!(page.contains(option), "{option}");
    }
}

#[tokio::test]
async fn a_chosen_language_theme_or_width_leads_to_the_preview() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let preview = "/sign-in/preview?lang=de&theme=dark&width=390";
    for (look, wanted, location) in [
        (["en", "system", "full"], "/", "/"),
        (
            ["en", "system", "full"],
            "/?role=referrer",
            "/?role=referrer",
        ),
        (["en", "system", "full"], preview, "/"),
        (["de", "dark", "390"], "/", preview),
        (["de", "dark", "390"], "/sign-in/preview?width=320", preview),
        (
            ["en", "system", "320"],
            "/?role=referrer#top",
            "/sign-in/preview?lang=en&theme=system&width=320&role=referrer#top",
        ),
        // What is not offered is not passed on.
        (["xx", "\r\nSet-Cookie: a=b", "1"], "/", "/"),
        // An example has a language and a theme of its own.
        (["de", "dark", "390"], "/examples/html/", "/examples/html/"),
    ] {
        let [lang, theme, width] = look;
        let form = [
            ("account", "few"),
            ("return", wanted),
            ("lang", lang),
            ("theme", theme),
            ("width", width),
        ];
        let answer = browser.sign_in(&form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), location, "{look:?} {wanted}");
    }
    // Another way to sign in does not have the fields.
    let answer = browser
        .sign_in(&[("account", "few"), ("return", preview)])
        .await;
    assert_eq!(answer.header("location"), preview);
    // From the frame, the whole preview is shown again.
    let framed = preview.replace("/preview", "/preview/frame");
    let answer = browser
        .sign_in(&[("account", "few"), ("return", &framed)])
        .await;
    assert_eq!(answer.header("location"), preview);
}

#[tokio::test]
async fn sign_in_page_keeps_what_was_chosen() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let chosen = |page: &str| {
        [
            "value=\"de\" lang=\"de\" selected",
            "value=\"dark\" selected",
            "value=\"390\" selected",
        ]
        .iter()
        .all(|option| page.contains(option))
    };
    let back = "return=%2Fsign-in%2Fpreview%3Flang%3Dde%26theme%3Ddark%26width%3D390";
    assert!(chosen(
        &browser.get(&format!("/sign-in?{back}")).await.text()
    ));
    let form = [
        ("account", "nobody"),
        ("lang", "de"),
        ("theme", "dark"),
        ("width", "390"),
    ];
    assert!(chosen(&browser.sign_in(&form).await.text()));
    // The pickers are for the page alone; otherwise it says where a sign-in leads.
    let page = browser.get("/sign-in?return=/a?%3Cb%3E").await.text();
    assert!(!page.contains("<select"));
    assert!(page.contains("<code>/a?%3Cb%3E</code>"), "{page}");
}

#[tokio::test]
async fn the_style_sheet_is_a_separate_file() {
    let console = support::console().await;
    let style = Browser::new(&console).get("/sign-in.css").await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(style.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn sign_in_sets_an_http_only_cookie_and_sign_out_ends_the_session() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let answer = browser
        .sign_in(&[("account", "few"), ("return", "/?status=rewarded#top")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/?status=rewarded#top");
    let id = browser.cookie.clone().unwrap();
    assert_eq!(id.len(), 64);
    assert_eq!(
        answer.header("set-cookie"),
        format!("console_session={id}; HttpOnly; SameSite=Lax; Path=/")
    );
    assert_eq!(browser.get(EVENTS).await.status, StatusCode::OK);

    let page = browser.get("/sign-in").await.text();
    assert!(page.contains("Signed in as <strong>A few</strong>"));
    assert!(page.contains("1 request made and 1 credit spent"));
    assert!(page.contains("Sign out</button>"));

    let answer = Answer::fetch(browser.request(Method::POST, "/sign-out")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in");
    assert_eq!(
        answer.header("set-cookie"),
        "console_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
    );
    // This client still sends the cookie: the server must have ended the session.
    assert_eq!(browser.get(EVENTS).await.status, StatusCode::UNAUTHORIZED);
}

/// A browser keeps whole pages for Back: it showed the rows of a user who had signed out.
#[tokio::test]
async fn sign_in_and_sign_out_clear_the_browser_cache() {
    const CLEARS: &str = r#""cache""#;
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let refused = browser.sign_in(&[("account", "nobody")]).await;
    assert_eq!(refused.header("clear-site-data"), "", "nobody signed in");
    let signed_in = browser.sign_in(&[("account", "few")]).await;
    assert_eq!(signed_in.header("clear-site-data"), CLEARS);
    assert_eq!(browser.get(EVENTS).await.header("clear-site-data"), "");
    let signed_out = Answer::fetch(browser.request(Method::POST, "/sign-out")).await;
    assert_eq!(signed_out.header("clear-site-data"), CLEARS);
}

#[tokio::test]
async fn each_sign_in_replaces_the_session() {
    let console = support::console().await;
    let mut browser = Browser::signed_in(&console, "busy").await;
    let before = browser.clone();
    browser.sign_in(&[("account", "busy")]).await;
    assert_ne!(browser.cookie, before.cookie);
    assert_eq!(before.get(EVENTS).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(EVENTS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_planted_session_id_is_not_adopted() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let planted = "0".repeat(64);
    browser.cookie = Some(planted.clone());
    browser.sign_in(&[("account", "busy")]).await;
    assert_ne!(browser.cookie, Some(planted.clone()));
    browser.cookie = Some(planted);
    assert_eq!(browser.get(EVENTS).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_return_path_stays_on_this_origin() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    let long = format!("/{}", "a".repeat(2000));
    for (wanted, location) in [
        ("/?role=referred", "/?role=referred"),
        ("/a/b#c", "/a/b#c"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/.//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
        (long.as_str(), "/"),
    ] {
        let answer = browser
            .sign_in(&[("account", "busy"), ("return", wanted)])
            .await;
        assert_eq!(answer.header("location"), location, "{wanted:?}");
    }
    let answer = browser.sign_in(&[("account", "busy")]).await;
    assert_eq!(answer.header("location"), "/");
}

#[tokio::test]
async fn the_return_path_is_escaped_in_the_page() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let page = browser
        .get("/sign-in?return=/%22%3E%3Cscript%3E%27%26")
        .await
        .text();
    assert!(!page.contains("<script"), "{page}");
    assert!(
        page.contains(r#"name="return" value="/%22%3E%3Cscript%3E&#39;&amp;""#),
        "{page}"
    );
}

#[tokio::test]
async fn an_unknown_account_is_rejected() {
    let console = support::console().await;
    let mut browser = Browser::new(&console);
    for form in [vec![("account", "nobody")], vec![("return", "/")], vec![]] {
        let answer = browser.sign_in(&form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains(r#"role="alert""#));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn cross_origin_requests_cannot_sign_in_sign_out_or_spend_credits() {
    let console = support::console().await;
    let browser = Browser::signed_in(&console, "busy").await;
    let with_site = |method: Method, path: &str, site: &str| {
        Answer::fetch(
            browser
                .request(method, path)
                .header("sec-fetch-site", site)
                .form(&[("account", "few")]),
        )
    };
    for site in ["cross-site", "same-site"] {
        for (method, path) in [
            (Method::POST, "/sign-in"),
            (Method::POST, "/sign-out"),
            (Method::GET, EVENTS),
        ] {
            let answer = with_site(method, path, site).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {path}");
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    assert_eq!(browser.usage().await, (0, 0));
    for site in ["same-origin", "none"] {
        let answer = with_site(Method::GET, EVENTS, site).await;
        assert_eq!(answer.status, StatusCode::OK, "{site}");
    }
    assert_eq!(browser.usage().await, (2, 2));
    let answer = with_site(Method::POST, "/sign-in", "same-origin").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn usage_requires_a_session() {
    let console = support::console().await;
    let answer = Browser::new(&console).get("/demo/usage").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.text(),
        r#"{"code":401,"msg":"Authentication required"}"#
    );
    let browser = Browser::signed_in(&console, "few").await;
    let answer = browser.get("/demo/usage").await;
    assert_eq!(
        answer.text(),
        r#"{"account":"few","requests":0,"credits":0}"#
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn without_dist_the_root_redirects_to_sign_in() {
    let console = support::console().await;
    let browser = Browser::new(&console);
    let answer = browser.get("/").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in");
    assert_eq!(browser.get("/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_real_upstream_has_one_account() {
    let (base, _) = support::upstream(|_| async { "{}".into_response() }).await;
    let (console, browser) = support::signed_in_with_upstream(&base).await;
    let page = browser.get("/sign-in").await.text();
    assert_eq!(page.matches("<button name=\"account\"").count(), 1);
    assert!(page.contains(r#"value="crawlora""#) && page.contains(">Crawlora</button>"));
    let answer = Browser::new(&console).sign_in(&[("account", "busy")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
