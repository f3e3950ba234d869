//! In line: into a queue, and out of it without an agent.

use tablica_plugin::{Abandoned, Direction, Kind, LeftReason, Medium, Opened, identity};

use crate::contact::{Contact, Doubt, HungUp, Reason, Stage};
use crate::decode::Decoder;
use crate::doubts::News;
use crate::message::{Message, device};

/// What "abandoned" means is known after so long at the latest.
const GAVE_UP_MS: u64 = 2_000;
/// An agent's answer comes with, and not after, the caller's leaving of the queue.
const LEFT_MS: u64 = 1_500;
/// Asterisk counts whole seconds. Where its wait differs by more, messages came late.
pub(crate) const DIFFERENCE_MS: u64 = 2_000;
/// Shorter numbers are extensions: the site's own people.
const DIGITS_MIN: usize = 7;

impl Decoder<'_> {
    /// QueueCallerJoin.
    pub(crate) fn join(&mut self, channel: &str, queue: &str, message: &Message<'_>) {
        self.state.entering.remove(channel);
        let root = message.get("Linkedid").unwrap_or(channel);
        let known = self.state.contacts.key(channel);
        if let Some(about) = known.is_none().then(|| self.consulted_about(root, message)).flatten()
        {
            self.consult(channel, &about, queue);
            return;
        }
        let key = known.unwrap_or_else(|| root.to_owned());
        self.goes_into(&key, queue);
        if self.is_here_already(&key, queue) {
            return;
        }
        let customer = self.customer(message);
        self.enter(&key, channel, queue, self.at_ms, customer);
    }

    /// The contact about which an agent asks with this call, while they talk to it.
    fn consulted_about(&self, root: &str, message: &Message<'_>) -> Option<String> {
        let contacts = &self.state.contacts;
        let is_busy =
            |contact: &Contact| contact.stage != Stage::Elsewhere && contact.doubt().is_none();
        if message.get("Uniqueid") != Some(root)
            && let Some(key) = contacts.key(root)
        {
            return contacts.get(&key).is_some_and(is_busy).then_some(key);
        }
        // By a key of the desk telephone, which makes a call of its own.
        let agent = self.state.agents.who(device(message.get("Channel")?))?;
        let mut theirs = contacts.of_agent(agent);
        let (key, _) = theirs.find(|(_, contact)| {
            contact.stage == Stage::Talking && contact.agent.as_deref() == Some(agent)
        })?;
        Some(key.clone())
    }

    fn consult(&mut self, channel: &str, about: &str, queue: &str) {
        let (contact, lost) = self.state.contacts.begin(channel, self.at_ms);
        (contact.stage, contact.queue) = (Stage::Waiting, queue.to_owned());
        (contact.since_ms, contact.entered_ms) = (self.at_ms, self.at_ms);
        contact.channel = channel.to_owned();
        contact.consults_about = Some(about.to_owned());
        self.lost(lost);
        if let Some(contact) = self.state.contacts.get_mut(about) {
            contact.consultation = Some(channel.to_owned());
        }
    }

    /// Said again: by a list that Asterisk made before it told of the entry.
    pub(crate) fn is_here_already(&mut self, key: &str, queue: &str) -> bool {
        let Some(contact) = self.state.contacts.get_mut(key) else { return false };
        contact.broken_ms = None;
        contact.is_in(queue, Stage::Waiting)
    }

    /// A telephone number of somebody outside.
    pub(crate) fn customer(&self, message: &Message<'_>) -> Option<String> {
        let number = message.any(&["CallerIDNum", "CallerID"])?;
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let phone = || identity::phone(number, self.settings.country_code.as_deref());
        (digits >= DIGITS_MIN).then(phone).flatten()
    }

    /// Into a queue, and into the contact center when the call is new.
    pub(crate) fn enter(
        &mut self,
        key: &str,
        channel: &str,
        queue: &str,
        at_ms: u64,
        customer: Option<String>,
    ) {
        self.state.contacts.take_doubt(key);
        self.state.contacts.rings_over(key, None);
        self.state.contacts.talk_over(key);
        let (contact, lost) = self.state.contacts.begin(key, self.at_ms);
        contact.stage = Stage::Waiting;
        contact.queue = queue.to_owned();
        (contact.since_ms, contact.entered_ms) = (at_ms, at_ms);
        contact.channel = channel.to_owned();
        contact.customer = customer.or(contact.customer.take());
        (contact.hint, contact.consults_about, contact.handed_by) = (None, None, None);
        let is_new = !std::mem::replace(&mut contact.told, true);
        self.lost(lost);
        self.state.contacts.alias(channel, key);
        if is_new {
            self.tell(key, at_ms, None, opened());
        }
        self.tell(key, at_ms, None, Kind::Queued);
    }

    /// The contact of a caller in that queue; made when its entry was not seen.
    pub(crate) fn in_line(
        &mut self,
        channel: &str,
        queue: &str,
        message: &Message<'_>,
    ) -> Option<String> {
        let root = message.get("Linkedid").unwrap_or(channel);
        let contacts = &self.state.contacts;
        let known = contacts.key(channel).or_else(|| contacts.key(root));
        let key = known.unwrap_or_else(|| root.to_owned());
        if let Some(contact) = self.state.contacts.get_mut(&key) {
            (contact.heard_ms, contact.broken_ms) = (self.at_ms, None);
            if contact.is_in(queue, Stage::Waiting) {
                return Some(key);
            }
        }
        // Asterisk says how long they have waited; without that, nothing is made up.
        let wait_ms = message.seconds_ms("HoldTime")?;
        self.goes_into(&key, queue);
        let customer = self.customer(message);
        self.enter(&key, channel, queue, self.at_ms.saturating_sub(wait_ms), customer);
        Some(key)
    }

    /// QueueCallerLeave: to an agent, who is told of next, or by a key.
    pub(crate) fn leave(&mut self, channel: &str, queue: &str) {
        let Some(key) = self.state.contacts.key(channel) else { return };
        let Some(contact) = self.state.contacts.get(&key) else { return };
        let is_clear = matches!(contact.doubt(), None | Some(Doubt::Missing { .. }));
        if is_clear && contact.is_in(queue, Stage::Waiting) {
            let doubt = Doubt::Left { at_ms: self.at_ms };
            self.state.contacts.doubt(&key, doubt, self.at_ms.saturating_add(LEFT_MS));
        }
    }

    /// QueueCallerAbandon.
    pub(crate) fn abandon(&mut self, channel: &str, queue: &str, message: &Message<'_>) {
        let Some(key) = self.in_line(channel, queue, message) else { return };
        let Some(contact) = self.state.contacts.get(&key) else { return };
        if contact.consults_about.is_some() {
            self.drop_consultation(&key);
            return;
        }
        let (hint, hung_up) = (contact.hint, contact.hung_up);
        let wait_ms = self.at_ms.saturating_sub(contact.entered_ms);
        // While the agent hears an announcement, Asterisk does not look at the caller.
        let at_ms = contact.gave_up_ms(self.at_ms);
        let late_ms = self.at_ms.saturating_sub(at_ms);
        let wait_ms = message
            .seconds_ms("HoldTime")
            .filter(|ms| ms.abs_diff(wait_ms) > DIFFERENCE_MS)
            .map(|ms| ms.saturating_sub(late_ms));
        match (hint, hung_up) {
            (Some(reason), _) => self.leaves(&key, self.at_ms, Kind::Left(reason.into())),
            (None, Some((HungUp::Remote, _))) => {
                self.leaves(&key, at_ms, Kind::Abandoned(Abandoned { wait_ms }));
            }
            (None, Some((HungUp::System | HungUp::Shutdown, _))) => {
                self.leaves(&key, at_ms, Kind::Left(LeftReason::Lost));
            }
            (None, None) => {
                let doubt = Doubt::GaveUp { at_ms, wait_ms };
                self.state.contacts.doubt(&key, doubt, self.at_ms.saturating_add(GAVE_UP_MS));
            }
        }
    }

    /// Out of the queue without an agent.
    pub(crate) fn leaves(&mut self, key: &str, at_ms: u64, kind: Kind) {
        self.tell(key, at_ms, None, kind);
        self.state.contacts.take_doubt(key);
        self.elsewhere(key, at_ms);
    }

    /// In no queue any more. One whose channel is gone does not come back.
    pub(crate) fn elsewhere(&mut self, key: &str, at_ms: u64) {
        self.state.contacts.rings_over(key, None);
        self.state.contacts.talk_over(key);
        let Some(contact) = self.state.contacts.get_mut(key) else { return };
        (contact.stage, contact.since_ms, contact.hint) = (Stage::Elsewhere, at_ms, None);
        if contact.gone {
            self.state.contacts.remove(key);
        }
    }

    /// A consultation that nobody answered: no customer waited in it.
    pub(crate) fn drop_consultation(&mut self, key: &str) {
        if let Some(about) = self.state.contacts.remove(key).and_then(|it| it.consults_about)
            && let Some(contact) = self.state.contacts.get_mut(&about)
            && contact.consultation.as_deref() == Some(key)
        {
            contact.consultation = None;
        }
    }

    /// The dialplan sends a caller into a queue, which may refuse them.
    pub(crate) fn queue_application(&mut self, message: &Message<'_>) {
        let data = message.any(&["AppData", "ApplicationData"]).unwrap_or_default();
        let queue = data.split([',', '|']).next().unwrap_or_default();
        let Some(channel) = message.get("Uniqueid").filter(|_| self.settings.counts(queue)) else {
            return;
        };
        self.state.entering.renew(channel.to_owned(), queue.to_owned());
    }

    /// The variable QUEUESTATUS: why a caller is not, or no longer, in the queue.
    pub(crate) fn queue_status(&mut self, message: &Message<'_>) {
        let Some(channel) = message.get("Uniqueid") else { return };
        let reason = match message.get("Value") {
            Some("TIMEOUT") => Reason::Timeout,
            Some("JOINEMPTY" | "JOINUNAVAIL" | "LEAVEEMPTY" | "LEAVEUNAVAIL") => Reason::Empty,
            Some("FULL") => Reason::Full,
            Some("WITHDRAW") => Reason::Withdrawn,
            _ => return,
        };
        let is_refused = matches!(message.get("Value"), Some("FULL" | "JOINEMPTY" | "JOINUNAVAIL"));
        if is_refused {
            self.refused(channel, reason, message);
            return;
        }
        let Some(key) = self.state.contacts.key(channel) else { return };
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        match contact.doubt() {
            Some(_) => self.settle(&key, News::Reason(reason)),
            None if contact.stage == Stage::Waiting => contact.hint = Some(reason),
            None => {}
        }
    }

    /// Refused at the door.
    fn refused(&mut self, channel: &str, reason: Reason, message: &Message<'_>) {
        let Some(queue) = self.state.entering.remove(channel) else { return };
        let root = message.get("Linkedid").unwrap_or(channel);
        let key = self.state.contacts.key(channel).unwrap_or_else(|| root.to_owned());
        self.goes_into(&key, &queue);
        let customer = self.customer(message);
        self.enter(&key, channel, &queue, self.at_ms, customer);
        self.leaves(&key, self.at_ms, Kind::Left(reason.into()));
    }

    /// A contact whose end nobody will see.
    pub(crate) fn lost(&mut self, lost: Option<(String, Contact)>) {
        let Some((key, contact)) = lost else { return };
        self.lose(&key, contact, self.at_ms);
    }
}

pub(crate) fn opened() -> Kind {
    Kind::Opened(Opened {
        medium: Medium::Call,
        direction: Direction::Inbound,
        public: false,
        priority: None,
    })
}
