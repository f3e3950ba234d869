//! Questions that the server asks for itself and not for a plugin: of an address in its own config, and of
//! those to which that leads. By the same client and the same rules: https, only to addresses that are
//! everybody's or that the operator has named, no redirects, and answers within limits.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Request, Url};
use zeroize::Zeroizing;

use super::address::{Lookup, is_public};
use super::error::explain;
use super::{EgressError, FetchError, body, client, fits, has_user};
use crate::channel::trust;
use crate::config::host::{Host, HostGrant};

/// Where errands may lead, and how much they may cost.
#[derive(Clone, Debug)]
pub struct ErrandRules {
    /// The address of the config. Written by number it may be any, also without TLS at this machine.
    pub address: String,
    /// Networks whose addresses may be asked although they are not everybody's.
    pub private_networks: Vec<IpNet>,
    /// Authorities beside the machine's own.
    pub ca_file: Option<PathBuf>,
    /// Longest time for an answer.
    pub timeout: Duration,
    /// Longest answer.
    pub response_bytes_max: usize,
}

/// Runs errands.
pub struct Errands {
    client: Client,
    rules: ErrandRules,
    /// The config's own address, where it is a number.
    by_number: Option<HostGrant>,
    has_authorities: bool,
}

impl Errands {
    /// Blocks: it reads the authorities.
    pub fn new(rules: ErrandRules, lookup: &Lookup) -> Result<Self, EgressError> {
        let authorities = trust::authorities(rules.ca_file.as_deref())?;
        let tls = trust::client(authorities).ok();
        let has_authorities = tls.is_some();
        let client = client::client(tls, lookup, rules.private_networks.clone());
        let client = client.map_err(EgressError::Client)?;
        let own = rules.address.parse::<Url>().ok();
        let by_number = own.and_then(|url| {
            let host = Host::Address(number(&url)?);
            Some(HostGrant { host, port: url.port_or_known_default() })
        });
        Ok(Self { client, rules, by_number, has_authorities })
    }

    /// Gets, or posts a form. The status of the answer, and its body.
    pub async fn ask(
        &self,
        url: &str,
        form: Option<Zeroizing<String>>,
        authorization: Option<Zeroizing<String>>,
    ) -> Result<(u16, Zeroizing<Vec<u8>>), FetchError> {
        let url: Url = url.parse().map_err(|_| FetchError::Address)?;
        let host = self.check(&url)?;
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::new(method, url);
        if let Some(form) = form {
            let of_a_form = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers_mut().insert(CONTENT_TYPE, of_a_form);
            *request.body_mut() = Some(form.as_bytes().to_vec().into());
        }
        if let Some(value) = authorization {
            let odd = |_| FetchError::Header(AUTHORIZATION.to_string());
            let mut value = HeaderValue::from_str(&value).map_err(odd)?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let timeout = self.rules.timeout;
        let exchange = self.exchange(request, &host);
        let late = |_| FetchError::Timeout { host: host.clone(), timeout };
        tokio::time::timeout(timeout, exchange).await.map_err(late)?
    }

    /// The host, if it may be asked.
    fn check(&self, url: &Url) -> Result<String, FetchError> {
        let (Some(host), false) = (url.host_str(), has_user(url)) else {
            return Err(FetchError::Address);
        };
        let host = host.to_owned();
        let address = number(url);
        let is_own = address.is_some_and(|address| {
            self.by_number.as_ref().is_some_and(|own| fits(own, &Host::Address(address), url))
        });
        match url.scheme() {
            "https" if !self.has_authorities => return Err(FetchError::NoAuthorities),
            "https" => {}
            "http" if is_own && address.is_some_and(|it| it.is_loopback()) => {}
            _ => return Err(FetchError::PlainHttp(host)),
        }
        let is_named = |address: IpAddr| {
            self.rules.private_networks.iter().any(|network| network.contains(&address))
        };
        if address.is_some_and(|it| !is_own && !is_public(it) && !is_named(it)) {
            return Err(FetchError::PrivateAddress(host));
        }
        Ok(host)
    }

    async fn exchange(
        &self,
        request: Request,
        host: &str,
    ) -> Result<(u16, Zeroizing<Vec<u8>>), FetchError> {
        let mut answer = self.client.execute(request).await.map_err(|it| explain(&it, host))?;
        let body = body(&mut answer, host, self.rules.response_bytes_max).await?;
        Ok((answer.status().as_u16(), Zeroizing::new(body)))
    }
}

/// The URL's parser has brought odd spellings of numbers (0x7f.1) into the usual one.
fn number(url: &Url) -> Option<IpAddr> {
    let bare = url.host_str()?.trim_matches(['[', ']']);
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::super::system_lookup;
    use super::*;

    fn may_be_asked(address: &str, networks: &[&str], url: &str) -> Result<(), String> {
        let rules = ErrandRules {
            address: address.to_owned(),
            private_networks: networks.iter().map(|it| it.parse().expect("a network")).collect(),
            ca_file: None,
            timeout: Duration::from_secs(1),
            response_bytes_max: 1000,
        };
        let mut errands = Errands::new(rules, &system_lookup()).expect("made");
        // Whether this machine has any is not the question here.
        errands.has_authorities = true;
        let checked = errands.check(&url.parse().expect("an address"));
        checked.map(drop).map_err(|error| error.id().to_owned())
    }

    #[test]
    fn errands_lead_only_where_the_operator_points_or_everybody_is() {
        let issuer = "https://id.example.org";
        assert_eq!(may_be_asked(issuer, &[], "https://keys.example.net/jwks"), Ok(()));
        for (url, why) in [
            ("http://id.example.org/", "not_granted"),
            ("ftp://id.example.org/", "not_granted"),
            ("http://127.0.0.1:8081/", "not_granted"),
            ("https://127.0.0.1/", "private_address"),
            ("https://169.254.169.254/latest/", "private_address"),
            ("https://0x7f.1/", "private_address"),
            ("https://[::ffff:10.0.0.1]/", "private_address"),
            ("https://u:p@id.example.org/", "bad_request"),
        ] {
            assert_eq!(may_be_asked(issuer, &[], url), Err(why.to_owned()), "{url}");
        }
        let here = "http://127.0.0.1:8081/realms/main";
        assert_eq!(may_be_asked(here, &[], "http://127.0.0.1:8081/jwks"), Ok(()));
        assert!(may_be_asked(here, &[], "http://127.0.0.1:9464/metrics").is_err(), "another port");
        assert!(may_be_asked(here, &[], "http://127.0.0.2:8081/jwks").is_err(), "another address");
        assert_eq!(may_be_asked("https://10.0.0.7", &[], "https://10.0.0.7/jwks"), Ok(()));
        assert!(may_be_asked("https://10.0.0.7", &[], "https://10.0.0.8/jwks").is_err());
        assert_eq!(may_be_asked(issuer, &["10.0.0.0/8"], "https://10.0.0.8/jwks"), Ok(()));
    }
}
