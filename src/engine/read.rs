//! What can be read off the engine: cells by selector, feeds, agents, counters.

use super::bins::Bins;
use super::cell::Cell;
use super::day::{BUCKET_MS, BUCKETS, bucket_start_ms};
use super::feed::Faults;
use super::field::{Field, Length, MESSAGES};
use super::observe::Observation;
use super::promise::Standing;
use super::quarters::{QUARTER_MS, quarter_of};
use super::rollup::label_of;
use super::slice::{Asked, Axes};
use super::tally::Tally;
use super::timeline::buckets_of;
use super::{Engine, LimitsHit, PolicyRules, Rules};
use crate::config::model::Queue;
use crate::event::{Millis, UnixMs};
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

/// Whole quarters of an hour, up to but not including the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarters {
    from: i64,
    to: i64,
}

impl Quarters {
    /// Those that begin within the span.
    pub fn between(from_ms: UnixMs, to_ms: UnixMs) -> Self {
        let first = |at_ms: UnixMs| quarter_of(at_ms + QUARTER_MS - 1);
        Quarters { from: first(from_ms), to: first(to_ms) }
    }

    /// When they begin.
    pub fn from_ms(&self) -> UnixMs {
        self.from * QUARTER_MS
    }

    /// When they end.
    pub fn to_ms(&self) -> UnixMs {
        self.to * QUARTER_MS
    }

    /// One by one.
    pub fn each(self) -> impl Iterator<Item = Quarters> {
        (self.from..self.to).map(|from| Quarters { from, to: from + 1 })
    }

