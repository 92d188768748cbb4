//! Starting programs so that none outlives this one.
//!
//! Every program gets a process group of its own, because the ones started here start others (trunk
//! starts cargo, cargo starts rustc) and all have to go when Ctrl-C, a termination signal or a closed
//! terminal ends this one. That also keeps the terminal's Ctrl-C from reaching them directly: they
//! end when this program says so, in order.

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

/// What runs now, and which files have to go with it.
static RUNNING: Mutex<Running> = Mutex::new(Running {
    children: Vec::new(),
    files: Vec::new(),
});

/// Set before any child is ended by a signal, so that nobody mistakes its end for a failure.
static ENDING: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Until when what this thread runs by [`run`] has to end.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

const POLL: Duration = Duration::from_millis(25);
/// How often a long, silent step shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);
const QUOTED_LINES: usize = 20;

struct Running {
    children: Vec<Arc<Mutex<Child>>>,
    files: Vec<PathBuf>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running program with everything it started; ended when dropped.
pub(crate) struct Group {
    child: Arc<Mutex<Child>>,
}

impl Group {
    /// Starts a program without standard input: nothing here asks questions.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        // Held until the child is listed: a signal in between would miss it.
        let mut running = lock(&RUNNING);
        if ENDING.load(Ordering::SeqCst) {
            drop(running);
            wait_for_the_end();
        }
        let child = command
            .spawn()
            .map_err(|error| not_started(command, &error))?;
        let child = Arc::new(Mutex::new(child));
        running.children.push(Arc::clone(&child));
        Ok(Self { child })
    }

    /// How the program ended, if it did.
    pub(crate) fn ended(&self) -> Result<Option<ExitStatus>> {
        let ended = lock(&self.child)
            .try_wait()
            .map_err(|error| Failure::new(format!("A program cannot be waited for: {error}.")))?;
        if ENDING.load(Ordering::SeqCst) {
            wait_for_the_end();
        }
        Ok(ended)
    }

    /// Waits for the end; `None` when that takes longer than `limit`.
    fn wait(
        &self,
        limit: Option<Duration>,
        mut beat: impl FnMut(Duration),
    ) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        let mut next_beat = HEARTBEAT;
        loop {
            if let Some(status) = self.ended()? {
                return Ok(Some(status));
            }
            if limit.is_some_and(|limit| start.elapsed() > limit) {
                return Ok(None);
            }
            if start.elapsed() > next_beat {
                beat(next_beat);
                next_beat += HEARTBEAT;
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        end(std::slice::from_ref(&self.child), Manner::Firmly, || false);
        lock(&RUNNING)
            .children
            .retain(|child| !Arc::ptr_eq(child, &self.child));
    }
}

/// A file that is removed when this goes, and also when a signal ends the program.
pub(crate) struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub(crate) fn write(path: PathBuf, text: &str) -> Result<Self> {
        lock(&RUNNING).files.push(path.clone());
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
        lock(&RUNNING).files.retain(|path| path != &self.0);
    }
}

/// Does something, and ends the program that [`run`] runs in it when all of it takes longer than the
/// limit: what waits for ever would say nothing, and be ended by somebody who cannot tell what it was.
pub(crate) fn within<T>(limit: Duration, what: impl FnOnce() -> T) -> T {
    DEADLINE.set(Instant::now().checked_add(limit));
    let answer = what();
    DEADLINE.set(None);
    answer
}

/// Runs a program to its end with its output shown; an error when it fails, or has not ended when it
/// has to ([`within`]).
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let limit = DEADLINE
        .get()
        .map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let group = Group::start(command)?;
    let what = match group.wait(limit, |_| ())? {
        Some(status) if status.success() => return Ok(()),
        Some(status) => format!("ended with {}", described(status)),
        None => "did not end in time".to_owned(),
    };
    Err(Failure::new(format!("`{}` {what}.", shown(command))))
}

/// How a long, silent run is limited and where its output goes.
pub(crate) struct Quiet<'a> {
    pub(crate) log: &'a Path,
    pub(crate) limit: Option<Duration>,
    /// Whether the output is shown instead.
    pub(crate) verbose: bool,
    /// Whether the end of the log is shown when the program fails.
    pub(crate) quote: bool,
}

/// Runs a program with its output in a log file, whose end is shown when it fails.
///
/// The sentence of the error says only what the program did: the caller knows what that means.
pub(crate) fn run_quietly(command: &mut Command, quiet: &Quiet<'_>) -> Result<()> {
    if quiet.verbose {
        say(format!("$ {}", shown(command)));
    } else {
        let log = log_file(quiet.log).map_err(|error| {
            Failure::new(format!(
                "{} cannot be written: {error}; set REFERRAL_HISTORY_TOOLS to a directory that can.",
                quiet.log.display()
            ))
        })?;
        command.stdout(log.0).stderr(log.1);
    }
    let group = Group::start(command)?;
    let status = group.wait(quiet.limit, |time| {
        if !quiet.verbose {
            let line = last_lines(quiet.log, 1);
            say(format!("  {} … {}", report::duration(time), line.trim()));
        }
    })?;
    let what = match status {
        Some(status) if status.success() => return Ok(()),
        Some(status) => described(status),
        None => "no answer in time".to_owned(),
    };
    if quiet.quote && !quiet.verbose {
        report::quote(&last_lines(quiet.log, QUOTED_LINES));
    }
    Err(Failure::new(format!(
        "`{}` ended with {what}.",
        shown(command)
    )))
}

