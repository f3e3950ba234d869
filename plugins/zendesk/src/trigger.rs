//! Triggers and automations: a body that the README gives and the admin pastes. It has no event id, and says how the
//! ticket is, not what changed.

use serde_json::Value;
use tablica_plugin::{
    Author, Direction, Event, Failure, Kind, Message, Moment, Opened, Pair, Visibility, bad_input,
    identity,
};

use crate::change;
use crate::event::{comment_id, customer};
use crate::json::{first, id, text, time, truth};
use crate::settings::Settings;
use crate::state::{Known, State};
use crate::words::{self, Rating, Status};

/// Put on a ticket that was closed because it was merged into another.
const MERGED_TAG: &str = "closed_by_merge";

/// A body of a trigger: it has a `ticket_id`.
pub(crate) fn decode(
    body: &Value,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    let told = Told::read(body, settings)?;
    if text(body, "/only").as_deref() == Some("requester") {
        return Ok(vec![told.requester()]);
    }
    let mut changes = Vec::new();
    let mut now = match state.known(&told.ticket) {
        Some(known) => told.differences(known, &mut changes),
        None => told.beginning(&mut changes),
    };
    let number = now.changes;
    let is_numbered = changes.iter().any(|change| change.id.is_ok());
    now.changes = number.saturating_add(u64::from(is_numbered));
    state.keep(&told.ticket, now);
    let events = changes.into_iter().map(|change| told.event(change, number));
    Ok(events.collect())
}

/// Something that happened: its name in the event's id, or the whole id.
struct Change {
    id: Result<&'static str, String>,
    at: Moment,
    agent: Option<String>,
    /// Where it is not the ticket's queue of now: the one that it leaves.
    queue: Option<String>,
    kind: Kind,
}

struct Told<'a> {
    body: &'a Value,
    settings: &'a Settings,
    ticket: String,
    via: String,
    status: Option<Status>,
    group: Option<String>,
    requester: Option<String>,
    created: Moment,
    updated: Moment,
}

impl<'a> Told<'a> {
    fn read(body: &'a Value, settings: &'a Settings) -> Result<Self, Failure> {
        let word = first(body, &["/status", "/ticket_status"]);
        Ok(Self {
            body,
            settings,
            ticket: id(body, "/ticket_id").ok_or_else(|| bad_input("/ticket_id is empty"))?,
            via: text(body, "/via").unwrap_or_default(),
            status: word.and_then(|word| settings.status(&word)),
            group: text(body, "/group").map(|group| settings.queue(group)),
            requester: id(body, "/requester"),
            created: time(body, "/created_at"),
            updated: time(body, "/updated_at"),
        })
    }

    /// When it changed. Placeholders may give whole minutes: then the host's clock is nearer.
    fn at(&self) -> Moment {
        let text = text(self.body, "/updated_at").unwrap_or_default();
        match text.as_bytes().get(16) {
            Some(b':') => self.updated.clone(),
            _ => Moment::None,
        }
    }

    fn updated_ms(&self) -> u64 {
        match &self.updated {
            Moment::Utc(ms) => *ms,
            _ => 0,
        }
    }

    fn customers(&self) -> Vec<String> {
        let code = self.settings.country_code.as_deref();
        let mail = text(self.body, "/requester_email").and_then(|raw| identity::mail(&raw));
        let phone = text(self.body, "/requester_phone");
        let external = text(self.body, "/requester_external_id");
        let mut customers: Vec<String> = self.requester.iter().map(|user| customer(user)).collect();
        customers.extend(mail);
        customers.extend(phone.and_then(|raw| identity::phone(&raw, code)));
        customers.extend(external.map(network_id));
        customers
    }

