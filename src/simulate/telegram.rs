//! Puts what happens in the messenger in the Bot API's words: updates as Telegram posts them to
//! a bot that is connected to business accounts.
//!
//! A business account's messages have the account's owner in `from` and the customer in `chat`;
//! the customer's have the customer in both.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::door::Door;
use super::people::{self, Customer};
use super::traffic::Raw;

const BOT_ID: i64 = 7_000_000_001;
const FIRST_ACCOUNT_ID: i64 = 5_000_000_001;

/// What a customer sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(&'static str),
    /// A sticker: no text at all.
    Sticker,
    /// So many photos at once: one update for each, one message to a human eye.
    Album(i64),
    /// A voice message of so many seconds.
    Voice(i64),
}

/// Writes updates and numbers them.
#[derive(Debug)]
pub struct Telegram {
    last_update: i64,
    last_message: i64,
}

impl Telegram {
    /// Numbers begin where no earlier run can have come: they grow with the start time.
    pub fn new(start_ms: UnixMs) -> Self {
        Self { last_update: start_ms, last_message: (start_ms / 1000 - 1_700_000_000).max(0) * 16 }
    }

    /// A business account connects the bot.
    pub fn account_connected(&mut self, at_ms: UnixMs, account: usize, out: &mut Vec<Raw>) {
        let owner = account_user(account);
        let body = json!({
            "id": connection(account),
            "user_chat_id": owner["id"],
            "user": owner,
            "date": at_ms / 1000,
            "rights": { "can_reply": true },
            "is_enabled": true,
        });
        self.update(at_ms, 0, "business_connection", body, out);
    }

    /// A customer writes to a business account. Returns the message's id.
    pub fn customer_wrote(
        &mut self,
        at_ms: UnixMs,
        account: usize,
        customer: &Customer,
        content: Content,
        out: &mut Vec<Raw>,
    ) -> i64 {
        let parts = if let Content::Album(photos) = content { photos } else { 1 };
        let album = self.last_message + 1;
        for part in 0..parts {
            let mut message = self.message(at_ms, account, customer);
            message["from"] = user(customer);
            match content {
                Content::Text(text) => message["text"] = json!(text),
                Content::Sticker => message["sticker"] = sticker(),
                Content::Voice(seconds) => {
                    message["voice"] = json!({
                        "file_id": format!("AwACvoice{album}"),
                        "file_unique_id": format!("AgADv{album}"),
                        "duration": seconds,
                        "mime_type": "audio/ogg",
                        "file_size": seconds * 4_000,
                    });
                }
                Content::Album(_) => {
                    message["media_group_id"] = json!((13_000_000_000_000_000 + album).to_string());
                    message["photo"] = photo(album + part);
                    if part == 0 {
                        message["caption"] = json!("This is what I see");
                    }
                }
            }
            self.update(at_ms, customer.telegram_id(), "business_message", message, out);
        }
        album
    }

    /// A customer edits what they wrote.
    pub fn customer_corrected(
        &mut self,
        at_ms: UnixMs,
        account: usize,
        customer: &Customer,
        message_id: i64,
        text: &str,
        out: &mut Vec<Raw>,
    ) {
        let body = json!({
            "business_connection_id": connection(account),
            "message_id": message_id,
            "from": user(customer),
            "chat": chat(customer),
            "date": at_ms / 1000 - 10,
            "edit_date": at_ms / 1000,
            "text": text,
        });
        self.update(at_ms, customer.telegram_id(), "edited_business_message", body, out);
    }

    /// The human behind a business account answers.
    pub fn account_wrote(
        &mut self,
        at_ms: UnixMs,
        account: usize,
        customer: &Customer,
        text: &str,
        out: &mut Vec<Raw>,
    ) {
        let mut message = self.message(at_ms, account, customer);
        message["from"] = account_user(account);
        message["text"] = json!(text);
        self.update(at_ms, customer.telegram_id(), "business_message", message, out);
    }

    /// A customer presses one of five buttons under the question that the bot asked in the
    /// account's name.
    pub fn customer_rated(
        &mut self,
        at_ms: UnixMs,
        account: usize,
        customer: &Customer,
        stars: usize,
        out: &mut Vec<Raw>,
    ) {
        self.last_message += 1;
        let body = json!({
            "id": (at_ms * 4_096 + customer.number).to_string(),
            "from": user(customer),
            "message": {
                "business_connection_id": connection(account),
                "message_id": self.last_message,
                "from": account_user(account),
                "sender_business_bot": { "id": BOT_ID, "is_bot": true,
                    "first_name": "Tablica demo", "username": "tablica_demo_bot" },
                "chat": chat(customer),
                "date": at_ms / 1000 - 30,
                "text": "How did we do?",
            },
            "chat_instance": (customer.telegram_id() * 31).to_string(),
            "data": format!("rate:{stars}"),
        });
        self.update(at_ms, customer.telegram_id(), "callback_query", body, out);
    }

