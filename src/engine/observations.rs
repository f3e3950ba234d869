//! Single waits and response times for histograms, handed over once and not kept.

use crate::engine::ids::QueueId;
use crate::event::Millis;

/// Observations that wait to be fetched; more are dropped: they are for histograms
/// of what happens now, and nobody fetches them while an old journal is folded.
const OBSERVATIONS_MAX: usize = 65_536;

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// How long an answered contact had waited.
    AnswerWait,
    /// The time to the first public human reply.
    FirstResponse,
}

/// One observation, of a channel and queue by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation<'a> {
    /// What.
    pub observed: Observed,
    /// The channel's name.
    pub channel: &'a str,
    /// The queue's name; empty where the network names none.
    pub queue: &'a str,
    /// How long.
    pub seconds: f64,
}

/// Waits and response times that nobody has fetched yet.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Observations {
    pub(in crate::engine) waiting: Vec<(Observed, u16, QueueId, Millis)>,
}

impl Observations {
    /// One more, unless too many wait already.
    pub(in crate::engine) fn push(
        &mut self,
        observed: Observed,
        channel: u16,
        queue: QueueId,
        length_ms: Millis,
    ) {
        if self.waiting.len() < OBSERVATIONS_MAX {
            self.waiting.push((observed, channel, queue, length_ms));
        }
    }
}
