//! The console contract, asked of the development console, and of one that breaks each rule.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use console_contract::{Report, Rule, SignIn, Target, check};
use reqwest::{Method, StatusCode, Url};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support;

/// The addresses of the development console, as `docs/console-contract.md` gives them.
fn target(base: &str) -> Target {
    Target {
        base: Url::parse(base).unwrap(),
        api: "/api/v1".to_owned(),
        cookie: None,
        sign_in: Some(SignIn {
            path: "/sign-in".to_owned(),
            form: "account=few".to_owned(),
        }),
        sign_out: Some("/sign-out".to_owned()),
        page: Some("/sign-in".to_owned()),
        usage: Some("/demo/usage".to_owned()),
    }
}

#[tokio::test]
async fn the_development_console_keeps_every_rule() {
    let console = support::console().await;
    let report = check(&target(&console.url())).await.unwrap();
    assert!(report.holds() && report.unseen().is_empty(), "{report}");
}

#[tokio::test]
async fn what_cannot_be_seen_is_said_and_is_no_failure() {
    let console = support::console().await;
    let browser = support::Browser::signed_in(&console, "few").await;
    let mut target = target(&console.url());
    target.cookie = browser
        .cookie
        .map(|value| format!("{}={value}", dev_console::COOKIE_NAME));
    target.sign_in = None;
    target.sign_out = None;
    target.page = None;
    target.usage = None;
    let report = check(&target).await.unwrap();
    assert!(report.holds(), "{report}");
    use Rule::*;
    assert_eq!(
        report.unseen(),
        [
            OneForOne,
            Policy,
            SignInOrigin,
            SessionCookie,
            SignInClears,
            SignInReturn,
            TwoSessions,
            SignOutClears,
            SignOutEnds
        ]
    );
    let text = report.to_string();
    assert!(text.contains("unseen  One request down is one request up, and a refused one is none"));
}

#[tokio::test]
async fn a_console_that_does_not_answer_keeps_nothing() {
    let base = support::unreachable_upstream();
    let error = check(&target(&base)).await.unwrap_err().to_string();
    assert!(
        error.starts_with("The console does not answer: "),
        "{error}"
    );
}

/// Otherwise a rule might hold for whatever is asked.
#[tokio::test]
async fn every_rule_can_be_broken_by_itself() {
    let report = asked_of_broken(None).await;
    assert!(report.holds() && report.unseen().is_empty(), "{report}");
    for rule in Rule::ALL {
        let report = asked_of_broken(Some(rule)).await;
        let broken = match rule {
            // Whoever answers other sites sends their requests up.
            Rule::CrossSite => vec![rule, Rule::OneForOne],
            _ => vec![rule],
        };
        assert_eq!(report.broken(), broken, "{report}");
    }
}

