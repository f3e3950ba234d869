//! A webhook's body: whose it is, by its shape. Providers are told apart by what only they send, so that one
//! address takes a provider's mails and its events.

use serde::Deserialize;
use serde::de::IgnoredAny;
use tablica_plugin::{
    Event, Failure, Kind, Output, Pair, Webhook, bad_input, fingerprint, form, unsupported,
};

use crate::letter::{self, Arrived, Letter};
use crate::settings::Settings;
use crate::threads::Threads;
use crate::{decode, mailgun, postmark, sendgrid, ses};

/// What decoding needs.
pub(crate) struct Context<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) threads: &'a mut Threads,
    pub(crate) hosts: &'a [String],
    pub(crate) now_ms: u64,
}

impl Context<'_> {
    /// A mail in its own bytes.
    pub(crate) fn raw(&mut self, bytes: &[u8], arrived: Arrived) -> Result<Output, Failure> {
        let letter = letter::read(bytes, arrived, self.now_ms);
        self.letter(letter.ok_or_else(|| bad_input("not a mail: it has no headers of one"))?)
    }

    pub(crate) fn letter(&mut self, letter: Letter) -> Result<Output, Failure> {
        let event = decode::letter(&letter, self.settings, self.threads);
        Ok(Output { events: event.into_iter().collect(), ..Output::default() })
    }
}

/// Members of a JSON body that only one provider sends.
#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "event-data")]
    mailgun_event: Option<IgnoredAny>,
    #[serde(rename = "RecordType")]
    postmark_record: Option<IgnoredAny>,
    #[serde(rename = "FromFull")]
    postmark_from: Option<IgnoredAny>,
    #[serde(rename = "TopicArn")]
    topic: Option<IgnoredAny>,
    #[serde(rename = "notificationType")]
    ses_notification: Option<IgnoredAny>,
    #[serde(rename = "eventType")]
    ses_event: Option<IgnoredAny>,
}

/// Decodes a call.
pub(crate) fn webhook(call: &Webhook, context: &mut Context<'_>) -> Result<Output, Failure> {
    let body = letter::without_mark(&call.body);
    let header = call.headers.iter().find(|it| it.name.eq_ignore_ascii_case("content-type"));
    let content_type = header.map(|it| it.value.as_str());
    let is = |kind: &str| {
        content_type.is_some_and(|it| it.trim().to_ascii_lowercase().starts_with(kind))
    };
    // SNS sends JSON as text/plain.
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(bad_input("an empty body")),
        Some(b'[') if !is("message/") => return sendgrid::events(body, context),
        Some(b'{') if !is("message/") => return json(body, context),
        Some(_) => {}
    }
    if let Some(boundary) = form::boundary(content_type, body) {
        let parts = form::parts(body, boundary);
        return fields(&Fields(parts.iter().map(Field::from).collect()), context);
    }
    let is_form = is("application/x-www-form-urlencoded")
        || (content_type.is_none() && looks_like_form(body));
    if is_form {
        let all: Vec<(String, String)> = form::fields(body).take(form::PARTS_MAX).collect();
        let fields = all.iter().map(|(name, value)| Field { name, bytes: value.as_bytes() });
        return self::fields(&Fields(fields.collect()), context);
    }
    context.raw(body, Arrived::default())
}

/// One line with `name=` at its beginning.
fn looks_like_form(body: &[u8]) -> bool {
    let name = body.split(|byte| matches!(byte, b'=' | b'&')).next().unwrap_or_default();
    !body.contains(&b'\n')
        && name.len() < body.len()
        && name.iter().all(|it| it.is_ascii_graphic() && *it != b':')
}

fn json(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let shape: Shape = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    if shape.mailgun_event.is_some() {
        mailgun::event(body, context)
    } else if shape.topic.is_some() {
        ses::envelope(body, context)
    } else if shape.ses_notification.is_some() || shape.ses_event.is_some() {
        ses::notification(body, None, context)
    } else if shape.postmark_from.is_some() {
        postmark::inbound(body, context)
    } else if shape.postmark_record.is_some() {
        postmark::record(body, context)
    } else {
        Err(unsupported("JSON of none of the providers that are known"))
    }
}

/// What of JSON could not be read, without what stands there.
pub(crate) fn fault(error: &serde_json::Error) -> Failure {
    bad_input(format!(
        "JSON: {:?} at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    ))
}

/// A field of a form, in one of the two encodings.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

impl<'a> From<&form::Part<'a>> for Field<'a> {
    fn from(part: &form::Part<'a>) -> Self {
        Self { name: part.name, bytes: part.bytes }
    }
}

/// The fields of a form; of several of one name the first counts.
pub(crate) struct Fields<'a>(Vec<Field<'a>>);

impl<'a> Fields<'a> {
    pub(crate) fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|it| it.name == name).map(|it| it.bytes)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.bytes(name).map(|it| String::from_utf8_lossy(it).into_owned())
    }
}

fn fields(fields: &Fields<'_>, context: &mut Context<'_>) -> Result<Output, Failure> {
    if fields.bytes("envelope").is_some() || fields.bytes("charsets").is_some() {
        sendgrid::inbound(fields, context)
    } else if ["message-headers", "body-mime", "body-plain"]
        .iter()
        .any(|it| fields.bytes(it).is_some())
    {
        mailgun::inbound(fields, context)
    } else {
        Err(unsupported("a form of none of the providers that are known"))
    }
}

/// An entry of a batch that could not be read: counted, and the others are not lost.
pub(crate) fn undecodable(entry: &str) -> Event {
    let what = Pair { name: "undecodable_event".into(), value: String::new() };
    Event::new(format!("x{:016x}", fingerprint(entry)), 0, Kind::Other(what))
}
