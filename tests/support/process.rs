//! Processes that a scenario starts, talks to by lines, and kills.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A process whose standard output is read line by line. Killed when dropped.
pub(crate) struct Watched {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watched {
    /// Starts a command that is told nothing.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::null()))
    }

    /// Starts a command that is told lines by [`say`](Self::say).
    pub(crate) fn start_listening(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::piped()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, lines }
    }

    /// The next line, without its end; `None` when the process closed its output.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            // A line cut off by the kill was not said.
            Ok(length) if length > 0 && line.ends_with('\n') => {
                line.pop();
                Some(line)
            }
            _ => None,
        }
    }

    /// Writes a line to its standard input.
    pub(crate) fn say(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("its input is a pipe");
        writeln!(input, "{line}").expect("it listens");
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it can be waited for")
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and what it had still said before.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("a running process can be killed");
        self.child.wait().expect("a killed process ends");
        std::iter::from_fn(|| self.line()).collect()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What of its memory a process has now.
pub(crate) fn resident_bytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("on Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib << 10
}

/// What a process has taken of processors, also by threads that have ended.
pub(crate) fn processor(pid: u32) -> Duration {
    /// Linux counts hundredths for programs, whatever it uses itself.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("on Linux");
    // Behind the name, which may have anything in it.
    let rest = stat.rsplit_once(") ").expect("a name").1;
    let fields = rest.split(' ').skip(11).take(2);
    let ticks: u32 = fields.map(|ticks| ticks.parse::<u32>().expect("a number")).sum();
    TICK * ticks
}

/// This test binary again, running one test only: a process of our own making, with nothing to
/// build for it. The test finds out by an environment variable that it is meant.
pub(crate) fn this_binary(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the test binary has a path"));
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command
}