async fn asked_of_broken(rule: Option<Rule>) -> Report {
    let console = Arc::new(Mutex::new(Fake {
        broken: rule,
        ..Fake::default()
    }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |request: Request| {
        let console = Arc::clone(&console);
        async move {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 10_000).await.unwrap();
            console.lock().unwrap().answer(&parts, &body)
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    check(&target(&base)).await.unwrap()
}

/// The least console that keeps the contract, except for one rule.
#[derive(Default)]
struct Fake {
    broken: Option<Rule>,
    /// The numbers of the sessions that live.
    sessions: BTreeSet<u32>,
    signed_in: u32,
    requests: u64,
}

impl Fake {
    fn breaks(&self, rule: Rule) -> bool {
        self.broken == Some(rule)
    }

    fn answer(&mut self, request: &axum::http::request::Parts, body: &Bytes) -> Response {
        let header = |name: &str| {
            let value = request.headers.get(name);
            value.map_or("", |value| value.to_str().unwrap())
        };
        let path = request.uri.path();
        let site = header("sec-fetch-site");
        let is_cross_site = !matches!(site, "" | "none" | "same-origin");
        let own = format!("http://{}", header("host"));
        let live: Vec<u32> = header("cookie")
            .split("; ")
            .filter_map(|pair| pair.strip_prefix("session=")?.parse().ok())
            .filter(|number| self.sessions.contains(number))
            .collect();

        let is_api = path.starts_with("/api/");
        let mut response = if header("host") == "other-host.example" && !self.breaks(Rule::Host) {
            failure(421)
        } else if request.method == Method::POST
            && (header("origin") != own || is_cross_site)
            && !self.breaks(Rule::SignInOrigin)
        {
            failure(403)
        } else if is_api {
            self.api(request, is_cross_site, &live)
        } else if path == "/sign-in" && request.method == Method::POST {
            self.sign_in(body)
        } else if path == "/sign-in" {
            "<!doctype html>".into_response()
        } else if path == "/sign-out" {
            if !self.breaks(Rule::SignOutEnds) {
                self.sessions.retain(|number| !live.contains(number));
            }
            see_other("/sign-in", !self.breaks(Rule::SignOutClears))
        } else if path == "/demo/usage" {
            axum::Json(json!({ "requests": self.requests })).into_response()
        } else {
            failure(404)
        };

        let headers = response.headers_mut();
        let mut set = |name: &'static str, value: &str| {
            headers.insert(name, value.parse().unwrap());
        };
        let scripts = if self.breaks(Rule::Policy) {
            "'unsafe-inline'"
        } else {
            "'wasm-unsafe-eval'"
        };
        set(
            "content-security-policy",
            &format!(
                "default-src 'none'; script-src 'self' {scripts}; base-uri 'none'; frame-ancestors 'none'"
            ),
        );
        if !self.breaks(Rule::SecurityHeaders) {
            set("x-content-type-options", "nosniff");
        }
        let id = header("x-request-id");
        let is_passed_on = !id.is_empty() && !self.breaks(Rule::RequestId);
        set("x-request-id", if is_passed_on { id } else { "mine" });
        if is_api {
            if !self.breaks(Rule::NoStore) {
                set("cache-control", "no-store");
            }
            if self.breaks(Rule::NoCookie) {
                set("set-cookie", "tracking=1");
            }
            if self.breaks(Rule::NoCors) {
                set("access-control-allow-origin", "*");
            }
        }
        response
    }

    fn api(
        &mut self,
        request: &axum::http::request::Parts,
        is_cross_site: bool,
        live: &[u32],
    ) -> Response {
        if !request.uri.path().ends_with("/events") {
            let status = failure(404);
            return match self.broken {
                Some(Rule::NoRedirect) => {
                    // With a body in the API's shape, so that only the status is wrong.
                    (StatusCode::FOUND, status.into_body()).into_response()
                }
                Some(Rule::ErrorShape) => (StatusCode::NOT_FOUND, "Not found").into_response(),
                _ => status,
            };
        }
        if request.method != Method::GET {
            return failure(405);
        }
        if is_cross_site && !self.breaks(Rule::CrossSite) {
            return failure(403);
        }
        let signed_in = match live {
            [] => self.breaks(Rule::Unauthorized) && request.headers.contains_key("authorization"),
            [_] => true,
            _ => self.breaks(Rule::TwoSessions),
        };
        if !signed_in {
            return failure(401);
        }
        self.requests += if self.breaks(Rule::OneForOne) { 2 } else { 1 };
        if self.breaks(Rule::Answer) {
            return axum::Json(json!({ "code": 200, "msg": "ok" })).into_response();
        }
        let mut answer =
            axum::Json(json!({ "code": 200, "msg": "ok", "data": {} })).into_response();
        if self.breaks(Rule::AnswerHeaders) {
            let kind = "text/plain".parse().unwrap();
            answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        answer
    }

    fn sign_in(&mut self, body: &Bytes) -> Response {
        self.signed_in += 1;
        self.sessions.insert(self.signed_in);
        let leads_away = body.ends_with(b"return=%2F%2Fother%2Dsite%2Eexample%2F");
        let leads_away = leads_away && self.breaks(Rule::SignInReturn);
        let location = if leads_away {
            "//other-site.example/"
        } else {
            "/"
        };
        let mut response = see_other(location, !self.breaks(Rule::SignInClears));
        let attributes = if self.breaks(Rule::SessionCookie) {
            "Path=/; SameSite=Lax"
        } else {
            "Path=/; SameSite=Lax; HttpOnly"
        };
        let cookie = format!("session={}; {attributes}", self.signed_in);
        let headers = response.headers_mut();
        headers.insert(header::SET_COOKIE, cookie.parse().unwrap());
        response
    }
}

fn failure(status: u16) -> Response {
    let body = json!({ "code": status, "msg": "no" });
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

fn see_other(location: &str, clears: bool) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    if clears {
        let value = "\"cache\"".parse().unwrap();
        response.headers_mut().insert("clear-site-data", value);
    }
    response
}
