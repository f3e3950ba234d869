//! Single waits and response times for histograms, handed over once and not kept.

use super::fact::QueueId;
use super::machine::Outcome;
use super::posting::Posting;
use crate::event::Millis;

/// Observations that wait to be fetched; more are dropped, counted.
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

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Observations {
    pub(super) waiting: Vec<(Observed, u16, QueueId, Millis)>,
    pub(super) dropped: u64,
}

impl Observations {
    /// What is new in a posting since the one that it replaces.
    pub(super) fn note(&mut self, channel: u16, before: Option<&Posting>, new: &Posting) {
        if !new.offered {
            return;
        }
        let answered = |posting: &Posting| posting.outcome == Outcome::Answered;
        if answered(new) && !before.is_some_and(answered) {
            self.push((Observed::AnswerWait, channel, new.queue, new.wait_ms));
        }
        if let Some((_, length_ms, _)) = new.response
            && before.is_none_or(|before| before.response.is_none())
        {
            self.push((Observed::FirstResponse, channel, new.queue, length_ms));
        }
    }

    fn push(&mut self, observation: (Observed, u16, QueueId, Millis)) {
        if self.waiting.len() < OBSERVATIONS_MAX {
            self.waiting.push(observation);
        } else {
            self.dropped += 1;
        }
    }
}
