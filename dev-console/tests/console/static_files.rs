use std::fs;
use std::path::PathBuf;

use dev_console::{RunningConsole, Settings};
use reqwest::{Method, StatusCode};

use crate::support::{self, Answer, Browser};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'";

const SCRIPT: &str = "/page-0123456789abcdef.js";

/// A console with a built page in its own directory, and a file outside that must not be served.
async fn start(name: &str) -> (RunningConsole, Browser) {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let dist = root.join("dist");
    fs::create_dir_all(dist.join("style")).unwrap();
    fs::write(root.join("outside.txt"), "not for the world").unwrap();
    let large = "<p>Referral history, again and again.</p>\n".repeat(100);
    for (file, content) in [
        ("index.html", format!("<!doctype html>\n{large}")),
        (
            "page-0123456789abcdef.js",
            "export const answer = 42;\n".repeat(100),
        ),
        ("page-0123456789abcdef_bg.wasm", "\0asm".repeat(500)),
        (
            "style/page-0123456789abcdef.css",
            "p { color: inherit; }\n".repeat(100),
        ),
        (
            "icon.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned(),
        ),
        ("data.json", "{}".to_owned()),
    ] {
        fs::write(dist.join(file), content).unwrap();
    }
    let settings = Settings {
        dist: Some(dist),
        ..support::settings()
    };
    let console = dev_console::start(settings).await.unwrap();
    let browser = Browser::new(&console);
    (console, browser)
}

#[tokio::test]
async fn files_have_type_cache_and_security_headers() {
    let (_console, browser) = start("headers").await;
    let for_ever = "public, max-age=31536000, immutable";
    for (path, kind, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        (SCRIPT, "text/javascript; charset=utf-8", for_ever),
        (
            "/page-0123456789abcdef_bg.wasm",
            "application/wasm",
            for_ever,
        ),
        (
            "/style/page-0123456789abcdef.css",
            "text/css; charset=utf-8",
            for_ever,
        ),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/data.json", "application/json", "no-cache"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("cache-control"), caching, "{path}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.header("referrer-policy"),
            "strict-origin-when-cross-origin"
        );
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
    assert_eq!(
        browser
            .get("/sign-in")
            .await
            .header("content-security-policy"),
        POLICY
    );
}

/// A browser that caches a 404 for a year would not load the file of the next build.
#[tokio::test]
async fn a_missing_file_is_not_cached() {
    let (_console, browser) = start("missing").await;
    let answer = browser.get("/page-ffffffffffffffff.js").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn files_are_compressed_if_the_client_accepts_it() {
    let (_console, browser) = start("compression").await;
    let whole = browser.get(SCRIPT).await;
    assert_eq!(whole.header("content-encoding"), "");
    for (accepted, encoding) in [
        ("br, gzip", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
    ] {
        for path in [SCRIPT, "/", "/page-0123456789abcdef_bg.wasm"] {
            let request = browser
                .request(Method::GET, path)
                .header("accept-encoding", accepted);
            let answer = Answer::fetch(request).await;
            assert_eq!(
                answer.header("content-encoding"),
                encoding,
                "{path} {accepted}"
            );
            assert_eq!(answer.header("vary"), "accept-encoding", "{path}");
            assert!(
                !answer.body.is_empty() && answer.body.len() < whole.body.len() / 2,
                "{path}"
            );
        }
    }
    // The uncompressed answer needs `Vary` too: a cache must not reuse it for other clients.
    assert_eq!(whole.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn an_unchanged_file_is_answered_with_304() {
    let (_console, browser) = start("conditional").await;
    let first = browser.get("/").await;
    let modified = first.header("last-modified");
    assert!(!modified.is_empty());
    let request = browser
        .request(Method::GET, "/")
        .header("if-modified-since", modified);
    let second = Answer::fetch(request).await;
    assert_eq!(second.status, StatusCode::NOT_MODIFIED);
    assert!(second.body.is_empty());
    assert_eq!(second.header("cache-control"), "no-cache");
    let earlier = "Mon, 01 Jan 2001 00:00:00 GMT";
    let request = browser
        .request(Method::GET, "/")
        .header("if-modified-since", earlier);
    assert_eq!(Answer::fetch(request).await.status, StatusCode::OK);
}

/// reqwest would normalize these paths, so the test writes the request itself.
#[tokio::test]
async fn nothing_outside_the_directory_is_served() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let (console, browser) = start("traversal").await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    let address = console.url().replace("http://", "").replace('/', "");
    for path in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/style/../../outside.txt",
        "/style/%2e%2e/%2e%2e/outside.txt",
        "/..%5coutside.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
    ] {
        let mut connection = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(!answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        assert!(!answer.contains("not for the world"), "{path}");
    }
}

#[tokio::test]
async fn console_routes_take_precedence_over_files() {
    let (_console, browser) = start("routes").await;
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
    assert_eq!(browser.get("/api/nothing").await.json()["code"], 404);
    let answer = Answer::fetch(browser.request(Method::POST, "/")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}
