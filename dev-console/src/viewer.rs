//! Pages in a frame: the preview of the page in another language, theme or width, and the examples with
//! the log of their events.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use reqwest::Url;

use crate::look::{Look, PREVIEW};
use crate::sessions::Session;
use crate::{Console, examples, html, static_files};

/// The path of the document in the preview's frame. Its query is the preview's.
pub(crate) const PREVIEW_FRAME: &str = "/sign-in/preview/frame";

/// `GET /sign-in/preview?lang=…&theme=…&width=…`: the page, in a frame as wide as wished.
///
/// A frame, because the page's dialogs go by the width of the window.
pub(crate) async fn preview(
    State(console): State<Arc<Console>>,
    Query(fields): Query<Vec<(String, String)>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(session) = console.sessions.find(&headers, Instant::now()) else {
        return Redirect::to(&sign_in_path(&uri)).into_response();
    };
    let look = Look::parse(&fields);
    let query = look.with_choices(uri.query().unwrap_or_default());
    let frame = html::escape(&format!("{PREVIEW_FRAME}?{query}"));
    let width = look.width;
    let pickers = look.render_pickers();
    let bar = render_bar(
        "Preview",
        &session,
        &uri,
        r#"<a href="/">The page alone</a>"#,
    );
    html::document(
        "Preview",
        "",
        "viewer",
        &format!(
            r#"{bar}<form class="pickers" action="{PREVIEW}">
{pickers}<button class="plain">Show</button>
</form>
</header>
<main class="stage" tabindex="0">
<iframe class="width-{width}" title="The page" src="{frame}"></iframe>
</main>"#
        ),
    )
    .into_response()
}

/// `GET /sign-in/preview/frame?lang=…&theme=…`: the page as a host has it that sets these options.
pub(crate) async fn preview_frame(Query(query): Query<Vec<(String, String)>>) -> Html<String> {
    let Look {
        language, theme, ..
    } = Look::parse(&query);
    Html(format!(
        r#"<!doctype html>
<html lang="{language}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Referral history</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sign-in.css">
<base target="_top">
<script type="module" src="/referral-history.js"></script>
</head>
<body class="framed">
<main>
<referral-history lang="{language}" theme="{theme}"></referral-history>
<noscript>The referral history needs JavaScript and WebAssembly.</noscript>
</main>
</body>
</html>
"#
    ))
}

/// `GET /sign-in/examples/{name}`: a built example, with its snippet and the log of its events.
pub(crate) async fn example(
    State(console): State<Arc<Console>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let directory = console.examples.as_deref();
    let names = directory.map_or_else(Vec::new, static_files::example_names);
    if !names.contains(&name) {
        let message = "There is no such example. /sign-in lists those that are built.\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    }
    let Some(session) = console.sessions.find(&headers, Instant::now()) else {
        return Redirect::to(&sign_in_path(&uri)).into_response();
    };
    let snippet = match examples::render_snippet(&name) {
        snippet if snippet.is_empty() => snippet,
        snippet => format!(
            r#"<section aria-labelledby="snippet-heading">
<h2 id="snippet-heading">How it is embedded</h2>
{snippet}</section>
"#
        ),
    };
    let name = html::escape(&name);
    let alone = format!(r#"<a href="/examples/{name}/">The example alone</a>"#);
    let bar = render_bar(&format!("Example: {name}"), &session, &uri, &alone);
    html::document(
        &format!("Example: {name}"),
        "<script src=\"/sign-in/events.js\"></script>\n",
        "viewer",
        &format!(
            r#"{bar}</header>
<main class="beside">
<iframe title="The example {name}" src="/examples/{name}/"></iframe>
<aside aria-label="Beside the example">
<section aria-labelledby="events-heading">
<h2 id="events-heading">Event log</h2>
<div role="log" aria-labelledby="events-heading" tabindex="0">
<ol class="events"></ol>
<p class="muted">No event yet.</p>
</div>
</section>
{snippet}</aside>
</main>"#
        ),
    )
    .into_response()
}

/// `GET /sign-in/events.js`: a separate file, because the policy allows no inline script.
pub(crate) async fn events_script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("events.js")).into_response()
}

/// The beginning of a bar above a frame. `heading` and `link` are already escaped.
fn render_bar(heading: &str, session: &Session, uri: &Uri, link: &str) -> String {
    let title = html::escape(session.account_title);
    let accounts = html::escape(&sign_in_path(uri));
    format!(
        r#"<header class="bar">
<h1>{heading}</h1>
<p class="muted">Signed in as <strong>{title}</strong></p>
<nav class="actions" aria-label="Console"><a href="{accounts}">Accounts</a>{link}</nav>
"#
    )
}

/// The sign-in page that leads back to this address.
fn sign_in_path(uri: &Uri) -> String {
    let here = uri.path_and_query().map_or("/", |here| here.as_str());
    Url::parse_with_params("http://console.invalid/sign-in", [("return", here)])
        .ok()
        .and_then(|url| Some(format!("/sign-in?{}", url.query()?)))
        .unwrap_or_else(|| "/sign-in".to_owned())
}
