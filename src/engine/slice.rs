//! Which contacts a cell counts: those of one channel and queue, of one agent, of one topic.
//!
//! Every contact has a place on each of these axes. A [`Slice`] fixes some of them and leaves the
//! others open; which ones are fixed together is its [`Axes`]. Channel with queue is always
//! counted; other combinations only once somebody asks for them (`Books::watch`), so that the
//! cost of an event grows with the questions that are asked and not with the number of boards.

use std::hash::{Hash, Hasher};
use std::ops::BitOr;

use serde::{Deserialize, Serialize};

use super::fact::QueueId;
use crate::event::{Medium, Priority};

/// Number of a person's name; one person may work on several channels.
pub(super) type PersonId = u16;
/// Nobody.
pub(super) const NOBODY: PersonId = 0;
/// Number of a topic, or of a label.
pub(super) type WordId = u16;

/// An axis that is left open.
const OPEN: u16 = u16::MAX;
const OPEN_BYTE: u8 = u8::MAX;

/// A set of axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Axes(u8);

impl Axes {
    pub(super) const CHANNEL: Axes = Axes(1);
    pub(super) const QUEUE: Axes = Axes(1 << 1);
    pub(super) const AGENT: Axes = Axes(1 << 2);
    pub(super) const KIND: Axes = Axes(1 << 3);
    pub(super) const PRIORITY: Axes = Axes(1 << 4);
    pub(super) const PUBLIC: Axes = Axes(1 << 5);
    pub(super) const TOPIC: Axes = Axes(1 << 6);
    /// The policy, or the dimension of a rating. What has one is counted nowhere else.
    pub(super) const LABEL: Axes = Axes(1 << 7);
    /// Always counted.
    pub(super) const BASE: Axes = Axes(Axes::CHANNEL.0 | Axes::QUEUE.0);
    pub(super) const NONE: Axes = Axes(0);
    /// Not every contact has exactly one place on these: cells that fix them cannot be summed up
    /// to all contacts.
    const PARTIAL: Axes = Axes(Axes::AGENT.0 | Axes::TOPIC.0 | Axes::LABEL.0);

    pub(super) fn has(self, axes: Axes) -> bool {
        self.0 & axes.0 == axes.0
    }

    pub(super) const fn with(self, other: Axes) -> Axes {
        Axes(self.0 | other.0)
    }

    /// Sums of cells that fix these axes answer a question about those.
    pub(super) fn answers(self, asked: Axes) -> bool {
        self.has(asked) && (self.0 & !asked.0) & Axes::PARTIAL.0 == 0
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl BitOr for Axes {
    type Output = Axes;

    fn bitor(self, other: Axes) -> Axes {
        self.with(other)
    }
}

/// A contact's, or a single happening's, place on all axes but the topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) channel: u16,
    pub(super) queue: QueueId,
    pub(super) agent: PersonId,
    pub(super) traits: Option<Traits>,
    pub(super) label: Option<WordId>,
}

/// What a contact is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Traits {
    pub(super) medium: Medium,
    pub(super) priority: Priority,
    pub(super) public: bool,
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slice {
    pub(super) channel: u16,
    pub(super) queue: QueueId,
    agent: PersonId,
    topic: WordId,
    label: WordId,
    medium: u8,
    priority: u8,
    public: u8,
}

impl Hash for Slice {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let wide = |values: [u16; 4]| values.iter().fold(0, |all, one| all << 16 | u64::from(*one));
        state.write_u64(wide([self.channel, self.queue, self.agent, self.topic]));
        let small = u64::from(self.medium) << 16 | u64::from(self.priority) << 8;
        state.write_u64(u64::from(self.label) << 32 | small | u64::from(self.public));
    }
}

impl Slice {
    /// Open on all axes.
    const ALL: Slice = Slice {
        channel: OPEN,
        queue: OPEN,
        agent: OPEN,
        topic: OPEN,
        label: OPEN,
        medium: OPEN_BYTE,
        priority: OPEN_BYTE,
        public: OPEN_BYTE,
    };

    pub(super) fn base(channel: u16, queue: QueueId) -> Slice {
        Slice { channel, queue, ..Slice::ALL }
    }

