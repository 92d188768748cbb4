//! The sign-in page, and the endpoints that sign in and out.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use reqwest::Url;
use serde::Serialize;

use crate::accounts::{Accounts, Choice};
use crate::answer;
use crate::security_headers;
use crate::sessions::{self, Session};
use crate::{Console, html, static_files};

/// The maximum length of the `return` path, in characters.
const MAX_RETURN_CHARS: usize = 2000;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// `GET /sign-in[?return=/path]`
pub(crate) async fn page(
    State(console): State<Arc<Console>>,
    Query(query): Query<Fields>,
    headers: HeaderMap,
) -> Html<String> {
    render(&console, &headers, &return_path(&query), None)
}

/// `POST /sign-in` with the fields `account` and `return`.
pub(crate) async fn sign_in(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if security_headers::is_cross_origin(&headers) {
        return cross_origin_rejected();
    }
    let return_path = return_path(&form);
    let account = field(&form, "account").and_then(|id| console.accounts.sign_in(id));
    let Some(session) = account else {
        let problem = Some("There is no such account. Choose one of these.");
        let page = render(&console, &headers, &return_path, problem);
        return (StatusCode::BAD_REQUEST, page).into_response();
    };
    // Always a new id, so that an id planted or seen before the sign-in is useless after it.
    console.sessions.end(&headers);
    let started = session.and_then(|session| console.sessions.start(session, Instant::now()));
    match started {
        Ok(id) => see_other(&return_path, &sessions::cookie(&id, &headers)),
        Err(error) => {
            let message = format!("The operating system gives no randomness: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        }
    }
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    if security_headers::is_cross_origin(&headers) {
        return cross_origin_rejected();
    }
    console.sessions.end(&headers);
    see_other("/sign-in", &sessions::expired_cookie(&headers))
}

/// `GET /sign-in.css`: a separate file, because the policy allows no inline style.
pub(crate) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("sign_in.css")).into_response()
}

/// `GET /demo/usage`: the requests and credits of this session, for the end-to-end tests.
pub(crate) async fn usage(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    #[derive(Serialize)]
    struct Usage {
        account: &'static str,
        requests: u64,
        credits: u64,
    }

    let Some(session) = console.sessions.find(&headers, Instant::now()) else {
        return answer::authentication_required();
    };
    axum::Json(Usage {
        account: session.account_id,
        requests: session.usage.requests(),
        credits: session.usage.credits(),
    })
    .into_response()
}

