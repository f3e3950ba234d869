//! What became of a ticket, by comparison with what was known of it.

use serde_json::Value;
use tablica_plugin::{
    AgentProfile, Author, Awaits, Direction, Event, Kind, LeftReason, Medium, Moment, Opened,
    Pending, Priority, Resolution, Transfer, TransferWay, identity,
};

use crate::article;
use crate::payload::{Ticket, text};
use crate::settings::{Meaning, Settings};
use crate::state::{Known, State};

/// The owner of tickets that nobody has.
const NOBODY: u64 = 1;

/// A ticket as it is now.
pub(crate) struct Contact<'a> {
    id: u64,
    ticket: &'a Ticket,
    meaning: Option<Meaning>,
    owner: Option<u64>,
    customer: Vec<String>,
}

impl<'a> Contact<'a> {
    pub(crate) fn new(
        id: u64,
        ticket: &'a Ticket,
        settings: &Settings,
        country_code: Option<&str>,
    ) -> Self {
        let state = &ticket.state;
        // The site's own name, and the type of it where the payload has that.
        let of_type = state.get("state_type").and_then(|it| text(it, "name"));
        let name = text(state, "name").and_then(|it| settings.meaning(it));
        let meaning = name.or_else(|| settings.meaning(of_type?));
        let owner = ticket.owner_id.filter(|it| *it != NOBODY);
        let mut customer = Vec::new();
        customer.extend(ticket.customer_id.map(|it| format!("zammad:{it}")));
        for field in ["phone", "mobile"] {
            let raw = ticket.customer.get(field).and_then(Value::as_str);
            let phone = raw.and_then(|raw| identity::phone(raw, country_code));
            customer.extend(phone.filter(|it| !customer.contains(it)));
        }
        let mail = ticket.customer.get("email").and_then(Value::as_str);
        customer.extend(mail.and_then(identity::mail));
        Self { id, ticket, meaning, owner, customer }
    }

    pub(crate) fn is_merged(&self) -> bool {
        self.meaning == Some(Meaning::Merged)
    }

    pub(crate) fn event(&self, id: String, at: Moment, kind: Kind) -> Event {
        let mut event = Event::new(id, at, kind).on(self.id.to_string());
        event.queue = text(&self.ticket.group, "name").map(str::to_owned);
        event.customer.clone_from(&self.customer);
        event
    }

    /// An event of the ticket's last change.
    fn change(&self, what: &str, kind: Kind) -> Event {
        let at = &self.ticket.updated_at;
        self.event(format!("t{}:{what}:{}", self.id, at.ms()), at.0.clone(), kind)
    }

    pub(crate) fn opened(&self) -> Event {
        let ticket = self.ticket;
        let medium = article::medium(ticket.create_article_type.as_deref());
        let opened = Opened {
            medium,
            direction: match ticket.create_article_sender.as_deref() {
                Some("Agent") => Direction::Outbound,
                _ => Direction::Inbound,
            },
            public: matches!(medium, Medium::Post | Medium::Comment),
            priority: self.priority(),
        };
        let at = ticket.created_at.0.clone();
        self.event(format!("t{}", self.id), at, Kind::Opened(opened))
    }

    /// `3 high`: its number, or the first word of the site's own that is one of ours.
    fn priority(&self) -> Option<Priority> {
        let name = text(&self.ticket.priority, "name").unwrap_or_default().to_lowercase();
        let has = |word: &str| name.contains(word);
        if has("urgent") || has("emergency") {
            return Some(Priority::Urgent);
        }
        let number = name.split(' ').next().and_then(|it| it.parse().ok());
        match number.or(self.ticket.priority_id)? {
            1 => Some(Priority::Low),
            2 => Some(Priority::Normal),
            3 => Some(Priority::High),
            _ if has("high") => Some(Priority::High),
            _ => None,
        }
    }

    /// Who changed it last.
    fn by(&self) -> Author {
        let by = &self.ticket.updated_by;
        let roles = by.get("roles").and_then(Value::as_array).into_iter().flatten();
        let mut roles = roles.filter_map(Value::as_str);
        let id = self.ticket.updated_by_id;
        match id {
            None | Some(NOBODY) => Author::System,
            Some(_) if roles.any(|it| it != "Customer") => Author::Agent,
            Some(_) if id == self.ticket.customer_id => Author::Customer,
            Some(_) if by.is_object() => Author::Customer,
            Some(_) => Author::Agent,
        }
    }

