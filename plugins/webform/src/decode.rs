//! A body into events.

use serde_json::Value;
use tablica_plugin::words::{self, AUTHORS, AWAITS, PRIORITIES, REASONS, SENTIMENTS, STATUSES};
use tablica_plugin::{
    Abandoned, AgentState, Answered, Author, Awaits, Direction, Event, Failure, Kind, LeftReason,
    Mention, Message, Moment, Opened, Pending, Rating, Removal, Resolution, Sentiment, TalkEnded,
    Transfer, TransferWay, Visibility, bad_input, identity, unsupported,
};

use crate::body::{self, Read};
use crate::item::{Item, plain};
use crate::settings::Settings;
use crate::time;
use crate::words::{Happening, KINDS};

/// Items in one body; more is a mistake of the site's, and a batch can be split.
const ITEMS_MAX: usize = 1_000;

/// Decodes all items of a body, or none.
pub(crate) fn body(
    bytes: &[u8],
    content_type: Option<&str>,
    settings: &Settings,
) -> Result<Vec<Event>, Failure> {
    let Read { value: body, is_json } = body::read(bytes, content_type, &settings.json_fields)?;
    let item = |value, number| event(&Item { value, body: &body, number }, settings);
    let Some(pointer) = &settings.items else {
        return Ok(vec![item(&body, None)?]);
    };
    let items = match body.pointer(pointer) {
        Some(Value::Array(items)) => items.as_slice(),
        // XML has no lists: one element is one that happens to be alone, and none is an empty one.
        Some(one) if !is_json && !one.is_null() && *one != "" => std::slice::from_ref(one),
        None | Some(_) if !is_json => &[],
        _ => return Err(bad_input(format!("{pointer} (items) is no array"))),
    };
    if items.len() > ITEMS_MAX {
        return Err(bad_input(format!("{} items, at most {ITEMS_MAX} in a body", items.len())));
    }
    items.iter().enumerate().map(|(number, value)| item(value, Some(number))).collect()
}

fn event(item: &Item<'_>, settings: &Settings) -> Result<Event, Failure> {
    let map = &settings.map;
    let happening = happening(item, settings)?;
    let id = item.required(&map.id)?;
    let at = match item.find(&map.time) {
        Some((pointer, value)) => time::moment(value).map_err(|what| item.fault(pointer, &what))?,
        None => Moment::None,
    };
    let agent = item.text(&map.agent)?;
    let interaction = match happening {
        // The only one that is about no contact.
        Happening::AgentState => String::new(),
        _ => item.required(&map.interaction)?,
    };
    if happening == Happening::AgentState && agent.is_none() {
        return Err(item.missing(&map.agent));
    }
    let kind = kind(item, settings, happening, agent.is_some())?;
    let mut event = Event::new(id, at, kind).on(interaction);
    event.queue = item.text(&map.queue)?;
    event.agent = agent;
    event.customer = customers(item, settings)?;
    Ok(event)
}

/// What happened, in the site's word or in ours.
fn happening(item: &Item<'_>, settings: &Settings) -> Result<Happening, Failure> {
    let pointers = &settings.map.kind;
    let Some(word) = item.text(pointers)? else {
        return settings.default_kind.ok_or_else(|| item.missing(pointers));
    };
    let known = settings.kinds.get(&word).copied().or_else(|| words::meaning(KINDS, &word));
    known.ok_or_else(|| {
        unsupported(format!(
            "{}{} is {word:?}: give it a meaning in kinds",
            item.place(),
            pointers.0.join(" or ")
        ))
    })
}

fn kind(
    item: &Item<'_>,
    settings: &Settings,
    happening: Happening,
    has_agent: bool,
) -> Result<Kind, Failure> {
    let map = &settings.map;
    let author = |otherwise: Author| author(item, settings, has_agent, otherwise);
    Ok(match happening {
        Happening::Opened => Kind::Opened(Opened {
            medium: settings.medium,
            direction: match author(Author::Customer)? {
                Author::Agent | Author::Bot => Direction::Outbound,
                Author::Customer | Author::Peer | Author::System => Direction::Inbound,
            },
            public: public(item, settings)?,
            priority: item.word(&map.priority, PRIORITIES)?,
        }),
        Happening::Message => Kind::Message(message(item, settings, has_agent)?),
        Happening::Queued => Kind::Queued,
        Happening::OfferedToAgent => Kind::OfferedToAgent,
        Happening::RingMissed => Kind::RingMissed(None),
        Happening::Answered => Kind::Answered(Answered { wait_ms: None, ring_ms: None }),
        Happening::Held => Kind::Held,
        Happening::Resumed => Kind::Resumed,
        Happening::Transferred => Kind::Transferred(Transfer {
            to_queue: item.text(&map.to_queue)?,
            to_agent: item.text(&map.to_agent)?,
            way: TransferWay::Unknown,
        }),
        Happening::TalkEnded => {
            let by = author(Author::System)?;
            Kind::TalkEnded(TalkEnded { talk_ms: None, hold_ms: None, by })
        }
        Happening::WrappedUp => Kind::WrappedUp,
        Happening::Resolved => {
            Kind::Resolved(Resolution { by: author(Author::Agent)?, note: None })
        }
        Happening::Reopened => Kind::Reopened,
        Happening::Prioritized => Kind::Prioritized(
            item.word(&map.priority, PRIORITIES)?.ok_or_else(|| item.missing(&map.priority))?,
        ),
        Happening::Abandoned => Kind::Abandoned(Abandoned { wait_ms: None }),
        Happening::Left => {
            Kind::Left(item.word(&map.reason, REASONS)?.unwrap_or(LeftReason::Unknown))
        }
        Happening::RatingRequested => Kind::RatingRequested,
        Happening::Rated => Kind::Rated(rating(item, settings)?),
        Happening::Tagged => Kind::Tagged(tags(item, settings)?),
        Happening::Mention => Kind::Mention(Mention {
            public: public(item, settings)?,
            sentiment: sentiment(item, settings)?,
            text: item.text(&map.text)?,
            language: item.text(&map.language)?,
        }),
        Happening::Removed => Kind::Removed(Removal { by: author(Author::System)? }),
        Happening::Assigned => Kind::Assigned,
        Happening::Pending => Kind::Pending(Pending {
            awaits: item.word(&map.reason, AWAITS)?.unwrap_or(Awaits::Customer),
            until: Moment::None,
        }),
        Happening::CallbackPromised => Kind::CallbackPromised(Moment::None),
        Happening::Edited => Kind::Edited(message(item, settings, has_agent)?),
        Happening::AgentState => Kind::AgentState(AgentState {
            status: item.word(&map.status, STATUSES)?.ok_or_else(|| item.missing(&map.status))?,
            reason: item.text(&map.reason)?,
        }),
    })
}

