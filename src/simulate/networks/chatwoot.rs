//! Web chat by Chatwoot: its widget on the site, a bot in front of it, the survey at the end.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::{Ids, iso};
use super::{Habits, Network, Post, Step, Talk, Writer};
use crate::simulate::door::Door;
use crate::simulate::sign::{Digest, MacSign, Sign, Timed};

pub(super) const NETWORK: Network = Network {
    door: Door::named("chatwoot"),
    sign: Sign::Mac(MacSign {
        header: "X-Chatwoot-Signature",
        prefix: "sha256=",
        digest: Digest::Sha256Hex,
        timed: Some(Timed { header: "X-Chatwoot-Timestamp", separator: ".", is_rfc3339: false }),
    }),
    habits: Habits {
        per_hour: 70.0,
        agents: 8,
        reply_median_ms: 35_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.7,
        settles: true,
        rated: 0.35,
        overlooked: 0.01,
    },
    writer: |start_ms| Box::new(Chatwoot { ids: Ids::new(start_ms), first: start_ms / 1000 }),
};

const ACCOUNT: i64 = 1;
const INBOX: i64 = 3;
const FIRST_AGENT: usize = 7;
const BOT: i64 = 2;

struct Chatwoot {
    ids: Ids,
    /// The number of the run's first conversation.
    first: i64,
}

/// Who has a conversation.
enum Has {
    Nobody,
    Bot,
    Agent,
}

/// A message in Chatwoot's words.
struct Message<'a> {
    number: i64,
    /// As a word in calls, as a number in a conversation's list.
    kind: (&'a str, i64),
    content_type: &'a str,
    text: &'a str,
    sender_type: Option<&'a str>,
    sender: Value,
    attributes: Value,
}

impl Chatwoot {
    fn conversation(&self, at_ms: UnixMs, talk: &Talk, status: &str, has: &Has) -> Value {
        let begun_s = talk.notes.begun_ms / 1000;
        let (assignee, assignee_type) = match has {
            Has::Nobody => (Value::Null, Value::Null),
            Has::Bot => {
                (json!({ "id": BOT, "name": "Bot", "type": "agent_bot" }), json!("AgentBot"))
            }
            Has::Agent => (agent(talk), json!("User")),
        };
        json!({
            "additional_attributes": { "browser": { "browser_name": "Firefox" } },
            "can_reply": true,
            "channel": "Channel::WebWidget",
            "contact_inbox": {
                "id": 90 + talk.customer.number,
                "contact_id": talk.customer.number,
                "inbox_id": INBOX,
                "source_id": format!("6f0c2d1e-52d7-4f4b-8c1c-{:012x}", talk.customer.number),
            },
            "id": self.first + talk.number as i64,
            "inbox_id": INBOX,
            "labels": [],
            "meta": {
                "sender": contact(talk),
                "assignee": assignee,
                "assignee_type": assignee_type,
                "team": null,
                "hmac_verified": false,
            },
            "status": status,
            "custom_attributes": {},
            "snoozed_until": null,
            "unread_count": 1,
            "first_reply_created_at": null,
            "priority": null,
            "waiting_since": begun_s,
            "last_activity_at": at_ms / 1000,
            "timestamp": at_ms / 1000,
            "created_at": begun_s,
            "updated_at": at_ms as f64 / 1000.0,
        })
    }

    /// `message_created` and `message_updated`.
    fn message(
        &self,
        at_ms: UnixMs,
        event: &str,
        message: Message<'_>,
        mut conversation: Value,
    ) -> Value {
        let Message { number, kind, content_type, text, sender_type, sender, attributes } = message;
        conversation["messages"] = json!([{
            "id": number,
            "content": text,
            "account_id": ACCOUNT,
            "inbox_id": INBOX,
            "conversation_id": conversation["id"],
            "message_type": kind.1,
            "created_at": at_ms / 1000,
            "private": false,
            "status": "sent",
            "content_type": content_type,
            "sender_type": sender_type,
        }]);
        json!({
            "account": { "id": ACCOUNT, "name": "Tablica shop" },
            "additional_attributes": {},
            "content_attributes": attributes,
            "content_type": content_type,
            "content": text,
            "conversation": conversation,
            "created_at": iso(at_ms),
            "id": number,
            "inbox": { "id": INBOX, "name": "Website" },
            "message_type": kind.0,
            "private": false,
            "sender": sender,
            "source_id": null,
            "event": event,
        })
    }

