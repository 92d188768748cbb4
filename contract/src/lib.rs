//! Asks a running console whether it does what `docs/console-contract.md` says.
//!
//! It speaks HTTP as a browser does, and knows nothing of how the console is made. [`check`] says for each
//! [`Rule`] whether it holds. Rules that show only inside the console, such as the limits and the log, are not
//! among them.
//!
//! A check costs the user of the session one credit.

mod ask;

use std::fmt;

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, HOST, LOCATION, ORIGIN, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use reqwest::{Method, Url};

use crate::ask::{Answer, Client, Request};

pub use crate::ask::Unreachable;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Target {
    /// The console's address, such as `https://console.example`.
    pub base: Url,
    /// The path of the API on the console: the page's option `api-base`.
    pub api: String,
    /// A session's cookie, `NAME=VALUE`. Without it, the one that signing in sets.
    pub cookie: Option<String>,
    /// How to sign in.
    pub sign_in: Option<SignIn>,
    /// The path that signs a user out with `POST`.
    pub sign_out: Option<String>,
    /// The path of a page that shows the element.
    pub page: Option<String>,
    /// A path that says in JSON, as the number `requests`, how many requests the session has cost so far.
    pub usage: Option<String>,
}

/// How to sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The path that takes the form with `POST`.
    pub path: String,
    /// The form that signs a user in, as in `account=few`.
    pub form: String,
}

/// What a console must do, as far as it shows from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// No answer of the API is a redirect.
    NoRedirect,
    /// 401 without a session.
    Unauthorized,
    /// Errors have one of the two shapes.
    ErrorShape,
    /// 200 with a session.
    Answer,
    /// The headers that the page reads.
    AnswerHeaders,
    /// The request id, both ways.
    RequestId,
    /// `Cache-Control: no-store`.
    NoStore,
    /// No `Set-Cookie`.
    NoCookie,
    /// No `Access-Control-*`.
    NoCors,
    /// Other sites cannot spend credits.
    CrossSite,
    /// One request up for one down.
    OneForOne,
    /// Another `Host` is refused.
    Host,
    /// The security headers.
    SecurityHeaders,
    /// The policy of the page.
    Policy,
    /// A sign-in that another site started is refused.
    SignInOrigin,
    /// The session's cookie.
    SessionCookie,
    /// `Clear-Site-Data` at sign-in.
    SignInClears,
    /// `return` stays on the console's origin.
    SignInReturn,
    /// Two live sessions are refused.
    TwoSessions,
    /// `Clear-Site-Data` at sign-out.
    SignOutClears,
    /// Signing out ends the session on the server.
    SignOutEnds,
}

impl Rule {
    /// All rules, in the order of a report.
    pub const ALL: [Self; 21] = [
        Self::NoRedirect,
        Self::Unauthorized,
        Self::ErrorShape,
        Self::Answer,
        Self::AnswerHeaders,
        Self::RequestId,
        Self::NoStore,
        Self::NoCookie,
        Self::NoCors,
        Self::CrossSite,
        Self::OneForOne,
        Self::Host,
        Self::SecurityHeaders,
        Self::Policy,
        Self::SignInOrigin,
        Self::SessionCookie,
        Self::SignInClears,
        Self::SignInReturn,
        Self::TwoSessions,
        Self::SignOutClears,
        Self::SignOutEnds,
    ];

    /// The rule in a sentence.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NoRedirect => "No answer of the API is a redirect",
            Self::Unauthorized => "Without a session the answer is 401, whatever else is sent",
            Self::ErrorShape => "Errors are JSON in one of the API's two shapes",
            Self::Answer => "With a session the answer is 200 and the API's JSON",
            Self::AnswerHeaders => "The answer has Content-Type: application/json and Date",
            Self::RequestId => {
                "Every answer of the API has one x-request-id, and the browser's own is passed on"
            }
            Self::NoStore => "No answer of the API may be kept: Cache-Control: no-store",
            Self::NoCookie => "No answer of the API sets a cookie",
            Self::NoCors => "No answer of the API allows another origin",
            Self::CrossSite => "A request that another site started is refused",
            Self::OneForOne => "One request down is one request up, and a refused one is none",
            Self::Host => "A request for another host is refused with 421",
            Self::SecurityHeaders => {
                "Every answer has a policy and nosniff, those to unknown paths included"
            }
            Self::Policy => {
                "The page's policy allows WebAssembly, and neither inline scripts nor eval"
            }
            Self::SignInOrigin => "A sign-in that no page of the console started is refused",
            Self::SessionCookie => {
                "The session's cookie is HttpOnly, SameSite, Path=/, and over https Secure and __Host-"
            }
            Self::SignInClears => "Signing in sends Clear-Site-Data: \"cache\"",
            Self::SignInReturn => "Signing in returns to the console's own origin only",
            Self::TwoSessions => "A request with the cookies of two sessions is refused",
            Self::SignOutClears => "Signing out sends Clear-Site-Data: \"cache\"",
            Self::SignOutEnds => "Signing out ends the session on the server",
        }
    }
}

