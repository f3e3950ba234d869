//! What Prometheus sees, gathered once a second from whoever knows it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::board::annotations::Annotations;
use crate::board::figures::Site;
use crate::board::hub::Observer;
use crate::channel::enrich::Enricher;
use crate::channel::quarantine::Quarantine;
use crate::channel::registry::Registry;
use crate::channel::status::ChannelStatus;
use crate::config::model::Queues;
use crate::engine::{CellCounters, Engine, Field, Observed, PolicyRules, Standing};
use crate::event::{Millis, UnixMs};
use crate::http;
use crate::journal::JournalHandle;
use crate::kpi::value::Figure;
use crate::kpi::{self, service_level};
use crate::scope::{Selector, Window};
use crate::screen::Screens;
use crate::telemetry::{
    AgentReading, ChannelReading, DoorsReading, FlowReading, JumpReading, PolicyReading,
    PromisesReading, QuarantineReading, QueueReading, Readings, ScreenReading, ServiceLevelReading,
    TopicsReading, WaitMeters, WorkReading, publish,
};

/// Windows over which Prometheus gets service levels ready-made; others it makes of counters.
const SERVICE_LEVEL_WINDOWS: [Window; 3] = [Window::Min15, Window::Min60, Window::Today];
const AGENT_STATES: [(&str, &str); 7] = [
    ("available", "agents_available"),
    ("ringing", "agents_ringing"),
    ("talking", "agents_talking"),
    ("hold", "agents_hold"),
    ("after_work", "agents_after_work"),
    ("paused", "agents_paused"),
    ("offline", "agents_offline"),
];

/// What may jump, and its KPI.
const JUMPS: [(&str, &str); 3] =
    [("contacts", "contacts_jump"), ("mentions", "mentions_jump"), ("negative", "negative_jump")];
/// How often jumps are computed: each looks at five hours of five weeks, and moves slowly.
const JUMPS_EVERY_MS: Millis = 60_000;

const STANDINGS: [(&str, Standing); 4] = [
    ("running", Standing::Running),
    ("at_risk", Standing::AtRisk),
    ("breached", Standing::Breached),
    ("paused", Standing::Paused),
];

/// Everybody who knows something.
pub(super) struct Sources {
    pub(super) queues: Queues,
    pub(super) silent_after: BTreeMap<String, Duration>,
    pub(super) journal: JournalHandle,
    pub(super) registry: Arc<Registry>,
    pub(super) http: Arc<http::Counters>,
    pub(super) screens: Arc<Screens>,
    pub(super) quarantine: Quarantine,
    pub(super) annotations: Annotations,
    pub(super) enricher: Arc<Enricher>,
    /// What agents are called, where the operator wants them in Prometheus.
    pub(super) agents_shown_by: Option<Site>,
}

/// See the module.
pub(super) struct Gauges {
    sources: Sources,
    waits: WaitMeters,
    jumps: Vec<JumpReading>,
    jumps_due_ms: UnixMs,
}

impl Gauges {
    pub(super) fn new(sources: Sources) -> Self {
        Self { sources, waits: WaitMeters::default(), jumps: Vec::new(), jumps_due_ms: 0 }
    }
}

impl Observer for Gauges {
    fn observe(&mut self, engine: &mut Engine, now_ms: UnixMs) {
        for observation in engine.take_observations() {
            match observation.observed {
                Observed::AnswerWait => {
                    self.waits.answered(observation.queue, observation.seconds);
                }
                Observed::FirstResponse => {
                    self.waits.replied(observation.queue, observation.seconds);
                }
            }
        }
        if now_ms >= self.jumps_due_ms {
            self.jumps = jumps(engine, now_ms);
            self.jumps_due_ms = now_ms + JUMPS_EVERY_MS;
        }
        let sources = &self.sources;
        let counts = sources.quarantine.counts();
        let mut readings = Readings {
            queues: queues(engine, &sources.queues, now_ms),
            policies: policies(engine, now_ms),
            flows: engine.counters().map(|cell| flow(engine, &cell, now_ms)).collect(),
            channels: channels(engine, sources, now_ms),
            jumps: self.jumps.clone(),
            agents: agents(engine, now_ms),
            handled_by: sources
                .agents_shown_by
                .as_ref()
                .map(|site| handled_by(engine, site))
                .unwrap_or_default(),
            journal_writable: sources.journal.is_writable(),
            doors: doors(&sources.http, Some(&sources.screens)),
            quarantine: QuarantineReading {
                entries: get(&counts.entries),
                dropped: get(&counts.dropped),
            },
            annotations_refused: sources.annotations.refused(),
            topics: TopicsReading {
                rules: sources.enricher.topics() as u64,
                in_order: sources.enricher.is_in_order(),
            },
            ..Readings::default()
        };
        add_screens(&sources.screens, &mut readings);
        publish(&readings);
    }
}

