//! Processes that a scenario starts, talks to by lines, and kills.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A process whose standard output is read line by line. Killed when dropped.
pub(crate) struct Watched {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watched {
    /// Starts a command.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
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

/// This test binary again, running one test only: a process of our own making, with nothing to
/// build for it. The test finds out by an environment variable that it is meant.
pub(crate) fn this_binary(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the test binary has a path"));
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command
}