/// Whether a rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It held for all that was asked.
    Holds,
    /// It did not, for these reasons.
    Broken(Vec<String>),
    /// It cannot be seen from outside, for this reason.
    Unseen(&'static str),
}

/// What is known of all rules.
#[derive(Debug, Clone)]
pub struct Report(Vec<(Rule, Verdict)>);

impl Report {
    fn new() -> Self {
        Self(Rule::ALL.map(|rule| (rule, Verdict::Holds)).to_vec())
    }

    /// Whether no rule is broken.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken().is_empty()
    }

    /// The rules that are broken.
    #[must_use]
    pub fn broken(&self) -> Vec<Rule> {
        self.rules(|verdict| matches!(verdict, Verdict::Broken(_)))
    }

    /// The rules of which nothing was seen.
    #[must_use]
    pub fn unseen(&self) -> Vec<Rule> {
        self.rules(|verdict| matches!(verdict, Verdict::Unseen(_)))
    }

    fn rules(&self, fits: impl Fn(&Verdict) -> bool) -> Vec<Rule> {
        let found = self.0.iter().filter(|(_, verdict)| fits(verdict));
        found.map(|(rule, _)| *rule).collect()
    }

    fn verdict(&mut self, rule: Rule) -> Option<&mut Verdict> {
        let mut entries = self.0.iter_mut();
        Some(&mut entries.find(|(other, _)| *other == rule)?.1)
    }

    fn require(&mut self, rule: Rule, holds: bool, reason: impl FnOnce() -> String) {
        let Some(verdict) = self.verdict(rule).filter(|_| !holds) else {
            return;
        };
        match verdict {
            Verdict::Broken(reasons) => reasons.push(reason()),
            Verdict::Holds | Verdict::Unseen(_) => *verdict = Verdict::Broken(vec![reason()]),
        }
    }

    fn cannot_see(&mut self, rules: &[Rule], reason: &'static str) {
        for rule in rules {
            if let Some(verdict) = self.verdict(*rule)
                && *verdict == Verdict::Holds
            {
                *verdict = Verdict::Unseen(reason);
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rule, verdict) in &self.0 {
            let text = rule.text();
            match verdict {
                Verdict::Holds => writeln!(formatter, "holds   {text}")?,
                Verdict::Unseen(reason) => writeln!(formatter, "unseen  {text}: {reason}")?,
                Verdict::Broken(reasons) => {
                    writeln!(formatter, "BROKEN  {text}")?;
                    for reason in reasons {
                        writeln!(formatter, "          {reason}")?;
                    }
                }
            }
        }
        let count = |rules: Vec<Rule>| rules.len();
        let (broken, unseen) = (count(self.broken()), count(self.unseen()));
        let holds = self.0.len() - broken - unseen;
        writeln!(
            formatter,
            "{holds} rules hold, {broken} are broken, {unseen} cannot be seen from here."
        )
    }
}

/// The request id that every request has.
const REQUEST_ID: &str = "x-request-id";
const OWN_REQUEST_ID: &str = "contract-0123456789";
const OTHER_ORIGIN: &str = "https://other-site.example";

