//! Channels: whether their feeds can be trusted.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Moment;
use crate::scope::FeedHealth;
use crate::telemetry::names;

/// Of each channel of the config; `silent_after` by name.
pub(super) fn publish(moment: &Moment<'_>, silent_after: &BTreeMap<String, Duration>) {
    let faults: BTreeMap<_, _> = moment.engine.faults().collect();
    for (channel, silent_after) in silent_after {
        let channel = channel.as_str();
        let coverage = moment.engine.channel_coverage(channel, moment.now_ms);
        for health in FeedHealth::ALL {
            let is_it = f64::from(coverage.feed == health);
            names::CHANNEL_FEED.set(&[channel, health.word()], is_it);
        }
        if let Some(last_event_ms) = coverage.last_event_ms {
            names::CHANNEL_LAST_EVENT.set(&[channel], last_event_ms as f64 / 1000.0);
        }
        names::CHANNEL_SILENT_AFTER.set(&[channel], silent_after.as_secs_f64());
        let faults = faults.get(channel).copied().unwrap_or_default();
        names::DUPLICATES.reach(&[channel], faults.duplicates);
        names::CLAMPED.reach(&[channel], faults.clamped);
    }
    for it in moment.engine.network_gauges() {
        names::NETWORK_REPORTED.set(&[it.channel, it.queue, it.name], it.value);
    }
}
