//! The headers a production host should send with everything it serves from the console's origin.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy of pages. WebAssembly needs `wasm-unsafe-eval`, which allows compiling it and nothing
/// else; there is no inline script and no inline style.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The policy of answers that are no pages. An upstream may answer with HTML (a proxy's error page
/// does), and someone may open the address directly: it must not run in the console's origin.
pub const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Sets the headers, with this Content-Security-Policy.
pub(crate) fn set(headers: &mut HeaderMap, policy: &'static str) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether a browser says that this request was started by another site (or another origin of this
/// one).
///
/// A browser says so in `Sec-Fetch-Site`, which pages cannot set. It is asked instead of comparing
/// `Origin` with `Host`, because a development server in front of this one may rewrite `Host`.
/// Programs that are no browsers send no such header and hold no one else's cookie.
pub(crate) fn started_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|value| value != "same-origin" && value != "none")
}
