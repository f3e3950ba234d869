//! The fold: events in, figures out. Pure: no IO, no clock, no lock, no JSON, and no event can
//! make it fail.
//!
//! An event becomes a fact of its contact (`contact`); what the contact counts as is derived from
//! its facts with and without it, and what differs is corrected in the cells (`cells`). So
//! repetition and delay of events don't matter, nor does their order, but for what is said in
//! writing within one moment; and `offered = answered + abandoned + flowed_out + waiting` holds at
//! every moment for every queue and window, because every stay counts as one `offered` and one of
//! the four.
//!
//! | room | what it is for |
//! |---|---|
//! | `ids` | numbers in the place of names, words that all rooms use |
//! | `counting` | what can be counted |
//! | `cells` | all counts, by whose contacts they are |
//! | `promise` | calendars, clocks, what policies promise |
//! | `people` | agents and returning customers |
//! | `duplicates` | which events were taken already |
//! | `contact` | from facts to what a contact counts as |
//! | `query` | what can be read |
//!
//! Time is an argument, of `apply` and of [`Engine::tick`], which is how T passes for those who
//! wait. Events come from the journal; figures go to [`crate::kpi`].

mod cells;
mod channel_hours;
mod contact;
mod counting;
mod duplicates;
mod feed;
mod habit;
mod ids;
mod intake;
mod intern;
mod limits_hit;
mod moment;
mod network_gauges;
mod observations;
mod people;
mod promise;
mod query;
mod revisit;
mod rules;
mod snapshot;
mod timers;

#[cfg(test)]
pub(crate) mod tests;

use serde::{Deserialize, Serialize};

use cells::Cells;
use contact::{Contact, Counted};
use duplicates::Duplicates;
use feed::FeedLog;
use ids::{NO_AGENT, NO_QUEUE, NOBODY, PersonId, QueueId};
use intern::{Map, Names, scoped_hash};
use network_gauges::NetworkGauges;
use observations::Observations;
use people::{Agents, Regulars, Within};
use promise::Policies;
use rules::{Limits, QueueThresholds, Tells};

use crate::event::{Event, Kind, UnixMs};

pub use channel_hours::ChannelHours;
pub use counting::{FLOWS, Field, Histogram, Length, Sum, Tally};
pub use duplicates::NewIds;
pub use feed::Faults;
pub use ids::Standing;
pub use limits_hit::{Kept, LimitHit, LimitsHit};
pub use moment::QUARTER_MS;
pub use network_gauges::NetworkGauge;
pub use observations::{Observation, Observed};
pub use people::{AgentProfile, STATES_REMEMBERED_MS};
pub use promise::{Calendar, Deadline, PolicyRules};
pub use query::{
    AgentNow, Breaking, CellCounters, CellView, Missed, Quarters, RollUp, RollUpError, Stretch,
    WaitingContact,
};
pub use rules::{ChannelRules, Rules};
pub use snapshot::RestoreError;
pub use timers::Timers;

/// Channels that are counted; events of further ones are refused, counted.
const CHANNELS_MAX: usize = 1000;
/// Queue names that are told apart; further ones count as "no queue", counted.
pub const QUEUES_MAX: usize = 1000;
/// Agents' names that are told apart.
const PEOPLE_MAX: usize = 20_000;
/// Topics that are told apart; contacts don't count under further ones, counted.
const TOPICS_MAX: usize = 1000;
/// Policies and rated dimensions that are told apart.
const LABELS_MAX: usize = 1000;
/// Of the contacts that may be kept, one in so many gives way at once when there are too many:
/// looking for the oldest is paid for by many.
const CONTACTS_EVICTED: usize = 64;
/// How labels of policies and of rated dimensions begin.
const POLICY: &str = "policy/";
const DIMENSION: &str = "rating/";

/// Everything that a snapshot holds.
#[derive(Serialize, Deserialize)]
struct State {
    rules_fingerprint: u64,
    version: u64,
    channels: Names,
    feeds: Vec<FeedLog>,
    queues: Names,
    /// Agents by name, on whatever channel.
    people: Names,
    topics: Names,
    /// Policies first, then rated dimensions.
    labels: Names,
    cells: Cells,
    agents: Agents,
    regulars: Regulars,
    /// Boxed: a map that grows moves what is in it.
    #[serde(serialize_with = "snapshot::in_order")]
    contacts: Map<u64, Box<Contact>>,
    duplicates: Duplicates,
    limits_hit: LimitsHit,
    gauges: NetworkGauges,
}

