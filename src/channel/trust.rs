//! Whom a channel trusts over TLS: whom the machine trusts, and the authorities of the channel's `ca_file`
//! besides. Requests, links and IMAP stand on the same.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::files;

/// Longest `ca_file`: far more than all authorities of the world.
const CA_FILE_BYTES_MAX: u64 = 4 << 20;

/// Why a `ca_file` cannot be used. Its content is not repeated.
#[derive(Debug, thiserror::Error)]
pub enum CaFileError {
    /// It is not there, or may not be read.
    #[error("ca_file cannot be read: {0}")]
    Read(io::Error),
    /// It holds something else.
    #[error("ca_file holds no certificate of an authority in PEM (-----BEGIN CERTIFICATE-----)")]
    NoCertificate,
}

/// The authorities of a `ca_file`. Blocking IO.
pub fn authorities(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, CaFileError> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let pem = files::read(file, CA_FILE_BYTES_MAX).map_err(CaFileError::Read)?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = read.map_err(|_| CaFileError::NoCertificate)?;
    let mut roots = RootCertStore::empty();
    let are_authorities = certificates.iter().all(|it| roots.add(it.clone()).is_ok());
    if certificates.is_empty() || !are_authorities {
        return Err(CaFileError::NoCertificate);
    }
    Ok(certificates)
}

/// How a client of theirs speaks TLS; none when there is nobody to trust. Blocking IO.
pub fn client(authorities: Vec<CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(authorities, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        // Not less strict than the usual one: it is the platform's, with further roots.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_no_client_auth())
}

/// What the server itself asks other servers with: who trusts whom the machine trusts, follows nowhere and
/// says only what it is. Blocking IO.
pub fn asker() -> anyhow::Result<ClientBuilder> {
    // The process has one TLS provider; that it is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Client::builder()
        .user_agent(concat!("tablica/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .tls_backend_preconfigured(client(Vec::new())?))
}

/// Why a server is not trusted, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// After the server's name and a colon.
    pub peer: &'static str,
    /// As a sentence of its own about a mail server.
    pub mail_server: &'static str,
}

/// Why a server is not trusted; none when TLS was not the matter.
pub fn refusal(error: &(dyn Error + 'static)) -> Option<Refusal> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(words(tls));
        }
        // An error of IO does not name the one that it wraps as its source.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn words(error: &rustls::Error) -> Refusal {
    use CertificateError as Bad;
    let (peer, mail_server) = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => (
                "its certificate is for another name",
                "the IMAP server's certificate is for another name",
            ),
            Bad::Expired | Bad::ExpiredContext { .. } => {
                ("its certificate has expired", "the IMAP server's certificate has expired")
            }
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => (
                "its certificate is not valid yet, by this machine's clock",
                "the IMAP server's certificate is not valid yet, by this machine's clock",
            ),
            Bad::UnknownIssuer => (
                "its certificate is signed by nobody whom this machine or ca_file trusts",
                "the IMAP server's certificate is signed by nobody whom this machine or ca_file trusts",
            ),
            _ => ("its certificate is not good", "the IMAP server's certificate is not good"),
        },
        _ => (
            "it speaks no TLS, or none that is good enough",
            "the IMAP server speaks no TLS, or none that is good enough",
        ),
    };
    Refusal { peer, mail_server }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::authority::Authority;

    #[test]
    fn a_file_must_hold_authorities_and_nothing_of_it_is_repeated() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("ca.pem");
        let read = || authorities(Some(&file)).map(|it| it.len()).map_err(|it| it.to_string());
        assert!(read().expect_err("not there").starts_with("ca_file cannot be read: "));
        let (one, other) = (Authority::new("One"), Authority::new("Other"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in ["", "no certificate", broken] {
            std::fs::write(&file, text).expect("write");
            assert!(read().expect_err(text).contains("in PEM"));
        }
        std::fs::write(&file, one.pem() + &other.pem()).expect("write");
        assert_eq!(read(), Ok(2));
        assert_eq!(authorities(None).map(|it| it.len()).ok(), Some(0));
    }
}
