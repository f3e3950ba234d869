//! Who is a member of which queue, with which telephones, and in what state these are.
//!
//! Asterisk tells of each pair of member and queue. One person may be in a queue with two telephones:
//! in it with either, and paused with both. A person none of whose telephones can be reached is
//! offline, whatever queues they are in; one whose telephone is in use without a call of a queue
//! talks to somebody else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{AgentState, AgentStatus, Kind, Member, Membership};

/// Agents remembered; further ones are not followed.
const AGENTS_MAX: usize = 10_000;
/// Queues of one agent, and their telephones in one of them.
const QUEUES_MAX: usize = 500;
const TELEPHONES_MAX: usize = 20;
/// Names of telephones by which agents are found.
const KNOWN_MAX: usize = 40_000;
/// A telephone in use for less is only between two calls.
const IN_USE_MS: u64 = 3_000;

/// What a message says of a member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) paused: bool,
    pub(crate) reason: Option<String>,
    /// The state of the telephone, as a number.
    pub(crate) status: Option<u64>,
    pub(crate) in_call: Option<bool>,
}

/// A telephone of an agent in a queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Place {
    paused: bool,
    reason: Option<String>,
    status: u64,
    in_call: Option<bool>,
}

/// What was last said of an agent, beside their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Word {
    #[default]
    Nothing,
    Offline,
    Talking,
}

type Queue = BTreeMap<String, Place>;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Agent {
    /// By queue and interface.
    queues: BTreeMap<String, Queue>,
    word: Word,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Agents {
    agents: BTreeMap<String, Agent>,
    telephones: BTreeMap<String, String>,
    /// Whose telephone is in use without a call of a queue: since when, and until when
    /// that may be between two calls.
    in_use: BTreeMap<String, (u64, u64)>,
}

/// What is to be told of an agent: of one queue, or with none of all.
pub(crate) type News = Vec<(Option<String>, Kind)>;

impl Agents {
    /// That telephone is the agent's.
    pub(crate) fn telephone(&mut self, name: &str, agent: &str) {
        // `Local/101@from-queue/n` stands for the telephone 101.
        let extension = name.strip_prefix("Local/").and_then(|it| it.split('@').next());
        for name in [Some(name), extension].into_iter().flatten() {
            if self.telephones.len() < KNOWN_MAX || self.telephones.contains_key(name) {
                self.telephones.insert(name.to_owned(), agent.to_owned());
            }
        }
    }

    /// Whose telephone it is.
    pub(crate) fn who(&self, device: &str) -> Option<&str> {
        let extension = || self.telephones.get(device.split_once('/')?.1);
        self.telephones.get(device).or_else(extension).map(String::as_str)
    }

    /// A member as it is now; with nothing told, as it is no longer.
    pub(crate) fn member(
        &mut self,
        agent: &str,
        queue: &str,
        interface: &str,
        told: Option<Told>,
    ) -> News {
        if self.agents.len() >= AGENTS_MAX && !self.agents.contains_key(agent) {
            return Vec::new();
        }
        let known = self.agents.entry(agent.to_owned()).or_default();
        let before = known.queues.get(queue).map(together);
        known.set(queue, interface, told);
        let after = known.queues.get(queue).map(together);
        let mut news = Vec::new();
        let mut say = |change, reason| {
            news.push((Some(queue.to_owned()), Kind::Member(Member { change, reason })));
        };
        match (&before, after.clone()) {
            (None, Some(paused)) => {
                say(Membership::Joined, None);
                if let Some(reason) = paused {
                    say(Membership::Paused, reason);
                }
            }
            (Some(_), None) => say(Membership::Left, None),
            (Some(was), Some(Some(reason))) if was.as_ref() != Some(&reason) => {
                say(Membership::Paused, reason);
            }
            (Some(Some(_)), Some(None)) => say(Membership::Resumed, None),
            _ => {}
        }
        let is_news = !news.is_empty();
        news.extend(known.reachable(is_news));
        news
    }

    /// Whether the agent's telephone is in use without a call of a queue; what is to be told of it.
    pub(crate) fn in_use(&mut self, agent: &str, works: bool, at_ms: u64) -> Option<Kind> {
        let known = self.agents.get_mut(agent)?;
        if known.is_in_use() && !works {
            if known.word == Word::Nothing {
                let until_ms = at_ms.saturating_add(IN_USE_MS);
                self.in_use.entry(agent.to_owned()).or_insert((at_ms, until_ms));
            }
            return None;
        }
        self.in_use.remove(agent);
        if known.word != Word::Talking {
            return None;
        }
        known.word = Word::Nothing;
        // Of a pause, its own message has told.
        known.pause().is_none().then(|| state(AgentStatus::Available, None))
    }

    /// Those whose telephones are in use for a while, and since when.
    pub(crate) fn due(&mut self, now_ms: u64) -> Vec<(String, u64)> {
        let due = self.in_use.extract_if(.., |_, (_, due_ms)| *due_ms <= now_ms);
        due.map(|(agent, (at_ms, _))| (agent, at_ms)).collect()
    }

    /// They talk to somebody who came through no queue.
    pub(crate) fn talks_elsewhere(&mut self, agent: &str) -> Option<Kind> {
        let known = self.agents.get_mut(agent).filter(|known| known.is_in_use())?;
        known.word = Word::Talking;
        Some(state(AgentStatus::Talking, None))
    }

    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.in_use.values().map(|(_, due_ms)| *due_ms).min()
    }

    /// Every member: agent, queue and interface.
    pub(crate) fn members(&self) -> Vec<(String, String, String)> {
        let mut members = Vec::new();
        for (agent, known) in &self.agents {
            for (queue, places) in &known.queues {
                let place = |interface: &String| (agent.clone(), queue.clone(), interface.clone());
                members.extend(places.keys().map(place));
            }
        }
        members
    }

    /// Whether Asterisk says that the agent has a call of that queue.
    pub(crate) fn has_call(&self, agent: &str, queue: &str) -> bool {
        let places = self.agents.get(agent).and_then(|known| known.queues.get(queue));
        let has_call =
            |place: &Place| place.in_call.unwrap_or(matches!(place.status, 2 | 3 | 7 | 8));
        places.is_some_and(|places| places.values().any(has_call))
    }
}

