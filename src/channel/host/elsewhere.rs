//! Compiling in a process of its own. The compiler takes hundreds of megabytes for a plugin that
//! brings a language's runtime, and its threads keep them; with the process all of it goes back to
//! the system. What takes too much ends that process, and not the server.
//!
//! The process writes [`GREETING`], the most memory that it held, and the code.

mod watch;

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{
    Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit,
};
use wasmtime::Engine;

use self::watch::Watch;
use super::engine::settings;
use crate::clock;
use crate::config::model::Compile;
use crate::words::words;

/// The hidden subcommand of this very program that compiles from standard input to standard output.
pub const SUBCOMMAND: &str = "compile-plugin";
/// The program as it runs, also when its file was replaced meanwhile.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// By this its output is told from that of a program which is not Tablica.
pub const GREETING: &[u8] = b"tablica code 1\n";
/// Each thread of the compiler holds a function's worth of memory. With more of them a plugin would
/// take more memory on a larger machine, and a limit that suits one would not suit the other.
const THREADS_MAX: usize = 4;
/// The variable by which the compiler is told how many threads it has.
const THREADS_VARIABLE: &str = "RAYON_NUM_THREADS";
/// The variable by which the allocator is told to take memory when it is needed. It takes a gigabyte at
/// its beginning otherwise, and nothing is left of the limit for threads.
const ALLOCATOR_VARIABLE: &str = "MIMALLOC_ARENA_EAGER_COMMIT";
/// The code that comes back is kept in the server's own memory: it may be this part of what compiling
/// may take. A plugin that brings a language's runtime has 35 MB.
const CODE_PART: u64 = 16;
/// What a process that failed says is cut off here: a plugin's names may be in it.
const SAID_BYTES_MAX: u64 = 2 << 10;
/// The kernel takes the process with the highest score first when the machine has no memory left.
const FIRST_TO_GO: &str = "1000";

/// What a process that compiles may take.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Bounds {
    /// Of memory
    #[arg(long)]
    pub memory_bytes_max: u64,
    /// Of a processor, over all its threads
    #[arg(long)]
    pub processor_seconds_max: u64,
}

impl From<&Compile> for Bounds {
    fn from(compile: &Compile) -> Self {
        Self {
            memory_bytes_max: compile.memory_bytes_max as u64,
            processor_seconds_max: compile.processor_max.as_secs().max(1),
        }
    }
}

/// What a plugin became.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    pub(super) took: Took,
}

/// What compiling took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    pub(super) elapsed: Duration,
    /// The most memory that the process held.
    pub(super) memory_bytes: u64,
}

words! {
    /// Why a plugin was not compiled. Few and fixed: it is a metric's label.
    pub enum NotCompiled {
        /// It takes more memory than it may, or than there is.
        Memory = "memory",
        /// It takes more of a processor than it may.
        Time = "time",
        /// It takes longer than it may by the clock on the wall.
        WallTime = "wall_time",
        /// It is no valid component, or there is no process to compile in.
        Error = "error",
    }
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub(super) enum ElsewhereError {
    /// The process cannot be started or spoken with.
    #[error(
        "there is no process to compile it in: {0}; /proc must be there, and the server must be \
         allowed to start processes"
    )]
    NoProcess(#[from] io::Error),
    /// It wanted more memory than it may have, or than there was.
    #[error(
        "it takes more than {} of memory to compile (server.compile_memory_bytes_max), or more than \
         the machine has left: {WAY_OUT}",
        mib(*.0)
    )]
    Memory(u64),
    /// There is too much code for the server to keep.
    #[error(
        "it becomes more than {} of code, a sixteenth of the memory that compiling may take \
         (server.compile_memory_bytes_max): {WAY_OUT}",
        mib(*.0)
    )]
    Code(u64),
    /// It took too long.
    #[error(
        "it takes more than {0} s of a processor to compile (server.compile_processor_max): {WAY_OUT}"
    )]
    Time(u64),
    /// It took too long by the clock on the wall.
    #[error(
        "it is not compiled after {} s (server.compile_wall_timeout): the machine is too busy, or the \
         process that compiles stands still; try again, or raise the limit",
        .0.as_secs()
    )]
    WallTime(Duration),
    /// It crashed.
    #[error("the process that compiled it was ended by signal {0}")]
    Crashed(i32),
    /// It has tried, and it would be the same again.
    #[error("{0}")]
    Impossible(String),
    /// What runs here is another program with this one as its library: a test.
    #[error("this program is not Tablica, and cannot compile in a process of its own")]
    Stranger,
}

