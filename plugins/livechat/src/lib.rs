//! LiveChat (text.com): webhooks become contact center events.
//!
//! A chat of LiveChat's goes on for years; each visit is a thread of it, and a thread is one contact. A webhook
//! gives ids of people, not what they are: their shape says it, and what a later webhook cannot say again is
//! remembered in `state`. No text and no address is.

mod decode;
mod payload;
mod state;
mod thread;

use serde::Deserialize;
use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, settings,
    snapshot,
};

use crate::state::State;

/// One organization.
pub struct LiveChat {
    state: State,
}

/// There are none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {}

impl Channel for LiveChat {
    fn describe() -> Info {
        info("livechat", env!("CARGO_PKG_VERSION"), "LiveChat")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let Settings {} = settings(&setup.settings)?;
        Ok(Self { state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                decode::webhook(&call.body, &mut self.state, now_ms).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("LiveChat is read by webhook only"))
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

export_channel!(LiveChat);

#[cfg(test)]
mod tests;
