//! MAX bots: webhook calls and `GET /updates` answers become contact center events.
//!
//! Both ways give the same objects. What an update counts for is decided in `decode`; this file
//! only leads inputs there. The snapshot holds where polling stands and marks of the last
//! messages. No text and no customer is kept.

mod contact;
mod decode;
mod place;
mod poll;
mod settings;
mod state;
mod update;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
};

use crate::poll::Poll;
use crate::settings::Settings;
use crate::state::State;

/// One bot.
pub struct Max {
    settings: Settings,
    state: State,
    poll: Poll,
}

impl Channel for Max {
    fn describe() -> Info {
        info("max", env!("CARGO_PKG_VERSION"), "MAX")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::of(setup)?;
        Ok(Self { settings, state: State::default(), poll: Poll::new(&setup.hosts) })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        Ok(match self.settings.polls {
            false => Output::default(),
            true => self.poll.start(&self.settings, &self.state, now_ms),
        })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let event = decode::update(&call.body, &self.settings, &mut self.state)?;
                Ok(event.into_iter().collect::<Vec<_>>().into())
            }
            Input::Response(answer) => {
                self.poll.answer(&answer, &self.settings, &mut self.state, now_ms)
            }
            Input::Timer(tag) if self.settings.polls => {
                Ok(self.poll.timer(&tag, &self.settings, &self.state, now_ms))
            }
            Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("MAX delivers by webhook or GET /updates only"))
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

export_channel!(Max);

#[cfg(test)]
mod tests;
