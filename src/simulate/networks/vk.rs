//! A community in VK by the Callback API: dialogues, posts on its wall, comments below them, reposts.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::people::Customer;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("vk"),
    sign: Sign::BodyField("secret"),
    habits: Habits {
        per_hour: 50.0,
        agents: 4,
        reply_median_ms: 120_000.0,
        mentions: 0.06,
        public: 0.35,
        peers: 0.3,
        bot: 0.5,
        settles: false,
        rated: 0.25,
        overlooked: 0.03,
    },
    writer: |start_ms| Box::new(Vk { ids: Ids::new(start_ms) }),
};

const COMMUNITY: i64 = 220_110_033;
const FIRST_ADMIN: i64 = 9_000_001;

struct Vk {
    ids: Ids,
}

fn user(customer: &Customer) -> i64 {
    510_100_200 + customer.number
}

impl Vk {
    fn event(&mut self, kind: &str, object: Value) -> Value {
        json!({
            "group_id": COMMUNITY,
            "type": kind,
            "event_id": format!("{:040x}", self.ids.next()),
            "v": "5.199",
            "object": object,
        })
    }

    fn dialogue(&mut self, at_ms: UnixMs, talk: &Talk, step: Step) -> Option<Value> {
        let peer = user(&talk.customer);
        let number = self.ids.next();
        if let Step::Rates(stars) = step {
            let object = json!({
                "user_id": peer,
                "peer_id": peer,
                "event_id": format!("{number:012x}"),
                "conversation_message_id": number,
                "payload": { "rate": stars },
            });
            return Some(self.event("message_event", object));
        }
        let (text, from) = match step {
            Step::Opens(text) | Step::Asks(text) => (text, peer),
            Step::Answers(text) | Step::BotAnswers(text) => (text, -COMMUNITY),
            _ => return None,
        };
        let is_ours = from < 0;
        let mut message = json!({
            "date": at_ms / 1000,
            "from_id": from,
            "id": number,
            "out": i32::from(is_ours),
            "fwd_messages": [],
            "important": false,
            "is_hidden": false,
            "attachments": [],
            "conversation_message_id": number,
            "text": text,
            "peer_id": peer,
            "random_id": 0,
        });
        if matches!(step, Step::Answers(_)) {
            message["admin_author_id"] = json!(FIRST_ADMIN + talk.agent as i64);
        }
        if is_ours {
            return Some(self.event("message_reply", message));
        }
        let client = json!({ "keyboard": true, "inline_keyboard": true, "lang_id": 0 });
        Some(self.event("message_new", json!({ "client_info": client, "message": message })))
    }

    /// A customer's post on the wall, with all that is written below it.
    fn wall(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Option<Value> {
        let number = self.ids.next();
        let customer = user(&talk.customer);
        let (from, text, to) = match step {
            Step::Opens(text) => {
                talk.notes.first = number;
                let object = json!({
                    "id": number,
                    "from_id": customer,
                    "owner_id": -COMMUNITY,
                    "date": at_ms / 1000,
                    "post_type": "post",
                    "text": text,
                    "comments": { "count": 0 },
                    "attachments": [],
                    "created_by": customer,
                });
                return Some(self.event("wall_post_new", object));
            }
            Step::Asks(text) => (customer, text, -COMMUNITY),
            Step::Helps(other, text) => (user(&other), text, customer),
            Step::Answers(text) => (-COMMUNITY, text, customer),
            _ => return None,
        };
        let object = json!({
            "id": number,
            "from_id": from,
            "date": at_ms / 1000,
            "text": text,
            "post_id": talk.notes.first,
            "owner_id": -COMMUNITY,
            "parents_stack": [],
            "reply_to_user": to,
        });
        Some(self.event("wall_reply_new", object))
    }

    /// Our post on somebody's own page, with words of theirs.
    fn repost(&mut self, at_ms: UnixMs, talk: &Talk, text: &str) -> Value {
        let customer = user(&talk.customer);
        let object = json!({
            "id": self.ids.next(),
            "from_id": customer,
            "owner_id": customer,
            "date": at_ms / 1000,
            "post_type": "post",
            "text": text,
            "copy_history": [{ "id": 70, "owner_id": -COMMUNITY, "from_id": -COMMUNITY }],
        });
        self.event("wall_repost", object)
    }
}

impl Writer for Vk {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        posts(match step {
            Step::Mentions(text) => Some(self.repost(at_ms, talk, text)),
            _ if talk.public => self.wall(at_ms, talk, step),
            _ => self.dialogue(at_ms, talk, step),
        })
    }
}
