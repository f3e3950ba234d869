//! Asterisk's queue_log: each line becomes what it says about a call, an agent or the feed.
//!
//! The file is written for humans with grep: no ids, whole seconds, and some lines make sense
//! only with earlier ones, a few with later ones. The snapshot therefore holds the calls under
//! way, who is in which queue and who is in after-work; `calls` and `agents` own these. Lines
//! come from the host, which tails the file through rotation.

mod agents;
mod calls;
mod consultation;
mod decode;
mod line;
mod order;
mod settings;
mod staff;
mod stays;
mod talks;

use serde::{Deserialize, Serialize};
use tablica_plugin::wrap_up::WrapUps;
use tablica_plugin::{
    Channel, Command, Failure, Info, Input, Line, Output, Setup, bad_input, export_channel, info,
    snapshot,
};

use crate::agents::Agents;
use crate::calls::Calls;
use crate::line::Entry;
use crate::settings::Settings;

/// The timer that goes on while no line comes.
const TIMER: &str = "silence";
/// Lines that are old when they are read (a first start) would set timers in the past.
const DELAY_MS_MIN: u64 = 1_000;

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
    clock: Clock,
}

/// The log's clock, which goes on when the log is silent. It is not the host's: an old file is
/// read in no time, and what waits in it for the next line must not be over before that.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Clock {
    /// What the last line said, and when it was read.
    line_ms: u64,
    read_ms: u64,
}

impl Clock {
    fn now_ms(&self, now_ms: u64) -> u64 {
        self.line_ms.saturating_add(now_ms.saturating_sub(self.read_ms))
    }
}

impl Channel for QueueLog {
    fn describe() -> Info {
        info("asterisk-queuelog", env!("CARGO_PKG_VERSION"), "Asterisk")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings, setup.country_code.as_deref())?;
        Ok(Self { settings, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        Ok(Output { commands: self.timer(now_ms), ..Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Line(line) => self.line(now_ms, &line),
            Input::Timer(tag) if tag == TIMER => {
                let mut events = Vec::new();
                let log_ms = self.state.clock.now_ms(now_ms);
                decode::due(log_ms, &self.settings, &mut self.state, &mut events);
                Ok(Output { events, commands: self.timer(now_ms), reply: None })
            }
            Input::Webhook(_) | Input::Response(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("a queue_log is read line by line"))
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
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
        let id = line::event_id(&line.file, line.offset, bytes);
        let due_ms = self.state.due_ms();
        let mut events = Vec::new();
        decode::due(entry.at_ms, &self.settings, &mut self.state, &mut events);
        decode::entry(&entry, id, &self.settings, &mut self.state, &mut events);
        self.state.clock = Clock { line_ms: entry.at_ms, read_ms: now_ms };
        let commands = match self.state.due_ms() == due_ms {
            true => Vec::new(),
            false => self.timer(now_ms),
        };
        Ok(Output { events, commands, reply: None })
    }

    /// Wakes us for what is due next.
    fn timer(&self, now_ms: u64) -> Vec<Command> {
        let log_ms = self.state.clock.now_ms(now_ms);
        let delay_ms = |due_ms: u64| due_ms.saturating_sub(log_ms).max(DELAY_MS_MIN);
        let next = self.state.due_ms().map(delay_ms);
        next.map(|delay_ms| Command::timer(TIMER, u32::try_from(delay_ms).unwrap_or(u32::MAX)))
            .into_iter()
            .collect()
    }
}

impl State {
    /// When, by the log's clock, something happens without a line.
    fn due_ms(&self) -> Option<u64> {
        [self.calls.due_ms(), self.wrap_ups.due_ms()].into_iter().flatten().min()
    }
}

export_channel!(QueueLog);

#[cfg(test)]
mod tests;
