//! Discourse: topics of a forum, and messages to its people, become contact center events.
//!
//! Each webhook says in a header what happened, and holds in its body the post or the topic as it was then.
//! `post` and `topic` say what these count for; the snapshot (`state`) holds what a later webhook does not say
//! again: whose topic it is, and whether it is closed. No text and no name is kept.

mod post;
mod settings;
mod state;
mod topic;
mod wire;

use tablica_plugin::{
    Channel, Event, Failure, Info, Input, Output, Setup, Webhook, bad_input, export_channel, info,
    snapshot, unsupported,
};

use crate::settings::Settings;
use crate::state::State;
use crate::wire::Body;

/// One forum.
pub struct Discourse {
    settings: Settings,
    state: State,
}

impl Channel for Discourse {
    fn describe() -> Info {
        info("discourse", env!("CARGO_PKG_VERSION"), "Discourse")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings)?, state: State::default() })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => self.webhook(&call).map(Output::from),
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Discourse delivers by webhook only"))
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

impl Discourse {
    /// What the content type says does not matter: also as a form Discourse sends JSON.
    fn webhook(&mut self, call: &Webhook) -> Result<Vec<Event>, Failure> {
        let body: Body =
            serde_json::from_slice(&call.body).map_err(|error| match error.is_data() {
                true => unsupported(format!("not a webhook of Discourse: {error}")),
                false => bad_input(format!("not JSON: {error}")),
            })?;
        if body.ping.is_some() {
            return Ok(Vec::new());
        }
        let header = |name: &str| {
            let found = call.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            found.map(|it| it.value.trim())
        };
        let Some(event) = header("x-discourse-event") else {
            return Err(unsupported("no header X-Discourse-Event, which says what happened"));
        };
        let instance = header("x-discourse-instance").unwrap_or_default();
        let rest = instance.split_once("://").map_or(instance, |(_, rest)| rest);
        // People's ids are the forum's own.
        let host = rest.split('/').next().unwrap_or_default();
        match event {
            "post_created" => Ok(self.posted(&body.need("post")?, host)),
            "post_edited" => Ok(self.edited(&body.need("post")?)),
            "post_destroyed" => Ok(self.destroyed(&body.need("post")?)),
            "accepted_solution" => Ok(self.solved(&body.need("solved")?, true)),
            "unaccepted_solution" => Ok(self.solved(&body.need("solved")?, false)),
            "assigned" => Ok(self.assigned(&body.need("assign")?, true)),
            "unassigned" => Ok(self.assigned(&body.need("assign")?, false)),
            _ if event.starts_with("topic_") => match event {
                "topic_created" | "topic_destroyed" | "topic_recovered" => {
                    Ok(self.topic(&body.need("topic")?, event))
                }
                // Closed, closed by itself, archived; and what does not end anything: pinned, listed.
                _ if event.ends_with("_status_updated") => {
                    Ok(self.topic(&body.need("topic")?, event))
                }
                _ => Ok(Vec::new()),
            },
            // Likes, people, groups, badges, notifications, chat, and what is added later.
            _ => Ok(Vec::new()),
        }
    }
}

export_channel!(Discourse);

#[cfg(test)]
mod tests;
