//! Intercom: notifications become contact center events.
//!
//! A notification has a topic and a conversation, of which it holds the part that is new. One part may come in
//! several notifications: an assignment with a text is an assignment and a reply. So events are known by the
//! part and what it means, never by the notification. Nothing is remembered between calls.

mod conversation;
mod decode;
mod payload;
mod settings;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info,
};

use crate::settings::Settings;

/// One workspace.
pub struct Intercom {
    settings: Settings,
    country_code: Option<String>,
}

impl Channel for Intercom {
    fn describe() -> Info {
        info("intercom", env!("CARGO_PKG_VERSION"), "Intercom")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        Ok(Self { settings, country_code: setup.country_code.clone() })
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let country_code = self.country_code.as_deref();
                decode::notification(&call.body, &self.settings, country_code).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Intercom delivers by webhook only"))
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }
}

export_channel!(Intercom);

#[cfg(test)]
mod tests;
