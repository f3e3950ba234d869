//! `[boards]`: what the walls show, and from where.

use std::time::Duration;

use axum::http::uri::Authority;

use super::listen::is_host_name;
use crate::config::model::Boards;
use crate::config::section::Section;

const KIB: usize = 1024;
const GIB: usize = KIB * KIB * KIB;

pub(super) fn boards(mut section: Section<'_>) -> Boards {
    let default = Boards::default();
    let frames =
        section.count("frames_per_second_max", default.frames_per_second_max as usize, 1..=30);
    let volume = section.count("min_volume", default.min_volume as usize, 0..=1_000_000);
    let boards = Boards {
        dir: section.folder("dir"),
        frames_per_second_max: u32::try_from(frames).unwrap_or(default.frames_per_second_max),
        min_volume: u32::try_from(volume).unwrap_or(default.min_volume),
        image_bytes_max: section.bytes("image_bytes_max", default.image_bytes_max, KIB..=GIB),
        images_bytes_max: section.bytes("images_bytes_max", default.images_bytes_max, KIB..=GIB),
        versions_max: section.count("versions_max", default.versions_max, 1..=10_000),
        versions_bytes_max: section.bytes(
            "versions_bytes_max",
            default.versions_bytes_max,
            KIB * KIB..=GIB,
        ),
        instances_max: section.count("instances_max", default.instances_max, 1..=10_000),
        instance_idle: section.duration(
            "instance_idle",
            default.instance_idle,
            Duration::from_secs(1),
        ),
        embed_hosts: embed_hosts(&mut section),
    };
    section.finish();
    boards
}

/// Each is a name or an address, and a port where it is not the usual one.
fn embed_hosts(section: &mut Section<'_>) -> Vec<String> {
    let hosts = section.texts("embed_hosts").into_iter().map(|(_, text)| text);
    let hosts: Vec<String> = hosts.map(|host| host.to_ascii_lowercase()).collect();
    if let Some(odd) = hosts.iter().find(|host| !is_embed_host(host)) {
        let expected = "hosts such as \"status.example.com\" or \"grafana.example.com:3000\"";
        section.wrong("embed_hosts", format!("\"{odd}\""), expected);
    }
    hosts
}

fn is_embed_host(text: &str) -> bool {
    // It becomes a part of a header: what is no name must not come that far.
    text.parse::<Authority>().is_ok_and(|host| {
        let is_whole = match host.port() {
            Some(port) => format!("{}:{port}", host.host()) == text,
            None => host.host() == text,
        };
        is_whole && (is_host_name(host.host()) || host.host().parse::<std::net::Ipv4Addr>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_may_be_shown_has_no_scheme_no_path_and_no_star() {
        for good in ["status.example.com", "grafana:3000", "10.0.0.7", "10.0.0.7:8080"] {
            assert!(is_embed_host(good), "{good}");
        }
        for bad in [
            "https://status.example.com",
            "status.example.com/board",
            "*.example.com",
            "*",
            "a;script-src *",
            "me@example.com",
            "",
            "example.com:",
            "'self'",
        ] {
            assert!(!is_embed_host(bad), "{bad}");
        }
    }
}
