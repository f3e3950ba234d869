//! What happens to a thread, which is one contact.

use serde_json::Value;
use tablica_plugin::{
    Abandoned, AgentProfile, Author, Direction, Event, Kind, LeftReason, Medium, Message, Moment,
    Opened, Rating, Resolution, Transfer, TransferWay, Visibility, identity,
};

use crate::payload::{Chat, ChatEvent, OfThread, User, When};
use crate::state::State;

/// LiveChat knows good, 1, and bad, 0.
const RATING_SCALE: f64 = 1.0;

fn event(thread: &str, what: &str, at: &When, kind: Kind) -> Event {
    Event::new(format!("{thread}:{what}"), at.0.clone(), kind).on(thread)
}

/// A thread began, perhaps with its first messages; nobody else brings them again.
pub(crate) fn began(chat: &Chat, state: &mut State) -> Vec<Event> {
    for user in &chat.users {
        match user.kind.as_deref() {
            Some("customer") => state.met(&user.id, true),
            Some("agent") => state.met(&user.id, false),
            _ => {}
        }
    }
    let thread = &chat.thread;
    let access = thread.access.as_ref().or(chat.access.as_ref());
    let queue = access.and_then(|it| it.group_ids.first()).map(ToString::to_string);
    let first = thread.events.iter().find(|it| is_message(it) && !is_welcome(it) && !it.is_note());
    let by_agent = first.and_then(|it| it.author_id.as_deref()).map(|it| state.author(it));
    let direction = match by_agent {
        Some(Author::Agent) => Direction::Outbound,
        _ => Direction::Inbound,
    };
    state.waits(&thread.id);
    let opened = Opened { medium: Medium::Chat, direction, public: false, priority: None };
    let mut began = event(&thread.id, "start", &thread.created_at, Kind::Opened(opened));
    began.customer = customers(chat);
    let mut events = vec![began];
    if let Some(queued) = &thread.queue {
        events.push(event(&thread.id, "queued", &queued.queued_at, Kind::Queued));
    }
    let agents = chat.users.iter().filter(|it| it.present != Some(false) && !it.is_supervisor());
    for user in agents.filter(|it| state.author(&it.id) == Author::Agent) {
        events.extend(assigned(&thread.id, user, &thread.created_at));
    }
    for it in &mut events {
        it.queue.clone_from(&queue);
    }
    for one in &thread.events {
        events.extend(written(&thread.id, queue.as_deref(), one, state));
    }
    events
}

fn customers(chat: &Chat) -> Vec<String> {
    let mut all = Vec::new();
    for user in chat.users.iter().filter(|it| it.kind.as_deref() == Some("customer")) {
        all.push(format!("livechat:{}", user.id));
        all.extend(user.email.as_deref().and_then(identity::mail));
    }
    // Who fills in the form before the chat says their address there first.
    let fields = chat.thread.events.iter().flat_map(|it| &it.fields);
    for field in fields.filter(|it| it.kind.as_deref() == Some("email")) {
        let mail = field.answer.as_str().and_then(identity::mail);
        all.extend(mail.filter(|it| !all.contains(it)));
    }
    all
}

/// An agent has it from now on.
fn assigned(thread: &str, user: &User, at: &When) -> Vec<Event> {
    let id = &user.id;
    let given = event(thread, &format!("assigned:{id}"), at, Kind::Assigned).agent(id.clone());
    let mut events = vec![given];
    if let Some(title) = user.name.clone() {
        let profile = AgentProfile::named(title);
        let known =
            Event::new(format!("{thread}:agent:{id}"), at.0.clone(), Kind::AgentKnown(profile));
        events.push(known.agent(id.clone()));
    }
    events
}

fn is_message(event: &ChatEvent) -> bool {
    matches!(event.kind.as_deref(), Some("message" | "file" | "rich_message"))
}

/// LiveChat writes it under an agent's name.
fn is_welcome(event: &ChatEvent) -> bool {
    event.properties.pointer("/lc2/welcome_message") == Some(&Value::Bool(true))
}