    /// The slice by these axes in which something at that place is counted; none where it has no
    /// place on one of them.
    pub(super) fn at(axes: Axes, place: &Place, topic: Option<WordId>) -> Option<Slice> {
        let mut slice = Slice::ALL;
        if axes.has(Axes::CHANNEL) {
            slice.channel = place.channel;
        }
        if axes.has(Axes::QUEUE) {
            slice.queue = place.queue;
        }
        if axes.has(Axes::AGENT) {
            slice.agent = Some(place.agent).filter(|agent| *agent != NOBODY)?;
        }
        if axes.has(Axes::TOPIC) {
            slice.topic = topic?;
        }
        if axes.has(Axes::LABEL) {
            slice.label = place.label?;
        }
        if axes.has(Axes::KIND) {
            slice.medium = place.traits?.medium as u8;
        }
        if axes.has(Axes::PRIORITY) {
            slice.priority = place.traits?.priority as u8;
        }
        if axes.has(Axes::PUBLIC) {
            slice.public = u8::from(place.traits?.public);
        }
        Some(slice)
    }

    /// The axes that are fixed.
    pub(super) fn axes(&self) -> Axes {
        let fixed = |is_fixed: bool, axes: Axes| if is_fixed { axes } else { Axes::NONE };
        fixed(self.channel != OPEN, Axes::CHANNEL)
            | fixed(self.queue != OPEN, Axes::QUEUE)
            | fixed(self.agent != OPEN, Axes::AGENT)
            | fixed(self.topic != OPEN, Axes::TOPIC)
            | fixed(self.label != OPEN, Axes::LABEL)
            | fixed(self.medium != OPEN_BYTE, Axes::KIND)
            | fixed(self.priority != OPEN_BYTE, Axes::PRIORITY)
            | fixed(self.public != OPEN_BYTE, Axes::PUBLIC)
    }

    /// Everything that this slice fixes, the other fixes likewise.
    pub(super) fn covers(&self, other: &Slice) -> bool {
        let word = |mine: u16, theirs: u16| mine == OPEN || mine == theirs;
        let byte = |mine: u8, theirs: u8| mine == OPEN_BYTE || mine == theirs;
        word(self.channel, other.channel)
            && word(self.queue, other.queue)
            && word(self.agent, other.agent)
            && word(self.topic, other.topic)
            && word(self.label, other.label)
            && byte(self.medium, other.medium)
            && byte(self.priority, other.priority)
            && byte(self.public, other.public)
    }

    /// The channel, where it is fixed.
    pub(super) fn channel(&self) -> Option<u16> {
        (self.channel != OPEN).then_some(self.channel)
    }

    /// The queue, where it is fixed.
    pub(super) fn queue(&self) -> Option<QueueId> {
        (self.queue != OPEN).then_some(self.queue)
    }

    pub(super) fn agent(&self) -> Option<PersonId> {
        (self.agent != OPEN).then_some(self.agent)
    }

    pub(super) fn topic(&self) -> Option<WordId> {
        (self.topic != OPEN).then_some(self.topic)
    }

    pub(super) fn label(&self) -> Option<WordId> {
        (self.label != OPEN).then_some(self.label)
    }

    pub(super) fn medium(&self) -> Option<Medium> {
        Medium::ALL.get(usize::from(self.medium)).copied()
    }

    pub(super) fn priority(&self) -> Option<Priority> {
        Priority::ALL.get(usize::from(self.priority)).copied()
    }

    pub(super) fn public(&self) -> Option<bool> {
        (self.public != OPEN_BYTE).then_some(self.public == 1)
    }
}

/// A slice in the making, from what a selector names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked(pub(super) Slice);

impl Asked {
    pub(super) fn new() -> Self {
        Asked(Slice::ALL)
    }

    pub(super) fn channel(mut self, channel: Option<u16>) -> Self {
        self.0.channel = channel.unwrap_or(OPEN);
        self
    }

    pub(super) fn queue(mut self, queue: Option<QueueId>) -> Self {
        self.0.queue = queue.unwrap_or(OPEN);
        self
    }

    pub(super) fn agent(mut self, agent: Option<PersonId>) -> Self {
        self.0.agent = agent.unwrap_or(OPEN);
        self
    }

    pub(super) fn topic(mut self, topic: Option<WordId>) -> Self {
        self.0.topic = topic.unwrap_or(OPEN);
        self
    }

    pub(super) fn label(mut self, label: Option<WordId>) -> Self {
        self.0.label = label.unwrap_or(OPEN);
        self
    }

    pub(super) fn medium(mut self, medium: Option<Medium>) -> Self {
        self.0.medium = medium.map_or(OPEN_BYTE, |medium| medium as u8);
        self
    }

    pub(super) fn priority(mut self, priority: Option<Priority>) -> Self {
        self.0.priority = priority.map_or(OPEN_BYTE, |priority| priority as u8);
        self
    }

    pub(super) fn public(mut self, public: Option<bool>) -> Self {
        self.0.public = public.map_or(OPEN_BYTE, u8::from);
        self
    }
}
