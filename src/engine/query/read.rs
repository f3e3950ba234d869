//! What can be read off the engine: cells by selector, feeds, agents, counters.

use super::spans::{Quarters, Stretch};
use crate::config::model::Queue;
use crate::engine::cells::Cell;
use crate::engine::counting::{Field, Histogram, Length, Tally};
use crate::engine::feed::Faults;
use crate::engine::ids::Class;
use crate::engine::observations::Observation;
use crate::engine::{Engine, PolicyRules, Rules};
use crate::event::{Awaits, Millis, UnixMs};
use crate::scope::{Selector, Window};

/// The figures of one queue on one channel.
#[derive(Clone, Copy)]
pub struct CellView<'a> {
    pub(in crate::engine) cell: &'a Cell,
    pub(in crate::engine) engine: &'a Engine,
}

/// Counts since the beginning of one queue on one channel. They never go down.
#[derive(Clone, Copy)]
pub struct CellCounters<'a> {
    pub(in crate::engine) view: CellView<'a>,
}

impl<'a> CellCounters<'a> {
    /// The channel's name.
    pub fn channel(&self) -> &'a str {
        self.view.channel()
    }

    /// The queue's name; empty where the network names none.
    pub fn queue(&self) -> &'a str {
        self.view.queue()
    }

    /// The queue's promises.
    pub fn rules(&self) -> &'a Queue {
        self.view.rules()
    }

    /// How many since the beginning.
    pub fn total(&self, field: Field) -> u64 {
        self.view.cell.counts.totals.shown(field)
    }
}

impl<'a> CellView<'a> {
    /// The channel's name.
    pub fn channel(&self) -> &'a str {
        self.cell.slice.channel().map_or("", |number| self.engine.state.channels.name(number))
    }

    /// The queue's name; empty where the network names none.
    pub fn queue(&self) -> &'a str {
        self.cell.slice.queue().map_or("", |number| self.engine.state.queues.name(number))
    }

    /// Whose counts these are, by names.
    pub fn selector(&self) -> Selector {
        self.engine.selector_of(&self.cell.slice)
    }

    /// The queue's promises.
    pub fn rules(&self) -> &'a Queue {
        self.engine.rules.queues.rules(self.queue())
    }

    /// Counts in that window; of [`Window::Now`], which has none, those of today.
    pub fn tally(&self, window: Window) -> Tally {
        self.cell.tally(&self.engine.state.cells.moment, window)
    }

    /// How that length was distributed in that window.
    pub fn lengths(&self, length: Length, window: Window) -> Histogram {
        self.cell.lengths(&self.engine.state.cells.moment, length, window)
    }

    /// Counts of a row of quarters of an hour.
    pub fn quarters(&self, quarters: Quarters) -> Tally {
        self.cell.counts.counts(&self.engine.state.cells.moment, quarters.from..quarters.to)
    }

    /// How that length was distributed in them.
    pub fn quarter_lengths(&self, length: Length, quarters: Quarters) -> Histogram {
        let moment = &self.engine.state.cells.moment;
        self.cell.counts.lengths(moment, length, quarters.from..quarters.to)
    }

    /// Contacts of customers who can be recognised in that span, and how many of those customers
    /// came again within W.
    pub fn visits(&self, from_ms: UnixMs, to_ms: UnixMs) -> (i64, i64) {
        self.cell.visits.between(from_ms, to_ms)
    }

    /// Counts, and the most who waited at once, in part of the last hour.
    pub fn stretch(&self, stretch: Stretch) -> (Tally, u32) {
        self.cell.stretch(&self.engine.state.cells.moment, stretch.buckets())
    }

    /// How that length was distributed in part of the last hour.
    pub fn stretch_lengths(&self, length: Length, stretch: Stretch) -> Histogram {
        let moment = &self.engine.state.cells.moment;
        self.cell.stretch_lengths(moment, length, stretch.buckets())
    }

    /// Contacts that wait in the queue now.
    pub fn waiting(&self) -> u32 {
        self.cell.waiting()
    }

    /// Contacts that wait for that now.
    pub fn awaited(&self, awaits: Awaits) -> u32 {
        self.cell.awaited(awaits)
    }

    /// Written contacts whose customer waits for a reply now, the first or a further one.
    pub fn unanswered(&self) -> u32 {
        u32::try_from(self.cell.waiters.of(Class::Written).len()).unwrap_or(u32::MAX)
    }

    /// Of those: who has waited for longer than that.
    pub fn unanswered_over(&self, length_ms: Millis) -> usize {
        let before_ms = self.engine.now_ms() - length_ms;
        self.cell.waiters.since_before(Class::Written, before_ms)
    }

    /// Since when the longest waiting of them has waited.
    pub fn unanswered_since_ms(&self) -> Option<UnixMs> {
        self.cell.waiters.first_ms(Class::Written)
    }

    /// Since when the caller in line who waits longest has waited.
    pub fn calls_waiting_since_ms(&self) -> Option<UnixMs> {
        self.cell.waiters.first_ms(Class::Voice)
    }

    /// Since when the longest waiting has waited, callers in line included.
    pub fn waiting_since_ms(&self) -> Option<UnixMs> {
        self.calls_waiting_since_ms().into_iter().chain(self.unanswered_since_ms()).min()
    }

    /// The longest wait that ended today.
    pub fn longest_today_ms(&self) -> Option<Millis> {
        self.cell.longest_today_ms()
    }

    /// There have been calls here, or an agent's part in one.
    pub fn has_voice(&self) -> bool {
        let part = [Field::OfferedCalls, Field::Handled, Field::WrapUps, Field::RingsMissed];
        self.cell.voice > 0 || self.has_any(&part)
    }

    /// There have been written contacts here, or an agent's part in one.
    pub fn has_written(&self) -> bool {
        let part = [Field::HandledWritten, Field::Replies];
        // Who was answered elsewhere and asks again came with their question.
        let asks = self.unanswered() > 0;
        asks || self.cell.written > 0 || self.cell.recalled.has_written() || self.has_any(&part)
    }

    pub(in crate::engine) fn has_any(&self, fields: &[Field]) -> bool {
        let has = |field: &Field| {
            self.cell.counts.totals.total(*field) > 0 || self.cell.recalled.has(*field)
        };
        fields.iter().any(has)
    }

    /// There has been anything at all here.
    pub fn has_traffic(&self) -> bool {
        let asks = self.unanswered() > 0;
        asks || !self.cell.counts.totals.is_empty() || !self.cell.recalled.is_empty()
    }

    /// The channel's network tells when a customer gives up waiting.
    pub fn can_be_abandoned(&self) -> bool {
        let channel = self.cell.slice.channel().map(usize::from);
        let feed = channel.and_then(|channel| self.engine.state.feeds.get(channel));
        feed.is_some_and(|feed| feed.tells.abandoned.is_told())
    }
}

