//! What the engine is told once: the site's day, the queues' promises, the channels it expects.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::config::model::{Config, Contacts, Queue, Queues, Shift};
use crate::engine::Engine;
use crate::engine::ids::Class;
use crate::engine::intern::StableHasher;
use crate::engine::promise::{Calendar, PolicyRules};
use crate::event::{Kind, KindName, Millis};

use super::channel_hours::ChannelHours;

/// The engine's rules. With others by which something was counted, fold the journal anew.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Zone in which "today" is counted.
    pub time_zone: TimeZone,
    /// When the day begins there.
    pub day_start: Time,
    /// How contacts begin and end where the network does not say.
    pub contacts: Contacts,
    /// The queues' thresholds.
    pub queues: Queues,
    /// When queues are open, by the names that [`Queue::calendar`] uses.
    pub calendars: BTreeMap<String, Arc<Calendar>>,
    /// What is promised to whom.
    pub policies: Vec<PolicyRules>,
    /// Working shifts, by name.
    pub shifts: BTreeMap<String, Shift>,
    /// The currency of [`ChannelRules::cost_per_contact`].
    pub currency: String,
    /// Channels that are expected to deliver, by name.
    pub channels: BTreeMap<String, ChannelRules>,
    /// Who is one person under several names: by channel and the name that its network gives, what
    /// the person is called.
    pub people: BTreeMap<(String, String), String>,
}

/// What is expected of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelRules {
    /// Shown on walls instead of the name.
    pub title: Option<String>,
    /// Late after so long without an event.
    pub late_after_ms: Millis,
    /// Silent after so long without an event.
    pub silent_after_ms: Millis,
    /// When it is expected to deliver.
    pub hours: ChannelHours,
    /// Its queue, where the network names none.
    pub queue: Option<String>,
    /// What one contact costs, where that is known.
    pub cost_per_contact: Option<f64>,
    /// The kinds of events that its network can tell; nothing where nobody says.
    pub tells: Option<BTreeSet<KindName>>,
}

/// Whether a network tells something of its contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Told {
    /// Nobody declares it, and it was not told yet.
    #[default]
    Unknown,
    /// The channel's rules declare what is told, and this is not.
    Never,
    /// Nobody declares it, but it was told at least once: of some contacts, perhaps not of all.
    Learned,
    /// The channel's rules declare it: told of every contact, and lost where it is missing.
    Declared,
}

impl Told {
    /// It is told, of some contacts at least.
    pub(in crate::engine) fn is_told(self) -> bool {
        matches!(self, Told::Learned | Told::Declared)
    }

    /// It was told just now. What is declared stands, whatever comes: else what all contacts of a channel
    /// count as would depend on one of them.
    fn learn(&mut self) {
        if *self == Told::Unknown {
            *self = Told::Learned;
        }
    }
}

/// What a channel's network tells of its contacts, as far as their course depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Tells {
    /// When a contact is settled.
    pub(in crate::engine) resolved: Told,
    /// When an agent's after-work ends.
    pub(in crate::engine) wrapped_up: Told,
    /// When a customer gives up waiting.
    pub(in crate::engine) abandoned: Told,
}

impl Tells {
    /// As the channel's rules say.
    pub(in crate::engine) fn of(rules: &ChannelRules) -> Tells {
        let told = |name| match &rules.tells {
            None => Told::Unknown,
            Some(tells) if tells.contains(&name) => Told::Declared,
            Some(_) => Told::Never,
        };
        Tells {
            resolved: told(KindName::Resolved),
            wrapped_up: told(KindName::WrappedUp),
            abandoned: told(KindName::Abandoned),
        }
    }

    /// Whatever a network has told once it can tell.
    pub(in crate::engine) fn learn(&mut self, kind: &Kind) {
        match kind {
            Kind::Resolved(_) | Kind::Reopened => self.resolved.learn(),
            Kind::WrappedUp => self.wrapped_up.learn(),
            Kind::Abandoned(_) => self.abandoned.learn(),
            _ => {}
        }
    }
}

impl Default for ChannelRules {
    fn default() -> Self {
        ChannelRules {
            title: None,
            late_after_ms: 15 * 60_000,
            silent_after_ms: 60 * 60_000,
            hours: ChannelHours::default(),
            queue: None,
            cost_per_contact: None,
            tells: None,
        }
    }
}

impl Default for Rules {
    /// UTC, T 20 s for calls and 15 min for written contacts, s 5 s.
    fn default() -> Self {
        Rules {
            time_zone: TimeZone::UTC,
            day_start: Time::midnight(),
            contacts: Contacts::default(),
            queues: Queues::default(),
            calendars: BTreeMap::new(),
            policies: Vec::new(),
            shifts: BTreeMap::new(),
            currency: "EUR".to_owned(),
            channels: BTreeMap::new(),
            people: BTreeMap::new(),
        }
    }
}

