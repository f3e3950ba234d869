//! What each agent is doing.
//!
//! Two sources: the network's own word on the agent ([`AgentStatus`], the latest by its own time
//! counts), and the calls they work on. A call under way wins over "paused" and "offline", which
//! then come true when it ends; over any other word the later one wins. Conversations in writing
//! don't occupy an agent: they have several at once.

use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize, Serializer};

use super::members::{MemberChange, Members};
use super::profile::AgentProfile;
use super::work::{AtWork, Span, Work};
use crate::engine::ids::{AgentId, NO_AGENT, NOBODY, PersonId, WordId};
use crate::engine::intern::Map;
use crate::event::{AgentStatus, Millis, UnixMs};

/// Agents that are followed.
const AGENTS_MAX: usize = 20_000;
/// Queues that one agent is remembered to serve.
const QUEUES_OF_AGENT_MAX: usize = 32;

/// What an agent did is remembered so long: today and yesterday, each of them the longest day.
pub const STATES_REMEMBERED_MS: Millis = 50 * 3_600_000;

/// The network's word on an agent: when, what, the event's hash between equals, and why.
pub(super) type Said = (UnixMs, AgentStatus, u64, Option<WordId>);

/// One agent of one channel.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Agent {
    key: u64,
    /// Who it is.
    pub(in crate::engine) person: PersonId,
    /// The operator says that this person is also an agent of other names or channels.
    pub(in crate::engine) is_of_several: bool,
    pub(in crate::engine) channel: u16,
    queues: Vec<u16>,
    /// The network's words, oldest first, the latest last.
    words: Vec<Said>,
    /// In which queues they are a member, where the network tells.
    members: Option<Box<Members>>,
    /// Who they are by the network's directory, and since when.
    profile: Option<Box<(UnixMs, AgentProfile)>>,
    /// When they last took a contact: whoever does is logged in.
    took_ms: Option<UnixMs>,
    /// By contact.
    work: Vec<(u64, Work, UnixMs)>,
    /// Work that is done, oldest first.
    spans: Vec<(UnixMs, UnixMs, Work)>,
}

impl Agent {
    pub(in crate::engine) fn serves(&self, queue: u16) -> bool {
        let told = self.members.as_ref().and_then(|members| members.is_in(queue));
        told.unwrap_or_else(|| self.queues.binary_search(&queue).is_ok())
    }

    /// What they are doing. Of whom no state was ever told, only their calls are known.
    pub(in crate::engine) fn status(&self) -> Option<AgentStatus> {
        let at_work = self.work.iter().map(|(_, work, since_ms)| (*work, *since_ms)).max();
        match self.words.last() {
            Some(word) => Some(status_of(word, at_work, self.took_ms)),
            None => at_work.map(|(work, _)| work.status()),
        }
    }

    /// Who they are by the network's directory.
    pub(in crate::engine) fn profile(&self) -> Option<&AgentProfile> {
        self.profile.as_ref().map(|known| &known.1)
    }

    /// The network tells of their states, not only of their contacts.
    pub(in crate::engine) fn is_told_of(&self) -> bool {
        !self.words.is_empty()
    }

    /// Why they pause now, as far as the network says.
    pub(in crate::engine) fn pause_reason(&self) -> Option<WordId> {
        self.words.last().and_then(|(_, _, _, reason)| *reason)
    }

    fn forget_words(&mut self, said_ms: UnixMs) {
        // The last one before the time that is remembered still says what held then.
        let latest_ms = self.words.last().map_or(said_ms, |(at_ms, ..)| *at_ms);
        let oldest_ms = latest_ms - STATES_REMEMBERED_MS;
        let old = self.words.partition_point(|(at_ms, ..)| *at_ms < oldest_ms);
        self.words.drain(..old.saturating_sub(1));
    }

