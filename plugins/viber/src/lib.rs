//! Viber bots: webhook calls become contact center events.
//!
//! Viber shows a bot what others write, never what it wrote itself. Every call stands for itself,
//! so nothing is remembered.

mod decode;
mod settings;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info,
};

use crate::settings::Settings;

/// One bot.
pub struct Viber {
    settings: Settings,
}

impl Channel for Viber {
    fn describe() -> Info {
        info("viber", env!("CARGO_PKG_VERSION"), "Viber")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings)? })
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let event = decode::call(&call.body, &self.settings)?;
                Ok(event.into_iter().collect::<Vec<_>>().into())
            }
            Input::Line(_) | Input::Frame(_) | Input::Document(_) | Input::Response(_) => {
                Err(bad_input("Viber delivers by webhook only"))
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }
}

export_channel!(Viber);

#[cfg(test)]
mod tests;
