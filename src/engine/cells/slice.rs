//! Which contacts a cell counts: those of one channel and queue, of one agent, of one topic.
//!
//! Every contact has a place on each of these axes. A [`Slice`] fixes some of them and leaves the
//! others open; which ones are fixed together is its [`Axes`]. Channel with queue is always
//! counted; other combinations only once somebody asks for them (`Cells::watch`), so that the
//! cost of an event grows with the questions that are asked and not with the number of boards.

use std::hash::{Hash, Hasher};
use std::ops::BitOr;

use serde::{Deserialize, Serialize};

use crate::engine::ids::{NOBODY, PersonId, QueueId, WordId};
use crate::event::{Medium, Priority};

/// An axis that is left open.
const OPEN: u16 = u16::MAX;
const OPEN_BYTE: u16 = u8::MAX as u16;

/// A set of axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(in crate::engine) struct Axes(u8);

impl Axes {
    pub(in crate::engine) const CHANNEL: Axes = Axes(1);
    pub(in crate::engine) const QUEUE: Axes = Axes(1 << 1);
    pub(in crate::engine) const AGENT: Axes = Axes(1 << 2);
    pub(in crate::engine) const KIND: Axes = Axes(1 << 3);
    pub(in crate::engine) const PRIORITY: Axes = Axes(1 << 4);
    pub(in crate::engine) const PUBLIC: Axes = Axes(1 << 5);
    pub(in crate::engine) const TOPIC: Axes = Axes(1 << 6);
    /// The policy, or the dimension of a rating. What has one is counted nowhere else.
    pub(in crate::engine) const LABEL: Axes = Axes(1 << 7);
    /// Always counted.
    pub(in crate::engine) const BASE: Axes = Axes(Axes::CHANNEL.0 | Axes::QUEUE.0);
    pub(in crate::engine) const NONE: Axes = Axes(0);
    /// Not every contact has exactly one place on these: cells that fix them cannot be summed up
    /// to all contacts.
    const PARTIAL: Axes = Axes(Axes::AGENT.0 | Axes::TOPIC.0 | Axes::LABEL.0);

    pub(in crate::engine) fn has(self, axes: Axes) -> bool {
        self.0 & axes.0 == axes.0
    }

    pub(in crate::engine) const fn with(self, other: Axes) -> Axes {
        Axes(self.0 | other.0)
    }

    /// Sums of cells that fix these axes answer a question about those.
    pub(in crate::engine) fn answers(self, asked: Axes) -> bool {
        self.has(asked) && (self.0 & !asked.0) & Axes::PARTIAL.0 == 0
    }

    pub(in crate::engine) fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl BitOr for Axes {
    type Output = Axes;

    fn bitor(self, other: Axes) -> Axes {
        self.with(other)
    }
}

/// What a contact is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Traits {
    pub(in crate::engine) medium: Medium,
    pub(in crate::engine) priority: Priority,
    pub(in crate::engine) public: bool,
}

/// A contact's, or a single happening's, place on all axes but the topics; open where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Place {
    slice: Slice,
    axes: Axes,
}

impl Place {
    pub(in crate::engine) fn new(channel: u16, queue: QueueId, agent: PersonId) -> Place {
        let is_nobody = agent == NOBODY;
        let slice = Slice::base(channel, queue);
        let axes = if is_nobody { Axes::BASE } else { Axes::BASE.with(Axes::AGENT) };
        Place { slice: if is_nobody { slice } else { slice.with(Part::AGENT, agent) }, axes }
    }

    /// Of a contact like that.
    pub(in crate::engine) fn of(self, traits: &Traits) -> Place {
        let slice = self.slice.with(Part::MEDIUM, traits.medium as u16);
        let slice = slice.with(Part::PRIORITY, traits.priority as u16);
        let slice = slice.with(Part::PUBLIC, u16::from(traits.public));
        Place { slice, axes: self.axes.with(Axes::KIND).with(Axes::PRIORITY).with(Axes::PUBLIC) }
    }

    /// Of what is no contact, and of no kind and no rank: only whether strangers can read it.
    pub(in crate::engine) fn of_public(self, public: bool) -> Place {
        let slice = self.slice.with(Part::PUBLIC, u16::from(public));
        Place { slice, axes: self.axes.with(Axes::PUBLIC) }
    }

    pub(in crate::engine) fn labelled(self, label: Option<WordId>) -> Place {
        let Some(label) = label else { return self };
        Place { slice: self.slice.with(Part::LABEL, label), axes: self.axes.with(Axes::LABEL) }
    }

    pub(in crate::engine) fn has_label(&self) -> bool {
        self.axes.has(Axes::LABEL)
    }

    /// The slice by these axes in which something here counts; none where this has no place on
    /// one of them. Topics are added by [`Slice::on`].
    pub(in crate::engine) fn slice(&self, axes: Axes) -> Option<Slice> {
        let asked = Axes(axes.0 & !Axes::TOPIC.0);
        self.axes.has(asked).then(|| self.slice.only(asked))
    }
}

/// Which contacts a cell counts. Two words of four and three numbers; of what is left open all
/// bits are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Slice(u64, u64);

/// Where a number stands in a slice.
#[derive(Clone, Copy)]
struct Part {
    word: usize,
    shift: u32,
    open: u64,
    axes: Axes,
}

impl Part {
    const fn new(word: usize, shift: u32, open: u16, axes: Axes) -> Part {
        Part { word, shift, open: open as u64, axes }
    }

