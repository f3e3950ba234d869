//! FreeSWITCH: the event socket, and what mod_callcenter tells of queues and agents on it.
//!
//! `esl` cuts the stream into blocks, `link` logs in, subscribes and asks, `decode` says what an event
//! means, `sync` what lists mean after a gap; `state` holds the calls under way, which are the
//! snapshot. What was read of a block is not in there: a connection does not outlive the plugin.

mod agents;
mod calls;
mod decode;
mod esl;
mod link;
mod settings;
mod state;
mod sync;
mod table;

use tablica_plugin::{
    Channel, Command, Content, Failure, Frame, Info, Input, Output, Setup, bad_input,
    export_channel, info, snapshot,
};

use crate::esl::Piece;
use crate::link::{ALIVE, LINK, Link, Said};
use crate::settings::Settings;
use crate::state::State;

/// The timer of the next after-work that is over.
const WRAP_UP: &str = "wrap-up";
/// What is due while it is asked for comes at once, but not before other things.
const DELAY_MS_MIN: u64 = 100;

/// One FreeSWITCH.
pub struct FreeSwitch {
    settings: Settings,
    state: State,
    link: Link,
}

impl Channel for FreeSwitch {
    fn describe() -> Info {
        info("freeswitch", env!("CARGO_PKG_VERSION"), "FreeSWITCH")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(setup)?;
        Ok(Self { settings, state: State::default(), link: Link::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        let mut commands = vec![Link::connect(&self.settings)];
        commands.extend(self.timer(now_ms));
        Ok(Output { commands, ..Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let mut output = Output::default();
        let due_ms = self.state.wrap_ups.due_ms();
        match input {
            Input::Frame(frame) => self.frame(now_ms, &frame, &mut output)?,
            Input::Connected(up) if up.link == LINK => {
                output.commands = self.link.connected(now_ms, &self.state);
            }
            Input::Disconnected(down) if down.link == LINK => {
                output.commands = self.link.disconnected(&self.settings);
            }
            Input::Timer(tag) if tag == ALIVE => {
                output.commands = self.link.alive(now_ms, &self.settings);
            }
            Input::Webhook(_) | Input::Response(_) | Input::Line(_) | Input::Document(_) => {
                return Err(bad_input("FreeSWITCH tells on its event socket only"));
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {}
        }
        output.events.extend(self.state.wrap_ups.due(now_ms));
        if self.state.wrap_ups.due_ms() != due_ms {
            output.commands.extend(self.timer(now_ms));
        }
        Ok(output)
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }
}

impl FreeSwitch {
    fn frame(&mut self, now_ms: u64, frame: &Frame, output: &mut Output) -> Result<(), Failure> {
        let bytes = match &frame.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        };
        self.link.heard(now_ms, bytes);
        let (mut blocks, mut broken) = (0_usize, 0_usize);
        while let Some(piece) = self.link.next() {
            let Piece::Block(block) = piece else {
                broken += 1;
                continue;
            };
            blocks += 1;
            let mut said = Said {
                settings: &self.settings,
                state: &mut self.state,
                events: &mut output.events,
                commands: &mut output.commands,
                now_ms,
            };
            self.link.block(&block, &mut said);
        }
        match (blocks, broken) {
            (_, 0) => Ok(()),
            (0, _) => Err(bad_input("no block of an event socket")),
            _ => {
                output.events.push(decode::undecodable(bytes));
                Ok(())
            }
        }
    }

    /// Wakes us when the next after-work is over.
    fn timer(&self, now_ms: u64) -> Option<Command> {
        let due_ms = self.state.wrap_ups.due_ms()?;
        let delay_ms = due_ms.saturating_sub(now_ms).max(DELAY_MS_MIN);
        Some(Command::timer(WRAP_UP, u32::try_from(delay_ms).unwrap_or(u32::MAX)))
    }
}

export_channel!(FreeSwitch);

#[cfg(test)]
mod tests;
