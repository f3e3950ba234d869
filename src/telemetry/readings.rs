//! The contact center's figures at one moment, as Prometheus gets them.
//!
//! Plain values: whoever owns the engine fills them in once a second and calls [`publish`]. What
//! is not in the readings any more vanishes from the scrape; a figure without data is NaN, which
//! no comparison in an alert ever matches.

use super::{AgentReading, names};
use crate::scope::FeedHealth;

/// Everything that is published together.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// One per queue.
    pub queues: Vec<QueueReading>,
    /// One per policy.
    pub policies: Vec<PolicyReading>,
    /// One per channel and queue that had a contact.
    pub flows: Vec<FlowReading>,
    /// One per channel.
    pub channels: Vec<ChannelReading>,
    /// One per channel and what is counted.
    pub jumps: Vec<JumpReading>,
    /// How many agents are in each state, by the state's name.
    pub agents: Vec<(&'static str, u64)>,
    /// One per agent and kind of work, where the operator wants agents in Prometheus.
    pub handled_by: Vec<AgentReading>,
    /// Screens connected, by board.
    pub boards: Vec<(String, u64)>,
    /// One per connected screen.
    pub screens: Vec<ScreenReading>,
    /// `JournalHandle::is_writable`.
    pub journal_writable: bool,
    /// Everything that came to the doors.
    pub doors: DoorsReading,
    /// What is set aside.
    pub quarantine: QuarantineReading,
    /// Annotations refused because there are too many, since the server started.
    pub annotations_refused: u64,
    /// The rules that messages are looked at with.
    pub topics: TopicsReading,
}

/// A queue's state and promises.
#[derive(Clone, Debug)]
pub struct QueueReading {
    /// Its name.
    pub queue: String,
    /// Share that must be in time, 0..1.
    pub goal: f64,
    /// Contacts waiting now.
    pub waiting: u64,
    /// The longest of their waits; `None` when nobody waits.
    pub longest_wait_seconds: Option<f64>,
    /// By window.
    pub service_levels: Vec<ServiceLevelReading>,
    /// Contacts decided since the journal began.
    pub sl_decided: u64,
    /// Of them in time.
    pub sl_in_time: u64,
    /// Contacts in a row that must be in time today; `None` without contacts.
    pub recovery: Option<f64>,
    /// Contacts that may yet be late today; `None` without contacts.
    pub budget: Option<f64>,
}

/// A policy's promises.
#[derive(Clone, Debug, Default)]
pub struct PolicyReading {
    /// Its name.
    pub policy: String,
    /// Share that must be kept, 0..1.
    pub goal: f64,
    /// Promises in a row that must be kept today; `None` without any.
    pub recovery: Option<f64>,
    /// Promises that may yet be broken today; `None` without any.
    pub budget: Option<f64>,
    /// One per channel and queue where it has promised anything.
    pub places: Vec<PromisesReading>,
}