    fn text(&mut self, text: &'static str, by: Has, talk: &Talk) -> Message<'static> {
        let (kind, sender_type, sender) = match by {
            Has::Nobody => (("incoming", 0), "Contact", contact(talk)),
            Has::Bot => (
                ("outgoing", 1),
                "AgentBot",
                json!({ "id": BOT, "name": "Bot", "type": "agent_bot" }),
            ),
            Has::Agent => (("outgoing", 1), "User", agent(talk)),
        };
        Message {
            number: self.ids.next(),
            kind,
            content_type: "text",
            text,
            sender_type: Some(sender_type),
            sender,
            attributes: json!({}),
        }
    }

    fn survey(number: i64, attributes: Value) -> Message<'static> {
        Message {
            number,
            kind: ("template", 3),
            content_type: "input_csat",
            text: "How did we do?",
            sender_type: None,
            sender: Value::Null,
            attributes,
        }
    }
}

fn contact(talk: &Talk) -> Value {
    json!({
        "additional_attributes": {},
        "custom_attributes": {},
        "email": talk.customer.email(),
        "id": talk.customer.number,
        "identifier": null,
        "name": talk.customer.name(),
        "phone_number": talk.customer.phone(),
        "thumbnail": "",
        "blocked": false,
    })
}

fn agent(talk: &Talk) -> Value {
    let id = FIRST_AGENT + talk.agent;
    json!({
        "id": id,
        "name": talk.agent_name,
        "email": format!("agent{id}@tablica.example"),
        "type": "user",
    })
}

/// A call about a conversation, with what changed.
fn changed(mut conversation: Value, event: &str, what: &str, from: Value, to: Value) -> Value {
    conversation["event"] = json!(event);
    let mut change = json!({});
    change[what] = json!({ "previous_value": from, "current_value": to });
    conversation["changed_attributes"] = json!([change]);
    conversation
}

impl Writer for Chatwoot {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let has = |talk: &Talk| if talk.answers > 0 { Has::Agent } else { Has::Nobody };
        let status = |event, now: &str, by: &Has, from: &str| {
            changed(
                self.conversation(at_ms, talk, now, by),
                event,
                "status",
                json!(from),
                json!(now),
            )
        };
        let status_changed = "conversation_status_changed";
        let bodies = match step {
            Step::Opens(text) => {
                let now = if talk.bot { "pending" } else { "open" };
                let mut created = self.conversation(at_ms, talk, now, &Has::Nobody);
                let message = self.text(text, Has::Nobody, talk);
                let written = self.message(at_ms, "message_created", message, created.clone());
                created["messages"] = written["conversation"]["messages"].clone();
                created["event"] = json!("conversation_created");
                vec![created, written]
            }
            Step::Asks(text) => {
                let conversation = self.conversation(at_ms, talk, "open", &has(talk));
                let message = self.text(text, Has::Nobody, talk);
                vec![self.message(at_ms, "message_created", message, conversation)]
            }
            Step::BotAnswers(text) => {
                let conversation = self.conversation(at_ms, talk, "pending", &Has::Bot);
                let message = self.text(text, Has::Bot, talk);
                vec![self.message(at_ms, "message_created", message, conversation)]
            }
            Step::HandsOver => vec![status(status_changed, "open", &Has::Nobody, "pending")],
            Step::Answers(text) => {
                let conversation = self.conversation(at_ms, talk, "open", &Has::Agent);
                let id = json!(FIRST_AGENT + talk.agent);
                let event = "conversation_updated";
                let taken = (talk.answers == 0)
                    .then(|| changed(conversation.clone(), event, "assignee_id", Value::Null, id));
                let message = self.text(text, Has::Agent, talk);
                let written = self.message(at_ms, "message_created", message, conversation);
                taken.into_iter().chain([written]).collect()
            }
            Step::Settles { by_bot } => {
                let (by, from) = if by_bot { (Has::Bot, "pending") } else { (has(talk), "open") };
                let settled = status(status_changed, "resolved", &by, from);
                let conversation = self.conversation(at_ms, talk, "resolved", &by);
                talk.notes.survey = self.ids.next();
                let survey = Self::survey(talk.notes.survey, json!({}));
                vec![settled, self.message(at_ms, "message_created", survey, conversation)]
            }
            Step::Reopens => vec![status(status_changed, "open", &has(talk), "resolved")],
            Step::Rates(stars) => {
                let conversation = self.conversation(at_ms, talk, "resolved", &has(talk));
                let answer = json!({ "rating": stars, "feedback_message": "" });
                let submitted = json!({ "csat_survey_response": answer });
                let attributes = json!({ "submitted_values": submitted });
                let survey = Self::survey(talk.notes.survey, attributes);
                vec![self.message(at_ms, "message_updated", survey, conversation)]
            }
            Step::Helps(..) | Step::Mentions(_) => Vec::new(),
        };
        bodies.into_iter().map(Post::from).collect()
    }
}
