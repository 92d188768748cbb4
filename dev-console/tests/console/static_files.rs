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

#[tokio::test]
async fn an_etag_names_the_content_and_its_encoding() {
    let (_console, browser) = start("etag").await;
    let fetch = async |path: &str, headers: &[(&str, &str)]| {
        let request = browser.request(Method::GET, path);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        Answer::fetch(request).await
    };
    for path in ["/", SCRIPT, "/icon.svg"] {
        let plain = fetch(path, &[]).await;
        let etag = plain.header("etag").to_owned();
        assert!(etag.starts_with('"'), "{path}: {etag}");
        for same in [
            etag.as_str(),
            &format!("\"other\", {etag}"),
            "*",
            &format!("W/{etag}"),
        ] {
            let answer = fetch(path, &[("if-none-match", same)]).await;
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{path} {same}");
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("etag"), etag);
        }
        let other = fetch(path, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, StatusCode::OK);
    }
    let plain = fetch(SCRIPT, &[]).await;
    let brotli = fetch(SCRIPT, &[("accept-encoding", "br")]).await;
    assert_ne!(plain.header("etag"), brotli.header("etag"));
    let headers = [
        ("accept-encoding", "br"),
        ("if-none-match", plain.header("etag")),
    ];
    assert_eq!(fetch(SCRIPT, &headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_changed_file_is_read_again() {
    let (_console, browser) = start("changed").await;
    let before = browser.get("/data.json").await;
    assert_eq!(before.text(), "{}");
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("changed/dist/data.json");
    fs::write(&file, r#"{"a":1}"#).unwrap();
    let after = browser.get("/data.json").await;
    assert_eq!(after.text(), r#"{"a":1}"#);
    assert_ne!(after.header("etag"), before.header("etag"));
    fs::remove_file(&file).unwrap();
    let gone = browser.get("/data.json").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

/// `.git` and `.env` are beside what is built more often than one thinks.
#[cfg(unix)]
#[tokio::test]
async fn neither_hidden_files_nor_links_out_of_the_directory_are_served() {
    use std::os::unix::fs::symlink;

    let (_console, browser) = start("hidden").await;
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hidden");
    let dist = root.join("dist");
    fs::create_dir_all(dist.join(".git")).unwrap();
    for file in [".env", ".git/config", "style/.hidden.css"] {
        fs::write(dist.join(file), "not for the world").unwrap();
    }
    for (link, target) in [
        ("out.txt", root.join("outside.txt")),
        ("relative.txt", PathBuf::from("../outside.txt")),
        ("up", root.clone()),
        ("env.txt", PathBuf::from(".env")),
        ("inside.svg", PathBuf::from("icon.svg")),
    ] {
        let link = dist.join(link);
        let _ = fs::remove_file(&link);
        symlink(target, link).unwrap();
    }
    for path in [
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/.git/",
        "/style/.hidden.css",
        "/out.txt",
        "/relative.txt",
        "/up/outside.txt",
        "/up/dist/icon.svg/../../outside.txt",
        "/env.txt",
        "/.env.br",
    ] {
        for encoding in ["identity", "br", "gzip"] {
            let request = browser.request(Method::GET, path);
            let answer = Answer::fetch(request.header("accept-encoding", encoding)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} {encoding}");
        }
    }
    let inside = browser.get("/inside.svg").await;
    assert_eq!(inside.status, StatusCode::OK);
}
