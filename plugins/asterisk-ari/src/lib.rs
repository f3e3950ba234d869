//! The Asterisk REST Interface: calls in applications that a site wrote itself.
//!
//! `link` holds the WebSocket and asks, `wire` is the shape of events, `decode` and `talks` say what they mean,
//! `state` is what survives a restart. What a queue is, is known to the application alone: settings say it.

mod decode;
mod link;
mod settings;
mod state;
mod talks;
mod wire;

use std::collections::BTreeSet;

use tablica_plugin::{
    Channel as Plugin, Command, Content, Event as Told, Failure, FeedState, Frame, Info, Input,
    Kind, LogLevel, Moment, Output, Response, Setup, bad_input, export_channel, info, snapshot,
    unsupported,
};

use crate::decode::{Decoder, GOES_ON_MS};
use crate::link::{BRIDGES, CHANNELS, LINK, RETRY, WATCH};
use crate::settings::Settings;
use crate::state::State;
use crate::wire::{Bridge, Channel, Event};

/// The timer by which callers who left the application are looked at.
const LEFT: &str = "left";

/// One Asterisk.
pub struct Ari {
    settings: Settings,
    state: State,
    /// The socket is open.
    is_up: bool,
    /// Calls that this connection has not heard of yet.
    doubted: BTreeSet<String>,
}

