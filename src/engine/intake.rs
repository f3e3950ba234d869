//! What an event says, on its way to the contact that it belongs to and to the counters that need
//! no contact.

use smallvec::SmallVec;

use crate::engine::cells::{At, Place};
use crate::engine::contact::{Fact, Named, News, OVERALL, Place as FactPlace};
use crate::engine::counting::{Entry, Field, Fields};
use crate::engine::ids::{NO_QUEUE, NOBODY, QueueId, WordId};
use crate::engine::intern::scoped_hash;
use crate::engine::people::MemberChange;
use crate::engine::{DIMENSION, Engine, LABELS_MAX, TOPICS_MAX};
use crate::event::{Author, Event, Kind, Mention, Message, Sentiment, UnixMs};

impl Engine {
    /// `channel` is who says it, and knows its agents by their names; `contacts_channel` is by which the
    /// contact came in, mostly the same.
    pub(in crate::engine) fn take(
        &mut self,
        event: &Event,
        (channel, contacts_channel): (u16, u16),
        id: u64,
        at_ms: UnixMs,
    ) {
        let queue = self.queue(event.queue.as_deref());
        let agent = self.agent(channel, event.agent.as_deref(), queue);
        let told_there = event.same_as.as_ref().is_some_and(|same| same.told_there);
        let refers = event.refers.as_ref().filter(|refers| !refers.is_empty());
        let mut named = Named {
            place: FactPlace::new(event.order, self.state.version),
            id: short(id),
            refers: refers.map(|refers| short(scoped_hash(channel, refers))),
            names_agent: event.agent.is_some(),
            agent,
            queue,
            to: NO_QUEUE,
            label: 0,
        };
        match &event.kind {
            Kind::AgentState(state) => {
                let reason = state.reason.as_deref().and_then(|reason| self.label(reason));
                self.state.agents.word(agent, (at_ms, state.status, id, reason));
            }
            Kind::Member(member) => {
                let reason = member.reason.as_deref().and_then(|reason| self.label(reason));
                let (place, change) = (id, member.change);
                let change = MemberChange { at_ms, place, queue, change, reason };
                self.state.agents.member(agent, change);
            }
            Kind::AgentKnown(known) => self.state.agents.profile(agent, at_ms, known.into()),
            Kind::Gauge(gauge) => {
                let is_kept = self.state.gauges.take((channel, queue), gauge, at_ms);
                self.state.limits_hit.gauges_refused += u64::from(!is_kept);
            }
            Kind::Message(message) if !told_there => {
                self.count_message(message, (contacts_channel, queue, agent), at_ms);
            }
            Kind::Mention(mention) => self.count_mention(mention, (channel, queue), at_ms),
            Kind::Answered(_) => self.state.agents.took(agent, at_ms),
            Kind::Transferred(transferred) => {
                named.to = self.queue(transferred.to_queue.as_deref())
            }
            Kind::Rated(rated) => {
                let dimension = if rated.dimension.is_empty() { OVERALL } else { &rated.dimension };
                let Some(label) = self.label(&format!("{DIMENSION}{dimension}")) else { return };
                named.label = label;
            }
            Kind::Other(_) => self.feed(channel).faults.not_understood += 1,
            _ => {}
        }
        let mut facts: SmallVec<[Fact; 4]> = SmallVec::new();
        if !told_there {
            facts.extend(Fact::of(&event.kind, at_ms, &named));
            let topics = self.topics_of(&event.kind);
            facts.extend(topics.into_iter().map(|topic| Fact::about(topic, at_ms, &named)));
        }
        if facts.is_empty() && event.customer.is_empty() {
            return;
        }
        let key = match (event.interaction.as_str(), &event.kind) {
            // A rating, or the like, that belongs to no contact is one of its own.
            ("", Kind::Rated(_) | Kind::RatingRequested | Kind::Removed(_) | Kind::Delivery(_)) => {
                id
            }
            ("", _) | (_, Kind::Mention(_)) => return,
            (interaction, _) => {
                let there = event.same_as.as_ref().map(|same| same.interaction.as_str());
                scoped_hash(contacts_channel, there.unwrap_or(interaction))
            }
        };
        let customer: SmallVec<[u64; 4]> =
            event.customer.iter().map(|known| scoped_hash(u16::MAX, &known.0)).collect();
        self.update_contact(
            key,
            contacts_channel,
            at_ms,
            &News { facts: &facts, customer: &customer },
        );
    }

    fn label(&mut self, name: &str) -> Option<WordId> {
        let label = self.state.labels.intern(name, LABELS_MAX);
        self.state.limits_hit.labels_refused += u64::from(label.is_none());
        label
    }

    /// What the event says its contact is about.
    fn topics_of(&mut self, kind: &Kind) -> Vec<WordId> {
        let named = match kind {
            Kind::Message(message) | Kind::Edited(message) if !message.spam => &message.topics,
            Kind::Mention(mention) if !mention.spam => &mention.topics,
            Kind::Tagged(tags) => tags,
            _ => return Vec::new(),
        };
        let mut topics = Vec::with_capacity(named.len());
        for name in named {
            match self.state.topics.intern(name, TOPICS_MAX) {
                Some(topic) => topics.push(topic),
                None => self.state.limits_hit.topics_refused += 1,
            }
        }
        topics.sort_unstable();
        topics.dedup();
        topics
    }

    fn count_message(
        &mut self,
        message: &Message,
        (channel, queue, agent): (u16, QueueId, u32),
        at_ms: UnixMs,
    ) {
        if message.spam {
            return;
        }
        let agent = self.state.agents.person(agent);
        let place = Place::new(channel, queue, agent);
        let fields = Fields::of(written_by(message.author));
        self.count(At { place, topics: &[] }, at_ms, fields);
    }

    fn count_mention(
        &mut self,
        mention: &Mention,
        (channel, queue): (u16, QueueId),
        at_ms: UnixMs,
    ) {
        let topics = self.topics_of(&Kind::Mention(mention.clone()));
        let place = Place::new(channel, queue, NOBODY).of_public(mention.public);
        let mut fields = Fields::of(if mention.spam { Field::Spam } else { Field::Mentions });
        if !mention.spam {
            match mention.sentiment {
                Sentiment::Positive => fields.add(Field::Positive),
                Sentiment::Negative => fields.add(Field::Negative),
                Sentiment::Neutral => fields.add(Field::Neutral),
                Sentiment::Unknown => {}
            }
            if mention.public {
                fields.add(Field::PublicPosts);
                if mention.sentiment == Sentiment::Negative {
                    fields.add(Field::PublicNegative);
                }
            }
        }
        self.count(At { place, topics: &topics }, at_ms, fields);
    }

    fn count(&mut self, at: At<'_>, at_ms: UnixMs, fields: Fields) {
        let at_ms = at_ms.min(self.state.cells.moment.now_ms);
        self.state.cells.visitor().put(at, &Entry::new(at_ms, fields));
    }
}

/// What an event is recognised by within its contact.
fn short(id: u64) -> u32 {
    (id ^ id >> 32) as u32
}

fn written_by(author: Author) -> Field {
    match author {
        Author::Customer => Field::MessagesCustomer,
        Author::Agent => Field::MessagesAgent,
        Author::Bot => Field::MessagesBot,
        Author::Peer => Field::MessagesPeer,
        Author::System => Field::MessagesSystem,
    }
}
