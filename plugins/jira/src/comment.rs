//! Comments. Cloud tells one as `comment_created`, servers a second time inside `jira:issue_updated`: its id is the
//! comment's own.

use serde_json::Value;
use tablica_plugin::json::text;
use tablica_plugin::{Author, Event, Kind, Medium, Message, Visibility};

use crate::issue::{Issue, customers, user_id};
use crate::json::{prose, time, unix_ms};

/// A new comment.
pub(crate) fn created(issue: &Issue<'_>) -> Option<Event> {
    let id = text(issue.body, "/comment/id")?;
    let (message, author) = message(issue);
    let at = time(issue.body, "/comment/created");
    let at = at.unwrap_or_else(|| unix_ms(issue.body, "/timestamp"));
    let mut event = issue.event(["comment:", &id].concat(), at, Kind::Message(message));
    let user = issue.body.pointer("/comment/author");
    match author {
        Author::Agent => event.agent = user.and_then(user_id),
        // What comes with a comment leaves out who asked.
        Author::Customer if event.customer.is_empty() => {
            event.customer = user.map(customers).unwrap_or_default();
        }
        _ => {}
    }
    Some(event)
}

/// A comment that reads differently now.
pub(crate) fn edited(issue: &Issue<'_>) -> Option<Event> {
    let id = text(issue.body, "/comment/id")?;
    let (message, _) = message(issue);
    let updated = text(issue.body, "/comment/updated").unwrap_or_default();
    let at = time(issue.body, "/comment/updated");
    let at = at.unwrap_or_else(|| unix_ms(issue.body, "/timestamp"));
    let edited = ["comment:", &id, ":edited:", &updated].concat();
    let event = issue.event(edited, at, Kind::Edited(message));
    Some(event.refers(["comment:", &id].concat()))
}

fn message(issue: &Issue<'_>) -> (Message, Author) {
    let nobody = Value::Null;
    let user = issue.body.pointer("/comment/author").unwrap_or(&nobody);
    let author = issue.author(user);
    let mut message = Message::new(Medium::Ticket, author);
    if let Some(text) = issue.body.pointer("/comment/body").and_then(prose) {
        message = message.text(text);
    }
    if is_internal(issue.body) {
        message.visibility = Visibility::Note;
    }
    (message, author)
}

/// Cloud says `jsdPublic`, servers a property; a comment for one role or group is internal, too.
fn is_internal(body: &Value) -> bool {
    let is_public = body.pointer("/comment/jsdPublic").and_then(Value::as_bool);
    let is_limited = body.pointer("/comment/visibility").is_some_and(|it| !it.is_null());
    let properties = body.pointer("/comment/properties").and_then(Value::as_array);
    let is_property = |it: &Value| {
        it.get("key").and_then(Value::as_str) == Some("sd.public.comment")
            && it
                .pointer("/value/internal")
                .is_some_and(|it| it.as_bool() == Some(true) || it.as_str() == Some("true"))
    };
    is_public == Some(false) || is_limited || properties.into_iter().flatten().any(is_property)
}