/// A policy's promises in one queue of a channel.
#[derive(Clone, Debug, Default)]
pub struct PromisesReading {
    /// The channel.
    pub channel: String,
    /// The queue.
    pub queue: String,
    /// How many are open, by the state's name.
    pub open: Vec<(&'static str, u64)>,
    /// Kept since the journal began.
    pub met: u64,
    /// Broken since the journal began.
    pub breached: u64,
}

/// A queue's service level over one window.
#[derive(Clone, Debug)]
pub struct ServiceLevelReading {
    /// `Window::id`.
    pub window: &'static str,
    /// The formula's id.
    pub formula: &'static str,
    /// 0..1; `None` without contacts.
    pub ratio: Option<f64>,
}

/// Totals since the journal began, and what is open now.
#[derive(Clone, Debug, Default)]
pub struct FlowReading {
    /// The channel.
    pub channel: String,
    /// The queue.
    pub queue: String,
    /// Contacts offered.
    pub offered: u64,
    /// Answered by a human.
    pub answered: u64,
    /// Of them within the threshold.
    pub answered_in_threshold: u64,
    /// Given up by the customer.
    pub abandoned: u64,
    /// Of them within the short-abandon limit.
    pub abandoned_short: u64,
    /// Left the queue otherwise.
    pub flowed_out: u64,
    /// Open without a human answer now.
    pub unanswered: u64,
}

/// A channel's feed.
#[derive(Clone, Debug)]
pub struct ChannelReading {
    /// Its name.
    pub channel: String,
    /// Whether its feed can be trusted.
    pub feed: FeedHealth,
    /// When its last event came; `None` before the first.
    pub last_event_seconds: Option<f64>,
    /// `silent_after` of its settings.
    pub silent_after_seconds: f64,
    /// Events whose id had been seen, since the journal began.
    pub duplicates: u64,
    /// Events whose time was set to the host's, since the journal began.
    pub clamped: u64,
    /// Its plugin's work.
    pub work: WorkReading,
}

/// What a channel's plugin has done since the server started.
#[derive(Clone, Debug, Default)]
pub struct WorkReading {
    /// Events taken in.
    pub events: u64,
    /// Requests whose signature was wrong or missing.
    pub signature_failures: u64,
    /// Inputs turned away because the mailbox was full.
    pub busy: u64,
    /// Inputs turned away because the plugin rests.
    pub unavailable: u64,
    /// Inputs set aside, by the class of the reason.
    pub quarantined: Vec<(&'static str, u64)>,
    /// Calls into the plugin.
    pub calls: u64,
    /// Instances lost to a trap or a limit.
    pub instances_lost: u64,
    /// Times that the breaker opened.
    pub breaker_opened: u64,
    /// Commands that were not carried out.
    pub commands_refused: u64,
    /// Appends that the journal did not take or could not write.
    pub appends_failed: u64,
    /// Texts of which only the beginning was looked at for topics.
    pub texts_cut: u64,
    /// Topics that messages had beyond the limit.
    pub tags_left_out: u64,
    /// Memory of the instance.
    pub memory_bytes: u64,
}

/// How unusual a channel's last hour is.
#[derive(Clone, Debug)]
pub struct JumpReading {
    /// The channel.
    pub channel: String,
    /// What is counted: `contacts`, `mentions`, `negative`.
    pub of: &'static str,
    /// In standard deviations; `None` while nothing usual is known.
    pub deviations: Option<f64>,
}

/// What came to the doors since the server started.
#[derive(Clone, Debug, Default)]
pub struct DoorsReading {
    /// Webhook requests.
    pub webhooks: u64,
    /// Of them refused for their size.
    pub bodies_too_large: u64,
    /// Of them given up because the body did not arrive.
    pub bodies_too_slow: u64,
    /// Of them answered with 503.
    pub turned_away: u64,
    /// Connections closed because there were too many.
    pub connections_refused: u64,
    /// Screens that connected.
    pub screens_connected: u64,
    /// Screens refused because there are too many.
    pub screens_refused: u64,
    /// Screens that the server disconnected, by reason.
    pub screens_closed: Vec<(&'static str, u64)>,
    /// Times that a screen was too slow for a delta.
    pub screens_lagged: u64,
    /// Frames sent, by kind.
    pub frames: Vec<(&'static str, u64)>,
}

/// What is set aside.
#[derive(Clone, Debug, Default)]
pub struct QuarantineReading {
    /// Inputs in it now.
    pub entries: u64,
    /// Inputs that had to go because it was full, since the server started.
    pub dropped: u64,
}

/// The rules that messages are looked at with.
#[derive(Clone, Debug, Default)]
pub struct TopicsReading {
    /// Topics in force.
    pub rules: u64,
    /// The rules file is good, or there is none.
    pub in_order: bool,
}

/// A screen's picture.
#[derive(Clone, Debug)]
pub struct ScreenReading {
    /// The board that it shows.
    pub board: String,
    /// Its name or number.
    pub screen: String,
    /// Age of what it says it has painted.
    pub picture_age_seconds: f64,
}

const FEED_HEALTHS: [(FeedHealth, &str); 4] = [
    (FeedHealth::Live, "live"),
    (FeedHealth::Late, "late"),
    (FeedHealth::Silent, "silent"),
    (FeedHealth::NoData, "no_data"),
];

/// Sets every gauge, and every counter that the engine keeps, to the readings. Counters never go
/// down, whatever a reading says.
pub fn publish(readings: &Readings) {
    names::BUILD_INFO.gauge(&[env!("CARGO_PKG_VERSION")]).set(1.0);
    names::JOURNAL_WRITABLE.gauge(&[]).set(f64::from(u8::from(readings.journal_writable)));
    for queue in &readings.queues {
        publish_queue(queue);
    }
    for policy in &readings.policies {
        publish_policy(policy);
    }
    for flow in &readings.flows {
        publish_flow(flow);
    }
    for channel in &readings.channels {
        publish_channel(channel);
    }
    for jump in &readings.jumps {
        let deviations = jump.deviations.unwrap_or(f64::NAN);
        names::JUMP.gauge(&[jump.channel.as_str(), jump.of]).set(deviations);
    }
    for (state, agents) in &readings.agents {
        names::AGENTS.gauge(&[state]).set(*agents as f64);
    }
    readings.handled_by.iter().for_each(AgentReading::publish);
    for (board, screens) in &readings.boards {
        names::SCREENS.gauge(&[board]).set(*screens as f64);
    }
    for screen in &readings.screens {
        names::PICTURE_AGE.gauge(&[&screen.board, &screen.screen]).set(screen.picture_age_seconds);
    }
    publish_doors(&readings.doors);
    names::TOPIC_RULES.gauge(&[]).set(readings.topics.rules as f64);
    names::TOPICS_FILE_OK.gauge(&[]).set(f64::from(u8::from(readings.topics.in_order)));
    names::QUARANTINE_ENTRIES.gauge(&[]).set(readings.quarantine.entries as f64);
    names::QUARANTINE_DROPPED.counter(&[]).absolute(readings.quarantine.dropped);
    names::ANNOTATIONS_REFUSED.counter(&[]).absolute(readings.annotations_refused);
}

fn publish_queue(reading: &QueueReading) {
    let queue = reading.queue.as_str();
    names::GOAL.gauge(&[queue]).set(reading.goal);
    names::WAITING.gauge(&[queue]).set(reading.waiting as f64);
    names::LONGEST_WAIT.gauge(&[queue]).set(reading.longest_wait_seconds.unwrap_or(0.0));
    for level in &reading.service_levels {
        names::SERVICE_LEVEL
            .gauge(&[queue, level.window, level.formula])
            .set(level.ratio.unwrap_or(f64::NAN));
    }
    names::SL_DECIDED.counter(&[queue]).absolute(reading.sl_decided);
    names::SL_IN_TIME.counter(&[queue]).absolute(reading.sl_in_time);
    names::RECOVERY.gauge(&[queue]).set(reading.recovery.unwrap_or(f64::NAN));
    names::BUDGET.gauge(&[queue]).set(reading.budget.unwrap_or(f64::NAN));
}

fn publish_policy(reading: &PolicyReading) {
    let policy = reading.policy.as_str();
    names::POLICY_GOAL.gauge(&[policy]).set(reading.goal);
    names::POLICY_RECOVERY.gauge(&[policy]).set(reading.recovery.unwrap_or(f64::NAN));
    names::POLICY_BUDGET.gauge(&[policy]).set(reading.budget.unwrap_or(f64::NAN));
    for place in &reading.places {
        let labels = [policy, place.channel.as_str(), place.queue.as_str()];
        for (state, open) in &place.open {
            let [policy, channel, queue] = labels;
            names::POLICY_CLOCKS.gauge(&[policy, channel, queue, state]).set(*open as f64);
        }
        names::POLICY_MET.counter(&labels).absolute(place.met);
        names::POLICY_BREACHED.counter(&labels).absolute(place.breached);
    }
}

fn publish_flow(flow: &FlowReading) {
    let labels = [flow.channel.as_str(), flow.queue.as_str()];
    names::OFFERED.counter(&labels).absolute(flow.offered);
    names::ANSWERED.counter(&labels).absolute(flow.answered);
    names::ANSWERED_IN_THRESHOLD.counter(&labels).absolute(flow.answered_in_threshold);
    names::ABANDONED.counter(&labels).absolute(flow.abandoned);
    names::ABANDONED_SHORT.counter(&labels).absolute(flow.abandoned_short);
    names::FLOWED_OUT.counter(&labels).absolute(flow.flowed_out);
    names::UNANSWERED.gauge(&labels).set(flow.unanswered as f64);
}

fn publish_channel(reading: &ChannelReading) {
    let channel = reading.channel.as_str();
    for (health, name) in FEED_HEALTHS {
        let is = f64::from(u8::from(reading.feed == health));
        names::CHANNEL_FEED.gauge(&[channel, name]).set(is);
    }
    if let Some(seconds) = reading.last_event_seconds {
        names::CHANNEL_LAST_EVENT.gauge(&[channel]).set(seconds);
    }
    names::CHANNEL_SILENT_AFTER.gauge(&[channel]).set(reading.silent_after_seconds);
    names::DUPLICATES.counter(&[channel]).absolute(reading.duplicates);
    names::CLAMPED.counter(&[channel]).absolute(reading.clamped);
    publish_work(channel, &reading.work);
}

fn publish_work(channel: &str, work: &WorkReading) {
    for (metric, count) in [
        (&names::EVENTS, work.events),
        (&names::SIGNATURE_FAILURES, work.signature_failures),
        (&names::MAILBOX_BUSY, work.busy),
        (&names::PLUGIN_UNAVAILABLE, work.unavailable),
        (&names::PLUGIN_CALLS, work.calls),
        (&names::PLUGIN_LOST, work.instances_lost),
        (&names::BREAKER_OPENED, work.breaker_opened),
        (&names::COMMANDS_REFUSED, work.commands_refused),
        (&names::APPENDS_FAILED, work.appends_failed),
        (&names::TEXTS_CUT, work.texts_cut),
        (&names::TAGS_LEFT_OUT, work.tags_left_out),
    ] {
        metric.counter(&[channel]).absolute(count);
    }
    for (reason, count) in &work.quarantined {
        names::QUARANTINED.counter(&[channel, reason]).absolute(*count);
    }
    names::PLUGIN_MEMORY.gauge(&[channel]).set(work.memory_bytes as f64);
}

fn publish_doors(doors: &DoorsReading) {
    for (metric, count) in [
        (&names::WEBHOOKS, doors.webhooks),
        (&names::BODY_TOO_LARGE, doors.bodies_too_large),
        (&names::BODY_TOO_SLOW, doors.bodies_too_slow),
        (&names::TURNED_AWAY, doors.turned_away),
        (&names::CONNECTIONS_REFUSED, doors.connections_refused),
        (&names::SCREEN_CONNECTS, doors.screens_connected),
        (&names::SCREENS_REFUSED, doors.screens_refused),
        (&names::SCREEN_LAGGED, doors.screens_lagged),
    ] {
        metric.counter(&[]).absolute(count);
    }
    for (reason, count) in &doors.screens_closed {
        names::SCREENS_CLOSED.counter(&[reason]).absolute(*count);
    }
    for (kind, count) in &doors.frames {
        names::SCREEN_FRAMES.counter(&[kind]).absolute(*count);
    }
}
