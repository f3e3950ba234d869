//! An Instagram account: messages to it, comments below its pictures, and stories that name it.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::people::Customer;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("instagram"),
    sign: Sign::sha256("X-Hub-Signature-256"),
    habits: Habits {
        per_hour: 45.0,
        agents: 3,
        reply_median_ms: 200_000.0,
        mentions: 0.12,
        public: 0.6,
        peers: 0.2,
        bot: 0.0,
        settles: false,
        rated: 0.0,
        overlooked: 0.05,
    },
    writer: |start_ms| Box::new(Instagram { ids: Ids::new(start_ms) }),
};

const ACCOUNT: &str = "17841400000000001";
const NAME: &str = "tablica.shop";

struct Instagram {
    ids: Ids,
}

fn user(customer: &Customer) -> String {
    (5_610_000_000_000_000 + customer.number).to_string()
}

impl Instagram {
    fn message(&mut self, at_ms: UnixMs, talk: &Talk, step: Step) -> Option<Value> {
        let mut message = json!({ "mid": format!("aWdfZAG1{}", self.ids.next()) });
        let (account, user) = (json!({ "id": ACCOUNT }), json!({ "id": user(&talk.customer) }));
        let (sender, recipient) = match step {
            Step::Opens(text) | Step::Asks(text) => {
                message["text"] = json!(text);
                (user, account)
            }
            Step::Answers(text) => {
                message["text"] = json!(text);
                message["is_echo"] = json!(true);
                (account, user)
            }
            _ => return None,
        };
        let item = json!({
            "sender": sender,
            "recipient": recipient,
            "timestamp": at_ms,
            "message": message,
        });
        Some(json!({
            "object": "instagram",
            "entry": [{ "id": ACCOUNT, "time": at_ms, "messaging": [item] }],
        }))
    }

    fn comment(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Option<Value> {
        let (from, name, text) = match step {
            Step::Opens(text) | Step::Asks(text) => (user(&talk.customer), "somebody", text),
            Step::Helps(other, text) => (user(&other), "another", text),
            Step::Answers(text) => (ACCOUNT.to_owned(), NAME, text),
            _ => return None,
        };
        let id = self.ids.next();
        let mut value = json!({
            "id": id.to_string(),
            "text": text,
            "media": { "id": "1700001", "media_product_type": "FEED" },
            "from": { "id": from, "username": name },
        });
        if matches!(step, Step::Opens(_)) {
            talk.notes.first = id;
        } else {
            value["parent_id"] = json!(talk.notes.first.to_string());
        }
        Some(change(at_ms, "comments", value))
    }
}

fn change(at_ms: UnixMs, field: &str, value: Value) -> Value {
    let change = json!({ "field": field, "value": value });
    json!({
        "object": "instagram",
        "entry": [{ "id": ACCOUNT, "time": at_ms / 1000, "changes": [change] }],
    })
}

impl Writer for Instagram {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        posts(match step {
            // Only the id comes; the text would have to be asked for.
            Step::Mentions(_) => {
                let media = json!({ "media_id": self.ids.next().to_string() });
                Some(change(at_ms, "mentions", media))
            }
            _ if talk.public => self.comment(at_ms, talk, step),
            _ => self.message(at_ms, talk, step),
        })
    }
}
