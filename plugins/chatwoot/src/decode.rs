//! One call into events.
//!
//! `conversation_created` says that a contact began, `message_created` what was written,
//! `conversation_status_changed` whether it is settled, `conversation_updated` whose it is, in which team, how
//! urgent, and under which labels. `message_updated` brings ratings and what became of our messages. All
//! other calls are accepted and count for nothing, those that later versions add, too.

use serde::de::DeserializeOwned;
use serde_json::Value;
use tablica_plugin::{
    AgentProfile, Author, Awaits, Delivery, Direction, Event, Failure, Kind, Medium,
    Message as Written, Moment, Opened, Pending, Priority, Rating, Resolution, Transfer,
    TransferWay, Visibility, bad_input, unsupported,
};

use crate::change::{self, Change};
use crate::customer;
use crate::moments::When;
use crate::payload::{Call, Conversation, LastMessage, Message, MessageType, Sender, message_type};
use crate::settings::{Queue, Settings};
use crate::state::State;

/// The best rating of Chatwoot's survey.
const RATING_SCALE: f64 = 5.0;
/// A change of state that says neither from what nor to what, so soon after the beginning, is the beginning.
const BEGINNING_MS: u64 = 10_000;

/// What holds for all calls.
pub(crate) struct Site<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) country_code: Option<&'a str>,
}

/// The events of a call.
pub(crate) fn call(body: &[u8], site: &Site<'_>, state: &mut State) -> Result<Vec<Event>, Failure> {
    let call: Call = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            return unsupported("no call of Chatwoot's: it has no event");
        }
        bad_input(format!("not JSON: {error}"))
    })?;
    let events = match call.event.as_str() {
        "message_created" => message_created(&read(body)?, site),
        "message_updated" => message_updated(&read(body)?, site, state),
        "conversation_created" => opened(&read(body)?, site).into_iter().collect(),
        "conversation_status_changed" => status(&read(body)?, site).into_iter().collect(),
        "conversation_updated" => updated(&read(body)?, site),
        _ => Vec::new(),
    };
    Ok(events)
}

/// What is wrong is told without what stands there.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        bad_input(format!(
            "a call of another shape, line {} column {}",
            error.line(),
            error.column()
        ))
    })
}

impl Site<'_> {
    /// The account is not in every call: then it may be the right one.
    fn is_other_account(&self, conversation: &Conversation, of_message: Option<&str>) -> bool {
        let of_list = conversation.messages.iter().find_map(|it| it.account_id.as_ref());
        let of_call = conversation.account.as_ref().and_then(|it| it.id.as_ref());
        let told = of_message.or(of_call.or(of_list).map(AsRef::as_ref));
        let wanted = self.settings.account.as_ref().map(AsRef::as_ref);
        wanted.zip(told).is_some_and(|(wanted, told)| wanted != told)
    }

    /// An event of this conversation.
    fn event(&self, id: String, at: Moment, kind: Kind, conversation: &Conversation) -> Event {
        let mut event = Event::new(id, at, kind).on(conversation.id.0.clone());
        event.queue = match self.settings.queue {
            Queue::Team => conversation.meta.team.as_ref().and_then(|team| team.name.clone()),
            Queue::Inbox => conversation.inbox_id.as_ref().map(ToString::to_string),
        };
        let contact = conversation.meta.sender.as_ref();
        event.customer = customer::identifiers(contact, conversation, self.country_code);
        if let Some(inbox) = &conversation.inbox_id {
            event = event.attr("inbox", inbox.to_string());
        }
        if let Some(channel) = &conversation.channel {
            event = event.attr("inbox_channel", customer::network(channel));
        }
        // How Telegram calls the chat.
        for name in ["chat_id", "business_connection_id"] {
            if let Some(value) = text(&conversation.additional_attributes[name]) {
                event = event.attr(name, value);
            }
        }
        event
    }
}

/// A word or a number as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn medium(conversation: &Conversation) -> Medium {
    match conversation.channel.as_deref() {
        Some("Channel::WebWidget") => Medium::Chat,
        Some("Channel::Email") => Medium::Mail,
        _ => Medium::Message,
    }
}

fn opened(conversation: &Conversation, site: &Site<'_>) -> Option<Event> {
    // Without a message nobody knows who began it. The message that follows says so.
    let last = conversation.messages.last()?;
    if site.is_other_account(conversation, None) {
        return None;
    }
    let by_human = last.sender_type.as_deref().is_none_or(|it| it == "User");
    let ours = message_type(&last.message_type) == Some(MessageType::Outgoing) && by_human;
    let opened = Opened {
        medium: medium(conversation),
        direction: if ours { Direction::Outbound } else { Direction::Inbound },
        public: false,
        priority: conversation.priority.as_deref().and_then(priority),
    };
    let id = format!("c{}", conversation.id);
    let at = conversation.created_at.0.clone();
    Some(site.event(id, at, Kind::Opened(opened), conversation))
}