/// The fold: takes events, lets time pass, and knows every figure at every moment.
pub struct Engine {
    rules: Rules,
    limits: Limits,
    policies: Policies,
    /// By number of the queue.
    thresholds: Vec<QueueThresholds>,
    /// By number of the channel: the queue of its contacts for which the network names none.
    channel_queues: Vec<QueueId>,
    state: State,
    timers: Timers,
    observations: Observations,
    /// Memory that one contact after another uses.
    before: Counted,
    now: Counted,
}

impl Engine {
    /// An engine that has seen nothing.
    pub fn new(rules: Rules) -> Engine {
        let state = State {
            rules_fingerprint: rules.fingerprint(),
            version: 0,
            channels: Names::default(),
            feeds: Vec::new(),
            queues: Names::default(),
            people: Names::default(),
            topics: Names::default(),
            labels: Names::default(),
            cells: Cells::new(),
            agents: Agents::default(),
            regulars: Regulars::default(),
            contacts: Map::default(),
            duplicates: Duplicates::default(),
            limits_hit: LimitsHit::default(),
            gauges: NetworkGauges::default(),
        };
        let mut engine = Engine::with_state(rules, state);
        engine.queue(Some(""));
        // Number 0 is nobody.
        engine.state.people.intern("", PEOPLE_MAX);
        for policy in &engine.rules.policies {
            engine.state.labels.intern(&format!("{POLICY}{}", policy.name), LABELS_MAX);
        }
        let configured: Vec<_> = engine.rules.queues.named.keys().cloned().collect();
        for queue in &configured {
            engine.queue(Some(queue));
        }
        let configured: Vec<_> = engine.rules.channels.keys().cloned().collect();
        for channel in &configured {
            engine.channel(channel);
        }
        engine
    }

    fn with_state(rules: Rules, mut state: State) -> Engine {
        let limits = Limits::of(&rules.contacts);
        let mut policies = Policies::new(&rules.policies);
        for (_, channel) in state.channels.iter() {
            policies.add_channel(channel);
        }
        let mut thresholds = Vec::new();
        for (_, queue) in state.queues.iter() {
            policies.add_queue(queue);
            thresholds.push(rules.thresholds(queue));
        }
        let queue_of = |channel: &str| {
            let queue = rules.channels.get(channel)?.queue.as_deref()?;
            state.queues.find(queue)
        };
        let channels = state.channels.iter().map(|(_, channel)| channel);
        let channel_queues = channels.map(|it| queue_of(it).unwrap_or(NO_QUEUE)).collect();
        let within = Within::new(limits.repeat_within_ms, rules.time_zone.clone());
        state.regulars.set_within(within);
        Engine {
            limits,
            policies,
            thresholds,
            channel_queues,
            rules,
            state,
            timers: Timers::default(),
            observations: Observations::default(),
            before: Counted::new(),
            now: Counted::new(),
        }
    }

    /// Takes one event, known since `now_ms`. Order and repetition don't matter.
    pub fn apply(&mut self, event: &Event, now_ms: UnixMs) {
        self.tick(now_ms);
        let now_ms = self.state.cells.moment.now_ms;
        self.state.version += 1;
        let Some(channel) = self.channel(&event.channel) else {
            self.state.limits_hit.channels_refused += 1;
            return;
        };
        let id = if event.id.is_empty() {
            // Nothing to recognise it by: it is always new.
            scoped_hash(channel, "") ^ self.state.version
        } else {
            scoped_hash(channel, &event.id)
        };
        if !event.id.is_empty() && !self.state.duplicates.insert(channel, id, now_ms, &self.limits)
        {
            self.feed(channel).faults.duplicates += 1;
            return;
        }
        self.state.limits_hit.ids_evicted += self.state.duplicates.make_room(&self.limits);
        let mut at_ms = event.at_ms.max(0);
        if at_ms > now_ms.saturating_add(self.limits.clock_skew_max_ms) {
            self.feed(channel).faults.clamped += 1;
            at_ms = now_ms;
        }
        let feed = &mut self.state.feeds[usize::from(channel)];
        if let Kind::Feed(word) = &event.kind {
            if feed.word(*word, at_ms, now_ms, &self.rules.time_zone) {
                self.settle_channel(channel);
            }
            return;
        }
        feed.heard(at_ms, now_ms, &self.rules.time_zone);
        // Of a contact that came in by another channel, that channel's network is told of as well.
        let contacts_channel = event.same_as.as_ref().and_then(|same| self.channel(&same.channel));
        let contacts_channel = contacts_channel.unwrap_or(channel);
        let feed = self.feed(contacts_channel);
        let known = feed.tells;
        feed.tells.learn(&event.kind);
        if feed.tells != known {
            self.settle_outdated(contacts_channel);
        }
        self.take(event, (channel, contacts_channel), id, at_ms);
    }

