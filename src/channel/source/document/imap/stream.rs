//! The connection to an IMAP server: over TLS, and with a bound on what the server may say.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

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
    pub(super) async fn open(host: &str, port: u16, plain: bool) -> Result<Self, &'static str> {
        let tcp = TcpStream::connect((host, port))
            .await
            .map_err(|_| "the IMAP server cannot be reached")?;
        let inner: Box<dyn Both> = match plain {
            true => Box::new(tcp),
            false => Box::new(
                tls()?
                    .connect(
                        ServerName::try_from(host.to_owned())
                            .map_err(|_| "the name of the IMAP server is none")?,
                        tcp,
                    )
                    .await
                    .map_err(
                        |_| "the IMAP server's certificate is not trusted, or it speaks no TLS",
                    )?,
            ),
        };
        Ok(Self { inner, allowed: WORDS_BYTES_MAX })
    }

    /// From now on so many bytes may come, and the words around them.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowed = bytes.saturating_add(WORDS_BYTES_MAX);
    }
}

fn tls() -> Result<TlsConnector, &'static str> {
    let failed = "TLS cannot be used: the machine has no certificates of authorities";
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| failed)?
        .with_platform_verifier()
        .map_err(|_| failed)?
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
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
