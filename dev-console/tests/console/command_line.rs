use std::net::TcpListener;
use std::process::{Command, Output};

use crate::support::SECRET;

const PASSWORD: &str = "twelve characters";

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dev-console"));
    command.env_remove(dev_console::TOKEN_VARIABLE);
    command.env(dev_console::PASSWORD_VARIABLE, PASSWORD);
    command
}

fn assert_one_error_line(output: &Output, part: &str) {
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    assert!(text.contains(part), "{text}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_taken_port_prints_one_line_that_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let output = command().args(["--port", &port]).output().unwrap();
    assert_one_error_line(
        &output,
        &format!(
            "Port {port} is taken by another program: stop it, or choose another with --port."
        ),
    );
}

#[test]
fn a_dist_without_index_html_prints_one_line() {
    for directory in ["does-not-exist", env!("CARGO_TARGET_TMPDIR")] {
        let output = command()
            .args(["--port", "0", "--dist", directory])
            .output()
            .unwrap();
        assert_one_error_line(&output, "--dist");
    }
}

#[test]
fn examples_that_are_not_a_directory_print_one_line() {
    for path in [
        "does-not-exist",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ] {
        let output = command()
            .args(["--port", "0", "--examples", path])
            .output()
            .unwrap();
        assert_one_error_line(&output, "--examples");
    }
}

#[test]
fn upstream_requires_a_valid_token_and_address() {
    let upstream = ["--port", "0", "--upstream", "https://api.example/api/v1"];
    for token in [
        None,
        Some(""),
        Some("two words"),
        Some("nineteen-characters"),
    ] {
        let mut command = command();
        if let Some(token) = token {
            command.env(dev_console::TOKEN_VARIABLE, token);
        }
        let output = command.args(upstream).output().unwrap();
        assert_one_error_line(&output, "CRAWLORA_JWT");
    }
    for unusable in [
        "nonsense",
        "ftp://api.example/",
        "https://me:hidden@api.example/",
    ] {
        let output = command()
            .env(dev_console::TOKEN_VARIABLE, SECRET)
            .args(["--port", "0", "--upstream", unusable])
            .output()
            .unwrap();
        assert_one_error_line(&output, "--upstream");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains(SECRET) && !text.contains("hidden"), "{text}");
    }
}

/// What may be meant, and is dangerous when it is not, is named.
#[test]
fn what_is_dangerous_must_be_allowed() {
    let refused: [(&[&str], &str); 6] = [
        (&["--host", "0.0.0.0"], "--allow-remote-clients"),
        (&["--host", "::"], "--allow-remote-clients"),
        (
            &[
                "--host",
                "0.0.0.0",
                "--public-url",
                "https://console.example",
            ],
            "--allow-remote-clients",
        ),
        (
            &["--host", "0.0.0.0", "--allow-remote-clients"],
            "--public-url",
        ),
        (
            &["--upstream", "http://api.example/api/v1"],
            "--allow-unencrypted-upstream",
        ),
        (
            &["--upstream", "https://api.example/api/v1"],
            "--allow-no-password",
        ),
    ];
    for (arguments, flag) in refused {
        let mut command = command();
        command.env(dev_console::TOKEN_VARIABLE, SECRET);
        if flag == "--allow-no-password" {
            command.env_remove(dev_console::PASSWORD_VARIABLE);
        }
        let output = command.args(["--port", "0"]).args(arguments).output();
        assert_one_error_line(&output.unwrap(), flag);
    }
    let output = command()
        .env(dev_console::TOKEN_VARIABLE, SECRET)
        .env(dev_console::PASSWORD_VARIABLE, "eleven char")
        .args(["--port", "0", "--upstream", "https://api.example/api/v1"])
        .output()
        .unwrap();
    assert_one_error_line(&output, "CONSOLE_PASSWORD");
}

#[cfg(unix)]
pub(crate) mod running {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    use reqwest::{Method, StatusCode};

    use super::*;
    use crate::support::{Answer, Browser, EVENTS};

    pub(crate) struct Started {
        pub(crate) child: Child,
        output: BufReader<std::process::ChildStdout>,
        pub(crate) url: String,
    }

    fn start(command: &mut Command) -> Started {
        start_command(command.args(["--port", "0"]))
    }

    pub(crate) fn start_command(command: &mut Command) -> Started {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let url = line
            .trim_end()
            .strip_prefix("Development console at ")
            .unwrap()
            .to_owned();
        Started { child, output, url }
    }

    /// Sends the signal, waits for the end, and returns the output on standard error.
    pub(crate) fn end(started: Started, signal: &str) -> String {
        end_within(started, signal, Duration::from_secs(3))
    }

    fn end_within(mut started: Started, signal: &str, most: Duration) -> String {
        let start = Instant::now();
        let id = started.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let status = started.child.wait().unwrap();
        assert!(status.success(), "{status}");
        assert!(start.elapsed() < most, "{:?}", start.elapsed());
        let mut rest = String::new();
        started.output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line on standard output");
        let mut errors = String::new();
        started
            .child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        errors
    }

    #[test]
    fn prints_its_address_and_stops_on_sigint_and_sigterm() {
        for signal in ["-INT", "-TERM"] {
            let started = start(&mut command());
            let port = started
                .url
                .trim_end_matches('/')
                .rsplit(':')
                .next()
                .unwrap();
            assert!(
                started.url.starts_with("http://127.0.0.1:") && port != "0",
                "{}",
                started.url
            );
            assert_eq!(end(started, signal), "");
        }
    }

