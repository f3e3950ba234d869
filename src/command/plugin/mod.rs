//! `tablica plugin`: run, test, pack and look at channel plugins without a server.
//!
//! Everything happens in the same sandbox and through the same conversion as in the server; what
//! is missing is the network: fetches are printed, not sent, and timers never fire.

mod find;
mod list;
mod pack;
mod run;
mod test;
mod workbench;

use std::io::Write;
use std::process::ExitCode;

pub use self::find::Shipped;

/// The arguments of `tablica plugin`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Decode raw input and print the events, commands and replies as JSON lines
    ///
    /// PLUGIN is a packed .wasm file, a plugin's folder, or the name of a shipped plugin.
    ///
    /// Each line of the output is either an event, in the shape that `tablica replay --events`
    /// reads, or an object with one key: `command`, `reply`, `failure` or `call` (what a call
    /// took). The channel is the config's, or without --config the plugin's name; customers are
    /// hashed with a key that is the same everywhere, so do not take these lines for pseudonymous.
    ///
    /// The exit code is 1 when an input could not be decoded.
    #[command(after_help = run::EXAMPLES)]
    Run(run::Arguments),
    /// Compare each sample of plugin.toml with the events it must become
    ///
    /// With TABLICA_BLESS=1 in the environment the expectations are rewritten instead; read the
    /// difference before you commit it.
    #[command(after_help = "Example:\n  tablica plugin test plugins/telegram")]
    Test(test::Arguments),
    /// Make one plugin file of a WebAssembly module and its plugin.toml
    #[command(after_help = pack::EXAMPLES)]
    Pack(pack::Arguments),
    /// List the plugins that ship with this server
    List,
    /// Show what a plugin file says about itself
    #[command(after_help = "Example:\n  tablica plugin inspect telegram")]
    Inspect(list::Inspect),
}

/// Does what the arguments say. What is printed goes to `out`; an error is for stderr.
pub fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Run(arguments) => run::run(arguments, shipped, out),
        Command::Test(arguments) => test::run(arguments, shipped, out),
        Command::Pack(arguments) => pack::run(arguments, out),
        Command::List => list::list(shipped, out),
        Command::Inspect(arguments) => list::inspect(arguments, shipped, out),
    }
}
