//! Freshdesk and Freshchat, two products of one vendor: webhooks of Freshdesk's rules with a body that the admin
//! pastes (`ticket`, `happened`), and Freshchat's own signed ones (`chat`).
//!
//! A contact is a ticket or a conversation. Freshdesk's calls have neither id nor time, so the last one of each ticket
//! is remembered as a hash (`state`, the snapshot). No text and nothing about customers is kept.

mod chat;
mod happened;
mod settings;
mod state;
mod ticket;

use serde_json::Value;
use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info, snapshot,
    unsupported,
};

use crate::settings::Settings;
use crate::state::State;

/// One account of Freshdesk or of Freshchat.
pub struct Freshdesk {
    settings: Settings,
    state: State,
}

impl Channel for Freshdesk {
    fn describe() -> Info {
        info("freshdesk", env!("CARGO_PKG_VERSION"), "Freshdesk")
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
        let ticket = body.get("freshdesk_webhook").unwrap_or(&body);
        let events = if ticket.get("triggered_event").is_some() || ticket.get("ticket_id").is_some()
        {
            ticket::decode(ticket, &call.body, &self.settings, &mut self.state)?
        } else if let Some(action) = body.get("action").and_then(Value::as_str) {
            chat::decode(&body, action, &self.settings)?
        } else {
            let why = "neither Freshdesk's triggered_event nor Freshchat's action is in it";
            return Err(unsupported(why));
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

export_channel!(Freshdesk);

#[cfg(test)]
mod tests;
