//! The calls that are in queues or were: where each of them is, and what is not decided yet.
//!
//! A contact is named by the Linkedid of the caller, which is the Uniqueid of its oldest channel. One
//! of its other channels may be the one that stands in the queue (`aliases`); an agent's channel
//! leads to the call that it talks to (`legs`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Contact, Doubt, Ring, Stage};

/// Calls at once. Over it the one of which nothing was heard for longest is lost.
const CONTACTS_MAX: usize = 20_000;
/// Channels of one call by which it is found.
const CHANNELS_MAX: usize = 16;
/// Telephones that ring for one call and are followed.
const RINGS_MAX: usize = 64;
/// A call that is in no queue is remembered so long, where its hang-up is not told.
const ELSEWHERE_MS_MAX: u64 = 3_600_000;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Contacts {
    contacts: BTreeMap<String, Contact>,
    aliases: BTreeMap<String, String>,
    sweep_at: usize,
    /// These three follow from the contacts.
    #[serde(skip)]
    legs: BTreeMap<String, String>,
    #[serde(skip)]
    work: BTreeMap<String, BTreeSet<String>>,
    #[serde(skip)]
    due: BTreeSet<(u64, String)>,
}

impl Contacts {
    /// After a snapshot was read.
    pub(crate) fn index(&mut self) {
        for (key, contact) in &self.contacts {
            if let Some((due_ms, _)) = &contact.undecided {
                self.due.insert((*due_ms, key.clone()));
            }
            if let Some(leg) = &contact.leg {
                self.legs.insert(leg.clone(), key.clone());
            }
            for agent in contact.rings.iter().map(|ring| &ring.agent).chain(&contact.agent) {
                self.work.entry(agent.clone()).or_default().insert(key.clone());
            }
        }
    }

    /// The contact of a channel.
    pub(crate) fn key(&self, channel: &str) -> Option<String> {
        match self.contacts.contains_key(channel) {
            true => Some(channel.to_owned()),
            false => self.aliases.get(channel).cloned(),
        }
    }

