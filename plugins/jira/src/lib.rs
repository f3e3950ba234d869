//! Jira Service Management (and Jira): webhooks become contact center events.
//!
//! A contact is an issue, by its id: its key changes when it is moved. What an update changed stands in its changelog
//! (`change`); comments are messages (`comment`). Nothing is remembered from one call to the next.

mod change;
mod comment;
mod issue;
mod json;
mod settings;

use serde_json::Value;
use tablica_plugin::{
    Channel, Event, Failure, Info, Input, Output, Setup, Webhook, bad_input, export_channel, info,
    unsupported,
};

use crate::issue::Issue;
use crate::settings::Settings;

/// One Jira site.
pub struct Jira {
    settings: Settings,
}

/// The same on each delivery of one event.
const DELIVERY: &str = "x-atlassian-webhook-identifier";

impl Channel for Jira {
    fn describe() -> Info {
        info("jira", env!("CARGO_PKG_VERSION"), "Jira Service Management")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings)? })
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => Ok(webhook(&call, &self.settings)?.into()),
            _ => Ok(Output::default()),
        }
    }
}

fn webhook(call: &Webhook, settings: &Settings) -> Result<Vec<Event>, Failure> {
    let body: Value = serde_json::from_slice(&call.body)
        .map_err(|error| bad_input(format!("not JSON: {error}")))?;
    let kind = body
        .get("webhookEvent")
        .and_then(Value::as_str)
        .ok_or_else(|| unsupported("not a webhook of Jira's: it has no webhookEvent"))?;
    const KINDS: [&str; 5] = [
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_deleted",
        "comment_created",
        "comment_updated",
    ];
    if !KINDS.contains(&kind) {
        // Projects, versions, sprints, users, worklogs, and what Jira adds later.
        return Ok(Vec::new());
    }
    let issue = Issue::of(&body, settings).ok_or_else(|| bad_input("/issue/id is missing"))?;
    let delivery = call.headers.iter().find(|header| header.name.eq_ignore_ascii_case(DELIVERY));
    if !settings.counts(issue.project().as_deref()) {
        let moved = change::moved_away(&issue, delivery.map(|header| header.value.as_str()));
        return Ok(moved.filter(|_| kind == "jira:issue_updated").into_iter().collect());
    }
    Ok(match kind {
        "jira:issue_created" => change::created(&issue),
        "jira:issue_updated" => {
            let changes = change::updated(&issue, delivery.map(|header| header.value.as_str()));
            // A comment that was edited or deleted comes along in the same way.
            let what = body.get("issue_event_type_name").and_then(Value::as_str);
            let is_new = !what.is_some_and(|what| what.starts_with("issue_comment_"));
            // What was said along with a change was said before it: a last word comes before the solution.
            let mut events: Vec<Event> =
                if is_new { comment::created(&issue).into_iter().collect() } else { Vec::new() };
            events.extend(changes);
            events
        }
        "jira:issue_deleted" => vec![change::deleted(&issue)],
        "comment_created" => comment::created(&issue).into_iter().collect(),
        "comment_updated" => comment::edited(&issue).into_iter().collect(),
        _ => Vec::new(),
    })
}

export_channel!(Jira);

#[cfg(test)]
mod tests;
