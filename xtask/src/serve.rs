//! The development server: trunk with live reload, in front of the development console.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::examples::Example;
use crate::process;
use crate::process::Program;
use crate::project::{Project, write};
use crate::report::say;
use crate::setup::{self, Need, Tools, WASM32};

/// The usual ports of the page and of the development console, as in `Trunk.toml`.
const PORT: u16 = 8080;
const CONSOLE_PORT: u16 = 8090;

const POLL: Duration = Duration::from_millis(200);

#[derive(Args)]
pub(crate) struct Options {
    /// The port of the page.
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// The port of the development console, to which the page's requests are passed on.
    #[arg(long, default_value_t = CONSOLE_PORT)]
    console_port: u16,
    /// Open the page in the default browser when it is built.
    #[arg(long)]
    open: bool,
    /// What follows `--` is passed to dev-console, such as `-- --upstream URL`.
    #[arg(last = true, value_name = "DEV-CONSOLE ARGUMENTS")]
    console_args: Vec<String>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    // Before the long builds, which are useless if a port is taken.
    check_port(options.port, "--port")?;
    check_port(options.console_port, "--console-port")?;
    if options.port == options.console_port {
        bail!(
            "The page and the console need two ports: choose another with --port or --console-port.",
        );
    }
    let tools = set_up(project)?;
    // Not dist/, so that a release build is kept. It is emptied, so that no old build is served.
    let dist = project.scratch(&format!("serve-{}", options.port));
    let _ = fs::remove_dir_all(&dist);
    // trunk can only ignore a directory that exists.
    for directory in [&dist, &project.dist(), &project.examples()] {
        fs::create_dir_all(directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
    }
    let mut console = Program::start(
        Command::new(project.dev_console())
            .args(["--port", &options.console_port.to_string()])
            .arg("--examples")
            .arg(project.examples())
            .args(&options.console_args)
            .current_dir(&project.root),
    )?;
    let config = TrunkConfig::write(project, options)?;
    say("Building the page…");
    let mut trunk = tools.trunk(project);
    trunk.arg("serve").arg("--dist").arg(&dist);
    let mut trunk = Program::start(add_flags(&mut trunk, options, config.as_ref()))?;

    // The examples are built beside the two, and end with them.
    thread::scope(|scope| {
        let ended = wait_for_end(
            options,
            [("dev-console", &mut console), ("trunk", &mut trunk)],
            || {
                scope.spawn(|| build_examples(project, &tools, options.port));
            },
        );
        process::stop();
        ended
    })
}

/// Sets up the tools, and compiles what they will be needed for beside that: on a fresh machine both take
/// minutes, and neither keeps two cores busy all the time.
fn set_up(project: &Project) -> Result<Tools> {
    setup::run(project, &BTreeSet::from([Need::Target, Need::Crates]))?;
    thread::scope(|scope| {
        let compiling = scope.spawn(|| compile(project));
        let tools = setup::run(project, &BTreeSet::from([Need::Trunk, Need::WasmBindgen]));
        if tools.is_err() {
            process::stop();
        }
        let compiled = compiling.join();
        let tools = tools?;
        compiled
            .unwrap_or_else(|_| bail!("the development console was not compiled"))
            .map(|()| tools)
    })
}

fn compile(project: &Project) -> Result<()> {
    say("Compiling the development console and the page…");
    let log = project.scratch("serve.log");
    process::run_logged(project.build_console().arg("--locked"), &log, None)
        .context("The development console does not build")?;
    // As trunk does, which has less to do then, and says it where this fails.
    let mut page = project.cargo();
    page.args([
        "build",
        "--locked",
        "--target",
        WASM32,
        "--no-default-features",
        "--bin",
        "element",
    ]);
    let _ = process::run_logged(&mut page, &log, None);
    Ok(())
}

fn add_flags<'a>(
    trunk: &'a mut Command,
    options: &Options,
    config: Option<&TrunkConfig>,
) -> &'a mut Command {
    trunk
        .args(["--skip-version-check", "--address", "127.0.0.1"])
        // Without a network the address lookup takes long.
        .args([
            "--disable-address-lookup=true",
            "--port",
            &options.port.to_string(),
        ]);
    if options.open {
        trunk.arg("--open");
    }
    if let Some(TrunkConfig(file)) = config {
        trunk.arg("--config").arg(file);
    }
    // The console runs on this machine: the user's HTTP proxy cannot reach it.
    for name in ["NO_PROXY", "no_proxy"] {
        let old = env::var(name).unwrap_or_default();
        trunk.env(name, format!("{old},127.0.0.1").trim_start_matches(','));
    }
    trunk
}