    /// What they were doing between two moments, as far as that is known, in order: before the
    /// network's first word on them, only their calls.
    pub(in crate::engine) fn times(&self, from_ms: UnixMs, to_ms: UnixMs) -> Vec<StateTime> {
        let running = self.work.iter();
        let running = running.map(|(_, work, since_ms)| (*since_ms, UnixMs::MAX, *work));
        let mut work: Vec<_> = self.spans.iter().copied().chain(running).collect();
        // Spans are in order already, which this sort makes use of.
        work.sort();
        let starts = self.words.iter().map(|(at_ms, ..)| *at_ms);
        let ends = work.iter().flat_map(|(start_ms, end_ms, _)| [*start_ms, *end_ms]);
        let mut turns: Vec<UnixMs> = starts.chain(ends).collect();
        turns.retain(|at_ms| *at_ms > from_ms && *at_ms < to_ms);
        turns.push(to_ms);
        turns.sort_unstable();
        // What wins is at the top; what has ended is taken off when it comes there.
        let (mut begun, mut under_way, mut took_ms) = (0, BinaryHeap::new(), None);
        let (mut start_ms, mut times) = (from_ms, Vec::new());
        for end_ms in turns {
            while let Some((since_ms, until_ms, one)) =
                work.get(begun).copied().filter(|(since_ms, ..)| *since_ms <= start_ms)
            {
                took_ms = if one == Work::Talking { Some(since_ms) } else { took_ms };
                under_way.push((one, since_ms, until_ms));
                begun += 1;
            }
            while under_way.peek().is_some_and(|(_, _, until_ms)| *until_ms <= start_ms) {
                under_way.pop();
            }
            let at_work = under_way.peek().map(|(work, since_ms, _)| (*work, *since_ms));
            let said = self.words.partition_point(|(at_ms, ..)| *at_ms <= start_ms);
            let word = said.checked_sub(1).and_then(|place| self.words.get(place));
            let took_ms = took_ms.max(self.took_ms.filter(|took_ms| *took_ms <= start_ms));
            let status = match word {
                Some(word) => Some(status_of(word, at_work, took_ms)),
                None => at_work.map(|(work, _)| work.status()),
            };
            if let Some(status) = status.filter(|_| end_ms > start_ms) {
                times.push(StateTime { from_ms: start_ms, to_ms: end_ms, status });
            }
            start_ms = end_ms;
        }
        times
    }
}

/// An agent was in that state all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct StateTime {
    pub(in crate::engine) from_ms: UnixMs,
    pub(in crate::engine) to_ms: UnixMs,
    pub(in crate::engine) status: AgentStatus,
}

/// What they do, by the network's word, their calls, and when they took the last one.
fn status_of(
    (said_ms, said, ..): &Said,
    at_work: Option<(Work, UnixMs)>,
    took_ms: Option<UnixMs>,
) -> AgentStatus {
    let off_duty = match said {
        AgentStatus::Paused => true,
        AgentStatus::Offline => took_ms < Some(*said_ms),
        _ => false,
    };
    match at_work {
        Some((work @ (Work::Talking | Work::Hold), _)) if off_duty => work.status(),
        _ if off_duty => *said,
        Some((work, since_ms)) if since_ms >= *said_ms => work.status(),
        _ if *said == AgentStatus::Offline => AgentStatus::Available,
        _ => *said,
    }
}

impl Work {
    fn status(self) -> AgentStatus {
        match self {
            Work::Ringing => AgentStatus::Ringing,
            Work::WrappingUp => AgentStatus::AfterWork,
            Work::Hold => AgentStatus::Hold,
            Work::Talking => AgentStatus::Talking,
        }
    }
}

/// All agents, by number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<Agent>")]
pub(in crate::engine) struct Agents {
    agents: Vec<Agent>,
    numbers: Map<u64, AgentId>,
}

impl From<Vec<Agent>> for Agents {
    fn from(agents: Vec<Agent>) -> Self {
        let numbers = agents.iter().zip(NO_AGENT + 1..).map(|(agent, id)| (agent.key, id));
        Agents { numbers: numbers.collect(), agents }
    }
}

impl Serialize for Agents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.agents.serialize(serializer)
    }
}

impl Agents {
    /// The agent's number; [`NO_AGENT`] when there is no room for another.
    pub(in crate::engine) fn intern(
        &mut self,
        key: u64,
        channel: u16,
        (person, is_of_several): (PersonId, bool),
    ) -> Option<AgentId> {
        if let Some(id) = self.numbers.get(&key) {
            return Some(*id);
        }
        if self.agents.len() >= AGENTS_MAX {
            return None;
        }
        self.agents.push(Agent { key, channel, person, is_of_several, ..Agent::default() });
        let id = NO_AGENT + self.agents.len() as AgentId;
        self.numbers.insert(key, id);
        Some(id)
    }

