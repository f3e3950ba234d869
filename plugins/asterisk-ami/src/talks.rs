//! At an agent: it rings, they talk, hold, and the talk ends.

use tablica_plugin::{Answered, Kind};

use crate::contact::{Contact, Doubt, EndedBy, HungUp, Ring, Stage};
use crate::decode::Decoder;
use crate::line::{DIFFERENCE_MS, opened};
use crate::message::{Message, device};

/// What follows the end of a talk (a transfer, the next queue, the hang-up) comes by then.
const ENDED_MS: u64 = 1_000;
/// Whole seconds, and the time that an announcement to the agent takes to stop.
const SAME_TALK_MS: u64 = 3_000;

impl Decoder<'_> {
    /// AgentCalled.
    pub(crate) fn called(
        &mut self,
        channel: &str,
        queue: &str,
        agent: &str,
        message: &Message<'_>,
    ) {
        if let Some(interface) = message.interface() {
            self.state.agents.telephone(interface, agent);
        }
        let Some(key) = self.waiting(channel, queue, message) else { return };
        let ring = Ring { agent: agent.to_owned(), at_ms: self.at_ms };
        let is_told = |contact: &Contact| contact.consults_about.is_none();
        let is_told = self.state.contacts.get(&key).is_some_and(is_told);
        if self.state.contacts.ring(&key, ring) && is_told {
            self.tell(&key, self.at_ms, Some(agent), Kind::OfferedToAgent);
        }
    }

    fn waiting(&self, channel: &str, queue: &str, message: &Message<'_>) -> Option<String> {
        let contacts = &self.state.contacts;
        let root = || message.get("Linkedid").and_then(|root| contacts.key(root));
        let key = contacts.key(channel).or_else(root)?;
        contacts.get(&key)?.is_in(queue, Stage::Waiting).then_some(key)
    }

    /// It rang at the agent in vain.
    pub(crate) fn ring_missed(
        &mut self,
        channel: &str,
        queue: &str,
        agent: &str,
        ring_ms: Option<u64>,
    ) {
        let Some(key) = self.state.contacts.key(channel) else { return };
        self.state.contacts.rings_over(&key, Some(agent));
        let Some(contact) = self.state.contacts.get(&key) else { return };
        if contact.queue == queue && contact.consults_about.is_none() {
            self.tell(&key, self.at_ms, Some(agent), Kind::RingMissed(ring_ms));
        }
    }

    /// AgentConnect.
    pub(crate) fn connect(
        &mut self,
        channel: &str,
        queue: &str,
        agent: &str,
        message: &Message<'_>,
    ) {
        if let Some(interface) = message.interface() {
            self.state.agents.telephone(interface, agent);
        }
        let rested = self.state.wrap_ups.cut_short(agent, self.at_ms);
        self.events.extend(rested);
        self.end_old_talks(agent);
        let key = self.waiting(channel, queue, message);
        let Some(key) = key.or_else(|| self.in_line(channel, queue, message)) else { return };
        self.show_consultation(&key);
        self.state.contacts.take_doubt(&key);
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        (contact.heard_ms, contact.broken_ms) = (self.at_ms, None);
        let waited_ms = self.at_ms.saturating_sub(contact.entered_ms);
        let rang_ms = contact.rings.iter().find(|ring| ring.agent == agent);
        let rang_ms = rang_ms.map(|ring| self.at_ms.saturating_sub(ring.at_ms));
        (contact.stage, contact.since_ms) = (Stage::Talking, self.at_ms);
        contact.handed_by = None;
        self.state.contacts.talks(&key, agent, message.leg());
        let differs = |ms: &u64| ms.abs_diff(waited_ms) > DIFFERENCE_MS;
        let answered = Answered {
            wait_ms: message.seconds_ms("HoldTime").filter(differs),
            // Without the announcement to the agent, which is not ringing.
            ring_ms: message.seconds_ms("RingTime").or(rang_ms),
        };
        self.tell(&key, self.at_ms, Some(agent), Kind::Answered(answered));
    }

    /// Agents who ask each other work: from here on the consultation is a contact of its own.
    fn show_consultation(&mut self, key: &str) {
        let Some(contact) = self.state.contacts.get_mut(key) else { return };
        if contact.consults_about.take().is_none() {
            return;
        }
        contact.told = true;
        let since_ms = contact.since_ms;
        self.tell(key, since_ms, None, opened());
        self.tell(key, since_ms, None, Kind::Queued);
    }

    /// Talks from before the link broke, whose end was not told: the agent takes another call.
    fn end_old_talks(&mut self, agent: &str) {
        let is_old = |(key, contact): (&String, &Contact)| {
            let broken_ms = contact.broken_ms.filter(|_| contact.stage == Stage::Talking)?;
            Some((key.clone(), broken_ms))
        };
        let old: Vec<_> = self.state.contacts.of_agent(agent).filter_map(is_old).collect();
        for (key, broken_ms) in old {
            self.end_talk(&key, broken_ms, None, EndedBy::System, None);
        }
    }

    /// AgentComplete.
    pub(crate) fn complete(
        &mut self,
        channel: Option<&str>,
        queue: &str,
        agent: &str,
        message: &Message<'_>,
    ) {
        let Some(key) = self.talk(channel, queue, agent, message) else { return };
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        (contact.heard_ms, contact.broken_ms) = (self.at_ms, None);
        let is_over = contact.gone || matches!(contact.doubt(), Some(Doubt::Ended { .. }));
        let talked_ms = self.at_ms.saturating_sub(contact.since_ms);
        let differs = |ms: &u64| ms.abs_diff(talked_ms) > DIFFERENCE_MS;
        let talk_ms = message.seconds_ms("TalkTime").filter(differs);
        let handed_on = message.is("Reason", "transfer");
        let is_shut_down = matches!(contact.hung_up, Some((HungUp::Shutdown, _)));
        let by = match message.get("Reason") {
            _ if is_shut_down => EndedBy::System,
            Some("caller") => EndedBy::Customer,
            Some("agent" | "transfer") => EndedBy::Agent,
            _ => EndedBy::System,
        };
        let is_left_to_others = contact.left_to_others && by == EndedBy::Agent;
        if is_over && !handed_on {
            self.end_talk(&key, self.at_ms, talk_ms, by, None);
            return;
        }
        let doubt = Doubt::Ended { at_ms: self.at_ms, talk_ms, by, handed_on };
        self.state.contacts.doubt(&key, doubt, self.at_ms.saturating_add(ENDED_MS));
        if is_left_to_others {
            self.leave_to_others(&key);
        }
    }

    /// The talk that ends: by the caller's channel, or by agent and queue.
    fn talk(
        &self,
        channel: Option<&str>,
        queue: &str,
        agent: &str,
        message: &Message<'_>,
    ) -> Option<String> {
        let contacts = &self.state.contacts;
        let is_it = |contact: &Contact| {
            contact.is_in(queue, Stage::Talking) && contact.agent.as_deref() == Some(agent)
        };
        let named = [channel, message.get("Linkedid")].into_iter().flatten();
        let mut named = named.filter_map(|channel| contacts.key(channel));
        if let Some(key) = named.find(|key| contacts.get(key).is_some_and(is_it)) {
            return Some(key);
        }
        // After a transfer it comes under the id of another call, or under none.
        let talked_ms = message.seconds_ms("TalkTime");
        let fits = |contact: &Contact| {
            let ms = self.at_ms.saturating_sub(contact.since_ms);
            talked_ms.is_some_and(|talked_ms| talked_ms.abs_diff(ms) <= SAME_TALK_MS)
        };
        let mut theirs = contacts.of_agent(agent).filter(|(_, it)| is_it(it) && fits(it));
        theirs.next().map(|(key, _)| key.clone())
    }

    /// Hold and Unhold, of an agent's channel.
    pub(crate) fn hold(&mut self, message: &Message<'_>, on: bool) {
        let Some(channel) = message.get("Uniqueid") else { return };
        let by_leg = self.state.contacts.by_leg(channel);
        let Some(key) = by_leg.or_else(|| self.talk_of(channel, message, "")) else { return };
        self.turn_hold(&key, on);
    }

    pub(crate) fn turn_hold(&mut self, key: &str, on: bool) {
        let Some(contact) = self.state.contacts.get_mut(key) else { return };
        if contact.stage != Stage::Talking || contact.held == on || contact.doubt().is_some() {
            return;
        }
        contact.held = on;
        let agent = contact.agent.clone();
        let kind = if on { Kind::Held } else { Kind::Resumed };
        self.tell(key, self.at_ms, agent.as_deref(), kind);
    }

    /// The talk of the agent whose channel that is, if it is theirs. Fields have names that begin so.
    pub(crate) fn talk_of(
        &self,
        channel: &str,
        message: &Message<'_>,
        prefix: &str,
    ) -> Option<String> {
        let contacts = &self.state.contacts;
        if let Some(key) = contacts.by_leg(channel) {
            return Some(key);
        }
        // Where a Local channel stands between, the agent's own channel is another one.
        let key = contacts.key(message.get(&format!("{prefix}Linkedid"))?)?;
        let agent = self.state.agents.who(device(message.get(&format!("{prefix}Channel"))?))?;
        let contact = contacts.get(&key)?;
        let is_theirs = contact.stage == Stage::Talking && contact.agent.as_deref() == Some(agent);
        is_theirs.then_some(key)
    }
}
