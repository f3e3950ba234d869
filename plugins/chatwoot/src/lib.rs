//! Chatwoot: webhook calls become contact center events.
//!
//! One message of a customer makes several calls: the message, the conversation's state, its attributes.
//! Each of them is read for one thing only, so that nothing counts twice; `decode` says for which. All that a
//! call is about stands in it, but whether a survey was answered before: `state` remembers that.

mod change;
mod customer;
mod decode;
mod moments;
mod payload;
mod settings;
mod state;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
};

use crate::settings::Settings;
use crate::state::State;

/// One account of a Chatwoot.
pub struct Chatwoot {
    settings: Settings,
    country_code: Option<String>,
    state: State,
}

impl Channel for Chatwoot {
    fn describe() -> Info {
        info("chatwoot", env!("CARGO_PKG_VERSION"), "Chatwoot")
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
                let site = decode::Site {
                    settings: &self.settings,
                    country_code: self.country_code.as_deref(),
                };
                decode::call(&call.body, &site, &mut self.state).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Chatwoot delivers by webhook only"))
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

export_channel!(Chatwoot);

#[cfg(test)]
mod tests;
