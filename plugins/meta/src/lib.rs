//! Meta's webhooks: Messenger, a Page's comments and recommendations, Instagram, WhatsApp Cloud API.
//!
//! All of them come in one envelope, which `envelope` opens; `messaging`, `page`, `instagram` and `whatsapp` say
//! what a piece of it counts for. The snapshot holds what a later webhook cannot say again: who began a thread of
//! comments, and how far a WhatsApp message of ours had come. Both as hashes: no text, no name, no id.

mod common;
mod content;
mod envelope;
mod feedback;
mod instagram;
mod messaging;
mod page;
mod settings;
mod state;
mod whatsapp;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, config_error, export_channel, info,
};

use crate::settings::Settings;
use crate::state::State;

/// The pages and accounts of one app of Meta's.
pub struct Meta {
    settings: Settings,
    state: State,
}

impl Channel for Meta {
    fn describe() -> Info {
        info("meta", env!("CARGO_PKG_VERSION"), "Meta")
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
                Err(bad_input("Meta delivers by webhook only"))
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

export_channel!(Meta);

#[cfg(test)]
mod tests;