impl Agent {
    fn set(&mut self, queue: &str, interface: &str, told: Option<Told>) {
        let Some(told) = told else {
            if let Some(places) = self.queues.get_mut(queue) {
                places.remove(interface);
                if places.is_empty() {
                    self.queues.remove(queue);
                }
            }
            return;
        };
        if self.queues.len() >= QUEUES_MAX && !self.queues.contains_key(queue) {
            return;
        }
        let places = self.queues.entry(queue.to_owned()).or_default();
        if places.len() >= TELEPHONES_MAX && !places.contains_key(interface) {
            return;
        }
        let place = places.entry(interface.to_owned()).or_default();
        (place.paused, place.reason) = (told.paused, told.reason.filter(|_| told.paused));
        place.in_call = told.in_call.or(place.in_call);
        // A telephone is in one state in all queues, of which each is told.
        let Some(status) = told.status else { return };
        let same = self.queues.values_mut().filter_map(|places| places.get_mut(interface));
        same.for_each(|place| place.status = status);
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        self.queues.values().flat_map(BTreeMap::values)
    }

    /// Paused in every queue, and why.
    fn pause(&self) -> Option<Option<String>> {
        let paused: Option<Vec<_>> = self.queues.values().map(together).collect();
        paused?.into_iter().next_back()
    }

    /// Invalid (4) or unavailable (5): Asterisk lets none of their telephones ring.
    fn reachable(&mut self, is_news: bool) -> News {
        let cannot = |place: &Place| matches!(place.status, 4 | 5);
        let is_off = !self.queues.is_empty() && self.places().all(cannot);
        let was_off = self.word == Word::Offline;
        if is_off && (!was_off || is_news) {
            // Who joins a queue is not there by that.
            self.word = Word::Offline;
            return vec![(None, state(AgentStatus::Offline, None))];
        }
        if is_off || !was_off {
            return Vec::new();
        }
        self.word = Word::Nothing;
        if self.queues.is_empty() {
            return Vec::new();
        }
        let back = match self.pause() {
            Some(reason) => state(AgentStatus::Paused, reason),
            None => state(AgentStatus::Available, None),
        };
        vec![(None, back)]
    }

    /// In use (2), busy (3) or on hold (8), and none of it is a queue's.
    fn is_in_use(&self) -> bool {
        let in_use = |place: &Place| matches!(place.status, 2 | 3 | 8);
        let no_call = |place: &Place| place.in_call == Some(false);
        self.places().any(in_use) && self.places().all(no_call) && self.pause().is_none()
    }
}

/// A queue's telephones of one agent together: paused, and why, or not.
fn together(queue: &Queue) -> Option<Option<String>> {
    let mut reason = None;
    for place in queue.values() {
        if !place.paused {
            return None;
        }
        reason = place.reason.clone().or(reason);
    }
    Some(reason)
}

fn state(status: AgentStatus, reason: Option<String>) -> Kind {
    Kind::AgentState(AgentState { status, reason })
}
