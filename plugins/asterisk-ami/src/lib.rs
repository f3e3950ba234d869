//! Asterisk's manager: what it tells of queues becomes what happened to a call, an agent, the feed.
//!
//! `session` holds the link and logs in; `message` reads one message; `decode` says what it is about.
//! Calls are in `contacts`: into queues and out of them (`line`), at agents (`talks`), handed on
//! (`transfers`, `bridges`), and what only the next messages decide (`doubts`). Members are in `agents`, and
//! what Asterisk lists after each log-in in `census`. All times are Asterisk's: `clock`.

mod agents;
mod bridges;
mod census;
mod clock;
mod contact;
mod contacts;
mod decode;
mod doubts;
mod line;
mod message;
mod session;
mod settings;
mod talks;
mod transfers;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use tablica_plugin::wrap_up::{WrapUp, WrapUps};
use tablica_plugin::{
    Channel, Command, Content, Event, Failure, FeedState, Frame, Info, Input, Kind, Output, Pair,
    Recent, Setup, bad_input, export_channel, info, snapshot,
};

use crate::agents::Agents;
use crate::census::{Boot, Census};
use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::decode::Decoder;
use crate::message::Message;
use crate::session::{AGAIN, ALIVE, Answer, LINK, Session};
use crate::settings::Settings;

/// The timer for what waits to be decided, and for after-work.
const DUE: &str = "due";
/// The timer after which Asterisk, whose configuration was read anew, is asked for its queues.
const RELOADED: &str = "reloaded";
/// Modules are reloaded one after the other.
const RELOADED_MS: u32 = 2_000;

/// Callers on their way into a queue.
const ENTERING_MAX: usize = 10_000;

/// One Asterisk.
pub struct Manager {
    settings: Settings,
    session: Session,
    state: State,
    /// For when the timer is set.
    timer_ms: Option<u64>,
}

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    contacts: Contacts,
    agents: Agents,
    /// By Asterisk's clock.
    #[serde(deserialize_with = "wrap_ups")]
    wrap_ups: WrapUps,
    /// There was a log-in before: what happened since the link broke is not known.
    was_up: bool,
    clock: Clock,
    /// What Asterisk last said of its start.
    boot: Option<Boot>,
    /// It said that it ends.
    shut_down: bool,
    /// It tells when channels end.
    tells_hang_ups: bool,
    /// Callers on their way into a queue, by channel.
    #[serde(skip)]
    entering: Recent<String, String, ENTERING_MAX>,
    #[serde(skip)]
    census: Option<Census>,
}

/// After-work as it stands in a snapshot. In those of earlier versions the time at which it is due is `ends_ms`.
fn wrap_ups<'de, D: Deserializer<'de>>(from: D) -> Result<WrapUps, D::Error> {
    #[derive(Deserialize)]
    struct Kept {
        id: String,
        call: String,
        queue: Option<String>,
        agent: Option<String>,
        #[serde(alias = "ends_ms")]
        due_ms: u64,
    }
    let mut wrap_ups = WrapUps::default();
    for Kept { id, call, queue, agent, due_ms } in Vec::deserialize(from)? {
        wrap_ups.begin(WrapUp { id, call, queue, agent, due_ms, ends_ms: None });
    }
    Ok(wrap_ups)
}

