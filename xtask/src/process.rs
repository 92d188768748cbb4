//! Runs programs and ends them with this one.
//!
//! Each program gets its own process group. The programs start others (trunk starts cargo, cargo
//! starts rustc), and all must end when Ctrl-C, a termination signal or a closed terminal ends this
//! program. The group also keeps the terminal's Ctrl-C from the programs: this program ends them in
//! order.

use std::cell::Cell;
use std::env;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::{self, say};
use crate::{Failure, Result};

/// The running programs, and the files to remove at the end.
static PROCESSES: Mutex<Processes> = Mutex::new(Processes {
    children: Vec::new(),
    files: Vec::new(),
});

/// Set before this program ends its children, so that their end is not reported as a failure.
static SHUTTING_DOWN: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// When programs that this thread runs with [`run`] must have ended.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

const POLL: Duration = Duration::from_millis(25);
/// How often a long, silent step prints a line.
const HEARTBEAT: Duration = Duration::from_secs(20);
const QUOTED_LINES: usize = 20;

struct Processes {
    children: Vec<Arc<Mutex<Child>>>,
    files: Vec<PathBuf>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running program and all its descendants. They are ended on drop.
pub(crate) struct ProcessGroup {
    child: Arc<Mutex<Child>>,
}

impl ProcessGroup {
    /// Starts a program without standard input, because no command is interactive.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        // The lock is held until the child is listed, so that a signal handler does not miss it.
        let mut processes = lock(&PROCESSES);
        if SHUTTING_DOWN.load(Ordering::SeqCst) {
            drop(processes);
            park_until_exit();
        }
        let child = command
            .spawn()
            .map_err(|error| start_error(command, &error))?;
        let child = Arc::new(Mutex::new(child));
        processes.children.push(Arc::clone(&child));
        Ok(Self { child })
    }

    /// The exit status, if the program has ended.
    pub(crate) fn exit_status(&self) -> Result<Option<ExitStatus>> {
        let status = lock(&self.child)
            .try_wait()
            .map_err(|error| Failure::new(format!("A program cannot be waited for: {error}.")))?;
        if SHUTTING_DOWN.load(Ordering::SeqCst) {
            park_until_exit();
        }
        Ok(status)
    }

    /// Waits for the end; `None` after `limit`.
    fn wait(
        &self,
        limit: Option<Duration>,
        mut on_heartbeat: impl FnMut(Duration),
    ) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        let mut next_heartbeat = HEARTBEAT;
        loop {
            if let Some(status) = self.exit_status()? {
                return Ok(Some(status));
            }
            if limit.is_some_and(|limit| start.elapsed() > limit) {
                return Ok(None);
            }
            if start.elapsed() > next_heartbeat {
                on_heartbeat(next_heartbeat);
                next_heartbeat += HEARTBEAT;
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        end_groups(
            std::slice::from_ref(&self.child),
            FirstSignal::Terminate,
            || false,
        );
        lock(&PROCESSES)
            .children
            .retain(|child| !Arc::ptr_eq(child, &self.child));
    }
}

/// A file that is removed on drop, and also when a signal ends this program.
pub(crate) struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub(crate) fn write(path: PathBuf, text: &str) -> Result<Self> {
        lock(&PROCESSES).files.push(path.clone());
        std::fs::write(&path, text).map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}.", path.display()))
        })?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        lock(&PROCESSES).files.retain(|path| path != &self.0);
    }
}

/// Calls a function whose [`run`] calls must end within the limit. A program that hangs is then ended
/// and named in the error.
pub(crate) fn with_deadline<T>(limit: Duration, call: impl FnOnce() -> T) -> T {
    DEADLINE.set(Instant::now().checked_add(limit));
    let result = call();
    DEADLINE.set(None);
    result
}

