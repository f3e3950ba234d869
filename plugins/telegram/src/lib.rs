//! Telegram Bot API: webhook calls and `getUpdates` answers become contact center events.
//!
//! The Bot API shows a bot what others write, never what it wrote itself, and never a deletion.
//! What an update counts for is decided in `decode`; this file only leads inputs there. The
//! snapshot holds what a later update cannot say again: where polling stands, which supergroup
//! was which group, which threads are comments, which topics a private chat has. No text is kept.

mod author;
mod decode;
mod place;
mod poll;
mod rich;
mod settings;
mod state;
mod update;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
};

use crate::poll::Poll;
use crate::settings::{Mode, Settings};
use crate::state::State;

/// One bot.
pub struct Telegram {
    settings: Settings,
    state: State,
    poll: Poll,
}

impl Channel for Telegram {
    fn describe() -> Info {
        info("telegram", env!("CARGO_PKG_VERSION"), "Telegram")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        let poll = Poll::new(settings.poll_timeout_s);
        Ok(Self { settings, state: State::default(), poll })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        Ok(match self.settings.mode {
            Mode::Webhook => Output::default(),
            Mode::Poll => self.poll.start(&self.state, now_ms),
        })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let mut output = Output::default();
                decode::update(&call.body, &self.settings, &mut self.state, &mut output.events)?;
                Ok(output)
            }
            Input::Response(answer) => {
                self.poll.answer(&answer, &self.settings, &mut self.state, now_ms)
            }
            Input::Timer(tag) if self.settings.mode == Mode::Poll => {
                Ok(self.poll.timer(&tag, &self.state, now_ms))
            }
            Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Telegram delivers by webhook or getUpdates only"))
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

export_channel!(Telegram);

#[cfg(test)]
mod tests;
