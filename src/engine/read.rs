//! What can be read off the engine: cells by selector, feeds, agents, counters.

use std::collections::BTreeMap;

use super::bins::Bins;
use super::cell::{Cell, buckets_of};
use super::day::{BUCKET_MS, BUCKETS, bucket_start_ms};
use super::feed::Faults;
use super::observe::Observation;
use super::tally::{Field, MESSAGES, Tally};
use super::{Engine, LimitsHit, Rules};
use crate::config::model::Queue;
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::kpi::value::{ChannelCoverage, Coverage, FeedHealth, Selector, Window};

/// The figures of one queue on one channel.
#[derive(Clone, Copy)]
pub struct CellView<'a> {
    cell: &'a Cell,
    engine: &'a Engine,
}

/// Part of the last 60 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Buckets ago that it begins.
    oldest: usize,
    /// Buckets ago that its last one begins.
    newest: usize,
}

/// Counts since the beginning of one queue on one channel. They never go down.
#[derive(Clone, Copy)]
pub struct CellCounters<'a> {
    view: CellView<'a>,
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
        self.view.cell.totals.shown(field)
    }
}

impl<'a> CellView<'a> {
    /// The channel's name.
    pub fn channel(&self) -> &'a str {
        self.engine.state.channels.name(self.cell.channel)
    }

    /// The queue's name; empty where the network names none.
    pub fn queue(&self) -> &'a str {
        self.engine.state.queues.name(self.cell.queue)
    }

    /// The queue's promises.
    pub fn rules(&self) -> &'a Queue {
        self.engine.rules.queues.rules(self.queue())
    }

    /// Counts in that window; of [`Window::Now`], which has none, those of today.
    pub fn tally(&self, window: Window) -> Tally {
        self.cell.tally(window)
    }

    /// First response times given in that window.
    pub fn responses(&self, window: Window) -> &'a Bins {
        self.cell.responses(window)
    }

    /// Counts, and the most who waited at once, in part of the last hour.
    pub fn stretch(&self, stretch: Stretch) -> (Tally, u32) {
        self.cell.stretch(&self.engine.state.books.moment, stretch.oldest, stretch.newest)
    }

    /// First response times given in part of the last hour.
    pub fn stretch_responses(&self, stretch: Stretch) -> Bins {
        let moment = &self.engine.state.books.moment;
        self.cell.stretch_responses(moment, stretch.oldest, stretch.newest)
    }

    /// Contacts that wait in the queue now.
    pub fn waiting(&self) -> u32 {
        self.cell.waiting
    }

    /// Written contacts whose customer waits for a reply now, the first or a further one.
    pub fn unanswered(&self) -> u32 {
        self.cell.unanswered
    }

    /// Since when the longest waiting has waited.
    pub fn waiting_since_ms(&self) -> Option<UnixMs> {
        self.cell.pending().next().map(|(since_ms, _)| since_ms)
    }

    /// The longest wait that ended today.
    pub fn longest_today_ms(&self) -> Option<Millis> {
        self.cell.longest_today.longest_ms()
    }

    /// There have been calls here.
    pub fn has_voice(&self) -> bool {
        self.cell.voice > 0
    }

    /// There have been written contacts here.
    pub fn has_written(&self) -> bool {
        self.cell.written > 0
    }

    /// There has been anything at all here.
    pub fn has_traffic(&self) -> bool {
        let wrote = |field| self.cell.totals.actual(field) > 0;
        self.has_voice() || self.has_written() || MESSAGES.into_iter().any(wrote)
    }

    /// Anybody was ever said to have given up waiting here.
    pub fn has_abandoned(&self) -> bool {
        self.cell.totals.actual(Field::Abandoned) > 0
    }
}

impl Engine {
    /// The rules that it was made with.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The moment up to which it has counted.
    pub fn now_ms(&self) -> UnixMs {
        self.state.books.moment.now_ms
    }

