//! Reads `[access]`: who may do what.

use std::time::Duration;

use super::{SECOND, listen, oidc};
use crate::config::model::Access;
use crate::config::section::Section;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn access(mut section: Section<'_>, public_url: Option<&str>) -> Access {
    let default = Access::default();
    let small = |section: &mut Section<'_>, key, default: u32, max: usize| {
        let count = section.count(key, default as usize, 1..=max);
        u32::try_from(count).unwrap_or(default)
    };
    let open_networks = listen::networks(&mut section, "open_networks");
    let metrics_networks = listen::networks(&mut section, "metrics_networks");
    let says_metrics = section.has("metrics_networks");
    let oidc = section.take("oidc").map(|node| {
        oidc::needs_an_address(&section, public_url);
        oidc::oidc(Section::of(section.reader, section.key("oidc"), Some(node)))
    });
    let access = Access {
        oidc,
        open_networks,
        metrics_networks: if says_metrics { metrics_networks } else { default.metrics_networks },
        session_hours: small(&mut section, "session_hours", default.session_hours, 24 * 365),
        sessions_max: section.count("sessions_max", default.sessions_max, 1..=1_000_000),
        sessions_per_person_max: section.count(
            "sessions_per_person_max",
            default.sessions_per_person_max,
            1..=1_000_000,
        ),
        people_max: section.count("people_max", default.people_max, 1..=100_000),
        tokens_max: section.count("tokens_max", default.tokens_max, 1..=100_000),
        login_attempts_max: small(
            &mut section,
            "login_attempts_max",
            default.login_attempts_max,
            1000,
        ),
        login_attempts_within: section.duration(
            "login_attempts_within",
            default.login_attempts_within,
            SECOND,
        ),
        login_attempts_kept_max: section.count(
            "login_attempts_kept_max",
            default.login_attempts_kept_max,
            100..=1_000_000,
        ),
        audit_keep: section.duration("audit_keep", default.audit_keep, DAY),
        audit_rows_max: section.count("audit_rows_max", default.audit_rows_max, 1000..=10_000_000),
    };
    section.finish();
    access
}