    fn message(&mut self, at_ms: UnixMs, account: usize, customer: &Customer) -> Value {
        self.last_message += 1;
        json!({
            "business_connection_id": connection(account),
            "message_id": self.last_message,
            "chat": chat(customer),
            "date": at_ms / 1000,
        })
    }

    fn update(&mut self, at_ms: UnixMs, chat: i64, member: &str, body: Value, out: &mut Vec<Raw>) {
        self.last_update += 1;
        let update = json!({ "update_id": self.last_update, member: body });
        let bytes = update.to_string().into_bytes();
        out.push(Raw {
            at_ms,
            door: Door::TELEGRAM,
            lane: chat.unsigned_abs(),
            headers: Vec::new(),
            bytes,
        });
    }
}

fn connection(account: usize) -> String {
    format!("bc{account:04}TablicaDemo")
}

fn account_user(account: usize) -> Value {
    // Behind the agents who answer the phone.
    let name = people::agent_name(200 + account);
    let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
    json!({
        "id": FIRST_ACCOUNT_ID + account as i64,
        "is_bot": false,
        "first_name": first,
        "last_name": last,
    })
}

fn user(customer: &Customer) -> Value {
    json!({
        "id": customer.telegram_id(),
        "is_bot": false,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "language_code": customer.language(),
    })
}

fn chat(customer: &Customer) -> Value {
    json!({
        "id": customer.telegram_id(),
        "type": "private",
        "first_name": customer.first_name,
        "last_name": customer.last_name,
    })
}

fn sticker() -> Value {
    json!({
        "file_id": "CAACsticker1", "file_unique_id": "AgADs1", "type": "regular",
        "width": 512, "height": 512, "is_animated": false, "is_video": false,
        "emoji": "🙏", "set_name": "Polite", "file_size": 21_034,
    })
}

fn photo(number: i64) -> Value {
    json!([
        { "file_id": format!("AgACsmall{number}"), "file_unique_id": format!("AQADs{number}"),
          "width": 90, "height": 67, "file_size": 1_204 },
        { "file_id": format!("AgAClarge{number}"), "file_unique_id": format!("AQADl{number}"),
          "width": 1280, "height": 960, "file_size": 180_233 },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::draw::Draw;

    const NOW_MS: UnixMs = 1_790_000_000_000;

    fn updates(write: impl FnOnce(&mut Telegram, &Customer, &mut Vec<Raw>)) -> Vec<Value> {
        let customer = Customer::any(&mut Draw::new(1, "test"));
        let mut out = Vec::new();
        write(&mut Telegram::new(NOW_MS), &customer, &mut out);
        out.iter().map(|raw| serde_json::from_slice(&raw.bytes).expect("JSON")).collect()
    }

    #[test]
    fn an_answer_comes_from_the_account_in_the_customers_chat() {
        let updates = updates(|telegram, customer, out| {
            telegram.customer_wrote(NOW_MS, 0, customer, Content::Text("Hi"), out);
            telegram.account_wrote(NOW_MS + 1_000, 0, customer, "Hello", out);
        });
        let (asked, answered) = (&updates[0]["business_message"], &updates[1]["business_message"]);
        assert_eq!(asked["from"]["id"], asked["chat"]["id"]);
        assert_eq!(answered["chat"]["id"], asked["chat"]["id"]);
        assert_ne!(answered["from"]["id"], answered["chat"]["id"]);
        assert_eq!(updates[0]["update_id"], NOW_MS + 1);
        assert_eq!(updates[1]["update_id"], NOW_MS + 2);
    }

    #[test]
    fn an_album_is_one_update_per_photo_with_one_group() {
        let updates = updates(|telegram, customer, out| {
            telegram.customer_wrote(NOW_MS, 0, customer, Content::Album(3), out);
        });
        assert_eq!(updates.len(), 3);
        let group = |update: &Value| update["business_message"]["media_group_id"].clone();
        assert!(group(&updates[0]).is_string());
        assert!(updates.iter().all(|update| group(update) == group(&updates[0])));
        assert!(updates[1]["business_message"].get("caption").is_none());
    }

    #[test]
    fn an_edit_keeps_the_messages_id() {
        let updates = updates(|telegram, customer, out| {
            let id = telegram.customer_wrote(NOW_MS, 0, customer, Content::Text("Hi"), out);
            telegram.customer_corrected(NOW_MS + 20_000, 0, customer, id, "Hi!", out);
        });
        assert_eq!(
            updates[0]["business_message"]["message_id"],
            updates[1]["edited_business_message"]["message_id"]
        );
    }
}
