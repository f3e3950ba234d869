//! Issues: their creation, and what a changelog says.

use serde_json::Value;
use tablica_plugin::json::text;
use tablica_plugin::{
    Author, Awaits, Direction, Event, Kind, LeftReason, Medium, Message, Moment, Opened, Pending,
    Rating, Resolution, Transfer, TransferWay,
};

use crate::issue::{Issue, user_id};
use crate::json::{prose, unix_ms};
use crate::settings::Status;

/// The issue was created, with its description as the first message.
pub(crate) fn created(issue: &Issue<'_>) -> Vec<Event> {
    let at = unix_ms(issue.body, "/timestamp");
    let reporter = issue.body.pointer("/issue/fields/reporter");
    let by_us = reporter.is_some_and(|user| issue.author(user) == Author::Agent);
    let priority = issue.text("/fields/priority/name");
    let opened = Kind::Opened(Opened {
        medium: Medium::Ticket,
        direction: if by_us { Direction::Outbound } else { Direction::Inbound },
        public: false,
        priority: priority.and_then(|name| issue.settings.priority(&name)),
    });
    let id = |what: &str| [&issue.id, ":", what].concat();
    let mut event = issue.event(id("opened"), at.clone(), opened);
    if let Some(kind) = issue.text("/fields/issuetype/name") {
        event = event.attr("issue_type", kind);
    }
    let mut events = vec![event];
    if !by_us {
        let mut message = Message::new(Medium::Ticket, Author::Customer);
        if let Some(text) = issue.body.pointer("/issue/fields/description").and_then(prose) {
            message = message.text(text);
        }
        events.push(issue.event(id("description"), at.clone(), Kind::Message(message)));
    }
    if let Some(agent) = issue.body.pointer("/issue/fields/assignee").and_then(user_id) {
        let mut event = issue.event(id("assignee"), at, Kind::Assigned);
        event.agent = Some(agent);
        events.push(event);
    }
    events
}

/// The issue was deleted.
pub(crate) fn deleted(issue: &Issue<'_>) -> Event {
    let at = unix_ms(issue.body, "/timestamp");
    issue.event([&issue.id, ":deleted"].concat(), at, Kind::Left(LeftReason::Unknown))
}

/// It was moved from a project that counts into one that does not: here nobody waits for it any more.
pub(crate) fn moved_away(issue: &Issue<'_>, delivery: Option<&str>) -> Option<Event> {
    let items = issue.body.pointer("/changelog/items").and_then(Value::as_array)?;
    // The key begins with the project's, and changes with it.
    let key = items.iter().map(Item).find(|item| item.is("key"))?.before()?;
    let (project, _) = key.rsplit_once('-')?;
    let told = Told { issue, id: change_id(issue, delivery) };
    let left = Kind::Left(LeftReason::Unknown);
    issue.settings.counts(Some(project)).then(|| told.event("moved", left))
}

/// What the changelog of an update says; `delivery` is the call's own id.
pub(crate) fn updated(issue: &Issue<'_>, delivery: Option<&str>) -> Vec<Event> {
    let items = issue.body.pointer("/changelog/items").and_then(Value::as_array);
    let items: Vec<Item<'_>> = items.into_iter().flatten().map(Item).collect();
    if items.is_empty() {
        return Vec::new();
    }
    let told = Told { issue, id: change_id(issue, delivery) };
    let mut events = told.course(&items);
    for item in &items {
        events.extend(told.one(item));
    }
    events
}

/// The changelog has an id of its own on Cloud and on servers; where it has not, the delivery has, or the moment.
fn change_id(issue: &Issue<'_>, delivery: Option<&str>) -> String {
    if let Some(id) = text(issue.body, "/changelog/id") {
        return ["change:", &id].concat();
    }
    let moment = || text(issue.body, "/timestamp").unwrap_or_default();
    let mark = delivery.map_or_else(moment, str::to_owned);
    [&issue.id, ":", &mark].concat()
}

/// One changed field. `from` and `to` are ids, the strings names.
struct Item<'a>(&'a Value);

impl Item<'_> {
    /// By id, or by a name, of which servers write some with a capital letter.
    fn is(&self, field: &str) -> bool {
        let names = [text(self.0, "/fieldId"), text(self.0, "/field")];
        names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(field))
    }

    fn before(&self) -> Option<String> {
        text(self.0, "/fromString")
    }

    fn now(&self) -> Option<String> {
        text(self.0, "/toString")
    }
}

struct Told<'a> {
    issue: &'a Issue<'a>,
    id: String,
}

