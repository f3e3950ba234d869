//! Members and what Asterisk lists: who waits and who is a member, asked after each log-in.
//!
//! There is no replay of what happened while the link was down. What the list no longer has is over;
//! what it has and we do not is made up from its own times.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tablica_plugin::{Event, FeedState, Kind, Membership};

use crate::agents::{News, Told};
use crate::contact::{Doubt, EndedBy, Stage};
use crate::decode::{Decoder, event_id};
use crate::message::Message;

/// Messages about what the list no longer has may come after it.
const MISSING_MS: u64 = 3_000;
/// Asterisk says since when it runs in whole seconds.
const SAME_START_MS: u64 = 5_000;

/// For how long Asterisk had run when it said so, by its own count.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Boot {
    up_ms: u64,
    host_ms: u64,
    /// The event before it; of a first link, the one after it.
    pub(crate) event_ms: Option<u64>,
}

impl Boot {
    /// The same run is older by all the time that has passed: by the host's clock, or, where a
    /// recording is read, by that of the events.
    fn is_another_than(self, before: Self) -> bool {
        let passed_ms = self.host_ms.saturating_sub(before.host_ms);
        let events = before.event_ms.zip(self.event_ms);
        let events_ms = events.map_or(0, |(before_ms, ms)| ms.saturating_sub(before_ms));
        let older_ms = before.up_ms.saturating_add(passed_ms.max(events_ms));
        self.up_ms.saturating_add(SAME_START_MS) < older_ms
    }
}

/// A list that is being read.
#[derive(Debug, Default)]
pub(crate) struct Census {
    /// Agent, queue, interface.
    members: BTreeSet<(String, String, String)>,
    callers: BTreeSet<String>,
}

