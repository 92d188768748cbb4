//! The development server: trunk with live reload, in front of the development console.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::examples::Example;
use crate::process::{Group, TemporaryFile};
use crate::project::Project;
use crate::report::say;
use crate::setup::{self, Purpose, Ready};
use crate::{Failure, Result, process};

/// The page's usual port, as in `Trunk.toml`.
pub(crate) const PORT: u16 = 8080;
/// The development console's usual port, as in `Trunk.toml`'s proxies.
pub(crate) const CONSOLE_PORT: u16 = 8090;

const POLL: Duration = Duration::from_millis(200);

pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) console_port: u16,
    pub(crate) open: bool,
    pub(crate) console_args: Vec<String>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    // Before the long builds: they would have been for nothing.
    check_ports(options)?;
    let ready = setup::run(project, &Purpose::Serve.needs())?;

    say("Building the development console…");
    let mut build = project.cargo();
    build.args(["build", "--package", "dev-console", "--locked"]);
    process::run(&mut build).map_err(|_| {
        Failure::new(
            "The development console does not build: see above, correct it and run this again.",
        )
    })?;
    check_ports(options)?;

    let config = proxy_config(&project.read("Trunk.toml")?, options.console_port)
        .map(|text| {
            // trunk takes the directory of its configuration for the project's, so it has to be
            // beside Trunk.toml. It is written before trunk watches and removed when trunk has
            // ended, so it never causes a build.
            let name = format!(".trunk-serve-{}.toml", options.port);
            TemporaryFile::write(project.root.join(name), &text)
        })
        .transpose()?;
    // A build of its own, so that a release build in dist/ stays, and an empty one, so that what
    // is served is never from last time.
    let dist = project.scratch().join(format!("serve-{}", options.port));
    let _ = std::fs::remove_dir_all(&dist);
    // trunk can be told to ignore dist/ only while there is one.
    std::fs::create_dir_all(&dist)
        .and_then(|()| std::fs::create_dir_all(project.dist()))
        .and_then(|()| std::fs::create_dir_all(project.examples()))
        .map_err(|error| Failure::new(format!("{} cannot be made: {error}.", dist.display())))?;

    let console = Group::start(
        Command::new(project.dev_console())
            .args(["--port", &options.console_port.to_string()])
            .arg("--examples")
            .arg(project.examples())
            .args(&options.console_args)
            .current_dir(&project.root),
    )?;
    say("Building the page (a minute or two the first time)…");
    let mut trunk = ready.trunk(project);
    trunk.args(["serve", "--skip-version-check", "--address", "127.0.0.1"]);
    trunk.args(["--port", &options.port.to_string()]);
    // Looking up names for the address takes long where there is no network.
    trunk.arg("--disable-address-lookup=true");
    trunk.arg("--dist").arg(&dist);
    if options.open {
        trunk.arg("--open");
    }
    if let Some(config) = &config {
        trunk.arg("--config").arg(config.path());
    }
    // The console is on this machine: a proxy that the user has for the internet cannot reach it.
    for name in ["NO_PROXY", "no_proxy"] {
        trunk.env(name, no_proxy(std::env::var(name).ok()));
    }
    let trunk = Group::start(&mut trunk)?;

    let (port, project) = (options.port, project.clone());
    watch(
        options,
        &[("dev-console", &console), ("trunk", &trunk)],
        move || {
            thread::spawn(move || build_examples(&project, &ready, port));
        },
    )
}

/// Builds the examples one by one. The page is there without them, so none of them ends it.
fn build_examples(project: &Project, page: &Ready, port: u16) {
    for example in Example::ALL {
        let name = example.name();
        let built = match example {
            // It needs what the page needs, which is ready.
            Example::Leptos => example.build(project, page),
            _ => setup::run(project, &example.needs().into_iter().collect())
                .and_then(|ready| example.build(project, &ready)),
        };
        match built {
            Ok(()) => say(format!(
                "The example {name}: http://127.0.0.1:{port}/examples/{name}/"
            )),
            Err(Failure(sentence)) => say(format!(
                "There is no example {name}, but all else is served. {sentence}"
            )),
        }
    }
}

/// Says when the page can be opened, and then does what can wait for that; returns when one of the
/// programs ends, which is a failure.
fn watch(options: &Options, programs: &[(&str, &Group)], afterwards: impl FnOnce()) -> Result<()> {
    let mut afterwards = Some(afterwards);
    let mut said_broken = false;
    loop {
        for (name, program) in programs {
            if let Some(status) = program.ended()? {
                return Err(Failure::new(format!(
                    "{name} ended by itself ({}), see above; the rest was ended too.",
                    process::described(status)
                )));
            }
        }
        if afterwards.is_some() {
            match (status(options.port, "/"), status(options.port, "/sign-in")) {
                (Some(200), Some(200)) => {
                    announce(options);
                    if let Some(start) = afterwards.take() {
                        start();
                    }
                }
                // trunk answers only after its first build, also when that failed.
                (Some(404 | 500), _) if !said_broken => {
                    say(
                        "\nThe page does not build: see above. It is built again when you change it.",
                    );
                    said_broken = true;
                }
                _ => {}
            }
        }
        thread::sleep(POLL);
    }
}

