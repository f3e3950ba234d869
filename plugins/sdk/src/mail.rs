//! What a contact center asks of a mail: who wrote to whom, what it answers, whether a machine wrote it, and
//! how long its new text is. Of the feature `mail`; a mail is read by the crate `mail-parser`.

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders as _};

use crate::{Moment, identity};

/// The parser, for what else stands in a mail; see [`of`].
pub use mail_parser as parser;

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
    /// Tells that a mail was seen (RFC 8098).
    Receipt,
}

/// Reads a mail; none when the bytes are no mail.
pub fn read(bytes: &[u8]) -> Option<Mail> {
    let mail = MessageParser::default().parse(bytes)?;
    if mail.parts.is_empty() || mail.headers().is_empty() {
        return None;
    }
    Some(of(&mail))
}

/// The same of a mail that was parsed for more than this.
pub fn of(mail: &mail_parser::Message<'_>) -> Mail {
    of_text(mail, &new_text(mail))
}

/// The same, where its [`new_text`] is at hand or came otherwise.
pub fn of_text(mail: &mail_parser::Message<'_>, text: &str) -> Mail {
    let references = ids(mail.references());
    let answers = ids(mail.in_reply_to()).into_iter().next_back();
    let subject = mail.subject().unwrap_or_default();
    Mail {
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
        length: characters(text),
        automatic: automatic(mail),
    }
}

/// The text of a mail without what it quotes. Of one in HTML alone what is seen of it.
pub fn new_text(mail: &mail_parser::Message<'_>) -> String {
    let part = mail.text_bodies().next();
    let text = match part.map(|it| &it.body) {
        Some(mail_parser::PartType::Text(text)) => unquoted(text),
        Some(mail_parser::PartType::Html(html)) => unquoted(&html_text(unquoted_html(html))),
        _ => String::new(),
    };
    text.trim().to_owned()
}

/// HTML up to what it quotes, by the marks that programs set there; all of it where nothing stands above them.
pub fn unquoted_html(html: &str) -> &str {
    let lower = html.to_ascii_lowercase();
    let Some(first) = QUOTES.iter().filter_map(|mark| lower.find(mark)).min() else { return html };
    let kept = html.get(..first).unwrap_or(html);
    // The tag in which the mark stands.
    let kept =
        kept.rfind('<').filter(|at| !kept[*at..].contains('>')).map_or(kept, |at| &kept[..at]);
    if html_text(kept).trim().is_empty() { html } else { kept }
}

/// Before what Gmail, Outlook, Thunderbird, Yahoo and Apple quote.
const QUOTES: [&str; 7] = [
    "<blockquote",
    "class=\"gmail_quote",
    "id=\"divrplyfwdmsg\"",
    "id=\"appendonsend\"",
    "class=\"moz-cite-prefix\"",
    "class=\"yahoo_quoted",
    "border-top:solid #e1e1e1 1.0pt",
];

