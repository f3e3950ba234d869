//! A host that an operator lets a plugin fetch from: a name or an address, perhaps with a port.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// `api.telegram.org`, `pbx.example:8088`, `10.0.0.7:8080`, `[fd00::7]:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostGrant {
    /// Name in lower case, or an address.
    pub host: Host,
    /// None: the port of https.
    pub port: Option<u16>,
}

/// The part before the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// To be resolved, in lower case.
    Name(String),
    /// Granted by number: the only way to a private address.
    Address(IpAddr),
}

/// Why a text is no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a host (`name`, `name:port` or `address:port`) without scheme or path")]
pub struct NotAHost;

/// By TLS, or to an address of this machine itself.
pub(crate) fn is_https_or_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

impl FromStr for HostGrant {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        if let Ok(address) = text.parse::<std::net::SocketAddr>() {
            return Ok(Self { host: Host::Address(address.ip()), port: Some(address.port()) });
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self { host: Host::Address(address), port: None });
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port.parse::<u16>().map_err(|_| NotAHost)?)),
            None => (text, None),
        };
        let label = |label: &str| {
            !label.is_empty()
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if name.split('.').all(label) && port != Some(0) {
            Ok(Self { host: Host::Name(name.to_ascii_lowercase()), port })
        } else {
            Err(NotAHost)
        }
    }
}

impl fmt::Display for HostGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.host, self.port) {
            (Host::Name(name), None) => f.write_str(name),
            (Host::Name(name), Some(port)) => write!(f, "{name}:{port}"),
            (Host::Address(address), None) => write!(f, "{address}"),
            (Host::Address(address), Some(port)) => {
                write!(f, "{}", std::net::SocketAddr::new(*address, port))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        for text in ["api.telegram.org", "pbx.example:8088", "10.0.0.7:8080", "[fd00::7]:8080"] {
            let grant: HostGrant = text.parse().expect(text);
            assert_eq!(grant.to_string(), text);
        }
        assert!(matches!(
            "127.0.0.1:80".parse::<HostGrant>(),
            Ok(HostGrant { host: Host::Address(_), port: Some(80) })
        ));
        for text in ["", "https://x.org", "x.org/path", "x.org:0", "x..org", "x.org:99999"] {
            assert_eq!(text.parse::<HostGrant>(), Err(NotAHost), "{text}");
        }
    }
}
