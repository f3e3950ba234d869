//! What a tile may ask for. The one seam between boards and the engine.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::annotations::Annotation;
use super::format::{self, Language};
use super::held::Held;
use super::house::House;
use super::lists::Lists;
use super::notice::Notice;
use super::parameter::Kind;
use crate::config::model::{Agents, Channel, Config, Policy, Queues, ShowAgents};
use crate::engine::{Calendar, Engine};
use crate::event::{Millis, UnixMs};
use crate::kpi::value::{Unit, Value};
use crate::kpi::{self, Kpi, Series, text};
use crate::scope::{Selector, Window};

/// The numbers, by KPI, selector and window.
pub trait Figures: Lists {
    /// One number, with its receipt and coverage.
    fn value(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Value;
    /// A number's course over the last hour, minute by minute.
    fn series(&self, kpi: &'static Kpi, selector: &Selector) -> Series;
    /// Every queue that has been seen or configured, by name.
    fn queues(&self) -> Vec<String>;
    /// Every channel that has been seen or configured, by name.
    fn channels(&self) -> Vec<String>;
    /// Every topic that has been seen, by name.
    fn topics(&self) -> Vec<String>;
    /// Everything that customers have rated by itself, by name.
    fn dimensions(&self) -> Vec<String>;
}

/// Length of a step of a series.
const STEP_MS: Millis = 60_000;

impl Figures for Engine {
    fn value(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Value {
        kpi::compute(kpi, self, selector, window, now_ms)
    }

    fn series(&self, kpi: &'static Kpi, selector: &Selector) -> Series {
        kpi::series(kpi, self, selector, STEP_MS)
    }

    fn queues(&self) -> Vec<String> {
        sorted(self.queues())
    }

    fn channels(&self) -> Vec<String> {
        sorted(self.channels())
    }

    fn topics(&self) -> Vec<String> {
        sorted(self.topics())
    }

    fn dimensions(&self) -> Vec<String> {
        sorted(self.dimensions())
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

/// What the walls of a site have in common: names, language, zone, goals.
#[derive(Clone, Debug)]
pub struct Site {
    /// Shown on every wall.
    pub name: String,
    /// For boards that choose none.
    pub language: Language,
    /// The site's zone.
    pub time_zone: TimeZone,
    /// Titles and goals.
    pub queues: Queues,
    /// Titles and networks, by channel name.
    pub channels: BTreeMap<String, ChannelFacts>,
    /// What agents are called.
    pub agents: Agents,
    /// Titles and goals, by policy name.
    pub policies: BTreeMap<String, PolicyFacts>,
    /// When people work, by calendar name.
    pub calendars: BTreeMap<String, Calendar>,
    /// Shares and mean times of fewer contacts have no colour.
    pub min_volume: u32,
    /// Whose pages a wall may show: `status.example.com`, `grafana.example.com:3000`.
    pub embed_hosts: Vec<String>,
    /// In which money is (`costs.currency`).
    pub currency: String,
    /// The past is shown again, so many times as fast as it was; walls say so.
    pub replay_speed: Option<f64>,
}

/// How a channel is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFacts {
    /// Its title on walls.
    pub title: String,
    /// The plugin's network, for the icon: `telegram`.
    pub network: String,
}

/// How a policy is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFacts {
    /// Its title on walls.
    pub title: String,
    /// The share of its promises that must be kept.
    pub goal: f64,
}

impl Site {
    /// As the config has it; `network` knows a channel's by the channel's name.
    pub fn of(config: &Config, network: impl Fn(&str) -> Option<String>) -> Site {
        let channel = |channel: &Channel| ChannelFacts {
            title: channel.title.clone().unwrap_or_else(|| channel.name.clone()),
            network: network(&channel.name).unwrap_or_default(),
        };
        let policy = |name: &String, policy: &Policy| PolicyFacts {
            title: policy.title.clone().unwrap_or_else(|| name.clone()),
            goal: policy.goal,
        };
        Site {
            name: config.site.name.clone(),
            language: Language::from_id(&config.site.language).unwrap_or_default(),
            time_zone: config.site.time_zone.clone(),
            queues: config.queues.clone(),
            channels: config.channels.values().map(|it| (it.name.clone(), channel(it))).collect(),
            agents: config.agents.clone(),
            policies: config
                .policies
                .iter()
                .map(|(name, it)| (name.clone(), policy(name, it)))
                .collect(),
            calendars: config
                .calendars
                .iter()
                .map(|(name, it)| (name.clone(), it.into()))
                .collect(),
            min_volume: config.boards.min_volume,
            embed_hosts: config.boards.embed_hosts.clone(),
            currency: config.costs.currency.clone(),
            replay_speed: None,
        }
    }

    /// The same with the titles of a config that has changed: nothing else of it holds before a
    /// restart.
    pub fn titled_as(&self, config: &Config) -> Site {
        let mut site = self.clone();
        // A replay names itself.
        if site.replay_speed.is_none() {
            site.name.clone_from(&config.site.name);
        }
        site.currency.clone_from(&config.costs.currency);
        let queues = &mut site.queues;
        for (name, queue) in &config.queues.named {
            let held = queues.named.entry(name.clone()).or_insert_with(|| queues.default.clone());
            held.title.clone_from(&queue.title);
        }
        for (name, queue) in &mut queues.named {
            if !config.queues.named.contains_key(name) {
                queue.title = None;
            }
        }
        for (name, channel) in &mut site.channels {
            let title = config.channels.get(name).and_then(|channel| channel.title.clone());
            channel.title = title.unwrap_or_else(|| name.clone());
        }
        for (name, policy) in &mut site.policies {
            let title = config.policies.get(name).and_then(|policy| policy.title.clone());
            policy.title = title.unwrap_or_else(|| name.clone());
        }
        site
    }

    /// What people call what a board is opened for.
    pub fn title_of<'a>(&'a self, kind: Kind, name: &'a str) -> &'a str {
        match kind {
            Kind::Queue => self.queue_title(name),
            Kind::Channel => self.channel_title(name),
            Kind::Policy => self.policy_title(name),
            Kind::Topic => name,
        }
    }

    /// A queue's title: the configured one, else its name.
    pub fn queue_title<'a>(&'a self, queue: &'a str) -> &'a str {
        self.queues.rules(queue).title.as_deref().unwrap_or(queue)
    }

    /// The same in a wall's words; also of contacts for which the network names no queue.
    pub fn queue_in_words(&self, queue: &str, language: Language) -> String {
        match queue {
            "" => language.no_queue(),
            named => self.queue_title(named).to_owned(),
        }
    }

    /// A channel's title: the configured one, else its name.
    pub fn channel_title<'a>(&'a self, channel: &'a str) -> &'a str {
        self.channels.get(channel).map_or(channel, |facts| facts.title.as_str())
    }

    /// What people read for an agent: the alias that the config gives, else one that is made up,
    /// or the name where the config says so.
    pub fn agent_title(&self, agent: &str) -> String {
        match (self.agents.aliases.get(agent), self.agents.show) {
            (Some(alias), _) => alias.clone(),
            (None, ShowAgents::Alias) => text::alias(agent),
            (None, ShowAgents::Name) => agent.to_owned(),
        }
    }

    /// The same, where the network's directory knows the agent: by their title there, if names are
    /// shown.
    pub fn agent_title_in(&self, engine: &Engine, agent: &str) -> String {
        let is_named_here = self.agents.aliases.contains_key(agent)
            || self.agents.people.contains_key(agent)
            || self.agents.show == ShowAgents::Alias;
        let known = (!is_named_here).then(|| engine.agent_profile(agent).title).flatten();
        known.unwrap_or_else(|| self.agent_title(agent))
    }

    /// A policy's title: the configured one, else its name.
    pub fn policy_title<'a>(&'a self, policy: &'a str) -> &'a str {
        self.policies.get(policy).map_or(policy, |facts| facts.title.as_str())
    }

    /// The share of a policy's promises that must be kept.
    pub fn policy_goal(&self, policy: &str) -> Option<f64> {
        self.policies.get(policy).map(|policy| policy.goal)
    }
}

/// Everything that rendering a tile may look at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The numbers.
    pub figures: &'a dyn Figures,
    /// Names, zone, goals.
    pub site: &'a Site,
    /// The board's id.
    pub board: &'a str,
    /// The board's language.
    pub language: Language,
    /// What explains the numbers, by time.
    pub annotations: &'a [Annotation],
    /// What must be known of the server itself.
    pub notice: Option<Notice>,
    /// How the server is, and which pictures there are.
    pub house: &'a House,
    /// What this tile looked like last; nothing where no picture came before.
    pub held: Option<&'a Held>,
    /// The moment that is shown.
    pub now_ms: UnixMs,
}

impl Scene<'_> {
    /// A figure with its unit in one piece of text: "80 %", "20 s", "4.20 EUR".
    pub fn in_line(&self, value: f64, unit: Unit) -> String {
        format::with_currency(value, unit, self.language, &self.site.currency)
    }

    /// A goal, as people say it: "80%", "5 min", "4.20 EUR".
    pub fn goal(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Money => self.in_line(value, unit),
            _ => format::goal(value, unit, self.language),
        }
    }
}
