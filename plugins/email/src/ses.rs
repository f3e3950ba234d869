//! Amazon SES: notifications by SNS, in its envelope or (raw message delivery) without it: mails with their
//! content, and what became of mails that were sent.

use serde::Deserialize;
use tablica_plugin::mail::parser::decoders::base64::base64_decode;
use tablica_plugin::{
    Command, Delivery, Failure, LogLevel, Moment, Output, Request, Response, bad_input, pieces,
    time, unsupported,
};

use crate::decode;
use crate::intake::{Context, fault};
use crate::letter::{self, Arrived};

const CONFIRM: &str = "confirm";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    #[serde(rename = "Type")]
    kind: String,
    message: Option<String>,
    message_id: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
}

/// What SNS sends: a notification, or the question whether the topic may.
pub(crate) fn envelope(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    match envelope.kind.as_str() {
        "Notification" => {
            let message = envelope.message.unwrap_or_default();
            notification(message.as_bytes(), envelope.message_id.as_deref(), context)
        }
        "SubscriptionConfirmation" => {
            Ok(confirm(&envelope.subscribe_url.unwrap_or_default(), context.hosts))
        }
        _ => Ok(Output::default()),
    }
}

/// Asks the address that SNS names, where it is one of SNS and the operator has granted it.
fn confirm(url: &str, hosts: &[String]) -> Output {
    let host = url.strip_prefix("https://").and_then(|it| it.split(['/', '?', ':']).next());
    let region = host.and_then(|it| it.strip_prefix("sns.")?.strip_suffix(".amazonaws.com"));
    let is_region = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_granted = region.is_some_and(is_region)
        && hosts.iter().any(|it| host.is_some_and(|host| it.eq_ignore_ascii_case(host)));
    let command = if is_granted {
        Command::Fetch(Request::get(pieces![url], CONFIRM))
    } else {
        let why = "a topic of Amazon SNS waits to be confirmed: grant_hosts must name its host";
        Command::log(LogLevel::Warn, why)
    };
    Output { commands: vec![command], ..Output::default() }
}

/// The answer to a confirmation.
pub(crate) fn confirmed(answer: &Response) -> Output {
    let is_done = answer.tag != CONFIRM || answer.status == 200;
    let why = "Amazon SNS did not take the confirmation: request it again in the console";
    let command = (!is_done).then(|| Command::log(LogLevel::Warn, why));
    Output { commands: command.into_iter().collect(), ..Output::default() }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    notification_type: Option<String>,
    event_type: Option<String>,
    mail: Option<Mail>,
    receipt: Option<Receipt>,
    content: Option<String>,
    delivery: Option<Stamp>,
    bounce: Option<Bounce>,
    open: Option<Stamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    timestamp: Option<String>,
    message_id: String,
    source: Option<String>,
    source_arn: Option<String>,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Receipt {
    recipients: Vec<String>,
    action: Action,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Action {
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Stamp {
    timestamp: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    timestamp: Option<String>,
    #[serde(default)]
    bounce_type: String,
    #[serde(default)]
    bounce_sub_type: String,
}

/// A notification of SES; `sns_id` is that of SNS, the same when it is sent again.
pub(crate) fn notification(
    body: &[u8],
    sns_id: Option<&str>,
    context: &mut Context<'_>,
) -> Result<Output, Failure> {
    // SES greets a new topic with a sentence.
    if body.starts_with(b"Successfully validated SNS topic") {
        return Ok(Output::default());
    }
    let told: Notification = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    let kind = told.event_type.or(told.notification_type).unwrap_or_default();
    let Some(mail) = told.mail else {
        return match kind.as_str() {
            "AmazonSnsSubscriptionSucceeded" => Ok(Output::default()),
            _ => Err(unsupported("a notification of SNS that is not of SES")),
        };
    };
    let (state, at) = match kind.as_str() {
        "Received" => {
            return received(mail, told.receipt.unwrap_or_default(), told.content, context);
        }
        "Delivery" => (Delivery::Delivered, told.delivery.and_then(|it| it.timestamp)),
        "Open" => (Delivery::Read, told.open.and_then(|it| it.timestamp)),
        "Bounce" => match told.bounce {
            // Such are answers by machines, too.
            Some(it) if it.bounce_type == "Transient" && it.bounce_sub_type == "General" => {
                return Ok(Output::default());
            }
            bounce => (Delivery::Failed, bounce.and_then(|it| it.timestamp)),
        },
        "Reject" | "Rendering Failure" => (Delivery::Failed, mail.timestamp.clone()),
        _ => return Ok(Output::default()),
    };
    let at = at.and_then(|it| time::moment(&it)).unwrap_or(Moment::None);
    let id = sns_id.map_or_else(|| format!("{}\n{kind}", mail.message_id), str::to_owned);
    Ok(decode::delivery(&id, at, &sent_id(&mail), state, context.threads).into())
}

/// SES writes a Message-ID of its own into what it sends: with the region, which the sender's ARN names.
fn sent_id(mail: &Mail) -> String {
    let arn = mail.source_arn.as_deref().unwrap_or_default();
    match arn.split(':').nth(3) {
        None | Some("" | "us-east-1") => format!("{}@email.amazonses.com", mail.message_id),
        Some(region) => format!("{}@{region}.amazonses.com", mail.message_id),
    }
}

fn received(
    mail: Mail,
    receipt: Receipt,
    content: Option<String>,
    context: &mut Context<'_>,
) -> Result<Output, Failure> {
    let at = mail.timestamp.as_deref().and_then(time::moment);
    let arrived =
        Arrived { recipients: receipt.recipients, sender: mail.source, at, ..Arrived::default() };
    let Some(content) = content else {
        // Its content went elsewhere, such as to S3: counted without its text.
        let headers = mail.headers.iter().map(|it| (it.name.as_str(), it.value.as_str()));
        let arrived = Arrived { text: Some(String::new()), ..arrived };
        let letter = letter::of_headers(headers, arrived, context.now_ms);
        return context
            .letter(letter.ok_or_else(|| bad_input("/mail/headers has none of a mail"))?);
    };
    if receipt.action.encoding.is_some_and(|it| it.eq_ignore_ascii_case("base64")) {
        let bytes = base64_decode(content.as_bytes());
        return context.raw(&bytes.ok_or_else(|| bad_input("/content is no base64"))?, arrived);
    }
    context.raw(content.as_bytes(), arrived)
}
