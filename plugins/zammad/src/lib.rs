//! Zammad: what triggers send becomes contact center events.
//!
//! A call says that a trigger fired, and shows the ticket as it is now, with the article that made it fire. What
//! has changed is nowhere told, so the last known state of each ticket is remembered, and compared. No text and
//! no address is.

mod article;
mod decode;
mod payload;
mod settings;
mod state;
mod ticket;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
};

use crate::settings::Settings;
use crate::state::State;

/// One Zammad.
pub struct Zammad {
    settings: Settings,
    country_code: Option<String>,
    state: State,
}

impl Channel for Zammad {
    fn describe() -> Info {
        info("zammad", env!("CARGO_PKG_VERSION"), "Zammad")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        let country_code = setup.country_code.clone();
        Ok(Self { settings, country_code, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let country_code = self.country_code.as_deref();
                decode::call(&call.body, &self.settings, country_code, &mut self.state)
                    .map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Zammad delivers by webhook only"))
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }
}

export_channel!(Zammad);

#[cfg(test)]
mod tests;
