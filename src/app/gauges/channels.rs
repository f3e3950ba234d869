//! Channels: whether their feeds can be trusted, and whether something unusual comes by them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Moment;
use crate::event::{Millis, UnixMs};
use crate::scope::{FeedHealth, Selector, Window};
use crate::telemetry::names;

/// What may jump, and its KPI.
const JUMPS: [(&str, &str); 3] =
    [("contacts", "contacts_jump"), ("mentions", "mentions_jump"), ("negative", "negative_jump")];
/// How often jumps are computed: each looks at five hours of five weeks, and moves slowly.
const JUMPS_EVERY_MS: Millis = 60_000;

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

/// How unusual the last hour of each channel is, as it was computed last.
#[derive(Default)]
pub(super) struct Jumps {
    known: Vec<(String, [Option<f64>; JUMPS.len()])>,
    due_ms: UnixMs,
}

impl Jumps {
    pub(super) fn publish(&mut self, moment: &Moment<'_>) {
        if moment.now_ms >= self.due_ms {
            self.known = moment.engine.channels().map(|channel| jumps(moment, channel)).collect();
            self.due_ms = moment.now_ms + JUMPS_EVERY_MS;
        }
        for (channel, deviations) in &self.known {
            for ((of, _), deviations) in JUMPS.iter().zip(deviations) {
                names::JUMP.set(&[channel, of], *deviations);
            }
        }
    }
}

fn jumps(moment: &Moment<'_>, channel: &str) -> (String, [Option<f64>; JUMPS.len()]) {
    let selector = Selector::channel(channel);
    let deviations = JUMPS.map(|(_, kpi)| moment.number(kpi, &selector, Window::Now));
    (channel.to_owned(), deviations)
}
