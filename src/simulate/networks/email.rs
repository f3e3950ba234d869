//! E-mail by Postmark's inbound webhook: what customers write to us, and a copy of what we answer. Postmark
//! signs nothing: the address is the secret.

use serde_json::json;

use crate::event::UnixMs;

use super::ids::{Ids, time};
use super::{Habits, Network, Post, Step, Talk, Writer, posts};
use crate::simulate::door::Door;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("email"),
    sign: Sign::Path,
    habits: Habits {
        per_hour: 55.0,
        agents: 6,
        reply_median_ms: 420_000.0,
        mentions: 0.0,
        public: 0.0,
        peers: 0.0,
        bot: 0.25,
        settles: false,
        rated: 0.0,
        overlooked: 0.02,
    },
    writer: |start_ms| Box::new(Email { ids: Ids::new(start_ms) }),
};

/// `settings` of the demo's channel names the domain as ours, and the address as one of nobody's own.
const DOMAIN: &str = "tablica.example";
const MAILBOX: &str = "support@tablica.example";
const DATE: &str = "%a, %d %b %Y %H:%M:%S +0000";

struct Email {
    ids: Ids,
}

fn of_customer(number: i64) -> String {
    format!("<c{number}@mail.example.com>")
}

fn of_ours(number: i64) -> String {
    format!("<a{number}@{DOMAIN}>")
}

impl Writer for Email {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let number = self.ids.next();
        let customer = (talk.customer.email(), talk.customer.name());
        let ours = MAILBOX.to_owned();
        let agent = format!("agent{}@{DOMAIN}", talk.agent + 1);
        let mut headers = Vec::new();
        let (from, name, to, text, is_ours) = match step {
            Step::Opens(text) | Step::Asks(text) => (customer.0, customer.1, ours, text, false),
            Step::Answers(text) => (agent, talk.agent_name.clone(), customer.0, text, true),
            Step::BotAnswers(text) => {
                headers.push(("Auto-Submitted", "auto-replied".to_owned()));
                (ours, "Tablica shop".to_owned(), customer.0, text, true)
            }
            _ => return Vec::new(),
        };
        let name_of = |number, is_ours: bool| {
            if is_ours { of_ours(number) } else { of_customer(number) }
        };
        let host = if is_ours { DOMAIN } else { "mx.example.com" };
        let date = time(at_ms, DATE);
        let received =
            format!("from {host} by p-pm-inbound01.postmarkapp.com (Postfix); {date} (UTC)");
        headers.push(("Received", received));
        headers.push(("Message-ID", name_of(number, is_ours)));
        if !matches!(step, Step::Opens(_)) {
            let last = name_of(talk.notes.last, talk.notes.last_is_ours);
            headers.push(("References", format!("{} {last}", of_customer(talk.notes.first))));
            headers.push(("In-Reply-To", last));
        } else {
            talk.notes.first = number;
        }
        talk.notes.last = number;
        talk.notes.last_is_ours = is_ours;
        let subject = if matches!(step, Step::Opens(_)) { "Question" } else { "Re: Question" };
        let headers: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        let person =
            |email: &str, name: &str| json!({ "Email": email, "Name": name, "MailboxHash": "" });
        posts(Some(json!({
            "FromName": name,
            "MessageStream": "inbound",
            "From": from,
            "FromFull": person(&from, &name),
            "To": to,
            "ToFull": [person(&to, "")],
            "Cc": "",
            "CcFull": [],
            "BccFull": [],
            "OriginalRecipient": MAILBOX,
            "Subject": subject,
            "MessageID": format!("22c74902-{number}"),
            "ReplyTo": "",
            "MailboxHash": "",
            "Date": date,
            "TextBody": text,
            "HtmlBody": "",
            "StrippedTextReply": text,
            "Tag": "",
            "Headers": headers,
            "Attachments": [],
        })))
    }
}
