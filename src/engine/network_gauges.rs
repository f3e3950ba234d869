//! What the networks count themselves: shown beside our figures, and part of none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::engine::ids::QueueId;
use crate::event::{Gauge, UnixMs};

/// Gauges that are kept, of all channels and queues together; further ones are counted.
const GAUGES_MAX: usize = 1000;
/// Bytes of a gauge's name; those with a longer one are counted as further ones.
const NAME_BYTES_MAX: usize = 100;

/// Whose number it is: of a channel and queue, by name.
type Key = (u16, QueueId, String);

/// The last value of each, and its time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct NetworkGauges {
    held: BTreeMap<Key, (UnixMs, f64)>,
}

/// A count of a network's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkGauge<'a> {
    /// The channel's name.
    pub channel: &'a str,
    /// The queue's name; empty where the network names none.
    pub queue: &'a str,
    /// What is counted, in the network's words.
    pub name: &'a str,
    /// How many, or how much.
    pub value: f64,
    /// When it was so.
    pub at_ms: UnixMs,
}

impl NetworkGauges {
    /// Keeps a value, unless a later one is known. False when there is no room for it.
    pub(in crate::engine) fn take(
        &mut self,
        (channel, queue): (u16, QueueId),
        gauge: &Gauge,
        at_ms: UnixMs,
    ) -> bool {
        if !gauge.value.is_finite() || gauge.name.len() > NAME_BYTES_MAX {
            return false;
        }
        let key = (channel, queue, gauge.name.clone());
        if self.held.len() >= GAUGES_MAX && !self.held.contains_key(&key) {
            return false;
        }
        let held = self.held.entry(key).or_insert((at_ms, gauge.value));
        if held.0 <= at_ms {
            *held = (at_ms, gauge.value);
        }
        true
    }
}

impl Engine {
    /// What the networks count themselves, by channel, queue and name as they appeared.
    pub fn network_gauges(&self) -> impl Iterator<Item = NetworkGauge<'_>> {
        self.state.gauges.held.iter().map(|((channel, queue, name), (at_ms, value))| NetworkGauge {
            channel: self.state.channels.name(*channel),
            queue: self.state.queues.name(*queue),
            name,
            value: *value,
            at_ms: *at_ms,
        })
    }
}
