//! Which numbers: KPIs, of which contacts, over which windows.

use serde::Serialize;

use super::args::Args;
use crate::config::words::nearest;
use crate::engine::{CellView, Engine};
use crate::event::UnixMs;
use crate::kpi::value::Value;
use crate::kpi::{self, Kpi, text};
use crate::scope::{FeedHealth, Selector, Window};

/// What was asked for is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// No KPI of that id.
    #[error("there is no KPI \"{id}\"{hint}")]
    UnknownKpi {
        /// What was asked for.
        id: String,
        /// What it may have meant.
        hint: String,
    },
    /// Contacts cannot be selected like that.
    #[error("--select {0}")]
    Selector(String),
    /// A queue or channel that is neither configured nor in any event: a typing error must not
    /// look like a quiet day.
    #[error("no {what} \"{name}\" was known by then; {}", known_ones(known))]
    Unseen {
        /// `queue` or `channel`.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
}

fn known_ones(known: &[String]) -> String {
    match known {
        [] => "none was".to_owned(),
        [one] => format!("known is {one}"),
        more => format!("known are {}", more.join(", ")),
    }
}

/// The KPIs, windows and contacts that were asked for.
pub(super) struct Selection {
    kpis: Vec<&'static Kpi>,
    queues: Vec<String>,
    channels: Vec<String>,
    /// What else contacts are selected by.
    only: Selector,
    windows: Vec<Window>,
}

/// A value as it is printed: with what it is called and how it is written.
#[derive(Serialize)]
pub(super) struct Figure {
    pub(super) title: &'static str,
    /// "81.13 %"
    pub(super) display: String,
    #[serde(flatten)]
    pub(super) value: Value,
}

impl Selection {
    pub(super) fn of(args: &Args) -> Result<Self, SelectError> {
        let mut kpis = args.kpi.iter().map(|id| find(id)).collect::<Result<Vec<_>, _>>()?;
        if kpis.is_empty() {
            kpis = kpi::registry().to_vec();
        }
        let asked = |window: &Window| args.window.iter().any(|id| id == "all" || id == window.id());
        let flows = Window::ALL.into_iter().filter(|window| *window != Window::Now);
        let mut only = args.only()?;
        let (mut queues, mut channels) = (args.queue.clone(), args.channel.clone());
        // Said by --select, they are the same as by their own options.
        queues.extend(only.queue.take());
        channels.extend(only.channel.take());
        Ok(Selection { kpis, queues, channels, only, windows: flows.filter(asked).collect() })
    }

    /// What contacts are selected by, beside queue and channel.
    pub(super) fn only(&self) -> &Selector {
        &self.only
    }

    /// Of which contacts. Without a filter: all, then by queue and of none, then by channel.
    pub(super) fn selectors(&self, engine: &Engine) -> Vec<Selector> {
        let of = |queue, channel| narrowed(self.only.clone(), queue, channel);
        if self.queues.is_empty() && self.channels.is_empty() {
            let queues = queues(engine).map(|queue| of(Some(queue), None));
            let channels = engine.channels().map(|channel| of(None, Some(channel)));
            return std::iter::once(of(None, None)).chain(queues).chain(channels).collect();
        }
        let queues = or_all(&self.queues);
        let channels = or_all(&self.channels);
        let pairs = queues.iter().flat_map(|queue| channels.iter().map(|it| (*queue, *it)));
        pairs.map(|(queue, channel)| of(queue, channel)).collect()
    }

    /// The numbers of some contacts at a moment up to which the engine has counted.
    pub(super) fn figures(
        &self,
        engine: &Engine,
        selector: &Selector,
        at_ms: UnixMs,
    ) -> Vec<Figure> {
        let mut figures = Vec::new();
        for kpi in &self.kpis {
            let windows = if kpi.is_state { &[Window::Now] } else { self.windows.as_slice() };
            for window in windows {
                let value = kpi::compute(kpi, engine, selector, *window, at_ms);
                let display = text::figure(value.figure, value.unit);
                figures.push(Figure { title: kpi.title, display, value });
            }
        }
        figures
    }

    /// All numbers at a moment.
    pub(super) fn all(&self, engine: &Engine, at_ms: UnixMs) -> Vec<Figure> {
        let selectors = self.selectors(engine);
        selectors.iter().flat_map(|selector| self.figures(engine, selector, at_ms)).collect()
    }

