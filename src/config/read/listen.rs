//! Where the server listens: what must not collide, and by which names it is asked for.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use reqwest::Url;

use crate::config::section::Section;

/// Whether two listeners cannot both be had. Port 0 takes any that is free.
pub(super) fn collide(a: SocketAddr, b: SocketAddr) -> bool {
    a.port() == b.port()
        && a.port() != 0
        && (a.ip() == b.ip() || a.ip().is_unspecified() || b.ip().is_unspecified())
}

/// `hosts` and `admin_hosts`: names of hosts without ports.
pub(super) fn hosts(section: &mut Section<'_>, key: &'static str) -> Vec<String> {
    let hosts = section.texts(key).into_iter().map(|(_, text)| text);
    let hosts: Vec<String> = hosts.collect();
    if let Some(odd) = hosts.iter().find(|host| !is_host_name(host)) {
        let expected = "names without ports such as \"metrics.example.org\"";
        section.wrong(key, format!("\"{odd}\""), expected);
    }
    hosts
}

/// The same with the name in the listener's own address: by that people open it, too.
pub(super) fn with_own(mut hosts: Vec<String>, address: Option<&str>) -> Vec<String> {
    let address = address.and_then(|address| address.parse::<Url>().ok());
    let own = address.as_ref().and_then(Url::domain);
    hosts.extend(own.filter(|own| !hosts.iter().any(|host| host == own)).map(str::to_owned));
    hosts
}

/// `trusted_proxies` and the like: addresses and networks.
pub(super) fn networks(section: &mut Section<'_>, key: &'static str) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for (_, text) in section.texts(key) {
        let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
        match text.parse::<IpNet>().ok().or_else(address) {
            Some(network) => networks.push(network),
            None => {
                let expected = "addresses and networks such as \"127.0.0.1\" or \"10.0.0.0/8\"";
                section.wrong(key, format!("\"{text}\""), expected);
            }
        }
    }
    networks
}

/// `public_url`: how networks reach the server. What is behind the host is a proxy's path.
pub(super) fn public_url(section: &mut Section<'_>) -> Option<String> {
    url(section, "public_url")
}

/// An address that pages are below.
pub(super) fn url(section: &mut Section<'_>, key: &'static str) -> Option<String> {
    let text = section.optional_text(key)?;
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    if !text.parse::<Url>().is_ok_and(|url| plain(&url)) {
        let expected = "an address such as \"https://desk.example.org\", with the proxy's path if \
                        it has one";
        section.wrong(key, format!("{text:?}"), expected);
        return None;
    }
    // As it is written: the network signs each letter of it.
    Some(text.trim_end_matches('/').to_owned())
}

/// A name, or labels like those of one.
pub(super) fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_answers_by_the_name_in_its_own_address() {
        let hosts = || vec!["wall.example".to_owned()];
        assert_eq!(with_own(hosts(), None), hosts());
        assert_eq!(with_own(hosts(), Some("https://wall.example:8443/tablica")), hosts());
        assert_eq!(with_own(hosts(), Some("http://10.0.0.7:8080")), hosts());
        let both = with_own(hosts(), Some("https://desk.example.org/x"));
        assert_eq!(both, ["wall.example", "desk.example.org"]);
    }
}
