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

#[cfg(unix)]
mod running {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    struct Started {
        child: Child,
        output: BufReader<std::process::ChildStdout>,
        url: String,
    }

    fn start(command: &mut Command) -> Started {
        let mut child = command
            .args(["--port", "0"])
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
    fn end(mut started: Started, signal: &str) -> String {
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
        assert!(start.elapsed() < Duration::from_secs(3));
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
}