impl Plugin for Ari {
    fn describe() -> Info {
        info("asterisk-ari", env!("CARGO_PKG_VERSION"), "Asterisk ARI")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(setup)?;
        Ok(Self { settings, state: State::default(), is_up: false, doubted: BTreeSet::new() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        let mut commands = vec![link::connect(&self.settings)];
        commands.extend(self.left_timer(now_ms));
        Ok(Output { commands, ..Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let mut output = Output::default();
        match input {
            Input::Frame(frame) => self.frame(now_ms, &frame, &mut output)?,
            Input::Connected(up) if up.link == LINK => self.connected(now_ms, &mut output),
            Input::Disconnected(down) if down.link == LINK => {
                self.is_up = false;
                if down.code == Some(401) {
                    let why = "the user or password was refused: they stand in ari.conf";
                    output.commands.push(Command::log(LogLevel::Warn, why));
                }
                output.commands.push(Command::cancel_timer(WATCH));
                output.commands.push(link::connect(&self.settings));
            }
            Input::Response(answer) => self.answer(&answer, &mut output)?,
            Input::Timer(tag) => match tag.as_str() {
                WATCH if self.is_up => output.commands = link::watch(&self.settings),
                RETRY => output.commands.push(link::connect(&self.settings)),
                LEFT => self.left(now_ms, &mut output),
                _ => {}
            },
            Input::Webhook(_) | Input::Line(_) | Input::Document(_) => {
                return Err(bad_input("Asterisk tells on its WebSocket only"));
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {}
        }
        Ok(output)
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }
}

impl Ari {
    fn connected(&mut self, now_ms: u64, output: &mut Output) {
        self.is_up = true;
        self.doubted = self.state.calls.iter().map(|(call, _)| call.clone()).collect();
        if self.state.was_connected {
            let id = format!("gap:{now_ms}");
            output.events.push(Told::new(id, now_ms, Kind::Feed(FeedState::Gap)));
        }
        self.state.was_connected = true;
        output.commands = link::watch(&self.settings);
        output.commands.push(link::ask(&self.settings, "channels", CHANNELS));
    }

    fn frame(&mut self, now_ms: u64, frame: &Frame, output: &mut Output) -> Result<(), Failure> {
        let bytes = match &frame.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        };
        let event: Event =
            serde_json::from_slice(bytes).map_err(|error| bad_input(error.to_string()))?;
        match event.kind.as_str() {
            "" => return Err(unsupported("no event: /type is missing")),
            "ApplicationReplaced" if event.application == self.settings.app => {
                self.replaced(&event, output);
                return Ok(());
            }
            "ApplicationUnregistered" if event.application == self.settings.app => {
                self.again("Asterisk forgot the application: again", output);
                return Ok(());
            }
            _ => {}
        }
        let about = event.channel.as_ref().or(event.transferer_first_leg.as_ref());
        let about = about.or(event.peer.as_ref()).map(|channel| channel.id.clone());
        let about = about.unwrap_or_default();
        self.doubted.remove(&about);
        if let Some(caller) = &event.caller {
            self.doubted.remove(&caller.id);
        }
        let (at, id) = (event.at(), event.id(&about));
        self.decoder(&mut output.events, at, id).event(&event);
        if self.state.calls.get(&about).is_some_and(|call| call.left_ms.is_some()) {
            output.commands.extend(self.left_timer(now_ms));
        }
        Ok(())
    }

    fn decoder<'a>(&'a mut self, events: &'a mut Vec<Told>, at: Moment, id: String) -> Decoder<'a> {
        Decoder::new(&self.settings, &mut self.state, events, at, id)
    }

    /// Another WebSocket has the name now, and gets what came here.
    fn replaced(&mut self, event: &Event, output: &mut Output) {
        self.is_up = false;
        let kind = Kind::Feed(FeedState::Down);
        output.events.push(Told::new(event.id(&event.application), event.at(), kind));
        let why = "another program listens under this name: give Tablica one of its own (app)";
        output.commands.push(Command::log(LogLevel::Warn, why));
        output.commands.push(Command::cancel_timer(WATCH));
        output.commands.push(Command::timer(RETRY, link::RETRY_AFTER_MS));
    }

    /// Registers anew.
    fn again(&mut self, why: &str, output: &mut Output) {
        self.is_up = false;
        output.commands.push(Command::log(LogLevel::Warn, why));
        output.commands.push(Command::cancel_timer(WATCH));
        output.commands.push(link::connect(&self.settings));
    }

    fn answer(&mut self, answer: &Response, output: &mut Output) -> Result<(), Failure> {
        match (answer.tag.as_str(), answer.status) {
            (WATCH, 404) if self.is_up => {
                self.again("Asterisk forgot the application: again", output);
            }
            (WATCH | CHANNELS | BRIDGES, 401 | 403) => {
                let why = "the user or password was refused: they stand in ari.conf";
                output.commands.push(Command::log(LogLevel::Warn, why));
            }
            (CHANNELS, 200) => {
                let channels: Vec<Channel> = serde_json::from_slice(&answer.body)
                    .map_err(|error| bad_input(format!("channels: {error}")))?;
                self.channels(&channels, output);
                output.commands.push(link::ask(&self.settings, "bridges", BRIDGES));
            }
            (BRIDGES, 200) => {
                let bridges: Vec<Bridge> = serde_json::from_slice(&answer.body)
                    .map_err(|error| bad_input(format!("bridges: {error}")))?;
                self.bridges(&bridges, output);
            }
            _ => {}
        }
        Ok(())
    }

    /// Who is there: callers of before, and agents' legs. Whoever is not there any more hung up meanwhile.
    fn channels(&mut self, channels: &[Channel], output: &mut Output) {
        let there: BTreeSet<&str> = channels.iter().map(|it| it.id.as_str()).collect();
        for channel in channels.iter().filter(|it| !it.id.is_empty() && !it.is_machine()) {
            let id = format!("found:{}", channel.id);
            let mut decoder = self.decoder(&mut output.events, 0.into(), id);
            decoder.listed(channel);
        }
        for call in std::mem::take(&mut self.doubted) {
            if there.contains(call.as_str()) {
                continue;
            }
            let id = format!("lost:{call}");
            let mut decoder = self.decoder(&mut output.events, 0.into(), id);
            decoder.lost(&call);
        }
    }

    /// Who talks with whom.
    fn bridges(&mut self, bridges: &[Bridge], output: &mut Output) {
        for bridge in bridges.iter().filter(|bridge| bridge.bridge_type != "holding") {
            let id = format!("bridge:{}", bridge.id);
            let mut decoder = self.decoder(&mut output.events, 0.into(), id);
            decoder.meet(&bridge.id, bridge.channels.iter().map(String::as_str));
        }
    }

    /// Callers who left the application, and were not hung up since.
    fn left(&mut self, now_ms: u64, output: &mut Output) {
        let is_due = |left_ms: u64| left_ms.saturating_add(GOES_ON_MS) <= now_ms;
        let mut due: Vec<(String, u64)> = self
            .state
            .calls
            .iter()
            .filter_map(|(id, call)| Some((id.clone(), call.left_ms?)))
            .filter(|(_, left_ms)| is_due(*left_ms))
            .collect();
        due.sort();
        for (call, left_ms) in due {
            let id = format!("left:{call}:{left_ms}");
            let mut decoder = self.decoder(&mut output.events, left_ms.into(), id);
            decoder.went_on(&call);
        }
        output.commands.extend(self.left_timer(now_ms));
    }

    fn left_timer(&self, now_ms: u64) -> Option<Command> {
        let left = self.state.calls.iter().filter_map(|(_, call)| call.left_ms).min()?;
        let delay_ms = left.saturating_add(GOES_ON_MS).saturating_sub(now_ms).max(100);
        Some(Command::timer(LEFT, u32::try_from(delay_ms).unwrap_or(u32::MAX)))
    }
}

export_channel!(Ari);

#[cfg(test)]
mod tests;
