//! Starts programs, waits for them and ends them.
//!
//! Each program leads a process group, so that what it starts (trunk starts cargo, cargo starts rustc)
//! ends with it. Ctrl-C therefore reaches only xtask: whoever waits for a program notices it, returns an
//! error, and the program is ended when it is dropped.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::report::{self, say};

/// How often Ctrl-C was pressed, or a signal asked this program to end.
static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);
/// Whether every wait for a program is to end.
static STOPPED: AtomicBool = AtomicBool::new(false);

const POLL: Duration = Duration::from_millis(25);
/// How often a long, silent step prints a line.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a program may take to end after an interrupt.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(5);
/// A program that takes longer hangs. It is twice what the slowest step takes on two cores.
pub(crate) const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Makes Ctrl-C, a termination signal and a closed terminal end whatever waits for a program.
pub(crate) fn watch_signals() {
    // Without the handler the signal ends only this program.
    let _ = ctrlc::set_handler(|| {
        INTERRUPTS.fetch_add(1, Ordering::SeqCst);
        stop();
    });
}

/// Makes every wait for a program end.
pub(crate) fn stop() {
    STOPPED.store(true, Ordering::SeqCst);
}

pub(crate) fn is_stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

pub(crate) fn is_interrupted() -> bool {
    INTERRUPTS.load(Ordering::SeqCst) > 0
}

/// A running program and its descendants. They are ended on drop.
pub(crate) struct Program {
    child: Box<dyn ChildWrapper>,
    command: String,
}

impl Program {
    /// Starts a program without standard input, because no command is interactive.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        if is_stopped() {
            bail!("Nothing is started any more");
        }
        let line = command_line(command);
        let mut wrap = CommandWrap::from(std::mem::replace(command, Command::new("")));
        wrap.command_mut().stdin(Stdio::null());
        #[cfg(unix)]
        wrap.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrap.wrap(process_wrap::std::JobObject);
        let child = wrap
            .spawn()
            .with_context(|| format!("`{line}` cannot be started"))?;
        Ok(Self {
            child,
            command: line,
        })
    }

    /// The exit status, if the program has ended.
    pub(crate) fn exit_status(&mut self) -> Result<Option<ExitStatus>> {
        if is_stopped() {
            bail!("`{}` was interrupted", self.command);
        }
        self.child
            .try_wait()
            .with_context(|| format!("`{}` is lost", self.command))
    }

    /// Waits for the program to succeed within the limit.
    pub(crate) fn wait(
        mut self,
        limit: Duration,
        mut heartbeat: impl FnMut(Duration),
    ) -> Result<()> {
        let start = Instant::now();
        let mut next = HEARTBEAT;
        loop {
            let what = match self.exit_status()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => format!("ended with {status}"),
                None if start.elapsed() > limit => "did not end in time".to_owned(),
                None => {
                    if start.elapsed() > next {
                        heartbeat(next);
                        next += HEARTBEAT;
                    }
                    thread::sleep(POLL);
                    continue;
                }
            };
            bail!("`{}` {what}", self.command);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An interrupt first: at that Playwright ends its browsers, and cargo its compilers.
        #[cfg(unix)]
        if matches!(self.child.try_wait(), Ok(None)) && self.child.signal(2).is_ok() {
            let (start, interrupts) = (Instant::now(), INTERRUPTS.load(Ordering::SeqCst));
            // Another Ctrl-C skips the waiting.
            while matches!(self.child.try_wait(), Ok(None))
                && start.elapsed() < GRACE
                && INTERRUPTS.load(Ordering::SeqCst) == interrupts
            {
                thread::sleep(POLL);
            }
        }
        // What is left of the group.
        let _ = self.child.start_kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end and shows its output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    Program::start(command)?.wait(LIMIT, |_| ())
}

/// Runs a program with its output in a log file and a line every 20 seconds. If it fails, the end of the log
/// is shown.
pub(crate) fn run_logged(command: &mut Command, log: &Path, limit: Option<Duration>) -> Result<()> {
    let last_lines = |count: usize| {
        let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        lines[lines.len().saturating_sub(count)..].join("\n")
    };
    log_to(command, log)?;
    let program = Program::start(command)?;
    program
        .wait(limit.unwrap_or(LIMIT), |time| {
            say(format!(
                "  {} … {}",
                report::duration(time),
                last_lines(1).trim()
            ));
        })
        .inspect_err(|_| say(last_lines(20)))
        .with_context(|| format!("see {}", log.display()))
}

/// Sends a command's output to a file.
pub(crate) fn log_to(command: &mut Command, log: &Path) -> Result<()> {
    let open = || -> io::Result<(File, File)> {
        fs::create_dir_all(log.parent().unwrap_or(log))?;
        let file = File::create(log)?;
        Ok((file.try_clone()?, file))
    };
    let (out, err) = open().with_context(|| format!("{} cannot be written", log.display()))?;
    command.stdout(out).stderr(err);
    Ok(())
}

/// What a quick program prints to standard output, trimmed; `None` when it fails.
pub(crate) fn stdout_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first program of this name on PATH. A whole path stays as it is.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(&file))
        .find(|path| path.is_file())
}

/// The value of PATH with these directories in front.
pub(crate) fn path_with(first: &[PathBuf]) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&old));
    // Fails if a directory's name contains a colon. Then PATH stays unchanged.
    env::join_paths(all).unwrap_or(old)
}

/// The command line, without the program's directory.
fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    fn sentence(result: Result<()>) -> String {
        result
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap_or_default()
    }

    #[test]
    fn a_failing_program_is_named_in_the_error() {
        assert_eq!(
            sentence(run(&mut sh("exit 3"))),
            "`sh -c exit 3` ended with exit status: 3"
        );
        let missing = sentence(run(&mut Command::new("/nowhere/no-such-program")));
        assert!(
            missing.contains("`no-such-program` cannot be started"),
            "{missing}"
        );
    }

    #[test]
    fn a_program_past_its_limit_is_ended_with_its_descendants() {
        // `sleep` keeps the pipe open until it is ended too.
        let mut command = sh("echo started; sleep 60; true");
        let mut program = match Program::start(command.stdout(Stdio::piped())) {
            Ok(program) => program,
            Err(failure) => unreachable!("the shell starts: {failure}"),
        };
        let out = program.child.stdout().take();
        let start = Instant::now();
        let late = sentence(program.wait(Duration::from_millis(200), |_| ()));
        assert_eq!(
            late,
            "`sh -c echo started; sleep 60; true` did not end in time"
        );
        assert_eq!(
            out.map(io::read_to_string)
                .and_then(io::Result::ok)
                .as_deref(),
            Some("started\n")
        );
        assert!(start.elapsed() < Duration::from_secs(30), "it slept on");
    }
}