    #[tokio::test]
    async fn output_does_not_contain_the_token() {
        let upstream = crate::support::unreachable_upstream();
        let started = start(
            command()
                .env(dev_console::TOKEN_VARIABLE, SECRET)
                .args(["--upstream", &upstream]),
        );
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        dev_console::install_tls_provider();
        let client = client.build().unwrap();
        let form = [("account", "crawlora"), ("password", PASSWORD)];
        let answer = client
            .post(format!("{}sign-in", started.url))
            .header("sec-fetch-site", "same-origin")
            .form(&form)
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"].clone();
        let events = format!("{}api/v1/referrals/me/events", started.url);
        let answer = client
            .get(events)
            .header("cookie", cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 502);
        let printed = end(started, "-TERM");
        assert!(printed.contains("upstream_unreachable"), "{printed}");
        assert!(printed.contains("Connection refused"), "{printed}");
        assert!(!printed.contains(PASSWORD), "{printed}");
        assert!(!printed.contains(SECRET), "{printed}");
    }

    #[tokio::test]
    async fn what_is_allowed_is_done() {
        let started = start(
            command()
                .env(dev_console::TOKEN_VARIABLE, SECRET)
                .env_remove(dev_console::PASSWORD_VARIABLE)
                .args(["--upstream", "http://192.0.2.1/api/v1"])
                .args([
                    "--host",
                    "0.0.0.0",
                    "--public-url",
                    "https://console.example",
                ])
                .args(["--allow-remote-clients", "--allow-unencrypted-upstream"])
                .arg("--allow-no-password"),
        );
        let url = started.url.replace("0.0.0.0", "127.0.0.1");
        let answer = Browser::at(&url).get("/healthz").await;
        assert_eq!(answer.status, StatusCode::OK);
        end(started, "-TERM");
    }

    /// Kills lost what was under way: each of these requests costs its user a credit.
    #[tokio::test]
    async fn sigterm_finishes_requests_under_way_and_takes_no_new_ones() {
        let started = start(&mut command());
        let mut browser = Browser::at(&started.url);
        let mut waiting = Vec::new();
        browser.sign_in(&[("account", "slow")]).await;
        for _ in 0..5 {
            let browser = browser.clone();
            waiting.push(tokio::spawn(async move { browser.get(EVENTS).await }));
        }
        // Neither a half-open connection nor an idle one holds the end up.
        let address = started.url.replace("http://", "").replace('/', "");
        let mut half_open = TcpStream::connect(&address).unwrap();
        half_open.write_all(b"GET / HTTP/1.1\r\n").unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let ended = tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            (
                end_within(started, "-TERM", Duration::from_secs(8)),
                start.elapsed(),
            )
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(
            TcpStream::connect(&address).is_err(),
            "it takes new connections"
        );
        for answer in waiting {
            let answer = answer.await.unwrap();
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.items(), Some(100));
        }
        let (log, time) = ended.await.unwrap();
        assert!(time > Duration::from_secs(2), "{time:?}");
        assert_eq!(log.matches("status=200").count(), 5, "{log}");
    }

    /// One line for each request, and nothing in it that is a secret or says who somebody is.
    #[tokio::test]
    async fn the_log_has_a_line_for_each_request() {
        let upstream = crate::support::unreachable_upstream();
        let started = start(command().env(dev_console::TOKEN_VARIABLE, SECRET).args([
            "--upstream",
            &upstream,
            "--log",
            "json",
            "--sign-ins",
            "1",
        ]));
        let mut browser = Browser::at(&started.url);
        let form = [("account", "crawlora"), ("password", PASSWORD)];
        browser.sign_in(&form).await;
        let cookie = browser.cookie.clone().unwrap();
        let request = browser.request(
            Method::GET,
            "/api/v1/referrals/me/events?limit=7&code=A1B2C3",
        );
        let request = request
            .header("x-request-id", "req_of_the_test")
            .header("user-agent", "somebody@example.com")
            .header("authorization", "Bearer of-the-browser");
        assert_eq!(Answer::fetch(request).await.status, StatusCode::BAD_GATEWAY);
        let hidden = Answer::fetch(
            browser
                .request(Method::GET, &format!("/none/{SECRET}"))
                .header("x-request-id", SECRET),
        )
        .await;
        assert_ne!(hidden.header("x-request-id"), SECRET);
        let refused = browser.sign_in(&form).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        let log = end(started, "-TERM");
        for secret in [
            SECRET,
            PASSWORD,
            &cookie,
            "A1B2C3",
            "somebody",
            "of-the-browser",
            "127.0.0.1",
        ] {
            assert!(!log.contains(secret), "{secret} in {log}");
        }
        let lines: Vec<serde_json::Value> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let of = |message: &str| {
            let lines = lines.iter().filter(|line| line["message"] == message);
            lines.collect::<Vec<_>>()
        };
        let requests = of("request");
        let [_, failed, missing, limited] = requests.as_slice() else {
            panic!("four requests, not {log}")
        };
        assert_eq!(failed["method"], "GET");
        assert_eq!(failed["path"], "/api/v1/referrals/me/events");
        assert_eq!(failed["status"], 502);
        assert_eq!(failed["request_id"], "req_of_the_test");
        assert!(failed["ms"].is_number());
        assert!(failed["bytes"].as_u64() > Some(50), "{failed}");
        assert_eq!(missing["path"], "(hidden)");
        assert_eq!(limited["status"], 429);
        let [fault] = of("upstream fault")[..] else {
            panic!("one fault, not {log}")
        };
        assert_eq!(fault["level"], "WARN");
        assert_eq!(fault["code"], "upstream_unreachable");
        assert!(
            fault["reason"].as_str().unwrap().contains("refused"),
            "{fault}"
        );
        assert_eq!(fault["request_id"], "req_of_the_test");
        assert_eq!(of("the limit of sign-ins was hit").len(), 1);
    }
}
