//! The built page (`--dist`) and the built examples (`--examples`), served as a production host should
//! serve them.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::services::ServeDir;
use tower_http::services::fs::DefaultServeDirFallback;

use crate::files::Files;
use crate::security_headers;

/// Serves these files, with `index.html` at `/`, under this Content-Security-Policy.
pub(crate) fn router(files: Files, policy: &'static str) -> Router {
    let serve = ServeDir::with_backend("", files);
    with_headers(serve.redirect_to_trailing_slash(false), policy)
}

/// Serves each subdirectory below `/examples/{its name}/`. The console frames them: see
/// [`crate::viewer`].
pub(crate) fn examples(files: Files) -> Router {
    let serve = ServeDir::with_backend("", files).redirect_path_prefix("/examples");
    let router = with_headers(serve, security_headers::EXAMPLE_POLICY);
    Router::new().nest("/examples", router)
}

fn with_headers(serve: ServeDir<DefaultServeDirFallback, Files>, policy: &'static str) -> Router {
    let set_headers = move |request: Request, next: Next| set_file_headers(policy, request, next);
    Router::new()
        .fallback_service(serve.precompressed_br().precompressed_gzip())
        .layer(middleware::from_fn(set_headers))
}

/// Whether a name needs no encoding in an address.
fn is_url_safe(name: &str) -> bool {
    let is_url_safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_url_safe)
}

/// The names of the examples that are built now, sorted.
pub(crate) fn example_names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("index.html").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_url_safe(name))
        .collect();
    names.sort();
    names
}

/// Sets the headers of a file's answer.
async fn set_file_headers(policy: &'static str, request: Request, next: Next) -> Response {
    let is_immutable = has_content_hash(request.uri().path());
    let mut response = next.run(request).await;
    // A file that is missing now may exist after the next build.
    let exists = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = if is_immutable && exists {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    if let Some(full) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, full);
    }
    response
}

/// The content type of text with a charset, if it has none: browsers would guess one. trunk writes
/// UTF-8.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let kind = kind.to_str().ok()?;
    let needs_charset = kind.starts_with("text/") && !kind.contains("charset");
    needs_charset
        .then(|| HeaderValue::try_from(format!("{kind}; charset=utf-8")).ok())
        .flatten()
}

/// Whether a file's name contains a hash of its content, as trunk names files:
/// `name-0123456789abcdef.js`, `name-0123456789abcdef_bg.wasm`. Leading zeros of the hash are
/// omitted. Such a file never changes: changed content gets another name.
fn has_content_hash(path: &str) -> bool {
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
    fn example_names_need_no_encoding() {
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
            assert_eq!(is_url_safe(name), plain, "{name}");
        }
    }

    #[test]
    fn content_hashes_are_recognized() {
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
            assert_eq!(has_content_hash(path), hashed, "{path}");
        }
    }
}
