//! Compiling in a process of its own. The compiler takes hundreds of megabytes for a plugin that
//! brings a language's runtime, and its threads keep them; with the process all of it goes back to
//! the system. What takes too much ends that process, and not the server.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use wasmtime::Engine;

use super::engine::settings;

/// The hidden subcommand of this very program that compiles from standard input to standard output.
pub const SUBCOMMAND: &str = "compile-plugin";
/// The program as it runs, also when its file was replaced meanwhile.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub(super) enum ElsewhereError {
    /// The process cannot be started or spoken with.
    #[error("no process to compile in: {0}")]
    NoProcess(#[from] io::Error),
    /// It was ended from outside.
    #[error("the process that compiled the plugin was ended: is there too little memory?")]
    Ended,
    /// It says why not.
    #[error("{0}")]
    Refused(String),
}

/// The side of the process: compiles what it reads. Blocks.
pub fn compile(mut from: impl Read, mut to: impl Write) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    let engine = Engine::new(&settings()).map_err(told)?;
    let code = engine.precompile_component(&bytes).map_err(told)?;
    to.write_all(&code)?;
    Ok(to.flush()?)
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
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(_) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(ElsewhereError::Refused(said.trim().to_owned()))
        }
        None => Err(ElsewhereError::Ended),
    }
}
