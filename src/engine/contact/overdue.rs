//! By when a customer who waits has been promised an answer.

use super::record::Contact;
use super::state::Surroundings;
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::WordId;
use crate::engine::promise::{Deadline, Policies};

/// What a customer who waits for us waits for. A resolution is not among them: it is the matter
/// that waits for that.
const REPLIES: [PolicyClock; 3] =
    [PolicyClock::Answer, PolicyClock::FirstResponse, PolicyClock::NextResponse];

impl Contact {
    /// The customer asked where strangers can read it, and has no answer yet.
    pub(in crate::engine) fn is_asked_in_public(&self, around: Surroundings<'_>) -> bool {
        self.as_counted(around).is_some_and(|state| state.progress.asked_in_public)
    }

    /// The promise of an answer or a reply that breaks first, or broke first, and whose it is; none
    /// where no policy promises one.
    pub(in crate::engine) fn next_reply_due(
        &self,
        policies: &Policies,
        around: Surroundings<'_>,
    ) -> Option<(WordId, Deadline)> {
        if policies.is_empty() {
            return None;
        }
        let state = self.as_counted(around)?;
        let running =
            state.clocks.iter().filter(|it| it.end.is_none() && REPLIES.contains(&it.kind));
        let promises = running.flat_map(|clock| {
            let traits = state.traits(clock.episode);
            let covering = policies.covering(self.channel, clock, &traits);
            covering.filter_map(|(policy, rules)| {
                let arrived_ms = policies.arrived_ms(policy, clock);
                Some((policy, Deadline::of(clock, rules, arrived_ms, around.now_ms)?))
            })
        });
        promises.min_by_key(|(policy, deadline)| (deadline.due_ms, *policy))
    }
}
