//! Requests as a browser sends them: nothing is followed, repeated or remembered.

use std::fmt;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Url};
use serde_json::Value;

/// Longer than a console waits for the API.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Why there is nothing to report.
#[derive(Debug)]
pub struct Unreachable(String);

impl fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unreachable {}

impl From<reqwest::Error> for Unreachable {
    fn from(error: reqwest::Error) -> Self {
        // The innermost cause says what happened; the outer ones repeat the address.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Self(format!("The console does not answer: {cause}"))
    }
}

/// A request to make.
pub(crate) struct Request<'a> {
    method: Method,
    path: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    form: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            headers: Vec::new(),
            form: None,
        }
    }

    /// Sets a header, in place of one of the same name.
    pub(crate) fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    pub(crate) fn form(mut self, form: &'a str) -> Self {
        self.form = Some(form);
        self
    }
}

/// A complete answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, or an empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.headers.get_all(name).iter().count()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

pub(crate) struct Client {
    client: reqwest::Client,
    base: Url,
    /// As browsers write it in `Origin`.
    pub(crate) origin: String,
}

impl Client {
    pub(crate) fn new(base: &Url) -> Result<Self, Unreachable> {
        // Fails only when a provider is already installed; that one is used then.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        if base.scheme() == "http" {
            // A console on this machine: it needs no certificates, and no proxy reaches it.
            client = client.tls_certs_only([]).no_proxy();
        }
        Ok(Self {
            client: client.build()?,
            base: base.clone(),
            origin: base.origin().ascii_serialization(),
        })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether a `Location` leads to the console itself, as a browser reads it.
    pub(crate) fn is_own(&self, location: &str) -> bool {
        let url = self.base.join(location);
        url.is_ok_and(|url| url.origin() == self.base.origin())
    }

    pub(crate) async fn ask(&self, request: Request<'_>) -> Result<Answer, Unreachable> {
        let url = self.base.join(request.path);
        let url = url.map_err(|_| Unreachable(format!("{:?} is not a path", request.path)))?;
        let mut builder = self.client.request(request.method, url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(form) = request.form {
            builder = builder
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_owned());
        }
        let answer = builder.send().await?;
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.bytes().await?.to_vec(),
        })
    }
}

/// A value in a form.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
