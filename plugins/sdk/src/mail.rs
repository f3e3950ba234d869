//! What a contact center asks of a mail: who wrote to whom, what it answers, whether a machine wrote it, and
//! how long its new text is. Of the feature `mail`; a mail is read by the crate `mail-parser`.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders as _};

use crate::{Moment, identity};

/// A mail. Its text and its subject are not in here.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// `Message-ID` without its brackets.
    pub id: Option<String>,
    /// What it answers: `In-Reply-To`, or the last of `References`.
    pub answers: Option<String>,
    /// The conversation: `References`, the oldest first.
    pub references: Vec<String>,
    /// Who wrote it, as `mail:anna@example.com`.
    pub from: Option<String>,
    /// To whom, `Cc` as well.
    pub to: Vec<String>,
    /// `Date`; the sender's clock.
    pub at: Moment,
    /// Characters of the subject.
    pub subject_length: u32,
    /// Characters of the text, without what is quoted.
    pub length: u32,
    /// Who wrote it, if no human did.
    pub automatic: Option<Automatic>,
}

/// Why a mail was written by a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Automatic {
    /// It came back, or is late (RFC 3464), or has no sender.
    Bounce,
    /// An answer by a machine, such as "out of office" (RFC 3834).
    Reply,
    /// Made by a machine that answers nobody (RFC 3834).
    Generated,
    /// Of a mailing list (RFC 2919), or to many at once.
    List,
}

/// Reads a mail; none when the bytes are no mail.
pub fn read(bytes: &[u8]) -> Option<Mail> {
    let mail = MessageParser::default().parse(bytes)?;
    if mail.parts.is_empty() || mail.headers().is_empty() {
        return None;
    }
    let references = ids(mail.references());
    let answers = ids(mail.in_reply_to()).into_iter().next_back();
    let subject = mail.subject().unwrap_or_default();
    Some(Mail {
        id: mail.message_id().map(str::to_owned),
        answers: answers.or_else(|| references.last().cloned()),
        references,
        from: addresses(mail.from()).into_iter().next(),
        to: [mail.to(), mail.cc()].into_iter().flat_map(addresses).collect(),
        at: mail.date().map_or(Moment::None, |date| {
            let ms = date.to_timestamp().saturating_mul(1000);
            u64::try_from(ms).map_or(Moment::None, Moment::from)
        }),
        subject_length: characters(subject),
        length: mail.body_text(0).map_or(0, |text| characters(unquoted(&text).trim())),
        automatic: automatic(&mail),
    })
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(texts) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn addresses(address: Option<&Address<'_>>) -> Vec<String> {
    let all = address.map(|it| it.iter().filter_map(|it| identity::mail(it.address()?)));
    all.into_iter().flatten().collect()
}

fn automatic(mail: &mail_parser::Message<'_>) -> Option<Automatic> {
    let raw = |name: &str| mail.header_raw(name).map(|it| it.trim().to_ascii_lowercase());
    let is_report = mail.content_type().is_some_and(|it| {
        let of = |name| it.attribute(name).unwrap_or_default().to_ascii_lowercase();
        it.ctype().eq_ignore_ascii_case("multipart")
            && it.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))
            && of("report-type") == "delivery-status"
    });
    if is_report || raw("Return-Path").is_some_and(|it| it == "<>") {
        return Some(Automatic::Bounce);
    }
    let submitted = raw("Auto-Submitted");
    // What follows the word are parameters.
    match submitted.as_deref().and_then(|it| it.split([';', ' ', '(']).next()) {
        Some("auto-replied") => return Some(Automatic::Reply),
        Some("no" | "") | None => {}
        Some(_) => return Some(Automatic::Generated),
    }
    if raw("X-Autoreply").is_some() || raw("X-Autorespond").is_some() {
        return Some(Automatic::Reply);
    }
    let precedence = raw("Precedence").unwrap_or_default();
    match precedence.as_str() {
        "auto_reply" => return Some(Automatic::Reply),
        "bulk" | "list" | "junk" => return Some(Automatic::List),
        _ => {}
    }
    let of_a_list = ["List-Id", "List-Unsubscribe"].into_iter().any(|it| raw(it).is_some());
    of_a_list.then_some(Automatic::List)
}

/// A text up to what it quotes: lines with `>`, and the line before them that says who wrote that; nothing
/// below a forwarded or original message's line.
pub fn unquoted(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_quote = false;
    for line in text.lines() {
        let bare = line.trim();
        if bare.starts_with("-----") && bare.ends_with("-----") && bare.len() > 10 {
            break;
        }
        // The usual sign before a signature (RFC 3676, 4.3).
        if line == "-- " {
            break;
        }
        if bare.starts_with('>') {
            if !in_quote {
                while kept.last().is_some_and(|it| it.trim().is_empty()) {
                    kept.pop();
                }
                if kept.last().is_some_and(|it| it.trim_end().ends_with(':')) {
                    kept.pop();
                }
            }
            in_quote = true;
            continue;
        }
        let stands_apart = kept.last().is_none_or(|it| it.trim().is_empty());
        // One empty line stands where a quote was.
        if !(in_quote && bare.is_empty() && stands_apart) {
            kept.push(line);
        }
        in_quote = false;
    }
    kept.join("\n")
}

