//! The issue that a webhook is about, and who is who in it.

use serde_json::Value;
use tablica_plugin::json::text;
use tablica_plugin::{Author, Event, Kind, Moment, identity};

use crate::settings::Settings;

/// One issue, with what the webhook says of it: all of it, a part, or only its id.
pub(crate) struct Issue<'a> {
    pub(crate) body: &'a Value,
    pub(crate) settings: &'a Settings,
    pub(crate) id: String,
}

impl<'a> Issue<'a> {
    /// None where the webhook names no issue. Old servers send a comment without its issue: its id stands in the
    /// comment's address.
    pub(crate) fn of(body: &'a Value, settings: &'a Settings) -> Option<Self> {
        let id = text(body, "/issue/id").or_else(|| {
            let address = text(body, "/comment/self")?;
            let (_, rest) = address.split_once("/issue/")?;
            let (id, _) = rest.split_once("/comment/")?;
            Some(id.to_owned())
        });
        Some(Self { body, settings, id: id? })
    }

    pub(crate) fn text(&self, pointer: &str) -> Option<String> {
        text(self.body, &["/issue", pointer].concat())
    }

    /// The project's key, which begins the issue's key too.
    pub(crate) fn project(&self) -> Option<String> {
        self.text("/fields/project/key").or_else(|| {
            let key = self.text("/key")?;
            key.rsplit_once('-').map(|(project, _)| project.to_owned())
        })
    }

    pub(crate) fn queue(&self) -> Option<String> {
        match self.settings.queue.as_str() {
            "" => None,
            "/fields/project/key" => self.project(),
            pointer => self.text(pointer),
        }
    }

    pub(crate) fn event(&self, id: String, at: Moment, kind: Kind) -> Event {
        let mut event = Event::new(id, at, kind);
        event.interaction.clone_from(&self.id);
        event.queue = self.queue();
        if let Some(reporter) = self.body.pointer("/issue/fields/reporter") {
            event.customer = customers(reporter);
        }
        event
    }

    /// Who somebody is. Jira knows portal customers and apps; colleagues who ask have accounts as agents have, and are
    /// known by being the issue's reporter or a participant.
    pub(crate) fn author(&self, user: &Value) -> Author {
        let Some(id) = user_id(user) else { return Author::System };
        let kind = text(user, "/accountType");
        let listed = |list: &[String]| list.contains(&id);
        if kind.as_deref() == Some("app") || listed(&self.settings.bots) {
            return Author::Bot;
        }
        if listed(&self.settings.agents) {
            return Author::Agent;
        }
        if !self.settings.agents.is_empty() || kind.as_deref() == Some("customer") {
            return Author::Customer;
        }
        let reporter = self.body.pointer("/issue/fields/reporter").and_then(user_id);
        if reporter.as_ref() == Some(&id) || self.is_participant(&id) {
            return Author::Customer;
        }
        Author::Agent
    }

    fn is_participant(&self, id: &str) -> bool {
        let field = ["/issue/fields/", &self.settings.participants_field].concat();
        let participants = self.body.pointer(&field).and_then(Value::as_array);
        participants.into_iter().flatten().any(|user| user_id(user).as_deref() == Some(id))
    }
}

/// Cloud knows people by account id, Server by name.
pub(crate) fn user_id(user: &Value) -> Option<String> {
    ["/accountId", "/name", "/key"].iter().find_map(|place| text(user, place))
}

/// Identifiers of a customer. Cloud gives the address only of those who show it.
pub(crate) fn customers(user: &Value) -> Vec<String> {
    let id = user_id(user).map(|id| ["jira:", &id].concat());
    let mail = text(user, "/emailAddress").and_then(|raw| identity::mail(&raw));
    id.into_iter().chain(mail).collect()
}
