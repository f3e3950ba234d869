//! Freshdesk: a rule's webhook, with the body that the README gives.

use serde_json::Value;
use tablica_plugin::{
    Author, Awaits, Direction, Event, Failure, Kind, LeftReason, Medium, Message, Moment, Opened,
    Pair, Pending, Priority, Rating, Resolution, Transfer, TransferWay, Visibility, bad_input,
    fingerprint, identity, unsupported,
};

use crate::happened::{self, Happened};
use crate::settings::{Settings, Status};
use crate::state::State;
use tablica_plugin::json::{first, text};

/// A call; `ticket` is what stands in `freshdesk_webhook`.
pub(crate) fn decode(
    ticket: &Value,
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    let id = text(ticket, "/ticket_id").ok_or_else(|| bad_input("/ticket_id is missing"))?;
    let raw =
        text(ticket, "/triggered_event").ok_or_else(|| bad_input("/triggered_event is missing"))?;
    let happened = happened::read(&raw)
        .ok_or_else(|| unsupported("/triggered_event is not written as Freshdesk writes it"))?;
    let hash = fingerprint(body);
    let number = state.number(&id, hash);
    let told = Told { ticket, settings, id, call: format!("{hash:016x}:{number}") };
    Ok(told.events(&happened))
}

struct Told<'a> {
    ticket: &'a Value,
    settings: &'a Settings,
    id: String,
    call: String,
}

