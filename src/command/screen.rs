//! `tablica screen`: let televisions in, and say what they show, through a running server.
//!
//! What is asked is put into the state folder, where the server takes it up; whoever may write there
//! may ask. The command waits for the answer.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;

use super::StateFolder;
use crate::clock;
use crate::config::Environment;
use crate::event::UnixMs;
use crate::screen::paired::{Order, Orders, Outcome, PairedScreen, Shows};

/// How often the command looks whether the server has answered.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Looks before it gives up: a server answers within a second.
const LOOKS_MAX: u32 = 50;

const ABOUT_APPROVE: &str = "\
Lets in the television that shows CODE at /screen of the public listener. From then on it shows the
board or the playlist, also after restarts of either side, until it is revoked.";

/// The arguments of `tablica screen`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the server keeps its state.
    #[command(flatten)]
    pub folder: StateFolder,
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// A board or a playlist.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct What {
    /// The board that it shows.
    #[arg(long, value_name = "BOARD")]
    board: Option<String>,
    /// The playlist that it shows: [playlist.NAME] of the config.
    #[arg(long, value_name = "NAME")]
    playlist: Option<String>,
}

impl What {
    fn shows(&self) -> Shows {
        match (&self.board, &self.playlist) {
            (_, Some(name)) => Shows::Playlist(name.clone()),
            (board, None) => Shows::Board(board.clone().unwrap_or_default()),
        }
    }
}

/// What to do with screens.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// List paired screens.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let in the television that shows a code.
    #[command(long_about = ABOUT_APPROVE,
              after_help = "Example:\n  tablica screen approve BCDF-GHJK --board floor --name hall")]
    Approve {
        /// The code, as it is shown.
        code: String,
        /// What the screen shows.
        #[command(flatten)]
        what: What,
        /// What it is called: letters, digits, ".", "-" and "_".
        #[arg(long)]
        name: String,
        /// Where it hangs, in your words.
        #[arg(long, default_value = "")]
        place: String,
    },
    /// Shut a screen out: it shows a code again.
    Revoke {
        /// Its name.
        name: String,
    },
    /// Have a screen show another board or playlist.
    Move {
        /// Its name.
        name: String,
        /// What it shows from now on.
        #[command(flatten)]
        what: What,
    },
    /// Call a screen otherwise.
    Rename {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
        /// Where it hangs, in your words; as before without this.
        #[arg(long)]
        place: Option<String>,
    },
    /// Say when a screen is to be on: outside its hours nobody misses it.
    #[command(after_help = "Example:\n  tablica screen hours hall --calendar office")]
    Hours {
        /// Its name.
        name: String,
        /// While [calendar.NAME] of the config is open; always without this.
        #[arg(long, value_name = "NAME")]
        calendar: Option<String>,
    },
    /// Have a screen load its page again.
    Reload {
        /// Its name.
        name: String,
    },
    /// Have a screen show its name, large, for ten seconds.
    Identify {
        /// Its name.
        name: String,
    },
}

impl Action {
    fn order(&self) -> Order {
        let own = String::clone;
        match self {
            Action::List { .. } => Order::List,
            Action::Approve { code, what, name, place } => Order::Approve {
                code: own(code),
                name: own(name),
                place: own(place),
                shows: what.shows(),
            },
            Action::Revoke { name } => Order::Revoke { name: own(name) },
            Action::Move { name, what } => Order::Move { name: own(name), shows: what.shows() },
            Action::Rename { name, to, place } => {
                Order::Rename { name: own(name), to: own(to), place: place.clone() }
            }
            Action::Hours { name, calendar } => {
                Order::Expect { name: own(name), calendar: calendar.clone() }
            }
            Action::Reload { name } => Order::Reload { name: own(name) },
            Action::Identify { name } => Order::Identify { name: own(name) },
        }
    }

    /// What is said when it is done.
    fn done(&self) -> String {
        match self {
            Action::List { .. } => String::new(),
            Action::Approve { name, what, .. } => {
                format!("The screen {name} is paired and shows {}.", what.shows())
            }
            Action::Revoke { name } => format!("The screen {name} is shut out."),
            Action::Move { name, what } => format!("The screen {name} shows {}.", what.shows()),
            Action::Rename { name, to, .. } => format!("The screen {name} is called {to}."),
            Action::Hours { name, calendar: Some(calendar) } => {
                format!("The screen {name} is to be on while {calendar} is open.")
            }
            Action::Hours { name, calendar: None } => {
                format!("The screen {name} is to be on always.")
            }
            Action::Reload { name } => format!("The screen {name} loads its page again."),
            Action::Identify { name } => format!("The screen {name} shows its name."),
        }
    }
}

/// Carries it out; the exit code is 1 where the server refuses.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let state_dir = arguments.folder.find(environment)?;
    let action = &arguments.action;
    let Some(mut orders) = Orders::beside(&state_dir)? else {
        bail!("no server has run with the state folder {}: start it first", state_dir.display());
    };
    let answer = orders.ask(&action.order(), LOOKS_MAX, || clock::pause(LOOK_EVERY))?;
    match (answer, action) {
        (Some(Outcome::Done), _) => writeln!(out, "{}", action.done())?,
        (Some(Outcome::Screens(screens)), Action::List { json }) => list(&screens, *json, out)?,
        (Some(Outcome::Screens(_)), _) => bail!("the server has answered something else"),
        (Some(Outcome::Refused(why)), _) => {
            eprintln!("tablica: {why}");
            return Ok(ExitCode::FAILURE);
        }
        (None, Action::List { json }) => {
            eprintln!("tablica: the server is not running: this is what it will know");
            list(&orders.on_disk()?, *json, out)?;
        }
        (None, _) => bail!("the server is not running, and nothing was done: start it first"),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(screens: &[PairedScreen], json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(screens)?)?;
        return Ok(());
    }
    if screens.is_empty() {
        writeln!(out, "No screen is paired.")?;
        return Ok(());
    }
    let row = |name: &str, shows: &str, paired: &str, seen: &str, place: &str| {
        format!("{name:20}  {shows:24}  {paired:20}  {seen:20}  {place}")
    };
    writeln!(out, "{}", row("NAME", "SHOWS", "PAIRED", "SEEN", "PLACE").trim_end())?;
    for screen in screens {
        let (shows, paired) = (screen.shows.to_string(), time(screen.paired_ms));
        let line = row(&screen.name, &shows, &paired, &time(screen.seen_ms), &screen.place);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn time(ms: UnixMs) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).ok().filter(|_| ms > 0);
    time.map_or_else(|| "–".to_owned(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
