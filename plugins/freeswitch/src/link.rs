//! The connection: logging in, subscribing, asking for what waits, and noticing that it is dead.
//!
//! The event socket answers in order and without ids, so what was asked is a list. After a reconnect the
//! events of the gap are gone: the lists of agents and of members of each queue say what is true
//! now, and a gap is marked.

use std::collections::{BTreeSet, VecDeque};

use tablica_plugin::{Command, Connect, Event, FeedState, Kind, LogLevel, Piece, pieces, secret};

use crate::decode::{Decoder, text};
use crate::esl::{Assembler, Block, Headers};
use crate::settings::{Format, Settings};
use crate::state::State;
use crate::sync;

/// The link's name.
pub(crate) const LINK: &str = "socket";
/// The timer that asks whether FreeSWITCH is still there.
pub(crate) const ALIVE: &str = "alive";
/// How often.
const ALIVE_EVERY_MS: u32 = 30_000;
/// So long without a word, though it was asked twice: the connection is dead.
const SILENCE_MS_MAX: u64 = 75_000;

/// What FreeSWITCH was asked.
#[derive(Clone, Debug, PartialEq)]
enum Ask {
    LogIn,
    Subscribe,
    Core,
    Agents,
    Queues,
    Members(String),
    Alive,
}

/// One connection.
#[derive(Debug, Default)]
pub(crate) struct Link {
    assembler: Assembler,
    asked: VecDeque<Ask>,
    heard_ms: u64,
    is_up: bool,
    /// Calls that this connection has not heard of yet.
    pub(crate) doubted: BTreeSet<String>,
    /// Queues whose members are still to be asked for.
    queues: VecDeque<String>,
}

/// What a piece of the stream led to.
pub(crate) struct Said<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Event>,
    pub(crate) commands: &'a mut Vec<Command>,
    pub(crate) now_ms: u64,
}

impl Link {
    /// Asks the host to connect.
    pub(crate) fn connect(settings: &Settings) -> Command {
        Command::connect(Connect::new(LINK, pieces![settings.address.as_str()]))
    }

    /// The connection is there. FreeSWITCH speaks first.
    pub(crate) fn connected(&mut self, now_ms: u64, state: &State) -> Vec<Command> {
        *self = Self { heard_ms: now_ms, is_up: true, ..Self::default() };
        self.doubted = state.calls.under_way().cloned().collect();
        vec![Command::timer(ALIVE, ALIVE_EVERY_MS)]
    }

    /// The connection is gone: another one.
    pub(crate) fn disconnected(&mut self, settings: &Settings) -> Vec<Command> {
        *self = Self::default();
        vec![Command::cancel_timer(ALIVE), Self::connect(settings)]
    }

    /// Asks whether FreeSWITCH is there, or gives up on it.
    pub(crate) fn alive(&mut self, now_ms: u64, settings: &Settings) -> Vec<Command> {
        if !self.is_up {
            return Vec::new();
        }
        if now_ms.saturating_sub(self.heard_ms) > SILENCE_MS_MAX {
            let mut commands = self.disconnected(settings);
            commands.push(Command::log(LogLevel::Warn, "the event socket was silent: again"));
            return commands;
        }
        let mut commands = vec![Command::timer(ALIVE, ALIVE_EVERY_MS)];
        // Before the log-in nothing may be asked.
        if self.asked.is_empty() && self.queues.is_empty() {
            self.api(Ask::Alive, "global_getvar core_uuid", &mut commands);
        }
        commands
    }

    /// Bytes came.
    pub(crate) fn heard(&mut self, now_ms: u64, bytes: &[u8]) {
        self.heard_ms = now_ms;
        self.assembler.push(bytes);
    }

    /// The next piece of what came.
    pub(crate) fn next(&mut self) -> Option<crate::esl::Piece> {
        self.assembler.take()
    }

    /// One block.
    pub(crate) fn block(&mut self, block: &Block, said: &mut Said<'_>) {
        let body = String::from_utf8_lossy(&block.body);
        match text(&block.headers, "Content-Type").unwrap_or_default() {
            "auth/request" => self.log_in(said),
            "command/reply" => self.reply(&block.headers, said),
            "api/response" => self.answer(&body, said),
            "text/event-plain" => self.event(&crate::esl::headers(&block.body, true), said),
            "text/event-json" => match serde_json::from_slice::<serde_json::Value>(&block.body) {
                Ok(serde_json::Value::Object(fields)) => {
                    let text = |value: serde_json::Value| match value {
                        serde_json::Value::String(text) => Some(text),
                        serde_json::Value::Number(number) => Some(number.to_string()),
                        _ => None,
                    };
                    let fields = fields.into_iter();
                    let headers = fields.filter_map(|(name, value)| Some((name, text(value)?)));
                    self.event(&headers.collect(), said);
                }
                _ => said.events.push(crate::decode::undecodable(&block.body)),
            },
            "text/rude-rejection" => {
                let why = "refused: acl.conf.xml or apply-inbound-acl lets nobody in from here";
                said.commands.push(Command::log(LogLevel::Warn, why));
            }
            // An event without its envelope.
            "" if block.headers.contains_key("Event-Name") => self.event(&block.headers, said),
            _ => {}
        }
    }

