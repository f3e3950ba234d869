//! The `tablica` command: arguments → one function per subcommand; nothing else.

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tablica::command::{check, key, plugin, quarantine, replay, serve, simulate, topics};
use tablica::config::{self, Environment};
use tablica::{app, assets};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Wallboard and metrics server for contact centers on many networks at once.
#[derive(Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
struct Tablica {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Arguments),
    /// Say everything that is wrong with a config, with file and line
    Check(check::Arguments),
    /// Run, test, pack and look at channel plugins, without a server
    Plugin(plugin::Arguments),
    /// Fold events and print every KPI with its receipt, without a server
    Replay(replay::Args),
    /// Look at input that could not be decoded, and have it decoded again
    Quarantine(quarantine::Arguments),
    /// Try what a message would get by the topic rules, and check rules
    Topics(topics::Arguments),
    /// Rotate the key that customers are hashed with
    Key(key::Arguments),
    /// Send a made-up contact center's traffic to a server
    Simulate(simulate::Arguments),
}

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let environment = Environment::of_process();
    let done = match Tablica::parse().command {
        Command::Serve(arguments) => {
            drop(out);
            serve::run(&arguments)
        }
        Command::Check(arguments) => {
            check::run(&arguments, &environment, &app::checks(), &mut out).map_err(Into::into)
        }
        Command::Plugin(arguments) => {
            let names: Vec<&str> = assets::plugins().map(|(name, _)| name).collect();
            let shipped = plugin::Shipped { names: &names, plugin: &assets::plugin };
            plugin::run(&arguments, &shipped, &mut out)
        }
        Command::Replay(arguments) => replay(&arguments, &mut out),
        Command::Quarantine(arguments) => quarantine::run(&arguments, &environment, &mut out),
        Command::Topics(arguments) => topics::run(&arguments, &environment, &mut out),
        Command::Key(arguments) => key::run(&arguments, &environment, &mut out),
        Command::Simulate(arguments) => {
            drop(out);
            simulate::run(&arguments)
        }
    };
    done.unwrap_or_else(|error| {
        // Whoever read the output has seen enough: `tablica replay … | head`.
        if error.chain().filter_map(|cause| cause.downcast_ref()).any(is_broken_pipe) {
            return ExitCode::SUCCESS;
        }
        eprintln!("tablica: {error:#}");
        ExitCode::FAILURE
    })
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

fn replay(arguments: &replay::Args, out: &mut impl io::Write) -> anyhow::Result<ExitCode> {
    let config = arguments.config.as_deref().map(|path| config::load(Some(path))).transpose()?;
    replay::run(arguments, config.as_ref(), out)?;
    Ok(ExitCode::SUCCESS)
}