/// What to do about a limit.
const WAY_OUT: &str =
    "get a smaller build of the plugin, or raise the limit if you trust its author";

fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

impl ElsewhereError {
    pub(super) fn class(&self) -> NotCompiled {
        match self {
            Self::Memory(_) | Self::Code(_) => NotCompiled::Memory,
            Self::Time(_) => NotCompiled::Time,
            Self::WallTime(_) => NotCompiled::WallTime,
            Self::NoProcess(_) | Self::Crashed(_) | Self::Impossible(_) | Self::Stranger => {
                NotCompiled::Error
            }
        }
    }
}

/// The side of the process: compiles what it reads. Blocks.
pub fn compile(bounds: &Bounds, mut from: impl Read, mut to: impl Write) -> anyhow::Result<()> {
    to.write_all(GREETING)?;
    to.flush()?;
    limit(Resource::Data, bounds.memory_bytes_max)?;
    limit(Resource::Cpu, bounds.processor_seconds_max)?;
    // What is ended for its memory must not be written to the disk.
    limit(Resource::Core, 0)?;
    // Both are a kindness to others: where the kernel refuses, the limits above hold all the same.
    let _ = fs::write("/proc/self/oom_score_adj", FIRST_TO_GO);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    let engine = Engine::new(&settings()).map_err(told)?;
    let code = engine.precompile_component(&bytes).map_err(told)?;
    to.write_all(&memory_bytes().to_le_bytes())?;
    to.write_all(&code)?;
    Ok(to.flush()?)
}

