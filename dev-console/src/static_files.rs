//! The built page (`--dist`), served as a production host should serve it.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
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
/// `name-0123456789abcdef.js`, `name-0123456789abcdef_bg.wasm`. Such a file never changes; a
/// changed one has another name.
fn is_named_by_content(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _extension)) = file.rsplit_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(name, hash)| {
        let is_hash_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        !name.is_empty() && hash.len() == 16 && hash.bytes().all(is_hash_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trunks_hashed_names_never_change() {
        for (path, hashed) in [
            ("/referral-history-0123456789abcdef.js", true),
            ("/referral-history-0123456789abcdef_bg.wasm", true),
            ("/style/page-fedcba9876543210.css", true),
            ("/", false),
            ("/index.html", false),
            ("/index-0123456789abcdef/page.js", false),
            ("/page-0123456789abcde.js", false),
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
