//! A help desk on Zendesk by event subscription: tickets that come by mail, with their groups, agents, states
//! and ratings.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::{Ids, iso};
use super::{Habits, Network, Post, Step, Talk, Writer};
use crate::simulate::door::Door;
use crate::simulate::sign::{Digest, MacSign, Sign, Timed};

pub(super) const NETWORK: Network = Network {
    door: Door::named("zendesk"),
    sign: Sign::Mac(MacSign {
        header: "X-Zendesk-Webhook-Signature",
        prefix: "",
        digest: Digest::Sha256Base64,
        timed: Some(Timed {
            header: "X-Zendesk-Webhook-Signature-Timestamp",
            separator: "",
            is_rfc3339: true,
        }),
    }),
    habits: Habits {
        per_hour: 40.0,
        agents: 6,
        reply_median_ms: 300_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.3,
        settles: true,
        rated: 0.3,
        overlooked: 0.01,
    },
    writer: |start_ms| Box::new(Zendesk { ids: Ids::new(start_ms), first: start_ms / 1000 }),
};

/// Sales, support, billing: `settings.groups` of the demo's channel gives them their queues.
const GROUPS: [&str; 3] = ["9001", "9002", "9003"];
/// `settings.bots` of the demo's channel names it.
const BOT: i64 = 16_900_900;

struct Zendesk {
    ids: Ids,
    /// The number of the run's first ticket.
    first: i64,
}

fn requester(talk: &Talk) -> i64 {
    17_000_000 + talk.customer.number
}

fn agent(talk: &Talk) -> i64 {
    16_900_500 + talk.agent as i64
}

impl Zendesk {
    fn event(
        &mut self,
        at_ms: UnixMs,
        talk: &Talk,
        kind: &str,
        actor: i64,
        mut event: Value,
    ) -> Value {
        let number = self.ids.next();
        let ticket = (self.first + talk.number as i64).to_string();
        event["meta"] = json!({ "sequence": { "id": format!("01{number:024}"), "position": 1 } });
        let assignee = (talk.answers > 0 || actor == agent(talk)).then(|| agent(talk).to_string());
        let group = GROUPS.get(talk.number as usize % GROUPS.len());
        json!({
            "account_id": 21_830_001,
            "detail": {
                "actor_id": actor.to_string(),
                "assignee_id": assignee,
                "brand_id": "7201",
                "created_at": iso(talk.notes.begun_ms),
                "description": "",
                "external_id": null,
                "form_id": "7401",
                "group_id": group,
                "id": ticket,
                "is_public": true,
                "organization_id": null,
                "priority": "NORMAL",
                "requester_id": requester(talk).to_string(),
                "status": if talk.answers > 0 { "OPEN" } else { "NEW" },
                "subject": "Question",
                "submitter_id": requester(talk).to_string(),
                "tags": [],
                "type": null,
                "updated_at": iso(at_ms),
                "via": { "channel": "email" },
            },
            "event": event,
            "id": format!("01EVENT{number:019}"),
            "subject": format!("zen:ticket:{ticket}"),
            "time": iso(at_ms),
            "type": format!("zen:event-type:ticket.{kind}"),
            "zendesk_event_version": "2022-11-06",
        })
    }

    fn comment(&mut self, at_ms: UnixMs, talk: &Talk, author: i64, text: &str) -> Value {
        let comment = json!({
            "id": self.ids.next().to_string(),
            "body": text,
            "is_public": true,
            "author": {
                "id": author.to_string(),
                "is_staff": author != requester(talk),
                "name": "Somebody",
            },
        });
        self.event(at_ms, talk, "comment_added", author, json!({ "comment": comment }))
    }

    fn status(&mut self, at_ms: UnixMs, talk: &Talk, by: i64, (from, to): (&str, &str)) -> Value {
        let mut told = self.event(
            at_ms,
            talk,
            "status_changed",
            by,
            json!({ "current": to, "previous": from }),
        );
        told["detail"]["status"] = json!(to);
        told
    }
}

impl Writer for Zendesk {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let customer = requester(talk);
        let bodies = match step {
            Step::Opens(text) => vec![
                self.event(at_ms, talk, "created", customer, json!({})),
                self.comment(at_ms, talk, customer, text),
            ],
            Step::Asks(text) => vec![self.comment(at_ms, talk, customer, text)],
            Step::BotAnswers(text) => vec![self.comment(at_ms, talk, BOT, text)],
            Step::Answers(text) => {
                let change = json!({ "current": agent(talk).to_string(), "previous": null });
                let taken = (talk.answers == 0).then(|| {
                    self.event(at_ms, talk, "agent_assignment_changed", agent(talk), change)
                });
                let written = self.comment(at_ms, talk, agent(talk), text);
                taken.into_iter().chain([written]).collect()
            }
            Step::Settles { by_bot } => {
                let by = if by_bot { BOT } else { agent(talk) };
                let settled = self.status(at_ms, talk, by, ("OPEN", "SOLVED"));
                vec![settled, self.event(at_ms, talk, "csat_requested", -1, json!({}))]
            }
            Step::Reopens => vec![self.status(at_ms, talk, customer, ("SOLVED", "OPEN"))],
            Step::Rates(stars) => {
                let score = json!({ "score": if stars > 3 { "GOOD" } else { "BAD" } });
                let event = json!({ "satisfaction_score": score });
                vec![self.event(at_ms, talk, "csat_received", customer, event)]
            }
            Step::HandsOver | Step::Helps(..) | Step::Mentions(_) => Vec::new(),
        };
        bodies.into_iter().map(Post::from).collect()
    }
}
