//! One conversation with the mail server. What it says is not repeated: answers may hold addresses.

use std::error::Error as _;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, response::Severity};
use tokio::time::timeout;

use crate::channel::trust;
use crate::config::model::{Mail, MailTls};
use crate::config::units;

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nobody can be spoken to.
    #[error("the mail server cannot be reached, or broke off")]
    Unreachable,
    /// It took too long.
    #[error("the mail server did not answer within {0}")]
    Slow(String),
    /// `tls = "starttls"`, and it offers none.
    #[error("the mail server offers no STARTTLS, and mail.tls asks for it: nothing was said to it")]
    NoStarttls,
    /// It is not who it should be.
    #[error("the mail server is not trusted: {0}")]
    Untrusted(&'static str),
    /// `ca_file` is no such file.
    #[error("mail.{0}")]
    CaFile(String),
    /// The login was refused.
    #[error("the mail server refused the login (mail.user, mail.password) with {0}")]
    Login(u16),
    /// It knows no way to log in that we know.
    #[error("the mail server offers no login by PLAIN or LOGIN")]
    NoLogin,
    /// Not now.
    #[error("the mail server puts it off with {0}")]
    PutOff(u16),
    /// Never.
    #[error("the mail server refuses it with {0}")]
    Refused(u16),
    /// It speaks something else.
    #[error("what the mail server says is no SMTP")]
    Strange,
    /// The letter could not be written.
    #[error("the report could not be made: {0}")]
    Unwritten(String),
}

impl Fault {
    /// It makes no sense to try the same again.
    pub fn is_final(&self) -> bool {
        matches!(self, Fault::Refused(_) | Fault::Login(500..))
    }

    /// It is the same for everybody that this server sends to.
    pub(super) fn is_of_server(&self) -> bool {
        !matches!(self, Fault::PutOff(_) | Fault::Refused(_) | Fault::Unwritten(_))
    }
}

/// Where the conversation stands.
pub(super) struct Talk<'a> {
    mail: &'a Mail,
    open: Option<AsyncSmtpConnection>,
}

impl<'a> Talk<'a> {
    pub(super) fn with(mail: &'a Mail) -> Self {
        Self { mail, open: None }
    }

    /// Hands over one message; it is the mail server's when this returns `Ok`.
    pub(super) async fn hand_over(&mut self, message: &Message) -> Result<(), Fault> {
        let limit = self.mail.timeout;
        let done = timeout(limit, self.send(message))
            .await
            .unwrap_or_else(|_| Err(Fault::Slow(units::format_duration(limit))));
        if done.is_err() {
            // Whatever it is in the middle of: the next one begins anew.
            self.open = None;
        }
        done
    }

    async fn send(&mut self, message: &Message) -> Result<(), Fault> {
        let mut connection = match self.open.take() {
            Some(open) => open,
            None => open(self.mail).await?,
        };
        connection
            .send(message.envelope(), &message.formatted())
            .await
            .map_err(|error| fault(&error))?;
        self.open = Some(connection);
        Ok(())
    }

    /// Says goodbye.
    pub(super) async fn end(mut self) {
        if let Some(mut open) = self.open.take() {
            let _ = timeout(self.mail.timeout, open.quit()).await;
        }
    }
}

async fn open(mail: &Mail) -> Result<AsyncSmtpConnection, Fault> {
    let tls = match mail.tls {
        MailTls::None => None,
        MailTls::Required | MailTls::Starttls => Some(trusted(mail).await?),
    };
    let name = ClientId::default();
    let server = (mail.server.as_str(), mail.port);
    let at_once = tls.clone().filter(|_| mail.tls == MailTls::Required);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(server, Some(mail.timeout), &name, at_once, None)
            .await
            .map_err(|error| fault(&error))?;
    if mail.tls == MailTls::Starttls {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(Fault::NoStarttls);
        }
        let tls = tls.ok_or(Fault::NoStarttls)?;
        connection.starttls(tls, &name).await.map_err(|error| fault(&error))?;
    }
    log_in(mail, &mut connection).await?;
    Ok(connection)
}

async fn log_in(mail: &Mail, connection: &mut AsyncSmtpConnection) -> Result<(), Fault> {
    let (Some(user), Some(password)) = (&mail.user, &mail.password) else { return Ok(()) };
    let password = String::from_utf8_lossy(password.expose()).into_owned();
    let credentials = Credentials::new(user.clone(), password);
    let done = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
    done.map(drop).map_err(|error| match error.status().map(number) {
        Some(code) => Fault::Login(code),
        None if error.is_client() => Fault::NoLogin,
        None => fault(&error),
    })
}

/// Whom the machine trusts, and the authorities of `mail.ca_file` besides. Read for each
/// conversation: a file that the operator has renewed is taken up.
async fn trusted(mail: &Mail) -> Result<TlsParameters, Fault> {
    let (file, server) = (mail.ca_file.clone(), mail.server.clone());
    let made = tokio::task::spawn_blocking(move || {
        let authorities = trust::authorities(file.as_deref());
        let authorities = authorities.map_err(|error| Fault::CaFile(error.to_string()))?;
        let mut builder = TlsParametersBuilder::new(server);
        for authority in authorities {
            let authority = Certificate::from_der(authority.to_vec());
            builder = builder.add_root_certificate(authority.map_err(|error| fault(&error))?);
        }
        builder.build_rustls().map_err(|error| fault(&error))
    });
    made.await.unwrap_or(Err(Fault::Unreachable))
}

fn fault(error: &smtp::Error) -> Fault {
    if let Some(code) = error.status() {
        return match code.severity {
            Severity::PermanentNegativeCompletion => Fault::Refused(number(code)),
            _ => Fault::PutOff(number(code)),
        };
    }
    let refusal = error.source().and_then(trust::refusal);
    match refusal {
        Some(refusal) => Fault::Untrusted(refusal.peer),
        None if error.is_response() || error.is_client() => Fault::Strange,
        None => Fault::Unreachable,
    }
}

fn number(code: smtp::response::Code) -> u16 {
    u16::from(code)
}