    /// The contact to which an agent's channel talks.
    pub(crate) fn by_leg(&self, leg: &str) -> Option<String> {
        self.legs.get(leg).cloned()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Contact> {
        self.contacts.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Contact> {
        self.contacts.get_mut(key)
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.contacts.keys().cloned().collect()
    }

    /// The contact, made when it is new; and one that had to be given up for it.
    pub(crate) fn begin(
        &mut self,
        key: &str,
        now_ms: u64,
    ) -> (&mut Contact, Option<(String, Contact)>) {
        let mut lost = None;
        if !self.contacts.contains_key(key) {
            self.sweep(now_ms);
            if self.contacts.len() >= CONTACTS_MAX {
                let oldest = self.contacts.iter().min_by_key(|(_, contact)| contact.heard_ms);
                let oldest = oldest.map(|(key, _)| key.clone());
                lost = oldest.and_then(|key| Some((key.clone(), self.remove(&key)?)));
            }
        }
        let contact = self.contacts.entry(key.to_owned()).or_default();
        (contact.heard_ms, contact.broken_ms) = (now_ms, None);
        (contact, lost)
    }

    /// The contact is found by that channel, too.
    pub(crate) fn alias(&mut self, channel: &str, key: &str) {
        if channel == key {
            return;
        }
        if let Some(contact) = self.contacts.get_mut(key)
            && contact.channels.len() < CHANNELS_MAX
            && !contact.channels.iter().any(|known| known == channel)
        {
            contact.channels.push(channel.to_owned());
            self.aliases.insert(channel.to_owned(), key.to_owned());
        }
    }

    /// A telephone rings; false when it does so already.
    pub(crate) fn ring(&mut self, key: &str, ring: Ring) -> bool {
        let Some(contact) = self.contacts.get_mut(key) else { return false };
        let rings = contact.rings.iter().any(|it| it.agent == ring.agent);
        if rings || contact.rings.len() >= RINGS_MAX {
            return false;
        }
        self.work.entry(ring.agent.clone()).or_default().insert(key.to_owned());
        contact.rings.push(ring);
        true
    }

    /// It no longer rings at that agent, or with none anywhere.
    pub(crate) fn rings_over(&mut self, key: &str, agent: Option<&str>) {
        let Some(contact) = self.contacts.get_mut(key) else { return };
        let is_over = |ring: &mut Ring| agent.is_none_or(|agent| ring.agent == agent);
        let over: Vec<Ring> = contact.rings.extract_if(.., is_over).collect();
        for ring in over {
            self.done(&ring.agent, key);
        }
    }

    pub(crate) fn talks(&mut self, key: &str, agent: &str, leg: Option<&str>) {
        self.rings_over(key, None);
        self.talk_over(key);
        let Some(contact) = self.contacts.get_mut(key) else { return };
        contact.agent = Some(agent.to_owned());
        contact.leg = leg.map(str::to_owned);
        self.work.entry(agent.to_owned()).or_default().insert(key.to_owned());
        if let Some(leg) = leg {
            self.legs.insert(leg.to_owned(), key.to_owned());
        }
    }

    pub(crate) fn talk_over(&mut self, key: &str) {
        let Some(contact) = self.contacts.get_mut(key) else { return };
        (contact.held, contact.bridge) = (false, None);
        (contact.conference, contact.left_to_others) = (false, false);
        let (agent, leg) = (contact.agent.take(), contact.leg.take());
        if let Some(agent) = agent {
            self.done(&agent, key);
        }
        if let Some(leg) = leg.filter(|leg| self.legs.get(leg).is_some_and(|it| it == key)) {
            self.legs.remove(&leg);
        }
    }

    fn done(&mut self, agent: &str, key: &str) {
        if let Some(keys) = self.work.get_mut(agent) {
            keys.remove(key);
            if keys.is_empty() {
                self.work.remove(agent);
            }
        }
    }

    /// The contacts that the agent talks to or that ring there.
    pub(crate) fn of_agent(&self, agent: &str) -> impl Iterator<Item = (&String, &Contact)> {
        let keys = self.work.get(agent).into_iter().flatten();
        keys.filter_map(|key| self.contacts.get_key_value(key))
    }

    /// Decided by what comes next, or at that time.
    pub(crate) fn doubt(&mut self, key: &str, doubt: Doubt, due_ms: u64) {
        self.take_doubt(key);
        if let Some(contact) = self.contacts.get_mut(key) {
            contact.undecided = Some((due_ms, doubt));
            self.due.insert((due_ms, key.to_owned()));
        }
    }

    pub(crate) fn take_doubt(&mut self, key: &str) -> Option<Doubt> {
        let (due_ms, doubt) = self.contacts.get_mut(key)?.undecided.take()?;
        self.due.remove(&(due_ms, key.to_owned()));
        Some(doubt)
    }

    /// The next contact about which has to be decided now.
    pub(crate) fn due(&self, now_ms: u64) -> Option<String> {
        let (due_ms, key) = self.due.first()?;
        (*due_ms <= now_ms).then(|| key.clone())
    }

    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Contact> {
        self.take_doubt(key);
        let talked = self.contacts.get(key).cloned()?;
        self.rings_over(key, None);
        self.talk_over(key);
        let contact = self.contacts.remove(key)?;
        for channel in &contact.channels {
            if self.aliases.get(channel).is_some_and(|it| it == key) {
                self.aliases.remove(channel);
            }
        }
        Some(Contact { agent: talked.agent, ..contact })
    }

    /// Forgets calls that are in no queue any more. Amortised: after each sweep they may double.
    fn sweep(&mut self, now_ms: u64) {
        if self.contacts.len() < self.sweep_at.max(1_000) {
            return;
        }
        let is_over = |contact: &Contact| {
            contact.stage == Stage::Elsewhere
                && contact.undecided.is_none()
                && contact.heard_ms.saturating_add(ELSEWHERE_MS_MAX) < now_ms
        };
        let over = self.contacts.iter().filter(|(_, contact)| is_over(contact));
        let over: Vec<String> = over.map(|(key, _)| key.clone()).collect();
        for key in over {
            self.remove(&key);
        }
        self.sweep_at = self.contacts.len().saturating_mul(2);
    }
}