fn message(item: &Item<'_>, settings: &Settings, has_agent: bool) -> Result<Message, Failure> {
    let author = author(item, settings, has_agent, Author::Customer)?;
    let mut message = Message::new(settings.medium, author);
    if let Some(text) = item.text(&settings.map.text)? {
        message = message.text(text);
    }
    message.visibility = visibility(item, settings)?;
    message.language = item.text(&settings.map.language)?;
    message.sentiment = sentiment(item, settings)?;
    Ok(message)
}

/// Who did it: as the site says; else an agent where one is named.
fn author(
    item: &Item<'_>,
    settings: &Settings,
    has_agent: bool,
    otherwise: Author,
) -> Result<Author, Failure> {
    let pointers = &settings.map.author;
    match item.text(pointers)? {
        Some(word) => match settings.authors.get(&word) {
            Some(author) => Ok(*author),
            None => item.word(pointers, AUTHORS).map(|author| author.unwrap_or(otherwise)),
        },
        None if has_agent => Ok(Author::Agent),
        None => Ok(otherwise),
    }
}

fn public(item: &Item<'_>, settings: &Settings) -> Result<bool, Failure> {
    Ok(item.flag(&settings.map.public)?.unwrap_or(settings.public))
}

/// A note is one, whatever else is public on the site.
fn visibility(item: &Item<'_>, settings: &Settings) -> Result<Visibility, Failure> {
    Ok(match (item.flag(&settings.map.note)?, public(item, settings)?) {
        (Some(true), _) => Visibility::Note,
        (_, true) => Visibility::Public,
        (_, false) => Visibility::Private,
    })
}

fn sentiment(item: &Item<'_>, settings: &Settings) -> Result<Sentiment, Failure> {
    let sentiment = item.word(&settings.map.sentiment, SENTIMENTS)?;
    Ok(sentiment.unwrap_or(Sentiment::Unknown))
}

fn rating(item: &Item<'_>, settings: &Settings) -> Result<Rating, Failure> {
    let map = &settings.map;
    let score = item.number(&map.score)?.ok_or_else(|| item.missing(&map.score))?;
    let scale = item.number(&map.scale)?.unwrap_or(settings.rating_scale);
    if !(scale > 0.0 && (0.0..=scale).contains(&score)) {
        let pointer = map.score.0.join(" or ");
        return Err(item.fault(&pointer, &format!("is {score}, which is not within 0 to {scale}")));
    }
    let dimension = item.text(&map.dimension)?.unwrap_or_else(|| "overall".into());
    Ok(Rating { dimension, score, scale })
}

/// A list of texts, or one.
fn tags(item: &Item<'_>, settings: &Settings) -> Result<Vec<String>, Failure> {
    let pointers = &settings.map.tags;
    let (pointer, value) = item.find(pointers).ok_or_else(|| item.missing(pointers))?;
    let tags = match value {
        Value::Array(list) => list.iter().map(plain).collect(),
        value => plain(value).map(|tag| vec![tag]),
    };
    tags.ok_or_else(|| item.fault(pointer, "is no list of texts"))
}

/// Every identifier that any of the pointers leads to, told apart by its look.
fn customers(item: &Item<'_>, settings: &Settings) -> Result<Vec<String>, Failure> {
    let mut customers = Vec::new();
    for pointer in &settings.map.customer.0 {
        let found = match item.at(pointer) {
            None => continue,
            Some(Value::Array(list)) => list.iter().collect(),
            Some(value) => vec![value],
        };
        for value in found {
            let raw =
                plain(value).ok_or_else(|| item.fault(pointer, "is neither text nor number"))?;
            let customer = identifier(&raw, pointer, settings);
            customers.extend(customer.filter(|customer| !customers.contains(customer)));
        }
    }
    Ok(customers)
}

/// An address, a telephone number (with `+`, or where the pointer says so), or the site's own id.
fn identifier(raw: &str, pointer: &str, settings: &Settings) -> Option<String> {
    if raw.is_empty() {
        return None;
    }
    let name = pointer.rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_phone =
        raw.starts_with('+') || ["phone", "tel", "mobile"].iter().any(|w| name.contains(w));
    let phone = is_phone.then(|| identity::phone(raw, settings.country_code.as_deref())).flatten();
    Some(phone.or_else(|| identity::mail(raw)).unwrap_or_else(|| format!("site:{raw}")))
}
