//! The development server: trunk with live reload, in front of the development console.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::process::Running;
use crate::project::Project;
use crate::setup::{self, Need};

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
    check_ports(options)?;
    println!("Compiling the development console…");
    // Beside the set-up: where tools are compiled too, neither keeps all cores busy.
    let console = Running::start(project.build_console().arg("--locked"))?;
    setup::set_up(project, [Need::Page])?;
    console
        .wait()
        .context("The development console does not build")?;

    let config = write_config(project, options)?;
    let ended = serve(project, options, &config);
    // After trunk has ended, so that it does not build again.
    let _ = fs::remove_file(config);
    ended
}

/// Fails if a port is taken, before the long builds that would be useless.
fn check_ports(options: &Options) -> Result<()> {
    let listen = |port, flag| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("Port {port} cannot be used: choose another with {flag}"))
    };
    let _page = listen(options.port, "--port")?;
    let _console = listen(options.console_port, "--console-port")?;
    Ok(())
}

/// Writes trunk's configuration with the chosen ports: beside `Trunk.toml`, since trunk takes
/// its directory as the project's.
fn write_config(project: &Project, options: &Options) -> Result<PathBuf> {
    let name = format!(".trunk-serve-{}.toml", options.port);
    let config = project.root.join(name);
    let text = proxies_on(
        &project.read("Trunk.toml")?,
        options.port,
        options.console_port,
    );
    fs::write(&config, text).with_context(|| format!("{} cannot be written", config.display()))?;
    Ok(config)
}

fn proxies_on(trunk_toml: &str, port: u16, console_port: u16) -> String {
    let backend = |port| format!("backend = \"http://127.0.0.1:{port}/");
    let host = |port| format!("host = \"127.0.0.1:{port}\"");
    trunk_toml
        .replace(&backend(CONSOLE_PORT), &backend(console_port))
        .replace(&host(PORT), &host(port))
}

/// Runs the console and trunk until one of them ends, and builds the examples once the page is there.
fn serve(project: &Project, options: &Options, config: &Path) -> Result<()> {
    // Not dist/, so that a release build is kept. It is emptied, so that no old build is served.
    let dist = format!("target/xtask/serve-{}", options.port);
    let dist = project.root.join(dist);
    let _ = fs::remove_dir_all(&dist);
    fs::create_dir_all(&dist)?;
    fs::create_dir_all(project.examples())?;
    let mut console = Running::start(
        Command::new(&project.dev_console)
            .args(["--port", &options.console_port.to_string()])
            // Browsers reach the console through trunk.
            .arg(format!("--public-url=http://127.0.0.1:{}", options.port))
            .arg("--examples")
            .arg(project.examples())
            .args(&options.console_args)
            .current_dir(&project.root),
    )?;
    println!("Building the page…");
    let mut trunk = setup::trunk(project)?;
    trunk
        .args(["serve", "--port", &options.port.to_string()])
        .args(options.open.then_some("--open"))
        .arg("--dist")
        .arg(&dist)
        .arg("--config")
        .arg(config);
    let mut trunk = Running::start(&mut trunk)?;
    let mut examples = None;
    loop {
        for (name, program) in [("dev-console", &mut console), ("trunk", &mut trunk)] {
            if let Some(status) = program.exit_status()? {
                bail!("{name} ended by itself ({status}), see above; the rest was ended too.");
            }
        }
        // trunk puts complete builds there, and serves from then on.
        if examples.is_none() && dist.join("index.html").is_file() {
            announce(options.port);
            examples = Some(Running::start(project.cargo().args(["xtask", "examples"]))?);
        }
        thread::sleep(POLL);
    }
}

fn announce(port: u16) {
    println!(
        "\nReady, and rebuilt whenever a file changes; Ctrl-C ends it.\n\n  \
         The page:     http://127.0.0.1:{port}/\n  \
         Sign in at:   http://127.0.0.1:{port}/sign-in\n  \
         Other hosts:  http://127.0.0.1:{port}/examples/html/, and leptos/ and react/ once they are built\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_proxies_of_trunk_toml_follow_the_ports() {
        let usual = include_str!("../../Trunk.toml");
        let changed = proxies_on(usual, 9000, 9001);
        let proxies = usual.matches("[[proxy]]").count();
        assert!(proxies > 0, "there are none");
        assert_eq!(changed.matches("\"http://127.0.0.1:9001/").count(), proxies);
        assert_eq!(changed.matches("\"127.0.0.1:9000\"").count(), proxies);
    }

    /// trunk ends where what it shall not watch is missing.
    #[test]
    fn a_fresh_clone_has_all_that_trunk_ignores() {
        let list = |line: &&str| line.starts_with("ignore = ");
        let ignored = include_str!("../../Trunk.toml").lines().find(list);
        let names = ignored.unwrap_or_default().split('"').skip(1).step_by(2);
        let made = include_str!("../../.gitignore");
        let root = Project::find().expect("a checkout").root;
        assert!(names.clone().count() > 0, "there are none");
        for name in names {
            let is_made = made.lines().any(|line| line.trim_matches('/') == name);
            assert!(root.join(name).exists() && !is_made, "{name}");
        }
    }

    #[test]
    fn a_taken_port_names_the_flag() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let mut options = Options {
            port: taken.local_addr().expect("an address").port(),
            console_port: 0,
            open: false,
            console_args: Vec::new(),
        };
        let sentence = check_ports(&options).expect_err("it is taken").to_string();
        assert!(
            sentence.ends_with("choose another with --port"),
            "{sentence}"
        );
        options.port = 0;
        assert!(check_ports(&options).is_ok());
    }
}
