//! A LINE official account in group chats, one for each customer, in which people of ours answer under their
//! own names: of chats with the account itself LINE does not tell the answers.

use serde_json::json;

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::sign::{Digest, MacSign, Sign};

pub(super) const NETWORK: Network = Network {
    door: Door::named("line"),
    sign: Sign::Mac(MacSign {
        header: "X-Line-Signature",
        prefix: "",
        digest: Digest::Sha256Base64,
        timed: None,
    }),
    habits: Habits {
        per_hour: 30.0,
        agents: 3,
        reply_median_ms: 80_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.0,
        settles: false,
        rated: 0.3,
        overlooked: 0.01,
    },
    writer: |start_ms| Box::new(Line { ids: Ids::new(start_ms) }),
};

struct Line {
    ids: Ids,
}

impl Writer for Line {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let number = self.ids.next();
        let customer = format!("U{:032x}", talk.customer.number);
        // `settings.agents` of the demo's channel names them.
        let agent = format!("U9{:031x}", talk.agent + 1);
        let (user, kind, content) = match step {
            Step::Opens(text) | Step::Asks(text) => (customer, "message", Some(text)),
            Step::Answers(text) => (agent, "message", Some(text)),
            Step::Rates(_) => (customer, "postback", None),
            _ => return Vec::new(),
        };
        let group = format!("C{:032x}", talk.customer.number);
        let mut event = json!({
            "type": kind,
            "webhookEventId": format!("01{number:024}"),
            "deliveryContext": { "isRedelivery": false },
            "timestamp": at_ms,
            "source": { "type": "group", "groupId": group, "userId": user },
            "mode": "active",
        });
        if let Some(text) = content {
            event["replyToken"] = json!(format!("{number:032x}"));
            event["message"] = json!({ "id": number.to_string(), "type": "text", "text": text, "quoteToken": "q" });
        }
        if let Step::Rates(stars) = step {
            event["postback"] = json!({ "data": format!("rate:{stars}") });
        }
        let destination = "Uxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
        posts(Some(json!({ "destination": destination, "events": [event] })))
    }
}
