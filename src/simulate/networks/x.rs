//! X by the Account Activity API: posts that name the account, answers to them, quotes, direct messages.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::{Ids, time};
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::people::Customer;
use crate::simulate::sign::{Digest, MacSign, Sign};

pub(super) const NETWORK: Network = Network {
    door: Door::named("x"),
    sign: Sign::Mac(MacSign {
        header: "X-Twitter-Webhooks-Signature",
        prefix: "sha256=",
        digest: Digest::Sha256Base64,
        timed: None,
    }),
    habits: Habits {
        per_hour: 45.0,
        agents: 3,
        reply_median_ms: 150_000.0,
        mentions: 0.15,
        public: 0.7,
        peers: 0.2,
        bot: 0.5,
        settles: false,
        rated: 0.2,
        overlooked: 0.04,
    },
    writer: |start_ms| Box::new(X { ids: Ids::new(start_ms) }),
};

/// Our account's number; `settings.accounts` of the demo's channel names it.
const ACCOUNT: i64 = 2_244_994_945;
const APP: &str = "268278";
/// `settings.bots` of the demo's channel names it.
const BOT_APP: &str = "700556";
/// The time from which X counts.
const EPOCH_MS: i64 = 1_288_834_974_657;

struct X {
    ids: Ids,
}

fn user(customer: &Customer) -> i64 {
    1_500_000_000_000_000_000 + customer.number
}

impl X {
    /// X's ids hold their time, and 22 bits of machine and sequence.
    fn id(&mut self, at_ms: UnixMs) -> i64 {
        ((at_ms - EPOCH_MS) << 22) | (self.ids.next() & 0x3f_ffff)
    }

    /// A post by somebody that names others and answers, perhaps, a post of somebody.
    fn post(
        &mut self,
        at_ms: UnixMs,
        (author, screen_name): (i64, &str),
        text: &str,
        named: &[i64],
        answers: Option<(i64, i64)>,
    ) -> (i64, Value) {
        let id = self.id(at_ms);
        let mentions: Vec<Value> = named
            .iter()
            .map(|id| json!({ "screen_name": "x", "id": id, "id_str": id.to_string() }))
            .collect();
        let (parent, parent_author) = answers.unzip();
        let post = json!({
            "created_at": time(at_ms, "%a %b %d %H:%M:%S +0000 %Y"),
            "id": id,
            "id_str": id.to_string(),
            "text": text,
            "source": "<a href=\"https://x.com\" rel=\"nofollow\">X Web App</a>",
            "truncated": false,
            "in_reply_to_status_id": parent,
            "in_reply_to_status_id_str": parent.map(|it| it.to_string()),
            "in_reply_to_user_id": parent_author,
            "in_reply_to_user_id_str": parent_author.map(|it| it.to_string()),
            "user": {
                "id": author,
                "id_str": author.to_string(),
                "name": "Somebody",
                "screen_name": screen_name,
            },
            "is_quote_status": false,
            "entities": { "hashtags": [], "user_mentions": mentions },
            "lang": "und",
            "timestamp_ms": at_ms.to_string(),
        });
        (id, post)
    }

    fn thread(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Option<Value> {
        let customer = user(&talk.customer);
        let last_author = if talk.notes.last_is_ours { ACCOUNT } else { customer };
        let last = Some((talk.notes.last, last_author));
        let (id, post) = match step {
            Step::Opens(text) => {
                let text = format!("@tablica_shop {text}");
                self.post(at_ms, (customer, "customer"), &text, &[ACCOUNT], None)
            }
            Step::Asks(text) => {
                let text = format!("@tablica_shop {text}");
                self.post(at_ms, (customer, "customer"), &text, &[ACCOUNT], last)
            }
            Step::Helps(other, text) => {
                let first = Some((talk.notes.first, customer));
                let text = format!("@customer @tablica_shop {text}");
                let named = [customer, ACCOUNT];
                let (_, post) = self.post(at_ms, (user(&other), "other"), &text, &named, first);
                return Some(created(post));
            }
            Step::Answers(text) => {
                let text = format!("@customer {text}");
                self.post(at_ms, (ACCOUNT, "tablica_shop"), &text, &[customer], last)
            }
            _ => return None,
        };
        if matches!(step, Step::Opens(_)) {
            talk.notes.first = id;
        }
        talk.notes.last = id;
        talk.notes.last_is_ours = matches!(step, Step::Answers(_));
        Some(created(post))
    }

    fn direct(&mut self, at_ms: UnixMs, talk: &Talk, step: Step) -> Option<Value> {
        let customer = user(&talk.customer).to_string();
        let account = ACCOUNT.to_string();
        let mut data = json!({ "entities": { "hashtags": [], "urls": [] } });
        let app = match step {
            Step::Opens(text) | Step::Asks(text) => {
                data["text"] = json!(text);
                None
            }
            Step::Rates(stars) => {
                data["text"] = json!(stars.to_string());
                let chosen = json!({ "type": "options", "metadata": format!("rate:{stars}/5") });
                data["quick_reply_response"] = chosen;
                None
            }
            Step::Answers(text) => {
                data["text"] = json!(text);
                Some(APP)
            }
            Step::BotAnswers(text) => {
                data["text"] = json!(text);
                Some(BOT_APP)
            }
            _ => return None,
        };
        let (sender, recipient) =
            if app.is_some() { (&account, &customer) } else { (&customer, &account) };
        let mut create = json!({
            "target": { "recipient_id": recipient },
            "sender_id": sender,
            "message_data": data,
        });
        if let Some(app) = app {
            create["source_app_id"] = json!(app);
        }
        let event = json!({
            "type": "message_create",
            "id": self.id(at_ms).to_string(),
            "created_timestamp": at_ms.to_string(),
            "message_create": create,
        });
        Some(json!({ "for_user_id": account, "direct_message_events": [event] }))
    }

    /// A quote of ours, which speaks of us.
    fn quote(&mut self, at_ms: UnixMs, talk: &Talk, text: &str) -> Value {
        let (_, ours) = self.post(at_ms - 60_000, (ACCOUNT, "tablica_shop"), "News", &[], None);
        let (_, mut post) = self.post(at_ms, (user(&talk.customer), "customer"), text, &[], None);
        post["is_quote_status"] = json!(true);
        post["quoted_status_id"] = ours["id"].clone();
        post["quoted_status_id_str"] = ours["id_str"].clone();
        post["quoted_status"] = ours;
        created(post)
    }
}

fn created(post: Value) -> Value {
    json!({ "for_user_id": ACCOUNT.to_string(), "tweet_create_events": [post] })
}

impl Writer for X {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        posts(match step {
            Step::Mentions(text) => Some(self.quote(at_ms, talk, text)),
            _ if talk.public => self.thread(at_ms, talk, step),
            _ => self.direct(at_ms, talk, step),
        })
    }
}