/// Asks a console, and says which rules hold.
///
/// # Errors
/// When the console does not answer.
pub async fn check(target: &Target) -> Result<Report, Unreachable> {
    let client = Client::new(&target.base)?;
    let mut checks = Checks {
        report: Report::new(),
        events: format!("{}/referrals/me/events?limit=100", target.api),
        client,
        target,
    };
    checks.without_session().await?;
    match &target.page {
        Some(page) => checks.pages(page).await?,
        None => checks.report.cannot_see(
            &[Rule::Policy],
            "name the path of a page that shows the element (--page)",
        ),
    }
    let cookie = match &target.sign_in {
        Some(sign_in) => {
            let signed_in = checks.signing_in(sign_in).await?;
            target.cookie.clone().or(signed_in)
        }
        None => {
            checks.report.cannot_see(
                &[
                    Rule::SignInOrigin,
                    Rule::SessionCookie,
                    Rule::SignInClears,
                    Rule::SignInReturn,
                    Rule::TwoSessions,
                ],
                "name the address that signs in (--sign-in) and its form (--form)",
            );
            target.cookie.clone()
        }
    };
    match cookie {
        Some(cookie) => {
            checks.with_session(&cookie).await?;
            checks.signing_out(&cookie).await?;
        }
        None => checks.report.cannot_see(
            &[
                Rule::Answer,
                Rule::AnswerHeaders,
                Rule::OneForOne,
                Rule::SignOutClears,
                Rule::SignOutEnds,
            ],
            "there is no session: name its cookie (--cookie)",
        ),
    }
    Ok(checks.report)
}

struct Checks<'a> {
    report: Report,
    client: Client,
    target: &'a Target,
    /// Path and query of the page's request.
    events: String,
}