/// What somebody wrote; or that a customer rated, which LiveChat writes into the chat.
pub(crate) fn written(
    thread: &str,
    queue: Option<&str>,
    one: &ChatEvent,
    state: &mut State,
) -> Option<Event> {
    if one.system_message_type.as_deref() == Some("rating.chat_rated") {
        let score = match one.text_vars.get("score").and_then(Value::as_str)? {
            "good" => 1.0,
            "bad" => 0.0,
            _ => return None,
        };
        return rating(thread, score, &one.created_at, state);
    }
    let (id, author_id) = (one.id.as_deref()?, one.author_id.as_deref()?);
    if !is_message(one) {
        return None;
    }
    let author = match state.author(author_id) {
        Author::Agent if is_welcome(one) => Author::Bot,
        author => author,
    };
    let mut message = Message::new(Medium::Chat, author);
    if let Some(text) = &one.text {
        message = message.text(text.as_str());
    }
    if one.is_note() {
        message.visibility = Visibility::Note;
    } else if author == Author::Agent {
        state.waited(thread);
    }
    let mut event = Event::new(format!("e{id}"), one.created_at.0.clone(), Kind::Message(message));
    event.interaction = thread.to_owned();
    event.queue = queue.map(str::to_owned);
    match author {
        Author::Customer => event.customer.push(format!("livechat:{author_id}")),
        Author::Agent => event.agent = Some(author_id.to_owned()),
        _ => {}
    }
    Some(event)
}

/// A thread is over. Who leaves before a human wrote has given up.
pub(crate) fn closed(thread: &str, payload: &OfThread, state: &mut State) -> Vec<Event> {
    let waited = state.waited(thread);
    let user = payload.user_id.as_deref();
    let author = user.map(|it| state.author(it));
    let kind = match author {
        Some(Author::Customer) if waited => Kind::Abandoned(Abandoned { wait_ms: None }),
        None if waited => Kind::Left(LeftReason::Timeout),
        by => Kind::Resolved(Resolution { by: by.unwrap_or(Author::System), note: None }),
    };
    let mut event = event(thread, "closed", &When::default(), kind);
    event.agent = user.filter(|_| author == Some(Author::Agent)).map(str::to_owned);
    vec![event]
}

pub(crate) fn transferred(thread: &str, payload: &OfThread, state: &mut State) -> Vec<Event> {
    let Some(target) = &payload.transferred_to else { return Vec::new() };
    let agent = target.agent_ids.iter().find(|it| state.author(it) == Author::Agent);
    let group = target.group_ids.first().map(ToString::to_string);
    let requester = payload.requester_id.as_deref();
    let what = [
        "transferred",
        requester.unwrap_or_default(),
        payload.reason.as_deref().unwrap_or_default(),
        group.as_deref().unwrap_or_default(),
        agent.map(String::as_str).unwrap_or_default(),
    ];
    let at = payload.queue.as_ref().map(|it| it.queued_at.clone()).unwrap_or_default();
    let way = TransferWay::Unknown;
    let transfer = Transfer { to_queue: group.clone(), to_agent: agent.cloned(), way };
    let mut handed = event(thread, &what.join(":"), &at, Kind::Transferred(transfer));
    let is_agent = |it: &&str| state.author(it) == Author::Agent;
    handed.agent = requester.filter(is_agent).map(str::to_owned);
    let mut events = vec![handed];
    if payload.queue.is_some() {
        let what = format!("queued:{}", group.as_deref().unwrap_or_default());
        let mut queued = event(thread, &what, &at, Kind::Queued);
        queued.queue = group;
        events.push(queued);
    }
    events
}

pub(crate) fn user_added(thread: &str, payload: &OfThread, state: &mut State) -> Vec<Event> {
    let Some(user) = &payload.user else { return Vec::new() };
    let kind = user.kind.as_deref().or(payload.user_type.as_deref());
    state.met(&user.id, kind == Some("customer"));
    match state.author(&user.id) {
        // Who watches a chat does not have it. Who takes it over is added again, for all to see.
        Author::Agent if !user.is_supervisor() => assigned(thread, user, &When::default()),
        _ => Vec::new(),
    }
}

/// A number, or a number in an object, by version.
pub(crate) fn rated(thread: &str, payload: &OfThread, state: &mut State) -> Vec<Event> {
    let score = payload.properties.pointer("/rating/score");
    let score = score.and_then(|it| it.as_f64().or_else(|| it.get("value")?.as_f64()));
    let score = score.filter(|it| (0.0..=RATING_SCALE).contains(it));
    let rated = score.and_then(|score| rating(thread, score, &When(Moment::None), state));
    rated.into_iter().collect()
}

/// The same id however it is told: as a property, and as a line in the chat. One that is changed has another.
fn rating(thread: &str, score: f64, at: &When, state: &mut State) -> Option<Event> {
    let name = state.ratings.name(thread, score, at.0.ms())?;
    let rating = Rating { dimension: "overall".into(), score, scale: RATING_SCALE };
    Some(event(thread, &name, at, Kind::Rated(rating)))
}

pub(crate) fn tagged(thread: &str, payload: &OfThread, _: &mut State) -> Vec<Event> {
    let tag = payload.tag.iter();
    tag.map(|tag| {
        event(thread, &format!("tag:{tag}"), &When::default(), Kind::Tagged(vec![tag.clone()]))
    })
    .collect()
}
