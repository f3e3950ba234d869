//! Where the server listens: what must not collide, and by which names it is asked for.

use std::net::SocketAddr;

use crate::config::section::Section;

/// Whether two listeners cannot both be had. Port 0 takes any that is free.
pub(super) fn collide(a: SocketAddr, b: SocketAddr) -> bool {
    a.port() == b.port()
        && a.port() != 0
        && (a.ip() == b.ip() || a.ip().is_unspecified() || b.ip().is_unspecified())
}

/// `admin_hosts`: names of hosts without ports.
pub(super) fn admin_hosts(section: &mut Section<'_>) -> Vec<String> {
    let hosts = section.texts("admin_hosts").into_iter().map(|(_, text)| text);
    let hosts: Vec<String> = hosts.collect();
    if let Some(odd) = hosts.iter().find(|host| !is_host_name(host)) {
        let expected = "names without ports such as \"metrics.example.org\"";
        section.wrong("admin_hosts", format!("\"{odd}\""), expected);
    }
    hosts
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.split('.').all(is_label)
}
