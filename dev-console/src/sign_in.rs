//! The sign-in page, and the endpoints that sign in and out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use reqwest::Url;
use serde::Serialize;

use crate::accounts::{Accounts, Choice, SignInError};
use crate::answer;
use crate::connection::Connection;
use crate::look::{self, Look, PREVIEW};
use crate::sessions::{Session, SessionError};
use crate::viewer::PREVIEW_FRAME;
use crate::{Console, examples, html, static_files};

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

/// `GET /sign-in[?return=/path]`: a preview in the path chooses its language, theme and width again.
pub(crate) async fn page(
    State(console): State<Arc<Console>>,
    Query(query): Query<Fields>,
    headers: HeaderMap,
) -> Html<String> {
    let return_path = return_path(&query);
    let look = look_of(&return_path);
    render(&console, &headers, &return_path, look, None)
}

/// `POST /sign-in` with the fields `account` and `return`, and optionally `password`, `lang`, `theme` and
/// `width`.
pub(crate) async fn sign_in(
    State(console): State<Arc<Console>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    let client = console.client(&connection, &headers);
    if let Err(wait) = console.sign_in_limits.count_client(client) {
        return too_many_sign_ins("client", wait);
    }
    let mut return_path = return_path(&form);
    if look::is_chosen(&form) {
        return_path = Look::parse(&form).apply(&return_path);
    }
    let refused = |status, problem| {
        let look = look_of(&return_path);
        let page = render(&console, &headers, &return_path, look, Some(problem));
        (status, page).into_response()
    };
    let account = field(&form, "account").and_then(|id| console.accounts.find(id));
    let Some(account) = account else {
        let problem = "There is no such account. Choose one of these.";
        return refused(StatusCode::BAD_REQUEST, problem);
    };
    if let Err(wait) = console.sign_in_limits.count_account(account.id()) {
        return too_many_sign_ins("account", wait);
    }
    let password = field(&form, "password").unwrap_or_default();
    let session = match console.accounts.sign_in(account, password) {
        Ok(session) => session,
        Err(SignInError::WrongPassword) => {
            return refused(StatusCode::FORBIDDEN, "The password is not right.");
        }
        Err(SignInError::NoRandomness) => return no_randomness(),
    };
    // Always a new id, so that an id planted or seen before the sign-in is useless after it.
    console.sessions.end(&headers);
    match console.sessions.start(session, Instant::now()) {
        Ok(set_cookie) => see_other(&return_path, &set_cookie),
        Err(SessionError::NoRandomness) => no_randomness(),
        Err(SessionError::TooMany) => {
            let problem = "Too many users are signed in. Try again later.";
            refused(StatusCode::SERVICE_UNAVAILABLE, problem)
        }
    }
}

fn too_many_sign_ins(of: &'static str, wait: Duration) -> Response {
    tracing::warn!(of, "the limit of sign-ins was hit");
    let headers = [(
        header::RETRY_AFTER,
        answer::retry_after_seconds(wait).to_string(),
    )];
    let message = "There were too many attempts to sign in. Try again later.\n";
    (StatusCode::TOO_MANY_REQUESTS, headers, message).into_response()
}

fn no_randomness() -> Response {
    let message = "The operating system gives no randomness.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    console.sessions.end(&headers);
    see_other("/sign-in", &console.sessions.expired_cookie())
}

/// `GET /sign-in.css`: the styles of all pages of the console. A separate file, because the policy allows no
/// inline style.
pub(crate) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("console.css")).into_response()
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
    let path = field(fields, "return")
        .and_then(same_origin_path)
        .unwrap_or_else(|| "/".to_owned());
    // Whoever signs in from the frame of a preview comes back to the whole preview.
    match path.strip_prefix(PREVIEW_FRAME) {
        Some(rest) => format!("{PREVIEW}{rest}"),
        None => path,
    }
}

/// The look that the query of a path asks for.
fn look_of(path: &str) -> Look {
    let fields = Url::parse("http://console.invalid/").and_then(|origin| origin.join(path));
    let fields = fields.map(|url| url.query_pairs().into_owned().collect::<Fields>());
    Look::parse(&fields.unwrap_or_default())
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
    look: Look,
    problem: Option<&str>,
) -> Html<String> {
    let session = console.sessions.find(headers, Instant::now());
    let options = render_options(return_path, look);
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
    let lead = match console.accounts {
        Accounts::Demo(_) => {
            "This is a development console for the referral history. Its accounts and their data are made up. \
             Signing in resets the account."
        }
        Accounts::Real { .. } => {
            "This is a development console for the referral history. The data is your own, from the service. \
             Each request costs you a credit."
        }
    };
    let password = if console.accounts.has_password() {
        "<p><label>Password <input type=\"password\" name=\"password\" autocomplete=\"current-password\" required></label></p>\n"
    } else {
        ""
    };
    let mut groups = console.accounts.groups();
    // The first account of all is the one to begin with.
    let (heading, choices) = groups.next().unwrap_or_default();
    let (first, others) = choices
        .split_first()
        .map_or_else(Default::default, |(first, others)| {
            (render_choice(first), others.to_vec())
        });
    let groups: String = [(heading, others)]
        .into_iter()
        .chain(groups)
        .map(render_group)
        .collect();
    let directory = console.examples.as_deref();
    let names = directory.map_or_else(Vec::new, static_files::example_names);
    let examples = examples::render_index(&names);
    html::document(
        "Sign in",
        "",
        "sign-in",
        &format!(
            r#"<main>
<h1>Sign in</h1>
<p class="lead">{lead}</p>
{problem}{signed_in}<form method="post" action="/sign-in">
<input type="hidden" name="return" value="{return_path}">
<section class="start" aria-labelledby="start-heading">
<h2 id="start-heading">Start here</h2>
{options}{password}<div class="first">{first}</div>
</section>
<div class="groups">
{groups}</div>
</form>
{examples}</main>"#
        ),
    )
}

/// How the page is shown after signing in; where the sign-in leads elsewhere, only where.
fn render_options(return_path: &str, look: Look) -> String {
    if look::leads_to_page(return_path) {
        let pickers = look.render_pickers();
        return format!(
            "<p class=\"muted\">Choose how the page is shown, then an account.</p>\n\
             <div class=\"pickers\">\n{pickers}</div>\n"
        );
    }
    let path = html::escape(return_path);
    format!("<p class=\"muted\">Choose an account, to go to <code>{path}</code>.</p>\n")
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

fn pluralized(number: u64, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

fn render_group((heading, choices): (&'static str, Vec<Choice>)) -> String {
    if choices.is_empty() {
        return String::new();
    }
    let items: String = choices
        .iter()
        .map(|choice| format!("<li>{}</li>\n", render_choice(choice)))
        .collect();
    let heading = html::escape(heading);
    format!("<section>\n<h2>{heading}</h2>\n<ul class=\"accounts\">\n{items}</ul>\n</section>\n")
}

fn render_choice(choice: &Choice) -> String {
    let id = html::escape(choice.id);
    let title = html::escape(choice.title);
    let description = html::escape(choice.description);
    format!(
        r#"<button name="account" value="{id}" aria-describedby="shows-{id}">{title}</button><p id="shows-{id}">{description}</p>"#
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
