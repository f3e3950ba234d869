//! E-mail: mails of a mailbox or of a provider's webhook become contact center events.
//!
//! A mail comes whole (a file, a Maildir, IMAP, SES, a raw webhook) or taken apart by a provider (Mailgun,
//! SendGrid, Postmark); `letter` makes the same of all of them and `decode` says what it counts for. What
//! became of our own mails comes as bounces, and as events of those providers. The snapshot holds hashes of
//! the ids of the last mails, to know conversations by. No text and no address is kept.

mod date;
mod decode;
mod intake;
mod letter;
mod mailgun;
mod postmark;
mod report;
mod sendgrid;
mod ses;
mod settings;
mod stream;
mod threads;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, config_error, export_channel, info,
};

use crate::intake::Context;
use crate::letter::Arrived;
use crate::settings::Settings;
use crate::stream::Stream;
use crate::threads::Threads;

/// A channel's mails.
pub struct Email {
    settings: Settings,
    threads: Threads,
    stream: Stream,
    /// Hosts that the operator granted: those at which a topic of SNS may be confirmed.
    hosts: Vec<String>,
}

impl Channel for Email {
    fn describe() -> Info {
        info("email", env!("CARGO_PKG_VERSION"), "E-mail")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self {
            settings: Settings::parse(&setup.settings)?,
            threads: Threads::default(),
            stream: Stream::default(),
            hosts: setup.hosts.clone(),
        })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let threads = Threads::from_bytes(snapshot);
        self.threads = threads.ok_or_else(|| config_error("the snapshot is of another version"))?;
        Ok(())
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let mut context = Context {
            settings: &self.settings,
            threads: &mut self.threads,
            hosts: &self.hosts,
            now_ms,
        };
        match input {
            Input::Webhook(call) => intake::webhook(&call, &mut context),
            Input::Document(part) => {
                let Some(document) = self.stream.take(part)? else { return Ok(Output::default()) };
                let arrived = Arrived { at: Some(document.at), ..Arrived::default() };
                context.raw(&document.head, arrived)
            }
            Input::Response(answer) => Ok(ses::confirmed(&answer)),
            Input::Line(_) | Input::Frame(_) => {
                Err(bad_input("mails come by webhook or as documents"))
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        self.threads.to_bytes()
    }
}

export_channel!(Email);

#[cfg(test)]
mod tests;
