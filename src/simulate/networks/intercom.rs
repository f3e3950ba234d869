//! Chat in the app by Intercom, version 2 of its interface: its machine, its teammates, its ratings.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer};
use crate::simulate::door::Door;
use crate::simulate::sign::{Digest, MacSign, Sign};

pub(super) const NETWORK: Network = Network {
    door: Door::named("intercom"),
    sign: Sign::Mac(MacSign {
        header: "X-Hub-Signature",
        prefix: "sha1=",
        digest: Digest::Sha1Hex,
        timed: None,
    }),
    habits: Habits {
        per_hour: 40.0,
        agents: 5,
        reply_median_ms: 50_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.6,
        settles: true,
        rated: 0.3,
        overlooked: 0.01,
    },
    writer: |start_ms| Box::new(Intercom { ids: Ids::new(start_ms), first: start_ms / 1000 }),
};

const FIRST_ADMIN: usize = 7001;

struct Intercom {
    ids: Ids,
    /// The number of the run's first conversation.
    first: i64,
}

/// What a conversation's new part is.
struct Part<'a> {
    kind: &'a str,
    text: Option<&'a str>,
    author: Value,
    assigned_to: Value,
}

impl Intercom {
    fn notification(&mut self, at_ms: UnixMs, topic: &str, item: Value) -> Value {
        let at_s = at_ms / 1000;
        json!({
            "type": "notification_event",
            "app_id": "ex4mple1",
            "data": { "type": "notification_event_data", "item": item },
            "links": {},
            "id": format!("notif_00000000-0000-4000-8000-{:012x}", self.ids.next()),
            "topic": format!("conversation.{topic}"),
            "delivery_status": "pending",
            "delivery_attempts": 1,
            "delivered_at": 0,
            "first_sent_at": at_s,
            "created_at": at_s,
            "self": null,
        })
    }

    fn conversation(&mut self, at_ms: UnixMs, talk: &Talk, parts: Option<Part<'_>>) -> Value {
        let (at_s, begun_s) = (at_ms / 1000, talk.notes.begun_ms / 1000);
        let parts: Vec<Value> = parts
            .map(|part| {
                json!({
                    "type": "conversation_part",
                    "id": self.ids.next().to_string(),
                    "part_type": part.kind,
                    "body": part.text.map(|text| format!("<p>{text}</p>")),
                    "created_at": at_s,
                    "updated_at": at_s,
                    "notified_at": at_s,
                    "assigned_to": part.assigned_to,
                    "author": part.author,
                    "attachments": [],
                    "external_id": null,
                })
            })
            .into_iter()
            .collect();
        json!({
            "type": "conversation",
            "id": (self.first + talk.number as i64).to_string(),
            "created_at": begun_s,
            "updated_at": at_s,
            "waiting_since": begun_s,
            "snoozed_until": null,
            "source": {
                "type": "conversation",
                "id": talk.notes.first.to_string(),
                "delivered_as": "customer_initiated",
                "subject": "",
                "body": "",
                "author": contact(talk),
                "attachments": [],
                "url": "https://tablica.example/",
                "redacted": false,
            },
            "contacts": {
                "type": "contact.list",
                "contacts": [{ "type": "contact", "id": contact(talk)["id"] }],
            },
            "admin_assignee_id": null,
            "team_assignee_id": null,
            "open": true,
            "state": "open",
            "read": false,
            "tags": { "type": "tag.list", "tags": [] },
            "priority": "not_priority",
            "sla_applied": null,
            "statistics": { "type": "conversation_statistics", "first_admin_reply_at": null },
            "conversation_rating": null,
            "teammates": null,
            "title": null,
            "custom_attributes": {},
            "conversation_parts": {
                "type": "conversation_part.list",
                "total_count": parts.len(),
                "conversation_parts": parts,
            },
        })
    }

    fn part(&mut self, at_ms: UnixMs, topic: &str, talk: &Talk, part: Part<'_>) -> Value {
        let item = self.conversation(at_ms, talk, Some(part));
        self.notification(at_ms, topic, item)
    }
}

fn contact(talk: &Talk) -> Value {
    json!({
        "type": "user",
        "id": format!("6ba682d2{:04x}", talk.customer.number),
        "name": talk.customer.name(),
        "email": talk.customer.email(),
    })
}

fn admin(talk: &Talk) -> Value {
    let id = FIRST_ADMIN + talk.agent;
    json!({ "type": "admin", "id": id.to_string(), "name": talk.agent_name })
}

fn bot() -> Value {
    json!({ "type": "bot", "id": "9", "name": "Operator" })
}

impl Writer for Intercom {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let comment = |text, author| {
            let assigned_to = Value::Null;
            Part { kind: "comment", text: Some(text), author, assigned_to }
        };
        let silent = |kind, author, assigned_to| Part { kind, text: None, author, assigned_to };
        let bodies = match step {
            Step::Opens(text) => {
                talk.notes.first = self.ids.next();
                let mut item = self.conversation(at_ms, talk, None);
                item["source"]["body"] = json!(format!("<p>{text}</p>"));
                vec![self.notification(at_ms, "user.created", item)]
            }
            Step::Asks(text) => {
                let part = comment(text, contact(talk));
                vec![self.part(at_ms, "user.replied", talk, part)]
            }
            Step::BotAnswers(text) => {
                vec![self.part(at_ms, "operator.replied", talk, comment(text, bot()))]
            }
            Step::Answers(text) => {
                let part = silent("assignment", admin(talk), admin(talk));
                let taken =
                    (talk.answers == 0).then(|| self.part(at_ms, "admin.assigned", talk, part));
                let part = comment(text, admin(talk));
                let written = self.part(at_ms, "admin.replied", talk, part);
                taken.into_iter().chain([written]).collect()
            }
            Step::Settles { by_bot } => {
                let author = if by_bot { bot() } else { admin(talk) };
                let part = silent("close", author, Value::Null);
                vec![self.part(at_ms, "admin.closed", talk, part)]
            }
            Step::Reopens => {
                let part = silent("open", contact(talk), Value::Null);
                vec![self.part(at_ms, "admin.opened", talk, part)]
            }
            Step::Rates(stars) => {
                let mut item = self.conversation(at_ms, talk, None);
                item["conversation_rating"] = json!({
                    "rating": stars,
                    "remark": null,
                    "created_at": at_ms / 1000,
                    "contact": { "type": "contact", "id": contact(talk)["id"] },
                    "teammate": { "type": "admin", "id": FIRST_ADMIN + talk.agent },
                });
                vec![self.notification(at_ms, "rating.added", item)]
            }
            Step::HandsOver | Step::Helps(..) | Step::Mentions(_) => Vec::new(),
        };
        bodies.into_iter().map(Post::from).collect()
    }
}