/// The first line that a quick program prints, such as its version; `None` when it fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program of this name in a directory of PATH.
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

/// PATH with these directories in front.
pub(crate) fn path_with(first: &[PathBuf]) -> std::ffi::OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&old));
    // A directory whose name has a colon cannot be on PATH; then the old one is the best there is.
    env::join_paths(all).unwrap_or(old)
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = Path::new(command.get_program()).display();
    Failure::new(match error.kind() {
        io::ErrorKind::NotFound => format!("`{program}` was not found: install it or fix PATH."),
        _ => format!("`{program}` cannot be started: {error}."),
    })
}

/// The command as it would be typed, without the directories of its program.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<String> = std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

/// "exit code 101", or the signal that ended it.
pub(crate) fn described(status: ExitStatus) -> String {
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

/// The signal thread is ending everything and will exit; whoever waits for a child waits for that.
fn wait_for_the_end() -> ! {
    loop {
        thread::park();
    }
}

/// From now on Ctrl-C, a termination signal and a closed terminal end all children first.
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
        ENDING.store(true, Ordering::SeqCst);
        let (children, files) = {
            let running = lock(&RUNNING);
            (running.children.clone(), running.files.clone())
        };
        if !children.is_empty() {
            say("\nEnding what was started…");
        }
        // A second signal means: at once.
        end(&children, Manner::AsCtrlC, || {
            signals.pending().next().is_some()
        });
        for file in files {
            let _ = std::fs::remove_file(file);
        }
        std::process::exit(128 + signal);
    });
}

/// Ends what still runs when the command has come to its end; what waits for it waits for ever.
pub(crate) fn end_all() {
    ENDING.store(true, Ordering::SeqCst);
    let children = lock(&RUNNING).children.clone();
    end(&children, Manner::Firmly, || false);
}

/// On Windows the console ends all of its programs by itself.
#[cfg(not(unix))]
pub(crate) fn end_children_on_signals() {}

/// What a group is asked first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As a terminal would: Playwright cleans up only then.
    #[cfg_attr(
        not(unix),
        allow(dead_code, reason = "Windows ends programs by itself")
    )]
    AsCtrlC,
    Firmly,
}

/// Ends groups, in the end without asking.
#[cfg(unix)]
fn end(children: &[Arc<Mutex<Child>>], manner: Manner, mut hurry: impl FnMut() -> bool) {
    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

    // Also collects a child that has ended: until then it counts as a member of its group.
    let alive = |child: &Arc<Mutex<Child>>| {
        let mut child = lock(child);
        let _ = child.try_wait();
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw)?;
        test_kill_process_group(group).is_ok().then_some(group)
    };
    let steps = [(Signal::INT, 4), (Signal::TERM, 3), (Signal::KILL, 3)];
    let skipped = usize::from(manner == Manner::Firmly);
    for (signal, patience) in steps.into_iter().skip(skipped) {
        let groups: Vec<Pid> = children.iter().filter_map(alive).collect();
        if groups.is_empty() {
            return;
        }
        for group in groups {
            let _ = kill_process_group(group, signal);
        }
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(patience) && !hurry() {
            if children.iter().all(|child| alive(child).is_none()) {
                return;
            }
            thread::sleep(POLL);
        }
    }
}

#[cfg(not(unix))]
fn end(children: &[Arc<Mutex<Child>>], _manner: Manner, _hurry: impl FnMut() -> bool) {
    for child in children {
        let mut child = lock(child);
        if matches!(child.try_wait(), Ok(None)) {
            // Windows has no groups to end; its own command ends a program with its descendants.
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
    fn a_failing_program_is_an_error_that_names_it() {
        let failure = run(Command::new("/bin/sh").args(["-c", "exit 3"]));
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert_eq!(sentence, "`sh -c exit 3` ended with exit code 3.");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended_and_named() {
        let start = Instant::now();
        let failure = within(Duration::from_millis(200), || {
            run(Command::new("/bin/sh").args(["-c", "sleep 60"]))
        });
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert_eq!(sentence, "`sh -c sleep 60` did not end in time.");
        assert!(start.elapsed() < Duration::from_secs(30), "it slept on");
        assert!(run(Command::new("/bin/sh").args(["-c", "sleep 0.4"])).is_ok());
    }

    #[test]
    fn a_missing_program_is_a_sentence() {
        let failure = run(&mut Command::new("/nowhere/no-such-program"));
        let sentence = failure.err().map(|failure| failure.0).unwrap_or_default();
        assert!(sentence.contains("was not found"), "{sentence}");
    }

    #[test]
    fn dropping_a_group_ends_what_its_program_started() {
        // Killing only the shell would leave the sleeper behind, with the pipe's end that it inherited.
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "echo started; sleep 60; true"])
            .stdout(Stdio::piped());
        let Ok(group) = Group::start(&mut command) else {
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
