//! The link to the manager: opened, logged in, kept alive, and opened again.

use tablica_plugin::{
    Atom, Command, Computed, Connect, Digest, Encoding, LogLevel, Piece, pieces, secret,
};

use crate::message::Message;
use crate::settings::{LogIn, Settings};

/// The one link.
pub(crate) const LINK: &str = "pbx";
/// What the operator gives.
const SECRET: &str = "password";
/// Fires while the link is up: asks whether anybody is there.
pub(crate) const ALIVE: &str = "alive";
/// Fires once, after a log-in was refused.
pub(crate) const AGAIN: &str = "again";

/// Silent for so long, it is asked; silent for twice as long, it is opened anew.
const ALIVE_MS: u32 = 30_000;
/// Asked at once, and again and again, a machine that locks out attackers would lock us out.
const AGAIN_MS: u32 = 60_000;

/// `ActionID`s: answers come among events, and carry them.
const CHALLENGE: &str = "tablica-challenge";
const LOGIN: &str = "tablica-login";
const STATUS: &str = "tablica-status";
const PING: &str = "tablica-ping";

/// What is forgotten when the plugin ends.
#[derive(Debug, Default)]
pub(crate) struct Session {
    logged_in: bool,
    refused: bool,
    /// Something came since the last look.
    heard: bool,
}

/// What an answer means for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    LoggedIn,
    /// It is there.
    Alive,
    Nothing,
}

impl Session {
    pub(crate) fn open(&mut self, settings: &Settings) -> Vec<Command> {
        *self = Self::default();
        let link = Connect::new(LINK, pieces![settings.url.as_str()]).until("\r\n\r\n");
        // The host sees to a link that does not open.
        vec![Command::connect(link), Command::cancel_timer(ALIVE)]
    }

    /// The link is open.
    pub(crate) fn opened(&mut self, settings: &Settings) -> Vec<Command> {
        *self = Self { heard: true, ..Self::default() };
        let first = match settings.login {
            LogIn::Challenge => action("Challenge", CHALLENGE, pieces!["AuthType: MD5\r\n"]),
            LogIn::Plain => log_in(settings, pieces!["Secret: ", secret(SECRET), "\r\n"]),
        };
        vec![first, Command::timer(ALIVE, ALIVE_MS)]
    }

    /// The link is gone.
    pub(crate) fn closed(&mut self, settings: &Settings) -> Vec<Command> {
        if self.refused {
            *self = Self::default();
            return vec![Command::cancel_timer(ALIVE), Command::timer(AGAIN, AGAIN_MS)];
        }
        self.open(settings)
    }

    pub(crate) fn heard(&mut self) {
        self.heard = true;
    }

    /// The timer of that name.
    pub(crate) fn alive(&mut self, settings: &Settings) -> Vec<Command> {
        if !std::mem::take(&mut self.heard) {
            return self.open(settings);
        }
        let mut commands = vec![Command::timer(ALIVE, ALIVE_MS)];
        if self.logged_in {
            commands.push(action("Ping", PING, Vec::new()));
        }
        commands
    }

    /// Asks who waits and who is a member.
    pub(crate) fn ask_status() -> Command {
        action("QueueStatus", STATUS, Vec::new())
    }

    /// The answer to something that was asked.
    pub(crate) fn answer(
        &mut self,
        message: &Message<'_>,
        settings: &Settings,
        commands: &mut Vec<Command>,
    ) -> Answer {
        let is_good = message.is("Response", "Success");
        match (message.get("ActionID"), is_good) {
            (Some(CHALLENGE), true) => {
                let word = message.get("Challenge").unwrap_or_default().as_bytes().to_vec();
                let key = Computed {
                    digest: Digest::Md5,
                    key: Vec::new(),
                    over: vec![Atom::Bytes(word), Atom::Secret(SECRET.into())],
                    encoding: Encoding::Hex,
                };
                let how = pieces!["AuthType: MD5\r\nKey: ", key, "\r\n"];
                commands.push(log_in(settings, how));
            }
            (Some(LOGIN), true) => {
                self.logged_in = true;
                commands.push(Self::ask_status());
                return Answer::LoggedIn;
            }
            (Some(CHALLENGE), false) => {
                self.refused = true;
                let why =
                    "the manager gives no challenge; login = plain shows it the secret itself";
                commands.push(Command::log(LogLevel::Warn, why));
            }
            (Some(LOGIN), false) => {
                self.refused = true;
                let why = "the manager refused the log-in: see username, the secret, and permit and deny \
                           in manager.conf";
                commands.push(Command::log(LogLevel::Warn, why));
            }
            (Some(STATUS), false) => {
                let why = "the manager lists no queues: who waits already is not known";
                commands.push(Command::log(LogLevel::Warn, why));
            }
            (Some(PING), _) => return Answer::Alive,
            _ => {}
        }
        Answer::Nothing
    }
}

/// Which events are wanted goes with the log-in, so that none is missed after it.
fn log_in(settings: &Settings, how: Vec<Piece>) -> Command {
    let events = match settings.dialplan {
        true => "system,call,agent,dialplan",
        false => "system,call,agent",
    };
    let who = format!("Username: {}\r\nEvents: {events}\r\n", settings.username);
    let mut fields = pieces![who];
    fields.extend(how);
    action("Login", LOGIN, fields)
}

fn action(name: &str, id: &str, fields: Vec<Piece>) -> Command {
    let mut message = pieces![format!("Action: {name}\r\nActionID: {id}\r\n")];
    message.extend(fields);
    message.push(Piece::from("\r\n"));
    Command::send_bytes(LINK, message)
}
