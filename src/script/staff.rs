//! Lines about agents, feeds and the server: `agent anna paused lunch`, `feed telegram down`,
//! `server restarted`.

use std::collections::{BTreeMap, BTreeSet};

use super::details::{Details, one_of};
use super::mistake::Fault;
use super::words::Word;
use crate::event::{AgentState, AgentStatus, Event, Feed, FeedState, Kind, UnixMs};

/// Where an agent works of whom no contact tells.
const DEFAULT_CHANNEL: &str = "call";

const STATES: [(&str, AgentStatus); 7] = [
    ("available", AgentStatus::Available),
    ("ringing", AgentStatus::Ringing),
    ("talking", AgentStatus::Talking),
    ("holding", AgentStatus::Hold),
    ("after-work", AgentStatus::AfterWork),
    ("paused", AgentStatus::Paused),
    ("offline", AgentStatus::Offline),
];

const FEEDS: [(&str, FeedState); 4] = [
    ("up", FeedState::Up),
    ("down", FeedState::Down),
    ("gap", FeedState::Gap),
    ("restarted", FeedState::Restarted),
];

/// `agent NAME STATE [REASON]`. Without `on`, the channel stays empty until `place` finds it.
pub(super) fn agent(what: &Word, words: &[Word], at_ms: UnixMs, id: &str) -> Result<Event, Fault> {
    const HINT: &str = "such as `agent anna available` or `agent anna paused lunch`";
    let Some((name, rest)) = words.split_first() else {
        return Err(what.fault("which agent?", HINT));
    };
    let (mut details, others) = Details::sort(rest)?;
    let (channel, queue) = (details.text("on"), details.text("in"));
    let purpose = details.text("for");
    let Some((state, reason)) = others.split_first() else {
        return Err(name.fault("what are they doing?", HINT));
    };
    details.finish(&what.text)?;
    let status = one_of(state, &STATES)?;
    // `paused lunch`, `paused for lunch`
    let reason: Vec<_> = purpose.iter().chain(reason).collect();
    if let (Some(word), false) = (reason.first(), status == AgentStatus::Paused) {
        return Err(word.fault("only a pause has a reason", "leave it out"));
    }
    let reason: Vec<_> = reason.iter().map(|word| word.text.as_str()).collect();
    let reason = (!reason.is_empty()).then(|| reason.join(" "));
    Ok(Event {
        id: id.to_owned(),
        channel: channel.map(|word| word.text).unwrap_or_default(),
        at_ms,
        received_ms: at_ms,
        interaction: String::new(),
        queue: queue.map(|word| word.text),
        agent: Some(name.text.clone()),
        customer: Vec::new(),
        kind: Kind::AgentState(AgentState { status, reason }),
        order: None,
        refers: None,
        attrs: BTreeMap::new(),
    })
}

/// `feed CHANNEL up`
pub(super) fn feed(what: &Word, words: &[Word], at_ms: UnixMs, id: &str) -> Result<Event, Fault> {
    let [channel, state] = words else {
        let word = words.last().unwrap_or(what);
        return Err(
            word.fault("which feed, and what became of it?", "such as `feed telegram down`")
        );
    };
    Ok(Event {
        id: id.to_owned(),
        channel: channel.text.clone(),
        at_ms,
        received_ms: at_ms,
        interaction: String::new(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind: Kind::Feed(Feed { state: one_of(state, &FEEDS)? }),
        order: None,
        refers: None,
        attrs: BTreeMap::new(),
    })
}

/// `server restarted`
pub(super) fn server(what: &Word, words: &[Word]) -> Result<(), Fault> {
    match words {
        [word] if word.is("restarted") => Ok(()),
        _ => Err(words
            .last()
            .unwrap_or(what)
            .fault("what became of it?", "write `server restarted`")),
    }
}

/// The channels on which each agent is seen.
pub(super) struct Staff(BTreeMap<String, BTreeSet<String>>);

impl Staff {
    /// Of all events of a script.
    pub(super) fn of<'a>(events: impl Iterator<Item = &'a Event>) -> Self {
        let mut channels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for event in events.filter(|event| !event.channel.is_empty()) {
            if let Some(agent) = &event.agent {
                channels.entry(agent.clone()).or_default().insert(event.channel.clone());
            }
        }
        Staff(channels)
    }

    /// Gives an agent's word the channel on which they work, where it names none.
    pub(super) fn place(&self, event: &mut Event) -> Result<(), Vec<&str>> {
        if !event.channel.is_empty() {
            return Ok(());
        }
        let seen = event.agent.as_ref().and_then(|agent| self.0.get(agent));
        let seen: Vec<_> = seen.into_iter().flatten().map(String::as_str).collect();
        match seen.as_slice() {
            [] => DEFAULT_CHANNEL.clone_into(&mut event.channel),
            [only] => (*only).clone_into(&mut event.channel),
            _ => return Err(seen),
        }
        Ok(())
    }
}
