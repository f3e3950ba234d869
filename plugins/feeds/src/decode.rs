//! Entries into events, by what the operator says a feed holds.

use tablica_plugin::{
    Author, Event, FeedState, Kind, Medium, Mention, Message, Moment, Sentiment, Visibility,
    fingerprint,
};

use crate::address::{is_first_post, page};
use crate::entry::{self, Entry};
use crate::settings::Content;

/// Comments of one post that are counted by their number at one look; more is a number that was wrong.
const REPLIES_MAX: u32 = 200;

/// What an entry belongs to.
pub(crate) struct Place<'a> {
    pub(crate) content: Content,
    pub(crate) queue: Option<&'a str>,
    /// All entries of the document, to know what answers what.
    pub(crate) all: &'a [Entry<'a>],
    /// What the whole feed is comments on.
    pub(crate) of_feed: Option<&'a str>,
    pub(crate) url: &'a str,
    pub(crate) language: Option<&'a str>,
}

/// The event of a new entry; none where it counts for nothing.
pub(crate) fn fresh(entry: &Entry<'_>, place: &Place<'_>) -> Option<Event> {
    match place.content {
        Content::OwnPosts => None,
        Content::Mentions if entry.is_own => None,
        Content::Mentions => Some(mention(entry, place)),
        Content::Posts | Content::Comments => Some(message(entry, place)),
    }
}

/// The event of an entry that was known and reads otherwise now.
pub(crate) fn edited(entry: &Entry<'_>, place: &Place<'_>) -> Option<Event> {
    if !matches!(place.content, Content::Posts | Content::Comments) {
        return None;
    }
    let mut event = message(entry, place);
    let Kind::Message(message) = event.kind else { return None };
    event.kind = Kind::Edited(message);
    event.refers = Some(event.id);
    event.id = format!("e{:016x}", fingerprint(format!("{}\n{}", entry.id, entry.updated_ms)));
    event.at = Moment::from(entry.updated_ms);
    Some(event)
}

fn mention(entry: &Entry<'_>, place: &Place<'_>) -> Event {
    let mention = Mention {
        public: true,
        sentiment: Sentiment::Unknown,
        text: entry.text(false).0,
        language: place.language.map(str::to_owned),
    };
    let mut event = Event::new(id(entry), entry.at.clone(), Kind::Mention(mention));
    event.customer.clone_from(&entry.customer);
    event.queue = place.queue.map(str::to_owned);
    event
}

fn message(entry: &Entry<'_>, place: &Place<'_>) -> Event {
    let author = author(entry, place);
    let medium = if place.content == Content::Posts { Medium::Post } else { Medium::Comment };
    let mut message = Message::new(medium, author);
    message.visibility = Visibility::Public;
    (message.text, message.length) = entry.text(medium == Medium::Comment);
    message.language = place.language.map(str::to_owned);
    let topic = match place.content {
        // A post begins a contact of its own, which its answers go on.
        Content::Posts if entry.in_reply_to.is_none() => first_post(entry),
        _ => entry::topic(entry, place.all, place.of_feed, place.url),
    };
    let mut event =
        Event::new(id(entry), entry.at.clone(), Kind::Message(message)).on(interaction(&topic));
    event.queue = place.queue.map(str::to_owned);
    match author {
        Author::Agent => event.agent.clone_from(&entry.author),
        _ => event.customer.clone_from(&entry.customer),
    }
    event
}

fn first_post(entry: &Entry<'_>) -> String {
    let link = page(&entry.link);
    if link.is_empty() { entry.id.clone() } else { link.to_owned() }
}

/// Ours, a customer, or somebody who answers another customer.
fn author(entry: &Entry<'_>, place: &Place<'_>) -> Author {
    if entry.is_own {
        return Author::Agent;
    }
    let answered = entry.in_reply_to.as_deref().and_then(|id| entry::parent(id, place.all));
    match answered {
        Some(other) if other.is_own || other.author == entry.author => Author::Customer,
        Some(other) if goes_on(entry, other, place) => Author::Customer,
        Some(_) => Author::Peer,
        None if is_in_anothers_topic(entry, place) => Author::Peer,
        None => Author::Customer,
    }
}

/// A forum's feed does not say what a post answers: whoever began the topic asks there, as far as it stands in the
/// document.
fn is_in_anothers_topic(entry: &Entry<'_>, place: &Place<'_>) -> bool {
    let topic = page(&entry.link);
    let is_first = |it: &&Entry<'_>| is_first_post(&it.link) && page(&it.link) == topic;
    let is_in_topic = entry.in_reply_to.is_none() && topic.len() < entry.link.len();
    let first = place.all.iter().filter(|_| is_in_topic).find(is_first);
    first.is_some_and(|first| !first.is_own && first.author != entry.author)
}

/// Somebody answers a helper below what they wrote themselves, as far as it stands in the document.
fn goes_on(entry: &Entry<'_>, answered: &Entry<'_>, place: &Place<'_>) -> bool {
    let parent = |of: &Entry<'_>| entry::parent(of.in_reply_to.as_deref()?, place.all);
    let mut above = parent(answered);
    for _ in 0..entry::STEPS_MAX {
        match above {
            Some(it) if entry.author.is_some() && it.author == entry.author => return true,
            Some(it) => above = parent(it),
            None => return false,
        }
    }
    false
}

/// Comments of a post of which only the number is told: from the one after `before` to `after`.
pub(crate) fn counted(entry: &Entry<'_>, before: u32, after: u32, place: &Place<'_>) -> Vec<Event> {
    let first = before.saturating_add(1).max(after.saturating_sub(REPLIES_MAX - 1));
    let one = |number: u32| {
        let mut message = Message::new(Medium::Comment, Author::Customer);
        message.visibility = Visibility::Public;
        let id = format!("c{:016x}-{number}", fingerprint(&entry.id));
        let mut event =
            Event::new(id, 0, Kind::Message(message)).on(interaction(&first_post(entry)));
        event.queue = place.queue.map(str::to_owned);
        event
    };
    (first..=after).map(one).collect()
}

/// Entries fell out of the feed between two looks. Named by what stands there now.
pub(crate) fn gap(url: &str, first: &str) -> Event {
    Event::new(
        format!("g{:016x}", fingerprint(format!("{url}\n{first}"))),
        0,
        Kind::Feed(FeedState::Gap),
    )
}

/// Addresses of posts hold their titles: only their hashes go on.
fn id(entry: &Entry<'_>) -> String {
    format!("i{:016x}", fingerprint(&entry.id))
}

fn interaction(topic: &str) -> String {
    format!("p{:016x}", fingerprint(topic))
}