impl Engine {
    /// The rules that it was made with.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The moment up to which it has counted.
    pub fn now_ms(&self) -> UnixMs {
        self.state.cells.moment.now_ms
    }

    /// How many queues, channels and topics are known: names are only ever added, so that nobody needs
    /// to list them again while it is the same.
    pub fn names_known(&self) -> usize {
        let state = &self.state;
        state.queues.count() + state.channels.count() + state.topics.count()
    }

    /// All queues that were seen or configured, by name.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.queues.iter().map(|(_, name)| name).filter(|name| !name.is_empty()))
    }

    /// All channels that were seen or configured, by name.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.channels.iter().map(|(_, name)| name))
    }

    /// All topics that were seen, by name.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.topics.iter().map(|(_, name)| name))
    }

    /// All agents that were seen, by name.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.people.iter().map(|(_, name)| name).filter(|name| !name.is_empty()))
    }

    /// All dimensions of ratings that were seen, by name.
    pub fn dimensions(&self) -> impl Iterator<Item = &str> {
        let labels = self.state.labels.iter();
        sorted(labels.filter_map(|(_, label)| label.strip_prefix(crate::engine::DIMENSION)))
    }

    /// The policy of that name.
    pub fn policy(&self, name: &str) -> Option<&PolicyRules> {
        self.rules.policies.iter().find(|policy| policy.name == name)
    }

    /// Counts since the beginning, by channel and queue.
    pub fn counters(&self) -> impl Iterator<Item = CellCounters<'_>> {
        self.select(&Selector::default()).into_iter().map(|view| CellCounters { view })
    }

    /// What could not be counted as it came, by channel.
    pub fn faults(&self) -> impl Iterator<Item = (&str, Faults)> {
        let feeds = self.state.channels.iter().zip(&self.state.feeds);
        feeds.map(|((_, name), feed)| (name, feed.faults))
    }

    /// Waits and response times since the last call, for histograms. Take them after each
    /// `apply`, or throw them away after a replay: a bounded number is kept.
    pub fn take_observations(&mut self) -> impl Iterator<Item = Observation<'_>> {
        let taken = std::mem::take(&mut self.observations.waiting);
        let state = &self.state;
        taken.into_iter().map(|(observed, channel, queue, length_ms)| Observation {
            observed,
            channel: state.channels.name(channel),
            queue: state.queues.name(queue),
            seconds: length_ms as f64 / 1000.0,
        })
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.into_iter()
}