/// What a person sees of a text in HTML, for tagging.
pub fn html_text(html: &str) -> String {
    html_to_text(html).trim().to_owned()
}

/// Characters that a person sees of a text in HTML.
pub fn html_length(html: &str) -> u32 {
    characters(&html_text(html))
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the examples of RFC 5322, appendix A.2.
    const REPLY: &str = "From: Mary Smith <Mary@Example.Net>\r\nTo: John Doe <jdoe@machine.example>\r\n\
        Cc: desk@machine.example\r\nSubject: Re: Saying Hello\r\nDate: Fri, 21 Nov 1997 10:01:10 -0600\r\n\
        Message-ID: <3456@example.net>\r\nIn-Reply-To: <1234@local.machine.example>\r\n\
        References: <0@local.machine.example> <1234@local.machine.example>\r\n\r\n\
        This is a reply.\r\n\r\nOn Friday John wrote:\r\n> your hello\r\n> and more\r\n";

    #[test]
    fn a_reply_says_who_answers_whom_and_how_long_its_own_text_is() {
        let mail = read(REPLY.as_bytes()).unwrap();
        assert_eq!(mail.id.as_deref(), Some("3456@example.net"));
        assert_eq!(mail.answers.as_deref(), Some("1234@local.machine.example"));
        assert_eq!(mail.references.len(), 2);
        assert_eq!(mail.from.as_deref(), Some("mail:mary@example.net"));
        assert_eq!(mail.to, ["mail:jdoe@machine.example", "mail:desk@machine.example"]);
        assert_eq!(mail.at, Moment::Utc(880_128_070_000));
        assert_eq!((mail.subject_length, mail.length, mail.automatic), (16, 16, None));
    }

    #[test]
    fn words_in_other_alphabets_are_counted_as_people_see_them() {
        // RFC 2047 for the subject, RFC 2045 for the text.
        let mail = "From: a@b.example\r\nSubject: =?utf-8?B?xbzDs8WCdw==?=\r\nMIME-Version: 1.0\r\n\
            Content-Type: text/plain; charset=iso-8859-2\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            =BF=F3=B3w\r\n";
        let mail = read(mail.as_bytes()).unwrap();
        assert_eq!((mail.subject_length, mail.length), (4, 4));
    }

    #[test]
    fn machines_are_told_from_people() {
        let with =
            |header: &str| read(format!("{header}\r\n{REPLY}").as_bytes()).unwrap().automatic;
        // RFC 3834, section 5.
        assert_eq!(with("Auto-Submitted: auto-replied"), Some(Automatic::Reply));
        assert_eq!(
            with("Auto-Submitted: auto-generated; owner-email=\"x\""),
            Some(Automatic::Generated)
        );
        assert_eq!(with("Auto-Submitted: no"), None);
        assert_eq!(with("Precedence: bulk"), Some(Automatic::List));
        assert_eq!(with("List-Id: Notes <notes.example>"), Some(Automatic::List));
        assert_eq!(with("Return-Path: <>"), Some(Automatic::Bounce));
        // RFC 3464, appendix E.1.
        let report = "From: Mail Delivery <MAILER-DAEMON@CS.UTK.EDU>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"R\"\r\n\r\n\
            --R\r\n\r\nThe original message was received.\r\n--R\r\n\
            content-type: message/delivery-status\r\n\r\nReporting-MTA: dns; cs.utk.edu\r\n\r\n\
            Action: failed\r\nStatus: 4.0.0\r\n--R--\r\n";
        assert_eq!(read(report.as_bytes()).unwrap().automatic, Some(Automatic::Bounce));
    }

    #[test]
    fn what_is_quoted_and_a_signature_are_not_counted() {
        assert_eq!(unquoted("Yes.\n\nAnna wrote:\n\n> one\n> two\n\nAnd no."), "Yes.\n\nAnd no.");
        assert_eq!(unquoted("Yes.\n-- \nAnna"), "Yes.");
        assert_eq!(unquoted("Yes.\n----- Original Message -----\nFrom: b"), "Yes.");
    }

    #[test]
    fn of_html_only_what_is_seen_is_counted() {
        for (html, length) in [
            ("<p>Yes &amp; no</p>", 8),
            ("<style>p { color: red }</style><p>Yes</p>", 3),
            ("za&#380;&oacute;&#322;&#263;", 6),
            ("", 0),
            ("plain", 5),
        ] {
            assert_eq!(html_length(html), length, "{html}");
        }
        assert_eq!(html_text("<p>Yes &amp; no</p>"), "Yes & no");
    }

    #[test]
    fn bytes_that_are_no_mail_are_none() {
        assert_eq!(read(b""), None);
    }
}
