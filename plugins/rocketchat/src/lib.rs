//! Rocket.Chat's omnichannel: webhook calls become contact center events.
//!
//! A call is about a room, which is one contact. Those that say what became of it repeat all that was written
//! in it: messages are counted from calls of the type `Message` alone. Nothing is remembered between calls.

mod decode;
mod payload;
mod settings;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info,
};

use crate::settings::Settings;

/// One workspace.
pub struct RocketChat {
    settings: Settings,
    country_code: Option<String>,
}

impl Channel for RocketChat {
    fn describe() -> Info {
        info("rocketchat", env!("CARGO_PKG_VERSION"), "Rocket.Chat")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        Ok(Self { settings, country_code: setup.country_code.clone() })
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let country_code = self.country_code.as_deref();
                decode::call(&call.body, &self.settings, country_code).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Rocket.Chat's omnichannel delivers by webhook only"))
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }
}

export_channel!(RocketChat);

#[cfg(test)]
mod tests;