impl Checks<'_> {
    async fn ask(&self, request: Request<'_>) -> Result<Answer, Unreachable> {
        self.client.ask(request).await
    }

    /// The page's own request, as the browser sends it.
    fn events(&self) -> Request<'_> {
        Request::new(Method::GET, &self.events)
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header(REQUEST_ID, OWN_REQUEST_ID)
    }

    async fn without_session(&mut self) -> Result<(), Unreachable> {
        for (what, name, value) in [
            ("without a session", "x-none", "none"),
            ("with a made-up cookie", "cookie", "session=made-up"),
            (
                "with an Authorization of its own",
                "authorization",
                "Token made-up",
            ),
        ] {
            let answer = self.ask(self.events().header(name, value)).await?;
            self.api_answer(what, &answer);
            let status = answer.status;
            self.report.require(Rule::Unauthorized, status == 401, || {
                format!("{what} the status is {status}")
            });
            self.error(what, &answer);
        }

        let what = "a link on another site";
        let answer = self
            .ask(self.events().header("sec-fetch-site", "cross-site"))
            .await?;
        self.api_answer(what, &answer);
        self.error(what, &answer);

        let what = "an unknown path of the API";
        let path = format!("{}/no-such-endpoint", self.target.api);
        let request = Request::new(Method::GET, &path).header(REQUEST_ID, OWN_REQUEST_ID);
        let answer = self.ask(request).await?;
        self.api_answer(what, &answer);
        self.error(what, &answer);
        let status = answer.status;
        self.report.require(Rule::ErrorShape, status >= 300, || {
            format!("{what}: it is answered with {status}")
        });

        // What a browser asks before it lets a page of another origin send a header of its own.
        let what = "a preflight of another origin";
        let request = Request::new(Method::OPTIONS, &self.events)
            .header(ORIGIN.as_str(), OTHER_ORIGIN)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", REQUEST_ID);
        let answer = self.ask(request).await?;
        self.api_answer(what, &answer);

        let other_host = self.events().header(HOST.as_str(), "other-host.example");
        let status = self.ask(other_host).await?.status;
        self.report.require(Rule::Host, status == 421, || {
            format!("Host: other-host.example is answered with {status}")
        });
        Ok(())
    }

    /// What holds for every answer below the API's path.
    fn api_answer(&mut self, what: &str, answer: &Answer) {
        let status = answer.status;
        self.report
            .require(Rule::NoRedirect, !(300..400).contains(&status), || {
                format!("{what}: {status}")
            });
        let cache = answer.header(CACHE_CONTROL.as_str());
        let kept_nowhere = cache.split(',').any(|word| word.trim() == "no-store");
        self.report.require(Rule::NoStore, kept_nowhere, || {
            format!("{what}: Cache-Control is {cache:?}")
        });
        let cookie = answer.has(SET_COOKIE.as_str());
        // Its value is a secret.
        self.report
            .require(Rule::NoCookie, !cookie, || format!("{what}: Set-Cookie"));
        for name in [
            ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ] {
            let value = answer.header(name.as_str());
            self.report.require(Rule::NoCors, value.is_empty(), || {
                format!("{what}: {name}: {value}")
            });
        }
        let ids = answer.count(REQUEST_ID);
        self.report.require(Rule::RequestId, ids == 1, || {
            format!("{what}: x-request-id stands {ids} times")
        });
        self.any_answer(what, answer);
    }

    /// What holds for every answer.
    fn any_answer(&mut self, what: &str, answer: &Answer) {
        let has_policy = answer.has(CONTENT_SECURITY_POLICY.as_str());
        self.report.require(Rule::SecurityHeaders, has_policy, || {
            format!("{what}: no Content-Security-Policy")
        });
        let sniffs = answer.header(X_CONTENT_TYPE_OPTIONS.as_str());
        self.report
            .require(Rule::SecurityHeaders, sniffs == "nosniff", || {
                format!("{what}: X-Content-Type-Options is {sniffs:?}")
            });
    }

    fn error(&mut self, what: &str, answer: &Answer) {
        let problem = error_problem(answer);
        self.report
            .require(Rule::ErrorShape, problem.is_none(), || {
                format!("{what}: {}", problem.unwrap_or_default())
            });
    }

    async fn pages(&mut self, path: &str) -> Result<(), Unreachable> {
        let page = self.ask(Request::new(Method::GET, path)).await?;
        self.any_answer("the page", &page);
        let policies = page.all(CONTENT_SECURITY_POLICY.as_str());
        let problems = policy_problems(&policies);
        for problem in problems {
            self.report.require(Rule::Policy, false, || problem);
        }
        let missing = self
            .ask(Request::new(Method::GET, "/no-such-page-0123456789"))
            .await?;
        self.any_answer("an unknown page", &missing);
        Ok(())
    }

    /// Signs in twice, and returns the first session's cookie.
    async fn signing_in(&mut self, sign_in: &SignIn) -> Result<Option<String>, Unreachable> {
        for (what, signal) in [
            ("without Origin and Sec-Fetch-Site", None),
            (
                "with the Origin of another site",
                Some((ORIGIN.as_str(), OTHER_ORIGIN)),
            ),
            (
                "with Sec-Fetch-Site: cross-site",
                Some(("sec-fetch-site", "cross-site")),
            ),
        ] {
            let mut request = Request::new(Method::POST, &sign_in.path).form(&sign_in.form);
            if let Some((name, value)) = signal {
                request = request.header(name, value);
            }
            let answer = self.ask(request).await?;
            let is_refused = answer.status == 403 && !answer.has(SET_COOKIE.as_str());
            self.report.require(Rule::SignInOrigin, is_refused, || {
                format!("{what} the status is {}", answer.status)
            });
        }

        let origin = self.client.origin.clone();
        let mut cookies = Vec::new();
        for leads in ["/", "//other-site.example/", "/\\other-site.example"] {
            let separator = if sign_in.form.is_empty() { "" } else { "&" };
            let form = format!("{}{separator}return={}", sign_in.form, ask::encode(leads));
            let request = Request::new(Method::POST, &sign_in.path)
                .form(&form)
                .header(ORIGIN.as_str(), &origin);
            let answer = self.ask(request).await?;
            let location = answer.header(LOCATION.as_str());
            let stays = location.is_empty() || self.client.is_own(location);
            self.report.require(Rule::SignInReturn, stays, || {
                format!("return={leads} leads to {location}")
            });
            let clears = clears_cache(&answer);
            self.report.require(Rule::SignInClears, clears, || {
                format!("status {}, no Clear-Site-Data", answer.status)
            });
            let set = answer.all(SET_COOKIE.as_str());
            let problems = cookie_problems(&set, self.client.is_https());
            for problem in problems {
                self.report.require(Rule::SessionCookie, false, || problem);
            }
            let pairs = set.iter().filter_map(|cookie| cookie.split(';').next());
            cookies.push(pairs.collect::<Vec<_>>().join("; "));
        }
        cookies.retain(|cookie| !cookie.is_empty());

        if let [first, second, ..] = &cookies[..] {
            let both = format!("{first}; {second}");
            let request = self.events().header("cookie", &both);
            let status = self.ask(request).await?.status;
            let is_refused = (400..500).contains(&status);
            self.report.require(Rule::TwoSessions, is_refused, || {
                format!("the status is {status}")
            });
        }
        // Those that are not needed do not stay signed in.
        for cookie in cookies.iter().skip(1) {
            if let Some(path) = &self.target.sign_out {
                self.sign_out(path, cookie).await?;
            }
        }
        Ok(cookies.into_iter().next())
    }

    async fn with_session(&mut self, cookie: &str) -> Result<(), Unreachable> {
        let before = self.requests_sent(cookie).await?;
        let what = "with a session";
        let answer = self.ask(self.events().header("cookie", cookie)).await?;
        self.api_answer(what, &answer);
        let status = answer.status;
        self.report.require(Rule::Answer, status == 200, || {
            format!("the status is {status}")
        });
        let has_data = answer.json().is_some_and(|body| body["data"].is_object());
        self.report.require(Rule::Answer, has_data, || {
            "the body is not JSON with an object `data`".to_owned()
        });
        let kind = answer.header(CONTENT_TYPE.as_str());
        let is_json = kind.split(';').next() == Some("application/json");
        self.report.require(Rule::AnswerHeaders, is_json, || {
            format!("Content-Type is {kind:?}")
        });
        let has_date = answer.has(DATE.as_str());
        self.report
            .require(Rule::AnswerHeaders, has_date, || "no Date".to_owned());
        let id = answer.header(REQUEST_ID);
        self.report
            .require(Rule::RequestId, id == OWN_REQUEST_ID, || {
                format!("{OWN_REQUEST_ID} was sent, and {id:?} came back")
            });
        let after = self.requests_sent(cookie).await?;

        for site in ["cross-site", "same-site"] {
            let request = self.events().header("cookie", cookie);
            let answer = self.ask(request.header("sec-fetch-site", site)).await?;
            let status = answer.status;
            self.api_answer(site, &answer);
            self.report
                .require(Rule::CrossSite, (400..500).contains(&status), || {
                    format!("Sec-Fetch-Site: {site} is answered with {status}")
                });
        }
        let in_the_end = self.requests_sent(cookie).await?;
        match (before, after, in_the_end) {
            (Some(before), Some(after), Some(in_the_end)) => {
                self.report
                    .require(Rule::OneForOne, after == before + 1, || {
                        format!("one request made {}", after.abs_diff(before))
                    });
                self.report
                    .require(Rule::OneForOne, in_the_end == after, || {
                        format!("refused requests made {}", in_the_end.abs_diff(after))
                    });
            }
            _ if self.target.usage.is_some() => {
                self.report.require(Rule::OneForOne, false, || {
                    "the usage has no number `requests`".to_owned()
                });
            }
            _ => self.report.cannot_see(
                &[Rule::OneForOne],
                "name an address that counts the requests (--usage), or look into the API's log",
            ),
        }
        Ok(())
    }

    /// How many requests the session has cost.
    async fn requests_sent(&self, cookie: &str) -> Result<Option<u64>, Unreachable> {
        let Some(path) = &self.target.usage else {
            return Ok(None);
        };
        let request = Request::new(Method::GET, path).header("cookie", cookie);
        let usage = self.ask(request).await?.json();
        Ok(usage.and_then(|usage| usage["requests"].as_u64()))
    }

    async fn sign_out(&self, path: &str, cookie: &str) -> Result<Answer, Unreachable> {
        let request = Request::new(Method::POST, path).form("");
        let request = request.header("cookie", cookie);
        self.ask(request.header(ORIGIN.as_str(), &self.client.origin))
            .await
    }

    async fn signing_out(&mut self, cookie: &str) -> Result<(), Unreachable> {
        let Some(path) = &self.target.sign_out else {
            self.report.cannot_see(
                &[Rule::SignOutClears, Rule::SignOutEnds],
                "name the address that signs out (--sign-out)",
            );
            return Ok(());
        };
        let answer = self.sign_out(path, cookie).await?;
        let clears = clears_cache(&answer);
        self.report.require(Rule::SignOutClears, clears, || {
            format!("status {}, no Clear-Site-Data", answer.status)
        });
        let again = self.ask(self.events().header("cookie", cookie)).await?;
        self.report
            .require(Rule::SignOutEnds, again.status == 401, || {
                format!("its cookie is answered with {}", again.status)
            });
        Ok(())
    }
}

