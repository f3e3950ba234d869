//! What is decided by what comes next.
//!
//! Asterisk says "abandoned" of callers who gave up, but also of those who waited too long, were
//! withdrawn or redirected; it says "left" of those whom an agent takes, and of those who press a
//! key; and the end of a talk may be the beginning of a transfer. The next messages tell, most often
//! within the same millisecond.

use tablica_plugin::wrap_up::WrapUp;
use tablica_plugin::{
    Abandoned, Author, Event, Kind, LeftReason, TalkEnded, Transfer, TransferWay,
};

use crate::contact::{Contact, Doubt, EndedBy, HungUp, Reason, Stage};
use crate::decode::{Decoder, event_id};
use crate::message::Message;

/// The end of a talk whose caller hung up is told by then.
const ENDS_MS: u64 = 2_000;

/// What is known now.
#[derive(Clone, Copy)]
pub(crate) enum News<'a> {
    /// The dialplan was told why the caller is out of the queue.
    Reason(Reason),
    /// The call goes into that queue.
    Joins(&'a str),
    /// The caller's channel is gone.
    HungUp,
    /// Nothing more came.
    Silence,
}

impl Decoder<'_> {
    /// Decides what has waited in vain.
    pub(crate) fn due(&mut self, now_ms: u64) {
        let ended = self.state.wrap_ups.due(now_ms);
        self.events.extend(ended);
        while let Some(key) = self.state.contacts.due(now_ms) {
            self.settle(&key, News::Silence);
            // It cannot wait for the same a second time.
            self.state.contacts.take_doubt(&key);
        }
        self.private_calls(now_ms);
    }

    /// The contact goes into a queue: what it did before is over.
    pub(crate) fn goes_into(&mut self, key: &str, queue: &str) {
        self.settle(key, News::Joins(queue));
        let Some(contact) = self.state.contacts.get(key) else { return };
        match contact.stage {
            Stage::Talking => {
                let to = Transfer {
                    to_queue: Some(queue.to_owned()),
                    to_agent: None,
                    way: TransferWay::Unknown,
                };
                self.end_talk(key, self.at_ms, None, EndedBy::Agent, Some(to));
            }
            // Nobody told that it left.
            Stage::Waiting if contact.queue != queue => {
                self.leaves(key, self.at_ms, Kind::Left(LeftReason::Overflow));
            }
            Stage::Waiting | Stage::Elsewhere => {}
        }
    }

    /// Decides what the contact is in doubt about.
    pub(crate) fn settle(&mut self, key: &str, news: News<'_>) {
        let Some(contact) = self.state.contacts.get(key) else { return };
        let (hung_up, is_consultation) = (contact.hung_up, contact.consults_about.is_some());
        let stays_behind = contact.handed_by.is_some() && contact.channel != key;
        let is_left_to_others = contact.conference;
        let Some(doubt) = self.state.contacts.take_doubt(key) else { return };
        if is_consultation {
            self.drop_consultation(key);
            return;
        }
        match doubt {
            Doubt::GaveUp { at_ms, wait_ms } => {
                let kind = match (news, hung_up) {
                    (News::Reason(reason), _) => Kind::Left(reason.into()),
                    (News::Joins(_), _) => Kind::Left(LeftReason::Overflow),
                    (
                        News::HungUp | News::Silence,
                        Some((HungUp::System | HungUp::Shutdown, _)),
                    ) => Kind::Left(LeftReason::Lost),
                    // The call by which the agent asked is over; Asterisk calls the agent back.
                    (News::Silence, None) if self.state.tells_hang_ups && stays_behind => {
                        Kind::Left(LeftReason::Timeout)
                    }
                    // Still there, and not in the queue.
                    (News::Silence, None) if self.state.tells_hang_ups => {
                        Kind::Left(LeftReason::Unknown)
                    }
                    (News::HungUp | News::Silence, _) => Kind::Abandoned(Abandoned { wait_ms }),
                };
                self.leaves(key, at_ms, kind);
            }
            Doubt::Left { at_ms } => {
                let reason = match news {
                    News::Reason(reason) => reason.into(),
                    News::Joins(_) | News::HungUp | News::Silence => LeftReason::ExitKey,
                };
                self.leaves(key, at_ms, Kind::Left(reason));
            }
            Doubt::Missing { at_ms } => {
                let reason = match news {
                    News::Reason(reason) => reason.into(),
                    News::Joins(_) => LeftReason::Overflow,
                    News::HungUp | News::Silence => LeftReason::Lost,
                };
                self.leaves(key, at_ms, Kind::Left(reason));
            }
            // The caller talks on with whom the agent had asked into the talk.
            Doubt::Ended { by: EndedBy::Agent, .. }
                if is_left_to_others && matches!(news, News::Silence) =>
            {
                self.state.contacts.doubt(key, doubt, self.at_ms);
                self.leave_to_others(key);
            }
            Doubt::Ended { at_ms, talk_ms, by, handed_on } => {
                let to_queue = match news {
                    News::Joins(queue) => Some(queue.to_owned()),
                    _ => None,
                };
                let is_handed_on = handed_on || to_queue.is_some();
                let to = Transfer { to_queue, to_agent: None, way: TransferWay::Unknown };
                self.end_talk(key, at_ms, talk_ms, by, is_handed_on.then_some(to));
            }
        }
    }

    /// The talk is over, with after-work to come; before that it may be handed on.
    pub(crate) fn end_talk(
        &mut self,
        key: &str,
        at_ms: u64,
        talk_ms: Option<u64>,
        by: EndedBy,
        to: Option<Transfer>,
    ) {
        self.state.contacts.take_doubt(key);
        let Some(contact) = self.state.contacts.get(key) else { return };
        let (agent, queue) = (contact.agent.clone(), contact.queue.clone());
        if let Some(to) = to {
            self.tell(key, at_ms, agent.as_deref(), Kind::Transferred(to));
        }
        let ended = TalkEnded { talk_ms, hold_ms: None, by: by.into() };
        self.tell(key, at_ms, agent.as_deref(), Kind::TalkEnded(ended));
        match self.settings.wrap_up_ms(&queue) {
            0 => self.tell(key, at_ms, agent.as_deref(), Kind::WrappedUp),
            wrap_up_ms => {
                let early = self.state.wrap_ups.begin(WrapUp {
                    id: event_id(at_ms, key, &queue, agent.as_deref(), &Kind::WrappedUp),
                    call: key.to_owned(),
                    queue: Some(queue),
                    agent,
                    due_ms: at_ms.saturating_add(wrap_up_ms),
                    ends_ms: None,
                });
                self.events.extend(early);
            }
        }
        self.elsewhere(key, at_ms);
    }

    /// HangupRequest: the other side has hung up.
    pub(crate) fn hang_up_asked(&mut self, message: &Message<'_>) {
        self.hung_up_by(message, HungUp::Remote);
    }

    /// SoftHangupRequest: a channel is to end, and why. That the dialplan is through with it (16) or
    /// sends it elsewhere (2) says nothing of the caller.
    pub(crate) fn end_asked(&mut self, message: &Message<'_>) {
        match message.number("Cause") {
            // The device, by drivers that send no HangupRequest.
            Some(1) => self.hung_up_by(message, HungUp::Remote),
            // A time is over, somebody ordered it.
            Some(4) => self.hung_up_by(message, HungUp::Shutdown),
            Some(8 | 32) => self.hung_up_by(message, HungUp::System),
            _ => {}
        }
    }

    fn hung_up_by(&mut self, message: &Message<'_>, by: HungUp) {
        let leg = message.get("Uniqueid").filter(|_| by == HungUp::Shutdown);
        let leg = || self.state.contacts.by_leg(leg?);
        let Some(key) = self.decides(message).or_else(leg) else { return };
        if let Some(contact) = self.state.contacts.get_mut(&key) {
            contact.hung_up = contact.hung_up.or(Some((by, self.at_ms)));
        }
    }

    /// Hangup.
    pub(crate) fn hung_up(&mut self, message: &Message<'_>) {
        self.state.tells_hang_ups = true;
        let Some(channel) = message.get("Uniqueid") else { return };
        self.state.entering.remove(channel);
        let Some(key) = self.decides(message) else { return };
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        contact.gone |= channel == key;
        let hung_up = contact.hung_up;
        let (stage, has_doubt) = (contact.stage, contact.doubt().is_some());
        // Another of its channels is in the queue, or talks: that one goes next.
        if contact.channel != channel && stage != Stage::Elsewhere && !has_doubt {
            return;
        }
        if has_doubt {
            self.settle(&key, News::HungUp);
            return;
        }
        let (at_ms, gave_up_ms) = (self.at_ms, contact.gave_up_ms(self.at_ms));
        let doubt = match stage {
            Stage::Elsewhere => {
                self.state.contacts.remove(&key);
                return;
            }
            // The messages of its end come after this one, or are missing.
            Stage::Waiting => Doubt::GaveUp { at_ms: gave_up_ms, wait_ms: None },
            Stage::Talking => {
                let by = match hung_up {
                    Some((HungUp::Remote, _)) => EndedBy::Customer,
                    Some((HungUp::System | HungUp::Shutdown, _)) | None => EndedBy::System,
                };
                Doubt::Ended { at_ms, talk_ms: None, by, handed_on: false }
            }
        };
        self.state.contacts.doubt(&key, doubt, self.at_ms.saturating_add(ENDS_MS));
    }

    /// The contact whose end this channel's end is: its first channel, or, where that is gone, the
    /// one in the queue.
    fn decides(&self, message: &Message<'_>) -> Option<String> {
        let channel = message.get("Uniqueid")?;
        let key = self.state.contacts.key(channel)?;
        let contact = self.state.contacts.get(&key)?;
        (channel == key || (contact.gone && contact.channel == channel)).then_some(key)
    }

    /// Says how a contact ended of which nothing more will be heard.
    pub(crate) fn lose(&mut self, key: &str, contact: Contact, at_ms: u64) {
        if contact.consults_about.is_some() {
            return;
        }
        let ended = TalkEnded { talk_ms: None, hold_ms: None, by: Author::System };
        let kinds = match contact.stage {
            Stage::Waiting => vec![Kind::Left(LeftReason::Lost)],
            Stage::Talking => vec![Kind::TalkEnded(ended), Kind::WrappedUp],
            Stage::Elsewhere => return,
        };
        for kind in kinds {
            let agent = contact.agent.as_deref();
            let id = event_id(at_ms, key, &contact.queue, agent, &kind);
            let mut event = Event::new(id, at_ms, kind).on(key).queue(contact.queue.as_str());
            event.agent = agent.map(str::to_owned);
            event.customer.extend(contact.customer.clone());
            self.events.push(event);
        }
    }
}