/// Sets the headers of the console's own pages.
pub(crate) async fn set_page_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    security_headers::set(headers, security_headers::PAGE_POLICY);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn cross_origin_rejected() -> Response {
    let message = "This request was started by another site. Open /sign-in here instead.\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

/// Redirects with 303, so that the browser uses `GET` and a reload does not sign in again.
///
/// The user has changed, so the browser must drop the pages that it keeps for Back: they show the
/// previous user's data.
fn see_other(path: &str, cookie: &str) -> Response {
    let headers = [
        (header::LOCATION, path),
        (header::SET_COOKIE, cookie),
        (CLEAR_SITE_DATA, r#""cache""#),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn return_path(fields: &Fields) -> String {
    field(fields, "return")
        .and_then(same_origin_path)
        .unwrap_or_else(|| "/".to_owned())
}

/// The path as a browser resolves it on this origin; `None` when that leads to another origin.
///
/// The resolved path is checked, not the text: browsers read `/\evil` as `//evil`, drop tabs, and
/// resolve `/.//evil` to `//evil`, which in a `Location` is another host.
fn same_origin_path(text: &str) -> Option<String> {
    if text.chars().count() > MAX_RETURN_CHARS || text.chars().any(char::is_control) {
        return None;
    }
    if !text.starts_with('/') || text.starts_with("//") || text.starts_with("/\\") {
        return None;
    }
    let origin = Url::parse("http://console.invalid/").ok()?;
    let resolved = origin.join(text).ok()?;
    if resolved.origin() != origin.origin() {
        return None;
    }
    let path = resolved.as_str().strip_prefix("http://console.invalid")?;
    let stays = path.starts_with('/') && !path.starts_with("//");
    stays.then(|| path.to_owned())
}

fn render(
    console: &Console,
    headers: &HeaderMap,
    return_path: &str,
    problem: Option<&str>,
) -> Html<String> {
    let session = console.sessions.find(headers, Instant::now());
    let return_path = html::escape(return_path);
    let problem = problem.map_or_else(String::new, |problem| {
        format!(
            "<p class=\"problem\" role=\"alert\">{}</p>\n",
            html::escape(problem)
        )
    });
    let signed_in = session.map_or_else(String::new, |session| {
        render_signed_in(&session, &return_path)
    });
    let introduction = match console.accounts {
        Accounts::Demo(_) => {
            "Choose a demo account. Each shows the page in another situation, and each sign-in starts afresh."
        }
        Accounts::Real(_) => {
            "The data is your own, from the service. Each request costs you a credit."
        }
    };
    let accounts: String = console.accounts.groups().map(render_group).collect();
    let examples = console.examples.as_deref();
    let examples = examples.map_or_else(String::new, |directory| {
        render_examples(&static_files::example_names(directory))
    });
    Html(format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Development console</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sign-in.css">
</head>
<body>
<main>
<h1>Sign in</h1>
<p class="introduction">{introduction}</p>
{problem}{signed_in}<form method="post" action="/sign-in">
<input type="hidden" name="return" value="{return_path}">
{accounts}</form>
{examples}</main>
</body>
</html>
"#
    ))
}

/// The section that names the signed-in account. `return_path` is already escaped.
fn render_signed_in(session: &Session, return_path: &str) -> String {
    let title = html::escape(session.account_title);
    let requests = pluralized(session.usage.requests(), "request");
    let credits = pluralized(session.usage.credits(), "credit");
    format!(
        r#"<section class="signed-in" aria-label="Signed in">
<div>
<p>Signed in as <strong>{title}</strong></p>
<p class="muted">{requests} made and {credits} spent in this session.</p>
</div>
<div class="actions">
<a href="{return_path}">Go to the page</a>
<form method="post" action="/sign-out"><button class="plain">Sign out</button></form>
</div>
</section>
"#
    )
}

/// The links to the built examples.
fn render_examples(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let items: String = names
        .iter()
        .map(|name| {
            let name = html::escape(name);
            format!("<a href=\"/examples/{name}/\">{name}</a>\n")
        })
        .collect();
    format!(
        r#"<nav id="examples" aria-labelledby="examples-heading">
<h2 id="examples-heading">Examples of other hosts</h2>
<p class="muted">Each shows the element to whoever is signed in.</p>
<div class="actions">
{items}</div>
</nav>
"#
    )
}

fn pluralized(number: u64, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

fn render_group((heading, choices): (&'static str, Vec<Choice>)) -> String {
    let items: String = choices.iter().map(render_item).collect();
    let heading = html::escape(heading);
    format!("<h2>{heading}</h2>\n<ul>\n{items}</ul>\n")
}

fn render_item(choice: &Choice) -> String {
    let id = html::escape(choice.id);
    let title = html::escape(choice.title);
    let description = html::escape(choice.description);
    format!(
        r#"<li><button name="account" value="{id}" aria-describedby="shows-{id}">{title}</button><p id="shows-{id}">{description}</p></li>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_paths_never_leave_the_origin() {
        for (text, expected) in [
            ("/", Some("/")),
            (
                "/?role=referrer&status=rewarded#top",
                Some("/?role=referrer&status=rewarded#top"),
            ),
            ("/a/../b", Some("/b")),
            ("/été", Some("/%C3%A9t%C3%A9")),
            ("/?next=//evil.example", Some("/?next=//evil.example")),
            ("/@evil.example", Some("/@evil.example")),
            ("/:80", Some("/:80")),
            ("", None),
            ("evil.example", None),
            ("?x=1", None),
            ("//evil.example", None),
            ("///evil.example", None),
            ("/\\evil.example", None),
            ("\\\\evil.example", None),
            ("/\t/evil.example", None),
            ("/\n/evil.example", None),
            ("\t//evil.example", None),
            (" //evil.example", None),
            ("/.//evil.example", None),
            ("/./\\evil.example", None),
            ("/a/..//evil.example", None),
            ("/%2e//evil.example", None),
            ("/ok\r\nSet-Cookie: a=b", None),
            ("/\u{0}", None),
            ("/\u{85}", None),
            ("https://evil.example/", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
        ] {
            assert_eq!(same_origin_path(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn long_return_paths_are_rejected() {
        let path = |length: usize| format!("/{}", "a".repeat(length - 1));
        assert!(same_origin_path(&path(MAX_RETURN_CHARS)).is_some());
        assert!(same_origin_path(&path(MAX_RETURN_CHARS + 1)).is_none());
    }

    #[test]
    fn plurals_follow_the_number() {
        assert_eq!(pluralized(0, "credit"), "0 credits");
        assert_eq!(pluralized(1, "credit"), "1 credit");
        assert_eq!(pluralized(2, "credit"), "2 credits");
    }
}