    fn known(&self) -> Known {
        Known {
            updated_ms: self.ticket.updated_at.ms(),
            meaning: self.meaning,
            owner: self.owner,
            group: self.ticket.group_id,
            priority: self.priority().map(number),
        }
    }
}

/// For the snapshot.
fn number(priority: Priority) -> u8 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

/// The events of what has changed since the ticket was last seen. A call that was late tells nothing new.
pub(crate) fn changes(contact: &Contact<'_>, state: &mut State, events: &mut Vec<Event>) {
    let before = state.known(contact.id);
    let mut now = contact.known();
    // A state with a name that nobody knows changes nothing.
    now.meaning = now.meaning.or(before.and_then(|it| it.meaning));
    if before.is_some_and(|it| it.updated_ms > now.updated_ms) {
        return;
    }
    state.learn(contact.id, now);
    moved(contact, before, now, events);
    owned(contact, before, now, events);
    if let (Some(was), Some(priority)) = (before.and_then(|it| it.priority), contact.priority())
        && was != number(priority)
    {
        events.push(contact.change("priority", Kind::Prioritized(priority)));
    }
    if before.and_then(|it| it.meaning) != now.meaning {
        events.extend(became(contact, before.and_then(|it| it.meaning)));
    }
}

/// To another group.
fn moved(contact: &Contact<'_>, before: Option<Known>, now: Known, events: &mut Vec<Event>) {
    let is_move = before.and_then(|it| it.group).is_some_and(|it| Some(it) != now.group);
    let Some(to_queue) = text(&contact.ticket.group, "name").filter(|_| is_move) else { return };
    let way = TransferWay::Unknown;
    let transfer = Transfer { to_queue: Some(to_queue.to_owned()), to_agent: None, way };
    let mut event = contact.change("group", Kind::Transferred(transfer));
    // Where it was is not remembered by name.
    event.queue = None;
    events.push(event);
}

fn owned(contact: &Contact<'_>, before: Option<Known>, now: Known, events: &mut Vec<Event>) {
    let was = before.and_then(|it| it.owner);
    if was == now.owner {
        return;
    }
    if let (Some(was), Some(owner)) = (was, now.owner) {
        let way = TransferWay::Unknown;
        let transfer = Transfer { to_queue: None, to_agent: Some(owner.to_string()), way };
        let event = contact.change("handed", Kind::Transferred(transfer));
        events.push(event.agent(was.to_string()));
    }
    let mut event = contact.change("owner", Kind::Assigned);
    event.agent = now.owner.map(|it| it.to_string());
    events.push(event);
    let names = ["firstname", "lastname"].map(|it| contact.ticket.owner.get(it));
    let names: Vec<&str> = names.into_iter().flatten().filter_map(Value::as_str).collect();
    let title = names.join(" ").trim().to_owned();
    if let Some(owner) = now.owner.filter(|_| !title.is_empty()) {
        let profile = AgentProfile::named(title);
        let known = contact.change("agent", Kind::AgentKnown(profile));
        events.push(Event::new(known.id, known.at, known.kind).agent(owner.to_string()));
    }
}

/// What its state means from now on.
fn became(contact: &Contact<'_>, before: Option<Meaning>) -> Option<Event> {
    let until = contact.ticket.pending_time.0.clone();
    let (word, kind) = match contact.meaning? {
        // A ticket that nobody knows is open from its first article on.
        Meaning::Open if before.is_none() => return None,
        Meaning::Open => ("open", Kind::Reopened),
        Meaning::PendingReminder => {
            ("pending", Kind::Pending(Pending { awaits: Awaits::ATime, until }))
        }
        Meaning::PendingAction => {
            ("pending", Kind::Pending(Pending { awaits: Awaits::Customer, until }))
        }
        Meaning::Closed => ("closed", Kind::Resolved(Resolution { by: contact.by(), note: None })),
        // Into which ticket is not told.
        Meaning::Merged => ("merged", Kind::Merged(String::new())),
        Meaning::Removed => ("removed", Kind::Left(LeftReason::Unknown)),
    };
    let mut event = contact.change(word, kind);
    let by = contact.ticket.updated_by_id.filter(|_| contact.by() == Author::Agent);
    event.agent = by.map(|it| it.to_string());
    Some(event)
}