    /// Who the agent is that is known by that key, and whether the person is several agents.
    pub(in crate::engine) fn who(&self, key: u64) -> Option<(PersonId, bool)> {
        let id = self.numbers.get(&key)?;
        let agent = self.agents.get((*id as usize).checked_sub(1)?)?;
        Some((agent.person, agent.is_of_several))
    }

    fn get_mut(&mut self, id: AgentId) -> Option<&mut Agent> {
        self.agents.get_mut((id as usize).checked_sub(1)?)
    }

    pub(in crate::engine) fn seen_in(&mut self, id: AgentId, queue: u16) {
        if let Some(agent) = self.get_mut(id)
            && agent.queues.len() < QUEUES_OF_AGENT_MAX
            && let Err(place) = agent.queues.binary_search(&queue)
        {
            agent.queues.insert(place, queue);
        }
    }

    pub(in crate::engine) fn word(&mut self, id: AgentId, said: Said) {
        if let Some(agent) = self.get_mut(id) {
            let place = agent.words.partition_point(|held| *held < said);
            agent.words.insert(place, said);
            agent.forget_words(said.0);
        }
    }

    /// Their place in a queue changed.
    pub(in crate::engine) fn member(&mut self, id: AgentId, change: MemberChange) {
        if let Some(agent) = self.get_mut(id) {
            let members = agent.members.get_or_insert_default();
            members.take(change, &mut agent.words);
            agent.forget_words(change.at_ms);
        }
    }

    /// Who they are, unless a later word on that is known.
    pub(in crate::engine) fn profile(&mut self, id: AgentId, at_ms: UnixMs, profile: AgentProfile) {
        if let Some(agent) = self.get_mut(id)
            && agent.profile.as_ref().is_none_or(|known| known.0 <= at_ms)
        {
            agent.profile = Some(Box::new((at_ms, profile)));
        }
    }

    /// Who that agent is.
    pub(in crate::engine) fn person(&self, id: AgentId) -> PersonId {
        let place = (id as usize).checked_sub(1);
        place.and_then(|place| self.agents.get(place)).map_or(NOBODY, |agent| agent.person)
    }

    /// Replaces work that was done by what is known of it now.
    pub(in crate::engine) fn change_spans(&mut self, before: &[Span], now: &[Span]) {
        let same = before.iter().zip(now).take_while(|(a, b)| a == b).count();
        for gone in &before[same..] {
            if let Some(agent) = self.get_mut(gone.agent)
                && let Ok(place) = agent.spans.binary_search(&(gone.from_ms, gone.to_ms, gone.work))
            {
                agent.spans.remove(place);
            }
        }
        for new in &now[same..] {
            if let Some(agent) = self.get_mut(new.agent) {
                let span = (new.from_ms, new.to_ms, new.work);
                let place = agent.spans.partition_point(|held| *held < span);
                agent.spans.insert(place, span);
                let oldest_ms = new.to_ms - STATES_REMEMBERED_MS;
                let old = agent.spans.partition_point(|(from_ms, ..)| *from_ms < oldest_ms);
                agent.spans.drain(..old);
            }
        }
    }

    /// They took a contact then.
    pub(in crate::engine) fn took(&mut self, id: AgentId, at_ms: UnixMs) {
        if let Some(agent) = self.get_mut(id) {
            agent.took_ms = agent.took_ms.max(Some(at_ms));
        }
    }

    /// Replaces what these agents did for a contact by what they do now.
    pub(in crate::engine) fn change_work(
        &mut self,
        contact: u64,
        before: &[AtWork],
        now: &[AtWork],
    ) {
        for AtWork { agent: id, .. } in before {
            if let Some(agent) = self.get_mut(*id) {
                agent.work.retain(|(of, _, _)| *of != contact);
            }
        }
        for AtWork { agent: id, work, since_ms } in now {
            if let Some(agent) = self.get_mut(*id) {
                let place = agent.work.partition_point(|(of, _, _)| *of < contact);
                agent.work.insert(place, (contact, *work, *since_ms));
            }
        }
    }

    /// The contacts that agents of that channel work on.
    pub(in crate::engine) fn contacts_of(&self, channel: u16) -> impl Iterator<Item = u64> {
        let there = self.agents.iter().filter(move |agent| agent.channel == channel);
        there.flat_map(|agent| agent.work.iter().map(|(contact, _, _)| *contact))
    }

    pub(in crate::engine) fn iter(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter()
    }
}
