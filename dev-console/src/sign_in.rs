//! Signing in and out, and the page for it.

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

/// The longest `return` path, in characters.
const LONGEST_RETURN: usize = 2000;

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
    if security_headers::started_elsewhere(&headers) {
        return refused();
    }
    let return_path = return_path(&form);
    let account = field(&form, "account").and_then(|id| console.accounts.sign_in(id));
    let Some(session) = account else {
        let problem = Some("There is no such account. Choose one of these.");
        let page = render(&console, &headers, &return_path, problem);
        return (StatusCode::BAD_REQUEST, page).into_response();
    };
    // Always a new name, so that one planted or seen before signing in is worth nothing after it.
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
    if security_headers::started_elsewhere(&headers) {
        return refused();
    }
    console.sessions.end(&headers);
    see_other("/sign-in", &sessions::expired_cookie(&headers))
}

/// `GET /sign-in.css`: a file of its own, because the policy allows no inline style.
pub(crate) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("sign_in.css")).into_response()
}

/// `GET /demo/usage`: what this session has cost so far, for the end-to-end tests.
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

/// What every page of the console carries.
pub(crate) async fn mark_as_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    security_headers::set(headers, security_headers::PAGE_POLICY);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn refused() -> Response {
    let message = "This request was started by another site. Open /sign-in here instead.\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

/// Goes on with `GET`, so that reloading what comes next does not sign in again.
///
/// Who is signed in has changed, so the browser must forget the pages it keeps for Back: they show
/// what the one before could see.
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

/// The path as a browser would resolve it on this origin, if that is where it stays.
///
/// Not the text that came in: browsers read `/\evil` as `//evil`, drop tabs, and resolve `/.//evil`
/// to `//evil`, which in a `Location` is another host. So it is resolved first, and the result is
/// judged.
fn same_origin_path(text: &str) -> Option<String> {
    if text.chars().count() > LONGEST_RETURN || text.chars().any(char::is_control) {
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
    let signed_in = session.map_or_else(String::new, |session| signed_in(&session, &return_path));
    let introduction = match console.accounts {
        Accounts::Demo(_) => {
            "Choose a demo account. Each shows the page in another situation, and each sign-in starts afresh."
        }
        Accounts::Real(_) => {
            "The data is your own, from the service. Each request costs you a credit."
        }
    };
    let accounts: String = console.accounts.listed().map(group).collect();
    let examples = console.examples.as_deref();
    let examples = examples.map_or_else(String::new, |directory| {
        examples_in(&static_files::example_names(directory))
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

/// Who is signed in; `return_path` is already escaped.
fn signed_in(session: &Session, return_path: &str) -> String {
    let title = html::escape(session.account_title);
    let requests = counted(session.usage.requests(), "request");
    let credits = counted(session.usage.credits(), "credit");
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

/// The pages of other hosts, to be opened when somebody is signed in.
fn examples_in(names: &[String]) -> String {
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

fn counted(number: u64, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

fn group((heading, choices): (&'static str, Vec<Choice>)) -> String {
    let items: String = choices.iter().map(item).collect();
    let heading = html::escape(heading);
    format!("<h2>{heading}</h2>\n<ul>\n{items}</ul>\n")
}

fn item(choice: &Choice) -> String {
    let id = html::escape(choice.id);
    let title = html::escape(choice.title);
    let shows = html::escape(choice.shows);
    format!(
        r#"<li><button name="account" value="{id}" aria-describedby="shows-{id}">{title}</button><p id="shows-{id}">{shows}</p></li>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returning_never_leaves_the_origin() {
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
    fn long_paths_are_not_returned_to() {
        let path = |length: usize| format!("/{}", "a".repeat(length - 1));
        assert!(same_origin_path(&path(LONGEST_RETURN)).is_some());
        assert!(same_origin_path(&path(LONGEST_RETURN + 1)).is_none());
    }

    #[test]
    fn numbers_agree_with_their_words() {
        assert_eq!(counted(0, "credit"), "0 credits");
        assert_eq!(counted(1, "credit"), "1 credit");
        assert_eq!(counted(2, "credit"), "2 credits");
    }
}
