//! Lines about agents, feeds, networks' own counts and the server: `agent anna paused lunch`,
//! `agent anna joins sales`, `feed telegram down`, `gauge call waiting 3`, `server restarted`.

use std::collections::{BTreeMap, BTreeSet};

use super::details::{Details, one_of};
use super::mistake::Fault;
use super::words::Word;
use crate::event::{
    AgentKnown, AgentState, AgentStatus, Event, Feed, FeedState, Gauge, Kind, Member, Membership,
    UnixMs,
};

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

const MEMBERSHIPS: [(&str, Membership); 4] = [
    ("joins", Membership::Joined),
    ("leaves", Membership::Left),
    ("pauses", Membership::Paused),
    ("resumes", Membership::Resumed),
];

/// `agent NAME STATE [REASON]`, `agent NAME joins QUEUE`, `agent NAME titled TITLE [TEAMS]`. Without `on`, the channel stays empty until `place` finds it.
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
    let mut queue = queue.map(|word| word.text);
    let change = MEMBERSHIPS.into_iter().find(|(word, _)| state.is(word));
    let kind = if let Some((_, change)) = change {
        let (of, words) =
            reason.split_first().map_or((None, reason), |(of, words)| (Some(of), words));
        queue = of.map(|word| word.text.clone()).or(queue);
        if queue.is_none() {
            return Err(state.fault("of which queue?", "such as `agent anna joins sales`"));
        }
        let reason = reason_of(purpose.as_ref(), words, change == Membership::Paused)?;
        Kind::Member(Member { change, reason })
    } else if state.is("titled") {
        let Some((title, teams)) = reason.split_first() else {
            return Err(state.fault("titled how?", "such as `agent anna titled \"Anna B.\" east`"));
        };
        let teams = teams.iter().map(|word| word.text.clone()).collect();
        Kind::AgentKnown(AgentKnown { title: Some(title.text.clone()), teams })
    } else {
        let status = one_of(state, &STATES)?;
        let reason = reason_of(purpose.as_ref(), reason, status == AgentStatus::Paused)?;
        Kind::AgentState(AgentState { status, reason })
    };
    Ok(Event {
        id: id.to_owned(),
        channel: channel.map(|word| word.text).unwrap_or_default(),
        at_ms,
        received_ms: at_ms,
        interaction: String::new(),
        queue,
        agent: Some(name.text.clone()),
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    })
}

/// `paused lunch`, `paused for lunch`
fn reason_of(
    purpose: Option<&Word>,
    words: &[Word],
    is_pause: bool,
) -> Result<Option<String>, Fault> {
    let reason: Vec<_> = purpose.into_iter().chain(words).collect();
    if let (Some(word), false) = (reason.first(), is_pause) {
        return Err(word.fault("only a pause has a reason", "leave it out"));
    }
    let reason: Vec<_> = reason.iter().map(|word| word.text.as_str()).collect();
    Ok((!reason.is_empty()).then(|| reason.join(" ")))
}

/// `gauge CHANNEL NAME VALUE [in QUEUE]`
pub(super) fn gauge(what: &Word, words: &[Word], at_ms: UnixMs, id: &str) -> Result<Event, Fault> {
    const HINT: &str = "such as `gauge call waiting 3 in sales`";
    let (mut details, others) = Details::sort(words)?;
    let queue = details.text("in");
    details.finish(&what.text)?;
    let [channel, name, value] = others.as_slice() else {
        let word = others.last().unwrap_or(what);
        return Err(word.fault("which channel's count, and how many?", HINT));
    };
    let number = value.text.parse().ok().filter(|number: &f64| number.is_finite());
    let Some(number) = number else {
        return Err(value.fault(format!("`{}` is no number", value.text), HINT));
    };
    let kind = Kind::Gauge(Gauge { name: name.text.clone(), value: number });
    let queue = queue.map(|word| word.text);
    Ok(Event { queue, ..of_channel(channel, kind, at_ms, id) })
}

/// Of a channel as a whole.
fn of_channel(channel: &Word, kind: Kind, at_ms: UnixMs, id: &str) -> Event {
    Event {
        id: id.to_owned(),
        channel: channel.text.clone(),
        at_ms,
        received_ms: at_ms,
        interaction: String::new(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    }
}

/// `feed CHANNEL up`
pub(super) fn feed(what: &Word, words: &[Word], at_ms: UnixMs, id: &str) -> Result<Event, Fault> {
    let [channel, state] = words else {
        let word = words.last().unwrap_or(what);
        return Err(
            word.fault("which feed, and what became of it?", "such as `feed telegram down`")
        );
    };
    let kind = Kind::Feed(Feed::from(one_of(state, &FEEDS)?));
    Ok(of_channel(channel, kind, at_ms, id))
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
