//! Twilio: webhooks of messages, calls, conversations and TaskRouter, and the same from Event Streams.
//!
//! `fields` makes one thing of forms and JSON; this file tells which product speaks. The snapshot holds how
//! far calls and tasks are, because callbacks do not say it of each other.

mod address;
mod conversation;
mod fields;
mod message;
mod settings;
mod state;
mod task;
mod voice;

use serde_json::Value;
use tablica_plugin::{
    Channel, Event, Failure, Info, Input, Kind, Method, Output, Pair, Reply, Setup, Webhook,
    bad_input, export_channel, fingerprint, info, snapshot, unsupported,
};

use crate::fields::{Fields, Told, cloud_event};
use crate::settings::Settings;
use crate::state::State;
use crate::task::Task;
use crate::voice::Voice;

/// One account, or one product of it.
pub struct Twilio {
    settings: Settings,
    state: State,
}

/// What a webhook is to be answered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    /// Nothing.
    Nothing,
    /// A message wants instructions: none. An empty text would be sent to the customer by some.
    NoInstructions,
}

impl Channel for Twilio {
    fn describe() -> Info {
        info("twilio", env!("CARGO_PKG_VERSION"), "Twilio")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(setup)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => self.webhook(&call),
            Input::Line(_) | Input::Response(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Twilio delivers by webhook only"))
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

impl Twilio {
    fn webhook(&mut self, call: &Webhook) -> Result<Output, Failure> {
        let mut events = Vec::new();
        let answer = match call.body.trim_ascii_start().first() {
            Some(b'{' | b'[') => self.json(&call.body, &mut events)?,
            _ => {
                let form = match call.method {
                    Method::Get | Method::Head => {
                        call.query.as_deref().unwrap_or_default().as_bytes()
                    }
                    _ => &call.body,
                };
                let fields = Fields::of_form(form);
                if fields.is_empty() {
                    return Err(bad_input("the form is empty"));
                }
                self.told(&Told { fields, stream_type: None }, &mut events)?
            }
        };
        let reply = match answer {
            Answer::Nothing => Reply { status: 204, headers: Vec::new(), body: Vec::new() },
            Answer::NoInstructions => Reply {
                status: 200,
                headers: vec![Pair { name: "Content-Type".into(), value: "text/xml".into() }],
                body: b"<Response/>".to_vec(),
            },
        };
        Ok(Output { events, commands: Vec::new(), reply: Some(reply) })
    }

    /// Event Streams: one event, or many. One that is broken does not lose the others.
    fn json(&mut self, body: &[u8], events: &mut Vec<Event>) -> Result<Answer, Failure> {
        let json: Value =
            serde_json::from_slice(body).map_err(|error| bad_input(error.to_string()))?;
        let Value::Array(batch) = &json else {
            let told =
                cloud_event(&json).ok_or_else(|| unsupported("no event of Event Streams"))?;
            return self.told(&told, events).map(|_| Answer::Nothing);
        };
        for event in batch {
            let decoded = match cloud_event(event) {
                Some(told) => self.told(&told, events).is_ok(),
                None => false,
            };
            if !decoded {
                let other = Pair { name: "undecodable_event".into(), value: String::new() };
                let id = event.get("id").and_then(Value::as_str).map(str::to_owned);
                let id = id.unwrap_or_else(|| {
                    format!("undecodable:{:016x}", fingerprint(event.to_string()))
                });
                events.push(Event::new(id, 0, Kind::Other(other)));
            }
        }
        Ok(Answer::Nothing)
    }

    /// Which product speaks.
    fn told(&mut self, told: &Told, events: &mut Vec<Event>) -> Result<Answer, Failure> {
        let Self { settings, state } = self;
        let fields = &told.fields;
        if let Some(name) = &told.stream_type {
            if let Some(name) = name.strip_prefix("taskrouter.") {
                Task::new(fields, settings, state, events)?.decode(name);
            } else if name == "messaging.inbound-message.received" {
                message::received(fields, settings, events)?;
            } else if name.starts_with("messaging.message.") {
                message::status(fields, settings, events)?;
            } else if name.starts_with("voice.status-callback.") {
                Voice { fields, settings, state, events }.decode()?;
            } else if let Some(name) = name.strip_prefix("conversations.") {
                let name = match name {
                    "message.added" => "onMessageAdded",
                    "delivery.updated" | "message.delivery.updated" => "onDeliveryUpdated",
                    "conversation.state-updated" | "conversation.updated" => {
                        "onConversationStateUpdated"
                    }
                    _ => "",
                };
                conversation::event(name, fields, settings, events)?;
            }
            return Ok(Answer::Nothing);
        }
        match fields.get("EventType") {
            Some(name) if fields.has("WorkspaceSid") => {
                Task::new(fields, settings, state, events)?.decode(name);
            }
            // READ, DELIVERED and UNDELIVERED are EventTypes of WhatsApp's status callbacks.
            Some(name) if name.starts_with("on") => {
                conversation::event(name, fields, settings, events)?;
            }
            _ if fields.has("MessageStatus") => message::status(fields, settings, events)?,
            _ if fields.has("CallSid") => Voice { fields, settings, state, events }.decode()?,
            _ if fields.get("SmsStatus") == Some("received")
                || (fields.has("Body") && fields.has("MessageSid")) =>
            {
                message::received(fields, settings, events)?;
                return Ok(Answer::NoInstructions);
            }
            _ if fields.has("SmsStatus") => message::status(fields, settings, events)?,
            _ if fields.has("AccountSid") => {}
            _ => return Err(unsupported("no webhook of Twilio's")),
        }
        Ok(Answer::Nothing)
    }
}

export_channel!(Twilio);

#[cfg(test)]
mod tests;
