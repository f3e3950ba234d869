//! Instagram: comments below our posts and live videos, mentions in other people's.

use serde::Deserialize;
use tablica_plugin::{Author, Event, Id, Kind, Medium, Mention, Sentiment};

use crate::common::{moment, public, queued};
use crate::envelope::Place;
use crate::messaging;
use crate::settings::Settings;
use crate::state::{State, Voice};

#[derive(Deserialize)]
struct Comment {
    id: Id,
    from: Option<From>,
    /// Of an answer: the comment that it answers.
    parent_id: Option<Id>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct From {
    id: Option<Id>,
    username: Option<String>,
    /// Of our own account, where the app was given another id of it.
    self_ig_scoped_id: Option<Id>,
}

/// Only ids come; the text would have to be asked for.
#[derive(Deserialize)]
struct Named {
    comment_id: Option<Id>,
    media_id: Option<Id>,
}

/// The events of a change.
pub(crate) fn decode(
    field: &str,
    value: &str,
    place: &Place<'_>,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, serde_json::Error> {
    Ok(match field {
        "comments" | "live_comments" => {
            vec![commented(&serde_json::from_str(value)?, place, settings, state)]
        }
        "mentions" => {
            mentioned(&serde_json::from_str(value)?, place, settings).into_iter().collect()
        }
        // Messages come so from Meta's own test button.
        _ if field.starts_with("messag") || field == "standby" => {
            messaging::decode(value, place, settings)?
        }
        // Figures of a story, and what Meta adds later.
        _ => Vec::new(),
    })
}

fn commented(
    comment: &Comment,
    place: &Place<'_>,
    settings: &Settings,
    state: &mut State,
) -> Event {
    let id = &comment.id.0;
    let from = comment.from.as_ref();
    let author = from.and_then(|from| from.id.as_ref()).map(|id| id.0.as_str());
    let is_ours = author == Some(place.account)
        || from.is_some_and(|from| from.self_ig_scoped_id.is_some())
        || author.is_some_and(|author| settings.is_own(author))
        || from.and_then(|from| from.username.as_deref()).is_some_and(|name| settings.is_own(name));
    let thread = comment.parent_id.as_ref().map_or(id, |parent| &parent.0);
    let by = match author {
        _ if is_ours => Author::Agent,
        Some(author) if thread == id => {
            state.began(thread, author);
            Author::Customer
        }
        Some(author) => match state.voice(thread, author) {
            Voice::Another => Author::Peer,
            Voice::Beginner | Voice::Unknown => Author::Customer,
        },
        None => Author::Customer,
    };
    let written = public(Medium::Comment, by, comment.text.as_deref());
    let event = Event::new(format!("comment:{id}"), moment(place.time), Kind::Message(written));
    let mut event = queued(event.on(thread.as_str()), place.account, settings);
    event.customer.extend(author.filter(|_| !is_ours).map(|author| format!("instagram:{author}")));
    event
}

fn mentioned(named: &Named, place: &Place<'_>, settings: &Settings) -> Option<Event> {
    let id = &named.comment_id.as_ref().or(named.media_id.as_ref())?.0;
    let mention =
        Mention { public: true, sentiment: Sentiment::Unknown, text: None, language: None };
    let event = Event::new(format!("mention:{id}"), moment(place.time), Kind::Mention(mention));
    Some(queued(event.on(id.as_str()), place.account, settings))
}
