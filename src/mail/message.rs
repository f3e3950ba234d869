//! A letter as bytes for the mail server. Headers are written by the library, which encodes what is
//! not ASCII (RFC 2047).

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::Letter;

/// From whom and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// `mail.from`
    pub from: &'a str,
    /// One address.
    pub to: &'a str,
    /// Sent by hand it is another mail than the one that goes by itself, and than the one before.
    pub by_hand: Option<i64>,
}

/// The whole message; else what is wrong with it, without an address.
pub fn eml(letter: &Letter, envelope: Envelope<'_>) -> Result<Message, String> {
    let from: Mailbox = envelope.from.parse().map_err(|_| "mail.from is no address")?;
    let to: Mailbox = envelope.to.parse().map_err(|_| "the recipient is no address")?;
    let id = message_id(letter, envelope, from.email.domain());
    let mut body = MultiPart::mixed()
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()));
    for file in &letter.files {
        let kind = ContentType::parse(file.media_type).map_err(|_| "a file is of no kind")?;
        let part: SinglePart = Attachment::new(file.name.clone()).body(file.text.clone(), kind);
        body = body.singlepart(part);
    }
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(letter.subject.clone())
        .message_id(Some(id))
        // Nobody, and no machine, is to answer this.
        .header(AutoSubmitted)
        .multipart(body);
    message.map_err(|_| "the message cannot be written".to_owned())
}

/// The same for the same report to the same person, whatever happened in between.
fn message_id(letter: &Letter, envelope: Envelope<'_>, domain: &str) -> String {
    let by_hand = envelope.by_hand.map(|at_ms| at_ms.to_string()).unwrap_or_default();
    let of = [&letter.about, envelope.from, envelope.to, &by_hand].join("\n");
    let hash = hex::encode(&Sha256::digest(of.as_bytes())[..16]);
    format!("<tablica.{hash}@{domain}>")
}

/// `Auto-Submitted: auto-generated` (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        let name = <Self as lettre::message::header::Header>::name();
        lettre::message::header::HeaderValue::new(name, "auto-generated".to_owned())
    }
}

/// "l…@example.com": enough for whoever wrote it into the config.
pub fn masked(address: &str) -> String {
    let (name, domain) = address.rsplit_once('@').unwrap_or((address, "…"));
    let first: String = name.chars().take(1).collect();
    format!("{first}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            subject: "Отчёт за день — Сервис".to_owned(),
            text: "Звонков 12".to_owned(),
            html: "<p>Звонков 12</p>".to_owned(),
            files: vec![super::super::File {
                name: "daily.csv".to_owned(),
                media_type: "text/csv; charset=utf-8",
                text: "a,b\n".to_owned(),
            }],
            about: "daily 2026-03-02".to_owned(),
        }
    }

    fn id(message: &Message) -> String {
        let text = String::from_utf8(message.formatted()).expect("text");
        let line = text.lines().find(|line| line.starts_with("Message-ID: ")).expect("an id");
        line.to_owned()
    }

    #[test]
    fn a_message_is_ascii_and_has_the_same_id_whenever_it_is_written() {
        let envelope = Envelope { from: "T <t@a.example>", to: "l@b.example", by_hand: None };
        let message = eml(&letter(), envelope).expect("written");
        let text = String::from_utf8(message.formatted()).expect("text");
        assert!(text.is_ascii(), "{text}");
        for part in ["Subject: =?utf-8?b?", "multipart/alternative", "text/csv", "Auto-Submitted"] {
            assert!(text.contains(part), "lacks {part}: {text}");
        }
        let later = Letter { text: "Звонков 13".to_owned(), ..letter() };
        assert_eq!(id(&message), id(&eml(&later, envelope).expect("written")));
        assert!(id(&message).ends_with("@a.example>"));
        for other in
            [Envelope { to: "m@b.example", ..envelope }, Envelope { by_hand: Some(1), ..envelope }]
        {
            assert_ne!(id(&message), id(&eml(&letter(), other).expect("written")));
        }
    }

    #[test]
    fn a_line_end_in_a_subject_makes_no_header() {
        let letter = Letter { subject: "a\r\nBcc: x@y.example".to_owned(), ..letter() };
        let envelope = Envelope { from: "t@a.example", to: "l@b.example", by_hand: None };
        let text = String::from_utf8(eml(&letter, envelope).expect("written").formatted());
        assert!(!text.expect("text").lines().any(|line| line.starts_with("Bcc")));
    }

    #[test]
    fn an_address_is_masked() {
        assert_eq!(masked("lead@example.com"), "l…@example.com");
        assert_eq!(masked("łucja@example.com"), "ł…@example.com");
    }
}