    /// All queues that were seen or configured, by name.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.queues.iter().map(|(_, name)| name).filter(|name| !name.is_empty()))
    }

    /// All channels that were seen or configured, by name.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        sorted(self.state.channels.iter().map(|(_, name)| name))
    }

    /// The cells that a selector covers.
    pub fn select(&self, selector: &Selector) -> Vec<CellView<'_>> {
        // A name that was never seen covers nothing; so does no number.
        let channel = selector.channel.as_deref().map(|name| self.state.channels.find(name));
        let queue = selector.queue.as_deref().map(|name| self.state.queues.find(name));
        let covers = |cell: &&Cell| {
            channel.is_none_or(|channel| channel == Some(cell.channel))
                && queue.is_none_or(|queue| queue == Some(cell.queue))
        };
        let cells = self.state.books.cells().iter().filter(covers);
        cells.map(|cell| CellView { cell, engine: self }).collect()
    }

    /// When a window begins.
    pub fn window_from_ms(&self, window: Window) -> UnixMs {
        let moment = &self.state.books.moment;
        match (window, buckets_of(window)) {
            (Window::Now, _) => moment.now_ms,
            (_, Some(buckets)) => bucket_start_ms(moment, buckets - 1),
            (_, None) => moment.day_start_ms,
        }
    }

    /// The last hour in steps, oldest first, the one under way last. The first moment of the
    /// first, and all of them. Steps are whole buckets (15 s).
    pub fn last_hour(&self, step_ms: Millis) -> (UnixMs, Millis, Vec<Stretch>) {
        let moment = &self.state.books.moment;
        let per_step = usize::try_from(step_ms / BUCKET_MS).unwrap_or(1).clamp(1, BUCKETS);
        // Steps begin at multiples of their length: a minute is a minute of the clock.
        let under_way = moment.head.rem_euclid(per_step as i64) as usize + 1;
        let steps = (BUCKETS - under_way) / per_step;
        let mut stretches: Vec<_> = (0..steps)
            .map(|step| {
                let newest = under_way + step * per_step;
                Stretch { oldest: newest + per_step - 1, newest }
            })
            .rev()
            .collect();
        stretches.push(Stretch { oldest: under_way - 1, newest: 0 });
        let from_ms = bucket_start_ms(moment, under_way + steps * per_step - 1);
        (from_ms, per_step as i64 * BUCKET_MS, stretches)
    }

    /// How many agents are in each state. Of a queue: those who were seen serving it.
    pub fn agents(&self, selector: &Selector) -> BTreeMap<AgentStatus, u32> {
        let channel = selector.channel.as_deref().map(|name| self.state.channels.find(name));
        let queue = selector.queue.as_deref().map(|name| self.state.queues.find(name));
        let mut counts = BTreeMap::new();
        for agent in self.state.agents.iter() {
            let covered = channel.is_none_or(|channel| channel == Some(agent.channel))
                && queue.is_none_or(|queue| queue.is_some_and(|queue| agent.serves(queue)));
            let wraps_up = self.state.feeds[usize::from(agent.channel)].wraps_up;
            if let Some(status) = agent.status(wraps_up, self.now_ms()).filter(|_| covered) {
                *counts.entry(status).or_default() += 1;
            }
        }
        counts
    }

    /// Which channels a selector's numbers come from, and how fresh each is.
    pub fn coverage(&self, selector: &Selector, now_ms: UnixMs) -> Coverage {
        let mut names: Vec<&str> = match (&selector.channel, &selector.queue) {
            (Some(channel), _) => vec![channel.as_str()],
            (None, Some(_)) => self.select(selector).iter().map(CellView::channel).collect(),
            (None, None) => self.channels().collect(),
        };
        names.sort_unstable();
        names.dedup();
        let channels = names.into_iter().map(|name| self.channel_coverage(name, now_ms));
        Coverage { channels: channels.collect() }
    }

    /// One channel's freshness.
    pub fn channel_coverage(&self, channel: &str, now_ms: UnixMs) -> ChannelCoverage {
        let known = self.state.channels.find(channel);
        let feed = known.map(|number| &self.state.feeds[usize::from(number)]);
        let rules = self.rules.channels.get(channel).cloned().unwrap_or_default();
        ChannelCoverage {
            channel: channel.to_owned(),
            last_event_ms: feed.and_then(|feed| feed.last_event_ms),
            feed: feed.map_or(FeedHealth::NoData, |feed| feed.health(&rules, now_ms)),
        }
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

    /// How often limits were hit.
    pub fn limits_hit(&self) -> LimitsHit {
        self.state.limits_hit
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

    /// Observations that nobody took in time.
    pub fn observations_dropped(&self) -> u64 {
        self.observations.dropped
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.into_iter()
}