/// Runs a program to its end and shows its output.
///
/// # Errors
/// When the program fails, or does not end before the deadline of [`with_deadline`].
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let limit = DEADLINE
        .get()
        .map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let group = ProcessGroup::start(command)?;
    let what = match group.wait(limit, |_| ())? {
        Some(status) if status.success() => return Ok(()),
        Some(status) => format!("ended with {}", describe_status(status)),
        None => "did not end in time".to_owned(),
    };
    Err(Failure::new(format!("`{}` {what}.", command_line(command))))
}

/// The options of [`run_quietly`].
pub(crate) struct QuietOptions<'a> {
    pub(crate) log: &'a Path,
    pub(crate) limit: Option<Duration>,
    /// Whether the output is shown instead of logged.
    pub(crate) verbose: bool,
    /// Whether the end of the log is shown when the program fails.
    pub(crate) quote: bool,
}

/// Runs a program with its output in a log file. If it fails, the end of the log can be shown.
///
/// The error says only how the program ended; the caller adds what that means.
pub(crate) fn run_quietly(command: &mut Command, options: &QuietOptions<'_>) -> Result<()> {
    if options.verbose {
        say(format!("$ {}", command_line(command)));
    } else {
        let log = log_file(options.log).map_err(|error| {
            Failure::new(format!(
                "{} cannot be written: {error}; set REFERRAL_HISTORY_TOOLS to a directory that can.",
                options.log.display()
            ))
        })?;
        command.stdout(log.0).stderr(log.1);
    }
    let group = ProcessGroup::start(command)?;
    let status = group.wait(options.limit, |time| {
        if !options.verbose {
            let line = last_lines(options.log, 1);
            say(format!("  {} … {}", report::duration(time), line.trim()));
        }
    })?;
    let what = match status {
        Some(status) if status.success() => return Ok(()),
        Some(status) => describe_status(status),
        None => "no answer in time".to_owned(),
    };
    if options.quote && !options.verbose {
        report::quote(&last_lines(options.log, QUOTED_LINES));
    }
    Err(Failure::new(format!(
        "`{}` ended with {what}.",
        command_line(command)
    )))
}

/// What a quick program prints to standard output, trimmed; `None` when it fails.
pub(crate) fn stdout_of(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first program of this name on PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(&file))
        .find(|path| is_program(path))
}

#[cfg(unix)]
pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// The value of PATH with these directories in front.
pub(crate) fn prepend_to_path(first: &[PathBuf]) -> std::ffi::OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&old));
    // Fails if a directory's name contains a colon. Then PATH stays unchanged.
    env::join_paths(all).unwrap_or(old)
}

fn start_error(command: &Command, error: &io::Error) -> Failure {
    let program = Path::new(command.get_program()).display();
    Failure::new(match error.kind() {
        io::ErrorKind::NotFound => format!("`{program}` was not found: install it or fix PATH."),
        _ => format!("`{program}` cannot be started: {error}."),
    })
}

/// The command line, without the program's directory.
fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<String> = std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

/// The exit code as in "exit code 101", or the signal.
pub(crate) fn describe_status(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

fn log_file(path: &Path) -> io::Result<(File, File)> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let log = File::create(path)?;
    Ok((log.try_clone()?, log))
}

fn last_lines(path: &Path, count: usize) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Blocks until the signal thread has ended all children and exits.
fn park_until_exit() -> ! {
    loop {
        thread::park();
    }
}

/// Makes Ctrl-C, a termination signal and a closed terminal end all children before this program.
#[cfg(unix)]
pub(crate) fn end_children_on_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
        return;
    };
    thread::spawn(move || {
        let Some(signal) = signals.forever().next() else {
            return;
        };
        SHUTTING_DOWN.store(true, Ordering::SeqCst);
        let (children, files) = {
            let processes = lock(&PROCESSES);
            (processes.children.clone(), processes.files.clone())
        };
        if !children.is_empty() {
            say("\nEnding what was started…");
        }
        // A second signal skips the waiting.
        end_groups(&children, FirstSignal::Interrupt, || {
            signals.pending().next().is_some()
        });
        for file in files {
            let _ = std::fs::remove_file(file);
        }
        std::process::exit(128 + signal);
    });
}