impl Channel for Manager {
    fn describe() -> Info {
        info("asterisk-ami", env!("CARGO_PKG_VERSION"), "Asterisk")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(setup)?;
        let (session, state) = (Session::default(), State::default());
        Ok(Self { settings, session, state, timer_ms: None })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        self.state.contacts.index();
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        let mut commands = self.session.open(&self.settings);
        commands.extend(self.timer(now_ms));
        Ok(Output { commands, ..Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let commands = match input {
            Input::Frame(frame) if frame.link == LINK => return self.frame(now_ms, &frame),
            Input::Timer(tag) if tag == DUE => return Ok(self.due(now_ms)),
            Input::Timer(tag) if tag == ALIVE => self.session.alive(&self.settings),
            Input::Timer(tag) if tag == AGAIN => self.session.open(&self.settings),
            Input::Timer(tag) if tag == RELOADED => {
                self.state.census = Some(Census::default());
                vec![Session::ask_status()]
            }
            Input::Connected(link) if link.link == LINK => self.session.opened(&self.settings),
            Input::Disconnected(link) if link.link == LINK => self.session.closed(&self.settings),
            Input::Webhook(_) | Input::Response(_) | Input::Line(_) | Input::Document(_) => {
                return Err(bad_input("a manager is heard on a link"));
            }
            _ => Vec::new(),
        };
        Ok(Output { commands, ..Output::default() })
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }
}

impl Manager {
    /// A frame is one message. One that was recorded may hold many.
    fn frame(&mut self, now_ms: u64, frame: &Frame) -> Result<Output, Failure> {
        self.session.heard();
        let text = match &frame.content {
            Content::Text(text) => Cow::Borrowed(text.as_str()),
            // Names may be in any encoding; nothing else but ASCII has a meaning here.
            Content::Bytes(bytes) => String::from_utf8_lossy(bytes),
        };
        let text = text.replace("\r\n", "\n");
        let mut messages = text.split("\n\n").filter(|message| !message.trim().is_empty());
        let mut output = Output::default();
        match (messages.next(), messages.next()) {
            (None, _) => {}
            (Some(only), None) => self.message(now_ms, only, &mut output)?,
            (Some(first), Some(second)) => {
                for message in [first, second].into_iter().chain(messages) {
                    // One that is broken takes no other with it.
                    if self.message(now_ms, message, &mut output).is_err() {
                        let name = "undecodable_message".into();
                        let kind = Kind::Other(Pair { name, value: String::new() });
                        let id = decode::event_id(now_ms, message, "", None, &kind);
                        output.events.push(Event::new(id, now_ms, kind));
                    }
                }
            }
        }
        output.commands.extend(self.timer(now_ms));
        Ok(output)
    }

    fn message(&mut self, now_ms: u64, text: &str, output: &mut Output) -> Result<(), Failure> {
        let message = Message::parse(text);
        let event = message.get("Event");
        let stamp_ms = message.timestamp_ms().filter(|_| event.is_some());
        let at_ms = stamp_ms.unwrap_or_else(|| self.state.clock.now_ms(now_ms));
        let mut decoder = Decoder::new(&self.settings, &mut self.state, at_ms, now_ms);
        if event.is_some() && event != Some("FullyBooted") {
            decoder.passes(stamp_ms);
        }
        match (event, message.get("Response")) {
            (Some("FullyBooted"), _) => {
                if decoder.booted(&message) && decoder.state.census.is_none() {
                    decoder.state.census = Some(Census::default());
                    output.commands.push(Session::ask_status());
                }
            }
            (Some("Shutdown"), _) => decoder.state.shut_down = true,
            (Some("Reload"), _) => output.commands.push(Command::timer(RELOADED, RELOADED_MS)),
            (Some("QueueStatusComplete"), _) => decoder.census_complete(),
            (Some(name), _) => decoder.event(name, &message).map_err(bad_input)?,
            (None, Some(_)) => {
                let answer = self.session.answer(&message, &self.settings, &mut output.commands);
                match answer {
                    Answer::LoggedIn => decoder.logged_in(),
                    Answer::Alive => decoder.state.clock.answered(now_ms),
                    Answer::Nothing => {}
                }
            }
            (None, None) => {
                return Err(bad_input("a message of a manager is an event or an answer"));
            }
        }
        output.events.append(&mut decoder.events);
        Ok(())
    }

    fn due(&mut self, now_ms: u64) -> Output {
        self.timer_ms = None;
        let silent_ms = self.state.clock.silent_ms(now_ms);
        let mut decoder = Decoder::new(&self.settings, &mut self.state, silent_ms, now_ms);
        decoder.due(silent_ms);
        let events = decoder.events;
        Output { events, commands: self.timer(now_ms).into_iter().collect(), reply: None }
    }

    /// Wakes us for what is due next, if nothing comes meanwhile.
    fn timer(&mut self, now_ms: u64) -> Option<Command> {
        let state = &self.state;
        let next = [state.contacts.due_ms(), state.wrap_ups.due_ms(), state.agents.due_ms()];
        let next = next.into_iter().flatten().min();
        if next == self.timer_ms {
            return None;
        }
        self.timer_ms = next;
        Some(match next {
            Some(due_ms) => Command::timer(DUE, self.state.clock.until_ms(due_ms, now_ms)),
            None => Command::cancel_timer(DUE),
        })
    }
}

impl Decoder<'_> {
    /// Time goes on with each event.
    fn passes(&mut self, stamp_ms: Option<u64>) {
        let Some(until_ms) = self.state.clock.event(stamp_ms, self.host_ms) else { return };
        if let Some(boot) = &mut self.state.boot {
            boot.event_ms = boot.event_ms.or(Some(self.state.clock.event_ms()));
        }
        self.due(until_ms);
    }

    /// From here on events come. Whatever is known is from before.
    fn logged_in(&mut self) {
        if std::mem::replace(&mut self.state.was_up, true) {
            self.feed(FeedState::Gap);
        }
        self.state.census = Some(Census::default());
        for key in self.state.contacts.keys() {
            if let Some(contact) = self.state.contacts.get_mut(&key) {
                contact.broken_ms = contact.broken_ms.or(Some(self.last_ms));
            }
        }
    }
}

export_channel!(Manager);

#[cfg(test)]
mod tests;
