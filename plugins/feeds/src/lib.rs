//! RSS and Atom: feeds that are asked again and again, of posts about us, posts to us, comments, and our own
//! posts with the comments under them.
//!
//! `poll` of the SDK makes requests conditional and tells what is new, `document` reads XML, `entry` makes
//! sense of an item, `decode` says what it counts for. The snapshot holds hashes of ids and addresses of
//! feeds. No text is kept.

mod address;
mod charset;
mod dates;
mod decode;
mod document;
mod entry;
mod item;
mod names;
mod polling;
mod settings;
mod snapshot;
mod source;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, config_error, export_channel, info,
};

use crate::polling::Polling;
use crate::settings::Settings;

/// The feeds of a channel.
pub struct Feeds {
    settings: Settings,
    polling: Polling,
}

impl Channel for Feeds {
    fn describe() -> Info {
        info("feeds", env!("CARGO_PKG_VERSION"), "RSS and Atom")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        let polling = Polling::new(&settings);
        Ok(Self { settings, polling })
    }

    fn restore(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let sources = snapshot::from_bytes(bytes);
        let sources = sources.ok_or_else(|| config_error("the snapshot is of another version"))?;
        self.polling.restore(sources);
        Ok(())
    }

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(self.polling.start(&self.settings))
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Response(answer) => self.polling.answer(&answer, &self.settings, now_ms),
            Input::Timer(tag) => Ok(self.polling.timer(&tag, &self.settings)),
            Input::Webhook(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("feeds are asked for"))
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => Ok(Output::default()),
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::to_bytes(self.polling.sources())
    }
}

export_channel!(Feeds);

#[cfg(test)]
mod tests;
