//! X (Twitter): webhooks of the Account Activity API and of the X Activity API that follows it.
//!
//! Both say the same in two shapes, which `envelope` tells apart; `post` decides what a post counts for, `direct`
//! what a direct message does. The snapshot holds what a later webhook cannot say again: which posts belong to which
//! thread, and which accounts are ours. No text, no name, and customers only as hashes.

mod direct;
mod envelope;
mod post;
mod raw_post;
mod settings;
mod state;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, config_error, export_channel, info,
};

use crate::settings::Settings;
use crate::state::State;

/// The accounts of one app of X's.
pub struct X {
    settings: Settings,
    state: State,
}

impl Channel for X {
    fn describe() -> Info {
        info("x", env!("CARGO_PKG_VERSION"), "X")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = State::from_bytes(snapshot)
            .ok_or_else(|| config_error("the snapshot is not one of this plugin"))?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                envelope::open(&call.body, &self.settings, &mut self.state).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("X delivers by webhook only"))
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        self.state.to_bytes()
    }
}

export_channel!(X);

#[cfg(test)]
mod tests;
