//! LINE official accounts: webhook calls become contact center events.
//!
//! LINE shows an account what others write, never what it wrote itself. A call holds many events,
//! which `decode` reads one by one. The snapshot holds only which messages were pictures of an
//! album.

mod decode;
mod settings;
mod state;
mod update;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
};

use crate::settings::Settings;
use crate::state::State;

/// One official account.
pub struct Line {
    settings: Settings,
    state: State,
}

impl Channel for Line {
    fn describe() -> Info {
        info("line", env!("CARGO_PKG_VERSION"), "LINE")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                Ok(decode::call(&call.body, &self.settings, &mut self.state)?.into())
            }
            Input::Line(_) | Input::Frame(_) | Input::Document(_) | Input::Response(_) => {
                Err(bad_input("LINE delivers by webhook only"))
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

export_channel!(Line);

#[cfg(test)]
mod tests;