    /// Lets time pass: T for those who wait, windows, the day, the memory of old contacts.
    pub fn tick(&mut self, now_ms: UnixMs) {
        let before = self.state.cells.moment;
        let moment = before.advanced(now_ms, &self.rules.time_zone, self.rules.day_start);
        if moment == before {
            return;
        }
        if (before.head, before.day_start_ms) != (moment.head, moment.day_start_ms) {
            self.state.version += 1;
        }
        self.state.cells.advance(moment);
        while let Some((due_ms, key)) = self.timers.pop_due(moment.now_ms) {
            self.wake(key, due_ms);
        }
        if before.day_start_ms != moment.day_start_ms {
            self.state.regulars.forget(moment.now_ms);
        }
        self.state.duplicates.forget(moment.now_ms, &self.limits);
    }

    /// Prepares for many questions at once, which answers each of them sooner and the same.
    pub fn put_in_order(&mut self) {
        self.state.cells.put_in_order();
    }

    /// Grows whenever anything visible may have changed.
    pub fn version(&self) -> u64 {
        self.state.version
    }

    fn channel(&mut self, name: &str) -> Option<u16> {
        let channel = self.state.channels.intern(name, CHANNELS_MAX)?;
        if usize::from(channel) == self.state.feeds.len() {
            let rules = self.rules.channels.get(name);
            let tells = rules.map(Tells::of).unwrap_or_default();
            self.state.feeds.push(FeedLog::new(tells));
            self.policies.add_channel(name);
            let own = self.rules.channels.get(name).and_then(|rules| rules.queue.clone());
            let own = self.queue(own.as_deref());
            self.channel_queues.push(own);
        }
        Some(channel)
    }

    fn feed(&mut self, channel: u16) -> &mut FeedLog {
        &mut self.state.feeds[usize::from(channel)]
    }

    fn queue(&mut self, name: Option<&str>) -> QueueId {
        let Some(name) = name else { return NO_QUEUE };
        if let Some(queue) = self.state.queues.find(name) {
            return queue;
        }
        let Some(queue) = self.state.queues.intern(name, QUEUES_MAX) else {
            self.state.limits_hit.queues_refused += 1;
            return NO_QUEUE;
        };
        self.thresholds.push(self.rules.thresholds(name));
        self.policies.add_queue(name);
        queue
    }

    /// Who that agent is, and whether the operator names the person for several.
    fn person(&mut self, channel: u16, name: &str) -> (PersonId, bool) {
        let channel = self.state.channels.name(channel);
        let person = self.rules.people.get(&(channel.to_owned(), name.to_owned()));
        let known = person.map_or(name, String::as_str);
        let number = self.state.people.intern(known, PEOPLE_MAX).unwrap_or(NOBODY);
        (number, person.is_some())
    }

    fn agent(&mut self, channel: u16, name: Option<&str>, queue: QueueId) -> u32 {
        let Some(name) = name else { return NO_AGENT };
        let key = scoped_hash(channel, name);
        let who = match self.state.agents.who(key) {
            Some(who) => who,
            None => self.person(channel, name),
        };
        let Some(agent) = self.state.agents.intern(key, channel, who) else {
            self.state.limits_hit.agents_refused += 1;
            return NO_AGENT;
        };
        if queue != NO_QUEUE {
            self.state.agents.seen_in(agent, queue);
        }
        agent
    }
}