/// Lowers what this process may take. An operator's lower limit stays.
fn limit(resource: Resource, max: u64) -> io::Result<()> {
    let Rlimit { current, maximum } = getrlimit(resource);
    let current = Some(current.map_or(max, |it| it.min(max)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

/// The most memory that this process held so far; 0 where the kernel does not say.
fn memory_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() << 10
}

fn told(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

/// The process as it is started, of this program where that is `program`.
pub fn process(program: impl AsRef<OsStr>, bounds: &Bounds) -> Command {
    let threads = thread::available_parallelism().map_or(1, |it| it.get()).min(THREADS_MAX);
    let mut command = Command::new(program);
    command
        .arg(SUBCOMMAND)
        .arg(format!("--memory-bytes-max={}", bounds.memory_bytes_max))
        .arg(format!("--processor-seconds-max={}", bounds.processor_seconds_max))
        .env(THREADS_VARIABLE, threads.to_string())
        .env(ALLOCATOR_VARIABLE, "0");
    command
}

/// The server's side. Blocks, no longer than `wall_timeout`; `slow` is called when it takes a while.
pub(super) fn code(
    bytes: &[u8],
    bounds: Bounds,
    wall_timeout: Duration,
    slow: impl FnOnce() + Send,
) -> Result<Code, ElsewhereError> {
    let began = clock::monotonic();
    let process = process(THIS_PROGRAM, &bounds)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let code_bytes_max = bounds.memory_bytes_max / CODE_PART;
    let watch = Watch::of(&process, wall_timeout);
    let Heard { status, output, said, was_ended } =
        hear(process, bytes, code_bytes_max, &watch, slow)?;
    if was_ended && !status.success() {
        return Err(ElsewhereError::WallTime(wall_timeout));
    }
    let (bytes, memory_bytes) = outcome(status, output, &said, bounds)?;
    if bytes.len() as u64 > code_bytes_max {
        return Err(ElsewhereError::Code(code_bytes_max));
    }
    Ok(Code { bytes, took: Took { elapsed: began.elapsed(), memory_bytes } })
}

/// What a process left.
struct Heard {
    status: ExitStatus,
    output: Vec<u8>,
    said: Vec<u8>,
    /// By the one who watched it.
    was_ended: bool,
}

/// Gives it the plugin and takes what it writes, a little more than there may be of code at most.
fn hear(
    mut process: Child,
    bytes: &[u8],
    code_bytes_max: u64,
    watch: &Watch,
    slow: impl FnOnce() + Send,
) -> io::Result<Heard> {
    let (stdin, stdout, stderr) =
        (process.stdin.take(), process.stdout.take(), process.stderr.take());
    let before_code = GREETING.len() as u64 + u64::from(u64::BITS / 8);
    let (output, said, was_ended) = thread::scope(|scope| {
        let (runs, ended) = mpsc::channel::<()>();
        let watched = scope.spawn(move || watch.look_after(&ended, slow));
        let said = scope.spawn(|| {
            let mut said = Vec::new();
            if let Some(mut stderr) = stderr {
                // What is missing is missing in a message only.
                let _ = stderr.by_ref().take(SAID_BYTES_MAX).read_to_end(&mut said);
                let _ = io::copy(&mut stderr, &mut io::sink());
            }
            said
        });
        if let Some(mut stdin) = stdin {
            // One that has ended already says why below.
            let _ = stdin.write_all(bytes);
        }
        let mut output = Vec::new();
        let read = stdout.map_or(Ok(0), |stdout| {
            stdout.take(before_code + code_bytes_max + 1).read_to_end(&mut output)
        });
        // What it would still write, nobody reads: it ends by itself. The other thread waits for that.
        let said = said.join().unwrap_or_default();
        watch.wait();
        drop(runs);
        (read.map(|_| output), said, watched.join().unwrap_or_default())
    });
    let status = process.wait()?;
    Ok(Heard { status, output: output?, said, was_ended })
}

/// The code, and the most memory that was held for it.
fn outcome(
    status: ExitStatus,
    mut output: Vec<u8>,
    said: &[u8],
    bounds: Bounds,
) -> Result<(Vec<u8>, u64), ElsewhereError> {
    let is_ours = output.starts_with(GREETING);
    let said = || String::from_utf8_lossy(said).trim().trim_start_matches("tablica: ").to_owned();
    let ended_by = |signal: Signal| status.signal() == Some(signal.as_raw());
    match (status.code(), status.signal()) {
        (Some(_), _) if !is_ours => Err(ElsewhereError::Stranger),
        // One that had more to say than may be read is ended by the closed pipe, or says so.
        (Some(0), _) => {
            let mut rest = output.split_off(GREETING.len());
            let code = rest.split_off(rest.len().min(size_of::<u64>()));
            let memory = rest.try_into().map(u64::from_le_bytes).unwrap_or_default();
            Ok((code, memory))
        }
        (Some(_), _) if NO_MEMORY.iter().any(|it| said().contains(it)) => {
            Err(ElsewhereError::Memory(bounds.memory_bytes_max))
        }
        (Some(_), _) => Err(ElsewhereError::Impossible(said())),
        (None, _) if ended_by(Signal::XCPU) => {
            Err(ElsewhereError::Time(bounds.processor_seconds_max))
        }
        // A program of ours ends itself so when it gets no memory; the kernel does it with KILL.
        (None, _) if ended_by(Signal::ABORT) || ended_by(Signal::KILL) => {
            Err(ElsewhereError::Memory(bounds.memory_bytes_max))
        }
        (None, signal) => Err(ElsewhereError::Crashed(signal.unwrap_or_default())),
    }
}

/// Within what is said when a mapping is refused, or a thread's stack.
const NO_MEMORY: [&str; 2] = ["os error 12", "ThreadPoolBuildError"];

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { memory_bytes_max: 512 << 20, processor_seconds_max: 9 };

    /// As a process leaves it behind: a code, or the number of a signal.
    fn ended(code: i32, signal: i32, output: &[u8]) -> Result<(Vec<u8>, u64), ElsewhereError> {
        outcome(
            ExitStatus::from_raw(code << 8 | signal),
            output.to_vec(),
            b"tablica: why\n",
            BOUNDS,
        )
    }

    #[test]
    fn how_the_process_ended_says_what_was_too_much() {
        use ElsewhereError::{Crashed, Impossible, Stranger};
        let greeted = GREETING.to_vec();
        let good = [GREETING, &7_u64.to_le_bytes(), b"code"].concat();
        assert_eq!(ended(0, 0, &good).unwrap(), (b"code".to_vec(), 7));
        for failed in [1, 101] {
            assert!(matches!(ended(failed, 0, &greeted), Err(Impossible(why)) if why == "why"));
        }
        for other in [0, 2, 101] {
            assert!(matches!(ended(other, 0, b"running 0 tests"), Err(Stranger)));
        }
        let why = |signal: Signal| ended(0, signal.as_raw(), &greeted).unwrap_err();
        let time = why(Signal::XCPU);
        assert_eq!(time.class(), NotCompiled::Time);
        assert!(time.to_string().contains("9 s of a processor"), "{time}");
        assert!(time.to_string().contains("server.compile_processor_max"), "{time}");
        for signal in [Signal::ABORT, Signal::KILL] {
            let memory = why(signal);
            assert_eq!(memory.class(), NotCompiled::Memory);
            assert!(memory.to_string().contains("512 MiB of memory"), "{memory}");
            assert!(memory.to_string().contains("server.compile_memory_bytes_max"), "{memory}");
        }
        assert!(matches!(why(Signal::SEGV), Crashed(11)));
    }
}
