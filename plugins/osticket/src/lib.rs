//! osTicket, which tells nobody anything by itself: rows of its tables `thread_entry` and `thread_event`, exported by a
//! small script of the site's, become contact center events.
//!
//! The script appends to a file that is tailed, or answers when it is asked (`poll`). A contact is a ticket, by its id in
//! the database. The snapshot holds the ids of the last rows.

mod poll;
mod row;
mod settings;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, export_channel, info, snapshot,
};

use crate::poll::Poll;
use crate::settings::Settings;

/// One osTicket installation.
pub struct OsTicket {
    settings: Settings,
    polls: bool,
    poll: Poll,
}

impl Channel for OsTicket {
    fn describe() -> Info {
        info("osticket", env!("CARGO_PKG_VERSION"), "osTicket")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(setup)?;
        let polls = !settings.url.is_empty();
        Ok(Self { settings, polls, poll: Poll::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let cursor = snapshot::read(snapshot)?;
        self.poll.cursor = Some(cursor);
        Ok(())
    }

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(if self.polls { self.poll.ask(&self.settings) } else { Output::default() })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Line(line) if line.bytes.trim_ascii().is_empty() => Ok(Output::default()),
            Input::Line(line) => {
                let event = row::decode(&line.bytes, &self.settings)?;
                Ok(event.into_iter().collect::<Vec<_>>().into())
            }
            Input::Response(response) => self.poll.answer(&response, &self.settings, now_ms),
            Input::Timer(tag) if self.polls => Ok(self.poll.timer(&tag, &self.settings)),
            _ => Ok(Output::default()),
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        self.poll.cursor.map(|cursor| snapshot::write(&cursor)).unwrap_or_default()
    }
}

export_channel!(OsTicket);

#[cfg(test)]
mod tests;