fn clears_cache(answer: &Answer) -> bool {
    let header = answer.header("clear-site-data");
    header.contains("\"cache\"") || header.contains("\"*\"")
}

/// What is wrong with an error; `None` where it has one of the API's shapes.
fn error_problem(answer: &Answer) -> Option<String> {
    let status = answer.status;
    if status < 400 {
        // Whether there should have been an error is another rule's question.
        return None;
    }
    let Some(body) = answer.json() else {
        return Some(format!("the body of {status} is not JSON"));
    };
    let is_plain = body["code"] == status && body["msg"].is_string();
    let error = &body["error"];
    let is_structured = error["code"].is_string() && error["message"].is_string();
    (!is_plain && !is_structured).then(|| {
        format!("the body of {status} has neither {{code, msg}} nor {{error: {{code, message}}}}")
    })
}

/// The values of a directive in the first policy that has it.
fn directive<'a>(policies: &'a [String], name: &str) -> Option<Vec<&'a str>> {
    let directives = policies.iter().flat_map(|policy| policy.split([';', ',']));
    directives
        .filter_map(|directive| {
            let mut words = directive.split_whitespace();
            words
                .next()?
                .eq_ignore_ascii_case(name)
                .then(|| words.collect())
        })
        .next()
}

/// What is wrong with the policy of a page.
fn policy_problems(policies: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    let scripts = directive(policies, "script-src");
    let scripts = scripts.or_else(|| directive(policies, "default-src"));
    let scripts = scripts.unwrap_or_default();
    if scripts.is_empty() {
        problems.push("neither script-src nor default-src".to_owned());
        return problems;
    }
    for word in &scripts {
        let is_wide = [
            "'unsafe-inline'",
            "'unsafe-eval'",
            "*",
            "http:",
            "https:",
            "data:",
            "blob:",
        ];
        if is_wide.contains(&word.to_ascii_lowercase().as_str()) {
            problems.push(format!("script-src allows {word}"));
        }
    }
    if !scripts.contains(&"'wasm-unsafe-eval'") {
        problems.push("script-src lacks 'wasm-unsafe-eval', which the page needs".to_owned());
    }
    for (name, wanted) in [
        ("base-uri", "a <base> could lead to other files"),
        ("frame-ancestors", "other sites could frame the page"),
    ] {
        let words = directive(policies, name).unwrap_or_default();
        if words.is_empty() || words.contains(&"*") {
            problems.push(format!("{name} is missing or *: {wanted}"));
        }
    }
    problems
}

