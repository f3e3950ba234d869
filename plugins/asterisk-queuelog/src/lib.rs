//! Asterisk's queue_log: each line becomes what it says about a call, an agent or the feed.
//!
//! The file is written for humans with grep: no ids, whole seconds, and some lines make sense
//! only with earlier ones. The snapshot therefore holds the calls under way, who is in which
//! queue and who is in after-work; `calls` and `agents` own these. Lines come from the host,
//! which tails the file through rotation.

mod agents;
mod calls;
mod decode;
mod line;
mod settings;
mod wrap_up;

use serde::{Deserialize, Serialize};
use tablica_plugin::{
    Channel, Failure, Info, Input, Line, Output, bad_input, config_error, export_channel, info,
};

use crate::agents::Agents;
use crate::calls::Calls;
use crate::line::Entry;
use crate::settings::Settings;
use crate::wrap_up::WrapUps;

/// One queue_log.
pub struct QueueLog {
    settings: Settings,
    state: State,
}

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    calls: Calls,
    agents: Agents,
    wrap_ups: WrapUps,
}

impl Channel for QueueLog {
    fn describe() -> Info {
        info("asterisk-queuelog", env!("CARGO_PKG_VERSION"), "Asterisk")
    }

    fn new(config: &str) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(config)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = serde_json::from_slice(snapshot)
            .map_err(|error| config_error(format!("snapshot: {error}")))?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        Ok(Output { commands: self.state.wrap_ups.timer(now_ms), ..Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Line(line) => self.line(now_ms, &line),
            Input::Timer(tag) if tag == wrap_up::TIMER => {
                let events = self.state.wrap_ups.due(now_ms);
                Ok(Output { events, commands: self.state.wrap_ups.timer(now_ms), reply: None })
            }
            Input::Webhook(_) | Input::Response(_) | Input::Text(_) | Input::Binary(_) => {
                Err(bad_input("a queue_log is read line by line"))
            }
            Input::Timer(_) | Input::Connected | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        // Strings and integers: there is nothing in it that JSON cannot hold.
        serde_json::to_vec(&self.state).unwrap_or_default()
    }
}

impl QueueLog {
    fn line(&mut self, now_ms: u64, line: &Line) -> Result<Output, Failure> {
        let bytes = line.bytes.trim_ascii_end();
        if bytes.is_empty() {
            return Ok(Output::default());
        }
        // Agents' names may be in any encoding; nothing else but ASCII has a meaning here.
        let text = String::from_utf8_lossy(bytes);
        let entry = Entry::parse(&text)?;
        let mut events = self.state.wrap_ups.due(entry.at_ms);
        let pending = self.state.wrap_ups.len();
        let id = line::event_id(&line.file, line.offset, bytes);
        decode::entry(&entry, id, &self.settings, &mut self.state, &mut events);
        let commands = match self.state.wrap_ups.len() == pending {
            true => Vec::new(),
            false => self.state.wrap_ups.timer(now_ms),
        };
        Ok(Output { events, commands, reply: None })
    }
}

export_channel!(QueueLog);

#[cfg(test)]
mod tests;
