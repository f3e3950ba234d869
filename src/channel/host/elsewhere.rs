//! Compiling in a process of its own. The compiler takes hundreds of megabytes for a plugin that
//! brings a language's runtime, and its threads keep them; with the process all of it goes back to
//! the system. What takes too much ends that process, and not the server.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use wasmtime::Engine;

use super::engine::settings;

/// The hidden subcommand of this very program that compiles from standard input to standard output.
pub const SUBCOMMAND: &str = "compile-plugin";
/// The program as it runs, also when its file was replaced meanwhile.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// What the process may take of memory. A plugin that brings a language's runtime takes 0.7 GB; one of
/// a few kilobytes can be written so that it takes all there is.
const COMPILE_BYTES_MAX: u64 = 2 << 30;
/// What it may take of a processor, over all its threads, in seconds.
const COMPILE_SECONDS_MAX: u64 = 120;
/// With these a program of ours ends that has tried and failed: by an error, by a panic.
const FAILED: [i32; 2] = [1, 101];

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub(super) enum ElsewhereError {
    /// The process cannot be started or spoken with.
    #[error("no process to compile in: {0}")]
    NoProcess(#[from] io::Error),
    /// It was ended from outside.
    #[error(
        "the process that compiled the plugin was ended: it may take {} MiB of memory, and the \
         machine must have them",
        COMPILE_BYTES_MAX >> 20
    )]
    Ended,
    /// It took too long.
    #[error("compiling the plugin takes more than {COMPILE_SECONDS_MAX} s of a processor")]
    TooLong,
    /// It has tried, and it would be the same in here, or worse.
    #[error("{0}")]
    Impossible(String),
    /// It says why not.
    #[error("{0}")]
    Refused(String),
}

/// The side of the process: compiles what it reads. Blocks.
pub fn compile(mut from: impl Read, mut to: impl Write) -> anyhow::Result<()> {
    limit(Resource::Data, COMPILE_BYTES_MAX)?;
    limit(Resource::Cpu, COMPILE_SECONDS_MAX)?;
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    let engine = Engine::new(&settings()).map_err(told)?;
    let code = engine.precompile_component(&bytes).map_err(told)?;
    to.write_all(&code)?;
    Ok(to.flush()?)
}

/// Lowers what this process may take. An operator's lower limit stays.
fn limit(resource: Resource, max: u64) -> io::Result<()> {
    let Rlimit { current, maximum } = getrlimit(resource);
    let current = Some(current.map_or(max, |it| it.min(max)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

fn told(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

/// The server's side. Blocks.
pub(super) fn code(bytes: &[u8]) -> Result<Vec<u8>, ElsewhereError> {
    let mut process = Command::new(THIS_PROGRAM)
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = process.stdin.take() {
        // One that has ended already says why below.
        let _ = stdin.write_all(bytes);
    }
    let output = process.wait_with_output()?;
    outcome(output.status, output.stdout, &output.stderr)
}

fn outcome(status: ExitStatus, code: Vec<u8>, said: &[u8]) -> Result<Vec<u8>, ElsewhereError> {
    let said = || String::from_utf8_lossy(said).trim().to_owned();
    match status.code() {
        Some(0) => Ok(code),
        Some(failed) if FAILED.contains(&failed) => Err(ElsewhereError::Impossible(said())),
        Some(_) => Err(ElsewhereError::Refused(said())),
        None if status.signal() == Some(Signal::XCPU.as_raw()) => Err(ElsewhereError::TooLong),
        None => Err(ElsewhereError::Ended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a process leaves it behind: a code, or the number of a signal.
    fn ended(code: i32, signal: i32) -> Result<Vec<u8>, ElsewhereError> {
        outcome(ExitStatus::from_raw(code << 8 | signal), b"code".to_vec(), b" why\n")
    }

    #[test]
    fn how_the_process_ended_says_whether_to_try_it_in_here() {
        use ElsewhereError::{Ended, Impossible, Refused, TooLong};
        assert_eq!(ended(0, 0).unwrap(), b"code");
        for failed in FAILED {
            assert!(matches!(ended(failed, 0), Err(Impossible(why)) if why == "why"));
        }
        assert!(
            matches!(ended(2, 0), Err(Refused(why)) if why == "why"),
            "it knows no such command"
        );
        assert!(matches!(ended(0, Signal::XCPU.as_raw()), Err(TooLong)));
        assert!(matches!(ended(0, Signal::ABORT.as_raw()), Err(Ended)));
    }
}