fn message_created(message: &Message, site: &Site<'_>) -> Vec<Event> {
    let conversation = &message.conversation;
    let account = message.account.as_ref().and_then(|it| it.id.as_ref());
    if site.is_other_account(conversation, account.map(AsRef::as_ref)) {
        return Vec::new();
    }
    let id = format!("m{}", message.id);
    let at = message.created_at.0.clone();
    if message.content_type.as_deref() == Some("input_csat") {
        return vec![site.event(id, at, Kind::RatingRequested, conversation)];
    }
    let Some(author) = author(message) else { return Vec::new() };
    let mut written = Written::new(medium(conversation), author);
    if let Some(text) = &message.content {
        written = written.text(text.as_str());
    }
    if message.private == Some(true) {
        written.visibility = Visibility::Note;
    }
    let mut event = site.event(id, at, Kind::Message(written), conversation);
    if author == Author::Agent {
        event.agent =
            message.sender.as_ref().and_then(|it| it.id.as_ref()).map(ToString::to_string);
    }
    // Of old versions the conversation does not say who the customer is, the message does.
    if author == Author::Customer && event.customer.is_empty() {
        let sender = message.sender.as_ref();
        event.customer = customer::identifiers(sender, conversation, site.country_code);
    }
    vec![event]
}

/// By the message's own type and sender. The conversation's `meta.sender` is the customer, whoever wrote.
fn author(message: &Message) -> Option<Author> {
    Some(match message_type(&message.message_type)? {
        MessageType::Activity => return None,
        MessageType::Incoming => Author::Customer,
        MessageType::Template => Author::Bot,
        MessageType::Outgoing => match &message.sender {
            Some(Sender { kind: Some(kind), .. }) if kind != "user" => Author::Bot,
            Some(_) => Author::Agent,
            // Somebody of ours wrote it past Chatwoot, on the telephone for example.
            None if message.content_attributes.get("external_echo").is_some() => Author::Agent,
            // A rule, a campaign.
            None => Author::Bot,
        },
    })
}

