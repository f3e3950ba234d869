//! What a post counts for.
//!
//! A contact is a thread that a customer began: a post that names us, or an answer to a post of ours, with all that
//! follows. What we write there is an answer; our own posts are no contacts. X says only which post is answered, so
//! which thread that is has to be remembered.

use tablica_plugin::{
    Author, Event, Kind, Medium, Mention, Message, Removal, Sentiment, Visibility,
};

use crate::envelope::Desk;
use crate::raw_post::RawPost;
use crate::settings::Mentions;
use crate::state::Thread;

/// What a post is to us.
enum Place {
    /// Part of a thread.
    Thread(Thread, Author, Medium),
    /// The company is spoken of.
    Mention,
    /// Nothing to us: a repost, a post of ours.
    Nothing,
}

/// The event of a post. `kind` is that of the X Activity API, and empty for the one before.
pub(crate) fn written(raw: &RawPost, kind: &str, desk: &mut Desk<'_>) -> Option<Event> {
    let (id, author) = (raw.id()?, raw.author()?);
    let is_ours = desk.is_ours(author);
    if raw.is_repost() {
        return None;
    }
    if let Some(first) = raw.first_version() {
        return edited(raw, first, (id, author, is_ours), desk);
    }
    let place = if is_ours { ours(raw, desk) } else { theirs(raw, kind, (id, author), desk) };
    let (thread, by, medium) = match place {
        Place::Thread(thread, by, medium) => (thread, by, medium),
        Place::Mention => {
            let mention = Mention {
                public: true,
                sentiment: Sentiment::Unknown,
                text: raw.text().map(str::to_owned),
                language: language(raw),
            };
            let event = Event::new(format!("mention:{id}"), raw.at_ms(), Kind::Mention(mention));
            return Some(desk.queued(event.on(id).customer(customer(author))));
        }
        Place::Nothing => return None,
    };
    desk.state.put(id, &thread);
    let written = message(raw, medium, by);
    let event = Event::new(format!("post:{id}"), raw.at_ms(), Kind::Message(written));
    Some(by_whom(event.on(thread.root), author, is_ours, desk))
}

/// An answer belongs to the thread of what it answers. One that goes on with a post of our own is none.
fn ours(raw: &RawPost, desk: &Desk<'_>) -> Place {
    let by = desk.settings.author_of(raw.app());
    let Some(parent) = raw.parent() else { return Place::Nothing };
    if let Some(thread) = desk.state.thread(parent) {
        return Place::Thread(thread, by, Medium::Comment);
    }
    match raw.parent_author() {
        Some(author) if desk.is_ours(author) => Place::Nothing,
        // What it answers was not seen: it was the first of a thread, or is now.
        author => {
            Place::Thread(Thread::begin(parent, author.unwrap_or_default()), by, Medium::Comment)
        }
    }
}

fn theirs(raw: &RawPost, kind: &str, (id, author): (&str, &str), desk: &Desk<'_>) -> Place {
    let known = raw.parent().and_then(|parent| desk.state.thread(parent));
    if let Some(thread) = known {
        let by = if thread.is_of(author) { Author::Customer } else { Author::Peer };
        return Place::Thread(thread, by, Medium::Comment);
    }
    let begun = |medium| Place::Thread(Thread::begin(id, author), Author::Customer, medium);
    let answers_us = kind == "post.reply.create"
        || raw.parent().is_some() && raw.parent_author().is_some_and(|it| desk.is_ours(it));
    if answers_us {
        return begun(Medium::Comment);
    }
    let names_us = kind == "post.mention.create" || raw.named().any(|named| desk.is_ours(named));
    let quotes_us =
        kind == "post.quote.create" || raw.quoted_author().is_some_and(|it| desk.is_ours(it));
    match (names_us, desk.settings.mentions) {
        (true, Mentions::Contact) => begun(Medium::Post),
        (true, Mentions::Mention) => Place::Mention,
        // Others talk below our names: what the older interface sends of a thread that we are in.
        (false, _) if quotes_us || kind.is_empty() => Place::Mention,
        (false, _) => Place::Nothing,
    }
}

/// An edited post comes as a new one, with the ids of those before it.
fn edited(
    raw: &RawPost,
    first: &str,
    (id, author, is_ours): (&str, &str, bool),
    desk: &mut Desk<'_>,
) -> Option<Event> {
    let thread = desk.state.thread(first);
    let by = match &thread {
        _ if is_ours => desk.settings.author_of(raw.app()),
        Some(thread) if !thread.is_of(author) => Author::Peer,
        _ => Author::Customer,
    };
    // Of a post of ours that is no answer, an edit is none either.
    if is_ours && thread.is_none() {
        return None;
    }
    let thread = thread.unwrap_or_else(|| Thread::begin(first, author));
    desk.state.put(id, &thread);
    let medium = if thread.root == first { Medium::Post } else { Medium::Comment };
    let edited = Kind::Edited(message(raw, medium, by));
    let event =
        Event::new(format!("post:{id}"), raw.at_ms(), edited).refers(format!("post:{first}"));
    Some(by_whom(event.on(thread.root), author, is_ours, desk))
}

/// Whoever wrote it has deleted it. Of ours it was an answer all the same.
pub(crate) fn deleted(
    id: &str,
    author: Option<&str>,
    at_ms: u64,
    desk: &Desk<'_>,
) -> Option<Event> {
    let author = author.filter(|author| !desk.is_ours(author))?;
    let thread = desk.state.thread(id).unwrap_or_else(|| Thread::begin(id, author));
    // A peer takes nothing back of what the customer asked.
    let by = if thread.is_of(author) { Author::Customer } else { Author::Peer };
    let removal = Kind::Removed(Removal { by });
    let event = Event::new(format!("removed:{id}"), at_ms, removal).on(thread.root);
    Some(desk.queued(event.refers(format!("post:{id}")).customer(customer(author))))
}

fn message(raw: &RawPost, medium: Medium, by: Author) -> Message {
    let written = match raw.text() {
        Some(text) => Message::new(medium, by).text(text),
        None => Message::new(medium, by),
    };
    Message { visibility: Visibility::Public, language: language(raw), ..written }
}

fn by_whom(event: Event, author: &str, is_ours: bool, desk: &Desk<'_>) -> Event {
    let event = if is_ours { event } else { event.customer(customer(author)) };
    desk.queued(event)
}

pub(crate) fn customer(user: &str) -> String {
    format!("x:{user}")
}

/// X guesses a language, or says by a code of its own that it could not.
fn language(raw: &RawPost) -> Option<String> {
    let code = raw.lang.as_deref()?;
    let is_none = matches!(code, "und" | "qam" | "qct" | "qht" | "qme" | "qst" | "zxx" | "art");
    (!is_none).then(|| if code == "in" { "id".to_owned() } else { code.to_owned() })
}
