//! Runs programs, and ends them with this one.
//!
//! Each program leads a process group, so that what it starts (trunk starts cargo, cargo starts rustc)
//! ends with it. Ctrl-C therefore reaches only xtask: whoever waits for a program notices it and returns an
//! error, and a program is ended when it is dropped.

use std::mem;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
#[cfg(unix)]
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use process_wrap::std::{ChildWrapper, CommandWrap};

/// Whether Ctrl-C was pressed, or a signal asked this program to end.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

const POLL: Duration = Duration::from_millis(25);
/// How long a program may take to end after an interrupt.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(5);

/// Makes Ctrl-C, a termination signal and a closed terminal end whatever waits for a program.
pub(crate) fn watch_signals() -> Result<()> {
    Ok(ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
    })?)
}

pub(crate) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A running program and its descendants. They are ended on drop.
pub(crate) struct Running {
    child: Box<dyn ChildWrapper>,
    name: String,
}

impl Running {
    /// Starts a program without standard input, because no command is interactive.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        ensure!(!is_interrupted(), "Nothing is started any more");
        let name = command.get_program().to_string_lossy().into_owned();
        let mut wrap = CommandWrap::from(mem::replace(command, Command::new("")));
        wrap.command_mut().stdin(Stdio::null());
        #[cfg(unix)]
        wrap.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrap.wrap(process_wrap::std::JobObject);
        let child = wrap
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, name })
    }

    /// The exit status, if the program has ended.
    pub(crate) fn exit_status(&mut self) -> Result<Option<ExitStatus>> {
        ensure!(!is_interrupted(), "{} was interrupted", self.name);
        Ok(self.child.try_wait()?)
    }

    /// Waits for the program to succeed.
    pub(crate) fn wait(mut self) -> Result<()> {
        loop {
            match self.exit_status()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("{} ended with {status}", self.name),
                None => thread::sleep(POLL),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An interrupt first: at that Playwright ends its browsers, and cargo its compilers.
        #[cfg(unix)]
        if matches!(self.child.try_wait(), Ok(None)) && self.child.signal(2).is_ok() {
            let start = Instant::now();
            while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < GRACE {
                thread::sleep(POLL);
            }
        }
        // What is left of the group.
        let _ = self.child.start_kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    Running::start(command)?.wait()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failing_program_is_named_in_the_error() {
        let sentence = |mut command| format!("{:#}", run(&mut command).expect_err("a failure"));
        let failed = sentence(sh("exit 3"));
        assert_eq!(failed, "/bin/sh ended with exit status: 3");
        let missing = sentence(Command::new("/no-such-program"));
        assert!(missing.starts_with("/no-such-program cannot be started"));
    }

    #[test]
    fn descendants_end_with_a_program() {
        // The inner `sleep` keeps the pipe open until it is ended too.
        let mut command = sh("sleep 60 & echo started; wait");
        let program = Running::start(command.stdout(Stdio::piped()));
        let mut program = program.expect("a shell");
        let out = program.child.stdout().take().expect("a pipe");
        let start = Instant::now();
        thread::sleep(Duration::from_millis(200));
        drop(program);
        assert_eq!(io::read_to_string(out).expect("a line"), "started\n");
        assert!(start.elapsed() < Duration::from_secs(30), "it slept on");
    }
}