    /// Whether the engine has heard of everything that was asked for by name.
    pub(super) fn check(&self, engine: &Engine) -> Result<(), SelectError> {
        let check = |what, asked: &[String], known: Vec<&str>| {
            let unseen = asked.iter().find(|name| !known.contains(&name.as_str()));
            unseen.map_or(Ok(()), |name| {
                let known = known.iter().filter(|name| !name.is_empty());
                let known = known.map(|name| (*name).to_owned()).collect();
                Err(SelectError::Unseen { what, name: name.clone(), known })
            })
        };
        check("queue", &self.queues, engine.queues().chain([NO_QUEUE]).collect())?;
        check("channel", &self.channels, engine.channels().collect())
    }
}

/// How contacts are selected that are in no queue.
const NO_QUEUE: &str = "";

/// All queues by name, and then none, if there were contacts in none: what they add up to is all.
fn queues(engine: &Engine) -> impl Iterator<Item = &str> {
    let without = engine.select(&Selector::queue(NO_QUEUE));
    let without = without.iter().any(CellView::has_traffic).then_some(NO_QUEUE);
    engine.queues().chain(without)
}

fn find(id: &str) -> Result<&'static Kpi, SelectError> {
    kpi::find(id).ok_or_else(|| {
        let near = nearest(id, kpi::registry().iter().map(|kpi| kpi.id));
        let hint = match near {
            Some(near) => format!("; did you mean \"{near}\"?"),
            None => String::from("; docs/kpis.md has them all"),
        };
        SelectError::UnknownKpi { id: id.to_owned(), hint }
    })
}

fn narrowed(mut all: Selector, queue: Option<&str>, channel: Option<&str>) -> Selector {
    all.queue = queue.map(str::to_owned);
    all.channel = channel.map(str::to_owned);
    all
}

fn or_all(names: &[String]) -> Vec<Option<&str>> {
    if names.is_empty() { vec![None] } else { names.iter().map(|it| Some(it.as_str())).collect() }
}

/// `service_level{queue=sales}`
pub(super) fn name(kpi: &str, selector: &Selector) -> String {
    let of = of(selector);
    if of.is_empty() { kpi.to_owned() } else { format!("{kpi}{{{of}}}") }
}

/// `queue=sales`, empty for all contacts.
pub(super) fn of(selector: &Selector) -> String {
    let parts = selector.words().into_iter().map(|(key, word)| match (key, word.as_str()) {
        ("queue", NO_QUEUE) => "queue=(no queue)".to_owned(),
        _ => format!("{key}={word}"),
    });
    parts.collect::<Vec<_>>().join(",")
}

/// "Queue sales, only kind=mail".
pub(super) fn heading(selector: &Selector) -> String {
    let queue = selector.queue.as_deref().map(|queue| match queue {
        NO_QUEUE => "(no queue)".to_owned(),
        queue => format!("Queue {queue}"),
    });
    let whose = match (queue, &selector.channel) {
        (Some(queue), None) => queue,
        (Some(queue), Some(channel)) => format!("{queue} on channel {channel}"),
        (None, Some(channel)) => format!("Channel {channel}"),
        (None, None) => "All contacts".to_owned(),
    };
    let only = of(&Selector { queue: None, channel: None, ..selector.clone() });
    if only.is_empty() { whose } else { format!("{whose}, only {only}") }
}

/// A feed's health in a word.
pub(super) fn health(feed: FeedHealth) -> &'static str {
    match feed {
        FeedHealth::Live => "live",
        FeedHealth::Late => "late",
        FeedHealth::Silent => "silent",
        FeedHealth::NoData => "no data",
    }
}

/// "complete", or the feeds that can't be trusted then: "telegram late, phone silent".
pub(super) fn coverage(value: &Value) -> String {
    if value.coverage.is_complete() {
        return "complete".to_owned();
    }
    let feeds = value.coverage.channels.iter().filter(|feed| feed.feed != FeedHealth::Live);
    let feeds = feeds.map(|feed| format!("{} {}", feed.channel, health(feed.feed)));
    feeds.collect::<Vec<_>>().join(", ")
}