    fn event(&self, change: Change, number: u64) -> Event {
        let id = match change.id {
            Ok(name) => format!("{}:{name}:{}:{number}", self.ticket, self.updated_ms()),
            Err(id) => id,
        };
        let mut event = Event::new(id, change.at, change.kind).on(&self.ticket);
        event.queue = change.queue.or_else(|| self.group.clone());
        event.agent = change.agent;
        event.customer = self.customers();
        if matches!(event.kind, Kind::Opened(_)) && !self.via.is_empty() {
            event = event.attr("via", self.via.clone());
        }
        event
    }

    /// Beside an event subscription: who the requester is, which events do not say.
    fn requester(&self) -> Event {
        let name = Pair { name: "requester".into(), value: String::new() };
        let mut event = Event::new("", self.at(), Kind::Other(name)).on(&self.ticket);
        event.id = [&self.ticket, ":requester"].concat();
        event.customer = self.customers();
        event
    }

    fn change(&self, name: &'static str, kind: Kind) -> Change {
        Change { id: Ok(name), at: self.at(), agent: None, queue: None, kind }
    }

    /// A ticket that was not known. An old one may be told because of anything: it counts from now on, and what
    /// was settled before stays so.
    fn beginning(&self, changes: &mut Vec<Change>) -> Known {
        let created = first(self.body, &["/created_at"]);
        let is_new = created.is_some() && created == text(self.body, "/updated_at");
        let is_settled = self.status == Some(Status::Settled);
        if is_new || !is_settled {
            let at = if is_new { self.at() } else { self.created.clone() };
            let id = Err([&self.ticket, ":opened"].concat());
            changes.push(Change { id, at, agent: None, queue: None, kind: self.opened() });
        }
        let user = id(self.body, "/current_user");
        if is_new || (user.is_some() && user == id(self.body, "/comment_author")) {
            changes.extend(self.comment());
        }
        let now = self.now();
        if now.assignee.is_some() && !is_settled {
            changes.push(self.assigned(&now));
        }
        match self.status {
            Some(Status::New | Status::Open) | None => {}
            // Whoever waits in it, since before it was forgotten here, waits no longer.
            Some(Status::Settled) if self.is_merged() => changes.push(self.merged()),
            Some(Status::Settled) if !is_new => {}
            Some(status) => self.status(Some(Status::New), status, changes),
        }
        now
    }

    fn differences(&self, known: &Known, changes: &mut Vec<Change>) -> Known {
        let mut now = self.now();
        now.changes = known.changes;
        // Comments have ids: one that came late is still one. All else is older than what is known.
        if now.comment.is_some() && now.comment != known.comment {
            changes.extend(self.comment());
        }
        if now.updated_ms < known.updated_ms {
            return known.clone();
        }
        if let Some(group) = &now.group
            && now.group != known.group
        {
            let kind = change::group(known.group.as_deref(), group.clone(), self.status);
            let queue = known.group.clone();
            changes.push(Change { queue, ..self.change("group", kind) });
        }
        if now.assignee != known.assignee {
            changes.push(self.assigned(&now));
        }
        if now.priority != known.priority
            && let Some(priority) = self.priority()
        {
            changes.push(self.change("priority", change::priority(priority)));
        }
        if let Some(status) = self.status
            && now.status != known.status
        {
            self.status(known.status.and_then(Status::from_letter), status, changes);
        }
        if let Some(rating) = self.rating()
            && now.rating != known.rating
        {
            changes.push(self.change("rating", change::rating(rating)));
        }
        now.status = now.status.or(known.status);
        now.comment = now.comment.or_else(|| known.comment.clone());
        now.rating = now.rating.or(known.rating);
        now
    }

    fn now(&self) -> Known {
        Known {
            updated_ms: self.updated_ms(),
            status: self.status.map(Status::letter),
            assignee: id(self.body, "/assignee"),
            group: self.group.clone(),
            comment: id(self.body, "/comment_id"),
            priority: self.priority().map(|priority| match priority {
                tablica_plugin::Priority::Low => 'l',
                tablica_plugin::Priority::Normal => 'n',
                tablica_plugin::Priority::High => 'h',
                tablica_plugin::Priority::Urgent => 'u',
            }),
            rating: self.rating().map(Rating::letter),
            ..Known::default()
        }
    }

