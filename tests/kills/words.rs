//! What customers do, in the networks' own words, and what is to be counted of it.
//!
//! All of a contact falls within one quarter of an hour and lies some seconds back, so that what
//! is counted in which quarter is known without the engine.

use serde_json::json;
use tablica::engine::QUARTER_MS;
use tablica::event::UnixMs;

use super::ledger::{Conversation, Item};

/// The longest contact, and as far back it began.
const CONTACT_MS: UnixMs = 6_000;

/// When a contact of now began: a whole second.
fn begin_ms(now_ms: UnixMs) -> UnixMs {
    let at_ms = now_ms - now_ms.rem_euclid(1000) - CONTACT_MS;
    let into_ms = at_ms.rem_euclid(QUARTER_MS);
    if into_ms + CONTACT_MS < QUARTER_MS { at_ms } else { at_ms - CONTACT_MS }
}

/// An update: somebody writes to the bot.
fn written(update: u64, chat: u64, at_ms: UnixMs) -> Item {
    let person = json!({"id": chat, "is_bot": false, "first_name": "Zuzanna"});
    let body = json!({
        "update_id": update,
        "message": {
            "message_id": update, "from": person, "date": at_ms / 1000, "text": "hello",
            "chat": {"id": chat, "first_name": "Zuzanna", "type": "private"}
        }
    });
    Item::good(body.to_string(), at_ms, &["offered", "messages_customer"])
}

/// An update: they block the bot, which ends the contact.
fn blocked(update: u64, chat: u64, at_ms: UnixMs) -> Item {
    let bot = json!({"id": 7_000_001, "is_bot": true, "first_name": "Bot", "username": "a_bot"});
    let body = json!({
        "update_id": update,
        "my_chat_member": {
            "chat": {"id": chat, "first_name": "Zuzanna", "type": "private"},
            "from": {"id": chat, "is_bot": false, "first_name": "Zuzanna"},
            "date": at_ms / 1000,
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0}
        }
    });
    Item::good(body.to_string(), at_ms, &["flowed_out", "blocked"])
}

/// Somebody writes and blocks the bot, as two updates; `update` gives each its id.
pub(super) fn telegram(number: u64, now_ms: UnixMs, mut update: impl FnMut() -> u64) -> [Item; 2] {
    let (chat, at_ms) = (1_000_000 + number, begin_ms(now_ms));
    [written(update(), chat, at_ms), blocked(update(), chat, at_ms + 1000)]
}

/// A form, its answer, a rating and the end of it.
pub(super) fn webform(number: u64, now_ms: UnixMs) -> Conversation {
    let at_ms = begin_ms(now_ms);
    let one = |step: i64, kind: &str, more: (&str, serde_json::Value), counts| {
        let at_ms = at_ms + step * 1000;
        let mut body = json!({
            "id": format!("form-{number}-{step}"), "time": at_ms, "kind": kind,
            "interaction": format!("form-{number}"),
            "customer": format!("zuzanna-{}@example.org", number % 50)
        });
        body[more.0] = more.1;
        Item::good(body.to_string(), at_ms, counts)
    };
    Conversation::from([
        one(0, "message", ("text", json!("where is it?")), &["offered", "messages_customer"]),
        one(1, "message", ("agent", json!("Anna")), &["answered", "messages_agent"]),
        one(2, "rated", ("rating", json!(4)), &["ratings"]),
        one(3, "resolved", ("agent", json!("Anna")), &["resolved"]),
    ])
}

/// A call's lines; of five, one is given up.
pub(super) fn call(number: u64, now_ms: UnixMs) -> Item {
    let at_ms = begin_ms(now_ms);
    let at = at_ms / 1000;
    let begin =
        format!("{at}|call-{number}|sales|NONE|ENTERQUEUE||600{:06}|1\n", number % 1_000_000);
    if number.is_multiple_of(5) {
        let end = format!("{}|call-{number}|sales|NONE|ABANDON|1|1|3\n", at + 3);
        return Item::good(begin + &end, at_ms, &["offered", "abandoned"]);
    }
    let agent = format!("Agent/{}", 5 + number % 4);
    let end = format!(
        "{}|call-{number}|sales|{agent}|CONNECT|1|leg-{number}|1\n\
         {}|call-{number}|sales|{agent}|COMPLETEAGENT|1|2|1\n",
        at + 1,
        at + 3
    );
    Item::good(begin + &end, at_ms, &["offered", "answered", "handled"])
}

/// Inputs that cannot be decoded.
pub(super) fn bad_update(number: u64) -> Item {
    let marker = format!("bad-update-{number}.");
    let body = json!({"update_id": number, "message": marker}).to_string();
    Item::bad(body, marker, "bad_input")
}

pub(super) fn bad_form(number: u64) -> Item {
    let marker = format!("bad-form-{number}.");
    let body = json!({"id": marker, "interaction": "x", "kind": "no-such-kind"}).to_string();
    Item::bad(body, marker, "unsupported")
}

pub(super) fn bad_line(number: u64) -> Item {
    let marker = format!("bad-line-{number}.");
    Item::bad(format!("{marker}\n"), marker, "bad_input")
}