/// Ends all children at the end of the command. Threads that wait for a child block from then on.
pub(crate) fn end_all() {
    SHUTTING_DOWN.store(true, Ordering::SeqCst);
    let children = lock(&PROCESSES).children.clone();
    end_groups(&children, FirstSignal::Terminate, || false);
}

/// Does nothing: on Windows the console ends all of its programs.
#[cfg(not(unix))]
pub(crate) fn end_children_on_signals() {}

/// The first signal to a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FirstSignal {
    /// SIGINT, as from a terminal: Playwright cleans up only then.
    #[cfg_attr(
        not(unix),
        allow(dead_code, reason = "Windows ends programs by itself")
    )]
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// Ends groups with increasingly strong signals, up to SIGKILL.
#[cfg(unix)]
fn end_groups(
    children: &[Arc<Mutex<Child>>],
    first: FirstSignal,
    mut skip_wait: impl FnMut() -> bool,
) {
    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

    // `try_wait` reaps a child that has ended: a zombie still counts as a member of its group.
    let alive = |child: &Arc<Mutex<Child>>| {
        let mut child = lock(child);
        let _ = child.try_wait();
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw)?;
        test_kill_process_group(group).is_ok().then_some(group)
    };
    let steps = [(Signal::INT, 4), (Signal::TERM, 3), (Signal::KILL, 3)];
    let skipped = usize::from(first == FirstSignal::Terminate);
    for (signal, seconds) in steps.into_iter().skip(skipped) {
        let groups: Vec<Pid> = children.iter().filter_map(alive).collect();
        if groups.is_empty() {
            return;
        }
        for group in groups {
            let _ = kill_process_group(group, signal);
        }
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(seconds) && !skip_wait() {
            if children.iter().all(|child| alive(child).is_none()) {
                return;
            }
            thread::sleep(POLL);
        }
    }
}

#[cfg(not(unix))]
fn end_groups(
    children: &[Arc<Mutex<Child>>],
    _first: FirstSignal,
    _skip_wait: impl FnMut() -> bool,
) {
    for child in children {
        let mut child = lock(child);
        if matches!(child.try_wait(), Ok(None)) {
            // Windows has no process groups; taskkill ends a program with its descendants.
            let id = child.id().to_string();
            let _ = Command::new("taskkill")
                .args(["/T", "/F", "/PID", &id])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_in_the_error() {
        let failure = run(Command::new("/bin/sh").args(["-c", "exit 3"]));
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert_eq!(sentence, "`sh -c exit 3` ended with exit code 3.");
    }

    #[test]
    fn a_program_past_its_deadline_is_ended_and_named() {
        let start = Instant::now();
        let failure = with_deadline(Duration::from_millis(200), || {
            run(Command::new("/bin/sh").args(["-c", "sleep 60"]))
        });
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert_eq!(sentence, "`sh -c sleep 60` did not end in time.");
        assert!(start.elapsed() < Duration::from_secs(30), "it slept on");
        assert!(run(Command::new("/bin/sh").args(["-c", "sleep 0.4"])).is_ok());
    }

    #[test]
    fn a_missing_program_is_reported() {
        let failure = run(&mut Command::new("/nowhere/no-such-program"));
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert!(sentence.contains("was not found"), "{sentence}");
    }

    #[test]
    fn dropping_a_group_ends_descendants() {
        // If only the shell were killed, `sleep` would keep the inherited pipe open.
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "echo started; sleep 60; true"])
            .stdout(Stdio::piped());
        let Ok(group) = ProcessGroup::start(&mut command) else {
            unreachable!("the shell starts");
        };
        let out = lock(&group.child).stdout.take();
        let Some(mut out) = out.map(io::BufReader::new) else {
            unreachable!("the output is piped");
        };
        let mut line = String::new();
        assert!(io::BufRead::read_line(&mut out, &mut line).is_ok());
        let start = Instant::now();
        drop(group);
        assert!(io::Read::read_to_string(&mut out, &mut line).is_ok());
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "the sleeper slept on"
        );
    }
}