impl Decoder<'_> {
    /// A member as it is now, by its own message or by the list.
    pub(crate) fn member(&mut self, queue: &str, agent: &str, message: &Message<'_>, listed: bool) {
        let interface = message.interface().unwrap_or(agent);
        self.state.agents.telephone(interface, agent);
        if let Some(device) = message.get("StateInterface") {
            self.state.agents.telephone(device, agent);
        }
        if let Some(census) = &mut self.state.census {
            census.members.insert((agent.to_owned(), queue.to_owned(), interface.to_owned()));
        }
        let told = Told {
            paused: message.is("Paused", "1"),
            reason: message.any(&["PausedReason", "Reason"]).map(str::to_owned),
            status: message.number("Status"),
            in_call: message.number("InCall").map(|calls| calls > 0),
        };
        let news = self.state.agents.member(agent, queue, interface, Some(told));
        self.tell_news(agent, news, message, listed);
    }

    pub(crate) fn member_removed(&mut self, queue: &str, agent: &str, message: &Message<'_>) {
        let interface = message.interface().unwrap_or(agent);
        let news = self.state.agents.member(agent, queue, interface, None);
        self.tell_news(agent, news, message, false);
    }

    /// The list also says since when; it is as of now where it does not.
    fn tell_news(&mut self, agent: &str, news: News, message: &Message<'_>, listed: bool) {
        for (queue, kind) in news {
            let since = match &kind {
                Kind::Member(member) if listed => match member.change {
                    Membership::Joined => message.seconds_ms("LoginTime"),
                    Membership::Paused => message.seconds_ms("LastPause"),
                    Membership::Left | Membership::Resumed => None,
                },
                _ => None,
            };
            let is_past = |ms: &u64| (1..self.at_ms).contains(ms);
            let at_ms = since.filter(is_past).unwrap_or(self.at_ms);
            self.tell_of_agent(agent, queue.as_deref(), at_ms, kind);
        }
        let works = self.state.contacts.of_agent(agent).next().is_some();
        if let Some(kind) = self.state.agents.in_use(agent, works, self.at_ms) {
            self.tell_of_agent(agent, None, self.at_ms, kind);
        }
    }

    /// Those who have been on the telephone for a while, with nobody from a queue.
    pub(crate) fn private_calls(&mut self, now_ms: u64) {
        for (agent, since_ms) in self.state.agents.due(now_ms) {
            if self.state.contacts.of_agent(&agent).next().is_none()
                && let Some(kind) = self.state.agents.talks_elsewhere(&agent)
            {
                self.tell_of_agent(&agent, None, since_ms, kind);
            }
        }
    }

    /// QueueEntry: somebody waits.
    pub(crate) fn entry(&mut self, queue: &str, message: &Message<'_>) {
        let Some(channel) = message.get("Uniqueid") else { return };
        let key = self.state.contacts.key(channel).unwrap_or_else(|| channel.to_owned());
        if let Some(census) = &mut self.state.census {
            census.callers.insert(key.clone());
        }
        self.goes_into(&key, queue);
        if self.is_here_already(&key, queue) {
            self.state.contacts.take_doubt(&key);
            return;
        }
        let waited_ms = message.seconds_ms("Wait").unwrap_or_default();
        let customer = self.customer(message);
        self.enter(&key, channel, queue, self.at_ms.saturating_sub(waited_ms), customer);
    }

    /// QueueStatusComplete: what is from before, and is not in the list, is over.
    pub(crate) fn census_complete(&mut self) {
        let Some(census) = self.state.census.take() else { return };
        for key in self.state.contacts.keys() {
            let Some(contact) = self.state.contacts.get(&key) else { continue };
            let Some(broken_ms) = contact.broken_ms else { continue };
            let agent = contact.agent.clone().unwrap_or_default();
            match contact.stage {
                Stage::Waiting if !census.callers.contains(&key) => {
                    let doubt = Doubt::Missing { at_ms: broken_ms };
                    self.state.contacts.doubt(&key, doubt, self.at_ms.saturating_add(MISSING_MS));
                }
                Stage::Talking if !self.state.agents.has_call(&agent, &contact.queue) => {
                    self.end_talk(&key, broken_ms, None, EndedBy::System, None);
                }
                _ => {}
            }
        }
        for member in self.state.agents.members() {
            if !census.members.contains(&member) {
                let (agent, queue, interface) = member;
                for (queue, kind) in self.state.agents.member(&agent, &queue, &interface, None) {
                    self.tell_of_agent(&agent, queue.as_deref(), self.at_ms, kind);
                }
            }
        }
    }

    /// FullyBooted: Asterisk runs, and for how long. Of calls from before it knows nothing: they were
    /// over when it was last heard. Says whether it is another run than before.
    pub(crate) fn booted(&mut self, message: &Message<'_>) -> bool {
        let event_ms = Some(self.state.clock.event_ms()).filter(|ms| *ms > 0);
        let boot = message.seconds_ms("Uptime").map(|up_ms| Boot {
            up_ms,
            host_ms: self.host_ms,
            event_ms,
        });
        let before = match boot {
            Some(boot) => self.state.boot.replace(boot),
            None => None,
        };
        let is_another =
            before.zip(boot).is_some_and(|(before, boot)| boot.is_another_than(before));
        if !std::mem::take(&mut self.state.shut_down) && !is_another {
            return false;
        }
        for key in self.state.contacts.keys() {
            self.settle(&key, crate::doubts::News::Silence);
            if let Some(contact) = self.state.contacts.remove(&key) {
                let ended_ms = contact.broken_ms.unwrap_or(self.last_ms);
                self.lose(&key, contact, ended_ms);
            }
        }
        self.feed(FeedState::Restarted);
        true
    }

    /// The feed itself.
    pub(crate) fn feed(&mut self, state: FeedState) {
        let word = if state == FeedState::Gap { "gap" } else { "restart" };
        let kind = Kind::Feed(state);
        let event = Event::new(event_id(self.at_ms, word, "", None, &kind), self.at_ms, kind);
        self.events.push(event);
    }
}
