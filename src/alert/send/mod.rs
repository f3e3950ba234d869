//! Tells receivers: one file for each way.

mod chats;
mod webhook;

use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::history::Ms;
use super::notice::Notice;
use crate::channel::trust;
use crate::config::model::{Mail, Receiver, Way};
use crate::mail::{self, Fault, Letter};

/// A mail's text; more nobody reads in one.
const MAIL_BYTES_MAX: usize = 100_000;
/// Who is paged cannot wait longer, whatever the other side asks for.
const REST_MAX: Duration = Duration::from_secs(15 * 60);
/// Of an answer that says no, so much is read.
const ANSWER_BYTES_MAX: usize = 4096;

/// Why a message was not taken. Says nothing of an address: that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    /// Nobody answered.
    #[error("nobody answers there")]
    Unreachable,
    /// It took too long.
    #[error("no answer within notify.NAME.timeout")]
    Slow,
    /// The other side did not take it.
    #[error("it is answered with {0}")]
    Refused(u16),
    /// It did not take it, and said how long it wants to be left alone.
    #[error("it is answered with {status}, and is left alone for {} s", rest.as_secs())]
    Busy {
        /// Of the answer.
        status: u16,
        /// [`REST_MAX`] at most.
        rest: Duration,
    },
    /// What messages are sent with could not be made.
    #[error("nothing can be sent: see the log")]
    NoSender,
    /// The config has no `[mail]` any more.
    #[error("there is no [mail]")]
    NoMail,
    /// The mail server did not take it.
    #[error("{0}")]
    Mail(Fault),
}

impl SendError {
    /// How long the other side wants to be left alone.
    pub(crate) fn rest(&self) -> Duration {
        match self {
            SendError::Busy { rest, .. } => *rest,
            _ => Duration::ZERO,
        }
    }
}

/// What messages are sent with.
pub(crate) struct Sender {
    client: Client,
    mail: Option<Mail>,
    zone: TimeZone,
}

impl Sender {
    /// Reads the certificates that the machine trusts: takes a moment.
    pub(crate) fn new(mail: Option<Mail>, zone: TimeZone) -> anyhow::Result<Self> {
        let client = trust::asker()?.build()?;
        Ok(Self { client, mail, zone })
    }

    /// Tells one receiver.
    pub(crate) async fn tell(&self, to: &Receiver, notice: &Notice) -> Result<(), SendError> {
        let request = match &to.way {
            Way::Webhook { url, secret } => {
                let now_s = notice.at_ms.div_euclid(1000);
                webhook::request(&self.client, url, secret.as_ref(), notice, now_s)
            }
            Way::Telegram { api, token, chat } => {
                chats::telegram(&self.client, api, token, chat, notice, &self.zone)
            }
            Way::Slack { url } => chats::slack(&self.client, url, notice, &self.zone),
            Way::Mail { to } => return self.mail(to, notice).await,
        };
        // An address of the config was looked at when that was read.
        sent(request.ok_or(SendError::Unreachable)?, to.timeout, notice.at_ms).await
    }

    async fn mail(&self, to: &[String], notice: &Notice) -> Result<(), SendError> {
        let mail = self.mail.as_ref().ok_or(SendError::NoMail)?;
        let text = notice.text(&self.zone, MAIL_BYTES_MAX);
        let letter = Letter {
            subject: notice.title(),
            html: maud::html! { pre { (text) } }.into_string(),
            text,
            files: Vec::new(),
            about: notice.id(),
        };
        mail::send(mail, &letter, to).await.map_err(SendError::Mail)
    }
}

/// Any answer of success is one; its body is of no interest.
async fn sent(request: RequestBuilder, within: Duration, now_ms: Ms) -> Result<(), SendError> {
    match request.timeout(within).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(refused(answer, now_ms).await),
        Err(error) if error.is_timeout() => Err(SendError::Slow),
        Err(_) => Err(SendError::Unreachable),
    }
}

async fn refused(answer: Response, now_ms: Ms) -> SendError {
    let status = answer.status().as_u16();
    let told = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let rest = match told.map(|told| rest_in_header(told, now_ms)) {
        Some(rest) => rest,
        None => rest_in_body(&beginning(answer).await),
    };
    match rest {
        Some(rest) => SendError::Busy { status, rest: rest.min(REST_MAX) },
        None => SendError::Refused(status),
    }
}

/// Seconds, or a time: <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>.
fn rest_in_header(told: &str, now_ms: Ms) -> Option<Duration> {
    if let Ok(seconds) = told.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until_ms = rfc2822::parse(told).ok()?.timestamp().as_millisecond();
    Some(Duration::from_millis(u64::try_from(until_ms - now_ms).unwrap_or_default()))
}

/// Telegram says it in its answer: <https://core.telegram.org/bots/api#responseparameters>.
fn rest_in_body(body: &[u8]) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Answer {
        parameters: Parameters,
    }
    #[derive(Deserialize)]
    struct Parameters {
        retry_after: u64,
    }
    let answer: Answer = serde_json::from_slice(body).ok()?;
    Some(Duration::from_secs(answer.parameters.retry_after))
}

/// What comes before it breaks off, or is too much.
async fn beginning(mut answer: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(part)) = answer.chunk().await
        && body.len() + part.len() <= ANSWER_BYTES_MAX
    {
        body.extend_from_slice(&part);
    }
    body
}

/// A secret as text, without the line end of its file.
fn text_of(secret: &crate::config::model::Secret) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(secret.expose()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_in_seconds_as_a_time_or_as_telegram_says_it() {
        let at_ms = 1_445_412_480_000; // Wed, 21 Oct 2015 07:28:00 GMT
        let header = |told| rest_in_header(told, at_ms);
        assert_eq!(header(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(header("Wed, 21 Oct 2015 07:30:00 GMT"), Some(Duration::from_secs(120)));
        assert_eq!(header("Wed, 21 Oct 2015 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!((header("soon"), header("-5")), (None, None));
        let body = br#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#;
        assert_eq!(rest_in_body(body), Some(Duration::from_secs(35)));
        for other in
            [&b"{}"[..], b"", b"{\"parameters\":{\"migrate_to_chat_id\":-100}}", b"no JSON"]
        {
            assert_eq!(rest_in_body(other), None);
        }
    }
}
