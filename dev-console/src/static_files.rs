//! The built page (`--dist`) and the built examples (`--examples`), served as a production host should
//! serve them.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::extract::{Path as InPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::security_headers;

/// Serves a directory, with its `index.html` at `/`.
pub(crate) fn router(directory: &Path) -> Router {
    Router::new()
        .fallback_service(ServeDir::new(directory))
        .layer(middleware::from_fn(mark))
        .layer(CompressionLayer::new())
}

/// Serves the directories in this one, each below `/examples/` and its name.
pub(crate) fn examples(directory: &Path) -> Router {
    Router::new()
        // Here, because the files' own service would redirect to where it believes to be: the root.
        .route("/examples/{name}", get(to_example))
        .nest("/examples", router(directory))
}

async fn to_example(InPath(name): InPath<String>) -> Response {
    if is_plain(&name) {
        Redirect::permanent(&format!("/examples/{name}/")).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Whether a name can stand in an address as it is.
fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_plain)
}

/// The names of the examples that are there now, in order.
pub(crate) fn example_names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("index.html").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_plain(name))
        .collect();
    names.sort();
    names
}

/// Sets the headers of a file's answer.
async fn mark(request: Request, next: Next) -> Response {
    let never_changes = is_named_by_content(request.uri().path());
    let mut response = next.run(request).await;
    // A name that is missing today may exist after the next build.
    let exists = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = if never_changes && exists {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    security_headers::set(headers, security_headers::PAGE_POLICY);
    if let Some(full) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, full);
    }
    response
}

/// Text without a named encoding is guessed at; everything that trunk writes is UTF-8.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let kind = kind.to_str().ok()?;
    let needs_it = kind.starts_with("text/") && !kind.contains("charset");
    needs_it
        .then(|| HeaderValue::try_from(format!("{kind}; charset=utf-8")).ok())
        .flatten()
}

/// Whether a file's name carries the hash of its content, as trunk names them:
/// `name-0123456789abcdef.js`, `name-0123456789abcdef_bg.wasm`, with fewer digits where the first ones
/// are zeros. Such a file never changes; a changed one has another name.
fn is_named_by_content(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _extension)) = file.rsplit_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(name, hash)| {
        let is_hash_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        !name.is_empty() && (8..=16).contains(&hash.len()) && hash.bytes().all(is_hash_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_examples_name_needs_no_encoding() {
        for (name, plain) in [
            ("html", true),
            ("leptos-0", true),
            ("", false),
            ("..", false),
            ("a/b", false),
            ("\\evil.example", false),
            ("a\"b", false),
            (".stage", false),
        ] {
            assert_eq!(is_plain(name), plain, "{name}");
        }
    }

    #[test]
    fn only_trunks_hashed_names_never_change() {
        for (path, hashed) in [
            ("/referral-history-0123456789abcdef.js", true),
            ("/referral-history-0123456789abcdef_bg.wasm", true),
            ("/style/page-fedcba9876543210.css", true),
            ("/", false),
            ("/index.html", false),
            ("/index-0123456789abcdef/page.js", false),
            ("/page-01234567.js", true),
            ("/page-0123456.js", false),
            ("/page-0123456789abcdef0.js", false),
            ("/page-0123456789ABCDEF.js", false),
            ("/page-0123456789abcdeg.js", false),
            ("/-0123456789abcdef.js", false),
            ("/page-0123456789abcdef", false),
            ("/page-0123456789abcdef_fg.wasm", false),
        ] {
            assert_eq!(is_named_by_content(path), hashed, "{path}");
        }
    }
}