impl Told<'_> {
    fn events(&self, happened: &Happened<'_>) -> Vec<Event> {
        match (happened.what, happened.word) {
            ("ticket_action", "created") => self.created(),
            ("ticket_action", "deleted" | "marked_spam" | "spam") => {
                vec![self.event(Kind::Left(LeftReason::Unknown))]
            }
            ("ticket_action", "restored" | "unspam") => vec![self.event(Kind::Reopened)],
            ("note_type", "private") => vec![self.message(Author::Agent, Visibility::Note)],
            ("note_type", "public") => vec![match self.author() {
                Some(author) => self.message(author, Visibility::Private),
                None => self.event(Kind::Other(Pair {
                    name: "note_of_unknown_author".into(),
                    value: String::new(),
                })),
            }],
            ("reply_sent", _) => {
                let author = self.author().filter(|author| *author != Author::Customer);
                vec![self.message(author.unwrap_or(Author::Agent), Visibility::Private)]
            }
            ("status", _) => self.status(happened),
            ("priority", _) => {
                let priority = happened.to.and_then(priority);
                priority.map(|it| self.event(Kind::Prioritized(it))).into_iter().collect()
            }
            ("responder_id", _) => {
                let mut event = self.event(Kind::Assigned);
                // The address is what replies name them by; the number is in the change only.
                event.agent = happened.to.map(|to| self.agent().unwrap_or_else(|| to.to_owned()));
                vec![event]
            }
            ("group_id", _) => self.group(happened).into_iter().collect(),
            ("customer_feedback", _) => {
                let score = happened.to.unwrap_or(happened.word);
                feedback(score).map(|it| self.event(Kind::Rated(it))).into_iter().collect()
            }
            // Types, due dates, time entries, forwards, and what Freshdesk adds later.
            _ => Vec::new(),
        }
    }

    /// Without a time: Freshdesk gives none, and calls within seconds.
    fn event(&self, kind: Kind) -> Event {
        let at = text(self.ticket, "/at").and_then(|at| tablica_plugin::time::moment(&at));
        let at = at.unwrap_or(Moment::None);
        let mut event = Event::new("", at, kind).on(&self.id);
        event.id = [&self.id, ":", &self.call].concat();
        event.queue = text(self.ticket, "/group").map(|group| self.settings.queue(&group));
        event.customer = self.customers();
        event
    }

    fn customers(&self) -> Vec<String> {
        let code = self.settings.country_code.as_deref();
        let mail = text(self.ticket, "/requester_email").and_then(|raw| identity::mail(&raw));
        let phones = ["/requester_phone", "/requester_mobile"];
        let phones = phones.iter().filter_map(|place| text(self.ticket, place));
        let site = text(self.ticket, "/requester_external_id");
        let mut customers: Vec<String> = mail.into_iter().collect();
        customers.extend(phones.filter_map(|raw| identity::phone(&raw, code)));
        customers.extend(site.map(|id| ["site:", &id].concat()));
        customers.dedup();
        customers
    }

    fn source(&self) -> String {
        first(self.ticket, &["/ticket_source", "/source"]).unwrap_or_default().to_lowercase()
    }

    fn medium(&self) -> Medium {
        match self.source().as_str() {
            "1" | "email" | "10" | "outbound email" => Medium::Mail,
            "7" | "chat" => Medium::Chat,
            "facebook" | "twitter" | "whatsapp" | "instagram" | "sms" | "line" => Medium::Message,
            _ => Medium::Ticket,
        }
    }

    /// Who did it: as the rule says that only sees one side, or by the address of who did it.
    fn author(&self) -> Option<Author> {
        let by = text(self.ticket, "/by").map(|by| by.to_lowercase());
        let performer = text(self.ticket, "/performer_email");
        if performer.as_deref().is_some_and(|mail| self.settings.is_bot(mail)) {
            return Some(Author::Bot);
        }
        match by.as_deref() {
            Some("requester" | "customer") => return Some(Author::Customer),
            Some("agent") => return Some(Author::Agent),
            Some("system") => return Some(Author::System),
            _ => {}
        }
        let requester = text(self.ticket, "/requester_email")?;
        let is_requester = performer?.eq_ignore_ascii_case(&requester);
        Some(if is_requester { Author::Customer } else { Author::Agent })
    }

    /// Who replied, else who has the ticket: a rule may not know the former.
    fn agent(&self) -> Option<String> {
        first(self.ticket, &["/agent_email"])
    }

    fn created(&self) -> Vec<Event> {
        let source = self.source();
        let by_us = matches!(source.as_str(), "10" | "outbound email");
        let priority = first(self.ticket, &["/ticket_priority", "/priority"]);
        let mut opened = self.event(Kind::Opened(Opened {
            medium: self.medium(),
            direction: if by_us { Direction::Outbound } else { Direction::Inbound },
            public: false,
            priority: priority.and_then(|word| self::priority(&word)),
        }));
        opened.id = [&self.id, ":opened"].concat();
        if !source.is_empty() {
            opened = opened.attr("source", source);
        }
        // What the ticket was opened with comes as no note.
        let author = if by_us { Author::Agent } else { Author::Customer };
        let mut message = self.message_of(author, Visibility::Private, "/ticket_description");
        message.id = [&self.id, ":description"].concat();
        vec![opened, message]
    }

    fn message(&self, author: Author, visibility: Visibility) -> Event {
        self.message_of(author, visibility, "/comment")
    }

    fn message_of(&self, author: Author, visibility: Visibility, place: &str) -> Event {
        let mut message = Message::new(self.medium(), author);
        if let Some(html) = text(self.ticket, place) {
            message = message.text(visible(&html));
        }
        message.visibility = visibility;
        let mut event = self.event(Kind::Message(message));
        if author == Author::Agent {
            event.agent = text(self.ticket, "/performer_email").or_else(|| self.agent());
        }
        event
    }

    fn status(&self, happened: &Happened<'_>) -> Vec<Event> {
        let read = |status: Option<&str>| status.and_then(|status| self.settings.status(status));
        let Some(now) = read(happened.to) else { return Vec::new() };
        let before = read(happened.from);
        let was_resolved = before == Some(Status::Resolved);
        let by = self.author().unwrap_or(Author::Agent);
        let waits = |awaits| self.event(Kind::Pending(Pending { awaits, until: Moment::None }));
        let awaits = match now {
            // Resolved tickets are closed by a rule, days later.
            Status::Resolved if was_resolved => return Vec::new(),
            Status::Resolved => {
                let mut event = self.event(Kind::Resolved(Resolution { by, note: None }));
                if by == Author::Agent {
                    event.agent = text(self.ticket, "/performer_email").or_else(|| self.agent());
                }
                return vec![event];
            }
            Status::Open if before == Some(Status::Open) => return Vec::new(),
            Status::Open => return vec![self.event(Kind::Reopened)],
            Status::Pending => Awaits::Customer,
            Status::ThirdParty => Awaits::ThirdParty,
            Status::Colleague => Awaits::Colleague,
        };
        if !was_resolved {
            return vec![waits(awaits)];
        }
        let mut reopened = self.event(Kind::Reopened);
        reopened.id.push_str(":reopened");
        vec![reopened, waits(awaits)]
    }

    /// A group is a queue. The first one of a ticket is its queue, later ones are transfers.
    fn group(&self, happened: &Happened<'_>) -> Option<Event> {
        let to = text(self.ticket, "/group").or_else(|| happened.to.map(str::to_owned));
        let to = self.settings.queue(&to.filter(|_| happened.to.is_some())?);
        let status = first(self.ticket, &["/ticket_status", "/status"]);
        let is_new = status.is_none_or(|word| self.settings.status(&word) == Some(Status::Open));
        let Some(from) = happened.from else {
            if is_new && text(self.ticket, "/agent_email").is_none() {
                let mut event = self.event(Kind::Queued);
                event.queue = Some(to);
                return Some(event);
            }
            return Some(self.transferred(None, to));
        };
        Some(self.transferred(Some(self.settings.queue(from)), to))
    }

    fn transferred(&self, from: Option<String>, to: String) -> Event {
        let (to_agent, way) = (None, TransferWay::Unknown);
        let mut event =
            self.event(Kind::Transferred(Transfer { to_queue: Some(to), to_agent, way }));
        event.queue = from;
        event
    }
}

fn priority(word: &str) -> Option<Priority> {
    Some(match word.to_lowercase().as_str() {
        "1" | "low" => Priority::Low,
        "2" | "medium" => Priority::Normal,
        "3" | "high" => Priority::High,
        "4" | "urgent" => Priority::Urgent,
        _ => return None,
    })
}

/// Freshdesk's seven answers, of which a survey shows two, three, five or all: above 100 is happy, below unhappy.
fn feedback(score: &str) -> Option<Rating> {
    let score = match score {
        "103" => 5.0,
        "102" => 4.5,
        "101" => 4.0,
        "100" => 3.0,
        "-101" => 2.0,
        "-102" => 1.5,
        "-103" => 1.0,
        _ => return None,
    };
    Some(Rating { dimension: "overall".into(), score, scale: 5.0 })
}

/// What is seen of HTML: without its tags.
fn visible(html: &str) -> String {
    let mut seen = String::with_capacity(html.len());
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if is_tag => {}
            _ => seen.push(character),
        }
    }
    seen.trim().to_owned()
}
