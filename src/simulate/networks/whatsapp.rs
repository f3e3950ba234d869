//! WhatsApp by the Cloud API, as Meta posts it. People of ours answer in the WhatsApp Business app, which
//! Meta repeats as echoes.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::Ids;
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("whatsapp"),
    sign: Sign::sha256("X-Hub-Signature-256"),
    habits: Habits {
        per_hour: 60.0,
        agents: 6,
        reply_median_ms: 70_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.0,
        settles: false,
        rated: 0.25,
        overlooked: 0.01,
    },
    writer: |start_ms| Box::new(WhatsApp { ids: Ids::new(start_ms) }),
};

const ACCOUNT: &str = "102290000000001";
const NUMBER: &str = "48225550100";
const NUMBER_ID: &str = "106540000000001";

struct WhatsApp {
    ids: Ids,
}

impl WhatsApp {
    /// A message's envelope. Its time is a text of seconds.
    fn message(&mut self, at_ms: UnixMs, kind: &str, content: Value) -> Value {
        let mut message = json!({
            "id": format!("wamid.{}", self.ids.next()),
            "timestamp": (at_ms / 1000).to_string(),
            "type": kind,
        });
        message[kind] = content;
        message
    }
}

impl Writer for WhatsApp {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let customer = talk.customer.phone().trim_start_matches('+').to_owned();
        let mut content = match step {
            Step::Opens(text) | Step::Asks(text) | Step::Answers(text) => {
                self.message(at_ms, "text", json!({ "body": text }))
            }
            Step::Rates(stars) => {
                let button = json!({ "id": format!("rate:{stars}"), "title": stars.to_string() });
                let reply = json!({ "type": "button_reply", "button_reply": button });
                self.message(at_ms, "interactive", reply)
            }
            _ => return Vec::new(),
        };
        let metadata = json!({ "display_phone_number": NUMBER, "phone_number_id": NUMBER_ID });
        let is_ours = matches!(step, Step::Answers(_));
        let (field, value) = if is_ours {
            content["from"] = json!(NUMBER);
            content["to"] = json!(customer);
            let value = json!({
                "messaging_product": "whatsapp",
                "metadata": metadata,
                "message_echoes": [content],
            });
            ("smb_message_echoes", value)
        } else {
            content["from"] = json!(customer);
            let profile = json!({ "name": talk.customer.first_name });
            let value = json!({
                "messaging_product": "whatsapp",
                "metadata": metadata,
                "contacts": [{ "profile": profile, "wa_id": customer }],
                "messages": [content],
            });
            ("messages", value)
        };
        let change = json!({ "field": field, "value": value });
        posts(Some(json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": ACCOUNT, "changes": [change] }],
        })))
    }
}
