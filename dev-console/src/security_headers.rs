//! The headers that a production host should send with each answer from the console's origin.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The Content-Security-Policy of pages. WebAssembly needs `wasm-unsafe-eval`, which allows only
/// compiling it. Inline scripts and styles are not allowed, and no script makes markup of text.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; \
    require-trusted-types-for 'script'";

/// The policy of the page in a preview, which a page of this origin may frame. Other origins may not, since a
/// user could be led to click in a frame that another page hides.
pub const FRAMED_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'; form-action 'self'; \
    require-trusted-types-for 'script'";

/// The policy of the examples, which the console frames too. They are hosts: their frameworks may make markup
/// of text, as Leptos does.
pub const EXAMPLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

/// The policy of the pages with these frames.
pub const FRAMING_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; \
    require-trusted-types-for 'script'; frame-src 'self'";

/// The Content-Security-Policy of data. An upstream may answer with HTML, such as a proxy's error
/// page, and a user may open the address directly: the HTML must not run in the console's origin.
pub const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Sets the security headers of an answer. The policy of data, which allows nothing, applies unless the
/// answer has a policy; nothing is kept unless the answer says so.
pub(crate) fn complete(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, DATA_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ] {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_differ_only_in_frames_and_markup() {
        let framed = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        assert_eq!(FRAMED_POLICY, framed);
        let trusted = "; require-trusted-types-for 'script'";
        assert_eq!(EXAMPLE_POLICY, framed.replace(trusted, ""));
        assert_eq!(FRAMING_POLICY, format!("{PAGE_POLICY}; frame-src 'self'"));
    }
}
