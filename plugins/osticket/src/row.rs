//! A row of the export into events: an entry of a thread, or an event of it.

use serde::Deserialize;
use tablica_plugin::{
    Author, Awaits, Direction, Event, Failure, Id, Kind, Medium, Message, Moment, Opened, Pending,
    Priority, Resolution, Transfer, TransferWay, Visibility, bad_input, identity, unsupported,
};

use crate::settings::{Settings, Status};

/// What the script writes. Members that the site adds are not read.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    /// `entry` or `event`: ids of the two tables overlap.
    row: String,
    id: Id,
    ticket: Id,
    /// Seconds. PHP writes a database's numbers as texts unless it is told otherwise.
    at: Option<Id>,
    /// Department.
    queue: Option<String>,
    /// How the ticket came in: Web, Email, Phone, API, Other.
    source: Option<String>,
    priority: Option<String>,
    /// The ticket's owner.
    user: Option<Id>,
    mail: Option<String>,
    phone: Option<String>,
    /// Of an entry its author, of an event who has the ticket.
    agent: Option<String>,
    /// Of an entry: M, R or N.
    #[serde(rename = "type")]
    kind: Option<String>,
    length: Option<Id>,
    /// Only where the site's script gives it.
    text: Option<String>,
    /// Of an event its name.
    event: Option<String>,
    /// Who did it: S staff, U a user, nobody: osTicket itself.
    by: Option<String>,
    by_agent: Option<String>,
    status: Option<String>,
    /// The ticket into which this one was merged.
    parent: Option<Id>,
}

/// A row; events that count for nothing give none.
pub(crate) fn decode(row: &[u8], settings: &Settings) -> Result<Option<Event>, Failure> {
    let row: Row = serde_json::from_slice(row).map_err(|error| bad_input(error.to_string()))?;
    match row.row.as_str() {
        "entry" => row.entry(settings),
        "event" => Ok(row.happening(settings)),
        _ => Err(unsupported("/row is neither entry nor event")),
    }
}

impl Row {
    fn event(&self, settings: &Settings, kind: Kind) -> Event {
        let at_s = self.at.as_ref().and_then(|at| at.as_ref().parse::<u64>().ok()).unwrap_or(0);
        let at = Moment::from(at_s.saturating_mul(1000));
        let id = [self.row.as_str(), ":", self.id.as_ref()].concat();
        let mut event = Event::new(id, at, kind).on(self.ticket.as_ref());
        event.queue = self.queue.clone().filter(|queue| !queue.is_empty());
        let code = settings.country_code.as_deref();
        let user = self.user.as_ref().filter(|user| user.as_ref() != "0");
        event.customer.extend(user.map(|user| ["osticket:", user.as_ref()].concat()));
        event.customer.extend(self.mail.as_deref().and_then(identity::mail));
        event.customer.extend(self.phone.as_deref().and_then(|it| identity::phone(it, code)));
        event
    }

    fn medium(&self) -> Medium {
        match self.source.as_deref() {
            Some("Email") => Medium::Mail,
            _ => Medium::Ticket,
        }
    }

    /// A person of ours, or a machine under an agent's name; without a name osTicket itself.
    fn staff(&self, settings: &Settings, name: Option<&String>) -> Author {
        match name {
            None => Author::System,
            Some(name) if settings.bots.contains(name) => Author::Bot,
            Some(_) => Author::Agent,
        }
    }

    fn entry(&self, settings: &Settings) -> Result<Option<Event>, Failure> {
        let agent = self.agent.as_ref().filter(|name| !name.is_empty());
        let (author, visibility) = match self.kind.as_deref() {
            Some("M") => (Author::Customer, Visibility::Private),
            Some("R") => (self.staff(settings, agent), Visibility::Private),
            Some("N") => (self.staff(settings, agent), Visibility::Note),
            // Types of entries that plugins of osTicket add.
            Some(_) => return Ok(None),
            None => return Err(bad_input("/type is missing")),
        };
        let mut message = Message::new(self.medium(), author);
        let length = self.length.as_ref().and_then(|length| length.as_ref().parse().ok());
        message.length = length.unwrap_or(0);
        if let Some(text) = &self.text {
            message = message.text(text.as_str());
        }
        message.visibility = visibility;
        let mut event = self.event(settings, Kind::Message(message));
        if author == Author::Agent {
            event.agent = agent.cloned();
        }
        Ok(Some(event))
    }

    fn happening(&self, settings: &Settings) -> Option<Event> {
        let agent = self.agent.clone().filter(|name| !name.is_empty());
        let mut named = None;
        let kind = match self.event.as_deref()? {
            "created" => Kind::Opened(self.opened()),
            "assigned" => {
                named = agent;
                Kind::Assigned
            }
            "released" => Kind::Assigned,
            "transferred" => {
                let (to_agent, way) = (None, TransferWay::Unknown);
                Kind::Transferred(Transfer { to_queue: self.queue.clone(), to_agent, way })
            }
            "closed" => {
                let by = self.by(settings);
                if by == Author::Agent {
                    named = self.by_agent.clone().filter(|name| !name.is_empty());
                }
                Kind::Resolved(Resolution { by, note: None })
            }
            "reopened" => Kind::Reopened,
            // Told of both tickets: only the one that ends has a parent.
            "merged" => Kind::Merged(self.parent.clone().filter(|it| it.as_ref() != "0")?.0),
            "edited" => self.edited(settings)?,
            // Overdue, viewed, collaborators, errors, logins, and what osTicket adds later.
            _ => return None,
        };
        let is_transfer = matches!(kind, Kind::Transferred(_));
        let mut event = self.event(settings, kind);
        event.agent = named;
        if is_transfer {
            // The department that it leaves is not told.
            event.queue = None;
        }
        if matches!(event.kind, Kind::Opened(_))
            && let Some(source) = &self.source
        {
            event = event.attr("source", source.as_str());
        }
        Some(event)
    }

    fn by(&self, settings: &Settings) -> Author {
        match self.by.as_deref() {
            Some("U") => Author::Customer,
            Some("S") => self.staff(settings, self.by_agent.as_ref()),
            _ => Author::System,
        }
    }

    fn opened(&self) -> Opened {
        // What an agent writes down of a call or a visit is the customer's contact.
        let by_us = self.by.as_deref() == Some("S")
            && matches!(self.source.as_deref(), Some("Email" | "Web"));
        let priority = self.priority.as_deref().and_then(|word| match word {
            "low" => Some(Priority::Low),
            "normal" => Some(Priority::Normal),
            "high" => Some(Priority::High),
            "emergency" => Some(Priority::Urgent),
            _ => None,
        });
        Opened {
            medium: self.medium(),
            direction: if by_us { Direction::Outbound } else { Direction::Inbound },
            public: false,
            priority,
        }
    }

    /// From one open state to another.
    fn edited(&self, settings: &Settings) -> Option<Kind> {
        let awaits = match settings.statuses.get(self.status.as_ref()?)? {
            Status::Open => return Some(Kind::Reopened),
            Status::Customer => Awaits::Customer,
            Status::ThirdParty => Awaits::ThirdParty,
            Status::Colleague => Awaits::Colleague,
        };
        Some(Kind::Pending(Pending { awaits, until: Moment::None }))
    }
}
