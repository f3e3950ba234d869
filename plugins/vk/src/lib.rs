//! VK communities: Callback API calls and Bots Long Poll answers become contact center events.
//!
//! Both ways give the same objects. What an event counts for is decided in `decode`; this file
//! only leads inputs there, and answers VK with the one word that it takes. The snapshot holds
//! where polling stands and marks of the last comments. No text and no customer is kept.

mod comment;
mod decode;
mod message;
mod poll;
mod rating;
mod settings;
mod state;
mod update;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Pair, Reply, Setup, bad_input, export_channel, info,
    snapshot,
};

use crate::poll::Poll;
use crate::settings::Settings;
use crate::state::State;

/// One community, or several that call the same address.
pub struct Vk {
    settings: Settings,
    state: State,
    poll: Poll,
}

impl Channel for Vk {
    fn describe() -> Info {
        info("vk", env!("CARGO_PKG_VERSION"), "VK")
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
                let events = event.into_iter().collect();
                Ok(Output { events, commands: Vec::new(), reply: Some(ok()) })
            }
            Input::Response(answer) => {
                self.poll.answer(&answer, &self.settings, &mut self.state, now_ms)
            }
            Input::Timer(tag) if self.settings.polls => {
                Ok(self.poll.timer(&tag, &self.settings, &self.state, now_ms))
            }
            Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("VK delivers by Callback API or Long Poll only"))
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

/// VK sends an event again, and in the end pauses the server, until it is answered so.
fn ok() -> Reply {
    let plain = Pair { name: "content-type".into(), value: "text/plain".into() };
    Reply { status: 200, headers: vec![plain], body: b"ok".to_vec() }
}

export_channel!(Vk);

#[cfg(test)]
mod tests;