fn get(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

fn number(
    engine: &Engine,
    kpi: &str,
    selector: &Selector,
    window: Window,
    now_ms: UnixMs,
) -> Option<f64> {
    let kpi = kpi::find(kpi)?;
    match kpi::compute(kpi, engine, selector, window, now_ms).figure {
        Figure::Number(number) => Some(number),
        Figure::NoData | Figure::NotApplicable | Figure::Concealed => None,
    }
}

/// Configured queues from the start, so that their counters begin at 0 and Prometheus sees the
/// first contact as an increase; others once they appear.
fn queues(engine: &Engine, rules: &Queues, now_ms: UnixMs) -> Vec<QueueReading> {
    let mut totals: BTreeMap<String, (u64, u64)> =
        rules.named.keys().map(|queue| (queue.clone(), (0, 0))).collect();
    for cell in engine.counters() {
        let (in_time, counted) = service_level::in_time_and_counted(&cell);
        let total = totals.entry(cell.queue().to_owned()).or_default();
        *total = (total.0 + in_time, total.1 + counted);
    }
    let reading = |(queue, (sl_in_time, sl_decided)): (String, (u64, u64))| {
        let selector = Selector { queue: Some(queue.clone()), ..Selector::default() };
        let read = |kpi, window| number(engine, kpi, &selector, window, now_ms);
        let promise = rules.rules(&queue);
        let formula = service_level::by_id(&promise.service_level).id;
        QueueReading {
            goal: promise.goal,
            waiting: read("waiting", Window::Now).unwrap_or_default() as u64,
            longest_wait_seconds: read("longest_wait_now", Window::Now),
            service_levels: SERVICE_LEVEL_WINDOWS
                .map(|window| ServiceLevelReading {
                    window: window.id(),
                    formula,
                    ratio: read("service_level", window),
                })
                .into(),
            sl_decided,
            sl_in_time,
            recovery: read("service_level_recovery", Window::Today),
            budget: read("service_level_budget", Window::Today),
            queue,
        }
    };
    totals.into_iter().map(reading).collect()
}

fn policies(engine: &Engine, now_ms: UnixMs) -> Vec<PolicyReading> {
    let reading = |policy: &PolicyRules| {
        let selector = Selector { policy: Some(policy.name.clone()), ..Selector::default() };
        let today = |kpi| number(engine, kpi, &selector, Window::Today, now_ms);
        PolicyReading {
            policy: policy.name.clone(),
            goal: policy.goal,
            recovery: today("sla_recovery"),
            budget: today("sla_budget"),
            places: engine.promised(&policy.name).map(|cell| promises(&cell)).collect(),
        }
    };
    engine.rules().policies.iter().map(reading).collect()
}

fn promises(cell: &CellCounters<'_>) -> PromisesReading {
    let open = |(name, standing)| (name, u64::from(cell.standing(standing)));
    PromisesReading {
        channel: cell.channel().to_owned(),
        queue: cell.queue().to_owned(),
        open: STANDINGS.map(open).into(),
        met: cell.total(Field::PolicyMet),
        breached: cell.total(Field::PolicyBreached),
    }
}

fn flow(engine: &Engine, cell: &CellCounters<'_>, now_ms: UnixMs) -> FlowReading {
    let (channel, queue) = (cell.channel().to_owned(), cell.queue().to_owned());
    let selector = Selector { queue: Some(queue.clone()), ..Selector::channel(channel.as_str()) };
    let unanswered = number(engine, "unanswered_now", &selector, Window::Now, now_ms);
    FlowReading {
        channel,
        queue,
        offered: cell.total(Field::Offered),
        answered: cell.total(Field::Answered),
        answered_in_threshold: cell.total(Field::DecidedInTime),
        abandoned: cell.total(Field::Abandoned),
        abandoned_short: cell.total(Field::AbandonedShort),
        flowed_out: cell.total(Field::FlowedOut),
        unanswered: unanswered.unwrap_or_default() as u64,
    }
}

fn channels(engine: &Engine, sources: &Sources, now_ms: UnixMs) -> Vec<ChannelReading> {
    let faults: BTreeMap<_, _> = engine.faults().collect();
    let reading = |status: ChannelStatus| {
        let coverage = engine.channel_coverage(&status.name, now_ms);
        let faults = faults.get(status.name.as_str()).copied().unwrap_or_default();
        let silent_after = sources.silent_after.get(&status.name).copied().unwrap_or_default();
        ChannelReading {
            feed: coverage.feed,
            last_event_seconds: coverage.last_event_ms.map(|ms| ms as f64 / 1000.0),
            silent_after_seconds: silent_after.as_secs_f64(),
            duplicates: faults.duplicates,
            clamped: faults.clamped,
            work: WorkReading {
                events: status.events,
                signature_failures: status.signature_failures,
                busy: status.busy,
                unavailable: status.unavailable,
                quarantined: status.quarantined.into_iter().collect(),
                calls: status.calls,
                instances_lost: status.instances_lost,
                breaker_opened: status.breaker_opened,
                commands_refused: status.commands_refused,
                appends_failed: status.journal_failures,
                texts_cut: status.texts_cut,
                tags_left_out: status.tags_left_out,
                memory_bytes: status.memory_bytes,
            },
            channel: status.name,
        }
    };
    sources.registry.statuses().into_iter().map(reading).collect()
}

fn jumps(engine: &Engine, now_ms: UnixMs) -> Vec<JumpReading> {
    let of_channel = |channel: &str| {
        let selector = Selector::channel(channel);
        JUMPS.map(|(of, kpi)| JumpReading {
            channel: channel.to_owned(),
            of,
            deviations: number(engine, kpi, &selector, Window::Now, now_ms),
        })
    };
    engine.channels().flat_map(of_channel).collect()
}

fn agents(engine: &Engine, now_ms: UnixMs) -> Vec<(&'static str, u64)> {
    let all = Selector::default();
    let count = |kpi| number(engine, kpi, &all, Window::Now, now_ms).unwrap_or_default() as u64;
    AGENT_STATES.map(|(state, kpi)| (state, count(kpi))).into()
}

/// Agents who are called the same count together. Of few contacts nothing is said.
fn handled_by(engine: &Engine, site: &Site) -> Vec<AgentReading> {
    let mut totals = BTreeMap::<String, [u64; 2]>::new();
    for (agent, cell) in engine.agent_counters() {
        let handled = [Field::Handled, Field::HandledWritten].map(|field| cell.total(field));
        let total = totals.entry(site.agent_title(agent)).or_default();
        *total = [total[0] + handled[0], total[1] + handled[1]];
    }
    let enough = kpi::CONTACTS_OF_AGENT_MIN.unsigned_abs();
    totals.retain(|_, [calls, written]| *calls + *written >= enough);
    let readings = totals.into_iter().flat_map(|(agent, handled)| {
        ["calls", "written"].into_iter().zip(handled).map(move |(work, handled)| AgentReading {
            agent: agent.clone(),
            work,
            handled,
        })
    });
    readings.collect()
}

fn doors(http: &http::Counters, screens: Option<&Arc<Screens>>) -> DoorsReading {
    let mut reading = DoorsReading {
        webhooks: get(&http.webhooks),
        bodies_too_large: get(&http.too_large),
        bodies_too_slow: get(&http.too_slow),
        turned_away: get(&http.unavailable),
        connections_refused: get(&http.connections_refused),
        ..DoorsReading::default()
    };
    if let Some(screens) = screens {
        let counters = &screens.counters;
        reading.screens_connected = get(&counters.opened);
        reading.screens_refused = get(&counters.refused);
        reading.screens_lagged = get(&counters.conflated);
        reading.screens_closed = vec![
            ("slow", get(&counters.closed_slow)),
            ("silent", get(&counters.closed_silent)),
            ("noisy", get(&counters.closed_noisy)),
        ];
        reading.frames =
            vec![("snapshot", get(&counters.snapshots)), ("delta", get(&counters.deltas))];
    }
    reading
}

fn add_screens(screens: &Screens, readings: &mut Readings) {
    let mut boards = BTreeMap::<String, u64>::new();
    for screen in screens.list() {
        *boards.entry(screen.board.clone()).or_default() += 1;
        readings.screens.push(ScreenReading {
            screen: screen.id.to_string(),
            picture_age_seconds: screen.picture_age_ms as f64 / 1000.0,
            board: screen.board,
        });
    }
    readings.boards = boards.into_iter().collect();
}