/// Builds the examples one by one. A failure is only printed, because the page works without them.
fn build_examples(project: &Project, page_tools: &Tools, port: u16) {
    for example in Example::ALL {
        let name = example.name();
        let built = match example {
            Example::Leptos => example.build(project, page_tools),
            _ => setup::run(project, &example.needs().iter().copied().collect())
                .and_then(|tools| example.build(project, &tools)),
        };
        match built {
            Ok(()) => say(format!(
                "The example {name}: http://127.0.0.1:{port}/examples/{name}/"
            )),
            Err(_) if process::is_stopped() => return,
            Err(error) => say(format!(
                "There is no example {name}, but all else is served: {error:#}"
            )),
        }
    }
}

/// Announces the page once it is served, and then calls `on_ready`. Returns when one of the programs ends.
fn wait_for_end(
    options: &Options,
    mut programs: [(&str, &mut Program); 2],
    on_ready: impl FnOnce(),
) -> Result<()> {
    let mut on_ready = Some(on_ready);
    let mut reported_failure = false;
    loop {
        for (name, program) in &mut programs {
            if let Some(status) = program.exit_status()? {
                bail!("{name} ended by itself ({status}), see above; the rest was ended too.");
            }
        }
        if on_ready.is_some() {
            let page = http_status(options.port, "/");
            if page == Some(200) && http_status(options.port, "/sign-in") == Some(200) {
                announce(options.port);
                if let Some(on_ready) = on_ready.take() {
                    on_ready();
                }
            // trunk answers only after its first build, even if that build failed.
            } else if matches!(page, Some(404 | 500)) && !reported_failure {
                say("\nThe page does not build: see above. It is built again when you change it.");
                reported_failure = true;
            }
        }
        thread::sleep(POLL);
    }
}

fn announce(port: u16) {
    say(format!(
        "\nReady, and rebuilt whenever a file changes; Ctrl-C ends it.\n\n  \
         The page:     http://127.0.0.1:{port}/\n  \
         Sign in at:   http://127.0.0.1:{port}/sign-in\n  \
         Other hosts:  http://127.0.0.1:{port}/sign-in#examples, as soon as they are built\n"
    ));
}

fn check_port(port: u16, flag: &str) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Some systems let two programs listen on a port. The listener is closed before the connection
    // attempt, or it would accept it.
    let reason = match TcpListener::bind(address).map(drop) {
        Ok(()) if TcpStream::connect_timeout(&address, POLL).is_err() => return Ok(()),
        Ok(()) => "is taken by another program".to_owned(),
        Err(error) => format!("cannot be used ({error})"),
    };
    bail!("Port {port} {reason}: choose another with {flag}")
}

/// The HTTP status of a path of trunk's server; `None` without an answer.
fn http_status(port: u16, path: &str) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, POLL).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    // trunk sends the page only if the request accepts HTML.
    let headers = format!("Host: 127.0.0.1:{port}\r\nAccept: text/html\r\nConnection: close");
    write!(stream, "GET {path} HTTP/1.1\r\n{headers}\r\n\r\n").ok()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// trunk's configuration with the proxies on another port than usual. It is removed on drop.
struct TrunkConfig(PathBuf);

impl TrunkConfig {
    /// Writes it beside `Trunk.toml`, since trunk takes its directory as the project's. It is written
    /// before trunk watches and removed after trunk has ended, so it never causes a build.
    fn write(project: &Project, options: &Options) -> Result<Option<Self>> {
        if options.console_port == CONSOLE_PORT {
            return Ok(None);
        }
        let config = Self(
            project
                .root
                .join(format!(".trunk-serve-{}.toml", options.port)),
        );
        write(
            &config.0,
            proxies_on(&project.read("Trunk.toml")?, options.console_port),
        )?;
        Ok(Some(config))
    }
}

impl Drop for TrunkConfig {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn proxies_on(trunk_toml: &str, port: u16) -> String {
    let usual = format!("backend = \"http://127.0.0.1:{CONSOLE_PORT}/");
    trunk_toml.replace(&usual, &format!("backend = \"http://127.0.0.1:{port}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_proxies_of_trunk_toml_follow_the_console_port() {
        let usual = include_str!("../../Trunk.toml");
        let changed = proxies_on(usual, 9001);
        assert!(!changed.contains("8090/"), "a proxy has the usual port");
        assert_eq!(
            changed.matches("backend = ").count(),
            changed.matches(":9001/").count()
        );
        for path in [
            "api/v1/",
            "sign-in",
            "sign-out",
            "sign-in.css",
            "examples/",
            "demo/",
        ] {
            let backend = format!("backend = \"http://127.0.0.1:9001/{path}\"");
            assert!(changed.contains(&backend), "{path}");
        }
    }

    #[test]
    fn a_taken_port_names_the_flag() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let address = listener
            .as_ref()
            .ok()
            .and_then(|listener| listener.local_addr().ok());
        let port = address.map_or(0, |address| address.port());
        let sentence =
            check_port(port, "--port").map_or_else(|error| error.to_string(), |()| String::new());
        assert!(
            sentence.contains("cannot be used") && sentence.contains("--port"),
            "{sentence}"
        );
        drop(listener);
        assert!(check_port(port, "--port").is_ok());
    }
}