/// Bytes of a charset as text; of one that is not known what is plain in them.
pub fn decoded(bytes: &[u8], charset: &str) -> String {
    match charset_decoder(charset.trim().as_bytes()) {
        Some(decode) if !charset.trim().is_empty() => decode(bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
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
    // Of several the topmost, which the last server wrote: those below it came with the mail.
    let raw = |name: &str| {
        let mut all = mail.headers_raw().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        all.next().map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    let report = mail.content_type().filter(|it| {
        it.ctype().eq_ignore_ascii_case("multipart")
            && it.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))
    });
    let kind = |it: &mail_parser::ContentType<'_>| {
        it.attribute("report-type").unwrap_or_default().to_ascii_lowercase()
    };
    match report.map(kind).as_deref() {
        Some("disposition-notification") => return Some(Automatic::Receipt),
        Some("delivery-status" | "") => return Some(Automatic::Bounce),
        // Of abuse, of a domain's mails, and so on.
        Some(_) => return Some(Automatic::Generated),
        None => {}
    }
    if is_of_a_mail_system(mail) {
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
    if raw("Return-Path").is_some_and(|it| it == "<>") {
        return Some(Automatic::Bounce);
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

/// A mail system wrote it, as its `From` says, also where that is no address.
pub fn is_of_a_mail_system(mail: &mail_parser::Message<'_>) -> bool {
    let from = mail.header_raw("From").unwrap_or_default().to_ascii_lowercase();
    DAEMONS.iter().any(|name| from.contains(name))
}

/// How mail systems call themselves in `From`, also where that is no address.
const DAEMONS: [&str; 3] = ["mailer-daemon", "mail delivery s", "postmaster@"];

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
        // Outlook's line above the head of what it quotes.
        if bare.len() >= 20 && bare.bytes().all(|byte| byte == b'_') {
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
                pop_attribution(&mut kept);
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

/// Takes away who wrote what is quoted: one line that ends with a colon, or two where the first has a date or
/// the address and was too long for one.
fn pop_attribution(kept: &mut Vec<&str>) {
    if !kept.last().is_some_and(|it| it.trim_end().ends_with(':')) {
        return;
    }
    let last = kept.pop().unwrap_or_default();
    let [.., above, first] = kept.as_slice() else { return };
    let is_wrapped = above.trim().is_empty() && !first.trim().is_empty();
    let has_date = first.bytes().filter(u8::is_ascii_digit).count() >= 4;
    if is_wrapped && has_date && (last.contains('@') || first.contains('@')) {
        kept.pop();
    }
}

/// Characters that a person sees of a text in HTML.
pub fn html_length(html: &str) -> u32 {
    characters(&html_text(html))
}

/// What a person sees of a text in HTML, for tagging.
pub fn html_text(html: &str) -> String {
    html_to_text(html).trim().to_owned()
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
        let from =
            |from: &str| read(format!("From: {from}\r\nTo: a@b.example\r\n\r\nx").as_bytes());
        let daemon = from("\"\" (Mail Delivery System)").unwrap();
        assert_eq!((daemon.from, daemon.automatic), (None, Some(Automatic::Bounce)));
        assert_eq!(from("Anna <anna@example.com>").unwrap().automatic, None);
        // RFC 8098, 9.
        let seen = "From: a@b.example\r\nContent-Type: multipart/report; \
            report-type=disposition-notification; boundary=R\r\n\r\n--R\r\n\r\nseen\r\n--R--\r\n";
        assert_eq!(read(seen.as_bytes()).unwrap().automatic, Some(Automatic::Receipt));
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
    fn who_wrote_what_is_quoted_may_stand_in_two_lines() {
        let wrapped =
            "Yes.\n\nOn Fri, 20 Nov 2026 at 10:11, Anna\n<anna@example.com> wrote:\n> one";
        assert_eq!(unquoted(wrapped).trim(), "Yes.");
        let not = "Four things in 2026\nare missing:\n> one";
        assert_eq!(unquoted(not), "Four things in 2026");
        let outlook = format!("Yes.\n{}\nFrom: b", "_".repeat(32));
        assert_eq!(unquoted(&outlook), "Yes.");
    }

    #[test]
    fn html_is_cut_before_what_a_program_quotes() {
        let html = "<div>Yes</div><div class=\"gmail_quote gmail_quote_container\">On Friday<blockquote>no";
        assert_eq!(unquoted_html(html), "<div>Yes</div>");
        assert_eq!(unquoted_html("<blockquote>all</blockquote>"), "<blockquote>all</blockquote>");
        assert_eq!(unquoted_html("<p>plain</p>"), "<p>plain</p>");
    }

    #[test]
    fn bytes_are_read_in_the_charset_that_is_named() {
        assert_eq!(decoded(b"pidi\xa2", "cp850"), "pidi\u{f3}");
        assert_eq!(decoded(b"\x93x\x94", "Windows-1252"), "\u{201c}x\u{201d}");
        assert_eq!(decoded("\u{17c}".as_bytes(), "UTF-8"), "\u{17c}");
        assert_eq!(decoded("\u{17c}".as_bytes(), ""), "\u{17c}");
        assert_eq!(decoded(b"a\xff", "nobody-knows"), "a\u{fffd}");
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