    /// As many, so much earlier.
    pub fn earlier(self, by_ms: Millis) -> Self {
        let by = by_ms.div_euclid(QUARTER_MS);
        Quarters { from: self.from - by, to: self.to - by }
    }
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
        self.engine.state.channels.name(self.cell.slice.channel)
    }

    /// The queue's name; empty where the network names none.
    pub fn queue(&self) -> &'a str {
        self.engine.state.queues.name(self.cell.slice.queue)
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
        self.cell.tally(&self.engine.state.books.moment, window)
    }

    /// How that length was distributed in that window.
    pub fn lengths(&self, length: Length, window: Window) -> Bins {
        self.cell.lengths(&self.engine.state.books.moment, length, window)
    }

    /// Counts of a row of quarters of an hour.
    pub fn quarters(&self, quarters: Quarters) -> Tally {
        self.cell.quarters.sum(quarters.from, quarters.to).counts
    }

    /// How that length was distributed in them.
    pub fn quarter_lengths(&self, length: Length, quarters: Quarters) -> Bins {
        let sum = self.cell.quarters.sum(quarters.from, quarters.to);
        sum.lengths(length).cloned().unwrap_or_default()
    }

    /// Contacts of customers who can be recognised in that span, and how many of those customers
    /// came again within W.
    pub fn visits(&self, from_ms: UnixMs, to_ms: UnixMs) -> (i64, i64) {
        self.cell.visits.between(from_ms, to_ms)
    }

    /// A policy's clocks that run now and stand so.
    pub fn standing(&self, standing: Standing) -> u32 {
        self.cell.standing(standing)
    }

    /// Counts, and the most who waited at once, in part of the last hour.
    pub fn stretch(&self, stretch: Stretch) -> (Tally, u32) {
        self.cell.stretch(&self.engine.state.books.moment, stretch.oldest, stretch.newest)
    }

    /// How that length was distributed in part of the last hour.
    pub fn stretch_lengths(&self, length: Length, stretch: Stretch) -> Bins {
        let moment = &self.engine.state.books.moment;
        self.cell.stretch_lengths(moment, length, stretch.oldest, stretch.newest)
    }

    /// Contacts that wait in the queue now.
    pub fn waiting(&self) -> u32 {
        self.cell.waiting
    }

    /// Written contacts whose customer waits for a reply now, the first or a further one.
    pub fn unanswered(&self) -> u32 {
        self.cell.unanswered
    }

    /// Of those: who has waited for longer than that.
    pub fn unanswered_over(&self, length_ms: Millis) -> usize {
        self.cell.unanswered_since(self.engine.now_ms() - length_ms)
    }

    /// Since when the longest waiting has waited.
    pub fn waiting_since_ms(&self) -> Option<UnixMs> {
        self.cell.pending().next().map(|(since_ms, _)| since_ms)
    }

    /// The longest wait that ended today.
    pub fn longest_today_ms(&self) -> Option<Millis> {
        self.cell.longest_today_ms()
    }

    /// There have been calls here, or an agent's part in one.
    pub fn has_voice(&self) -> bool {
        self.cell.voice > 0 || self.has_any(&[Field::Handled, Field::WrapUps, Field::RingsMissed])
    }

    /// There have been written contacts here, or an agent's part in one.
    pub fn has_written(&self) -> bool {
        self.cell.written > 0 || self.has_any(&[Field::HandledWritten, Field::Replies])
    }

    /// There has been anything at all here.
    pub fn has_traffic(&self) -> bool {
        self.has_voice() || self.has_written() || self.has_any(&MESSAGES)
    }

    fn has_any(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.cell.totals.actual(*field) > 0)
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

    /// The slice that a selector asks for; none when it names what was never seen.
    fn asked(&self, selector: &Selector) -> Option<Asked> {
        /// A name that was never seen covers nothing; so does no number.
        fn number<T>(
            name: Option<&str>,
            find: impl FnOnce(&str) -> Option<T>,
        ) -> Option<Option<T>> {
            match name {
                None => Some(None),
                Some(name) => find(name).map(Some),
            }
        }
        let state = &self.state;
        let asked = Asked::new()
            .channel(number(selector.channel.as_deref(), |name| state.channels.find(name))?)
            .queue(number(selector.queue.as_deref(), |name| state.queues.find(name))?)
            .agent(number(selector.agent.as_deref(), |name| state.people.find(name))?)
            .topic(number(selector.topic.as_deref(), |name| state.topics.find(name))?)
            .label(number(label_of(selector).as_deref(), |name| state.labels.find(name))?)
            .medium(selector.kind)
            .priority(selector.priority)
            .public(selector.public);
        Some(asked)
    }

    /// The cells that a selector covers; none as well when nobody has asked to count by what it
    /// names ([`Engine::watch`]).
    pub fn select(&self, selector: &Selector) -> Vec<CellView<'_>> {
        let view = |cell| CellView { cell, engine: self };
        let Some(Asked(asked)) = self.asked(selector) else { return Vec::new() };
        let books = &self.state.books;
        let Some(axes) = books.answering(asked.axes()) else { return Vec::new() };
        if asked.axes() == axes {
            return books.find(&asked).map(view).into_iter().collect();
        }
        let covered = |cell: &&Cell| cell.slice.axes() == axes && asked.covers(&cell.slice);
        books.cells().iter().filter(covered).map(view).collect()
    }

    /// Figures by what the selector names are counted.
    pub fn is_watched(&self, selector: &Selector) -> bool {
        self.state.books.answering(axes_of(selector)).is_some()
    }

    /// Counts by what the selector names from now on, and as far back as contacts are remembered.
    /// False when too many combinations are counted already.
    pub fn watch(&mut self, selector: &Selector) -> bool {
        self.watch_axes(axes_of(selector))
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
        sorted(labels.filter_map(|(_, label)| label.strip_prefix(super::DIMENSION)))
    }

    /// The policy of that name.
    pub fn policy(&self, name: &str) -> Option<&PolicyRules> {
        self.rules.policies.iter().find(|policy| policy.name == name)
    }

    /// The span from `from_ms` to now, so many days earlier by the site's clock: a day of 23 or
    /// 25 hours in between moves neither end.
    pub fn days_before(&self, from_ms: UnixMs, days: i64) -> (UnixMs, UnixMs) {
        let zone = &self.rules.time_zone;
        let moved = |at_ms: UnixMs| super::day::days_before(at_ms, days, zone);
        (moved(from_ms), moved(self.now_ms()))
    }

    /// The shift under way: its name and when it began.
    pub fn shift(&self) -> Option<(&str, UnixMs)> {
        let now_ms = self.now_ms();
        let shifts = self.rules.shifts.iter().filter_map(|(name, shift)| {
            let from_ms = super::day::shift_start_ms(shift, &self.rules.time_zone, now_ms)?;
            Some((name.as_str(), from_ms))
        });
        shifts.max_by_key(|(_, from_ms)| *from_ms)
    }

    /// The whole quarters that a window is made of, for those that reach beyond the last hour
    /// and today; none while there is no such span.
    pub fn quarters_of(&self, window: Window) -> Option<Quarters> {
        let now_ms = self.now_ms();
        let from_ms = match window {
            Window::Shift => self.shift()?.1,
            Window::Hours24 => now_ms - 24 * 3_600_000,
            Window::Yesterday => {
                let today_ms = self.state.books.moment.day_start_ms;
                let before = super::day::day_around(
                    today_ms - 1,
                    &self.rules.time_zone,
                    self.rules.day_start,
                );
                return Some(Quarters::between(before.0, before.1));
            }
            _ => return None,
        };
        Some(Quarters::between(from_ms, now_ms))
    }

    /// When a window begins.
    pub fn window_from_ms(&self, window: Window) -> UnixMs {
        let moment = &self.state.books.moment;
        match (window, buckets_of(window)) {
            (Window::Now, _) => moment.now_ms,
            (_, Some(buckets)) => bucket_start_ms(moment, buckets - 1),
            (_, None) => {
                let quarters = self.quarters_of(window);
                quarters.map_or(moment.day_start_ms, |quarters| quarters.from_ms())
            }
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

    /// When a step of the last hour begins and ends.
    pub fn stretch_ms(&self, stretch: Stretch) -> (UnixMs, UnixMs) {
        let moment = &self.state.books.moment;
        let end_ms = bucket_start_ms(moment, stretch.newest) + BUCKET_MS;
        (bucket_start_ms(moment, stretch.oldest), end_ms.min(moment.now_ms))
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
        LimitsHit {
            slices_refused: self.state.books.refused,
            identifiers_refused: self.state.regulars.refused(),
            ..self.state.limits_hit
        }
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

/// What a selector fixes.
fn axes_of(selector: &Selector) -> Axes {
    let fixed = |is_fixed: bool, axes: Axes| if is_fixed { axes } else { Axes::NONE };
    fixed(selector.channel.is_some(), Axes::CHANNEL)
        | fixed(selector.queue.is_some(), Axes::QUEUE)
        | fixed(selector.agent.is_some(), Axes::AGENT)
        | fixed(selector.kind.is_some(), Axes::KIND)
        | fixed(selector.priority.is_some(), Axes::PRIORITY)
        | fixed(selector.public.is_some(), Axes::PUBLIC)
        | fixed(selector.topic.is_some(), Axes::TOPIC)
        | fixed(selector.policy.is_some() || selector.dimension.is_some(), Axes::LABEL)
}
