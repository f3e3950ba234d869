//! Who came in, and what the limits of `[access]` refused.

use std::sync::atomic::Ordering;

use crate::access::Access;
use crate::access::oidc::Oidc;
use crate::telemetry::names;

pub(super) fn publish(access: &Access) {
    let counts = access.counts();
    for (result, count) in
        [("ok", &counts.logins), ("failed", &counts.failed), ("limited", &counts.limited)]
    {
        names::LOGINS.reach(&[result], count.load(Ordering::Relaxed));
    }
    for (limit, count) in [
        ("login_attempts_max", counts.limited.load(Ordering::Relaxed)),
        ("login_attempts_kept_max", access.attempts_forgotten()),
        ("sessions_max", counts.sessions_ended.load(Ordering::Relaxed)),
        ("people_max", counts.people_refused.load(Ordering::Relaxed)),
        ("tokens_max", counts.tokens_refused.load(Ordering::Relaxed)),
        ("audit_rows_max", counts.acts_dropped.load(Ordering::Relaxed)),
        ("audit_lost", counts.acts_lost.load(Ordering::Relaxed)),
    ] {
        names::ACCESS_LIMITED.reach(&[limit], count);
    }
}

pub(super) fn publish_oidc(oidc: &Oidc) {
    let counts = oidc.counts();
    for (result, count) in [
        ("ok", &counts.ok),
        ("refused", &counts.refused),
        ("stale", &counts.stale),
        ("denied", &counts.denied),
        ("forged", &counts.forged),
        ("provider", &counts.provider),
        ("busy", &counts.busy),
    ] {
        names::OIDC_LOGINS.reach(&[result], count.load(Ordering::Relaxed));
    }
    let busy = counts.busy.load(Ordering::Relaxed);
    for (limit, count) in
        [("oidc.logins_at_once_max", busy), ("oidc.logins_kept_max", oidc.logins_forgotten())]
    {
        names::ACCESS_LIMITED.reach(&[limit], count);
    }
}