impl From<&Config> for Rules {
    fn from(config: &Config) -> Self {
        let calendars: BTreeMap<_, _> = config
            .calendars
            .iter()
            .map(|(name, calendar)| (name.clone(), Arc::new(Calendar::from(calendar))))
            .collect();
        let channels = config.channels.iter().map(|(name, channel)| {
            let rules = ChannelRules {
                title: channel.title.clone(),
                late_after_ms: millis(channel.late_after),
                silent_after_ms: millis(channel.silent_after),
                hours: ChannelHours::of(channel, &calendars),
                queue: channel.queue.clone(),
                cost_per_contact: channel.cost_per_contact,
                tells: channel.tells.clone(),
            };
            (name.clone(), rules)
        });
        let channels: BTreeMap<_, _> = channels.collect();
        let policies = config.policies.iter();
        let policies = policies.map(|(name, policy)| PolicyRules::of(name, policy, config));
        let people = config.agents.people.iter().flat_map(|(person, agents)| {
            let agents = agents.iter();
            agents.map(|it| ((it.channel.clone(), it.name.clone()), person.clone()))
        });
        Rules {
            time_zone: config.site.time_zone.clone(),
            day_start: config.site.day_start,
            contacts: config.contacts.clone(),
            queues: config.queues.clone(),
            calendars,
            policies: policies.collect(),
            shifts: config.shifts.clone(),
            currency: config.costs.currency.clone(),
            channels,
            people: people.collect(),
        }
    }
}

impl Rules {
    /// Changes whenever a rule changes by which something was already counted.
    pub(in crate::engine) fn fingerprint(&self) -> u64 {
        let mut hash = StableHasher::default();
        hash.write(self.time_zone.iana_name().unwrap_or("fixed").as_bytes());
        let mut number = |value: i64| hash.write_u64(value as u64);
        number(i64::from(self.day_start.hour()) * 60 + i64::from(self.day_start.minute()));
        let limits = Limits::of(&self.contacts);
        number(limits.idle_gap_ms);
        number(limits.duplicate_window_ms);
        number(limits.clock_skew_max_ms);
        number(limits.repeat_within_ms);
        number(limits.lost_after_ms);
        number(limits.reopen_within_ms);
        number(limits.call_max_ms);
        number(limits.callback_within_ms);
        let queues = self.queues.named.iter().map(|(name, queue)| (name.as_str(), queue));
        for (name, queue) in std::iter::once(("", &self.queues.default)).chain(queues) {
            hash.write(name.as_bytes());
            let QueueThresholds { answer_ms, reply_ms, short_abandon_ms, wrap_up_max_ms, hours } =
                self.thresholds_of(queue);
            for limit_ms in [answer_ms, reply_ms, short_abandon_ms, wrap_up_max_ms] {
                hash.write_u64(limit_ms as u64);
            }
            hours.hash(&mut hash);
        }
        for policy in &self.policies {
            hash.write(policy.name.as_bytes());
            (&policy.channels, &policy.queues, &policy.kinds).hash(&mut hash);
            (&policy.priorities, policy.public, policy.clock, policy.from).hash(&mut hash);
            policy.complaints.hash(&mut hash);
            (policy.target_ms, policy.warn_ms, &policy.calendar).hash(&mut hash);
        }
        self.people.hash(&mut hash);
        for (name, channel) in &self.channels {
            hash.write(name.as_bytes());
            (&channel.tells, &channel.queue).hash(&mut hash);
        }
        hash.finish()
    }
}

impl Rules {
    /// What holds for a queue.
    pub(in crate::engine) fn thresholds(&self, queue: &str) -> QueueThresholds {
        self.thresholds_of(self.queues.rules(queue))
    }

    fn thresholds_of(&self, queue: &Queue) -> QueueThresholds {
        let hours = queue.calendar.as_ref().and_then(|name| self.calendars.get(name));
        QueueThresholds {
            answer_ms: millis(queue.answer_threshold),
            reply_ms: millis(queue.reply_threshold),
            short_abandon_ms: millis(queue.short_abandon),
            wrap_up_max_ms: millis(queue.wrap_up_max),
            hours: hours.cloned().unwrap_or_default(),
        }
    }
}

impl Engine {
    /// Whether these rules can take the place of those in force without counting anew: nothing that
    /// was counted was counted by what differs.
    pub fn takes(&self, rules: &Rules) -> bool {
        let mut known = rules.clone();
        // Of a channel that is new to the rules and was never heard of, nothing was counted.
        known.channels.retain(|name, _| {
            self.rules.channels.contains_key(name) || self.state.channels.find(name).is_some()
        });
        known.fingerprint() == self.state.rules_fingerprint
    }

