//! What a bounce (RFC 3464) or a receipt (RFC 8098) says: what became of which mail of ours.

use tablica_plugin::Delivery;
use tablica_plugin::mail::parser::{Message, MessagePart, MimeHeaders as _, PartType};
use tablica_plugin::mail::{self, Automatic};

use crate::letter;

/// Of a bounce that is only text so much is looked through.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// What a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// None: it is late, which is no end.
    pub(crate) state: Option<Delivery>,
    /// `Message-ID` of the mail that it is about.
    pub(crate) original: Option<String>,
    /// Who wrote that mail.
    pub(crate) original_from: Option<String>,
}

/// Reads a report; none when the mail is another one.
pub(crate) fn of(message: &Message<'_>, automatic: Option<Automatic>) -> Option<Report> {
    if !matches!(automatic, Some(Automatic::Bounce | Automatic::Receipt)) {
        return None;
    }
    let mut report = Report::default();
    let mut has_status = false;
    for part in &message.parts {
        if let PartType::Message(original) = &part.body {
            report.returned(
                original.message_id(),
                original.from().and_then(|it| it.first()?.address()),
            );
            continue;
        }
        match subtype(part).as_deref() {
            Some("delivery-status" | "global-delivery-status") => {
                has_status = true;
                report.status(&text(part));
            }
            Some("disposition-notification" | "global-disposition-notification") => {
                has_status = true;
                report.disposition(&text(part));
            }
            Some("rfc822-headers" | "global-headers") => report.headers(&text(part)),
            _ => {}
        }
    }
    let is_plain = !has_status && mail::is_of_a_mail_system(message);
    if is_plain {
        let body = message.body_text(0).unwrap_or_default();
        if report.original.is_none() {
            report
                .headers(body.get(..body.floor_char_boundary(TEXT_BYTES_MAX)).unwrap_or_default());
        }
        let subject = message.subject().unwrap_or_default().to_lowercase();
        let is_late =
            ["delay", "warning", "still trying"].into_iter().any(|it| subject.contains(it));
        report.state = (!is_late).then_some(Delivery::Failed);
    }
    if report.original.is_none() {
        let known = mail::of_text(message, "");
        report.original = known.answers;
    }
    Some(report)
}

impl Report {
    fn returned(&mut self, id: Option<&str>, from: Option<&str>) {
        if self.original.is_none() {
            self.original = id.map(str::to_owned);
            self.original_from = from.and_then(letter::address);
        }
    }

    /// Fields of several recipients, one block each: one that failed says more than one that has it.
    fn status(&mut self, fields: &str) {
        for action in values(fields, "action") {
            match action.to_ascii_lowercase().as_str() {
                "failed" => self.state = Some(Delivery::Failed),
                "delivered" | "relayed" | "expanded" if self.state.is_none() => {
                    self.state = Some(Delivery::Delivered);
                }
                _ => {}
            }
        }
    }

    fn disposition(&mut self, fields: &str) {
        let is_seen = values(fields, "disposition").any(|it| {
            it.rsplit(';')
                .next()
                .is_some_and(|it| it.trim().to_ascii_lowercase().starts_with("displayed"))
        });
        self.state = is_seen.then_some(Delivery::Read);
        self.returned(
            values(fields, "original-message-id").next().and_then(letter::message_id),
            None,
        );
    }

    /// The headers of the mail that came back.
    fn headers(&mut self, text: &str) {
        let id = values(text, "message-id").next().and_then(letter::message_id);
        self.returned(id, values(text, "from").next());
    }
}

fn subtype(part: &MessagePart<'_>) -> Option<String> {
    part.content_type()?.subtype().map(str::to_ascii_lowercase)
}

fn text(part: &MessagePart<'_>) -> String {
    let bytes = part.contents();
    String::from_utf8_lossy(bytes.get(..TEXT_BYTES_MAX).unwrap_or(bytes)).into_owned()
}

/// Values of the lines `NAME: …`.
fn values<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}