    const CHANNEL: Part = Part::new(0, 0, OPEN, Axes::CHANNEL);
    const QUEUE: Part = Part::new(0, 16, OPEN, Axes::QUEUE);
    const AGENT: Part = Part::new(0, 32, OPEN, Axes::AGENT);
    const TOPIC: Part = Part::new(0, 48, OPEN, Axes::TOPIC);
    const LABEL: Part = Part::new(1, 0, OPEN, Axes::LABEL);
    const MEDIUM: Part = Part::new(1, 16, OPEN_BYTE, Axes::KIND);
    const PRIORITY: Part = Part::new(1, 24, OPEN_BYTE, Axes::PRIORITY);
    const PUBLIC: Part = Part::new(1, 32, OPEN_BYTE, Axes::PUBLIC);
    const ALL: [Part; 8] = [
        Part::CHANNEL,
        Part::QUEUE,
        Part::AGENT,
        Part::TOPIC,
        Part::LABEL,
        Part::MEDIUM,
        Part::PRIORITY,
        Part::PUBLIC,
    ];
}

/// By set of axes: the bits of all parts that are left open.
const OPEN_BITS: [Slice; 256] = {
    let mut all = [Slice(0, 0); 256];
    let mut axes = 0;
    while axes < all.len() {
        let mut index = 0;
        while index < Part::ALL.len() {
            let part = Part::ALL[index];
            if axes & part.axes.0 as usize == 0 {
                match part.word {
                    0 => all[axes].0 |= part.open << part.shift,
                    _ => all[axes].1 |= part.open << part.shift,
                }
            }
            index += 1;
        }
        axes += 1;
    }
    all
};

impl Hash for Slice {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0);
        state.write_u64(self.1);
    }
}

impl Slice {
    /// Open on all axes.
    const ALL: Slice = OPEN_BITS[0];

    pub(in crate::engine) fn base(channel: u16, queue: QueueId) -> Slice {
        Slice::ALL.with(Part::CHANNEL, channel).with(Part::QUEUE, queue)
    }

    fn with(mut self, part: Part, number: u16) -> Slice {
        let word = if part.word == 0 { &mut self.0 } else { &mut self.1 };
        *word = *word & !(part.open << part.shift) | (u64::from(number) & part.open) << part.shift;
        self
    }

    /// The number there, where it is fixed.
    fn part(&self, part: Part) -> Option<u16> {
        let word = if part.word == 0 { self.0 } else { self.1 };
        let number = word >> part.shift & part.open;
        (number != part.open).then_some(number as u16)
    }

    /// Open on all axes but these.
    pub(super) fn only(self, axes: Axes) -> Slice {
        let open = OPEN_BITS[usize::from(axes.0)];
        Slice(self.0 | open.0, self.1 | open.1)
    }

    /// On that topic.
    pub(in crate::engine) fn on(self, topic: WordId) -> Slice {
        self.with(Part::TOPIC, topic)
    }

    /// The axes that are fixed.
    pub(in crate::engine) fn axes(&self) -> Axes {
        let fixed = Part::ALL.iter().filter(|part| self.part(**part).is_some());
        fixed.fold(Axes::NONE, |axes, part| axes.with(part.axes))
    }

    /// The channel, where it is fixed.
    pub(in crate::engine) fn channel(&self) -> Option<u16> {
        self.part(Part::CHANNEL)
    }

    /// The queue, where it is fixed.
    pub(in crate::engine) fn queue(&self) -> Option<QueueId> {
        self.part(Part::QUEUE)
    }

    pub(in crate::engine) fn agent(&self) -> Option<PersonId> {
        self.part(Part::AGENT)
    }

    pub(in crate::engine) fn topic(&self) -> Option<WordId> {
        self.part(Part::TOPIC)
    }

    pub(in crate::engine) fn label(&self) -> Option<WordId> {
        self.part(Part::LABEL)
    }

    pub(in crate::engine) fn medium(&self) -> Option<Medium> {
        self.part(Part::MEDIUM).and_then(|number| Medium::ALL.get(usize::from(number)).copied())
    }

    pub(in crate::engine) fn priority(&self) -> Option<Priority> {
        let number = self.part(Part::PRIORITY);
        number.and_then(|number| Priority::ALL.get(usize::from(number)).copied())
    }

    pub(in crate::engine) fn public(&self) -> Option<bool> {
        self.part(Part::PUBLIC).map(|number| number == 1)
    }
}

/// A slice in the making, from what a selector names.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Asked(pub(in crate::engine) Slice);

impl Asked {
    pub(in crate::engine) fn new() -> Self {
        Asked(Slice::ALL)
    }

    fn with(self, part: Part, number: Option<u16>) -> Self {
        Asked(number.map_or(self.0, |number| self.0.with(part, number)))
    }

    pub(in crate::engine) fn channel(self, channel: Option<u16>) -> Self {
        self.with(Part::CHANNEL, channel)
    }

    pub(in crate::engine) fn queue(self, queue: Option<QueueId>) -> Self {
        self.with(Part::QUEUE, queue)
    }

    pub(in crate::engine) fn agent(self, agent: Option<PersonId>) -> Self {
        self.with(Part::AGENT, agent)
    }

    pub(in crate::engine) fn topic(self, topic: Option<WordId>) -> Self {
        self.with(Part::TOPIC, topic)
    }

    pub(in crate::engine) fn label(self, label: Option<WordId>) -> Self {
        self.with(Part::LABEL, label)
    }

    pub(in crate::engine) fn medium(self, medium: Option<Medium>) -> Self {
        self.with(Part::MEDIUM, medium.map(|medium| medium as u16))
    }

    pub(in crate::engine) fn priority(self, priority: Option<Priority>) -> Self {
        self.with(Part::PRIORITY, priority.map(|priority| priority as u16))
    }

    pub(in crate::engine) fn public(self, public: Option<bool>) -> Self {
        self.with(Part::PUBLIC, public.map(u16::from))
    }
}
