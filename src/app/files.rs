//! How many files may be open: every connection is one, and so are the journal's and the plugins'.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::model::Server;

/// Files that are no connections of a listener: journal, roll-ups, quarantine, plugins' requests.
const OTHERS: u64 = 512;

/// Has the system allow as many open files as the server's limits need. Where it does not, there are
/// fewer connections and screens: the journal and the admin listener never lack a file because of
/// them.
pub(crate) fn make_room(server: &mut Server) {
    let places = number(server.connections_max).saturating_add(number(server.screens_max));
    let reserved = OTHERS.saturating_add(number(server.admin_connections_max));
    let needed = places.saturating_add(reserved);
    let allowed = raise_to(needed);
    if allowed >= needed {
        return;
    }
    let fitting = |max: usize| {
        let left = u128::from(allowed.saturating_sub(reserved));
        let part = left * u128::from(number(max)) / u128::from(places.max(1));
        usize::try_from(part).unwrap_or(max).max(1)
    };
    let limits = (fitting(server.connections_max), fitting(server.screens_max));
    (server.connections_max, server.screens_max) = limits;
    tracing::warn!(
        allowed,
        needed,
        connections_max = server.connections_max,
        screens_max = server.screens_max,
        "the system allows fewer open files than server.connections_max and server.screens_max need: \
         they are lowered; raise the hard limit (LimitNOFILE= of systemd, ulimit -Hn)"
    );
}

fn number(places: usize) -> u64 {
    u64::try_from(places).unwrap_or(u64::MAX)
}

/// The soft limit, raised as far as it is needed and may be.
fn raise_to(needed: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // No number means no limit.
    let Some(now) = current.filter(|now| *now < needed) else { return current.unwrap_or(u64::MAX) };
    let wanted = maximum.map_or(needed, |maximum| maximum.min(needed));
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            now
        }
    }
}
