//! Discord: what a bot sees on the gateway, and interactions by webhook, become contact center events.
//!
//! `gateway` keeps the connection; `message`, `directory` and `interaction` say what a dispatch counts for;
//! `wire` has the shapes. The snapshot (`state`) holds the session to resume and what later payloads do not
//! repeat: which channels and threads belong to the desk, who asked in them, the last messages of customers
//! by id. No text and no name is kept.

mod directory;
mod gateway;
mod interaction;
mod message;
mod places;
mod settings;
mod state;
mod wire;

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{
    Channel, Content, Event, Failure, Info, Input, Output, Setup, bad_input, export_channel, info,
    snapshot, unsupported,
};

use crate::gateway::{Gateway, LINK};
use crate::settings::Settings;
use crate::state::State;
use crate::wire::Payload;

/// One bot.
pub struct Discord {
    desk: Desk,
    gateway: Gateway,
    is_webhook: bool,
}

/// What decoding needs: the operator's settings, and what is remembered.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) state: State,
}

impl Channel for Discord {
    fn describe() -> Info {
        info("discord", env!("CARGO_PKG_VERSION"), "Discord")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        let gateway = Gateway::new(settings.intents(), setup.hosts.clone());
        let desk = Desk { settings, state: State::default() };
        Ok(Self { desk, gateway, is_webhook: setup.source == "webhook" })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.desk.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(match self.is_webhook {
            true => Output::default(),
            false => self.gateway.open(&self.desk.state),
        })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let state = &mut self.desk.state;
        match input {
            Input::Webhook(call) => interaction::webhook(&call.body, &mut self.desk),
            Input::Frame(frame) if frame.link == LINK => match frame.content {
                Content::Text(text) => self.payload(text.as_bytes(), now_ms),
                Content::Bytes(bytes) => self.payload(&bytes, now_ms),
            },
            Input::Connected(link) if link.link == LINK => Ok(self.gateway.connected()),
            Input::Disconnected(down) if down.link == LINK => {
                Ok(self.gateway.disconnected(down.code, state, now_ms))
            }
            Input::Timer(tag) => Ok(self.gateway.timer(&tag, state, now_ms)),
            Input::Response(_) | Input::Line(_) | Input::Document(_) => {
                Err(bad_input("Discord delivers by its gateway or by webhook only"))
            }
            Input::Frame(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.desk.state)
    }
}

impl Discord {
    /// One payload of the gateway.
    fn payload(&mut self, bytes: &[u8], now_ms: u64) -> Result<Output, Failure> {
        let payload: Payload<'_> = read(bytes, "a gateway payload")?;
        let state = &mut self.desk.state;
        if payload.op != wire::DISPATCH {
            return self.gateway.control(&payload, state, now_ms);
        }
        // Also of what cannot be decoded: it would come back with every resume.
        if let Some(seq) = payload.s {
            state.dispatched(seq);
        }
        let (Some(kind), Some(data)) = (&payload.t, payload.d) else {
            return Err(unsupported("a dispatch without its type or data"));
        };
        match kind.as_str() {
            "READY" => self.gateway.ready(data, state, now_ms),
            "RESUMED" => Ok(Output::default()),
            _ => self.desk.dispatch(kind, data).map(Output::from),
        }
    }
}

impl Desk {
    /// An event of a guild or of a direct message. Kinds that are not here count for nothing, also those
    /// that Discord adds later.
    fn dispatch(&mut self, kind: &str, data: &RawValue) -> Result<Vec<Event>, Failure> {
        let bytes = data.get().as_bytes();
        Ok(match kind {
            "MESSAGE_CREATE" => self.created(&read(bytes, "a message")?),
            "MESSAGE_UPDATE" => self.edited(&read(bytes, "a message")?).into_iter().collect(),
            "MESSAGE_DELETE" => self.deleted(&read(bytes, "a deletion")?),
            "MESSAGE_DELETE_BULK" => self.deleted_in_bulk(&read(bytes, "deletions")?),
            "GUILD_CREATE" => self.guild(&read(bytes, "a guild")?),
            "THREAD_LIST_SYNC" => {
                self.threads(&read(bytes, "a list of threads")?);
                Vec::new()
            }
            "CHANNEL_CREATE" | "CHANNEL_UPDATE" => {
                self.channel(&read(bytes, "a channel")?, None);
                Vec::new()
            }
            "THREAD_CREATE" | "THREAD_UPDATE" => self.thread(&read(bytes, "a thread")?, None),
            "CHANNEL_DELETE" | "THREAD_DELETE" => self.gone(&read(bytes, "a channel")?),
            "INTERACTION_CREATE" => {
                interaction::event(&read(bytes, "an interaction")?, self).into_iter().collect()
            }
            _ => Vec::new(),
        })
    }
}

/// JSON as one of our shapes. What is no JSON is bad input; what is another thing is not supported.
pub(crate) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], what: &str) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| match error.is_data() {
        true => unsupported(format!("not {what} of Discord: {error}")),
        false => bad_input(format!("not JSON: {error}")),
    })
}

export_channel!(Discord);

#[cfg(test)]
mod tests;
