//! An agent hands a call on: without a word, or after asking.

use tablica_plugin::{Kind, Transfer, TransferWay};

use crate::contact::{Contact, Doubt, EndedBy, Stage};
use crate::decode::Decoder;
use crate::message::Message;

impl Decoder<'_> {
    /// BlindTransfer. The next queue tells of the call itself.
    pub(crate) fn blind_transfer(&mut self, message: &Message<'_>) {
        if message.get("Result").is_some_and(|result| result != "Success") {
            return;
        }
        let Some(channel) = message.get("TransfererUniqueid") else { return };
        if let Some(key) = self.talk_of(channel, message, "Transferer") {
            self.hand_on(&key, TransferWay::Blind, None);
        }
    }

    /// AttendedTransfer. Which of the agent's two channels is the first one is a matter of time, not
    /// of which of them leads to the caller.
    pub(crate) fn attended_transfer(&mut self, message: &Message<'_>) {
        let has_failed = message.get("Result").is_some_and(|result| result != "Success");
        if has_failed || message.is("DestType", "Fail") {
            return;
        }
        let channels = ["OrigTransferer", "SecondTransferer"]
            .map(|prefix| (prefix, message.get(&format!("{prefix}Uniqueid"))));
        let talk =
            |(prefix, channel): &(&str, Option<&str>)| self.talk_of((*channel)?, message, prefix);
        let Some(key) = channels.iter().find_map(talk) else { return };
        // In a conference of three, the agent is still there.
        if message.is("DestType", "Threeway") {
            if let Some(contact) = self.state.contacts.get_mut(&key) {
                contact.conference = true;
            }
            self.turn_hold(&key, false);
            return;
        }
        let asked = channels.iter().filter_map(|(_, channel)| *channel);
        let asked = asked.filter_map(|channel| self.state.contacts.key(channel));
        let asked = asked.into_iter().find(|other| *other != key);
        let consultation = self.state.contacts.get(&key).and_then(|it| it.consultation.clone());
        self.hand_on(&key, TransferWay::Attended, asked.or(consultation));
    }

    /// Transfer, before Asterisk 12.
    pub(crate) fn old_transfer(&mut self, message: &Message<'_>) {
        let Some(channel) = message.get("Uniqueid") else { return };
        let Some(key) = self.talk_of(channel, message, "") else { return };
        let is_attended = message.is("TransferType", "Attended");
        let way = if is_attended { TransferWay::Attended } else { TransferWay::Blind };
        let asked = message.get("TargetUniqueid").filter(|_| is_attended);
        let asked = asked.and_then(|channel| self.state.contacts.key(channel));
        self.hand_on(&key, way, asked.filter(|asked| *asked != key));
    }

    /// The agent has done their part. A consultation that still waits is the caller's from here on.
    pub(crate) fn hand_on(&mut self, key: &str, way: TransferWay, consultation: Option<String>) {
        let Some(contact) = self.state.contacts.get(key) else { return };
        let customer = contact.customer.clone();
        let from = contact.agent.clone().map(|agent| (agent, contact.queue.clone()));
        let ended = match contact.doubt() {
            Some(Doubt::Ended { at_ms, talk_ms, .. }) => (*at_ms, *talk_ms),
            _ => (self.at_ms, None),
        };
        let next = consultation.and_then(|id| {
            let next = self.state.contacts.get(&id)?;
            (next.stage != Stage::Elsewhere).then(|| (id, next.clone()))
        });
        let to = Transfer {
            to_queue: next.as_ref().map(|(_, next)| next.queue.clone()),
            to_agent: next.as_ref().and_then(|(_, next)| next.agent.clone()),
            way,
        };
        if let Some((id, _)) = next.as_ref().filter(|(_, next)| next.consults_about.is_some()) {
            self.state.contacts.remove(id);
        }
        if let Some(contact) = self.state.contacts.get_mut(key) {
            contact.consultation = None;
            // It is the consultation's channel that says whether it goes on.
            contact.gone &= next.is_none();
        }
        let (at_ms, talk_ms) = ended;
        self.end_talk(key, at_ms, talk_ms, EndedBy::Agent, Some(to));
        let Some((id, next)) = next else { return };
        if next.consults_about.is_some() {
            self.take_over(key, &id, &next, at_ms);
            if let Some(contact) = self.state.contacts.get_mut(key) {
                contact.handed_by = from;
            }
        } else if let Some(contact) = self.state.contacts.get_mut(&id) {
            // The agents spoke: the talk goes on in it, and now the customer is there.
            contact.customer = contact.customer.take().or(customer);
        }
    }

    /// The caller stands in the queue in the agent's place.
    fn take_over(&mut self, key: &str, id: &str, consultation: &Contact, at_ms: u64) {
        self.enter(key, id, &consultation.queue, at_ms, None);
        if let Some(contact) = self.state.contacts.get_mut(key) {
            contact.entered_ms = consultation.entered_ms;
        }
        for ring in &consultation.rings {
            if self.state.contacts.ring(key, ring.clone()) {
                self.tell(key, at_ms, Some(&ring.agent), Kind::OfferedToAgent);
            }
        }
    }
}