    fn priority(&self) -> Option<tablica_plugin::Priority> {
        let word = first(self.body, &["/priority", "/ticket_priority"])?;
        words::priority(&word)
    }

    fn rating(&self) -> Option<Rating> {
        self.settings.rating(&text(self.body, "/satisfaction")?)
    }

    fn opened(&self) -> Kind {
        let submitter = id(self.body, "/submitter");
        let is_web = ["web", "web form"].contains(&self.via.to_lowercase().as_str());
        let by_us = is_web && submitter.is_some() && submitter != self.requester;
        Kind::Opened(Opened {
            medium: words::medium(&self.via),
            direction: if by_us { Direction::Outbound } else { Direction::Inbound },
            public: false,
            priority: self.priority(),
        })
    }

    fn assigned(&self, now: &Known) -> Change {
        let agent = now.assignee.clone();
        Change { agent, ..self.change("assignee", Kind::Assigned) }
    }

    fn comment(&self) -> Option<Change> {
        let comment = id(self.body, "/comment_id")?;
        let writer = id(self.body, "/comment_author")?;
        let author = match writer.as_str() {
            user if Some(user) == self.requester.as_deref() => Author::Customer,
            "-1" => Author::System,
            user if self.settings.is_bot(user) => Author::Bot,
            _ if self.role().is_some_and(|role| role.starts_with("end")) => Author::Customer,
            _ => Author::Agent,
        };
        let mut message = Message::new(words::medium(&self.via), author);
        if let Some(Value::String(text)) = self.body.pointer("/comment") {
            message = message.text(text.as_str());
        }
        if truth(self.body, "/comment_public") == Some(false) {
            message.visibility = Visibility::Note;
        }
        Some(Change {
            id: Err(comment_id(&self.ticket, &comment)),
            at: self.at(),
            agent: (author == Author::Agent).then_some(writer),
            queue: None,
            kind: Kind::Message(message),
        })
    }

    /// Of the comment's author, where the account's placeholders give it: `End-user`, `Agent`, `Admin`.
    fn role(&self) -> Option<String> {
        text(self.body, "/comment_author_role").map(|role| role.to_lowercase())
    }

    fn is_merged(&self) -> bool {
        let tags = text(self.body, "/tags").unwrap_or_default();
        tags.split_whitespace().any(|tag| tag == MERGED_TAG)
    }

    /// It goes on in another ticket; in which one is not told.
    fn merged(&self) -> Change {
        self.change("merged", Kind::Merged(String::new()))
    }

    fn status(&self, before: Option<Status>, now: Status, changes: &mut Vec<Change>) {
        if now == Status::Settled && self.is_merged() {
            changes.push(self.merged());
            return;
        }
        let user = id(self.body, "/current_user");
        let by = match user.as_deref() {
            Some(user) if Some(user) == self.requester.as_deref() => Author::Customer,
            None | Some("-1") => Author::System,
            Some(user) if self.settings.is_bot(user) => Author::Bot,
            Some(_) => Author::Agent,
        };
        for (name, kind) in change::status(before, now, by) {
            let is_work = by == Author::Agent && matches!(kind, Kind::Resolved(_));
            let agent = user.clone().filter(|_| is_work);
            changes.push(Change { agent, ..self.change(name, kind) });
        }
    }
}

/// What the site calls the customer: an identifier of another network (`telegram:5150001`), by which that network's
/// channel knows them too, or an id of the site's own.
fn network_id(id: String) -> String {
    let is_of_network = id.split_once(':').is_some_and(|(network, id)| {
        !id.is_empty()
            && !network.is_empty()
            && network.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if is_of_network { id } else { ["site:", &id].concat() }
}
