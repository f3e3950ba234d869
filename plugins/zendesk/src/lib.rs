//! Zendesk Support: webhooks of event subscriptions, and of triggers and automations, become contact center events.
//!
//! A contact is a ticket. Events of a subscription say what changed and need no memory (`event`); a trigger says how
//! the ticket is (`trigger`), and what changed is the difference to what it was (`state`, the snapshot). No text and
//! nothing about customers is kept.

mod change;
mod event;
mod json;
mod settings;
mod state;
mod trigger;
mod words;

use serde_json::Value;
use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
    unsupported,
};

use crate::settings::Settings;
use crate::state::State;

/// One Zendesk account.
pub struct Zendesk {
    settings: Settings,
    state: State,
}

/// Stands before every type of event.
const EVENT_TYPE: &str = "zen:event-type:";

impl Channel for Zendesk {
    fn describe() -> Info {
        info("zendesk", env!("CARGO_PKG_VERSION"), "Zendesk")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(setup)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        let Input::Webhook(call) = input else { return Ok(Output::default()) };
        let body: Value = serde_json::from_slice(&call.body)
            .map_err(|error| bad_input(format!("not JSON: {error}")))?;
        let kind = body.pointer("/type").and_then(Value::as_str).unwrap_or_default();
        let events = if let Some(kind) = kind.strip_prefix(EVENT_TYPE) {
            event::decode(&body, kind, &self.settings)?
        } else if body.pointer("/ticket_id").is_some() {
            trigger::decode(&body, &self.settings, &mut self.state)?
        } else {
            return Err(unsupported("neither an event of Zendesk's nor a body with a ticket_id"));
        };
        Ok(events.into())
    }

    fn snapshot(&self) -> Vec<u8> {
        if self.state.is_empty() {
            return Vec::new();
        }
        snapshot::write(&self.state)
    }
}

export_channel!(Zendesk);

#[cfg(test)]
mod tests;
