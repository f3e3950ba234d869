//! Tells receivers: one file for each way.

mod chats;
mod webhook;

use std::time::Duration;

use jiff::tz::TimeZone;
use reqwest::{Client, RequestBuilder};
use zeroize::Zeroizing;

use super::notice::Notice;
use crate::channel::trust;
use crate::config::model::{Mail, Receiver, Way};
use crate::mail::{self, Fault, Letter};

/// A mail's text; more nobody reads in one.
const MAIL_BYTES_MAX: usize = 100_000;

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
    /// The config has no `[mail]` any more.
    #[error("there is no [mail]")]
    NoMail,
    /// The mail server did not take it.
    #[error("{0}")]
    Mail(Fault),
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
        sent(request.ok_or(SendError::Unreachable)?, to.timeout).await
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
async fn sent(request: RequestBuilder, within: Duration) -> Result<(), SendError> {
    match request.timeout(within).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(SendError::Refused(answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err(SendError::Slow),
        Err(_) => Err(SendError::Unreachable),
    }
}

/// A secret as text, without the line end of its file.
fn text_of(secret: &crate::config::model::Secret) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(secret.expose()).trim().to_owned())
}
