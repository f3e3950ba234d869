//! The `tablica` command: arguments → one function per subcommand; nothing else.

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use tablica::channel::host::elsewhere;
use tablica::command::{
    self, access, board, check, journal, key, plugin, quarantine, replay, report, rules, screen,
    serve, simulate, test, topics,
};
use tablica::config::Environment;
use tablica::{app, assets};
use zeroizing_alloc::ZeroAlloc;

/// Memory is zeros once it is free: what a customer said is in none of it.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

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
    /// Check, begin, list and picture board files, without a server
    Board(board::Arguments),
    /// Run, test, pack and look at channel plugins, without a server
    Plugin(plugin::Arguments),
    /// Count a past span again, from the journal or a file: print, compare or show it on boards
    Replay(replay::Args),
    /// Print a report of a day or a week: promises kept, volumes, by channel, queue and agent
    Report(report::Arguments),
    /// Run wall scripts: does what they promise hold?
    Test(test::Arguments),
    /// List the alerts, or write their rules for Prometheus, by a config
    Rules(rules::Arguments),
    /// Look at input that could not be decoded, and have it decoded again
    Quarantine(quarantine::Arguments),
    /// Try which topics, complaint, spam and sentiment a message gets, and check topic rules
    Topics(topics::Arguments),
    /// Check the journal for lost events, beside a running server, and repair it without one
    Journal(journal::Arguments),
    /// Let televisions in by the code that they show, and say what they show
    Screen(screen::Arguments),
    /// People, roles and tokens, and who has done what
    Access(access::Arguments),
    /// Replace the secret key by which customers are recognised, or see how old it is
    Key(key::Arguments),
    /// Send a made-up contact center's traffic to a server
    Simulate(simulate::Arguments),
    /// Compile a plugin for the server that starts, from standard input to standard output
    #[command(name = elsewhere::SUBCOMMAND, hide = true)]
    CompilePlugin(elsewhere::Bounds),
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
            check::run(&arguments, &environment, app::check, &mut out).map_err(Into::into)
        }
        Command::Board(arguments) => board::run(&arguments, &environment, &mut out),
        Command::Plugin(arguments) => {
            let names: Vec<&str> = assets::plugins().map(|(name, _)| name).collect();
            let shipped = plugin::Shipped { names: &names, plugin: &assets::plugin };
            plugin::run(&arguments, &shipped, &mut out)
        }
        Command::Replay(arguments) => {
            replay::run(&arguments, &environment, &mut out).map(|()| ExitCode::SUCCESS)
        }
        Command::Report(arguments) => report::run(&arguments, &environment, &mut out),
        Command::Rules(arguments) => rules::run(&arguments, &environment, &mut out),
        Command::Test(arguments) => test::run(&arguments, &mut out),
        Command::Quarantine(arguments) => quarantine::run(&arguments, &environment, &mut out),
        Command::Topics(arguments) => topics::run(&arguments, &environment, &mut out),
        Command::Journal(arguments) => Ok(journal::run(&arguments, &environment, &mut out)),
        Command::Access(arguments) => {
            access::run(&arguments, &environment, &mut io::stdin().lock(), &mut out)
        }
        Command::Screen(arguments) => screen::run(&arguments, &environment, &mut out),
        Command::Key(arguments) => key::run(&arguments, &environment, &mut out),
        Command::CompilePlugin(bounds) => {
            elsewhere::compile(&bounds, io::stdin().lock(), &mut out).map(|()| ExitCode::SUCCESS)
        }
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
        eprintln!("tablica: {}", command::told(&error));
        ExitCode::FAILURE
    })
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
