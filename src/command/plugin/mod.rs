//! `tablica plugin`: run, test, pack and look at channel plugins without a server.
//!
//! Everything happens in the same sandbox and through the same conversion as in the server; what
//! is missing is the network: fetches are printed, not sent, and timers never fire.

mod bench;
mod build;
mod check;
mod dev;
mod find;
mod inspect;
mod link;
mod list;
mod new;
mod pack;
mod play;
mod run;
mod shown;
mod spoil;
mod subject;
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
    /// With --accept the expectations are rewritten instead; read the difference before you commit
    /// it.
    #[command(
        after_help = "Examples:\n  tablica plugin test\n  tablica plugin test plugins/telegram"
    )]
    Test(test::Arguments),
    /// Try what a network, or somebody who pretends to be one, may do to a plugin
    ///
    /// Its samples are cut, flipped, repeated, turned round and interrupted, within the limits of a
    /// server whose operator has changed nothing. The exit code is 1 when the plugin traps, runs out
    /// of time or memory, forgets what it had to remember, or makes another event of a repetition.
    #[command(after_help = "Example:\n  tablica plugin check plugins/telegram")]
    Check(check::Arguments),
    /// Measure what an input takes, over a plugin's samples
    #[command(after_help = "Example:\n  tablica plugin bench plugins/telegram")]
    Bench(bench::Arguments),
    /// Make a folder with a plugin that builds and passes its first test
    #[command(after_help = "Example:\n  tablica plugin new front-desk --lang js --source webhook")]
    New(new::Arguments),
    /// Build a plugin's folder to one file, by the tools of its language: Rust, JavaScript, Python
    #[command(after_help = "Example:\n  tablica plugin build front-desk")]
    Build(build::Arguments),
    /// Build, test and reload a plugin whenever one of its files is saved
    ///
    /// The plugin file is put where the server looks for it, in one step, and the server is told on its
    /// admin listener: it goes on with the new build from where the old one stood. What does not build, or
    /// is not as its samples expect, replaces nothing. Ctrl-C ends.
    #[command(after_help = dev::EXAMPLES)]
    Dev(dev::Arguments),
    /// Make one plugin file of a WebAssembly module and its plugin.toml
    #[command(after_help = pack::EXAMPLES)]
    Pack(pack::Arguments),
    /// List the plugins that ship with this server
    List,
    /// Show what a plugin file says about itself
    #[command(after_help = "Example:\n  tablica plugin inspect telegram")]
    Inspect(inspect::Arguments),
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
        Command::Check(arguments) => check::run(arguments, shipped, out),
        Command::Bench(arguments) => bench::run(arguments, shipped, out),
        Command::New(arguments) => new::run(arguments, out),
        Command::Build(arguments) => build::run(arguments, out),
        Command::Dev(arguments) => dev::run(arguments, shipped, out),
        Command::Pack(arguments) => pack::run(arguments, out),
        Command::List => list::list(shipped, out),
        Command::Inspect(arguments) => inspect::run(arguments, shipped, out),
    }
}
