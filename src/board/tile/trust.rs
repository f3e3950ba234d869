//! How far a number can be trusted: which of the channels that feed it are missing in it.

use super::State;
use crate::board::figures::Scene;
use crate::board::format;
use crate::scope::{ChannelCoverage, Coverage, FeedHealth, FeedWhy};

/// The state of a tile with that coverage, and who is missing since when. A number is stale only
/// when all that feed it are missing and one of them is broken: silence alone loses nothing, so
/// what nobody says anything against stays readable.
pub(crate) fn trust<'a>(
    coverage: impl IntoIterator<Item = &'a Coverage>,
    scene: &Scene<'_>,
) -> (State, Option<String>) {
    let channels = coverage.into_iter().flat_map(|coverage| &coverage.channels);
    let (mut missing, mut any_live) = (Vec::<&ChannelCoverage>::new(), false);
    for channel in channels {
        match channel.feed {
            FeedHealth::Live => any_live = true,
            FeedHealth::NoData => {}
            // Several lines of one tile come by the same channel.
            FeedHealth::Late | FeedHealth::Silent if missing.contains(&channel) => {}
            FeedHealth::Late | FeedHealth::Silent => missing.push(channel),
        }
    }
    if missing.is_empty() {
        return (State::Live, None);
    }
    let is_broken = |channel: &&ChannelCoverage| channel.why.is_some_and(FeedWhy::is_broken);
    let is_stale = !any_live && missing.iter().any(is_broken);
    let names: Vec<_> =
        missing.iter().map(|channel| scene.site.channel_title(&channel.channel)).collect();
    // Since the earliest of them: from then on the number lacks something.
    let since = missing.iter().filter_map(|channel| channel.since_ms).min();
    let since = since.map(|at| format::clock_time(at, &scene.site.time_zone));
    let state = if is_stale { State::Stale } else { State::Late };
    (state, Some(scene.language.without(&names.join(", "), since.as_deref())))
}
