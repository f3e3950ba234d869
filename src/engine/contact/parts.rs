//! Which parts agents have had in a contact. Whoever answers the same caller again has answered one
//! contact: figures of one agent are shown by how many contacts stand behind them.

use serde::{Deserialize, Serialize};

use crate::config::model::{CLOCKS, Clock as PolicyClock};
use crate::engine::ids::{AgentId, NO_AGENT};

/// Agents of one contact that are remembered. A further one counts as having been there before: the
/// figure is then concealed rather than shown too early.
const AGENTS_MAX: usize = 6;

/// What agents do for a contact, one bit each: answer, talk, reply, and keep or break promises by the kind
/// of their clock, of which those to complaints are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part(u16);

impl Part {
    pub(super) const ANSWER: Part = Part(1);
    pub(super) const TALK: Part = Part(2);
    /// Behind those of the clocks, which are two for each kind.
    pub(super) const REPLY: Part = Part(4 << (2 * CLOCKS.len()));

    pub(super) fn of_clock(kind: PolicyClock, is_of_complaint: bool) -> Part {
        let number = kind as usize + if is_of_complaint { CLOCKS.len() } else { 0 };
        Part(4 << number)
    }
}

/// The agents of one contact, with the parts that they have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Parts {
    agents: [AgentId; AGENTS_MAX],
    parts: [u16; AGENTS_MAX],
}

impl Parts {
    /// Nobody has had a part yet.
    pub(super) const NONE: Parts = Parts { agents: [NO_AGENT; AGENTS_MAX], parts: [0; AGENTS_MAX] };

    /// The agent has had that part before.
    pub(super) fn had(&self, agent: AgentId, part: Part) -> bool {
        agent != NO_AGENT && self.place(agent).is_none_or(|place| self.parts[place] & part.0 != 0)
    }

    /// The agent has that part now. True when they have had it before.
    pub(super) fn take(&mut self, agent: AgentId, part: Part) -> bool {
        let had = self.had(agent, part);
        if !had
            && agent != NO_AGENT
            && let Some(place) = self.place(agent)
        {
            self.agents[place] = agent;
            self.parts[place] |= part.0;
        }
        had
    }

    /// Where the agent stands, or has room to.
    fn place(&self, agent: AgentId) -> Option<usize> {
        self.agents.iter().position(|it| *it == agent || *it == NO_AGENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_had_once_by_each_agent() {
        let mut parts = Parts::NONE;
        assert!(!parts.take(7, Part::ANSWER));
        assert!(!parts.take(8, Part::ANSWER));
        assert!(!parts.take(7, Part::TALK));
        assert!(parts.had(7, Part::ANSWER) && parts.take(8, Part::ANSWER));
        assert!(!parts.had(8, Part::TALK));
    }

    #[test]
    fn every_clock_is_a_part_of_its_own() {
        let mut parts = Parts::NONE;
        for kind in CLOCKS {
            for is_of_complaint in [false, true] {
                assert!(!parts.take(7, Part::of_clock(kind.1, is_of_complaint)));
            }
        }
        assert!(!parts.had(7, Part::ANSWER) && !parts.had(7, Part::TALK));
    }

    #[test]
    fn nobody_is_not_remembered_and_who_finds_no_room_was_there_before() {
        let mut parts = Parts::NONE;
        for _ in 0..2 {
            assert!(!parts.take(NO_AGENT, Part::ANSWER));
        }
        for agent in 1..=AGENTS_MAX as AgentId {
            assert!(!parts.take(agent, Part::ANSWER), "{agent}");
        }
        assert!(parts.take(99, Part::ANSWER));
        assert!(!parts.take(1, Part::TALK));
    }
}