/// What is wrong with the cookies that a sign-in sets: of one whose attributes are right, nothing.
fn cookie_problems(cookies: &[String], https: bool) -> Vec<String> {
    if cookies.is_empty() {
        return vec!["signing in sets no cookie".to_owned()];
    }
    let mut problems = Vec::new();
    for cookie in cookies {
        let mut parts = cookie.split(';').map(str::trim);
        let name = parts.next().and_then(|pair| pair.split('=').next());
        let name = name.unwrap_or_default();
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
        let mut require = |holds: bool, wanted: &str| {
            if !holds {
                problems.push(format!("{name} lacks {wanted}"));
            }
        };
        require(has("httponly"), "HttpOnly");
        require(has("samesite=lax") || has("samesite=strict"), "SameSite");
        require(has("path=/"), "Path=/");
        if https {
            require(has("secure"), "Secure");
            require(name.starts_with("__Host-"), "the prefix __Host-");
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secure_console_has_a_cookie_that_no_other_host_can_plant() {
        let good = "__Host-session=1; Path=/; HttpOnly; SameSite=Lax; Secure".to_owned();
        assert!(cookie_problems(std::slice::from_ref(&good), true).is_empty());
        for part in [
            "__Host-",
            " Path=/;",
            " HttpOnly;",
            " SameSite=Lax;",
            " Secure",
        ] {
            let bad = good.replace(part, "");
            assert_eq!(cookie_problems(&[bad], true).len(), 1, "{part}");
        }
        assert_eq!(cookie_problems(&[], true).len(), 1);
    }

    #[test]
    fn a_policy_is_read_as_a_browser_reads_it() {
        let good = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; frame-ancestors 'self'";
        let problems = |policy: &str| policy_problems(&[policy.to_owned()]);
        assert_eq!(problems(good), Vec::<String>::new());
        assert_eq!(policy_problems(&[]).len(), 1);
        assert_eq!(problems("default-src 'self'").len(), 3);
        for (from, to) in [
            ("'self' 'wasm", "'UNSAFE-INLINE' 'wasm"),
            (" 'wasm-unsafe-eval'", ""),
            ("base-uri 'none'", "x"),
            ("frame-ancestors 'self'", "frame-ancestors *"),
        ] {
            assert_eq!(problems(&good.replace(from, to)).len(), 1, "{from}");
        }
    }
}
