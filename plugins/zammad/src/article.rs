//! What was written.

use tablica_plugin::{Author, Event, Kind, Medium, Message, Visibility, mail};

use crate::payload::Article;
use crate::ticket::Contact;

/// What a ticket is made of, by the type of an article.
pub(crate) fn medium(kind: Option<&str>) -> Medium {
    match kind {
        Some("email") => Medium::Mail,
        Some("chat") => Medium::Chat,
        Some("sms") => Medium::Message,
        Some(kind) if kind.ends_with("message") => Medium::Message,
        Some("facebook feed post" | "twitter status") => Medium::Post,
        Some("facebook feed comment") => Medium::Comment,
        // A telephone call that somebody took down is a ticket, too.
        _ => Medium::Ticket,
    }
}

/// An article is a message of whoever's words it has: an agent types what a caller says.
pub(crate) fn written(article: &Article, contact: &Contact<'_>) -> Option<Event> {
    let id = article.id?;
    let author = match article.sender.as_deref()? {
        "Customer" => Author::Customer,
        "Agent" => Author::Agent,
        "System" => Author::Bot,
        _ => return None,
    };
    let kind = article.kind.as_deref();
    let body = article.body.as_deref().unwrap_or_default();
    let is_html = article.content_type.as_deref().is_some_and(|it| it.starts_with("text/html"));
    let text = if is_html { mail::html_text(body) } else { body.trim().to_owned() };
    let mut message = Message::new(medium(kind), author).text(text);
    if article.internal == Some(true) {
        message.visibility = Visibility::Note;
    } else if matches!(message.medium, Medium::Post | Medium::Comment) {
        message.visibility = Visibility::Public;
    }
    let at = article.created_at.0.clone();
    let mut event = contact.event(format!("a{id}"), at, Kind::Message(message));
    let by = article.created_by_id.filter(|_| author == Author::Agent);
    event.agent = by.map(|it| it.to_string());
    Some(event)
}
