//! A Facebook Page: messages to it by Messenger, comments below its posts, and posts of others that name it.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::people::Customer;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("facebook"),
    sign: Sign::sha256("X-Hub-Signature-256"),
    habits: Habits {
        per_hour: 50.0,
        agents: 4,
        reply_median_ms: 160_000.0,
        mentions: 0.08,
        public: 0.5,
        peers: 0.25,
        bot: 0.5,
        settles: false,
        rated: 0.3,
        overlooked: 0.04,
    },
    writer: |start_ms| Box::new(Facebook { ids: Ids::new(start_ms) }),
};

const PAGE: &str = "104000000000001";
/// The post of ours that all talk about.
const POST: &str = "930000000000001";
/// The Page's inbox, where people answer, and the app of our bot.
const INBOX_APP: i64 = 263_902_037_430_900;
const BOT_APP: i64 = 700_000_000_000_556;

struct Facebook {
    ids: Ids,
}

/// Facebook's id of a customer, for this Page alone.
fn user(customer: &Customer) -> String {
    (24_001_000_000_000_000 + customer.number).to_string()
}

impl Facebook {
    fn messenger(&mut self, at_ms: UnixMs, talk: &Talk, step: Step) -> Option<Value> {
        let mid = format!("m_{}", self.ids.next());
        let echo = |text: &str, app: i64| json!({ "mid": mid, "text": text, "is_echo": true, "app_id": app });
        let (is_ours, name, what) = match step {
            Step::Opens(text) | Step::Asks(text) => {
                (false, "message", json!({ "mid": mid, "text": text }))
            }
            Step::Answers(text) => (true, "message", echo(text, INBOX_APP)),
            Step::BotAnswers(text) => (true, "message", echo(text, BOT_APP)),
            Step::Rates(stars) => {
                let question = json!({ "type": "csat", "payload": stars.to_string() });
                let screen = json!({ "screen_id": 0, "questions": { "q1": question } });
                (false, "messaging_feedback", json!({ "feedback_screens": [screen] }))
            }
            _ => return None,
        };
        let (page, user) = (json!({ "id": PAGE }), json!({ "id": user(&talk.customer) }));
        let (sender, recipient) = if is_ours { (page, user) } else { (user, page) };
        let mut item = json!({ "sender": sender, "recipient": recipient, "timestamp": at_ms });
        item[name] = what;
        Some(json!({
            "object": "page",
            "entry": [{ "id": PAGE, "time": at_ms, "messaging": [item] }],
        }))
    }

    fn feed(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Option<Value> {
        let number = self.ids.next();
        let post = format!("{PAGE}_{POST}");
        let (from, text) = match step {
            Step::Opens(text) | Step::Asks(text) => (user(&talk.customer), text),
            Step::Helps(other, text) => (user(&other), text),
            Step::Answers(text) => (PAGE.to_owned(), text),
            _ => return None,
        };
        let mut parent = format!("{POST}_{}", talk.notes.first);
        if matches!(step, Step::Opens(_)) {
            talk.notes.first = number;
            parent.clone_from(&post);
        }
        let name = if from == PAGE { "Tablica shop" } else { "Somebody" };
        let value = json!({
            "item": "comment",
            "verb": "add",
            "comment_id": format!("{POST}_{number}"),
            "post_id": post,
            "parent_id": parent,
            "created_time": at_ms / 1000,
            "from": { "id": from, "name": name },
            "message": text,
        });
        Some(change(at_ms, "feed", value))
    }

    fn mention(&mut self, at_ms: UnixMs, text: &str) -> Value {
        let elsewhere = self.ids.next();
        let value = json!({
            "item": "comment",
            "verb": "add",
            "post_id": format!("100000000000009_{elsewhere}"),
            "comment_id": format!("{elsewhere}_1"),
            "created_time": at_ms / 1000,
            "message": format!("{text} @Tablica shop"),
        });
        change(at_ms, "mention", value)
    }
}

/// Changes have seconds, messages milliseconds.
fn change(at_ms: UnixMs, field: &str, value: Value) -> Value {
    let change = json!({ "field": field, "value": value });
    json!({
        "object": "page",
        "entry": [{ "id": PAGE, "time": at_ms / 1000, "changes": [change] }],
    })
}

impl Writer for Facebook {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        posts(match step {
            Step::Mentions(text) => Some(self.mention(at_ms, text)),
            _ if talk.public => self.feed(at_ms, talk, step),
            _ => self.messenger(at_ms, talk, step),
        })
    }
}
