//! Which channels a number comes from, and whether their feeds can be trusted.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::read::CellView;
use crate::engine::{Calendar, ChannelHours, ChannelRules, Engine};
use crate::event::{FeedPart, KindName, UnixMs};
use crate::scope::{ChannelCoverage, Coverage, FeedHealth, Selector};

impl Engine {
    /// Which channels a selector's numbers come from, and how fresh each is. `can_feed` says of a
    /// channel, by its name and what its network tells, whether it has part in the number; one of
    /// which that is not known may tell everything. The channel that the selector names has.
    pub fn coverage(
        &self,
        selector: &Selector,
        now_ms: UnixMs,
        can_feed: impl Fn(&str, &BTreeSet<KindName>) -> bool,
    ) -> Coverage {
        let mut names: Vec<&str> = match (&selector.channel, &selector.queue) {
            (Some(channel), _) => vec![channel.as_str()],
            (None, Some(_)) => self.select(selector).iter().map(CellView::channel).collect(),
            (None, None) => self.channels().collect(),
        };
        names.sort_unstable();
        names.dedup();
        names.retain(|name| {
            let tells = self.rules.channels.get(*name).and_then(|rules| rules.tells.as_ref());
            selector.channel.is_some() || tells.is_none_or(|tells| can_feed(name, tells))
        });
        let channels = names.into_iter().map(|name| self.channel_coverage(name, now_ms));
        Coverage { channels: channels.collect() }
    }

    /// One channel's freshness.
    pub fn channel_coverage(&self, channel: &str, now_ms: UnixMs) -> ChannelCoverage {
        let known = self.state.channels.find(channel);
        let feed = known.and_then(|number| self.state.feeds.get(usize::from(number)));
        let unknown = ChannelRules::default();
        let rules = self.rules.channels.get(channel).unwrap_or(&unknown);
        let standing = feed.map(|feed| {
            let hours = || self.hours_of_channel(channel, &rules.hours, rules.queue.as_deref());
            feed.standing(rules, now_ms, &self.rules.time_zone, hours)
        });
        ChannelCoverage {
            channel: channel.to_owned(),
            last_event_ms: feed.and_then(|feed| feed.last_event_ms),
            feed: standing.map_or(FeedHealth::NoData, |standing| standing.feed),
            why: standing.and_then(|standing| standing.why),
            since_ms: standing.and_then(|standing| standing.since_ms),
        }
    }

    /// The calendars by which a channel is open: its own, or those of the queues that it feeds.
    fn hours_of_channel(
        &self,
        channel: &str,
        hours: &ChannelHours,
        queue: Option<&str>,
    ) -> Vec<Arc<Calendar>> {
        if let ChannelHours::Of(calendar) = hours {
            return vec![Arc::clone(calendar)];
        }
        let cells = self.select(&Selector::channel(channel));
        let seen = cells.iter().filter(|cell| cell.has_traffic()).map(CellView::queue);
        let mut queues: BTreeSet<&str> =
            seen.chain(queue).filter(|queue| !queue.is_empty()).collect();
        if queues.is_empty() {
            // As for every queue of which nothing else is said.
            queues.insert("");
        }
        queues.into_iter().map(|queue| self.rules.thresholds(queue).hours).collect()
    }

    /// Parts of feeds of which the host said last that they don't work, with their channels.
    pub fn broken_parts(&self) -> impl Iterator<Item = (&str, FeedPart)> {
        let feeds = self.state.channels.iter().zip(&self.state.feeds);
        feeds.flat_map(|((_, name), feed)| feed.broken_parts().map(move |part| (name, part)))
    }
}
