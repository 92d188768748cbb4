//! The public address of the console, from which follow the hosts and origins that it answers to.
//!
//! It is told, and never guessed from a request: `Host` is whatever a client writes.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use reqwest::Url;

use crate::answer;
use crate::proxy::is_loopback;

/// The address at which browsers reach the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// An address such as `https://console.example`.
    ///
    /// # Errors
    /// Says why the text cannot be a public address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url =
            Url::parse(text).map_err(|_| "write an address, as in https://console.example")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the address must begin with https:// or http://");
        }
        if url.as_str() != format!("{}/", url.origin().ascii_serialization()) {
            return Err("the address must end after its host and port");
        }
        Ok(Self(url))
    }

    /// Whether browsers reach the console by https, so that its cookie must be secure.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether this is the host of a request for this address.
    fn is_host(&self, host: &str) -> bool {
        self.is_origin(&format!("{}://{host}", self.0.scheme()))
    }

    /// Whether a page of this origin is the console's own. The names of the loopback are one: no other
    /// site can have them.
    fn is_origin(&self, origin: &str) -> bool {
        PublicUrl::parse(origin).is_ok_and(|Self(url)| {
            url.origin() == self.0.origin()
                || (is_loopback(&url) && is_loopback(&self.0))
                    && url.scheme() == self.0.scheme()
                    && url.port_or_known_default() == self.0.port_or_known_default()
        })
    }

    /// Whether a request is for this address.
    fn is_target(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let is_host = |host: &str| self.is_host(host);
        host.to_str().is_ok_and(is_host)
            && uri
                .authority()
                .is_none_or(|authority| is_host(authority.as_str()))
    }

    /// Whether the console's own pages, or the user by hand, started a request that changes something.
    /// Browsers say so in `Origin` or `Sec-Fetch-Site`, which pages cannot set; one must be there.
    fn is_from_own_page(&self, headers: &HeaderMap) -> bool {
        let is_own = |origin: &HeaderValue| origin.to_str().is_ok_and(|text| self.is_origin(text));
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let is_told = headers.contains_key(header::ORIGIN) || headers.contains_key(SEC_FETCH_SITE);
        is_told && origins.all(is_own) && !is_cross_site(headers)
    }
}

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Whether the browser says that another site started this request.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .any(|value| value != "same-origin" && value != "none")
}

/// Refuses requests for other hosts, and those that other sites started to change something.
pub(crate) async fn guard(
    State(public): State<PublicUrl>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if !public.is_target(request.uri(), headers) {
        let message = "This console is not for that host: --public-url names the one it is for";
        return answer::plain_failure(StatusCode::MISDIRECTED_REQUEST, message);
    }
    if !request.method().is_safe() && !public.is_from_own_page(headers) {
        let message = "No page of this console made this request: open /sign-in here instead";
        return answer::plain_failure(StatusCode::FORBIDDEN, message);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> PublicUrl {
        PublicUrl::parse(text).unwrap()
    }

    #[test]
    fn public_addresses_are_origins() {
        for text in [
            "https://console.example",
            "https://console.example/",
            "http://127.0.0.1:8090",
        ] {
            assert!(PublicUrl::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "console.example",
            "ftp://console.example",
            "https://console.example/path",
            "https://console.example/?",
            "https://me@console.example/",
            "https://",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_public_host_is_answered() {
        let https = public("https://console.example");
        for (host, own) in [
            ("console.example", true),
            ("CONSOLE.example:443", true),
            ("console.example:80", false),
            ("console.example.", false),
            ("evil.example", false),
            ("me@console.example", false),
            ("console.example/", true),
            ("console.example/path", false),
            ("127.0.0.1", false),
            ("", false),
        ] {
            assert_eq!(https.is_host(host), own, "{host}");
        }
        let local = public("http://127.0.0.1:8090");
        for (host, own) in [
            ("127.0.0.1:8090", true),
            ("localhost:8090", true),
            ("[::1]:8090", true),
            ("127.0.0.1", false),
            ("127.0.0.1:8091", false),
            ("localhost.example:8090", false),
            ("192.168.1.5:8090", false),
        ] {
            assert_eq!(local.is_host(host), own, "{host}");
        }
    }

    #[test]
    fn own_pages_are_known_by_their_origin() {
        let https = public("https://console.example");
        assert!(https.is_origin("https://console.example"));
        for origin in [
            "http://console.example",
            "https://console.example:444",
            "https://sub.console.example",
            "null",
            "",
        ] {
            assert!(!https.is_origin(origin), "{origin}");
        }
    }
}
