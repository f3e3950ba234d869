//! What a conversation's new part means.

use tablica_plugin::{
    AgentProfile, Author, Awaits, Direction, Event, Kind, LeftReason, Medium, Message, Moment,
    Opened, Pending, Priority, Rating, Resolution, Transfer, TransferWay, Visibility, identity,
    mail,
};

use crate::decode::seconds;
use crate::payload::{Conversation, Part, Person};
use crate::settings::Settings;

/// The best rating of Intercom's.
const RATING_SCALE: f64 = 5.0;

/// The part of a conversation that was merged into another one.
const MERGED: &str = "merged_secondary_conversation";

/// A conversation, and what holds for all of its parts.
pub(crate) struct Site<'a> {
    pub(crate) id: &'a str,
    pub(crate) item: &'a Conversation,
    /// The notification's time.
    pub(crate) at: Moment,
    pub(crate) settings: &'a Settings,
    pub(crate) country_code: Option<&'a str>,
}

impl Site<'_> {
    pub(crate) fn events(&self, topic: &str) -> Vec<Event> {
        let mut events = Vec::new();
        match topic {
            "conversation.user.created" => self.began(Direction::Inbound, &mut events),
            "conversation.admin.single.created" => self.began(Direction::Outbound, &mut events),
            "conversation.admin.assigned" => self.assigned(&mut events),
            "conversation.admin.open.assigned" => {
                events.push(self.of_part("opened", Kind::Reopened));
                self.assigned(&mut events);
            }
            "conversation.admin.opened" => events.push(self.of_part("opened", Kind::Reopened)),
            "conversation.admin.unsnoozed" => {
                events.push(self.of_part("unsnoozed", Kind::Reopened));
            }
            "conversation.admin.snoozed" => {
                let until = seconds(self.item.snoozed_until);
                let kind = Kind::Pending(Pending { awaits: Awaits::ATime, until });
                events.push(self.of_part("snoozed", kind));
            }
            "conversation.priority.updated" => events.extend(self.prioritized()),
            "conversation.rating.added" => return self.rated().into_iter().collect(),
            "conversation.deleted" => {
                let kind = Kind::Left(LeftReason::Unknown);
                events.push(self.event(format!("c{}:deleted", self.id), self.at.clone(), kind));
            }
            "conversation_part.tag.created" => return self.tagged().into_iter().collect(),
            _ => {}
        }
        // Whatever the topic: an assignment, a close may be a reply, too.
        let parts = self.parts().iter();
        events.extend(parts.filter_map(|part| self.message(part)));
        let merged = self.merged();
        if !merged.is_empty() {
            // It is closed by that, and not settled.
            events.extend(merged);
        } else if topic == "conversation.admin.closed" {
            // After its last word: that answered before the matter was settled.
            events.push(self.closed());
        }
        events
    }

    /// It goes on in another conversation; in which one is not told.
    pub(crate) fn merged(&self) -> Vec<Event> {
        let is_merge = |part: &&Part| part.part_type.as_deref() == Some(MERGED);
        let merges = self.parts().iter().filter(is_merge);
        let merged = merges.filter_map(|part| {
            let id = format!("p{}:merged", part.id.as_ref()?);
            let told = seconds(part.created_at);
            let at = if told == Moment::None { self.at.clone() } else { told };
            let mut event = self.event(id, at, Kind::Merged(String::new()));
            event.agent = part.author.as_ref().and_then(|it| self.agent(it));
            Some(event)
        });
        merged.collect()
    }

    fn parts(&self) -> &[Part] {
        self.item.conversation_parts.as_ref().map_or(&[], |it| &it.conversation_parts)
    }

    fn event(&self, id: String, at: Moment, kind: Kind) -> Event {
        let mut event = Event::new(id, at, kind).on(self.id);
        let team = self.item.team_assignee_id.as_ref().filter(|it| it.0 != "0");
        event.queue = team.map(ToString::to_string);
        event.customer = self.customer();
        let source = self.item.source.as_ref().and_then(|it| it.kind.as_deref());
        if let Some(source) = source.filter(|it| *it != "conversation_message") {
            event = event.attr("source", source);
        }
        event
    }

    /// An event that the new part tells; `what` keeps it apart from the part's message.
    fn of_part(&self, what: &str, kind: Kind) -> Event {
        let part = self.parts().last();
        let id = match part.and_then(|it| it.id.as_ref()) {
            Some(part) => format!("p{part}:{what}"),
            // Some notifications hold no part.
            None => format!("c{}:{what}:{}", self.id, self.item.updated_at.unwrap_or_default()),
        };
        let at = part.map_or(Moment::None, |it| seconds(it.created_at));
        let at = if at == Moment::None { self.at.clone() } else { at };
        let mut event = self.event(id, at, kind);
        event.agent = part.and_then(|it| self.agent(it.author.as_ref()?));
        event
    }

    fn customer(&self) -> Vec<String> {
        let contacts = self.item.contacts.iter().flat_map(|it| &it.contacts);
        let source = self.item.source.iter().filter_map(|it| it.author.as_ref());
        let parts = self.parts().iter().filter_map(|it| it.author.as_ref());
        let mut all = Vec::new();
        for person in self.item.user.iter().chain(contacts).chain(source).chain(parts) {
            if !is_customer(person) {
                continue;
            }
            let phone = person.phone.as_deref();
            let known = [
                person.id.as_ref().map(|id| format!("intercom:{id}")),
                phone.and_then(|raw| identity::phone(raw, self.country_code)),
                person.email.as_deref().and_then(identity::mail),
            ];
            for identifier in known.into_iter().flatten() {
                if !all.contains(&identifier) {
                    all.push(identifier);
                }
            }
        }
        all
    }

    fn medium(&self) -> Medium {
        match self.item.source.as_ref().and_then(|it| it.kind.as_deref()) {
            Some("email") => Medium::Mail,
            Some("facebook" | "instagram" | "twitter" | "whatsapp" | "sms") => Medium::Message,
            _ => Medium::Chat,
        }
    }

    /// The teammate, unless it is a machine.
    fn agent(&self, person: &Person) -> Option<String> {
        let is_agent = self.author(person) == Some(Author::Agent);
        person.id.as_ref().filter(|_| is_agent).map(ToString::to_string)
    }

    fn author(&self, person: &Person) -> Option<Author> {
        if is_customer(person) {
            return Some(Author::Customer);
        }
        let is_machine = person.from_ai_agent == Some(true)
            || person.id.as_ref().is_some_and(|it| self.settings.bots.contains(it));
        match person.kind.as_deref() {
            Some("bot") => Some(Author::Bot),
            Some("admin") if is_machine => Some(Author::Bot),
            Some("admin") => Some(Author::Agent),
            _ => None,
        }
    }

    fn began(&self, direction: Direction, events: &mut Vec<Event>) {
        let at = seconds(self.item.created_at);
        let priority = self.item.priority.as_str().and_then(priority);
        let opened = Opened { medium: self.medium(), direction, public: false, priority };
        events.push(self.event(format!("c{}", self.id), at.clone(), Kind::Opened(opened)));
        let Some(source) = &self.item.source else { return };
        let person = source.author.as_ref();
        let is_automated = source.delivered_as.as_deref() == Some("automated");
        let author = match person.and_then(|it| self.author(it)) {
            // A campaign, a workflow is nobody's own message, whoever's name it bears.
            Some(Author::Agent) if is_automated => Author::Bot,
            Some(author) if direction == Direction::Inbound || author == Author::Agent => author,
            None if direction == Direction::Inbound => Author::Customer,
            _ => Author::Bot,
        };
        let id = source.id.as_ref().map(|it| it.0.as_str()).unwrap_or_default();
        let written = self.written(author, source.body.as_deref());
        let mut event = self.event(format!("s{}:{id}", self.id), at, Kind::Message(written));
        event.agent = person.filter(|_| author == Author::Agent).and_then(|it| self.agent(it));
        events.push(event);
    }

    fn written(&self, author: Author, html: Option<&str>) -> Message {
        Message::new(self.medium(), author).text(mail::html_text(html.unwrap_or_default()))
    }

    /// What somebody wrote with this part. Assignments and closes have a text or none.
    fn message(&self, part: &Part) -> Option<Event> {
        let kind = part.part_type.as_deref().unwrap_or("comment");
        let is_note = kind == "note" || kind == "note_and_reopen";
        let has_text = part.body.as_deref().is_some_and(|it| !it.trim().is_empty());
        let is_message = match kind {
            "comment" | "quick_reply" => true,
            "assignment" | "close" | "open" | "assign_and_reopen" => has_text,
            _ => is_note,
        };
        let (id, person) = (part.id.as_ref()?, part.author.as_ref()?);
        let author = self.author(person).filter(|_| is_message)?;
        let mut written = self.written(author, part.body.as_deref());
        if is_note {
            written.visibility = Visibility::Note;
        }
        let mut event =
            self.event(format!("p{id}"), seconds(part.created_at), Kind::Message(written));
        event.agent = self.agent(person);
        Some(event)
    }

    fn assigned(&self, events: &mut Vec<Event>) {
        let part = self.parts().last();
        let to = part.and_then(|it| it.assigned_to.as_ref()).or(self.item.assignee.as_ref());
        let Some(to) = to else { return };
        let id = to.id.as_ref().map(ToString::to_string);
        if to.kind.as_deref() == Some("team") {
            let statistics = self.item.statistics.as_ref();
            let is_answered = statistics.is_some_and(|it| it.first_admin_reply_at.is_some());
            let mut event = if is_answered {
                let to_queue = id.clone();
                let transfer = Transfer { to_queue, to_agent: None, way: TransferWay::Unknown };
                self.of_part("team", Kind::Transferred(transfer))
            } else {
                self.of_part("team", Kind::Queued)
            };
            // Where it was is not told.
            event.queue = id.filter(|_| !is_answered);
            event.agent = None;
            events.push(event);
            return;
        }
        if self.author(to) == Some(Author::Bot) {
            return;
        }
        let mut event = self.of_part("assigned", Kind::Assigned);
        event.agent = self.agent(to);
        events.push(event);
        let assignee = self.item.assignee.as_ref().filter(|it| it.id == to.id);
        let author = part.and_then(|it| it.author.as_ref()).filter(|it| it.id == to.id);
        let name = [assignee, author].into_iter().flatten().find_map(|it| it.name.clone());
        if let (Some(agent), Some(title)) = (self.agent(to), name) {
            let profile = AgentProfile::named(title);
            let known = self.of_part("agent", Kind::AgentKnown(profile));
            events.push(Event::new(known.id, known.at, known.kind).agent(agent));
        }
    }

    fn closed(&self) -> Event {
        let author = self.parts().last().and_then(|it| it.author.as_ref());
        let by = author.and_then(|it| self.author(it)).unwrap_or(Author::System);
        self.of_part("closed", Kind::Resolved(Resolution { by, note: None }))
    }

    fn prioritized(&self) -> Option<Event> {
        let ranked = priority(self.item.priority.as_str()?)?;
        let id = format!("c{}:priority:{}", self.id, self.item.updated_at.unwrap_or_default());
        Some(self.event(id, self.at.clone(), Kind::Prioritized(ranked)))
    }

    fn rated(&self) -> Option<Event> {
        let given = self.item.conversation_rating.as_ref()?;
        let score = given.rating.filter(|it| (1.0..=RATING_SCALE).contains(it))?;
        let rating = Rating { dimension: "overall".into(), score, scale: RATING_SCALE };
        let told = given.created_at.unwrap_or_default();
        let at = if told == 0 { self.at.clone() } else { seconds(given.created_at) };
        let id = format!("c{}:rated:{told}:{score}", self.id);
        Some(self.event(id, at, Kind::Rated(rating)))
    }

    fn tagged(&self) -> Option<Event> {
        let added = self.item.tags_added.iter().flat_map(|it| &it.tags);
        let (mut names, mut ids) = (Vec::new(), String::new());
        for tag in added.chain(&self.item.tag) {
            names.extend(tag.name.clone());
            ids.push(':');
            ids.push_str(tag.id.as_ref().map(|it| it.0.as_str()).unwrap_or_default());
        }
        let told = self.item.updated_at.unwrap_or_default();
        let id = format!("c{}:tags{ids}:{told}", self.id);
        (!names.is_empty()).then(|| self.event(id, self.at.clone(), Kind::Tagged(names)))
    }
}

fn is_customer(person: &Person) -> bool {
    matches!(person.kind.as_deref(), Some("user" | "lead" | "contact" | "visitor"))
}

fn priority(word: &str) -> Option<Priority> {
    match word {
        "priority" => Some(Priority::High),
        "not_priority" => Some(Priority::Normal),
        _ => None,
    }
}