    fn event(&mut self, headers: &Headers, said: &mut Said<'_>) {
        let mut decoder =
            Decoder { settings: said.settings, state: said.state, events: said.events };
        if let Some(session) = decoder.event(headers) {
            self.doubted.remove(&session);
        }
    }

    fn log_in(&mut self, said: &mut Said<'_>) {
        let mut line = match &said.settings.user {
            None => pieces!["auth "],
            Some(user) => pieces![format!("userauth {user}:")],
        };
        line.extend(pieces![secret("password"), "\n\n"]);
        self.ask(Ask::LogIn, line, said.commands);
    }

    fn reply(&mut self, headers: &Headers, said: &mut Said<'_>) {
        let is_ok = text(headers, "Reply-Text").is_some_and(|reply| reply.starts_with("+OK"));
        match self.asked.front() {
            Some(Ask::LogIn) if is_ok => {
                self.asked.pop_front();
                let format = match said.settings.format {
                    Format::Plain => "plain",
                    Format::Json => "json",
                };
                let events = "CHANNEL_HOLD CHANNEL_UNHOLD CUSTOM callcenter::info";
                let line = pieces![format!("event {format} {events}\n\n")];
                self.ask(Ask::Subscribe, line, said.commands);
            }
            Some(Ask::LogIn) => {
                self.asked.pop_front();
                let why = "the password was refused: it stands in event_socket.conf.xml";
                said.commands.push(Command::log(LogLevel::Warn, why));
            }
            Some(Ask::Subscribe) => {
                self.asked.pop_front();
                if !is_ok {
                    let why = "FreeSWITCH refused to send its events";
                    said.commands.push(Command::log(LogLevel::Warn, why));
                }
                if said.state.was_connected {
                    let id = format!("gap:{}", said.now_ms);
                    said.events.push(Event::new(id, said.now_ms, Kind::Feed(FeedState::Gap)));
                }
                said.state.was_connected = true;
                self.api(Ask::Core, "global_getvar core_uuid", said.commands);
            }
            _ => {}
        }
    }

    fn answer(&mut self, body: &str, said: &mut Said<'_>) {
        let Some(ask) = self.asked.front().cloned() else { return };
        match ask {
            Ask::LogIn | Ask::Subscribe => return,
            Ask::Core => {
                self.core(body, said);
                self.asked.pop_front();
                self.api(Ask::Agents, "callcenter_config agent list", said.commands);
                return;
            }
            Ask::Alive => {}
            Ask::Agents => {
                if !sync::agents(body, said.state, said.events) {
                    let why = "mod_callcenter did not list its agents: is it loaded?";
                    said.commands.push(Command::log(LogLevel::Warn, why));
                }
                self.asked.pop_front();
                self.api(Ask::Queues, "callcenter_config queue list", said.commands);
                return;
            }
            Ask::Queues => self.queues = sync::queues(body),
            Ask::Members(_) => {
                sync::members(body, said.settings, said.state, &mut self.doubted, said.events);
            }
        }
        self.asked.pop_front();
        if ask == Ask::Alive {
            return;
        }
        match self.queues.pop_front() {
            Some(queue) => {
                let line = format!("callcenter_config queue list members {queue}");
                self.api(Ask::Members(queue), &line, said.commands);
            }
            // What neither list nor event has told of is over.
            None => {
                for session in std::mem::take(&mut self.doubted) {
                    said.state.lose(&session, None, said.events);
                }
            }
        }
    }

    /// Another start of FreeSWITCH: calls of before are gone, and nothing will end them.
    fn core(&mut self, body: &str, said: &mut Said<'_>) {
        let core = body.trim();
        if core.is_empty() || core.starts_with('-') || core.contains(char::is_whitespace) {
            return;
        }
        if said.state.core.as_deref().is_some_and(|known| known != core) {
            let at_ms = said.state.event_ms;
            let id = format!("restarted:{core}");
            said.events.push(Event::new(id, at_ms, Kind::Feed(FeedState::Restarted)));
            said.state.calls.clear();
            self.doubted.clear();
        }
        said.state.core = Some(core.to_owned());
    }

    fn api(&mut self, ask: Ask, line: &str, commands: &mut Vec<Command>) {
        self.ask(ask, pieces![format!("api {line}\n\n")], commands);
    }

    fn ask(&mut self, ask: Ask, line: Vec<Piece>, commands: &mut Vec<Command>) {
        self.asked.push_back(ask);
        commands.push(Command::send_bytes(LINK, line));
    }
}
