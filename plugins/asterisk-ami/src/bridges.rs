//! Who is in a bridge with the caller: hold ends, an agent leaves a conference, or gets a caller back.

use tablica_plugin::{Answered, Kind, TransferWay};

use crate::contact::{Contact, Doubt, EndedBy, Stage};
use crate::decode::Decoder;
use crate::doubts::News;
use crate::message::{Message, device};

/// So long after the caller left the next queue, Asterisk has called the agent back.
const BACK_MS: u64 = 120_000;

impl Decoder<'_> {
    /// BridgeEnter.
    pub(crate) fn bridge_entered(&mut self, message: &Message<'_>) {
        let Some(channel) = message.get("Uniqueid") else { return };
        let Some(bridge) = message.get("BridgeUniqueid") else { return };
        let Some(key) = self.state.contacts.by_leg(channel) else {
            if let Some(key) = self.handed_back(channel, message) {
                self.is_back(&key, channel, bridge);
            }
            return;
        };
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        let is_home = contact.bridge.get_or_insert_with(|| bridge.to_owned()) == bridge;
        if is_home {
            // From the call by which they asked.
            self.turn_hold(&key, false);
        }
    }

    /// BridgeLeave. Who leaves a conference hands the caller on to those who stay.
    pub(crate) fn bridge_left(&mut self, message: &Message<'_>) {
        let leg = message.get("Uniqueid").and_then(|channel| self.state.contacts.by_leg(channel));
        let Some(key) = leg else { return };
        let others = message.number("BridgeNumChannels").unwrap_or_default() >= 2;
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        if !others || !contact.conference {
            return;
        }
        contact.left_to_others = true;
        if matches!(contact.doubt(), Some(Doubt::Ended { by: EndedBy::Agent, .. })) {
            self.leave_to_others(&key);
        }
    }

    pub(crate) fn leave_to_others(&mut self, key: &str) {
        let consultation = self.state.contacts.get(key).and_then(|it| it.consultation.clone());
        self.hand_on(key, TransferWay::Attended, consultation);
    }

    /// MusicOnHoldStop, before Asterisk 12 MusicOnHold: the caller hears the agent again.
    pub(crate) fn music_stopped(&mut self, message: &Message<'_>) {
        let Some(channel) = message.get("Uniqueid") else { return };
        if let Some(key) = self.state.contacts.key(channel) {
            self.turn_hold(&key, false);
        }
    }

    /// The contact that an agent handed on, nobody took, and Asterisk gives back to them.
    fn handed_back(&self, channel: &str, message: &Message<'_>) -> Option<String> {
        let key = self.state.contacts.key(message.get("Linkedid")?)?;
        let contact = self.state.contacts.get(&key).filter(|_| channel != key)?;
        let (agent, _) = contact.handed_by.as_ref()?;
        let is_out = |contact: &Contact| match contact.doubt() {
            Some(doubt) => matches!(doubt, Doubt::GaveUp { .. }),
            None => contact.stage == Stage::Elsewhere,
        };
        let is_soon = contact.since_ms.saturating_add(BACK_MS) >= self.at_ms;
        let who = self.state.agents.who(device(message.get("Channel")?))?;
        (is_out(contact) && (contact.doubt().is_some() || is_soon) && who == agent).then_some(key)
    }

    /// The agent who handed it on has it again: in their queue, since it left the next one.
    fn is_back(&mut self, key: &str, leg: &str, bridge: &str) {
        self.settle(key, News::Silence);
        let Some(contact) = self.state.contacts.get_mut(key) else { return };
        let Some((agent, queue)) = contact.handed_by.take() else { return };
        let since_ms = contact.since_ms;
        (contact.stage, contact.queue) = (Stage::Talking, queue);
        (contact.since_ms, contact.entered_ms) = (self.at_ms, since_ms);
        contact.channel = key.to_owned();
        (contact.heard_ms, contact.broken_ms) = (self.at_ms, None);
        let rested = self.state.wrap_ups.cut_short(&agent, self.at_ms);
        self.events.extend(rested);
        self.state.contacts.talks(key, &agent, Some(leg));
        if let Some(contact) = self.state.contacts.get_mut(key) {
            contact.bridge = Some(bridge.to_owned());
        }
        self.tell(key, since_ms, None, Kind::Queued);
        let answered = Answered { wait_ms: None, ring_ms: None };
        self.tell(key, self.at_ms, Some(&agent), Kind::Answered(answered));
    }
}