fn message_updated(message: &Message, site: &Site<'_>, state: &mut State) -> Vec<Event> {
    let conversation = &message.conversation;
    let account = message.account.as_ref().and_then(|it| it.id.as_ref());
    if site.is_other_account(conversation, account.map(AsRef::as_ref)) {
        return Vec::new();
    }
    let rated = message.content_attributes.pointer("/submitted_values/csat_survey_response/rating");
    if let Some(score) = rated.and_then(number).filter(|it| (1.0..=RATING_SCALE).contains(it)) {
        let rating = Rating { dimension: "overall".into(), score, scale: RATING_SCALE };
        // The call's times are those of the question: the answer came now.
        let asked = format!("m{}", message.id);
        let name = state.ratings.name(&asked, score, 0);
        let event = |name| {
            let id = format!("{asked}:{name}");
            site.event(id, Moment::None, Kind::Rated(rating), conversation)
        };
        return name.map(event).into_iter().collect();
    }
    let is_ours = message_type(&message.message_type) == Some(MessageType::Outgoing);
    if !is_ours || message.private == Some(true) {
        return Vec::new();
    }
    // How a message fared stands only in the list of the conversation's last messages.
    let same = |it: &&LastMessage| it.id.as_ref() == Some(&message.id);
    let fared = conversation.messages.iter().find(same).and_then(|it| it.status.as_deref());
    let (word, state) = match fared {
        Some("delivered") => ("delivered", Delivery::Delivered),
        Some("read") => ("read", Delivery::Read),
        Some("failed") => ("failed", Delivery::Failed),
        _ => return Vec::new(),
    };
    let id = format!("m{}:{word}", message.id);
    let event = site.event(id, Moment::None, Kind::Delivery(state), conversation);
    vec![event.refers(format!("m{}", message.id))]
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn status(conversation: &Conversation, site: &Site<'_>) -> Option<Event> {
    let changed = change::of(&conversation.changed_attributes, "status");
    let before = changed.and_then(|it| it.from.as_str());
    let now = conversation.status.as_deref()?;
    if before == Some(now) || site.is_other_account(conversation, None) {
        return None;
    }
    let kind = match now {
        "resolved" => Kind::Resolved(Resolution { by: settled_by(conversation), note: None }),
        "snoozed" => {
            let until = conversation.snoozed_until.0.clone();
            Kind::Pending(Pending { awaits: Awaits::ATime, until })
        }
        "pending" => match site.settings.pending_awaits.awaits() {
            Some(awaits) => Kind::Pending(Pending { awaits, until: Moment::None }),
            None if before == Some("resolved") => Kind::Reopened,
            None => return None,
        },
        "open" if before == Some("pending") && site.settings.pending_awaits.awaits().is_none() => {
            // The bot hands it over to people.
            Kind::Queued
        }
        "open" if before.is_none() && is_beginning(conversation) => return None,
        "open" => Kind::Reopened,
        _ => return None,
    };
    let at = &conversation.updated_at;
    let id = format!("c{}:{now}:{}", conversation.id, at.ms());
    Some(site.event(id, at.0.clone(), kind, conversation))
}

fn is_beginning(conversation: &Conversation) -> bool {
    let age_ms = conversation.updated_at.ms().saturating_sub(conversation.created_at.ms());
    age_ms <= BEGINNING_MS
}

/// Chatwoot does not say who did it: whoever had the conversation.
fn settled_by(conversation: &Conversation) -> Author {
    let meta = &conversation.meta;
    let by_type = meta.assignee_type.as_deref() == Some("AgentBot");
    match &meta.assignee {
        Some(it) if by_type || it.kind.as_deref() == Some("agent_bot") => Author::Bot,
        Some(_) => Author::Agent,
        None => Author::System,
    }
}

fn updated(conversation: &Conversation, site: &Site<'_>) -> Vec<Event> {
    let changed = &conversation.changed_attributes;
    if site.is_other_account(conversation, None) {
        return Vec::new();
    }
    // When it was changed; the conversation's own time may be that of a later change.
    let of_change = change::of(changed, "updated_at").map(|it| When::of(it.to));
    let told = of_change.filter(|it| it.ms() != 0);
    let at = told.as_ref().unwrap_or(&conversation.updated_at);
    let id = |what: &str| format!("c{}:{what}:{}", conversation.id, at.ms());
    let event = |what: &str, kind| site.event(id(what), at.0.clone(), kind, conversation);
    let mut events = Vec::new();
    if site.settings.queue == Queue::Team {
        let team = change::of(changed, "team_id").and_then(|it| moved(it, conversation));
        events.extend(team.map(|kind| {
            let is_move = matches!(kind, Kind::Transferred(_));
            let mut event = event("team", kind);
            // Where it goes is in the kind; where it was is not told by name.
            event.queue = event.queue.filter(|_| !is_move);
            event
        }));
    }
    if let Some(change) = change::of(changed, "assignee_id") {
        let agent = change::id(change.to);
        let name = conversation
            .meta
            .assignee
            .as_ref()
            .filter(|it| it.id.as_ref().map(AsRef::as_ref) == agent.as_deref());
        let name = name.and_then(|it| it.name.clone());
        if let (Some(from), Some(to)) = (change::id(change.from), &agent) {
            let to_agent = Some(to.clone());
            let transfer = Transfer { to_queue: None, to_agent, way: TransferWay::Unknown };
            events.push(event("handed", Kind::Transferred(transfer)).agent(from));
        }
        let mut assigned = event("assigned", Kind::Assigned);
        assigned.agent = agent.clone();
        events.push(assigned);
        if let (Some(agent), Some(title)) = (agent, name) {
            let profile = AgentProfile::named(title);
            let known = Event::new(id("agent"), at.0.clone(), Kind::AgentKnown(profile));
            events.push(known.agent(agent));
        }
    }
    if let Some(change) = change::of(changed, "priority") {
        let ranked = change.to.as_str().and_then(priority).unwrap_or(Priority::Normal);
        events.push(event("priority", Kind::Prioritized(ranked)));
    }
    if let Some(change) = change::of(changed, "label_list") {
        let before = change::texts(change.from);
        let mut added = change::texts(change.to);
        added.retain(|label| !before.contains(label));
        if !added.is_empty() {
            events.push(event("labels", Kind::Tagged(added)));
        }
    }
    events
}

/// The first team before a reply is the line in which it waits; any other is a hand-over.
fn moved(change: Change<'_>, conversation: &Conversation) -> Option<Kind> {
    let team = conversation.meta.team.as_ref()?.name.clone()?;
    if change::id(change.from).is_none() && conversation.first_reply_created_at.is_null() {
        return Some(Kind::Queued);
    }
    let way = TransferWay::Unknown;
    Some(Kind::Transferred(Transfer { to_queue: Some(team), to_agent: None, way }))
}

fn priority(word: &str) -> Option<Priority> {
    Some(match word {
        "low" => Priority::Low,
        "medium" => Priority::Normal,
        "high" => Priority::High,
        "urgent" => Priority::Urgent,
        _ => return None,
    })
}
