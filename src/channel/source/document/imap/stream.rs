//! The connection to an IMAP server: over TLS, and with a bound on what the server may say.

use std::fmt;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Mailbox;
use crate::channel::trust::{self, CaFileError};

/// What an answer may have beside the bytes that were asked for: lists of numbers, mostly.
const WORDS_BYTES_MAX: usize = 8 * 1024 * 1024;

trait Both: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Both for T {}

/// See the module.
pub(super) struct Wire {
    inner: Box<dyn Both>,
    /// Bytes that may still come: the library keeps an answer whole in memory.
    allowed: usize,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    pub(super) async fn open(mailbox: &Mailbox) -> Result<Self, &'static str> {
        let Mailbox { host, port, plain, .. } = mailbox;
        let tcp = TcpStream::connect((host.as_str(), *port))
            .await
            .map_err(|_| "the IMAP server cannot be reached")?;
        let inner: Box<dyn Both> = match plain {
            true => Box::new(tcp),
            false => {
                let name = ServerName::try_from(host.clone())
                    .map_err(|_| "the name of the IMAP server is none")?;
                // Read for each call: a file that the operator has renewed is taken up.
                let file = mailbox.ca_file.clone();
                let tls = tokio::task::spawn_blocking(move || tls(file.as_deref())).await;
                let tls = tls.unwrap_or(Err("TLS cannot be used"))?;
                Box::new(tls.connect(name, tcp).await.map_err(|error| refusal(&error))?)
            }
        };
        Ok(Self { inner, allowed: WORDS_BYTES_MAX })
    }

    /// From now on so many bytes may come, and the words around them.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowed = bytes.saturating_add(WORDS_BYTES_MAX);
    }
}

fn tls(ca_file: Option<&Path>) -> Result<TlsConnector, &'static str> {
    let authorities = trust::authorities(ca_file).map_err(|error| match error {
        CaFileError::Read(_) => "the channel's ca_file cannot be read",
        CaFileError::NoCertificate => {
            "the channel's ca_file holds no authority's certificate in PEM"
        }
    })?;
    let config = trust::client(authorities)
        .map_err(|_| "TLS cannot be used: the machine has no certificates of authorities")?;
    Ok(TlsConnector::from(Arc::new(config)))
}

fn refusal(error: &io::Error) -> &'static str {
    let broke_off = "the TLS handshake with the IMAP server broke off";
    trust::refusal(error).map_or(broke_off, |why| why.mail_server)
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        let count = buffer.filled().len() - before;
        match self.allowed.checked_sub(count) {
            Some(left) => self.allowed = left,
            None => return Poll::Ready(Err(io::Error::other("the answer is too long"))),
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