impl Told<'_> {
    fn at(&self) -> Moment {
        unix_ms(self.issue.body, "/timestamp")
    }

    fn event(&self, what: &str, kind: Kind) -> Event {
        self.issue.event([&self.id, ":", what].concat(), self.at(), kind)
    }

    /// Solved, opened again, waiting: by the resolution where the workflow has one, else by states.
    fn course(&self, items: &[Item<'_>]) -> Vec<Event> {
        let settings = self.issue.settings;
        let resolution = items.iter().find(|item| item.is("resolution"));
        let status = items.iter().find(|item| item.is("status"));
        let meaning = |name: Option<String>| name.and_then(|name| settings.status(&name));
        let before = status.and_then(|item| meaning(item.before()));
        let now = status.and_then(|item| meaning(item.now()));
        let category = self.issue.text("/fields/status/statusCategory/key");
        // What the settings say goes before the category.
        let is_done = status.is_some()
            && (now == Some(Status::Resolved)
                || now.is_none() && category.as_deref() == Some("done"));
        let has_resolution =
            self.issue.body.pointer("/issue/fields/resolution").is_some_and(|it| !it.is_null());
        let was_done = before == Some(Status::Resolved);
        let (resolved, reopened) = match resolution {
            Some(item) => {
                let (before, now) = (item.before().is_some(), item.now().is_some());
                (!before && now, before && !now)
            }
            // A resolution that stays was given before: from resolved to closed, say.
            None => {
                (is_done && !was_done && !has_resolution, status.is_some() && was_done && !is_done)
            }
        };
        if resolved {
            return vec![self.resolved()];
        }
        let awaits = match now {
            _ if is_done => None,
            Some(Status::Customer) => Some(Awaits::Customer),
            Some(Status::ThirdParty) => Some(Awaits::ThirdParty),
            Some(Status::Colleague) => Some(Awaits::Colleague),
            _ => None,
        };
        let waited =
            matches!(before, Some(Status::Customer | Status::ThirdParty | Status::Colleague));
        let mut events = Vec::new();
        if reopened || (waited && awaits.is_none() && !is_done) {
            events.push(self.event("reopened", Kind::Reopened));
        }
        if let Some(awaits) = awaits {
            let pending = Pending { awaits, until: Moment::None };
            events.push(self.event("pending", Kind::Pending(pending)));
        }
        events
    }

    fn resolved(&self) -> Event {
        let user = self.issue.body.pointer("/user").unwrap_or(&Value::Null);
        let by = self.issue.author(user);
        let mut event = self.event("resolved", Kind::Resolved(Resolution { by, note: None }));
        if by == Author::Agent {
            event.agent = user_id(user);
        }
        event
    }

    /// All else that a field can say.
    fn one(&self, item: &Item<'_>) -> Option<Event> {
        let settings = self.issue.settings;
        if item.is("assignee") {
            let mut event = self.event("assignee", Kind::Assigned);
            event.agent = text(item.0, "/to");
            return Some(event);
        }
        if item.is("priority") {
            let priority = settings.priority(&item.now()?)?;
            return Some(self.event("priority", Kind::Prioritized(priority)));
        }
        if item.is("labels") {
            return self.labels(item);
        }
        let queue_field = settings.queue.split('/').nth(2).unwrap_or_default();
        if !queue_field.is_empty() && item.is(queue_field) {
            let to_queue = Some(self.issue.queue()?);
            let (to_agent, way) = (None, TransferWay::Unknown);
            let mut event =
                self.event("queue", Kind::Transferred(Transfer { to_queue, to_agent, way }));
            // Which one it leaves is told by name only.
            event.queue = None;
            return Some(event);
        }
        let field = settings.satisfaction_field.as_str();
        if !field.is_empty() && item.is(field) {
            return self.rated(item, field);
        }
        None
    }

    fn labels(&self, item: &Item<'_>) -> Option<Event> {
        let before = item.before().unwrap_or_default();
        let now = item.now()?;
        let is_topic = |label: &&str| self.issue.settings.topics.iter().any(|it| it == label);
        let is_new = |label: &&str| !before.split_whitespace().any(|old| old == *label);
        let topics: Vec<String> =
            now.split_whitespace().filter(is_new).filter(is_topic).map(str::to_owned).collect();
        (!topics.is_empty()).then(|| self.event("labels", Kind::Tagged(topics)))
    }

    /// The field's value is `{"rating": 4}`; the changelog has the number as text.
    fn rated(&self, item: &Item<'_>, field: &str) -> Option<Event> {
        let value = self.issue.body.pointer(&["/issue/fields/", field].concat());
        let number = value.and_then(|value| {
            value.as_f64().or_else(|| value.get("rating").and_then(Value::as_f64))
        });
        let score = number.or_else(|| item.now().and_then(|text| text.parse().ok()))?;
        let rating = Rating::new("overall", score, self.issue.settings.rating_scale)?;
        Some(self.event("rating", Kind::Rated(rating)))
    }
}
