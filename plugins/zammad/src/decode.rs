//! One call into events.

use serde::Deserialize;
use serde::de::IgnoredAny;
use tablica_plugin::{Event, Failure, bad_input, unsupported};

use crate::article;
use crate::payload::Call;
use crate::settings::Settings;
use crate::state::State;
use crate::ticket::{self, Contact};

#[derive(Deserialize)]
struct Head {
    #[allow(dead_code, reason = "only whether it is there")]
    ticket: IgnoredAny,
}

/// The events of a call.
pub(crate) fn call(
    body: &[u8],
    settings: &Settings,
    country_code: Option<&str>,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    if let Err(error) = serde_json::from_slice::<Head>(body) {
        if error.is_data() {
            return Err(unsupported("not Zammad's default payload: it has no ticket"));
        }
        return Err(bad_input(format!("not JSON: {error}")));
    }
    // What is wrong is told without what stands there.
    let call: Call = serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        bad_input(format!("a payload of another shape, {place}"))
    })?;
    let Some(id) = call.ticket.id else { return Err(bad_input("a ticket without its id")) };
    let contact = Contact::new(id, &call.ticket, settings, country_code);
    let mut events = Vec::new();
    let article = call.article.as_ref().filter(|it| it.id.is_some());
    let first = call.ticket.article_ids.as_ref().and_then(|it| it.first());
    // What merging writes into the ticket is no message, and no beginning: the articles before it went to the other one.
    if !contact.is_merged() {
        if article.is_some_and(|it| it.id.as_ref() == first) {
            events.push(contact.opened());
        }
        events.extend(article.and_then(|it| article::written(it, &contact)));
    }
    ticket::changes(&contact, state, &mut events);
    Ok(events)
}
