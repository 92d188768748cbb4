//! The development server: trunk with live reload, in front of the development console.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::examples::Example;
use crate::process::{ProcessGroup, TemporaryFile};
use crate::project::Project;
use crate::report::say;
use crate::setup::{self, Purpose, Tools};
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
    // Check before the long builds, which are useless if a port is taken.
    check_ports(options)?;
    let tools = setup::run(project, &Purpose::Serve.needs())?;

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
            // trunk uses the directory of its configuration as the project's directory, so the file
            // must be beside Trunk.toml. It is written before trunk watches and removed after trunk
            // has ended, so it never causes a build.
            let name = format!(".trunk-serve-{}.toml", options.port);
            TemporaryFile::write(project.root.join(name), &text)
        })
        .transpose()?;
    // A separate directory, so that a release build in dist/ is kept. It is emptied, so that no old
    // build is served.
    let dist = project.scratch().join(format!("serve-{}", options.port));
    let _ = std::fs::remove_dir_all(&dist);
    // trunk can ignore dist/ only if it exists.
    std::fs::create_dir_all(&dist)
        .and_then(|()| std::fs::create_dir_all(project.dist()))
        .and_then(|()| std::fs::create_dir_all(project.examples()))
        .map_err(|error| Failure::new(format!("{} cannot be made: {error}.", dist.display())))?;

    let console = ProcessGroup::start(
        Command::new(project.dev_console())
            .args(["--port", &options.console_port.to_string()])
            .arg("--examples")
            .arg(project.examples())
            .args(&options.console_args)
            .current_dir(&project.root),
    )?;
    say("Building the page (a minute or two the first time)…");
    let mut trunk = tools.trunk(project);
    trunk.args(["serve", "--skip-version-check", "--address", "127.0.0.1"]);
    trunk.args(["--port", &options.port.to_string()]);
    // Without a network the address lookup takes long.
    trunk.arg("--disable-address-lookup=true");
    trunk.arg("--dist").arg(&dist);
    if options.open {
        trunk.arg("--open");
    }
    if let Some(config) = &config {
        trunk.arg("--config").arg(config.path());
    }
    // The console runs on this machine: the user's HTTP proxy cannot reach it.
    for name in ["NO_PROXY", "no_proxy"] {
        trunk.env(name, no_proxy(std::env::var(name).ok()));
    }
    let trunk = ProcessGroup::start(&mut trunk)?;

    let (port, project) = (options.port, project.clone());
    watch_programs(
        options,
        &[("dev-console", &console), ("trunk", &trunk)],
        move || {
            thread::spawn(move || build_examples(&project, &tools, port));
        },
    )
}

/// Builds the examples one by one. A failure is only printed, because the page works without them.
fn build_examples(project: &Project, page_tools: &Tools, port: u16) {
    for example in Example::ALL {
        let name = example.name();
        let built = match example {
            // It needs only the tools of the page, which are set up.
            Example::Leptos => example.build(project, page_tools),
            _ => setup::run(project, &example.needs().into_iter().collect())
                .and_then(|tools| example.build(project, &tools)),
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

/// Announces the page once it is served, and then calls `on_ready`. Returns an error when one of the
/// programs ends.
fn watch_programs(
    options: &Options,
    programs: &[(&str, &ProcessGroup)],
    on_ready: impl FnOnce(),
) -> Result<()> {
    let mut on_ready = Some(on_ready);
    let mut reported_failure = false;
    loop {
        for (name, program) in programs {
            if let Some(status) = program.exit_status()? {
                return Err(Failure::new(format!(
                    "{name} ended by itself ({}), see above; the rest was ended too.",
                    process::describe_status(status)
                )));
            }
        }
        if on_ready.is_some() {
            match (
                http_status(options.port, "/"),
                http_status(options.port, "/sign-in"),
            ) {
                (Some(200), Some(200)) => {
                    announce(options);
                    if let Some(start) = on_ready.take() {
                        start();
                    }
                }
                // trunk answers only after its first build, even if that build failed.
                (Some(404 | 500), _) if !reported_failure => {
                    say(
                        "\nThe page does not build: see above. It is built again when you change it.",
                    );
                    reported_failure = true;
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
    // The listener must be closed before the connection attempt, or it would accept it.
    let bound = TcpListener::bind(address).map(drop);
    let reason = match bound {
        // Some systems let two programs listen on a port if only one of them names the address.
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

/// The HTTP status of a path of trunk's server; `None` without an answer.
fn http_status(port: u16, path: &str) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, POLL).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    // trunk sends the page only if the request accepts HTML.
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// `Trunk.toml` with its proxies on another port; `None` when they already use it.
fn proxy_config(text: &str, port: u16) -> Option<String> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix("backend") {
            Some(_) => replace_port(line, port),
            None => line.to_owned(),
        })
        .collect();
    let changed = lines.iter().map(String::as_str).ne(text.lines());
    changed.then(|| lines.join("\n") + "\n")
}

/// Replaces the port in a line with an address such as "http://127.0.0.1:8090/path".
fn replace_port(line: &str, port: u16) -> String {
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
    fn the_default_port_needs_no_extra_configuration() {
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
    fn all_proxies_of_trunk_toml_follow_the_console_port() {
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
    fn a_taken_port_names_the_flag() {
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
    fn no_proxy_keeps_the_users_entries() {
        assert_eq!(
            no_proxy(Some("a.example".to_owned())),
            "a.example,127.0.0.1"
        );
        assert_eq!(no_proxy(None), "127.0.0.1");
    }
}