    /// Counts by these rules from now on. False when that is not enough, and the rules in force stay:
    /// fold the journal anew.
    pub fn adopt(&mut self, rules: &Rules) -> bool {
        if !self.takes(rules) {
            return false;
        }
        self.state.rules_fingerprint = rules.fingerprint();
        self.rules = rules.clone();
        self.state.version += 1;
        for channel in rules.channels.keys() {
            self.channel(channel);
        }
        true
    }

    /// Policies are called so from now on. Nothing is counted by titles.
    pub fn title_policies<'a>(&mut self, title: impl Fn(&str) -> Option<&'a str>) {
        for policy in &mut self.rules.policies {
            policy.title = title(&policy.name).map(str::to_owned);
        }
    }
}

/// See [`Limits::facts_max`].
const FACTS_MAX: usize = 512;
/// See [`Limits::many_facts`].
const MANY_FACTS: usize = 64;

/// The lengths of `[contacts]` in milliseconds, and what is kept of a contact.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Limits {
    pub(in crate::engine) idle_gap_ms: Millis,
    pub(in crate::engine) duplicate_window_ms: Millis,
    pub(in crate::engine) clock_skew_max_ms: Millis,
    pub(in crate::engine) repeat_within_ms: Millis,
    pub(in crate::engine) lost_after_ms: Millis,
    pub(in crate::engine) reopen_within_ms: Millis,
    pub(in crate::engine) call_max_ms: Millis,
    pub(in crate::engine) callback_within_ms: Millis,
    /// Facts of one contact that are kept apart; the older half of more becomes one state.
    pub(in crate::engine) facts_max: usize,
    /// Of a contact with so many facts it is kept where the older ones lead.
    pub(in crate::engine) many_facts: usize,
    /// Contacts kept, open ones and those that late events may still belong to.
    pub(in crate::engine) contacts_max: usize,
    /// Ids of events kept, of all channels.
    pub(in crate::engine) duplicate_ids_max: usize,
}

impl Limits {
    pub(in crate::engine) fn of(contacts: &Contacts) -> Self {
        Limits {
            idle_gap_ms: millis(contacts.idle_gap),
            duplicate_window_ms: millis(contacts.duplicate_window),
            clock_skew_max_ms: millis(contacts.clock_skew_max),
            repeat_within_ms: millis(contacts.repeat_within),
            lost_after_ms: millis(contacts.lost_after),
            reopen_within_ms: millis(contacts.reopen_within),
            call_max_ms: millis(contacts.call_max),
            callback_within_ms: millis(contacts.callback_within),
            facts_max: FACTS_MAX,
            many_facts: MANY_FACTS,
            contacts_max: contacts.contacts_max,
            duplicate_ids_max: contacts.duplicate_ids_max,
        }
    }

    /// How long a contact in which nothing is due stays known, of a network that does not tell when
    /// it is settled.
    pub(in crate::engine) fn memory_ms(&self) -> Millis {
        // A network's clock may run ahead of ours: its last word is silent that much later.
        self.duplicate_window_ms.max(self.idle_gap_ms.saturating_add(self.clock_skew_max_ms))
    }

    /// How long other contacts stay known: they may be settled, or opened again.
    pub(in crate::engine) fn reopen_memory_ms(&self) -> Millis {
        self.memory_ms().max(self.reopen_within_ms.saturating_add(self.clock_skew_max_ms))
    }
}

/// A queue's thresholds in milliseconds, and its hours.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::engine) struct QueueThresholds {
    pub(in crate::engine) answer_ms: Millis,
    pub(in crate::engine) reply_ms: Millis,
    pub(in crate::engine) short_abandon_ms: Millis,
    /// After-work that nobody ends is over after so long.
    pub(in crate::engine) wrap_up_max_ms: Millis,
    /// When it is open.
    pub(in crate::engine) hours: Arc<Calendar>,
}

impl QueueThresholds {
    /// T for a contact of that class.
    pub(in crate::engine) fn threshold_ms(&self, class: Class) -> Millis {
        match class {
            Class::Voice => self.answer_ms,
            Class::Written => self.reply_ms,
        }
    }
}

/// Longer lengths than ten years are ten years: sums of them still fit.
pub(in crate::engine) const LENGTH_MS_MAX: Millis = 10 * 366 * 86_400_000;

pub(in crate::engine) fn millis(duration: Duration) -> Millis {
    i64::try_from(duration.as_millis()).unwrap_or(LENGTH_MS_MAX).min(LENGTH_MS_MAX)
}