fn announce(options: &Options) {
    let port = options.port;
    say(format!(
        "\nReady, and rebuilt whenever a file changes; Ctrl-C ends it.\n\n  \
         The page:     http://127.0.0.1:{port}/\n  \
         Sign in at:   http://127.0.0.1:{port}/sign-in\n  \
         Other hosts:  http://127.0.0.1:{port}/sign-in#examples, as soon as they are built\n"
    ));
}

fn check_ports(options: &Options) -> Result<()> {
    if options.port == options.console_port {
        return Err(Failure::new(format!(
            "The page and the development console cannot both have port {}: give one of them another with --port or --console-port.",
            options.port
        )));
    }
    check_port(options.port, "--port")?;
    check_port(options.console_port, "--console-port")
}

fn check_port(port: u16, flag: &str) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // The listener must be gone before the connection is tried, or it would answer itself.
    let bound = TcpListener::bind(address).map(drop);
    let reason = match bound {
        // Some systems let two programs listen when only one of them names the address.
        Ok(()) if TcpStream::connect_timeout(&address, POLL).is_err() => return Ok(()),
        Ok(()) => "is taken by another program".to_owned(),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            "is taken by another program".to_owned()
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            "is not allowed to you".to_owned()
        }
        Err(error) => format!("cannot be used ({error})"),
    };
    Err(Failure::new(format!(
        "Port {port} {reason}: end that program, or choose another port with {flag}."
    )))
}

/// The status of a page of trunk's, `None` while nothing answers.
fn status(port: u16, path: &str) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, POLL).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    // trunk answers with the page only who accepts HTML.
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// `Trunk.toml` with its proxies leading to another port; `None` when they already lead there.
fn proxy_config(text: &str, port: u16) -> Option<String> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix("backend") {
            Some(_) => with_port(line, port),
            None => line.to_owned(),
        })
        .collect();
    let changed = lines.iter().map(String::as_str).ne(text.lines());
    changed.then(|| lines.join("\n") + "\n")
}

/// Replaces the port in a line with an address such as "http://127.0.0.1:8090/path".
fn with_port(line: &str, port: u16) -> String {
    let replaced = || {
        let (before, rest) = line.split_once("://")?;
        let (host, rest) = rest.split_once(':')?;
        let path = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        Some(format!("{before}://{host}:{port}{path}"))
    };
    replaced().unwrap_or_else(|| line.to_owned())
}

fn no_proxy(old: Option<String>) -> String {
    let old = old.filter(|old| !old.is_empty());
    old.into_iter()
        .chain(["127.0.0.1".to_owned()])
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK: &str = "[serve]\nport = 8080\n\n[[proxy]]\nbackend = \"http://127.0.0.1:8090/api/v1/\"\nno_redirect = true\n";

    #[test]
    fn the_usual_port_needs_no_configuration_of_its_own() {
        assert_eq!(proxy_config(TRUNK, 8090), None);
    }

    #[test]
    fn another_console_port_changes_only_the_proxies() {
        assert_eq!(
            proxy_config(TRUNK, 9001).as_deref(),
            Some(TRUNK.replace("8090", "9001").as_str())
        );
    }

    #[test]
    fn the_checkouts_own_configuration_follows_the_console_port() {
        let text = include_str!("../../Trunk.toml");
        assert_eq!(proxy_config(text, CONSOLE_PORT), None);
        let changed = proxy_config(text, 9001).unwrap_or_default();
        let backends: Vec<&str> = changed
            .lines()
            .filter(|line| line.starts_with("backend"))
            .collect();
        for path in [
            "api/v1/",
            "sign-in",
            "sign-out",
            "sign-in.css",
            "examples/",
            "demo/",
        ] {
            let backend = format!("backend = \"http://127.0.0.1:9001/{path}\"");
            assert!(backends.contains(&backend.as_str()), "{path}");
        }
        assert!(backends.iter().all(|line| line.contains(":9001/")));
    }

    #[test]
    fn a_taken_port_is_a_sentence_that_names_the_flag() {
        let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) else {
            unreachable!("some port is free");
        };
        let port = listener.local_addr().map_or(0, |address| address.port());
        let sentence = check_port(port, "--port").err().map(|failure| failure.0);
        let sentence = sentence.unwrap_or_default();
        assert!(sentence.contains("is taken") && sentence.contains("--port"));
        drop(listener);
        assert!(check_port(port, "--port").is_ok());
    }

    #[test]
    fn a_users_exceptions_stay() {
        assert_eq!(
            no_proxy(Some("a.example".to_owned())),
            "a.example,127.0.0.1"
        );
        assert_eq!(no_proxy(None), "127.0.0.1");
    }
}
