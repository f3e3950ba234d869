//! Counters of what the config names, at 0: one that appears with its first contact has not risen
//! for Prometheus. What only the network names appears when it does.

use std::collections::BTreeSet;

use super::queues::FLOWS;
use crate::channel::host::NotCompiled;
use crate::config::model::{Config, Policy};
use crate::engine::QUEUES_MAX;
use crate::telemetry::names;

/// Places that are begun with; in a config with more, the others appear with their first contact.
const PLACES_MAX: usize = 2000;

pub(super) fn at_zero(config: &Config) {
    for class in NotCompiled::ALL {
        names::PLUGIN_NOT_COMPILED.reach(&[class.word()], 0);
    }
    for queue in queues(config) {
        names::SL_DECIDED.reach(&[queue], 0);
        names::SL_IN_TIME.reach(&[queue], 0);
    }
    let places = places(config);
    for (channel, queue) in &places {
        for (metric, _) in FLOWS {
            metric.reach(&[channel, queue], 0);
        }
    }
    for (name, policy) in &config.policies {
        for (channel, queue) in places.iter().filter(|place| may_promise(policy, place)) {
            names::POLICY_MET.reach(&[name, channel, queue], 0);
            names::POLICY_BREACHED.reach(&[name, channel, queue], 0);
        }
    }
}

/// The queues that the config names, by a section or as a channel's own.
pub(super) fn queues(config: &Config) -> BTreeSet<&str> {
    let own = config.channels.values().filter_map(|channel| channel.queue.as_deref());
    own.chain(config.queues.named.keys().map(String::as_str)).take(QUEUES_MAX).collect()
}

/// Where contacts can be counted: a channel with a queue of its own there, all others in each queue
/// that has a section.
fn places(config: &Config) -> BTreeSet<(&str, &str)> {
    let places = config.channels.values().flat_map(|channel| {
        let own = channel.queue.as_deref();
        let others = config.queues.named.keys().map(String::as_str);
        let others = others.filter(move |_| own.is_none());
        own.into_iter().chain(others).map(|queue| (channel.name.as_str(), queue))
    });
    places.take(PLACES_MAX).collect()
}

fn may_promise(policy: &Policy, (channel, queue): &(&str, &str)) -> bool {
    let has = |names: &[String], name: &str| names.is_empty() || names.iter().any(|it| it == name);
    has(&policy.channels, channel) && has(&policy.queues, queue)
}
